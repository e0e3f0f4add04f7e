"""Is the isolation level in force: read back, and shown by two sessions where a kind says how."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import patience
from tests.connection.servers import ROOT, Source
from wizard.checklist.check import Outcome
from wizard.connection.checks.isolation import PATIENCE
from wizard.connection.odbc_session import connection_string
from wizard.isolated.host import Job
from wizard.profile.errors import ProfileError

Check = Callable[..., Outcome]

ID = "database.isolation"


def test_the_level_of_the_demo_is_read_back(check: Check) -> None:
    outcome = check(ID)
    assert (outcome.status, outcome.code) == ("ok", "database.isolation_read_back")
    assert outcome.message == "Serializable is in force (read back from the server, not shown by two sessions)."
    assert outcome.details["known"] == "read back from the server"


def test_a_level_that_is_chosen_is_set(check: Check, logix_file: Path) -> None:
    outcome = check(ID, database={"kind": "sqlite", "file": str(logix_file), "isolation": "read_uncommitted"})
    assert outcome.code == "database.isolation_read_back"
    assert outcome.details["isolation"] == "Read Uncommitted (dirty read)"


@pytest.mark.parametrize("level", ["server_default", "serializable"])
def test_a_server_that_does_not_tell(check_alone: Check, odbc: None, level: str) -> None:
    outcome = check_alone(ID, database={"kind": "odbc", "dsn": "LOGIX", "isolation": level})
    assert (outcome.status, outcome.code) == ("ok", "database.isolation_asked")
    assert "does not tell" in outcome.message
    assert outcome.details["driver_offers"] == outcome.details["server_default"] == "Serializable"


def test_a_level_that_the_driver_does_not_offer(check_alone: Check, odbc: None) -> None:
    outcome = check_alone(ID, database={"kind": "odbc", "dsn": "LOGIX", "isolation": "read_uncommitted"})
    assert (outcome.status, outcome.code) == ("warn", "database.isolation_not_offered")
    assert "Read Uncommitted" in outcome.message
    assert "Serializable" in outcome.hint


def test_a_level_that_is_said_in_words_needs_no_driver_that_offers_it(check_alone: Check, odbc: None) -> None:
    # This server does not understand the words of Informix; what matters here is who is blamed.
    outcome = check_alone(ID, database={"kind": "informix", "dsn": "LOGIX"})
    assert outcome.code != "database.isolation_not_offered"


# --- two sessions ------------------------------------------------------------------------------

KIND = """
from typing import ClassVar, Literal
from wizard.profile.database_kind import Proof
from wizard.profile.kinds.odbc import OdbcDatabase

class Shown(OdbcDatabase):
    kind: Literal["shown"] = "shown"
    ORDER: ClassVar = 60
    PROOF: ClassVar = Proof(
        make=("CREATE TABLE {name} (a INTEGER)",),
        write=("START TRANSACTION", "INSERT INTO {name} VALUES (1)"),
        undo=("ROLLBACK", "DROP TABLE {name}"),
        before=(),
        count="SELECT COUNT(*) FROM {name}",
    )
    RECOMMENDED: ClassVar = "%s"
    ADVICE: ClassVar = "Why so."

KIND = Shown
"""
"""A kind whose server lets tables be made. MariaDB shows each level as it should be, PostgreSQL never a dirty read."""

ASK = """
import json, sys
from pathlib import Path
from wizard import i18n
from wizard.profile import kinds
kinds.__path__.append(sys.argv[1])
from wizard.checklist.check import Subject
from wizard.connection.checks.isolation import CHECK
from wizard.profile.load import profile_from_data
i18n.use("en")
data = json.load(sys.stdin)
subject = Subject(profile_from_data(data["profile"]), Path(sys.argv[1]) / "a.yaml", data["typed"])
print(json.dumps(CHECK.run(subject).to_json()))
"""

Shown = Callable[..., dict[str, Any]]


@pytest.fixture
def shown(data_sources: Callable[..., object], tmp_path: Path) -> Shown:
    """What the check says of a level of a server, of a kind that declares how two sessions show it."""

    def asked(source: Source, level: str, recommended: str = "") -> dict[str, Any]:
        data_sources(source)
        (tmp_path / "shown.py").write_text(KIND % recommended, "utf-8")
        profile = {
            "name": "Serra Azul",
            "environment": "test",
            "company": {"logix": "01", "site": "01"},
            "database": {"kind": "shown", "dsn": source.dsn, "user": source.user, "isolation": level},
            "webservice": {"url": "http://127.0.0.1:1/ws"},
        }
        call = json.dumps({"profile": profile, "typed": source.typed})
        done = subprocess.run(
            [sys.executable, "-c", ASK, tmp_path], input=call, capture_output=True, text=True, cwd=ROOT, check=False
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return asked


def tables(source: Source) -> int:
    """How many tables of the name that the check takes are left."""
    import pyodbc

    pyodbc.pooling = False
    with closing(pyodbc.connect(connection_string(source.odbc))) as connection:
        query = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name LIKE 'aps\\_%'"
        return int(connection.execute(query).fetchval())


@pytest.mark.parametrize(
    ("level", "seen"),
    [
        ("read_uncommitted", "an uncommitted row is seen"),
        ("read_committed", "an uncommitted row is not seen"),
        ("repeatable_read", "an uncommitted row is not seen"),
    ],
)
def test_two_sessions_show_the_level(mariadb: Source, shown: Shown, level: str, seen: str) -> None:
    outcome = shown(mariadb, level)
    assert (outcome["status"], outcome["code"]) == ("ok", "database.isolation_proved")
    assert seen in outcome["message"]
    assert tables(mariadb) == 0


def test_a_session_that_would_wait_for_the_row_does_not_see_it(mariadb: Source, shown: Shown) -> None:
    import pyodbc

    pyodbc.pooling = False
    with closing(pyodbc.connect(connection_string(mariadb.odbc), autocommit=True)) as owner:
        before = owner.execute("SELECT @@global.innodb_lock_wait_timeout").fetchval()
        owner.execute("SET GLOBAL innodb_lock_wait_timeout = 1")
        try:
            # Serializable readers lock what they read here, so they wait for the writer.
            outcome = shown(mariadb, "serializable")
        finally:
            owner.execute(f"SET GLOBAL innodb_lock_wait_timeout = {before}")
    assert outcome["code"] == "database.isolation_proved"
    assert "an uncommitted row is not seen" in outcome["message"]
    assert tables(mariadb) == 0


def test_a_server_that_takes_a_level_and_does_otherwise_is_found_out(postgresql: Source, shown: Shown) -> None:
    outcome = shown(postgresql, "read_uncommitted")
    assert (outcome["status"], outcome["code"]) == ("warn", "database.isolation_differs")
    assert "an uncommitted row is not seen" in outcome["message"]
    assert tables(postgresql) == 0


@pytest.mark.seed("R-PRE-07")
def test_another_level_than_the_recommended_one_is_told_with_the_reason(mariadb: Source, shown: Shown) -> None:
    outcome = shown(mariadb, "read_committed", recommended="read_uncommitted")
    assert (outcome["status"], outcome["code"]) == ("warn", "database.isolation_advice")
    assert outcome["hint"] == "Why so."
    assert shown(mariadb, "read_uncommitted", recommended="read_uncommitted")["code"] == "database.isolation_proved"


def test_a_user_who_may_make_nothing_leaves_the_read_back(postgresql: Source, shown: Shown) -> None:
    from dataclasses import replace

    import pyodbc

    pyodbc.pooling = False
    with closing(pyodbc.connect(connection_string(postgresql.odbc), autocommit=True)) as owner:
        owner.execute("CREATE ROLE nada LOGIN PASSWORD 'outra-senha'")
        try:
            outcome = shown(replace(postgresql, user="nada", password="outra-senha"), "read_committed")
        finally:
            owner.execute("DROP ROLE nada")
    assert (outcome["status"], outcome["code"]) == ("ok", "database.isolation_asked")
    assert outcome["details"]["two_sessions"] == "could not be tried"


# --- in a table of the site --------------------------------------------------------------------


@pytest.fixture
def served(mariadb: Source, data_sources: Callable[..., object]) -> Source:
    """MariaDB, with a data source that leads to it."""
    data_sources(mariadb)
    return mariadb


@pytest.fixture
def own_table(mariadb: Source) -> Iterator[Callable[..., None]]:
    """Make the table that a site keeps for the proof, as its administrator would."""
    import pyodbc

    pyodbc.pooling = False
    with closing(pyodbc.connect(connection_string(mariadb.odbc), autocommit=True)) as owner:

        def made(columns: str = "(a INTEGER)", *more: str) -> None:
            owner.execute(f"CREATE TABLE aps_wizard {columns}")
            for words in more:
                owner.execute(words)

        yield made
        for words in ("VIEW IF EXISTS aps_wizard", "TABLE IF EXISTS aps_wizard", "TABLE IF EXISTS aps_wizard_base"):
            owner.execute(f"DROP {words}")


SLOW = (
    "RENAME TABLE aps_wizard TO aps_wizard_base",
    "CREATE VIEW aps_wizard AS SELECT a FROM aps_wizard_base WHERE SLEEP(120) = 0",
)
"""A table where whoever sees a row takes two minutes to read it."""


def rows(source: Source, table: str = "aps_wizard") -> int:
    """How many rows are left in it, uncommitted ones among them."""
    import pyodbc

    pyodbc.pooling = False
    with closing(pyodbc.connect(connection_string(source.odbc), autocommit=True)) as connection:
        connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED")
        return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchval())


def profile_of(source: Source, level: str, **fields: Any) -> dict[str, Any]:
    return {"database": source.settings(isolation=level, proof_table="aps_wizard", **fields)}


@pytest.mark.parametrize(
    ("level", "seen"),
    [
        ("read_uncommitted", "an uncommitted row is seen"),
        ("read_committed", "an uncommitted row is not seen"),
        ("repeatable_read", "an uncommitted row is not seen"),
    ],
)
def test_two_sessions_show_the_level_in_the_table_of_the_site(
    served: Source, check_alone: Check, own_table: Any, level: str, seen: str
) -> None:
    own_table()
    outcome = check_alone(ID, served.typed, **profile_of(served, level))
    assert (outcome.status, outcome.code) == ("ok", "database.isolation_proved")
    assert seen in outcome.message
    assert rows(served) == 0


def test_a_level_that_is_not_what_it_promises_is_found_out_in_the_table_of_the_site(
    postgresql: Source, data_sources: Callable[..., object], check_alone: Check
) -> None:
    import pyodbc

    pyodbc.pooling = False
    data_sources(postgresql)
    with closing(pyodbc.connect(connection_string(postgresql.odbc), autocommit=True)) as owner:
        owner.execute("CREATE TABLE aps_wizard (a INTEGER)")
        try:
            outcome = check_alone(ID, postgresql.typed, **profile_of(postgresql, "read_uncommitted"))
            left = owner.execute("SELECT COUNT(*) FROM aps_wizard").fetchval()
        finally:
            owner.execute("DROP TABLE aps_wizard")
    assert (outcome.status, outcome.code) == ("warn", "database.isolation_differs")
    assert left == 0


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (None, "could not be tried in the table aps_wizard"),
        ("(a INTEGER, b INTEGER)", "more than one column"),
        ("(a INTEGER) ENGINE=MyISAM", "keeps what is rolled back"),
    ],
)
def test_a_table_that_does_not_serve_leaves_the_read_back_and_is_left_as_it_was(
    served: Source, check_alone: Check, own_table: Any, columns: str | None, words: str
) -> None:
    if columns:
        kept = "(5, 5)" if "b" in columns else "(5)"
        own_table(columns, f"INSERT INTO aps_wizard VALUES {kept}")
    outcome = check_alone(ID, served.typed, **profile_of(served, "read_committed"))
    assert (outcome.status, outcome.code) == ("ok", "database.isolation_asked")
    assert words in outcome.details["two_sessions"]
    if columns:
        assert rows(served) == 1, "what the site has in it stays, and nothing of ours"


def test_a_check_that_is_killed_leaves_nothing(served: Source, make: Any, own_table: Any) -> None:
    own_table("(a INTEGER)", *SLOW)
    subject = make(served.typed, **profile_of(served, "read_uncommitted"))
    job = Job("wizard.checklist.run:in_child", {"check": ID, "subject": subject.to_json()}, patience.ENDLESS)
    thread = threading.Thread(target=job.run)
    thread.start()
    deadline = time.monotonic() + patience.PATIENCE
    while not rows(served, "aps_wizard_base") and time.monotonic() < deadline:
        time.sleep(0.02)
    assert rows(served, "aps_wizard_base") == 1
    job.cancel()
    thread.join(patience.PATIENCE)
    deadline = time.monotonic() + patience.PATIENCE
    while rows(served, "aps_wizard_base") and time.monotonic() < deadline:
        time.sleep(0.02)
    assert rows(served, "aps_wizard_base") == 0


def test_a_reader_that_has_to_wait_for_the_row_is_interrupted(
    served: Source, check_alone: Check, own_table: Any
) -> None:
    own_table("(a INTEGER)", *SLOW)
    began = time.monotonic()
    outcome = check_alone(ID, served.typed, **profile_of(served, "read_uncommitted"))
    assert PATIENCE < time.monotonic() - began < PATIENCE + patience.PATIENCE, "reading it would take two minutes"
    assert outcome.code == "database.isolation_asked"
    assert "could not be tried" in outcome.details["two_sessions"]
    assert rows(served, "aps_wizard_base") == 0


@pytest.mark.parametrize(
    "name", ["empresa", "item", "x.empresa", "aps_wizard; DROP", "aps", 'aps_wizard"', "a.b.aps_wizard"]
)
@pytest.mark.parametrize("kind", ["odbc", "informix"])
def test_no_table_of_logix_can_be_named(make: Any, kind: str, name: str) -> None:
    assert make(database={"kind": kind, "dsn": "LOGIX", "proof_table": "informix.APS_Wizard_teste"})
    with pytest.raises(ProfileError) as caught:
        make(database={"kind": kind, "dsn": "LOGIX", "proof_table": name})
    assert "must begin with aps_wizard" in caught.value.problems[0].message
