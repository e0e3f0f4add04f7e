"""How tables of the demo's Logix database are declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = str | int | float | None
Row: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """A table: columns as (name, declared type), and the columns of its unique index."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]


def table(name: str, columns: str, key: str) -> Table:
    """A table from "name TYPE; name TYPE" and "column column"."""
    pairs = (column.strip().split(" ", 1) for column in columns.split(";"))
    return Table(name, tuple((column, kind) for column, kind in pairs), tuple(key.split()))


def five(stem: str, kind: str) -> str:
    """The declaration of the five columns of the grade slots."""
    return "; ".join(f"{stem}_{n} {kind}" for n in range(1, 6))
