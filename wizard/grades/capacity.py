"""What a reference of 3, 4 or 5 characters holds, and what fits an item code; `plan` proposes sizes by it.

Source of every number: section 1.9 of the manual.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from wizard.profile.models import Grades

Size = Literal[3, 4, 5]

CAPACITY: Mapping[Size, int] = {3: 1233, 4: 27233, 5: 718057}
"""Different grades per size (R-1.9-05, R-1.9-06, R-1.9-07)."""

SCHEME_END_3 = 1009
"""Where size 3 ends in the numbering that gives 27233 and 718057 exactly: after the indicator, two characters hold
01 to 99, A1 to Z9 and AA to ZZ (99 + 234 + 676). The manual's 1233 stays the limit; above 1009 prefer size 4."""

ITEM_CODE_LENGTH = 30
GRADE_LENGTH = 15
"""Of the 30 characters of an APS item code the last 15 are for the grades (R-1.9-08)."""

HEADROOM = 0.25
"""Room for growth that a proposal leaves when nothing else is asked for."""


@dataclass(frozen=True)
class Overflow:
    """A grade type with more contents than its size holds."""

    code: int
    description: str
    contents: int
    capacity: int


@dataclass(frozen=True)
class TooLong:
    """A combination of grade types whose sizes sum to more than 15."""

    codes: tuple[int, ...]
    length: int


def used(contents: int, size: Size) -> float:
    """Share of the capacity that is used; above 1 it does not fit."""
    return contents / CAPACITY[size]


def overflows(grades: Grades) -> tuple[Overflow, ...]:
    """The types whose contents do not fit their size; the 1234th of size 3 is one too many."""
    return tuple(
        Overflow(grade.code, grade.description, grade.contents, CAPACITY[grade.size])
        for grade in grades.types
        if grade.contents > CAPACITY[grade.size]
    )


def too_long(grades: Grades) -> tuple[TooLong, ...]:
    """The combinations in use whose references are longer than 15 characters together."""
    sizes = {grade.code: grade.size for grade in grades.types}
    lengths = ((codes, sum(sizes[code] for code in codes)) for codes in grades.combinations)
    return tuple(TooLong(codes, length) for codes, length in lengths if length > GRADE_LENGTH)


def longest(grades: Grades) -> int:
    """Characters of the longest combination in use; 0 when none is known."""
    sizes = {grade.code: grade.size for grade in grades.types}
    return max((sum(sizes[code] for code in codes) for codes in grades.combinations), default=0)


def indicator_for(description: str, taken: Iterable[str]) -> str:
    """A free indicator character: the first letter of the description that is free, else any digit or letter.

    Raises ValueError when all 36 are taken.
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", description).encode("ascii", "ignore").decode().upper()
    used_up = set(taken)
    for character in (*plain, *"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"):
        if character.isalnum() and character not in used_up:
            return str(character)
    raise ValueError("all 36 indicator characters are taken")
