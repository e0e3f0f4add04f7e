"""Volumes are read in a child: what a driver does to it, or a cancel, ends there and at once."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pyarrow
import pyodbc
import pytest

from tests.connection.servers import ROOT, Source
from tests.patience import ENDLESS, PATIENCE
from wizard.checklist.check import Subject
from wizard.connection.odbc_session import connection_string
from wizard.isolated.host import Ending, Job

ROWS = 300_000


class Reading:
    """A job that reads a table, in a thread, and how it ended."""

    def __init__(self, subject: Subject, sql: str, file: Path, **options: Any) -> None:
        self.heard: list[int] = []
        self.begun = threading.Event()
        request = {"subject": subject.to_json(), "sql": sql, "file": str(file), **options}
        self.job = Job("wizard.connection.bulk:in_child", request, ENDLESS, on_progress=self._hear)
        self.ending: Ending | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _hear(self, rows: int) -> None:
        self.heard.append(rows)
        self.begun.set()

    def _run(self) -> None:
        self.ending = self.job.run()
        self.begun.set()

    def wait(self) -> Ending | None:
        """Wait for the end; None when it does not come."""
        self._thread.join(2 * PATIENCE)
        return self.ending


def child() -> psutil.Process:
    """The only child that is at work."""
    (found,) = [each for each in psutil.Process().children() if "wizard.isolated.child" in each.cmdline()]
    return found


@pytest.fixture(params=["mariadb", "postgresql"])
def large(request: pytest.FixtureRequest, data_sources: Callable[..., object]) -> Iterator[Source]:
    """A server with a table `large` that is read for a while, and a data source that leads to it."""
    source: Source = request.getfixturevalue(request.param)
    data_sources(source)
    pyodbc.pooling = False
    with closing(pyodbc.connect(connection_string(source.odbc), autocommit=True)) as connection:
        connection.execute("CREATE TABLE large (k INTEGER, note CHAR(200))")
        numbers = f"generate_series(1, {ROWS})" if source.dsn == "APS_POSTGRESQL" else f"seq_1_to_{ROWS}"
        name = "generate_series" if source.dsn == "APS_POSTGRESQL" else "seq"
        connection.execute(f"INSERT INTO large SELECT {name}, 'São João' FROM {numbers}")
        try:
            yield source
        finally:
            connection.execute("DROP TABLE large")


@pytest.fixture
def subject(large: Source, make: Callable[..., Subject]) -> Subject:
    return make(large.typed, database=large.settings())


def test_a_child_reads_into_a_file_and_says_how_far_it_is(subject: Subject, tmp_path: Path) -> None:
    file = tmp_path / "large.arrow"
    reading = Reading(subject, "SELECT * FROM large WHERE k <= ?", file, parameters=[50_000])
    reading.wait()
    assert reading.ending == Ending("done", {"rows": 50_000})
    assert reading.heard == sorted(reading.heard)
    assert reading.heard[-1] == 50_000
    assert len(reading.heard) > 1
    with pyarrow.memory_map(str(file)) as opened:
        found = pyarrow.ipc.open_file(opened).read_all()
    assert sum(found["k"].to_pylist()) == 50_000 * 50_001 // 2
    assert {value.rstrip() for value in found["note"].to_pylist()} == {"São João"}
    assert list(tmp_path.glob("large*")) == [file]


def test_what_the_database_refuses_is_told_and_leaves_no_file(subject: Subject, tmp_path: Path) -> None:
    reading = Reading(subject, "SELECT * FROM nao_ha", tmp_path / "none.arrow")
    reading.wait()
    assert reading.ending is not None
    assert reading.ending.answer["failed"]["code"] == "database.no_table"
    assert list(tmp_path.glob("none*")) == []


def test_a_cancel_ends_the_reading(subject: Subject, tmp_path: Path) -> None:
    reading = Reading(subject, "SELECT * FROM large", tmp_path / "large.arrow", rows=100)
    assert reading.begun.wait(60)
    process = child()
    reading.job.cancel()
    assert reading.wait() == Ending("cancelled")
    assert 0 < reading.heard[-1] < ROWS
    assert not process.is_running()
    assert not (tmp_path / "large.arrow").exists()


def test_a_cancel_ends_a_driver_that_waits_for_its_server(subject: Subject, tmp_path: Path, large: Source) -> None:
    pause = {"APS_POSTGRESQL": "cast(pg_sleep(300) AS VARCHAR(9))", "APS_MARIADB": "sleep(300)"}[large.dsn]
    reading = Reading(subject, f"SELECT {pause}", tmp_path / "late.arrow")
    busy = "pg_stat_activity WHERE query LIKE 'SELECT cast(pg%' OR query LIKE '%for SELECT cast(pg%'"
    if large.dsn == "APS_MARIADB":
        busy = "information_schema.processlist WHERE info LIKE 'SELECT sleep%'"
    with closing(pyodbc.connect(connection_string(large.odbc), autocommit=True)) as watch:
        deadline = time.monotonic() + 60
        while not watch.execute(f"SELECT count(*) FROM {busy}").fetchval():
            assert time.monotonic() < deadline
            time.sleep(0.05)
    process = child()
    reading.job.cancel()
    assert reading.wait() == Ending("cancelled")
    assert not process.is_running()


@pytest.mark.skipif(not hasattr(signal, "SIGSEGV"), reason="needs signals")
def test_a_driver_that_crashes_takes_only_the_child_along(subject: Subject, tmp_path: Path) -> None:
    reading = Reading(subject, "SELECT * FROM large", tmp_path / "large.arrow", rows=100)
    assert reading.begun.wait(60)
    process = child()
    os.kill(process.pid, signal.SIGSEGV)
    assert reading.wait() == Ending("crashed", detail="SIGSEGV")
    assert not process.is_running()


# --- a new kind --------------------------------------------------------------------------------

KIND = """
from typing import Annotated, ClassVar, Literal
from wizard.profile.database_kind import Ask, DatabaseKind, LockWait, LoginTimeout, Password, QueryTimeout, Session
from wizard.profile.fields import Line, Port

class PostgresDatabase(DatabaseKind):
    kind: Literal["postgres"] = "postgres"
    host: Annotated[Line, Ask("Server")]
    port: Annotated[Port, Ask("Port")] = 5432
    database: Line
    user: Line
    password: Password = None
    isolation: Literal["read_committed"] = "read_committed"
    login_timeout: LoginTimeout = 15
    query_timeout: QueryTimeout = 120
    lock_wait: LockWait = 30
    TITLE: ClassVar = "PostgreSQL"
    ORDER: ClassVar = 60

    def session(self, password, folder):
        login = {"host": self.host, "port": self.port, "dbname": self.database, "user": self.user}
        return Session("postgresql+psycopg", arguments={**login, "password": password})

    def address(self):
        return self.host, self.port

KIND = PostgresDatabase
"""

ASK = """
import json, sys
from wizard.profile import kinds
kinds.__path__.append(sys.argv[1])
from wizard.checklist.check import Subject
from wizard.checklist.registry import find
from wizard.connection.bulk import in_child
from wizard.i18n import use
from wizard.profile.load import profile_from_data
from pathlib import Path
use("en")
call = json.load(sys.stdin)
subject = Subject(profile_from_data(call["profile"]), Path(sys.argv[1]) / "a.yaml", call["typed"])
login = find("database.login").run(subject)
read = in_child({"subject": subject.to_json(), "sql": call["sql"], "file": call["file"]})
print(json.dumps({"login": login.message, **read}))
"""


def test_a_kind_of_another_dialect_needs_its_file_alone(postgresql: Source, tmp_path: Path) -> None:
    (tmp_path / "postgres.py").write_text(KIND, "utf-8")
    place = {"host": "127.0.0.1", "port": postgresql.port, "database": "logix", "user": postgresql.user}
    call = {
        "profile": {
            "name": "Serra Azul",
            "environment": "test",
            "company": {"logix": "01", "site": "01"},
            "database": {"kind": "postgres", **place},
            "webservice": {"url": "http://127.0.0.1:1/ws"},
        },
        "typed": postgresql.typed,
        "sql": f"SELECT k, 'n' || k AS note FROM generate_series(1, {ROWS}) AS k ORDER BY k",
        "file": str(tmp_path / "rows.arrow"),
    }
    command = [sys.executable, "-c", ASK, str(tmp_path)]
    done = subprocess.run(command, input=json.dumps(call), capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert re.fullmatch(r"Logged in to PostgreSQL \d+(\.\d+)+ by psycopg [\d.]+\.", answer["login"])
    assert answer["rows"] == ROWS
    with pyarrow.OSFile(str(tmp_path / "rows.arrow")) as opened:
        last = pyarrow.ipc.open_file(opened).read_all().slice(ROWS - 1).to_pylist()
    assert last == [{"k": ROWS, "note": f"n{ROWS}"}]
