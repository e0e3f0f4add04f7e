"""The order of the steps, what each needs before Next, and moving between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.flow.sessions import DATABASES, GRADE_TYPE, SITE, paths, report, typed, walked
from wizard.checklist.registry import checks
from wizard.flow import review, state
from wizard.flow.state import State
from wizard.flow.steps import BY_ID, IDS, STEPS, step_of
from wizard.profile import store
from wizard.profile.models import Profile

ORDER = (
    "start",
    "prerequisites",
    "company",
    "database",
    "aps",
    "webservice",
    "grades",
    "options",
    "engine",
    "review",
    "checklist",
)


# --- the steps themselves ----------------------------------------------------------------------


def test_the_steps_stand_in_the_order_of_the_window() -> None:
    assert IDS == ORDER


@pytest.mark.seed("R-CHK-04")
def test_the_server_files_come_first_then_database_and_web_service_then_the_grades() -> None:
    order = [IDS.index(step) for step in ("prerequisites", "database", "webservice", "grades")]
    assert order == sorted(order)


def test_every_section_of_the_profile_is_filled_in_by_exactly_one_step() -> None:
    filled = [section for step in STEPS for section in step.sections]
    assert sorted(filled) == sorted(set(Profile.model_fields) - {"validation"})


def test_every_check_of_a_step_exists_and_every_check_is_run_by_some_step_or_needed_by_one() -> None:
    run = [id_ for step in STEPS for id_ in step.checks]
    assert set(run) <= set(checks())
    needed = {need for check in checks().values() for need in check.needs}
    assert set(checks()) - set(run) <= needed


def test_a_step_runs_checks_that_look_at_its_own_section() -> None:
    for step in STEPS:
        for id_ in step.checks:
            assert set(checks()[id_].covers) & set(step.sections), (step.id, id_)


@pytest.mark.parametrize(
    ("path", "step"),
    [
        ("name", "company"),
        ("version", "company"),
        ("company.logix", "company"),
        ("database", "database"),
        ("database.dsn", "database"),
        ("aps.url", "aps"),
        ("webservice.tls.ca_file", "webservice"),
        ("grades.types[0].size", "grades"),
        ("grades", "grades"),
        ("update.entities.item", "options"),
        ("confirmation.cutoff_date", "options"),
        ("engine_account.name", "engine"),
        ("validation.at", "review"),
        ("databse.dsn", "review"),
        ("", "review"),
    ],
)
def test_a_problem_belongs_to_the_step_that_fills_its_place(path: str, step: str) -> None:
    assert step_of(path) == step


# --- what each step needs before Next ----------------------------------------------------------

WRONG_DSN = "A[1]"

NEEDS: list[tuple[str, Mapping[str, object], list[str]]] = [
    ("company", {}, ["company.logix", "company.site", "environment", "name"]),
    ("company", {"name": "Matriz"}, ["company.logix", "company.site", "environment"]),
    ("company", {**SITE, "company.logix": ""}, ["company.logix"]),
    ("company", {**SITE, "company.logix": "001"}, ["company.logix"]),
    ("company", {**SITE, "company.site": "000001"}, ["company.site"]),
    ("company", {**SITE, "name": " Matriz"}, ["name"]),
    ("company", {**SITE, "environment": "prod"}, ["environment"]),
    ("company", SITE, []),
    ("database", {}, ["database.dsn"]),
    ("database", {"database.dsn": WRONG_DSN}, ["database.dsn"]),
    ("database", {"database.dsn": "LOGIX", "database.query_timeout": "soon"}, ["database.query_timeout"]),
    ("database", {"database.dsn": "LOGIX", "database.login_timeout": "0"}, ["database.login_timeout"]),
    ("database", {"database.kind": "oracle"}, ["database.host"]),
    ("database", {"database.kind": "oracle", "database.host": "srv"}, ["database.service"]),
    ("database", {"database.kind": "oracle", "database.tns": "LOGIX"}, []),
    ("database", {"database.kind": "oracle", "database.dsn": "LOGIX"}, []),
    ("database", {"database.kind": "sqlserver"}, ["database.host"]),
    ("database", {"database.kind": "sqlserver", "database.host": "srv"}, ["database.driver"]),
    ("database", {"database.kind": "sqlserver", "database.dsn": "LOGIX"}, []),
    ("database", {"database.kind": "odbc"}, ["database.dsn"]),
    ("database", {"database.kind": "sqlite"}, ["database.file"]),
    ("database", {"database.kind": "progress"}, ["database.kind"]),
    *[("database", {"database.kind": kind, **answers}, []) for kind, answers in DATABASES.items()],
    ("aps", {}, []),
    ("aps", {"aps.url": "not a url"}, ["aps.url"]),
    ("aps", {"aps.url": "postgresql://aps:secret@server/aps"}, ["aps.url"]),
    ("webservice", {}, ["webservice.url"]),
    ("webservice", {"webservice.url": "ftp://servidor:8080/ws"}, ["webservice.url"]),
    ("webservice", {**SITE, "webservice.connect_timeout": "0"}, ["webservice.connect_timeout"]),
    ("webservice", SITE, []),
    ("grades", {}, []),
    ("grades", {"grades.enabled": True}, []),
    ("grades", {"grades.types": [{**GRADE_TYPE, "size": 6}]}, ["grades.types[0].size"]),
    ("grades", {"grades.types": [{**GRADE_TYPE, "indicator": "?"}]}, ["grades.types[0].indicator"]),
    ("options", {}, []),
    ("options", {"update.calendar_years_back": "51"}, ["update.calendar_years_back"]),
    ("options", {"update.reference_date": "31/01/2026"}, ["update.reference_date"]),
    (
        "options",
        {"confirmation.horizon_days": "30", "confirmation.cutoff_date": "2026-01-31"},
        ["confirmation.horizon_days"],
    ),
    ("engine", {}, []),
    ("engine", {"engine_account.kind": "service"}, ["engine_account.name"]),
    ("engine", {"engine_account.kind": "gmsa", "engine_account.name": "DOMINIO\\svc-aps$"}, []),
]


@pytest.mark.seed("R-PRE-05", "R-PRE-06")
@pytest.mark.parametrize(("step", "answers", "wanted"), NEEDS)
def test_next_explains_what_the_step_still_needs(
    tmp_path: Path, step: str, answers: Mapping[str, object], wanted: list[str]
) -> None:
    now = typed(walked(tmp_path, until=step), {"database.kind": "informix"} if step == "database" else {})
    if step == "company":
        now = state.new_profile(tmp_path)
    elif step == "webservice":
        now = state.edit(now, "webservice", None)
    now = typed(State(now.folder, step, now.data, walking=True, visited=frozenset({*now.visited, step})), answers)
    after, problems = state.advance(now)
    assert paths(problems) == wanted
    assert all(problem.message for problem in problems)
    if wanted:
        assert after == now
    else:
        assert after.step == IDS[IDS.index(step) + 1]


def test_problems_of_other_steps_do_not_hold_this_one(tmp_path: Path) -> None:
    now = walked(tmp_path, until="grades")
    now = state.edit(now, "database.file", "")
    after, problems = state.advance(now)
    assert problems == ()
    assert after.step == "options"
    assert paths(state.problems(after)) == ["database.file"]


def test_the_last_step_counts_the_problems_of_all(tmp_path: Path) -> None:
    now = typed(walked(tmp_path), {"database.file": "", "company.logix": "", "update.calendar_years_back": "x"})
    after, problems = state.advance(now)
    assert paths(problems) == ["company.logix", "database.file", "update.calendar_years_back"]
    assert after.step == "review"


@pytest.mark.seed("R-PRE-10")
def test_a_company_without_grades_reaches_the_end_without_importing_any(tmp_path: Path) -> None:
    profile = state.profile_of(walked(tmp_path))
    assert not profile.grades.enabled
    assert profile.grades.types == ()


def test_without_a_profile_there_is_nothing_wrong(tmp_path: Path) -> None:
    assert state.problems(State(tmp_path)) == ()


# --- moving ------------------------------------------------------------------------------------


def test_back_keeps_everything_typed_valid_or_not(tmp_path: Path) -> None:
    now = typed(walked(tmp_path, until="database"), {"database.dsn": WRONG_DSN, "database.user": "logix"})
    typed_so_far = now.data
    for step in reversed(ORDER[: ORDER.index("database")]):
        now = state.back(now)
        assert now.step == step
        assert now.data == typed_so_far
    assert state.back(now).step == "start"


def test_the_way_forward_again_finds_what_was_typed(tmp_path: Path) -> None:
    there = walked(tmp_path, until="webservice")
    back = state.back(state.back(there))
    forward = state.advance(state.advance(back)[0])[0]
    assert forward == there


def test_a_new_profile_walks_in_order_and_cannot_jump_ahead(tmp_path: Path) -> None:
    now = state.new_profile(tmp_path)
    assert now.step == "prerequisites"
    for index, step in enumerate(ORDER):
        seen = index <= ORDER.index("prerequisites")
        assert state.can_enter(now, step) is seen
        assert state.go(now, step).step == (step if seen else "prerequisites")


def test_a_new_profile_may_return_to_every_step_it_has_seen(tmp_path: Path) -> None:
    now = walked(tmp_path, until="webservice")
    seen = [step for step in ORDER if state.can_enter(now, step)]
    assert seen == list(ORDER[: ORDER.index("webservice") + 1])
    first = state.go(now, "company")
    assert first.step == "company"
    assert state.go(first, "webservice") == now


def test_an_existing_profile_opens_with_every_step_free_to_enter(tmp_path: Path) -> None:
    saved = review.save(walked(tmp_path))
    now = state.open_profile(file_of(saved))
    assert now.step == "company"
    assert not now.walking
    assert [step for step in ORDER if state.can_enter(now, step)] == list(ORDER)
    assert state.open_profile(file_of(saved), "grades").step == "grades"


def test_without_a_profile_only_the_start_can_be_entered(tmp_path: Path) -> None:
    assert [step for step in ORDER if state.can_enter(State(tmp_path), step)] == ["start"]


def test_moving_drops_no_results(tmp_path: Path) -> None:
    now = state.take_report(walked(tmp_path), report())
    moved = state.go(state.advance(state.back(state.back(now)))[0], "company")
    assert moved.results == now.results
    assert moved.proved_at == now.proved_at


def file_of(now: State) -> Path:
    assert now.file is not None
    return now.file


# --- the marks at the side ---------------------------------------------------------------------

MARKS: list[tuple[str, Callable[[State], State], str, str]] = [
    ("the first step", lambda now: now, "start", ""),
    ("a step that has no check and is complete", lambda now: now, "company", "done"),
    ("a step whose checks were not run", lambda now: now, "database", "done"),
    ("all checks passed", lambda now: state.take_report(now, report()), "database", "passed"),
    ("a warning passes", lambda now: state.take_report(now, report("warn")), "database", "passed"),
    ("one failed", lambda now: state.take_report(now, report(database__login="fail")), "database", "failed"),
    ("one skipped", lambda now: state.take_report(now, report(database__company="skipped")), "database", "done"),
    ("one crashed", lambda now: state.take_report(now, report(database__company="crashed")), "database", "failed"),
    ("another step's failed", lambda now: state.take_report(now, report(aps__store="fail")), "database", "passed"),
    (
        "an edit clears the mark",
        lambda now: state.edit(state.take_report(now, report()), "database.file", "other.sqlite"),
        "database",
        "done",
    ),
    (
        "an edit elsewhere keeps it",
        lambda now: state.edit(state.take_report(now, report()), "webservice.read_timeout", 61),
        "database",
        "passed",
    ),
    ("a problem", lambda now: state.edit(now, "database.file", ""), "database", "problem"),
    ("the step where one is", lambda now: state.go(now, "company"), "company", ""),
    ("the last step never", lambda now: state.edit(now, "database.file", ""), "review", ""),
]


@pytest.mark.parametrize(("move", "step", "mark"), [row[1:] for row in MARKS], ids=[row[0] for row in MARKS])
def test_the_mark_of_a_step_tells_how_it_stands(
    tmp_path: Path, move: Callable[[State], State], step: str, mark: str
) -> None:
    assert state.step_mark(move(walked(tmp_path)), step) == mark


def test_a_step_of_a_new_profile_is_unfinished_and_not_wrong_while_it_is_filled_in(tmp_path: Path) -> None:
    now = walked(tmp_path, until="database", database__kind="informix")
    now = state.edit(now, "database.kind", "informix")
    assert paths(state.problems(now, "database")) == ["database.dsn"]
    assert state.step_mark(now, "database") == ""
    assert state.step_mark(state.back(now), "database") == "problem"


def test_steps_not_reached_yet_have_no_mark(tmp_path: Path) -> None:
    now = walked(tmp_path, until="database")
    assert [state.step_mark(now, step) for step in ORDER[ORDER.index("aps") :]] == [""] * 7


def test_a_problem_of_an_existing_profile_shows_at_once(tmp_path: Path) -> None:
    now = state.open_profile(file_of(review.save(walked(tmp_path))), "database")
    assert state.step_mark(state.edit(now, "database.file", ""), "database") == "problem"


def test_every_step_has_title_and_instruction() -> None:
    assert all(step.title and step.instruction for step in BY_ID.values())


def test_saving_frees_every_step(tmp_path: Path) -> None:
    saved = review.save(walked(tmp_path))
    assert all(state.can_enter(saved, step) for step in ORDER)
    assert store.read(file_of(saved)).profile == state.profile_of(saved)
