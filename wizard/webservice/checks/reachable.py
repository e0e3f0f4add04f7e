"""Does the web service of Logix answer over HTTP at the address of the profile."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok
from wizard.i18n import N_
from wizard.webservice.address import index_url, seconds
from wizard.webservice.faults import fault
from wizard.webservice.fetch import FetchFailed, get, index_refused, refused_status
from wizard.webservice.handshake import objection, speaks_tls

_SPEECHLESS = frozenset({"webservice.closed", "webservice.timed_out", "webservice.other_product"})
"""What a server that waits for TLS may do with a request that is none."""


def _run(subject: Subject) -> Outcome:
    settings = subject.profile.webservice
    try:
        page = get(subject, index_url(settings.url))
    except FetchFailed as error:
        outcome = error.outcome
        plain = settings.url.startswith("http:")
        if plain and outcome.code in _SPEECHLESS and speaks_tls(settings.url, settings.connect_timeout):
            return fault("webservice.needs_https", **outcome.details)
        if not plain and outcome.code == "webservice.closed":
            return objection(subject) or outcome
        return outcome
    refused = refused_status(subject, page)
    # That there is no such page is for the check of the index to say: a server that says so does answer.
    if refused and page.status != 404:
        return index_refused(refused) or refused
    return ok("webservice.answers", _("The web service answers."), status=page.status, **page.details())


CHECK = Check(
    "webservice.reachable",
    N_("Web service reachable"),
    _run,
    ("webservice",),
    needs=("webservice.tls",),
    shares="web",
    timeout=lambda profile: seconds(profile, pages=1) + profile.webservice.connect_timeout,
)
