"""Whether the company uses grades; the types themselves are imported."""

from __future__ import annotations

from wizard.flow.step import Field, Step
from wizard.i18n import N_

STEP = Step(
    id="grades",
    order=60,
    title=N_("Grade types"),
    instruction=N_("Import the grade types and give each one its size"),
    sections=("grades",),
    checks=("grades.ctr_grade", "grades.sizes", "grades.references"),
    questions=(Field("grades.enabled", N_("Items of this company use grades (colour, size, ...)"), "switch"),),
)
