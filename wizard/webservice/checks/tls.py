"""Is the certificate of an https address accepted: signer, name, times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok, warn
from wizard.i18n import N_
from wizard.webservice.address import seconds
from wizard.webservice.handshake import Handshake, shake

SOON = timedelta(days=30)
"""A certificate that ends within this time is remarked upon."""


def _run(subject: Subject) -> Outcome:
    if not subject.profile.webservice.url.startswith("https:"):
        return ok("webservice.plain", _("The address is http: there is no certificate to prove."))
    found = shake(subject)
    return found if isinstance(found, Outcome) else _judged(subject, found)


def _judged(subject: Subject, found: Handshake) -> Outcome:
    details = {"tls": found.version} | (found.shown.details() if found.shown else {})
    if found.proxy:
        details["proxy"] = found.proxy
    if not subject.profile.webservice.tls.verify:
        message = _("The certificate of the server is not proved: anybody could answer in its place.")
        return warn("webservice.tls_unproved", message, _("Prove it, with the CA file of the customer."), **details)
    if found.shown and found.shown.until - datetime.now(UTC) < SOON:
        message = _("The certificate of the server ends on {until}.").format(until=found.shown.until.date())
        return warn("webservice.tls_ends_soon", message, _("Ask the customer to renew it in time."), **details)
    return ok("webservice.tls_proved", _("The certificate of the server is accepted."), **details)


CHECK = Check(
    "webservice.tls",
    N_("Web service: certificate"),
    _run,
    ("webservice",),
    needs=("webservice.port",),
    shares="web",
    # A certificate that is refused is looked at once more, to say what is wrong with it.
    timeout=lambda profile: seconds(profile, pages=2),
)
