"""The grade types as rows for showing: capacity, use, what does not fit. Works on the document as typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any, Literal

from wizard.grades.capacity import CAPACITY, GRADE_LENGTH, SCHEME_END_3


@dataclass(frozen=True)
class GradeRow:
    """One grade type; `used` is the share of the capacity, `state` ok, warn or fail."""

    code: int
    description: str
    table: str
    indicator: str
    size: int
    contents: int
    capacity: int
    used: float
    state: Literal["ok", "warn", "fail"]
    remark: str


def rows(data: Mapping[str, Any]) -> tuple[GradeRow, ...]:
    """The types of a document, in its order."""
    found = []
    for grade in data.get("grades", {}).get("types", []):
        size, contents = int(grade["size"]), int(grade.get("contents", 0))
        capacity = CAPACITY[size]  # type: ignore[index]
        state: Literal["ok", "warn", "fail"] = "ok"
        remark = ""
        if contents > capacity:
            state, remark = "fail", _("{count} too many").format(count=contents - capacity)
        elif size == 3 and contents > SCHEME_END_3:
            state, remark = "warn", _("near the end; prefer 4")
        found.append(
            GradeRow(
                code=int(grade["code"]),
                description=str(grade.get("description", "")),
                table=str(grade.get("content_table", "")),
                indicator=str(grade.get("indicator", "")),
                size=size,
                contents=contents,
                capacity=capacity,
                used=contents / capacity,
                state=state,
                remark=remark,
            )
        )
    return tuple(found)


def combination_texts(data: Mapping[str, Any]) -> tuple[tuple[Literal["ok", "fail"], str], ...]:
    """The combinations in use, longest first: "Cor 4 + Tamanho 3 = 7 of 15"."""
    types = {row.code: row for row in rows(data)}
    found = []
    for codes in data.get("grades", {}).get("combinations", []):
        used = [types[int(code)] for code in codes if int(code) in types]
        length = sum(row.size for row in used)
        names = " + ".join(f"{row.description or row.code} {row.size}" for row in used)
        text = _("{types} = {length} of {room}").format(types=names, length=length, room=GRADE_LENGTH)
        found.append((length, text))
    found.sort(key=lambda item: -item[0])
    return tuple(("fail" if length > GRADE_LENGTH else "ok", text) for length, text in found)
