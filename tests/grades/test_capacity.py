"""The numbers of section 1.9: what a size holds, what fits an item code."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

import pytest

from wizard.grades.capacity import (
    CAPACITY,
    GRADE_LENGTH,
    ITEM_CODE_LENGTH,
    SCHEME_END_3,
    indicator_for,
    longest,
    overflows,
    too_long,
    used,
)
from wizard.profile.models import Grades

GradeType = Callable[..., dict[str, Any]]


def grades(*types: dict[str, Any], combinations: list[list[int]] | None = None) -> Grades:
    return Grades.model_validate({"enabled": True, "types": types, "combinations": combinations or []})


@pytest.mark.parametrize(
    ("size", "limit"),
    [
        pytest.param(3, 1233, marks=pytest.mark.seed("R-1.9-05")),
        pytest.param(4, 27233, marks=pytest.mark.seed("R-1.9-06")),
        pytest.param(5, 718057, marks=pytest.mark.seed("R-1.9-07")),
    ],
)
def test_a_size_holds_its_limit_and_not_one_more(grade_type: GradeType, size: int, limit: int) -> None:
    assert overflows(grades(grade_type(1, limit, size))) == ()
    (over,) = overflows(grades(grade_type(1, limit + 1, size, "Cor")))
    assert (over.code, over.description, over.contents, over.capacity) == (1, "Cor", limit + 1, limit)
    assert used(limit, size) == 1  # type: ignore[arg-type]


def test_the_end_of_the_numbering_is_what_the_other_sizes_follow() -> None:
    """Letters, then digits: A to Z before the last digits, as often as there is room."""

    def holds(characters: int) -> int:
        return sum(
            26**letters * (10 ** (characters - letters) - (letters < characters)) for letters in range(characters + 1)
        )

    assert holds(2) == SCHEME_END_3 < CAPACITY[3]
    assert holds(3) == CAPACITY[4]
    assert holds(4) == CAPACITY[5]


@pytest.mark.seed("R-1.9-08")
def test_the_grades_of_an_item_have_fifteen_characters(grade_type: GradeType) -> None:
    assert (ITEM_CODE_LENGTH, GRADE_LENGTH) == (30, 15)
    types = [grade_type(1, size=5), grade_type(2, size=5), grade_type(3, size=5), grade_type(4, size=3)]
    fits = grades(*types, combinations=[[1, 2, 3]])
    assert (too_long(fits), longest(fits)) == ((), 15)
    (long,) = too_long(grades(*types, combinations=[[1, 2, 3], [1, 2, 3, 4]]))
    assert (long.codes, long.length) == ((1, 2, 3, 4), 18)


@pytest.mark.seed("R-1.9-09")
def test_five_grades_of_three_characters_fill_the_room_exactly(grade_type: GradeType) -> None:
    types = [grade_type(code, 1100, 3) for code in range(5)]
    full = grades(*types, combinations=[[0, 1, 2, 3, 4]])
    assert (too_long(full), longest(full), overflows(full)) == ((), 15, ())


def test_without_combinations_nothing_is_too_long(grade_type: GradeType) -> None:
    nothing = grades(*(grade_type(code, size=5) for code in range(5)))
    assert (too_long(nothing), longest(nothing)) == ((), 0)


# --- indicators --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("description", "taken", "indicator"),
    [
        ("Cor", "", "C"),
        ("Cor", "C", "O"),
        ("Cor", "COR", "A"),
        ("Índigo", "", "I"),
        ("ção", "C", "A"),
        ("  3 D", "", "3"),
        ("", "", "A"),
        ("日本", "A", "B"),
        ("Cor", string.ascii_uppercase, "0"),
        ("Cor", string.ascii_uppercase + "012345678", "9"),
    ],
)
def test_an_indicator_is_the_first_letter_that_is_free(description: str, taken: str, indicator: str) -> None:
    assert indicator_for(description, taken) == indicator


def test_the_thirty_seventh_indicator_does_not_exist() -> None:
    with pytest.raises(ValueError, match="36"):
        indicator_for("Cor", string.ascii_uppercase + string.digits)
