"""What an import of grade types reads, wherever it comes from: types, their contents, and how items use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.grades.item_code import ITEM_LENGTH

if TYPE_CHECKING:
    import pyarrow as pa


EXAMPLES = 5
"""How many of the item codes that are too long are named."""


@dataclass(frozen=True)
class LongItems:
    """Item codes of more than 15 characters, which no APS code has room for: how many, and the first of them."""

    count: int = 0
    examples: tuple[str, ...] = ()


def too_long_items(items: Iterable[str]) -> LongItems:
    """Count the item codes of more than 15 characters; blanks at the end are filling."""
    count, examples = 0, list[str]()
    for item in items:
        if len(item.rstrip(" ")) > ITEM_LENGTH:
            count += 1
            if len(examples) < EXAMPLES:
                examples.append(item.rstrip(" "))
    return LongItems(count, tuple(examples))


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
    `expected` is the number of contents of a type where it is known beforehand. `more`: there are types beyond these,
    which were not read.
    """

    name: str
    types: tuple[TypeRow, ...]
    slots: tuple[tuple[int, ...], ...]
    long_items: LongItems
    contents: Callable[[TypeRow], Iterator[pa.RecordBatch]]
    expected: Callable[[TypeRow], int | None]
    more: bool = False
