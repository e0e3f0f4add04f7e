"""Is the name of the database server known to this machine."""

from __future__ import annotations

import socket
from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok
from wizard.connection.limits import login_seconds
from wizard.i18n import N_


def _run(subject: Subject) -> Outcome:
    address = subject.profile.database.address()
    if address is None:
        return ok("database.no_address", _("No server is named here, so there is no name to look up."))
    host, port = address
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        # UnicodeError: a name that DNS cannot even be asked for, such as "a..b".
        message = _("The name {host} cannot be resolved.").format(host=host)
        hint = _("Check the spelling, the DNS and the VPN.")
        return fail("database.name_unknown", message, hint, original=getattr(error, "strerror", None) or "")
    known = ", ".join(dict.fromkeys(str(entry[4][0]) for entry in found))
    message = _("{host} is {addresses}.").format(host=host, addresses=known)
    return ok("database.name_known", message, addresses=known)


CHECK = Check(
    "database.address",
    N_("Server name known"),
    _run,
    ("database",),
    needs=("profile.valid",),
    timeout=login_seconds,
    shares="database",
)
