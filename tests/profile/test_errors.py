"""How a problem shows itself: place first, then the sentence, then what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.profile.errors import Problem, ProfileError


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("x", "Wrong."), "Wrong."),
        (Problem("x", "Wrong.", action="Mend it."), "Wrong. Mend it."),
        (Problem("x", "Wrong.", "a.b", 3), "line 3, a.b: Wrong."),
        (Problem("x", "Wrong.", "a.b", 3, Path("x.yaml"), "Mend it."), "x.yaml, line 3, a.b: Wrong. Mend it."),
    ],
)
def test_a_problem_tells_place_cause_and_action(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_an_error_shows_one_problem_per_line() -> None:
    error = ProfileError([Problem("x", "One."), Problem("y", "Two.", "b")])
    assert str(error) == "One.\nb: Two."
    assert [problem.code for problem in error.problems] == ["x", "y"]
