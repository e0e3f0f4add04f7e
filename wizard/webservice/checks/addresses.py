"""Can the addresses that the WSDL of each service sends orders to be reached from here. None is called."""

from __future__ import annotations

from gettext import gettext as _
from urllib.parse import urlsplit

from wizard.checklist.check import Check, Outcome, Subject, ok
from wizard.i18n import N_
from wizard.webservice.address import is_loopback, same_server, seconds
from wizard.webservice.faults import fault
from wizard.webservice.fetch import FetchFailed, get
from wizard.webservice.service_check import PAGES, read_service


def _run(subject: Subject) -> Outcome:
    settings = subject.profile.webservice
    asked: dict[str, str] = {}
    for service in (settings.production_order, settings.purchase_order):
        try:
            page, found = read_service(subject, service)
        except FetchFailed as error:
            return error.outcome
        for address in found.addresses:
            found_wrong = problem(subject, service.name, page.url, address)
            if found_wrong:
                return found_wrong
            asked[address] = service.name
    message = _("Orders go to addresses that can be reached from here.")
    return ok("webservice.addresses_reachable", message, addresses=", ".join(asked))


def problem(subject: Subject, name: str, page: str, address: str) -> Outcome | None:
    """What is wrong with an address of a WSDL that came from `page`; None when nothing is."""
    known = {"name": name, "address": address[:200], "wsdl": page}
    try:
        host = urlsplit(address).hostname
        # The server of the profile answers: that was proved before.
        if same_server(subject.profile.webservice.url, address):
            return None
    except ValueError:
        host = None
    if not host:
        return fault("webservice.wsdl_address", **known, cause=_("it is no web address."))
    if is_loopback(host) and not is_loopback(urlsplit(page).hostname or ""):
        # Something of this machine may well answer there; it is not the Logix server.
        return fault("webservice.wsdl_address_local", **known)
    try:
        # A GET, which a SOAP service answers with a page or a refusal. Any status will do: the way is open.
        get(subject, address)
    except FetchFailed as error:
        details = {"cause_code": error.outcome.code, **error.outcome.details}
        return fault("webservice.wsdl_address", **(details | known), cause=error.outcome.message)
    return None


CHECK = Check(
    "webservice.addresses",
    N_("Addresses inside the WSDL"),
    _run,
    ("webservice",),
    needs=("webservice.production_order", "webservice.purchase_order"),
    shares="web",
    timeout=lambda profile: seconds(profile, pages=2 * PAGES + 2),
)
