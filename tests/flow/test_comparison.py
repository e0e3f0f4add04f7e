"""Two profiles side by side, and what changed since one was proved."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.flow.sessions import GRADE_TYPE, report, walked
from wizard.checklist.registry import checks
from wizard.flow import comparison, review, state
from wizard.flow.comparison import Line
from wizard.flow.state import State
from wizard.profile.load import profile_from_data


def different(first: State, second: State) -> tuple[Line, ...]:
    profiles = (profile_from_data(one.data) for one in (first, second))
    return comparison.differences(comparison.compare(*profiles))


def test_a_profile_and_itself_differ_in_nothing_and_every_answer_is_named(tmp_path: Path) -> None:
    profile = profile_from_data(walked(tmp_path).data)
    lines = comparison.compare(profile, profile)
    assert comparison.differences(lines) == ()
    assert Line("Company", "Logix company", "01", "01") in lines
    assert not [line for line in lines if re.match(r"[a-z_]+\.", line.question)], "every question has words"


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("company.logix", "02", Line("Company", "Logix company", "01", "02")),
        ("environment", "production", Line("Company", "Environment", "Testing", "Production")),
        (
            "confirmation.delete_orders",
            False,
            Line("Update and confirmation", "Confirmation: Delete existing orders", "yes", "no"),
        ),
        (
            "confirmation.horizon_days",
            30,
            Line("Update and confirmation", "Confirmation: Horizon of the confirmation", "", "30 days"),
        ),
    ],
)
def test_a_difference_is_a_question_with_two_answers(tmp_path: Path, path: str, value: object, line: Line) -> None:
    first = walked(tmp_path)
    assert different(first, state.edit(first, path, value)) == (line,)


def test_grade_types_are_compared_by_their_code_whatever_their_order(tmp_path: Path) -> None:
    other = {**GRADE_TYPE, "code": 2, "description": "Tamanho", "indicator": "T"}
    first = state.edit(walked(tmp_path), "grades", {"enabled": True, "types": [GRADE_TYPE, other]})
    second = state.edit(first, "grades", {"enabled": True, "types": [other, {**GRADE_TYPE, "size": 5}]})
    (line,) = different(first, second)
    assert line.question == "Grade type 1"
    assert (line.left, line.right) == (
        "Cor, size 4, indicator C, 2,400 contents; cor_produto, cod_cor, den_cor, cod_empresa",
        "Cor, size 5, indicator C, 2,400 contents; cor_produto, cod_cor, den_cor, cod_empresa",
    )


def test_other_combinations_are_a_difference_however_many(tmp_path: Path) -> None:
    first = state.edit(walked(tmp_path), "grades", {"enabled": True, "types": [GRADE_TYPE], "combinations": [[1]]})
    few = state.edit(first, "grades.combinations", [[1, 1]])
    assert [(line.left, line.right) for line in different(first, few)] == [("1", "1+1")]
    many = state.edit(first, "grades.combinations", [[1]] * 20)
    others = state.edit(first, "grades.combinations", [[1]] * 19 + [[1, 1]])
    assert len(different(many, others)) == 1


def test_the_text_is_a_table_with_one_line_for_each_question() -> None:
    lines = (Line("Company", "Notes", "one\ntwo\tthree", ""), Line("Company", "Logix company", "01", "02"))
    assert comparison.as_text(lines, "A", "B").split("\n") == [
        "Page\tQuestion\tA\tB",
        "Company\tNotes\tone two three\t",
        "Company\tLogix company\t01\t02",
    ]


@pytest.fixture
def proved(tmp_path: Path) -> State:
    now = walked(tmp_path)
    saved = review.save(state.take_report(now, report()))
    assert saved.file is not None
    return state.open_profile(saved.file)


def test_nothing_is_stale_right_after_the_proof(proved: State) -> None:
    since = comparison.since_validation(proved)
    assert since.at is not None
    assert (since.stale, since.lines, since.unknown) == ((), (), ())


def test_a_profile_that_was_never_proved_says_so(tmp_path: Path) -> None:
    assert comparison.since_validation(walked(tmp_path)).at is None


def test_what_was_typed_since_is_told_with_the_checks_that_no_longer_hold(proved: State) -> None:
    since = comparison.since_validation(state.edit(proved, "webservice.url", "http://other:8080/ws"))
    assert since.lines == (Line("Web service", "Address (URL)", "http://localhost:8080/ws", "http://other:8080/ws"),)
    titles = {check.id: check.title for check in checks().values()}
    assert {titles["webservice.index"], titles["webservice.tls"]} <= set(since.stale)
    assert titles["database.login"] not in since.stale
    assert since.unknown == ()


def test_what_was_written_since_is_found_in_the_former_versions(proved: State) -> None:
    once = review.save(state.edit(proved, "webservice.url", "http://other:8080/ws"))
    twice = review.save(state.edit(once, "notes", "a thought"))
    reopened = state.open_profile(twice.file or Path())
    since = comparison.since_validation(reopened)
    assert [(line.left, line.right) for line in since.lines] == [("http://localhost:8080/ws", "http://other:8080/ws")]


def test_without_the_former_version_the_page_is_named(proved: State) -> None:
    once = review.save(state.edit(proved, "webservice.url", "http://other:8080/ws"))
    assert once.file is not None
    for kept in once.file.parent.glob("*.bak*"):
        kept.unlink()
    since = comparison.since_validation(state.open_profile(once.file))
    assert since.lines == ()
    assert "Web service" in since.unknown


def test_a_former_version_that_cannot_be_read_is_passed_over(proved: State) -> None:
    once = review.save(state.edit(proved, "webservice.url", "http://other:8080/ws"))
    twice = review.save(state.edit(once, "notes", "a thought"))
    assert twice.file is not None
    twice.file.with_name(twice.file.name + ".bak").write_text("{", "utf-8")
    assert comparison.since_validation(state.open_profile(twice.file)).lines
