"""Places in the document are named as problems name them: keys with dots, entries of lists with an index."""

from __future__ import annotations

import pytest

from wizard.flow.state import value_of, with_value

DATA = {"grades": {"types": [{"code": 1, "size": 4}, {"code": 2, "size": 3}]}, "name": "Matriz"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "Matriz"),
        ("grades.types[1].size", 3),
        ("grades.types[2].size", None),
        ("grades.types[x].size", None),
        ("name[0]", None),
        ("nowhere.at.all", None),
    ],
)
def test_a_value_is_found_or_is_none(path: str, value: object) -> None:
    assert value_of(DATA, path) == value


def test_a_value_is_set_in_a_copy() -> None:
    fresh = with_value(DATA, "grades.types[1].size", "5")
    assert value_of(fresh, "grades.types[1].size") == "5"
    assert value_of(DATA, "grades.types[1].size") == 3


@pytest.mark.parametrize("path", ["grades.types[2].size", "grades.types[0]", "name[0].x", "grades.types.size", "[0]"])
def test_a_place_that_is_not_there_changes_nothing(path: str) -> None:
    assert with_value(DATA, path, "5") == DATA
