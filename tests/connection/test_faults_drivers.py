"""Faults of this machine: drivers and data sources that cannot be used, settings, files of SQLite."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.connection.proving import (
    PASSWORD,
    TYPED,
    USER,
    Ask,
    Case,
    DataSources,
    Make,
    ProveAtOnce,
    installed,
    login_in_child,
    mssql,
    proves,
)
from tests.connection.servers import Source
from wizard.checklist.redact import without
from wizard.connection.faults import explain
from wizard.connection.odbc_session import connection_string

LOGIX = {"kind": "odbc", "dsn": "LOGIX", "user": USER}

# --- libraries of drivers ----------------------------------------------------------------------


def test_a_library_that_cannot_be_loaded(prove_at_once: ProveAtOnce, tmp_path: Path) -> None:
    library = installed("libsqlite3odbc.so", "libsqliteodbc").read_bytes()
    needed = b"libsqlite3.so.0\0"
    assert needed in library

    def case(name: str, content: bytes | None, met: str) -> Case:
        file = tmp_path / f"lib{name}.so"
        if content is not None:
            file.write_bytes(content)
        return Case({"kind": "sqlserver", "driver": str(file), "host": "127.0.0.1"}, "manager.open_lib", met)

    outcomes = prove_at_once(
        case("gone", None, "loader.missing"),
        case("of_32_bit", library[:4] + b"\1" + library[5:], "loader.bitness"),
        case("in_need", library.replace(needed, b"libsqliteX.so.0\0"), "loader.needs"),
        case("text", b"This is no library. " * 50, "loader.damaged"),
        case("head", library[:64], "loader.damaged"),
    )
    words = ["no such file", "not of 64 bit", "libsqliteX.so.0", "no library", "libhead.so"]
    assert all(word in outcome.details["looked"] for word, outcome in zip(words, outcomes, strict=True))


def test_a_library_that_is_no_driver(make: Make) -> None:
    """Never in this process: unixODBC 2.3.11 keeps a freed entry of such a library, and the next login crashes."""
    library = next(Path("/usr/lib").glob("*/libm.so.6"))
    database = {"kind": "sqlserver", "driver": str(library), "host": "127.0.0.1"}
    proves(login_in_child(make(TYPED, database=database)), "manager.no_driver")


def test_a_driver_that_is_not_registered(ask: Ask) -> None:
    proves(ask({"kind": "sqlserver", "driver": "Informix Nope", "host": "127.0.0.1"}), "manager.driver_unregistered")


# --- data sources and settings -----------------------------------------------------------------


@pytest.mark.parametrize(("content", "met"), [("", ""), ("[LOGIX]\nDriver=Informix Nope\n", "dsn.driver_unregistered")])
def test_a_data_source_that_cannot_be_used(content: str, met: str, data_sources: DataSources, make: Make) -> None:
    (data_sources() / "odbc.ini").write_text(content, encoding="utf-8")
    outcome = login_in_child(make(TYPED, database=LOGIX))
    proves(outcome, "manager.dsn", met=met)
    assert outcome.details.get("looked", "") == ("LOGIX: Informix Nope" if met else "")


CONNECT = """
import sys, pyodbc
try:
    pyodbc.connect(sys.stdin.read())
except pyodbc.Error as error:
    print(error)
"""


def test_a_setting_that_the_driver_does_not_know() -> None:
    """In a connection string: in a DSN the driver passes over it. Not in this process, which has other libraries."""
    text = connection_string(mssql("127.0.0.1", 1433, "sometimes").odbc)
    command = [sys.executable, "-c", CONNECT]
    said = subprocess.run(command, input=text, capture_output=True, text=True, timeout=30, check=True).stdout
    proves(without(explain(said.strip()), [PASSWORD], [USER]), "mssql.option")


# --- SQLite ------------------------------------------------------------------------------------


def test_a_file_of_sqlite_through_odbc(prove_at_once: ProveAtOnce, tmp_path: Path) -> None:
    driver = installed("libsqlite3odbc.so", "libsqliteodbc")
    source = Source("LOGIX", driver, {"Database": f"{tmp_path}/no/such.sqlite"}, USER)
    prove_at_once(Case(source, "sqlite.odbc_no_file"))


@pytest.mark.parametrize(
    ("statements", "name"),
    [
        ([], "sqlite.no_file"),
        (["CREATE TABLE cliente (a)"], "sqlite.no_table"),
        (["CREATE TABLE empresa (a)"], "sqlite.no_column"),
        (["CREATE TABLE empresa (cod_empresa, den_empresa)", "BEGIN EXCLUSIVE"], "sqlite.row_locked"),
    ],
)
def test_a_file_of_sqlite(statements: list[str], name: str, ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    if not statements:
        file.write_text("This is no database. " * 200, encoding="utf-8")
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)
        outcome = ask({"kind": "sqlite", "file": str(file), "lock_wait": 0}, "database.company")
    proves(outcome, name)
