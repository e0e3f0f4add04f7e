"""What has to be in place before anything is typed."""

from __future__ import annotations

from wizard.flow.step import Step
from wizard.i18n import N_

STEP = Step(
    id="prerequisites",
    order=10,
    title=N_("Prerequisites"),
    instruction=N_("See what has to be in place before the integration can work"),
)
