"""What an import of grade types reads, wherever it comes from: types, their contents, and how items use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.grades.plan import LongItems

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class TypeRow:
    """A row of `ctr_grade` as it is there: names are not proved yet, a code that is no number is -1."""

    code: int
    description: str
    table: str
    code_column: str
    description_column: str
    per_company: bool


class TypeRefused(Exception):
    """One type cannot be imported; the text says why. The others can."""


@dataclass(frozen=True)
class Source:
    """Where an import reads. `contents` gives code and description of one type in batches; it may raise TypeRefused.

    `slots` are the type codes in the slots 1 to 5 of the items, 0 for an empty slot, each combination once.
    `expected` is the number of contents of a type where it is known beforehand.
    """

    name: str
    types: tuple[TypeRow, ...]
    slots: tuple[tuple[int, ...], ...]
    long_items: LongItems
    contents: Callable[[TypeRow], Iterator[pa.RecordBatch]]
    expected: Callable[[TypeRow], int | None]
