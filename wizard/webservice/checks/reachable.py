"""Does the web service of Logix answer at the address of the profile."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok, warn
from wizard.i18n import N_
from wizard.webservice.address import index_url, seconds
from wizard.webservice.fetch import FetchFailed, get, refused_status


def _run(subject: Subject) -> Outcome:
    try:
        page = get(subject, index_url(subject.profile.webservice.url))
    except FetchFailed as error:
        return error.outcome
    if page.status == 404:
        message = _("The server answers, but has no index of web services at this address.")
        hint = _("Compare the address with URLLocation in TotvsAppServer.ini. The services themselves are asked next.")
        return warn("webservice.no_index", message, hint, address=page.url, server=page.server)
    refused = refused_status(page)
    if refused:
        return refused
    return ok("webservice.answers", _("The web service answers."), address=page.url, server=page.server)


CHECK = Check(
    "webservice.reachable",
    N_("Web service reachable"),
    _run,
    ("webservice",),
    needs=("profile.valid",),
    timeout=lambda profile: seconds(profile, pages=1),
)
