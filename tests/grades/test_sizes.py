"""The check of the sizes: what does not fit, what is near its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wizard.checklist.check import Outcome, Subject
from wizard.grades.checks.sizes import CHECK

Make = Callable[..., Subject]
GradeType = Callable[..., dict[str, Any]]


def answer(make: Make, *types: dict[str, Any], combinations: list[list[int]] | None = None) -> Outcome:
    return CHECK.run(make(grades={"enabled": True, "types": types, "combinations": combinations or []}))


@pytest.mark.parametrize(
    ("size", "limit", "fitting"),
    [
        pytest.param(3, 1233, ("warn", "grades.near_limit"), marks=pytest.mark.seed("R-1.9-05")),
        pytest.param(4, 27233, ("ok", "grades.fit"), marks=pytest.mark.seed("R-1.9-06")),
        pytest.param(5, 718057, ("ok", "grades.fit"), marks=pytest.mark.seed("R-1.9-07")),
    ],
)
def test_one_content_more_than_a_size_holds_is_refused(
    make: Make, grade_type: GradeType, size: int, limit: int, fitting: tuple[str, str]
) -> None:
    fits = answer(make, grade_type(1, limit, size))
    assert (fits.status, fits.code) == fitting
    outcome = answer(make, grade_type(1, limit + 1, size, "Cor"))
    assert (outcome.status, outcome.code) == ("fail", "grades.overflow")
    assert "Cor" in outcome.message
    assert f"{limit + 1:,}" in outcome.message
    assert outcome.hint


def test_beyond_the_end_of_the_numbering_a_size_of_three_warns(make: Make, grade_type: GradeType) -> None:
    assert answer(make, grade_type(1, 1009)).code == "grades.fit"
    outcome = answer(make, grade_type(1, 1010, description="Estampa"))
    assert (outcome.status, outcome.code) == ("warn", "grades.near_limit")
    assert "Estampa: 1,010" in outcome.message
    assert "4" in outcome.hint
    assert answer(make, grade_type(1, 1010, 4)).code == "grades.fit"


@pytest.mark.seed("R-1.9-08")
def test_a_combination_in_use_may_take_fifteen_characters_and_not_sixteen(make: Make, grade_type: GradeType) -> None:
    types = [grade_type(1, size=5), grade_type(2, size=5), grade_type(3, size=5), grade_type(4, size=3)]
    fits = answer(make, *types, combinations=[[1, 2, 3]])
    assert (fits.status, fits.code) == ("ok", "grades.fit")
    assert "15 of 15" in fits.message
    sixteen = [grade_type(code, size=4, description=f"T{code}") for code in range(1, 5)]
    outcome = answer(make, *sixteen, combinations=[[1, 2], [1, 2, 3, 4]])
    assert (outcome.status, outcome.code) == ("fail", "grades.too_long")
    assert outcome.message.startswith("T1 + T2 + T3 + T4: 16 characters")
    assert outcome.hint


@pytest.mark.seed("R-1.9-09")
def test_five_grades_of_three_characters_fit(make: Make, grade_type: GradeType) -> None:
    types = [grade_type(code) for code in range(1, 6)]
    assert answer(make, *types, combinations=[[1, 2, 3, 4, 5]]).code == "grades.fit"
    types[0] = grade_type(1, size=4)
    assert answer(make, *types, combinations=[[1, 2, 3, 4, 5]]).code == "grades.too_long"


@pytest.mark.seed("R-1.9-10")
def test_colour_of_four_and_size_of_three_take_seven(make: Make, grade_type: GradeType) -> None:
    outcome = answer(make, grade_type(1, 2400, 4, "Cor"), grade_type(2, 38, 3, "Tamanho"), combinations=[[1, 2], [2]])
    assert outcome.message == "All 2 grade types fit; the longest combination takes 7 of 15 characters."


@pytest.mark.seed("R-1.10-09")
def test_items_whose_code_has_no_room_are_a_remark(make: Make, grade_type: GradeType) -> None:
    outcome = CHECK.run(make(grades={"enabled": True, "types": [grade_type(1, 9)], "long_items": 2}))
    assert (outcome.status, outcome.code) == ("warn", "grades.long_items")
    assert outcome.message == "Item codes of more than 15 characters: 2."


def test_a_type_without_a_description_is_named_by_its_code(make: Make, grade_type: GradeType) -> None:
    nameless = grade_type(7, 1234) | {"description": ""}
    assert answer(make, nameless).message.startswith("7: 1,234 contents")
    assert answer(make, nameless | {"contents": 1010}).message.startswith("7: 1,010 contents")


@pytest.mark.seed("R-PRE-10")
def test_grades_that_were_not_imported_fail_only_where_they_are_used(make: Make) -> None:
    outcome = answer(make)
    assert (outcome.status, outcome.code) == ("fail", "grades.not_imported")
    assert CHECK.run(make()).code == "grades.unused"
