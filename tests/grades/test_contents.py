"""Contents as they are kept: against a plain reference implementation, for every type of column, and by the million."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.grades import contents
from wizard.grades.contents import CODE_LENGTH, EXAMPLES, Contents, clean
from wizard.grades.difference import DESCRIPTION_LENGTH, FRESH, Stored, difference
from wizard.grades.source import TypeRefused

from .imports import grade

ROOT = Path(__file__).resolve().parents[2]


def batch(codes: Iterable[Any], descriptions: Iterable[Any] | None = None, kind: pa.DataType | None = None) -> Any:
    codes = pa.array(list(codes), kind)
    texts = pa.array(["x"] * len(codes) if descriptions is None else list(descriptions), pa.string())
    return pa.record_batch([codes, texts], names=["cod", "den"])


def cleaned(codes: Iterable[Any], kind: pa.DataType | None = None) -> list[str]:
    return list(clean([batch(codes, kind=kind)]).table["code"].to_pylist())


def remarks(found: Contents) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {remark.kind: (remark.count, remark.examples) for remark in found.remarks}


# --- against a reference -----------------------------------------------------------------------


def reference(rows: list[tuple[str | None, str | None]]) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """The same in plain Python, row by row."""
    counts: dict[str, int] = {}
    usable = []
    for raw_code, raw_description in rows:
        code = (raw_code or "").rstrip(" ")
        description = (
            (raw_description or "").rstrip(" ")[:DESCRIPTION_LENGTH].rstrip(" ").replace("\0", " ").rstrip(" ")
        )
        kind = "blank" if not code else "too_long" if len(code) > CODE_LENGTH else "nul" if "\0" in code else ""
        if kind:
            counts[kind] = counts.get(kind, 0) + 1
        else:
            usable.append((code, description))
    kept: list[tuple[str, str]] = []
    codes: set[str] = set()
    folded: set[str] = set()
    for code, description in sorted(usable, key=lambda row: (row[0].encode(), row[1].encode())):
        kind = "twice" if code in codes else "twin" if code.casefold() in folded else ""
        if kind:
            counts[kind] = counts.get(kind, 0) + 1
        else:
            kept.append((code, description))
        codes.add(code)
        folded.add(code.casefold())
    return kept, counts


HARD = ["a", "A", "á", "Á", "ß", "ss", "SS", "ẞ", "İ", "i̇", "ı", "I", "ﬁ", "fi", "Σ", "σ", "ς", "😀", "𝄞", "𐐀", "𐐨",
        " ", "  ", "\t", "\n", "\0", "\xa0", "0", "00", "é", "e\u0301"]  # fmt: skip
TEXTS = st.one_of(
    st.none(),
    st.lists(st.sampled_from(HARD), max_size=4).map("".join),
    st.text(st.characters(codec="utf-8"), max_size=18),
    st.lists(st.sampled_from(["azul", "AZUL", "Azul", "x" * 15, "x" * 16, " azul", "azul  "]), max_size=1).map("".join),
)


@pytest.mark.seed("R-GEN-04")
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=60), st.integers(1, 9), st.randoms())
def test_it_is_what_plain_python_makes_of_the_same_rows_in_any_order(
    rows: list[tuple[str | None, str | None]], size: int, shuffle: random.Random
) -> None:
    kept, counts = reference(rows)
    shuffle.shuffle(rows)
    parts = [rows[at : at + size] for at in range(0, len(rows), size)]
    found = clean(batch([row[0] for row in part], [row[1] for row in part], pa.string()) for part in parts)
    assert [tuple(row.values()) for row in found.table.to_pylist()] == kept
    assert {remark.kind: remark.count for remark in found.remarks} == counts
    assert found.table.schema == FRESH
    # Nothing is dropped in silence.
    assert sum(counts.values()) + len(kept) == len(rows)
    # What it gives is what a difference takes.
    difference(Stored("01"), [(grade(size=5), found.table)])


# --- what is left out --------------------------------------------------------------------------


def test_everything_that_is_left_out_is_counted_with_its_first_examples() -> None:
    codes = [None, "", "   ", "x" * 16, "x" * 15, "AZUL ", "AZUL", "Azul", "azul", "a\0b", "ção", "CÃO", "ÇÃO"]
    found = clean([batch(codes)])
    assert found.table["code"].to_pylist() == ["AZUL", "CÃO", "x" * 15, "ÇÃO"]
    assert remarks(found) == {
        "blank": (3, ()),
        "too_long": (1, ("x" * 16,)),
        "nul": (1, ("a�b",)),
        "twice": (1, ("AZUL",)),
        "twin": (3, ("Azul", "azul", "ção")),
    }
    assert [remark.text for remark in found.remarks][3:] == [
        "Codes that stand twice: 1. The first of each is taken.",
        "Codes that repeat another one but for capitals: 3. APS takes the first of each.",
    ]


def test_examples_are_few_short_and_each_shown_once() -> None:
    found = clean(batch([f"{number % 7}{'y' * 5000}"] * 2 + ["ok"]) for number in range(30))
    count, examples = remarks(found)["too_long"]
    assert count == 60
    assert len(examples) == EXAMPLES == len(set(examples))
    assert max(map(len, examples)) <= 41


@pytest.mark.seed("R-GEN-04")
@pytest.mark.parametrize(
    ("codes", "kept"),
    [
        (["azul", "Azul", "AZUL"], ["AZUL"]),
        (["ção", "ÇÃO"], ["ÇÃO"]),
        (["straße", "STRASSE"], ["STRASSE"]),  # by str.casefold, which the store compares by too
        (["İ", "i̇"], ["i̇"]),
        (["ı", "I", "i"], ["I", "ı"]),
        (["𐐀", "𐐨"], ["𐐀"]),
        (["é", "e\u0301"], ["e\u0301", "é"]),  # not one character to the database either
        (["É", "E"], ["E", "É"]),
        (["a", " a"], [" a", "a"]),
    ],
)
def test_twins_are_those_that_differ_in_capitals_only(codes: list[str], kept: list[str]) -> None:
    assert cleaned(codes) == kept
    assert cleaned(reversed(codes)) == kept


def test_of_a_code_that_stands_twice_the_description_is_the_same_in_any_order() -> None:
    rows = [("A", "zebra"), ("A", "abacate"), ("A", None), ("B", "x")]
    for order in (rows, rows[::-1]):
        found = clean(batch([code], [text]) for code, text in order)
        assert found.table.to_pylist() == [
            {"code": "A", "description": ""},
            {"code": "B", "description": "x"},
        ]


def test_descriptions_are_cut_where_they_are_kept_cut_and_hold_no_nul() -> None:
    found = clean([batch(["A", "B", "C"], ["é" * 300, "a\0b\0", "x" * 254 + "  y"])])
    assert found.table["description"].to_pylist() == ["é" * 255, "a b", "x" * 254]


def test_nothing_at_all_is_no_contents() -> None:
    for nothing in ([], [batch([], kind=pa.string())], [batch([], kind=pa.int64())]):
        found = clean(nothing)
        assert (found.table.num_rows, found.table.schema, found.remarks) == (0, FRESH, ())


# --- types of columns --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "values", "codes"),
    [
        (pa.int64(), [36, -1, 0, None, 36], ["-1", "0", "36"]),
        (pa.float64(), [36.0, 36.5, 123456789012.0, -0.0, None], ["0", "123456789012", "36", "36.5"]),
        (pa.float32(), [36.0, 0.5], ["0.5", "36"]),
        (pa.decimal128(5, 0), [Decimal(36), Decimal(-1)], ["-1", "36"]),
        (pa.decimal128(5, 2), [Decimal("36.00"), Decimal("0.50")], ["0.50", "36.00"]),
        (pa.decimal128(12, 10), [Decimal("0.0000000001"), Decimal(0)], ["0.0000000000", "0.0000000001"]),
        (pa.bool_(), [True, False, None], ["0", "1"]),
        (pa.date32(), [date(2024, 2, 29)], ["2024-02-29"]),
        (pa.time64("us"), [time(12, 34, 56)], ["12:34:56.000000"]),
        (pa.binary(), [b"AZUL  ", "ção".encode()], ["AZUL", "ção"]),
        (pa.large_string(), ["AZUL  "], ["AZUL"]),
        (pa.null(), [None, None], []),
        (pa.string(), ["0036", "36", " 36"], [" 36", "0036", "36"]),
    ],
)
def test_a_code_of_any_type_is_what_a_person_would_type(kind: pa.DataType, values: list[Any], codes: list[str]) -> None:
    assert cleaned(values, kind) == codes


def test_a_number_is_the_same_code_whatever_type_a_driver_gives_it() -> None:
    numbers = [0, 7, 36, 1233, 718057, 99999999999999]
    same = [str(number) for number in sorted(numbers, key=str)]
    for kind in (pa.int64(), pa.float64(), pa.decimal128(15, 0)):
        values = [Decimal(number) for number in numbers] if pa.types.is_decimal(kind) else numbers
        assert cleaned(values, kind) == same


def test_a_moment_is_longer_than_a_code_and_told() -> None:
    found = clean([batch([datetime(2024, 2, 29, 1, 2, 3)], kind=pa.timestamp("us"))])  # noqa: DTZ001
    assert remarks(found)["too_long"][0] == 1


@pytest.mark.parametrize("place", [0, 1])
def test_bytes_that_are_no_text_refuse_the_type(place: int) -> None:
    columns = [pa.array(["A"]), pa.array(["A"])]
    columns[place] = pa.array([b"\xff\xfe"])
    with pytest.raises(TypeRefused, match="bytes that are no text"):
        clean([pa.record_batch(columns, names=["cod", "den"])])


# --- volumes -----------------------------------------------------------------------------------


def test_a_table_that_no_size_could_ever_hold_is_refused_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "LIMIT", 100)
    heard: list[int] = []
    endless = (batch([f"{number}-{row}" for row in range(10)]) for number in range(10**9))
    with pytest.raises(TypeRefused, match="more than 100 contents"):
        clean(endless, heard.append)
    assert heard == list(range(10, 101, 10))
    # Only what would be kept counts.
    assert clean(batch(["A", "", "x" * 16] * 50) for _again in range(1)).table.num_rows == 1


MEASURED = """
import json, resource, sys
import pyarrow as pa
from wizard.grades.contents import clean
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def batches():
    for at in range(0, 700_000, 10_000):
        # 11 has no common divisor with their number: every code once, in no order.
        numbers = [number * 11 % 700_000 for number in range(at, at + 10_000)]
        codes = [f"{'c' if number % 10 else 'C'}{number:07}".ljust(15) for number in numbers]
        texts = [f"Descrição {code}".ljust(2000) for code in codes]
        yield pa.record_batch([pa.array(codes), pa.array(texts)], ["c", "d"])
found = clean(batches())
codes = found.table["code"]
print(json.dumps([codes.length(), len(set(codes.to_pylist())), found.remarks == (),
                  resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before]))
"""


def test_seven_hundred_thousand_contents_with_wide_columns_take_little_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], stdout=subprocess.PIPE, check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    )
    rows, different, whole, kib = json.loads(done.stdout)
    assert (rows, different, whole) == (700_000, 700_000, True)
    # The columns with their padding are 1,400 MB.
    assert kib / 1024 < 330
