"""How fast rows come: what is measured, what is made of it, and when it is worth a warning."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from wizard.checklist.check import Outcome
from wizard.connection.checks import throughput

Check = Callable[..., Outcome]

ID = "database.throughput"


def test_the_demo_is_fast(check: Check) -> None:
    outcome = check(ID)
    assert (outcome.status, outcome.code) == ("ok", "database.speed")
    assert (outcome.details["table"], outcome.details["rows"]) == ("item", "3120")
    assert int(outcome.details["rows_a_second"]) > 1000
    assert float(outcome.details["round_trip_ms"]) < 100


def test_no_more_rows_are_read_than_the_sample_has(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throughput, "SAMPLE", 700)
    assert check(ID).details["rows"] == "700"


def test_the_sample_ends_in_time(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throughput, "SECONDS", 0)
    outcome = check(ID)
    assert "too few rows" in outcome.message


def test_what_it_means_for_an_update_is_told_and_warned_of(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = throughput._read

    def slow(*arguments: object) -> int:
        time.sleep(0.4)
        return sample(*arguments) // 10  # type: ignore[arg-type]

    # Rows come at 750 a second at most: more than a minute for the demo, and that is where the limit is put.
    monkeypatch.setattr(throughput, "_read", slow)
    monkeypatch.setattr(throughput, "COUNTING", 30)
    outcome = check(ID, grades={"enabled": True})
    assert outcome.status == "ok"
    assert re.search(r"at this speed: [1-9]", outcome.message)
    monkeypatch.setattr(throughput, "SLOW_UPDATE", 1)
    outcome = check(ID, grades={"enabled": True})
    assert (outcome.status, outcome.code) == ("warn", "database.slow")
    assert outcome.hint


def test_a_long_way_to_the_server_is_warned_of(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throughput, "SLOW_TRIP", 0)
    assert check(ID).code == "database.slow"


def test_tables_with_few_rows_tell_nothing_about_speed(check: Check, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "small.sqlite")) as database:
        database.execute("CREATE TABLE empresa (cod_empresa, den_empresa)")
        database.execute("INSERT INTO empresa VALUES ('01', 'x')")
        database.commit()
    outcome = check(ID, database={"kind": "sqlite", "file": "small.sqlite"})
    assert (outcome.status, outcome.code) == ("ok", "database.speed")
    assert "too few rows" in outcome.message


def test_a_database_that_is_not_of_logix(check: Check, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as database:
        database.execute("CREATE TABLE cliente (codigo)")
    outcome = check(ID, database={"kind": "sqlite", "file": "other.sqlite"})
    assert (outcome.status, outcome.code) == ("fail", "database.no_table")


def test_through_odbc_it_is_measured_too(check_alone: Check, odbc: None) -> None:
    outcome = check_alone(ID, database={"kind": "odbc", "dsn": "LOGIX"})
    assert outcome.code == "database.speed"
    assert outcome.details["table"] == "item"
