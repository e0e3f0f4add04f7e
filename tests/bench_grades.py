"""What grade types cost: measures for `python3 run.py bench`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import TYPE_CHECKING

from wizard.grades.capacity import CAPACITY
from wizard.grades.codes import DIGITS, LETTERS, codes

if TYPE_CHECKING:
    from tests.bench import Measure


def generation() -> Measure:
    """All references of the largest type, against as many texts of five characters without any order or column."""
    from tests.bench import Measure

    count = CAPACITY[5]

    def texts() -> list[str]:
        return ["".join(text) for text in islice(product(DIGITS + LETTERS, repeat=5), count)]

    return Measure(
        f"{count} references of size 5", f"itertools.product, {count} joined", lambda: codes("A", 5), texts, 5
    )


def grade_measures() -> Iterator[Measure]:
    """Every measure of this file."""
    yield generation()
