"""Production order service: is it published."""

from __future__ import annotations

from wizard.checklist.check import Check, Outcome, Subject
from wizard.i18n import N_
from wizard.webservice.address import seconds
from wizard.webservice.service_check import published


def _run(subject: Subject) -> Outcome:
    return published(subject, subject.profile.webservice.production_order)


CHECK = Check(
    "webservice.production_order",
    N_("Production order service"),
    _run,
    ("webservice",),
    needs=("webservice.reachable",),
    timeout=lambda profile: seconds(profile, pages=2),
)
