"""Which details the outcome of a check may have, and how each is called.

This is the list by which details are chosen: one that is not here is replaced before anything shows, keeps or sends
it (`redact`). A detail is a value that the check itself made or picked, such as a number, a version, a host or a
level; or it holds words of another program, of which `redact.chosen_words` lets only chosen ones through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _

from wizard.i18n import N_


@dataclass(frozen=True)
class Detail:
    """How a detail is called, marked for translation; `foreign`: words of another program."""

    title: str
    foreign: bool = False


DETAILS: Mapping[str, Detail] = {
    # What another program said.
    "original": Detail(N_("Original text"), foreign=True),
    "looked": Detail(N_("Looked at"), foreign=True),
    "answer": Detail(N_("Answer"), foreign=True),
    "title": Detail(N_("Title of the page"), foreign=True),
    "product": Detail(N_("Product"), foreign=True),
    "ending": Detail(N_("How it ended"), foreign=True),
    "server": Detail(N_("Server"), foreign=True),
    # The database.
    "driver": Detail(N_("Driver")),
    "library": Detail(N_("Library")),
    "package": Detail(N_("Package")),
    "scope": Detail(N_("Scope")),
    "bits": Detail(N_("Bits")),
    "charset": Detail(N_("Character set")),
    "bytes": Detail(N_("Bytes")),
    "companies": Detail(N_("Companies")),
    "isolation": Detail(N_("Isolation level")),
    "known": Detail(N_("Known by")),
    "two_sessions": Detail(N_("Tried with two sessions")),
    "server_default": Detail(N_("Default of the server")),
    "driver_offers": Detail(N_("Offered by the driver")),
    "repeats": Detail(N_("Repeats because of locked rows")),
    "round_trip_ms": Detail(N_("Milliseconds of a round trip")),
    "rows": Detail(N_("Rows")),
    "rows_a_second": Detail(N_("Rows in a second")),
    "rows_each": Detail(N_("Rows of each table")),
    "table": Detail(N_("Table")),
    "tables": Detail(N_("Tables")),
    "values": Detail(N_("Values")),
    "lower_case": Detail(N_("In lower case")),
    "revision": Detail(N_("Version of the tables")),
    # The web service.
    "address": Detail(N_("Address")),
    "addresses": Detail(N_("Addresses")),
    "host": Detail(N_("Host")),
    "place": Detail(N_("Place")),
    "proxy": Detail(N_("Proxy")),
    "seconds": Detail(N_("Seconds")),
    "status": Detail(N_("HTTP status")),
    "tls": Detail(N_("Version of TLS")),
    "names": Detail(N_("Names of the certificate")),
    "issuer": Detail(N_("Issuer of the certificate")),
    "since": Detail(N_("Valid from")),
    "until": Detail(N_("Valid until")),
    "name": Detail(N_("Name")),
    "service": Detail(N_("Service")),
    "index": Detail(N_("Index")),
    "listed": Detail(N_("Listed in the index")),
    "found": Detail(N_("Found")),
    "missing": Detail(N_("Missing")),
    "use": Detail(N_("To be used")),
    "expected": Detail(N_("Expected")),
    "media_type": Detail(N_("Kind of the answer")),
    "document": Detail(N_("Document")),
    "wsdl": Detail(N_("WSDL")),
    "cause": Detail(N_("Cause")),
    "cause_code": Detail(N_("Code of the cause")),
    "operations": Detail(N_("Operations")),
    "soap": Detail(N_("Versions of SOAP")),
    "orders_go_to": Detail(N_("Orders go to")),
    "variable": Detail(N_("Variable")),
    # Profile, passwords, grades, the engines.
    "field": Detail(N_("Field")),
    "fields": Detail(N_("Fields")),
    "type": Detail(N_("Type")),
    "types": Detail(N_("Types")),
    "references": Detail(N_("References")),
    "folder": Detail(N_("Folder")),
}


def told(details: Mapping[str, str]) -> list[tuple[str, str]]:
    """The details that say something, each with its title in the language in force."""
    return [(_(DETAILS[name].title) if name in DETAILS else name, text) for name, text in details.items() if text]
