"""The table of resources/comparison.md: complete, honest in its count, and every row shown by a test that exists."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "resources" / "comparison.md").read_text("utf-8")
WORTH = {"Y": 2, "h": 1, "-": 0}
EXPECTATIONS = 33


@dataclass(frozen=True)
class Row:
    number: int
    others: tuple[str, ...]
    ours: str
    test: str

    @property
    def gains(self) -> list[int]:
        """How far ours goes beyond each of the others that the row applies to."""
        return [WORTH[self.ours] - WORTH[mark] for mark in self.others if mark]


def rows() -> tuple[Row, ...]:
    lines = [line for line in TEXT.splitlines() if re.match(r"\| \d+ \|", line)]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return tuple(Row(int(c[0]), (c[2], c[3]), c[4], c[6].strip("`")) for c in cells)


@cache
def names_in(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_expectation_has_its_row() -> None:
    assert [row.number for row in rows()] == list(range(1, EXPECTATIONS + 1))


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row.number))
def test_what_is_claimed_is_shown_by_a_test(row: Row) -> None:
    if row.ours == "-":
        assert not row.test
        return
    file, _colons, name = row.test.partition("::")
    assert name in names_in(ROOT / file)


def test_no_row_is_worse_but_those_that_the_text_names() -> None:
    named = re.search(r"^Worse today: ([\d, ]+|none)\.$", TEXT, re.MULTILINE)
    assert named
    told = [int(number) for number in re.findall(r"\d+", named[1])]
    assert [row.number for row in rows() if any(gain < 0 for gain in row.gains)] == told


def test_at_least_ten_rows_are_better() -> None:
    better = [row.number for row in rows() if row.gains and min(row.gains) >= 0 and max(row.gains) > 0]
    assert len(better) >= 10, better
