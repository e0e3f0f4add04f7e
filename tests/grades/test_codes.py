"""Reference codes: every code of sizes 3 and 4, the ends and the order of size 5, and what is refused."""

from __future__ import annotations

import re
import string
import time
import tracemalloc
from itertools import product

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.grades.capacity import CAPACITY, SCHEME_END_3, Size
from wizard.grades.codes import check_indicator, code_of, codes, number_of
from wizard.grades.refusal import Refused

INDICATORS = string.ascii_uppercase + string.digits


def sequences(width: int) -> list[str]:
    """The order of the numbering, written out: ever more letters before ever fewer digits."""
    found = []
    for letters in range(width + 1):
        digits = width - letters
        numbers = [f"{number:0{digits}}" for number in range(1, 10**digits)] if digits else [""]
        for prefix in product(string.ascii_uppercase, repeat=letters):
            found.extend("".join(prefix) + number for number in numbers)
    return found


def refusal(excinfo: pytest.ExceptionInfo[Refused]) -> tuple[str, str]:
    return excinfo.value.problem.code, excinfo.value.problem.message


# --- every code --------------------------------------------------------------------------------


@pytest.mark.seed("R-1.9-05")
def test_all_codes_of_three_characters() -> None:
    found = codes("C", 3).to_pylist()
    assert len(found) == len(set(found)) == CAPACITY[3] == 1233
    assert found[:SCHEME_END_3] == ["C" + sequence for sequence in sequences(2)]
    pairs = [digit + letter for digit in "123456789" for letter in string.ascii_uppercase]
    assert found[SCHEME_END_3:] == ["C" + pair for pair in pairs[:224]]
    assert [found[number - 1] for number in (1, 99, 100, 333, 334, 1009, 1010, 1233)] == [
        "C01", "C99", "CA1", "CZ9", "CAA", "CZZ", "C1A", "C9P",
    ]  # fmt: skip
    assert [code_of("C", 3, number) for number in range(1, 1234)] == found
    assert [number_of(code) for code in found] == list(range(1, 1234))


@pytest.mark.seed("R-1.9-06")
def test_all_codes_of_four_characters() -> None:
    found = codes("7", 4).to_pylist()
    assert len(found) == len(set(found)) == CAPACITY[4] == 27233
    assert found == ["7" + sequence for sequence in sequences(3)]
    assert [found[number - 1] for number in (1, 999, 1000, 3573, 3574, 9657, 9658, 27233)] == [
        "7001", "7999", "7A01", "7Z99", "7AA1", "7ZZ9", "7AAA", "7ZZZ",
    ]  # fmt: skip
    assert [code_of("7", 4, number) for number in range(1, 27234)] == found
    assert [number_of(code) for code in found] == list(range(1, 27234))


@pytest.mark.seed("R-1.9-07")
def test_all_codes_of_five_characters() -> None:
    found = codes("Z", 5)
    assert (len(found), found.null_count, found.type) == (CAPACITY[5], 0, pa.string())
    assert len(found) == 718057
    listed = found.to_pylist()
    assert len(set(listed)) == 718057
    assert listed == ["Z" + sequence for sequence in sequences(4)]
    ends = [(1, "Z0001"), (9999, "Z9999"), (10_000, "ZA001"), (35_973, "ZZ999"), (35_974, "ZAA01"), (718_057, "ZZZZZ")]
    for number, code in ends:
        assert (listed[number - 1], code_of("Z", 5, number), number_of(code)) == (code, code, number)


@given(st.integers(1, CAPACITY[5]), st.sampled_from(INDICATORS))
def test_a_code_of_five_characters_gives_its_number_back(number: int, indicator: str) -> None:
    code = code_of(indicator, 5, number)
    assert number_of(code) == number
    assert codes(indicator, 5, number, 1).to_pylist() == [code]


@given(st.text(string.ascii_uppercase + string.digits, min_size=3, max_size=5))
def test_what_has_a_number_is_the_code_of_that_number_and_of_no_other(text: str) -> None:
    try:
        number = number_of(text)
    except Refused:
        return
    assert code_of(text[0], len(text), number) == text  # type: ignore[arg-type]


@pytest.mark.seed("R-1.9-01")
def test_a_code_has_capitals_and_digits_alone_and_starts_with_its_type() -> None:
    for size in CAPACITY:
        text = "".join(codes("X", size).to_pylist())
        assert set(text) == set(INDICATORS)
        assert set(text[::size]) == {"X"}


def test_types_with_different_indicators_share_no_code() -> None:
    every = [code for indicator in INDICATORS for code in codes(indicator, 3).to_pylist()]
    assert len(set(every)) == 36 * 1233


# --- ranges ------------------------------------------------------------------------------------


@given(st.sampled_from([3, 4, 5]), st.data())
def test_a_range_is_that_part_of_the_whole(size: Size, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, CAPACITY[size]))
    count = data.draw(st.integers(0, min(40, CAPACITY[size] - first + 1)))
    expected = [code_of("B", size, number) for number in range(first, first + count)]
    assert codes("B", size, first, count).to_pylist() == expected


def test_without_a_count_a_range_goes_to_the_end() -> None:
    assert codes("B", 3, 1231).to_pylist() == ["B9N", "B9O", "B9P"]
    assert codes("B", 3, 1234).to_pylist() == []
    assert codes("B", 3, 1234, 0).to_pylist() == []


def test_the_column_is_a_sound_string_column() -> None:
    for column in (codes("A", 5), codes("A", 3, 5, 7), codes("A", 4, 1, 0)):
        column.validate(full=True)


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "limit", "action"),
    [
        pytest.param(3, 1233, "larger", marks=pytest.mark.seed("R-1.9-05")),
        pytest.param(4, 27233, "larger", marks=pytest.mark.seed("R-1.9-06")),
        pytest.param(5, 718057, "split", marks=pytest.mark.seed("R-1.9-07")),
    ],
)
def test_one_more_than_a_size_holds_has_no_code(size: Size, limit: int, action: str) -> None:
    assert number_of(code_of("A", size, limit)) == limit
    for ask in (
        lambda: code_of("A", size, limit + 1),
        lambda: codes("A", size, 1, limit + 1),
        lambda: codes("A", size, limit + 1, 1),
    ):
        with pytest.raises(Refused) as excinfo:
            ask()
        text = f"{size} characters hold {limit:,} references; there is no number {limit + 1}."
        assert refusal(excinfo) == ("grades.capacity", text)
        assert action in excinfo.value.problem.action


@pytest.mark.parametrize(("first", "count"), [(0, 1), (-3, 1), (1, -1), (0, 0)])
def test_numbers_start_at_one(first: int, count: int) -> None:
    with pytest.raises(Refused) as excinfo:
        codes("A", 3, first, count)
    assert refusal(excinfo)[0] == "grades.number"


def test_a_number_below_one_has_no_code() -> None:
    for number in (0, -1):
        with pytest.raises(Refused) as excinfo:
            code_of("A", 4, number)
        assert refusal(excinfo)[0] == "grades.number"


def test_a_range_that_starts_beyond_the_end_is_refused_also_without_a_count() -> None:
    with pytest.raises(Refused) as excinfo:
        codes("A", 3, 1235)
    assert refusal(excinfo)[0] == "grades.capacity"


@pytest.mark.seed("R-1.9-04")
@pytest.mark.parametrize("size", [0, 1, 2, 6])
def test_no_reference_has_another_size(size: int) -> None:
    for ask in (lambda: code_of("A", size, 1), lambda: codes("A", size)):  # type: ignore[arg-type]
        with pytest.raises(Refused) as excinfo:
            ask()
        assert refusal(excinfo) == ("grades.size", "The size of a reference is 3, 4 or 5 characters.")
    with pytest.raises(Refused) as excinfo:
        number_of("A" * size)
    assert refusal(excinfo)[0] == "grades.reference"
    assert str(size) in refusal(excinfo)[1]


@pytest.mark.parametrize(
    "code",
    ["A00", "A0A", "A1a", "Aaa", "A9Q", "A9Z", "A 1", "A1 ", "A-1", "AÁ1", "A٣٣", "A000", "AA00", "A0A1", "AA1A",
     "A1AB", "A00A", "AZZ0", "A0000", "AA000", "AAA00", "AAAA0", "A00\n", "A01\n"],
)  # fmt: skip
def test_what_no_number_gives_is_no_reference(code: str) -> None:
    with pytest.raises(Refused) as excinfo:
        number_of(code)
    assert refusal(excinfo)[0] == "grades.reference"
    assert refusal(excinfo)[1].startswith(f"{code} is no reference")


@pytest.mark.parametrize("indicator", ["", " ", "a", "AB", "Ç", "-", "٣", "A\n"])
def test_an_indicator_is_one_capital_or_digit(indicator: str) -> None:
    for ask in (lambda: check_indicator(indicator), lambda: code_of(indicator, 3, 1), lambda: codes(indicator, 3)):
        with pytest.raises(Refused) as excinfo:
            ask()
        assert refusal(excinfo) == ("grades.indicator", "The indicator is one digit or capital letter.")


def test_thirty_six_indicators_there_are() -> None:
    for character in map(chr, range(0x250)):
        if re.fullmatch("[A-Z0-9]", character):
            check_indicator(character)
        else:
            with pytest.raises(Refused):
                check_indicator(character)


# --- volume ------------------------------------------------------------------------------------


@pytest.mark.seed("R-1.9-07")
def test_the_largest_type_gets_its_codes_at_once_and_within_150_megabytes() -> None:
    codes("A", 3)  # what the first call loads does not count
    pool = pa.default_memory_pool()
    before = pool.bytes_allocated()
    began = time.process_time()
    column = codes("A", 5)
    seconds = time.process_time() - began
    began = time.process_time()
    one_by_one = [f"A{number:04}" for number in range(len(column))]
    assert seconds < time.process_time() - began, "than it takes to write as many numbers one by one"
    del one_by_one
    tracemalloc.start()
    try:
        again = codes("A", 5)
        own = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert again.equals(column)
    assert own + pool.bytes_allocated() - before <= 150 * 10**6
