"""Read Uncommitted does what the manual wants of it, seen through ODBC: the row that another has not committed yet."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pyodbc
import pytest

from tests.connection.servers import Source
from wizard.checklist.check import Subject
from wizard.connection.odbc_session import connection_string
from wizard.isolated.host import Job

READER = """
import json, sys
from sqlalchemy import text
from wizard.checklist.check import Subject
from wizard.connection.session import logix
call = json.load(sys.stdin)
with logix(Subject.from_json(call["subject"])) as connection:
    rows = [list(row) for row in connection.execute(text(call["sql"]))]
json.dump(rows, sys.stdout)
"""


@pytest.fixture(params=["mariadb", "postgresql"])
def writer(request: pytest.FixtureRequest, data_sources: Callable[..., object]) -> Iterator[tuple[Source, Any]]:
    """A server, and the session of somebody who has inserted a row and not said yet whether it stays."""
    source: Source = request.getfixturevalue(request.param)
    data_sources(source)
    pyodbc.pooling = False
    with closing(pyodbc.connect(connection_string(source.odbc))) as connection:
        connection.execute("CREATE TABLE dirty (k INTEGER, note VARCHAR(20))")
        connection.execute("INSERT INTO dirty VALUES (1, 'committed')")
        connection.commit()
        connection.execute("INSERT INTO dirty VALUES (2, 'not yet')")
        try:
            yield source, connection
        finally:
            connection.rollback()
            connection.execute("DROP TABLE dirty")
            connection.commit()


def keys(subject: Subject) -> list[int]:
    """What a session of the profile sees, in a process of its own: the driver manager reads its files once."""
    call = json.dumps({"subject": subject.to_json(), "sql": "SELECT k FROM dirty ORDER BY k"})
    done = subprocess.run([sys.executable, "-c", READER], input=call, capture_output=True, text=True, check=True)
    return [row[0] for row in json.loads(done.stdout)]


def keys_in_bulk(subject: Subject, file: Any) -> list[int]:
    """The same for a reading of volumes."""
    import pyarrow

    request = {"subject": subject.to_json(), "sql": "SELECT k FROM dirty ORDER BY k", "file": str(file)}
    assert Job("wizard.connection.bulk:in_child", request, 60).run().how == "done"
    with pyarrow.OSFile(str(file)) as opened:
        found: list[int] = pyarrow.ipc.open_file(opened).read_all()["k"].to_pylist()
    return found


@pytest.mark.seed("R-PRE-07")
@pytest.mark.parametrize(
    ("isolation", "sees"),
    [("read_uncommitted", [1, 2]), ("read_committed", [1]), ("repeatable_read", [1]), ("server_default", [1])],
)
def test_a_session_of_a_profile_sees_what_its_level_promises(
    writer: tuple[Source, Any], make: Callable[..., Subject], tmp_path: Any, isolation: str, sees: list[int]
) -> None:
    source, connection = writer
    subject = make(source.typed, database=source.settings(isolation=isolation))
    if source.dsn == "APS_POSTGRESQL":
        sees = [1]  # it takes every level, and shows no uncommitted row in any
    assert keys(subject) == sees
    assert keys_in_bulk(subject, tmp_path / "dirty.arrow") == sees
    connection.rollback()
    assert keys(subject) == [1]
