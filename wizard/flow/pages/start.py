"""Choosing what to do: a new profile, an existing one, a copy."""

from __future__ import annotations

from wizard.flow.step import Step
from wizard.i18n import N_

STEP = Step(
    id="start",
    order=0,
    title=N_("Start"),
    instruction=N_("Choose what to do"),
)
