"""Repeating what meets a row locked by another: how often, how long, and what comes out at last."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from wizard.checklist.check import Subject, fail
from wizard.connection.faults import explain
from wizard.connection.locked_rows import reader, retrying
from wizard.connection.session import ConnectionFailed

# Each of the codes that are one class for Informix.
CODES = ["-244", "-107", "-243", "-245", "-126"]


class Row:
    """A row that is locked for the first `times` reads; it notes when it was read."""

    def __init__(self, times: int, text: str = "[HY000] [Informix]ISAM error:  record is locked. (-107)") -> None:
        self.times = times
        self.text = text
        self.read_at: list[float] = []

    def read(self) -> str:
        self.read_at.append(time.monotonic())
        if len(self.read_at) <= self.times:
            raise ConnectionFailed(explain(self.text))
        return "read"


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_a_locked_row_is_repeated(code: str) -> None:
    row = Row(1, f"[HY000] [Informix][Informix ODBC Driver][Informix]Some words. ({code}) (SQLFetch)")
    assert retrying(row.read, 5) == "read"
    assert len(row.read_at) == 2


def test_repeats_are_counted_with_growing_pauses() -> None:
    row, heard = Row(3), list[int]()
    assert retrying(row.read, 5, heard.append) == "read"
    assert heard == [1, 2, 3]
    pauses = [later - earlier for earlier, later in zip(row.read_at, row.read_at[1:], strict=False)]
    assert pauses == sorted(pauses)
    assert pauses[0] >= 0.2
    assert pauses[2] >= 0.8


def test_a_row_that_stays_locked_is_given_up_in_time() -> None:
    row = Row(1000)
    with pytest.raises(ConnectionFailed) as caught:
        retrying(row.read, 1)
    outcome = caught.value.outcome
    assert outcome.code == "database.row_locked"
    assert outcome.details["repeats"] == str(len(row.read_at) - 1)
    assert f"{len(row.read_at)} attempts" in outcome.message
    assert len(row.read_at) >= 3
    assert row.read_at[-1] - row.read_at[0] <= 1


def test_without_time_there_is_one_attempt() -> None:
    row = Row(1)
    with pytest.raises(ConnectionFailed) as caught:
        retrying(row.read, 0)
    assert caught.value.outcome.details["repeats"] == "0"
    assert len(row.read_at) == 1


@pytest.mark.parametrize("error", [ConnectionFailed(fail("database.no_table", "", "")), ZeroDivisionError()])
def test_nothing_else_is_repeated(error: Exception) -> None:
    calls = []

    def work() -> None:
        calls.append(1)
        raise error

    with pytest.raises(type(error)) as caught:
        retrying(work, 5)
    assert caught.value is error
    assert len(calls) == 1


def test_a_database_without_a_recommended_level_names_its_own(make: Callable[..., Subject], tmp_path: Path) -> None:
    file = tmp_path / "locked.sqlite"
    with closing(sqlite3.connect(file)) as holder:
        holder.execute("CREATE TABLE empresa (cod_empresa, den_empresa)")
        holder.commit()
        subject = make(database={"kind": "sqlite", "file": str(file), "lock_wait": 0})

        def met() -> None:
            with reader(subject) as logix:
                assert logix.level == "serializable"
                holder.execute("BEGIN EXCLUSIVE")
                logix.ask(lambda connection: connection.exec_driver_sql("SELECT * FROM empresa").all())

        with pytest.raises(ConnectionFailed) as caught:
            met()
    assert caught.value.outcome.code == "database.row_locked"
    assert "isolation level is Serializable" in caught.value.outcome.hint
