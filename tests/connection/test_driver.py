"""Can the driver be loaded: modules of Python, an Oracle client, libraries that odbcinst.ini names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.checklist.check import Outcome

Check = Callable[..., Outcome]

ID = "database.driver"


def test_the_driver_of_the_demo_comes_with_python(check: Check) -> None:
    outcome = check(ID)
    assert (outcome.status, outcome.code) == ("ok", "database.driver_loads")
    assert "sqlite3" in outcome.message


def test_oracle_needs_no_client(check: Check) -> None:
    assert check(ID, database={"kind": "oracle", "tns": "LOGIX"}).code == "database.driver_loads"


def test_a_client_folder_that_holds_no_client(check_alone: Check, tmp_path: Path) -> None:
    database = {"kind": "oracle", "tns": "LOGIX", "client_folder": str(tmp_path)}
    outcome = check_alone(ID, database=database)
    assert (outcome.status, outcome.code) == ("fail", "database.driver_missing")
    assert "DPI-1047" in outcome.details["original"]
    assert outcome.hint


@pytest.mark.parametrize("kind", ["informix", "odbc"])
def test_the_library_of_a_data_source_is_loaded(check_alone: Check, odbc: None, kind: str) -> None:
    outcome = check_alone(ID, database={"kind": kind, "dsn": "LOGIX"})
    assert (outcome.status, outcome.code) == ("ok", "database.driver_loads")
    assert outcome.details["library"].endswith("libsqlite3odbc.so")


def test_a_library_that_is_gone(check_alone: Check, odbc: None) -> None:
    outcome = check_alone(ID, database={"kind": "odbc", "dsn": "GHOST"})
    assert (outcome.status, outcome.code) == ("fail", "odbc.library_missing")
    assert "Ghost" in outcome.message
    assert "libghost.so" in outcome.message
    assert "64 bit" in outcome.hint


def sqlserver(driver: str) -> dict[str, Any]:
    return {"kind": "sqlserver", "driver": driver, "host": "h"}


def test_a_driver_of_another_name_and_the_ones_that_there_are(check_alone: Check, odbc: None) -> None:
    outcome = check_alone(ID, database=sqlserver("ODBC Driver 18 for SQL Server"))
    assert (outcome.status, outcome.code) == ("fail", "database.driver_unregistered")
    assert "ODBC Driver 18 for SQL Server" in outcome.message
    assert "SQLite3" in outcome.hint
    assert "Ghost" in outcome.hint


def test_a_driver_by_its_name_and_by_its_path(check_alone: Check, odbc: None) -> None:
    found = check_alone(ID, database=sqlserver("SQLite3"))
    assert found.code == "database.driver_loads"
    assert check_alone(ID, database=sqlserver(found.details["library"])).code == "database.driver_loads"


def test_a_library_that_is_none(check_alone: Check, odbc: None, tmp_path: Path) -> None:
    (tmp_path / "libtext.so").write_text("This is no library. " * 50, encoding="utf-8")
    outcome = check_alone(ID, database=sqlserver(str(tmp_path / "libtext.so")))
    assert (outcome.status, outcome.code) == ("fail", "odbc.library_unusable")
    assert outcome.hint


def test_a_library_that_needs_another_one_which_is_gone(check_alone: Check, odbc: None, tmp_path: Path) -> None:
    real = Path(check_alone(ID, database=sqlserver("SQLite3")).details["library"])
    (tmp_path / "libodd.so").write_bytes(real.read_bytes().replace(b"libsqlite3.so.0", b"libsqlite9.so.0"))
    outcome = check_alone(ID, database=sqlserver(str(tmp_path / "libodd.so")))
    assert (outcome.status, outcome.code) == ("fail", "database.driver_needs")
    assert "libsqlite9.so.0" in outcome.details["original"]
    assert outcome.hint


def test_a_library_of_the_other_bitness(check_alone: Check, odbc: None, tmp_path: Path) -> None:
    real = Path(check_alone(ID, database=sqlserver("SQLite3")).details["library"])
    head = real.read_bytes()
    # The fifth byte of an ELF file tells its bitness.
    (tmp_path / "libother.so").write_bytes(head[:4] + b"\x01" + head[5:])
    outcome = check_alone(ID, database=sqlserver(str(tmp_path / "libother.so")))
    assert (outcome.status, outcome.code) == ("fail", "odbc.other_bitness")
    assert "32 bit" in outcome.message
    assert "64 bit" in outcome.hint


def test_a_data_source_that_is_not_there_is_told_elsewhere(check_alone: Check, odbc: None) -> None:
    assert check_alone(ID, database={"kind": "odbc", "dsn": "PRODUCAO"}).code == "database.driver_unnamed"
    assert (
        check_alone("database.reachable", database={"kind": "odbc", "dsn": "PRODUCAO"}).code == "database.dsn_unknown"
    )
