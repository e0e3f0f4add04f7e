"""Where a password is kept: what was chosen is what the document says, and what is missing is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flow.sessions import walked
from wizard.flow import review, state, stores
from wizard.flow.state import value_of

PATH = "database.password"
OWN = "keyring:aps-wizard/matriz/database.password"


def codes(now: state.State) -> list[str]:
    return [problem.code for problem in state.problems(now, "database")]


@pytest.mark.parametrize(
    ("kind", "reference", "missing"),
    [("keyring", OWN, ["secret_missing"]), ("env", "env:", ["string_pattern_mismatch"]), ("", None, [])],
)
def test_a_chosen_place_stands_in_the_document_at_once(
    tmp_path: Path, kind: str, reference: str | None, missing: list[str]
) -> None:
    now = state.choose_store(walked(tmp_path, "informix"), PATH, kind)
    assert value_of(now.data, PATH) == reference
    assert codes(now) == missing


def test_typing_the_password_makes_it_complete_and_another_place_forgets_it(tmp_path: Path) -> None:
    now = state.choose_store(walked(tmp_path, "informix"), PATH, "keyring")
    now = state.type_secret(now, PATH, "hunter2")
    assert codes(now) == []
    now = state.choose_store(now, PATH, "env")
    assert now.typed == {}
    now = state.edit(now, PATH, "env:APS_DB")
    assert codes(now) == []


def test_a_password_in_place_of_the_name_of_a_variable_is_refused_without_repeating_it(tmp_path: Path) -> None:
    now = state.edit(walked(tmp_path, "informix"), PATH, "env:S3nha!x")
    (problem,) = state.problems(now, "database")
    assert problem.path == PATH
    assert "S3nha" not in str(problem)


def test_only_what_is_not_on_disk_is_unsaved(tmp_path: Path) -> None:
    now = walked(tmp_path, "informix")
    assert not state.unsaved(now, now.data)
    assert state.unsaved(state.edit(now, "notes", "x"), now.data)
    assert state.unsaved(state.type_secret(now, PATH, "hunter2"), now.data)


def test_a_size_chosen_while_an_import_ran_stays(tmp_path: Path) -> None:
    grade = {
        "code": 1, "description": "Cor", "content_table": "cor", "code_column": "cod", "description_column": "den",
        "per_company": True, "indicator": "C", "size": 4, "contents": 10,
    }  # fmt: skip
    from wizard.profile.models import Grades

    found = Grades.model_validate({"enabled": True, "types": [grade]})
    now = state.set_grades(walked(tmp_path), found)
    now = state.edit_grade_type(now, 1, "size", 5)
    now = state.edit_grade_type(now, 1, "indicator", "k")
    now = state.set_grades(now, found)
    assert [(g["size"], g["indicator"]) for g in value_of(now.data, "grades.types")] == [(5, "K")]


def test_a_password_typed_for_a_copy_and_emptied_again_leaves_the_login_of_the_first(tmp_path: Path) -> None:
    first = review.save(state.edit(review.save(walked(tmp_path, "informix")), PATH, OWN))
    assert first.file is not None
    copy = state.duplicate_profile(first.file, "Filial", "02", "02")
    now = state.type_secret(state.type_secret(copy, PATH, "h"), PATH, "")
    assert value_of(now.data, PATH) == OWN
    assert state.unsaved(now, copy.data) is False


def test_a_chosen_place_stays_while_its_password_is_typed_anew(tmp_path: Path) -> None:
    now = state.choose_store(walked(tmp_path, "informix"), PATH, "keyring")
    now = state.type_secret(state.type_secret(now, PATH, "hunter"), PATH, "")
    assert value_of(now.data, PATH) == OWN
    assert codes(now) == ["secret_missing"]


def test_a_password_typed_for_one_kind_of_database_is_not_stored_where_another_reads_a_variable(tmp_path: Path) -> None:
    now = state.edit(walked(tmp_path, "informix"), PATH, "env:APS_DB")
    now = state.edit(now, "database.kind", "oracle")
    now = state.type_secret(now, PATH, "hunter2")
    now = state.edit(now, "database.kind", "informix")
    assert value_of(now.data, PATH) == "env:APS_DB"
    assert review.save(now).file is not None


def test_a_password_typed_anew_is_not_replaced_by_the_former_one_when_it_moves(tmp_path: Path) -> None:
    now = review.save(state.edit(review.save(walked(tmp_path, "informix")), PATH, OWN))
    now = state.edit(state.edit(now, "engine_account.kind", "service"), "engine_account.name", "svc-aps")
    now = state.type_secret(now, PATH, "fresh")
    wanted = stores.to_move(now)
    assert wanted == ((PATH, OWN),)
    moved = stores.moved(now, dict.fromkeys([PATH], "former"))
    assert moved.typed == {PATH: "fresh"}
    assert str(value_of(moved.data, PATH)).startswith("dpapi:")
