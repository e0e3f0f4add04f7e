"""Does the port in the address of the web service take connections."""

from __future__ import annotations

import socket
from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok
from wizard.i18n import N_
from wizard.webservice.address import MARGIN, place_of, shown_place
from wizard.webservice.faults import fault
from wizard.webservice.route import proxy_for


def _run(subject: Subject) -> Outcome:
    settings = subject.profile.webservice
    proxy = proxy_for(settings.url)
    place = proxy.shown if proxy else shown_place(settings.url)
    known = {"place": place, "seconds": settings.connect_timeout} | ({"proxy": place} if proxy else {})
    try:
        where = (proxy.host, proxy.port) if proxy else place_of(settings.url)
        with socket.create_connection(where, settings.connect_timeout):
            return ok("webservice.port_answers", _("{place} answers.").format(place=place), place=place)
    except (OSError, UnicodeError) as error:
        return fault("webservice.proxy" if proxy else _code(error), **known, original=error)


def _code(error: Exception) -> str:
    match error:
        case ConnectionRefusedError():
            return "webservice.refused"
        case TimeoutError():
            return "webservice.port_silent"
        case _:
            return "webservice.no_way"


CHECK = Check(
    "webservice.port",
    N_("Web service: port"),
    _run,
    ("webservice",),
    needs=("webservice.name",),
    shares="web",
    # A name may have several addresses, each of which gets its time.
    timeout=lambda profile: MARGIN + 2 * profile.webservice.connect_timeout,
)
