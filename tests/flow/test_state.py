"""Typing: what an edit changes and what it leaves, kinds of database, secrets, copies, and what a test looks at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.flow.sessions import DATABASES, GRADE_TYPE, SITE, paths, report, typed, walked
from wizard import i18n
from wizard.checklist.registry import checks, chosen
from wizard.checklist.run import Run
from wizard.demo import walk as demo_walk
from wizard.demo.site import open_site
from wizard.flow import review, state
from wizard.flow.state import State, value_of
from wizard.flow.steps import BY_ID, STEPS
from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.profile.models import Grades, GradeType

CANARY = "S3cret-c4nary"


def saved(folder: Path, **more: object) -> Path:
    """The file of a profile that was walked through and written."""
    file = review.save(walked(folder, **more)).file  # type: ignore[arg-type]
    assert file is not None
    return file


# --- typing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_value_takes_the_key_out(tmp_path: Path, empty: str | None) -> None:
    now = state.edit(walked(tmp_path, database__query_timeout="60"), "database.query_timeout", empty)
    assert "query_timeout" not in now.data["database"]
    assert state.profile_of(now).database.query_timeout == 120


def test_an_edit_leaves_the_session_before_it_as_it_was(tmp_path: Path) -> None:
    before = walked(tmp_path)
    copy = json.dumps(before.data)
    after = state.edit(before, "webservice.tls.verify", False)
    assert json.dumps(before.data) == copy
    assert after.data["webservice"] == {**before.data["webservice"], "tls": {"verify": False}}


def test_what_is_wrong_is_said_of_the_answers_as_they_are_now_and_in_the_language_of_now(tmp_path: Path) -> None:
    now = walked(tmp_path)
    assert state.problems(now) == state.problems(now) == ()
    wrong = state.edit(now, "webservice.url", "ftp://servidor")
    (english,) = state.problems(wrong)
    i18n.use("pt_BR")
    try:
        (portuguese,) = state.problems(wrong)
    finally:
        i18n.use("en")
    assert (english.code, english.path) == (portuguese.code, portuguese.path)
    assert english.message != portuguese.message
    assert state.problems(state.edit(wrong, "webservice.url", "http://servidor/ws")) == ()


@pytest.mark.parametrize(("path", "value"), [("name", "Matriz"), ("notes", ""), ("aps.url", None)])
def test_typing_what_stands_there_already_changes_nothing(tmp_path: Path, path: str, value: str | None) -> None:
    now = state.take_report(walked(tmp_path), report())
    assert state.edit(now, path, value) == now


def test_a_value_can_be_typed_over_a_damaged_section(tmp_path: Path) -> None:
    now = state.edit(state.edit(walked(tmp_path), "webservice", "text"), "webservice.url", "http://server/ws")
    assert state.problems(now) == ()


@pytest.mark.parametrize("damaged", ["text", ["list"], None])
def test_a_kind_can_be_chosen_over_a_damaged_database_section(tmp_path: Path, damaged: object) -> None:
    now = state.edit(state.edit(walked(tmp_path), "database", damaged), "database.kind", "oracle")
    assert now.data["database"] == {"kind": "oracle"}


# --- kinds of database -------------------------------------------------------------------------


def test_a_change_of_kind_keeps_what_was_typed_for_each(tmp_path: Path) -> None:
    informix = typed(
        walked(tmp_path, "informix", until="database"),
        {"database.kind": "informix", "database.dsn": "LOGIX", "database.isolation": "serializable"},
    )
    oracle = typed(
        state.edit(informix, "database.kind", "oracle"),
        {"database.host": "srvoracle", "database.service": "logix", "database.port": "1522"},
    )
    again = state.edit(oracle, "database.kind", "informix")
    assert again.data["database"] == informix.data["database"]
    assert state.edit(again, "database.kind", "oracle").data["database"] == oracle.data["database"]


def test_login_goes_along_to_a_kind_seen_for_the_first_time_and_the_rest_does_not(tmp_path: Path) -> None:
    now = typed(
        walked(tmp_path, "informix"),
        {"database.user": "logix", "database.isolation": "serializable", "database.query_timeout": "60"},
    )
    now = state.edit(now, "database.kind", "sqlserver")
    assert now.data["database"] == {"kind": "sqlserver", "user": "logix", "dsn": "LOGIX"}


def test_a_kind_without_login_takes_none_along(tmp_path: Path) -> None:
    now = typed(walked(tmp_path, "informix"), {"database.user": "logix", "database.kind": "sqlite"})
    assert now.data["database"] == {"kind": "sqlite"}
    assert paths(state.problems(now)) == ["database.file"]


def test_only_the_chosen_kind_is_written(tmp_path: Path) -> None:
    now = typed(walked(tmp_path, "informix"), {"database.kind": "sqlite", "database.file": "logix.sqlite"})
    assert now.other_kinds["informix"]["dsn"] == "LOGIX"
    assert "LOGIX" not in review.preview(now).text


# --- results -----------------------------------------------------------------------------------

EDITS: list[tuple[str, object]] = [
    ("name", "Filial"),
    ("notes", "Checked by phone"),
    ("environment", "production"),
    ("company.logix", "02"),
    ("database.file", "other.sqlite"),
    ("database.kind", "informix"),
    ("aps.url", "sqlite:///aps.sqlite"),
    ("webservice.url", "http://other/ws"),
    ("webservice.tls.verify", False),
    ("grades.enabled", True),
    ("update.entities.item", False),
    ("confirmation.create_orders", False),
    ("engine_account.kind", "service"),
]


@pytest.mark.parametrize(("path", "value"), EDITS)
def test_an_edit_drops_the_results_that_cover_it_and_no_other(tmp_path: Path, path: str, value: object) -> None:
    now = state.edit(state.take_report(walked(tmp_path), report()), path, value)
    section = path.partition(".")[0]
    assert set(now.results) == {id_ for id_, check in checks().items() if section not in check.covers}


def test_typing_a_secret_drops_the_results_that_used_it(tmp_path: Path) -> None:
    now = state.type_secret(state.take_report(walked(tmp_path, "informix"), report()), "database.password", CANARY)
    assert set(now.results) == {id_ for id_, check in checks().items() if "database" not in check.covers}
    # The reference stays the same the second time; the secret behind it does not.
    again = state.type_secret(state.take_report(now, report()), "database.password", "another")
    assert set(again.results) == set(now.results)


def test_importing_grades_drops_the_results_that_looked_at_the_former_ones(tmp_path: Path) -> None:
    grades = Grades(enabled=True, types=(GradeType.model_validate(GRADE_TYPE),))
    now = state.set_grades(state.take_report(walked(tmp_path), report()), grades)
    assert set(now.results) == {id_ for id_, check in checks().items() if "grades" not in check.covers}
    assert state.profile_of(now).grades == grades


def test_a_later_run_replaces_only_what_it_ran(tmp_path: Path) -> None:
    now = state.take_report(walked(tmp_path), report("fail"))
    real = Run(state.subject(now), chosen(["grades.sizes"])).run()
    now = state.take_report(now, real)
    assert {id_ for id_, result in now.results.items() if result.passed} == {"profile.valid", "grades.sizes"}
    assert now.proved_at == real.at


# --- grade types -------------------------------------------------------------------------------


@pytest.mark.seed("R-1.9-11")
@pytest.mark.parametrize(("field", "value"), [("size", 5), ("indicator", "X")])
def test_size_and_indicator_of_one_type_are_edited_and_the_others_stay(
    tmp_path: Path, field: str, value: object
) -> None:
    other = {**GRADE_TYPE, "code": 2, "description": "Tamanho", "indicator": "T", "size": 3}
    now = state.edit(walked(tmp_path), "grades.types", [GRADE_TYPE, other])
    now = state.take_report(now, report())
    after = state.edit_grade_type(now, 2, field, value)
    assert after.data["grades"]["types"] == [GRADE_TYPE, {**other, field: value}]
    assert "grades.sizes" not in after.results
    assert state.edit_grade_type(now, 2, field, other[field]) == now


# --- secrets -----------------------------------------------------------------------------------

SECRETS = ["database.password", "aps.password", "webservice.password"]


@pytest.mark.parametrize("path", SECRETS)
def test_a_typed_secret_is_named_by_a_reference_and_stands_nowhere_else(tmp_path: Path, path: str) -> None:
    now = state.type_secret(walked(tmp_path, "informix"), path, CANARY)
    assert value_of(now.data, path) == f"keyring:aps-wizard/matriz/{path}"
    assert dict(now.typed) == {path: CANARY}
    assert CANARY not in repr(now)
    assert CANARY not in json.dumps(now.data)
    assert CANARY not in repr(state.subject(now))
    assert CANARY not in review.preview(now).text
    assert state.subject(now).typed == {path: CANARY}


def test_a_secret_that_was_emptied_again_leaves_no_reference_to_nothing(tmp_path: Path) -> None:
    before = walked(tmp_path, "informix")
    now = state.type_secret(state.type_secret(before, "database.password", CANARY), "database.password", "")
    assert now == before


def test_emptying_a_secret_that_was_not_typed_keeps_the_stored_one(tmp_path: Path) -> None:
    now = state.edit(walked(tmp_path, "informix"), "database.password", "env:LOGIX_PASSWORD")
    assert state.type_secret(now, "database.password", "") == now


def test_a_secret_of_a_written_profile_that_is_typed_and_emptied_is_the_stored_one_again(tmp_path: Path) -> None:
    file = saved(tmp_path, kind="informix", database__password="env:LOGIX_PASSWORD")
    opened = state.open_profile(file)
    now = state.type_secret(opened, "database.password", CANARY)
    assert value_of(now.data, "database.password") == "keyring:aps-wizard/matriz/database.password"
    assert state.type_secret(now, "database.password", "").data == opened.data


def test_a_secret_of_a_new_profile_follows_its_name(tmp_path: Path) -> None:
    now = state.type_secret(walked(tmp_path, "informix"), "database.password", CANARY)
    now = state.edit(now, "name", "Filial Sul")
    assert value_of(now.data, "database.password") == "keyring:aps-wizard/filial-sul/database.password"


def test_a_secret_of_a_written_profile_stays_when_only_its_name_changes(tmp_path: Path) -> None:
    opened = state.open_profile(saved(tmp_path, kind="informix"))
    now = state.edit(state.type_secret(opened, "database.password", CANARY), "name", "Filial Sul")
    assert value_of(now.data, "database.password") == "keyring:aps-wizard/matriz/database.password"


def test_a_password_typed_for_a_copy_does_not_touch_that_of_the_original(tmp_path: Path) -> None:
    reference = "keyring:aps-wizard/matriz/database.password"
    original = state.edit(state.open_profile(saved(tmp_path, kind="informix")), "database.password", reference)
    file = review.save(original).file
    assert file is not None
    copy = state.duplicate_profile(file, "Filial", "02", "02")
    assert not state.problems(copy, "database"), "the secret of the original is stored and serves the copy"
    assert value_of(copy.data, "database.password") == reference
    copy = state.type_secret(copy, "database.password", CANARY)
    assert value_of(copy.data, "database.password") == "keyring:aps-wizard/filial/database.password"


def test_profiles_of_one_name_in_two_folders_have_entries_of_their_own(tmp_path: Path) -> None:
    def reference(folder: Path) -> str:
        folder.mkdir(exist_ok=True)
        return str(value_of(state.type_secret(walked(folder, "informix"), path, CANARY).data, path))

    path = "database.password"
    found = [reference(tmp_path / name) for name in (".", "test", "production", "test")]
    assert found[0] == "keyring:aps-wizard/matriz/database.password"
    assert len(set(found)) == 3
    assert found[1] == found[3], "a password that is typed again goes to the same entry"


# --- copies ------------------------------------------------------------------------------------


@pytest.mark.seed("R-GEN-02")
def test_a_copy_leaves_out_what_belongs_to_the_first_company(tmp_path: Path) -> None:
    now = state.edit(walked(tmp_path, aps__url="sqlite:///aps01.sqlite"), "grades.enabled", True)
    now = state.edit(now, "grades.types", [GRADE_TYPE])
    first = review.save(state.take_report(now, report()))
    assert first.file is not None
    assert first.data["validation"]
    copy = state.duplicate_profile(first.file, "Filial", "02", "03")
    assert copy.data["company"] == {"logix": "02", "site": "03"}
    assert copy.data["grades"] == {"enabled": True}
    assert "aps" not in copy.data
    assert "validation" not in copy.data
    for section in ("environment", "database", "webservice", "update", "confirmation", "engine_account"):
        assert copy.data[section] == first.data[section]
    assert (copy.file, copy.digest, copy.step) == (None, None, "company")


def test_a_copy_asks_for_name_and_company_when_none_are_given(tmp_path: Path) -> None:
    copy = state.duplicate_profile(saved(tmp_path))
    assert paths(state.problems(copy, "company")) == ["company.logix", "company.site", "name"]


@pytest.mark.seed("R-GEN-02")
def test_a_copy_never_overwrites_a_profile(tmp_path: Path) -> None:
    first, second = saved(tmp_path), saved(tmp_path, name="Filial")
    before = second.read_bytes()
    copy = state.duplicate_profile(first, "Filial", "02", "02")
    with pytest.raises(ProfileError) as error:
        review.save(copy)
    assert [problem.code for problem in error.value.problems] == ["exists"]
    assert second.read_bytes() == before


@pytest.mark.parametrize("name", ["Matriz", "MATRIZ", "matriz!", "Mátriz"])
def test_a_name_whose_file_exists_is_a_problem_of_the_first_step(tmp_path: Path, name: str) -> None:
    saved(tmp_path)
    now = typed(state.new_profile(tmp_path), {**SITE, "name": name})
    (problem,) = state.problems(now, "company")
    assert (problem.code, problem.path) == ("exists", "name")
    assert problem.action


def test_the_own_file_of_an_opened_profile_is_no_collision(tmp_path: Path) -> None:
    opened = state.open_profile(saved(tmp_path))
    assert state.problems(opened) == ()
    renamed = state.edit(opened, "name", "Filial")
    assert state.file_of(renamed) == opened.file


def test_opening_a_profile_that_cannot_be_read_tells_all_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("version: 1\nname: Matriz\nenvironment: prod\ncompany: {logix: '001', site: '1'}\n", "utf-8")
    with pytest.raises(ProfileError) as error:
        state.open_profile(file)
    assert {problem.path for problem in error.value.problems} >= {"environment", "company.logix", "database"}
    assert all(problem.file == file for problem in error.value.problems)


# --- what a test looks at ----------------------------------------------------------------------


def test_the_database_can_be_tested_before_the_web_service_is_filled_in(tmp_path: Path) -> None:
    now = walked(tmp_path, until="database")
    now = typed(now, {"database.kind": "sqlite", **DATABASES["sqlite"]})
    assert paths(state.problems(now)) == ["webservice.url"]
    subject = state.test_subject(now, "database")
    assert subject.profile.database.kind == "sqlite"
    assert subject.file == tmp_path / "matriz.yaml"
    assert "webservice" not in now.data


@pytest.mark.parametrize(
    ("path", "value"), [("webservice.url", "no address"), ("grades.types", "x"), ("engine_account.kind", "gmsa")]
)
def test_what_is_wrong_on_a_later_page_does_not_stop_a_test(tmp_path: Path, path: str, value: object) -> None:
    now = state.edit(walked(tmp_path), path, value)
    assert state.test_subject(now, "database").profile.company.logix == "01"
    assert value_of(now.data, path) == value


@pytest.mark.seed("R-PRE-05")
@pytest.mark.parametrize("kind", DATABASES)
def test_an_incomplete_database_cannot_be_tested(tmp_path: Path, kind: str) -> None:
    now = state.edit(walked(tmp_path, until="database"), "database.kind", kind)
    with pytest.raises(ProfileError) as error:
        state.test_subject(now, "database")
    assert all(problem.path.startswith("database.") for problem in error.value.problems)


def test_an_earlier_page_must_be_complete_for_a_test(tmp_path: Path) -> None:
    now = state.edit(walked(tmp_path), "company.logix", "")
    with pytest.raises(ProfileError) as error:
        state.test_subject(now, "webservice")
    assert paths(error.value.problems) == ["company.logix"]


def test_a_test_takes_the_secret_that_was_typed_and_not_stored(tmp_path: Path) -> None:
    now = state.type_secret(walked(tmp_path, "informix"), "database.password", CANARY)
    assert state.test_subject(now, "database").typed == {"database.password": CANARY}


def test_a_test_saves_nothing(tmp_path: Path) -> None:
    with open_site(tmp_path / "site") as site:
        answers = {**SITE, "database.kind": "sqlite", "database.file": str(site.database)}
        now = typed(state.new_profile(tmp_path / "profiles"), {**answers, "webservice.url": site.webservice_url})
        for step in STEPS:
            if step.checks:
                found = Run(state.test_subject(now, step.id), chosen(step.checks)).run()
                assert [(r.check.id, r.outcome.code) for r in found.results if not r.passed] == []
                now = state.take_report(now, found)
    assert not (tmp_path / "profiles").exists()
    assert {id_ for step in STEPS for id_ in BY_ID[step.id].checks} <= set(now.results)


# --- the same settings by another way ----------------------------------------------------------


@pytest.mark.seed("R-PRE-09")
def test_the_wizard_is_one_way_and_leads_to_the_same_settings_as_writing_the_file(tmp_path: Path) -> None:
    by_wizard = store.read(saved(tmp_path / "wizard"))
    file = tmp_path / "hand" / "matriz.yaml"
    file.parent.mkdir()
    lines = ["version: 1", "name: Matriz", "environment: test", "company: {logix: 01, site: 01}"]
    lines += ["database: {kind: sqlite, file: logix.sqlite}", "webservice: {url: 'http://localhost:8080/ws'}"]
    file.write_text("\n".join(lines), "utf-8")
    assert store.read(file).profile == by_wizard.profile


@pytest.mark.seed("R-PRE-08", "R-CFG-03")
def test_the_demo_takes_the_address_of_the_web_service_out_of_the_servers_file(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        answers: Mapping[str, str] = demo_walk.answers(site)
        assert answers["webservice.url"] == site.webservice_url
        site.appserver_ini.write_text("[WebServices]\nURLLocation=http://servidor:9090/ws\n", "cp1252")
        assert demo_walk.answers(site)["webservice.url"] == "http://servidor:9090/ws"
        site.appserver_ini.write_text("[WebServices]\nEnable=1\n", "cp1252")
        with pytest.raises(demo_walk.DemoFailed, match="URLLocation"):
            demo_walk.answers(site)


def test_a_state_without_a_profile_has_no_data(tmp_path: Path) -> None:
    assert State(tmp_path).data == {}
