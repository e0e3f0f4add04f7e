"""The item code of APS: built, taken apart, and refused with a reason."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wizard.grades.capacity import CAPACITY, GRADE_LENGTH, Size
from wizard.grades.codes import code_of
from wizard.grades.item_code import ItemCode, build, sizes_of, split
from wizard.grades.refusal import Refused
from wizard.profile.models import Grades

SIZES: dict[str, Size] = {"C": 4, "T": 3, "E": 5, "1": 3, "2": 3}

ITEMS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=15).filter(lambda text: text[-1] != " ")


@st.composite
def item_codes(draw: st.DrawFn) -> tuple[ItemCode, dict[str, Size]]:
    """An item with references that fit, and the sizes of the types of the company."""
    sizes: dict[str, Size] = draw(
        st.dictionaries(st.sampled_from("ABCXYZ0189"), st.sampled_from([3, 4, 5]), min_size=1, max_size=10)
    )
    types = draw(st.lists(st.sampled_from(sorted(sizes)), max_size=5))
    assume(sum(sizes[indicator] for indicator in types) <= GRADE_LENGTH)
    numbers = [draw(st.integers(1, CAPACITY[sizes[indicator]])) for indicator in types]
    references = [
        code_of(indicator, sizes[indicator], number) for indicator, number in zip(types, numbers, strict=True)
    ]
    return ItemCode(draw(ITEMS), tuple(references)), sizes


def refusal(ask: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Refused) as excinfo:
        ask()
    return excinfo.value.problem.code, excinfo.value.problem.message


# --- both ways ---------------------------------------------------------------------------------


@pytest.mark.seed("R-1.9-01", "R-1.10-08", "R-1.10-09")
def test_positions_1_to_15_are_the_item_and_the_rest_its_grades_in_order() -> None:
    code = build("CAMISA-10", ["C017", "T03"], SIZES)
    assert code == "CAMISA-10      C017T03"
    assert build("CAMISA-10", ["T03", "C017"], SIZES) == "CAMISA-10      T03C017"
    assert build("ABCDEFGHIJKLMNO", ["C017"], SIZES) == "ABCDEFGHIJKLMNOC017"
    assert split(code, SIZES) == ItemCode("CAMISA-10", ("C017", "T03"))


@pytest.mark.seed("R-1.9-08", "R-1.9-09")
def test_five_grades_of_three_characters_fill_thirty() -> None:
    references = ["T01", "1ZZ", "29P", "T1A", "199"]
    code = build("ABCDEFGHIJKLMNO", references, SIZES)
    assert len(code) == 30
    assert split(code, SIZES).references == tuple(references)


@pytest.mark.seed("R-1.9-10")
def test_colour_and_size_as_the_manual_advises_take_seven_characters() -> None:
    assert build("CAMISA", ["CAA1", "T38"], SIZES)[15:] == "CAA1T38"


@pytest.mark.seed("R-1.10-09")
def test_an_item_without_grades_is_not_filled() -> None:
    assert build("CAMISA", [], SIZES) == "CAMISA"
    assert split("CAMISA", SIZES) == ItemCode("CAMISA")


@pytest.mark.seed("R-1.10-08", "R-1.10-09")
@given(item_codes())
def test_what_is_built_is_taken_apart_again(case: tuple[ItemCode, dict[str, Size]]) -> None:
    item, sizes = case
    code = build(item.item, item.references, sizes)
    assert split(code, sizes) == item
    assert code[:15].rstrip(" ") == item.item
    assert code[15:] == "".join(item.references)


@given(st.text("AaCTE12 0Z", max_size=31))
def test_what_can_be_taken_apart_is_built_from_its_parts(code: str) -> None:
    try:
        parts = split(code, SIZES)
    except Refused:
        return
    assert build(parts.item, parts.references, SIZES) == code.rstrip(" ")


@given(st.text("CT01A9", min_size=15, max_size=31))
def test_texts_that_are_nearly_item_codes_are_taken_apart_whole_or_refused(code: str) -> None:
    try:
        parts = split(code, SIZES)
    except Refused:
        return
    assert parts.item + "".join(parts.references) == code


@pytest.mark.seed("R-1.10-10")
def test_different_items_and_grades_have_different_codes_and_the_same_the_same() -> None:
    items = ["P", "P1", "PC017", "p", " P", "P C017"]
    grades = [(), ("C017",), ("C017", "T03"), ("T03", "C017"), ("T03",), ("T03", "T03")]
    every = [build(item, references, SIZES) for item, references in product(items, grades)]
    assert len(set(every)) == len(items) * len(grades)
    assert every == [build(item + "  ", references, SIZES) for item, references in product(items, grades)]


# --- what an item code keeps -------------------------------------------------------------------


@pytest.mark.parametrize(
    "item", ["camisa", "Camisa Ção", " CAMISA", "CAMISA  M", "A\u0303", "\u00c3", "P\t", "P\u00a0"]
)
def test_an_item_code_is_kept_as_it_is(item: str) -> None:
    assert split(build(item, ["T03"], SIZES), SIZES).item == item
    assert split(build(item, [], SIZES), SIZES).item == item


def test_blanks_at_the_end_are_filling() -> None:
    assert build("P10" + " " * 40, ["T03"], SIZES) == build("P10", ["T03"], SIZES)
    assert split("P10            T03" + " " * 20, SIZES) == ItemCode("P10", ("T03",))
    assert split("P10" + " " * 27, SIZES) == ItemCode("P10")


def test_sizes_come_from_the_types_of_a_profile(grade_type: Callable[..., dict[str, Any]]) -> None:
    types = [grade_type(1, size=4), grade_type(2, size=3)]
    assert sizes_of(Grades.model_validate({"types": types})) == {"B": 4, "C": 3}


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.seed("R-1.10-09")
def test_an_item_code_of_sixteen_characters_is_refused_not_cut() -> None:
    assert build("A" * 15, [], SIZES) == "A" * 15
    for references in ([], ["T03"]):
        found = refusal(lambda references=references: build("A" * 16, references, SIZES))  # type: ignore[misc]
        assert found == ("item.too_long", f"The item code {'A' * 16} has 16 characters; APS has room for 15.")


def test_a_code_of_thirty_one_characters_is_refused() -> None:
    found = refusal(lambda: split("A" * 15 + "T01" * 5 + "T", SIZES))
    assert found == ("item.too_long", "The code has 31 characters; an APS item code has 30.")


@pytest.mark.parametrize("blank", ["", "   ", " " * 15])
def test_an_item_without_a_code_is_refused(blank: str) -> None:
    assert refusal(lambda: build(blank, ["T01"], SIZES))[0] == "item.empty"
    assert refusal(lambda: split(blank.ljust(15) + "T01", SIZES))[0] == "item.empty"


@pytest.mark.seed("R-1.9-08")
def test_references_of_sixteen_characters_are_refused_not_cut() -> None:
    assert len(build("P", ["E0001"] * 3, SIZES)) == 30
    found = refusal(lambda: build("P", ["E0001", "C001", "C002", "T01"], SIZES))
    text = "The references take 16 characters together; an item code has room for 15."
    assert found == ("item.references_too_long", text)


def test_six_references_are_refused() -> None:
    found = refusal(lambda: build("P", ["T01"] * 6, SIZES))
    assert found == ("item.too_many", "An item has at most 5 grades; these are 6.")


@pytest.mark.parametrize("reference", ["X01", "t01", "", " 01"])
def test_a_reference_of_no_known_type_is_refused(reference: str) -> None:
    code, text = refusal(lambda: build("P", [reference], SIZES))
    assert code == "item.unknown_indicator"
    assert text == f"{reference}: no grade type has the indicator {reference[:1]!r}."


@pytest.mark.parametrize("rest", ["X01", "t01", "C017X", "T03 T03", " T03", "T03-"])
def test_an_unknown_indicator_inside_a_code_is_refused(rest: str) -> None:
    assert refusal(lambda: split("P".ljust(15) + rest, SIZES))[0] == "item.unknown_indicator"


def test_a_reference_of_another_size_is_refused() -> None:
    found = refusal(lambda: build("P", ["C17"], SIZES))
    assert found == (
        "item.other_size",
        "C17 has 3 characters; the references of this grade type have 4.",
    )
    assert refusal(lambda: build("P", ["T017"], SIZES))[0] == "item.other_size"


@pytest.mark.parametrize("rest", ["C01", "C", "T03E001", "T03T0"])
def test_what_is_left_over_is_refused(rest: str) -> None:
    code, text = refusal(lambda: split("P".ljust(15) + rest, SIZES))
    assert code == "item.left_over"
    assert "left over" in text


def test_what_is_no_reference_is_refused() -> None:
    assert refusal(lambda: build("P", ["T00"], SIZES))[0] == "grades.reference"
    assert refusal(lambda: split("P".ljust(15) + "T0A", SIZES))[0] == "grades.reference"
