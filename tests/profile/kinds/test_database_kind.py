"""What every kind declares, and that a new one is one file and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.flow.sessions import DATABASES
from wizard.connection.session import driver_module, engine
from wizard.profile.database import DEFAULT_KIND, KINDS
from wizard.profile.database_kind import ISOLATION_LEVELS, Session
from wizard.profile.entities import ENTITIES


def settings(kind: str) -> Any:
    values = {path.removeprefix("database."): value for path, value in DATABASES[kind].items()}
    return KINDS[kind].model_validate({"kind": kind, **values, **({} if kind == "sqlite" else {"password": None})})


def test_informix_is_proposed_since_most_logix_databases_are() -> None:
    assert DEFAULT_KIND == "informix"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_declares_what_every_reader_asks_of_it(kind: str) -> None:
    model = KINDS[kind]
    assert {"isolation", "query_timeout", "lock_wait"} <= set(model.model_fields)
    assert model.TITLE
    assert {model.RECOMMENDED, *model.ISOLATION_CODES.values()} - {""} <= set(ISOLATION_LEVELS)
    assert set(model.NOT_OFFERED) <= {entity.key for entity in ENTITIES}


@pytest.mark.parametrize("kind", KINDS)
def test_a_session_is_opened_through_odbc_or_can_tell_its_version_by_a_query(kind: str, tmp_path: Path) -> None:
    session = settings(kind).session("password", tmp_path)
    assert bool(session.odbc) != bool(session.arguments)
    assert session.odbc or KINDS[kind].VERSION_QUERY


@pytest.mark.parametrize("kind", KINDS)
def test_an_engine_is_made_without_asking_the_server(kind: str, tmp_path: Path) -> None:
    session = settings(kind).session("s3cret", tmp_path)
    made = engine(session)
    assert made.dialect.name == session.dialect.partition("+")[0]
    assert made.pool.__class__.__name__ == "NullPool"
    assert "s3cret" not in repr(made) + repr(session) + str(made.url)


@pytest.mark.parametrize(
    ("dialect", "module"),
    [("mssql+pyodbc", "pyodbc"), ("oracle+oracledb", "oracledb"), ("sqlite+pysqlite", "sqlite3")],
)
def test_the_module_of_the_driver_is_told_by_the_dialect(dialect: str, module: str) -> None:
    assert driver_module(Session(dialect)) == module


ONE_FILE = """
from typing import Annotated, ClassVar, Literal
from wizard.profile.database_kind import ASK_ISOLATION, Ask, DatabaseKind, LockWait, QueryTimeout, Session
from wizard.profile.fields import Line

class NewDatabase(DatabaseKind):
    kind: Literal["newbase"] = "newbase"
    place: Annotated[Line, Ask("Place of the newbase", example="here")]
    isolation: Annotated[Literal["server_default"], ASK_ISOLATION] = "server_default"
    query_timeout: QueryTimeout = 120
    lock_wait: LockWait = 30
    TITLE: ClassVar = "Newbase"
    ORDER: ClassVar = 60
    VERSION_QUERY: ClassVar = "SELECT 'Newbase 1'"

    def session(self, password, folder):
        return Session("sqlite+pysqlite", arguments={"database": ":memory:"})

KIND = NewDatabase
"""

ASKED = """
import json, sys
from pathlib import Path
from wizard.profile import kinds
kinds.__path__.append(sys.argv[1])
from wizard.checklist.registry import chosen
from wizard.checklist.check import Subject
from wizard.connection.checks.login import CHECK
from wizard.flow.steps import form
from wizard.flow import words
from wizard.profile.load import profile_from_data, profile_to_text
from wizard.profile.schema import schema_text
from tests.profile.samples import minimal
profile = profile_from_data(minimal(database={"kind": "newbase", "place": "here"}))
print(json.dumps({
    "asked": [field.label for field in form("database", {"database": {"kind": "newbase"}})],
    "written": 'place: "here"' in profile_to_text(profile),
    "schema": "newbase" in schema_text(),
    "word": words.kind("newbase"),
    "login": CHECK.run(Subject(profile, Path(sys.argv[1]) / "a.yaml")).message,
}))
"""


def test_a_new_kind_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "newbase.py").write_text(ONE_FILE, "utf-8")
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", ASKED, tmp_path], capture_output=True, encoding="utf-8", cwd=root, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["asked"][:2] == ["Kind of database", "Place of the newbase"]
    assert (told["written"], told["schema"], told["word"]) == (True, True, "Newbase")
    assert "Newbase 1" in told["login"]
