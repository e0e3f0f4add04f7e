"""A session on the Logix database: opened, closed, and what comes out where it fails. Faults: test_faults_*.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.checklist.check import Subject
from wizard.connection.session import ConnectionFailed, logix


def code_of(subject: Subject) -> str:
    """The code that connecting fails with."""
    with pytest.raises(ConnectionFailed) as caught, logix(subject):
        pass
    assert caught.value.outcome.hint
    return caught.value.outcome.code


def test_a_password_that_cannot_be_read_is_told_as_such(
    make: Callable[..., Subject], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("APS_TEST_DB", raising=False)
    database = {"kind": "odbc", "dsn": "LOGIX", "user": "aps", "password": "env:APS_TEST_DB"}
    assert code_of(make(database=database)) == "secret.env_missing"


def test_a_fault_of_the_program_is_not_taken_for_one_of_the_database(make: Callable[..., Subject]) -> None:
    with pytest.raises(ZeroDivisionError), logix(make()):
        raise ZeroDivisionError


def test_what_fails_inside_a_session_is_explained_too(make: Callable[..., Subject]) -> None:
    from sqlalchemy import text

    with pytest.raises(ConnectionFailed) as caught, logix(make()) as connection:
        connection.execute(text("SELECT den_empresa FROM empresas"))
    assert caught.value.outcome.code == "database.no_table"
    with pytest.raises(ConnectionFailed) as caught, logix(make()) as connection:
        connection.execute(text("SELECT nome FROM empresa"))
    assert caught.value.outcome.code == "database.no_column"


def test_nothing_can_be_written(make: Callable[..., Subject], logix_file: Path) -> None:
    from sqlalchemy import text

    before = logix_file.read_bytes()
    with pytest.raises(ConnectionFailed) as caught, logix(make()) as connection:
        connection.execute(text("DELETE FROM empresa"))
    assert "readonly" in caught.value.outcome.details["original"]
    assert logix_file.read_bytes() == before


def test_a_table_that_another_program_has_locked_is_told(make: Callable[..., Subject], tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    file = tmp_path / "locked.sqlite"
    with closing(sqlite3.connect(file)) as holder:
        holder.execute("CREATE TABLE empresa (cod_empresa, den_empresa)")
        holder.commit()
        holder.execute("BEGIN EXCLUSIVE")
        database = {"kind": "sqlite", "file": str(file), "lock_wait": 0}
        assert code_of(make(database=database)) == "database.row_locked"
