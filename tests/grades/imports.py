"""What the tests of references import: grade types, their contents, and what a store then holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from wizard.checklist.check import Subject
from wizard.grades.apply_references import Applied, apply
from wizard.grades.difference import FRESH, Difference, Stored, difference
from wizard.grades.reference_store import stored
from wizard.profile.models import GradeType

AT = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
LATER = datetime(2026, 4, 2, 10, 30, tzinfo=UTC)

Import = list[tuple[GradeType, pa.Table]]


def grade(code: int = 1, indicator: str = "C", size: int = 3, **other: Any) -> GradeType:
    return GradeType.model_validate(
        {
            "code": code,
            "description": f"Tipo {code}",
            "content_table": "cor",
            "code_column": "cod_cor",
            "description_column": "den_cor",
            "per_company": True,
            "indicator": indicator,
            "size": size,
            **other,
        }
    )


def fresh(contents: str | Mapping[str, str] | Iterable[tuple[str, str | None]]) -> pa.Table:
    """Contents: "AZUL VERDE" with descriptions as codes, a mapping, or pairs."""
    if isinstance(contents, str):
        contents = [(code, code.title()) for code in contents.split()]
    pairs = list(contents.items() if isinstance(contents, Mapping) else contents)
    return pa.table([[code for code, _ in pairs], [text for _, text in pairs]], schema=FRESH)


def numbered(count: int, first: int = 1) -> pa.Table:
    return fresh((f"C{number:06}", f"Conteúdo {number}") for number in range(first, first + count))


def changes(found: Difference) -> list[tuple[Any, ...]]:
    """The rows as tuples: type, kind, code, old description, new description, old reference, reference."""
    return [tuple(row.values())[:7] for row in found.rows.to_pylist()]


def take_over(subject: Subject, *imported: tuple[GradeType, pa.Table], moment: datetime = AT, **how: Any) -> Applied:
    """Compute and apply; renumberings are confirmed."""
    found = difference(stored(subject), imported, **how)
    return apply(subject, found, moment, found.moves)


def references(held: Stored) -> dict[int, dict[str, str]]:
    """The reference of every content, active or not."""
    return {
        code: dict(zip(table["code"].to_pylist(), table["reference"].to_pylist(), strict=True))
        for code, table in held.contents.items()
    }


def content(held: Stored) -> dict[str, Any]:
    """A store as plain data, to compare two."""
    return {
        "generation": held.generation,
        "types": held.types,
        "contents": {code: table.to_pylist() for code, table in held.contents.items()},
        "former": held.former,
    }
