"""The grade types as rows for showing: capacity, use, references, what does not fit. Works on the document as typed.

The judgement is that of `wizard.grades.plan`; here it is put beside what the session knows of each type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from gettext import gettext as _
from typing import Any

from wizard.flow.grade_work import GradeWork, types_of
from wizard.grades import plan
from wizard.grades.capacity import CAPACITY, GRADE_LENGTH, Size
from wizard.grades.codes import code_of
from wizard.grades.item_code import build
from wizard.grades.refusal import Refused
from wizard.i18n import N_

ITEM = "ITEM-0001"
"""Stands for the item in example codes."""

_WORDS = {
    "overflow": N_("does not fit"),
    "moves": N_("renumbers"),
    "reduce": N_("too long together"),
    "renumber": N_("too long together"),
    "shrink": N_("too long together"),
    "no_growth": N_("no room to grow"),
    "scheme_end": N_("prefer 4"),
}
"""The worst note of a type in a few words, worst first."""

_FITS = N_("fits")


@dataclass(frozen=True)
class GradeRow:
    """One grade type; `used` is the share of the capacity, `left` negative when contents are too many.

    `first` and `last` are the references of the first and the last content, `item` an item code with the type in
    it; "" where there is none. `word` says the state in a few words, `notes` in sentences. `remarks` is how much the
    last import found about it, None before an import; `serious` says that the type was not imported this time.
    """

    code: int
    description: str
    table: str
    slots: tuple[int, ...]
    indicator: str
    size: Size
    contents: int
    capacity: int
    used: float
    left: int
    state: plan.State
    word: str
    first: str
    last: str
    item: str
    notes: tuple[plan.Note, ...]
    remarks: int | None = None
    serious: bool = False

    @property
    def name(self) -> str:
        """How a person knows the type: "1 Cor"."""
        return f"{self.code} {self.description}".rstrip()


@dataclass(frozen=True)
class CombinationRow:
    """A combination of types in use: "Cor 4 + Tamanho 3 = 7 of 15", and how it can fit."""

    state: plan.State
    text: str
    remedies: tuple[str, ...]


@dataclass(frozen=True)
class GradeTable:
    """All types in the order of the document, the combinations longest first, and what concerns no single type."""

    rows: tuple[GradeRow, ...] = ()
    combinations: tuple[CombinationRow, ...] = ()
    notes: tuple[plan.Note, ...] = ()


def alone(data: Mapping[str, Any], work: GradeWork | None = None) -> GradeTable:
    """The types as `table` has them, each judged by itself: what is known at once when thousands of combinations have
    to be judged."""
    grades = {**(data.get("grades") or {}), "combinations": []}
    return replace(table({**data, "grades": grades}, work), notes=())


def table(data: Mapping[str, Any], work: GradeWork | None = None) -> GradeTable:
    """The types of a document as a session sees them."""
    work = work or GradeWork()
    types = types_of(data)
    if not types:
        return GradeTable()
    found = plan.assess(demand(data, work), sizes(data))
    known = {int(grade["code"]): grade for grade in types}
    combinations = tuple(
        CombinationRow(
            combination.state,
            combination.text,
            tuple(f"{remedy.text} {remedy.action}".rstrip() for remedy in combination.remedies),
        )
        for combination in found.combinations
    )
    items = _items(known, [combination.codes for combination in found.combinations])
    remarks = None if work.found is None else Counter(finding.type for finding in work.found.findings)
    serious = {finding.type for finding in work.found.findings if finding.serious} if work.found else set()
    rows = []
    for type_ in found.types:
        code = type_.code
        row = _row(known[code], type_, work, items[code])
        rows.append(row if remarks is None else replace(row, remarks=remarks[code], serious=code in serious))
    return GradeTable(tuple(rows), combinations, found.notes)


def demand(data: Mapping[str, Any], work: GradeWork) -> plan.Demand:
    """What sizes depend on: contents, with those that left Logix and keep their reference, and what was given."""
    needs = []
    for grade in types_of(data):
        code, contents = int(grade["code"]), int(grade.get("contents", 0))
        given = work.given.get(code)
        contents = max(contents, given.contents if given else 0)
        needs.append(plan.Need(code, str(grade.get("description", "")), contents, given.size if given else None))
    known = {need.code for need in needs}
    rows = (tuple(int(code) for code in codes) for codes in data["grades"].get("combinations") or [])
    combinations = tuple(codes for codes in rows if codes and known >= set(codes))
    long_items = int(data["grades"].get("long_items") or 0)
    return plan.Demand(tuple(needs), combinations, work.headroom, long_items)


def sizes(data: Mapping[str, Any]) -> dict[int, Size]:
    """The size of each type of a document."""
    return {int(grade["code"]): grade["size"] for grade in types_of(data)}


def _items(types: Mapping[int, Mapping[str, Any]], combinations: Iterable[tuple[int, ...]]) -> dict[int, str]:
    """An item code for each type, of the first combination with it that fits, else of the type alone; "" for none."""
    first, sizes_by_indicator = {}, {}
    for code, grade in types.items():
        indicator = str(grade.get("indicator", ""))
        if reference := _reference(indicator, grade["size"], 1):
            first[code], sizes_by_indicator[indicator] = reference, grade["size"]
    found: dict[int, str] = {}
    for codes in (*combinations, *((code,) for code in types)):
        # An example for each type, and no more: there may be thousands of combinations.
        if found.keys() >= set(codes):
            continue
        references = [first[code] for code in codes if code in first]
        if len(references) == len(codes) and sum(map(len, references)) <= GRADE_LENGTH:
            with suppress(Refused):
                item = build(ITEM, references, sizes_by_indicator)
                found |= {code: item for code in codes if code not in found}
    return {code: found.get(code, "") for code in types}


def _row(grade: Mapping[str, Any], type_: plan.TypePlan, work: GradeWork, item: str) -> GradeRow:
    indicator = str(grade.get("indicator", ""))
    # What is judged are all references, also those of contents that left Logix.
    references = min(type_.contents, CAPACITY[type_.size])
    return GradeRow(
        code=type_.code,
        description=type_.description,
        table=str(grade.get("content_table", "")),
        slots=work.slots.get(type_.code, ()),
        indicator=indicator,
        size=type_.size,
        contents=type_.contents,
        capacity=type_.room.capacity,
        used=type_.room.used,
        left=type_.room.left,
        state=type_.state,
        word=word_of(type_),
        first=_reference(indicator, type_.size, 1),
        last=_reference(indicator, type_.size, references) if references else "",
        item=item,
        notes=tuple(sorted(type_.notes, key=lambda note: ("fail", "warn", "ok").index(note.state))),
    )


def word_of(type_: plan.TypePlan) -> str:
    """How a type stands, in a few words."""
    codes = {note.code for note in type_.notes if note.state != "ok"}
    return _(next((_WORDS[code] for code in _WORDS if code in codes), _FITS))


@lru_cache(maxsize=1024)
def _reference(indicator: str, size: Size, number: int) -> str:
    try:
        return code_of(indicator, size, number)
    except Refused:
        return ""
