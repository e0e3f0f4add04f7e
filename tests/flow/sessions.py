"""Sessions of the wizard for the tests of this folder, made by the moves that a person makes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from wizard.checklist.check import Outcome, Status
from wizard.checklist.registry import checks
from wizard.checklist.run import Report, Result
from wizard.flow import state
from wizard.flow.state import State
from wizard.flow.steps import step_of

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)

SITE: Mapping[str, object] = {
    "name": "Matriz",
    "environment": "test",
    "company.logix": "01",
    "company.site": "01",
    "webservice.url": "http://localhost:8080/ws",
}

DATABASES: Mapping[str, Mapping[str, object]] = {
    "informix": {"database.dsn": "LOGIX"},
    "oracle": {"database.host": "srvoracle", "database.service": "logix"},
    "sqlserver": {"database.driver": "ODBC Driver 18 for SQL Server", "database.host": "srvsql"},
    "odbc": {"database.dsn": "LOGIX"},
    "sqlite": {"database.file": "logix.sqlite"},
}
"""The least that has to be typed for each kind."""

GRADE_TYPE = {
    "code": 1,
    "description": "Cor",
    "content_table": "cor_produto",
    "code_column": "cod_cor",
    "description_column": "den_cor",
    "per_company": True,
    "indicator": "C",
    "size": 4,
    "contents": 2400,
}


def typed(now: State, answers: Mapping[str, object]) -> State:
    """The session after typing each answer at its path."""
    for path, value in answers.items():
        now = state.edit(now, path, value)
    return now


def walked(folder: Path, kind: str = "sqlite", until: str = "review", **more: object) -> State:
    """A new profile that went from step to step; `more` are answers by path with __ for the dot."""
    answers = {**SITE, "database.kind": kind, **DATABASES[kind]}
    answers |= {path.replace("__", "."): value for path, value in more.items()}
    now = state.new_profile(folder)
    while now.step != until:
        now = typed(now, {path: value for path, value in answers.items() if step_of(path) == now.step})
        now, problems = state.advance(now)
        assert problems == ()
    return now


def report(status: Status = "ok", **other: Status) -> Report:
    """Results of all checks as a run would give them; `other` by check id with __ for the dot."""
    others = {id_.replace("__", "."): found for id_, found in other.items()}
    results = tuple(
        Result(check, Outcome(others.get(check.id, status), "tried", "Tried."), 1) for check in checks().values()
    )
    return Report(results, AT)


def paths(problems: tuple[object, ...]) -> list[str]:
    """The places that problems name."""
    return sorted(problem.path for problem in problems)  # type: ignore[attr-defined]
