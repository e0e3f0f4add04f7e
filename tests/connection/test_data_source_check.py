"""The check of the data source: scope, bitness and driver of the DSN that the profile names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.connection.odbc_machine import Machine, build
from wizard.checklist.check import Subject
from wizard.connection.checks.data_source import CHECK
from wizard.profile.load import profile_from_data

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="unixODBC's files; the registry has tests of its own")


@pytest.fixture
def machine(tmp_path: Path, logix_file: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return build(tmp_path / "odbc", logix_file, monkeypatch)


def subject(folder: Path, database: dict[str, object]) -> Subject:
    data = {
        "name": "x",
        "environment": "test",
        "company": {"logix": "01", "site": "01"},
        "database": database,
        "webservice": {"url": "http://h/ws"},
    }
    return Subject(profile_from_data(data), folder / "x.yaml")


@pytest.mark.seed("R-PRE-06")
@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("LOGIX", "ok", "database.dsn_usable"),
        ("DEMO", "ok", "database.dsn_usable"),
        ("logix", "fail", "database.dsn_unknown"),
        ("NOBODY", "fail", "database.dsn_unknown"),
        ("ORA", "fail", "database.dsn_other_bitness"),
        ("GHOST", "fail", "database.dsn_library_missing"),
        ("LOST", "fail", "database.dsn_driver_not_registered"),
        ("STORED", "warn", "database.dsn_password_stored"),
        ("MINE", "warn", "database.dsn_user_dsn"),
    ],
)
def test_each_data_source_is_judged(machine: Machine, tmp_path: Path, name: str, status: str, code: str) -> None:
    found = CHECK.run(subject(tmp_path, {"kind": "informix", "dsn": name}))
    assert (found.status, found.code) == (status, code)
    assert bool(found.hint) is (status != "ok")
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("DEMO", "warn", "database.dsn_shadowed"), ("GHOST", "fail", "database.dsn_library_missing")],
)
def test_behind_a_user_dsn_the_one_of_the_engines_is_judged(
    machine: Machine, tmp_path: Path, name: str, status: str, code: str
) -> None:
    machine.user.write_text(f"[{name}]\nDriver=SQLite3\nDatabase={machine.database}\n", encoding="utf-8")
    found = CHECK.run(subject(tmp_path, {"kind": "informix", "dsn": name}))
    assert (found.status, found.code) == (status, code)
    if status == "warn":
        assert found.hint.startswith("Delete the user DSN")


def test_the_right_spelling_is_told(machine: Machine, tmp_path: Path) -> None:
    found = CHECK.run(subject(tmp_path, {"kind": "informix", "dsn": "logix"}))
    assert found.hint == "There is one named LOGIX; the name must be exactly the same."


def test_a_connection_without_a_data_source_needs_none(tmp_path: Path) -> None:
    found = CHECK.run(subject(tmp_path, {"kind": "sqlite", "file": "x.sqlite"}))
    assert (found.status, found.code) == ("ok", "database.no_dsn")
