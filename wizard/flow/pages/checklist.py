"""The support checklist: what is proved, what persons confirmed, what is open."""

from __future__ import annotations

from wizard.flow.step import Step
from wizard.i18n import N_

STEP = Step(
    id="checklist",
    order=95,
    title=N_("Checklist"),
    instruction=N_("Verify the support checklist"),
)
