"""What a session knows of the grade types besides the document: what the last import found, and under which answers.

None of it is written: the next session begins with an import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.grades.capacity import HEADROOM
from wizard.grades.import_result import Given, Import

Inputs = Mapping[str, Any]
"""The answers that a difference depends on."""

_SECTIONS = ("company", "database", "aps")


@dataclass(frozen=True)
class GradeWork:
    """The grade types of one session.

    `found` is the last import, and the difference that came with it; `csv` the file it read instead of Logix, `rows`
    the file with the changes of single contents, `inputs` the answers it was made with. `headroom` is the growth to
    leave room for. `unsure` is True when an import ended while it was being written: nobody knows whether it was.
    """

    found: Import | None = None
    csv: str | None = None
    rows: str | None = None
    inputs: Inputs = field(default_factory=dict)
    headroom: float = HEADROOM
    unsure: bool = False

    @property
    def given(self) -> Mapping[int, Given]:
        """The types that have references in the APS store; none are known before an import."""
        return self.found.given if self.found else {}

    @property
    def slots(self) -> Mapping[int, tuple[int, ...]]:
        """For each type the slots in which items use it; not known before an import."""
        return self.found.slots if self.found else {}


def types_of(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The grade types of a document."""
    return list((data.get("grades") or {}).get("types") or [])


def inputs_of(data: Mapping[str, Any], file: object) -> Inputs:
    """What a difference depends on, for a document that is written to a file: the default store lies beside it."""
    return {"file": str(file)} | {name: data.get(name) for name in _SECTIONS}


def fits(data: Mapping[str, Any], work: GradeWork) -> bool:
    """Whether sizes and indicators of a document are those that the difference was made with."""
    if work.found is None:
        return False
    asked = {grade.code: (grade.indicator, grade.size) for grade in work.found.grades.types}
    return asked == {int(grade["code"]): (grade.get("indicator"), grade.get("size")) for grade in types_of(data)}
