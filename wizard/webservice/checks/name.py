"""Does the name in the address of the web service resolve."""

from __future__ import annotations

import socket
from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok
from wizard.i18n import N_
from wizard.webservice.address import MARGIN, place_of
from wizard.webservice.faults import fault
from wizard.webservice.route import proxy_for


def _run(subject: Subject) -> Outcome:
    url = subject.profile.webservice.url
    host, port = place_of(url)
    proxy = proxy_for(url)
    if proxy and proxy.wrong:
        variable = proxy.variable or _("the settings of the system")
        return fault("webservice.proxy_setting", variable=variable, cause=proxy.wrong)
    if proxy:
        # Behind a proxy this machine need not know the name.
        message = _("The way leads through the proxy {proxy}, which resolves the name.").format(proxy=proxy.shown)
        return ok("webservice.by_proxy", message, proxy=proxy.shown)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        # UnicodeError: a name that DNS cannot even be asked for, such as "a..b".
        return fault("webservice.name_unknown", host=host, original=error)
    addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
    return ok("webservice.name_known", _("{host} resolves.").format(host=host), addresses=", ".join(addresses))


CHECK = Check(
    "webservice.name",
    N_("Web service: name"),
    _run,
    ("webservice",),
    needs=("profile.valid",),
    shares="web",
    timeout=lambda profile: MARGIN + profile.webservice.connect_timeout,
)
