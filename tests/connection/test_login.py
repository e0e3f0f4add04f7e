"""Does the database let the engines in, and what is it."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.checklist.check import Outcome

Check = Callable[..., Outcome]
CheckInChild = Callable[..., dict[str, Outcome]]

ID = "database.login"


def test_the_demo_lets_in_and_names_itself(check: Check) -> None:
    outcome = check(ID)
    assert (outcome.status, outcome.code) == ("ok", "database.login_ok")
    assert outcome.details == {
        "server": f"SQLite {sqlite3.sqlite_version}",
        "driver": f"sqlite3 (Python {platform.python_version()})",
    }


@pytest.mark.parametrize("content", [b"This is no database. " * 200, b"\xff\xfe" * 2048])
def test_a_file_that_is_no_database(check: Check, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "text.sqlite").write_bytes(content)
    outcome = check(ID, database={"kind": "sqlite", "file": "text.sqlite"})
    assert (outcome.status, outcome.code) == ("fail", "database.no_file")
    assert (tmp_path / "text.sqlite").read_bytes() == content


@pytest.mark.parametrize("name", ["missing.sqlite", "no/such/folder.sqlite"])
def test_a_file_that_is_not_there_is_not_made(check: Check, tmp_path: Path, name: str) -> None:
    outcome = check(ID, database={"kind": "sqlite", "file": name})
    assert (outcome.status, outcome.code) == ("fail", "database.no_file")
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_marks_of_an_address_in_its_name(check: Check, tmp_path: Path, logix_file: Path) -> None:
    name = "São João 100%?mode=rwc#1.sqlite"
    (tmp_path / name).write_bytes(logix_file.read_bytes())
    assert check(ID, database={"kind": "sqlite", "file": name}).status == "ok"


# --- ODBC --------------------------------------------------------------------------------------


def by_dsn(dsn: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "odbc", "dsn": dsn, **fields}


def test_odbc_lets_in_and_names_server_and_driver(check_in_child: CheckInChild, odbc: None) -> None:
    outcome = check_in_child(ID, {"database.password": "a}b;c{d"}, database=by_dsn("LOGIX", user="aps"))[ID]
    assert (outcome.status, outcome.code) == ("ok", "database.login_ok")
    assert outcome.details["server"].startswith("SQLite 3.")
    assert "sqlite3odbc.so" in outcome.details["driver"]


def test_odbc_without_the_library_of_the_driver_ends_before_the_login(check_in_child: CheckInChild, odbc: None) -> None:
    outcomes = check_in_child(ID, database=by_dsn("GHOST"))
    assert outcomes["database.reachable"].status == "ok"
    assert outcomes["database.driver"].code == "odbc.library_missing"
    assert outcomes[ID].code == "needs_failed"


def test_odbc_tells_of_a_missing_library_at_the_login_too(check_alone: Check, odbc: None) -> None:
    outcome = check_alone(ID, database=by_dsn("GHOST"))
    assert (outcome.status, outcome.code) == ("fail", "database.driver_missing")
    assert "libghost.so" in outcome.details["original"]
    assert outcome.hint


@pytest.mark.parametrize("dsn", ["NOFILE", "TEXT"])
def test_odbc_to_a_file_that_is_no_database(check_in_child: CheckInChild, odbc: None, dsn: str) -> None:
    outcome = check_in_child("database.company", database=by_dsn(dsn))
    codes = {outcome[ID].code, outcome["database.company"].code}
    assert "database.no_file" in codes


def test_an_unknown_data_source_ends_before_the_login(check_in_child: CheckInChild, odbc: None) -> None:
    outcomes = check_in_child(ID, database=by_dsn("PRODUCAO"))
    assert outcomes["database.reachable"].code == "database.dsn_unknown"
    assert outcomes[ID].code == "needs_failed"


def test_a_database_that_does_not_take_the_words_of_informix_is_told(check_in_child: CheckInChild, odbc: None) -> None:
    # The driver is that of SQLite: it lets in, and then does not know SET ISOLATION.
    outcome = check_in_child(ID, database={"kind": "informix", "dsn": "LOGIX"})[ID]
    assert outcome.status == "fail"
    assert "SET" in outcome.details["original"]
