"""The YAML that will be written."""

from __future__ import annotations

from wizard.flow.step import Step
from wizard.i18n import N_

STEP = Step(
    id="review",
    order=90,
    title=N_("Review and write"),
    instruction=N_("Check the result and write the profile"),
)
