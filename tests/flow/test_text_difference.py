"""The difference of two texts of a profile: what a person changed, not when checks ran."""

from __future__ import annotations

from wizard.flow.text_difference import difference, is_run_alone

NAMES = ("before", "after")
TEXT = """name: "Matriz"
grades:
  at: "noon"
validation:
  at: "2026-11-20T10:00:00Z"
  checks:
    - id: "profile.complete"
      at: "2026-11-20T10:00:00Z"
      code: "profile.ok"
notes: "at: one"
"""


def test_the_same_text_has_no_difference() -> None:
    assert difference(TEXT, TEXT, NAMES) == ()


def test_when_the_checks_ran_is_no_difference_by_itself() -> None:
    later = TEXT.replace("11-20", "11-21")
    assert difference(TEXT, later, NAMES) == ("Only when the checks ran differs.",)
    assert is_run_alone(TEXT, later)
    assert not is_run_alone(TEXT, later.replace("Matriz", "Filial"))


def test_other_ends_of_lines_are_no_difference() -> None:
    assert difference(TEXT.replace("\n", "\r\n"), TEXT, NAMES) == ()


def test_what_was_changed_is_shown_without_the_moments_around_it() -> None:
    later = TEXT.replace("11-20", "11-21").replace("profile.ok", "profile.incomplete").replace("noon", "night")
    lines = difference(TEXT, later, NAMES)
    assert [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")] == [
        '-  at: "noon"',
        '+  at: "night"',
        '-      code: "profile.ok"',
        '+      code: "profile.incomplete"',
    ]
