"""The tables of the references: made, moved, read, and everything that can be wrong with a store."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.schema import CreateTable

from tests.grades.imports import AT, LATER, content, fresh, grade, numbered, take_over
from tests.grades.stores import Stores
from tests.grades.test_reimports import subject_in
from tests.patience import ENDLESS, PATIENCE
from wizard.checklist.check import Outcome, Subject
from wizard.connection.aps_store import default_file
from wizard.grades import reference_store
from wizard.grades.apply_references import apply
from wizard.grades.difference import COMPARED, CONTENTS, Stored, difference
from wizard.grades.reference_store import (
    MIGRATIONS,
    StoreFailed,
    backup_contents,
    backups,
    contents,
    stored,
    writing,
)
from wizard.grades.reference_tables import METADATA, VERSION_TABLE

ROOT = Path(__file__).resolve().parents[2]
Make = Callable[..., Subject]

FIRST = (grade(), fresh("AZUL ROSA"))


def failure(ask: Callable[[], object]) -> Outcome:
    """What was wrong, with something to do."""
    with pytest.raises(StoreFailed) as failed:
        ask()
    outcome = failed.value.outcome
    assert outcome.status == "fail"
    assert outcome.message
    assert outcome.hint
    return outcome


def both(subject: Subject) -> set[str]:
    """The codes of what reading and of what writing says."""
    found = difference(Stored("01"), [FIRST])
    return {failure(lambda: stored(subject)).code, failure(lambda: apply(subject, found, AT)).code}


# --- the tables --------------------------------------------------------------------------------


def test_reading_makes_nothing(make: Make, tmp_path: Path) -> None:
    subject = make()
    held = stored(subject)
    assert (held.company, held.generation, held.types, dict(held.contents)) == ("01", 0, (), {})
    assert contents(subject, 1).schema == CONTENTS
    assert backup_contents(subject, 1).num_rows == 0
    assert backups(subject) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_store_of_the_engines_without_references_is_empty_and_stays(make: Make) -> None:
    subject = make()
    file = default_file(subject.file)
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE item_dbr (cod_item)")
        database.execute("CREATE TABLE alembic_version (version_num)")
        database.execute("INSERT INTO alembic_version VALUES ('of the engines')")
        database.commit()
    before = file.read_bytes()
    assert stored(subject).types == ()
    assert file.read_bytes() == before
    take_over(subject, FIRST)
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT * FROM alembic_version").fetchall() == [("of the engines",)]
        assert database.execute("SELECT count(*) FROM item_dbr").fetchall() == [(0,)]


@contextmanager
def engine_of(subject: Subject) -> Iterator[Engine]:
    with reference_store._engine(subject, make=False) as engine:
        assert engine
        yield engine


def test_the_steps_make_what_the_tables_say(subject: Subject) -> None:
    take_over(subject, FIRST)
    with engine_of(subject) as engine, engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, METADATA) == []
        keys = {table: inspect(connection).get_pk_constraint(table)["constrained_columns"] for table in METADATA.tables}
    assert keys == {name: [column.name for column in table.primary_key] for name, table in METADATA.tables.items()}


@pytest.mark.parametrize(
    "duplicate",
    [
        "UPDATE contdo_grade_dbr SET cod_grade = 'C01'",
        "UPDATE contdo_grade_dbr SET cod_chave = 'azul'",
        "UPDATE contdo_grade_dbr SET num_seq = 1",
    ],
)
def test_the_store_itself_refuses_a_reference_a_content_or_a_number_twice(subject: Subject, duplicate: str) -> None:
    take_over(subject, FIRST)
    with pytest.raises(StoreFailed), writing(subject) as connection:
        connection.execute(text(duplicate))


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        (sqlite.dialect(), ["WITHOUT ROWID", "cod_chave VARCHAR(180)"]),
        (postgresql.dialect(), ["cod_chave VARCHAR(180) NOT NULL", "log_ativo BOOLEAN NOT NULL"]),
        (mssql.dialect(), ["cod_chave NVARCHAR(180) COLLATE Latin1_General_BIN2", "num_seq INTEGER NOT NULL"]),
        (oracle.dialect(), ["cod_chave VARCHAR2(180 CHAR) NOT NULL", "des_grade VARCHAR2(255 CHAR)"]),
        (mysql.dialect(), ["cod_chave VARCHAR(180) COLLATE utf8mb4_bin"]),
    ],
    ids=["sqlite", "postgresql", "mssql", "oracle", "mysql"],
)
def test_the_tables_as_each_server_is_told(dialect: Any, words: list[str]) -> None:
    told = str(CreateTable(METADATA.tables["contdo_grade_dbr"]).compile(dialect=dialect))
    for word in words:
        assert word in told
    assert "IDENTITY" not in told
    assert "SERIAL" not in told
    assert "AUTO_INCREMENT" not in told
    assert "UNIQUE (cod_estabel, cod_grade)" in told
    for table in METADATA.tables.values():
        assert len(table.name) <= 30, "the length of names in Oracle before 12.2"
        assert all(len(column.name) <= 30 for column in table.c)


# --- moved from release to release -------------------------------------------------------------


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """The steps of a later release: one more column."""
    scripts = tmp_path / "next"
    shutil.copytree(MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "r9000_more.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        "revision = '9000'\n"
        "down_revision = '0001'\n"
        "def upgrade():\n"
        "    op.add_column('contdo_grade_dbr', sa.Column('des_longa', sa.Unicode(60)))\n"
        "    op.create_table('outra_dbr', sa.Column('a', sa.Integer))\n",
        encoding="utf-8",
    )
    return scripts


def test_an_older_store_is_moved_and_keeps_its_references(subject: Subject, next_release: Path) -> None:
    take_over(subject, FIRST)
    before = content(stored(subject))
    with engine_of(subject) as engine:
        reference_store._move(engine, next_release)
        assert "des_longa" in {column["name"] for column in inspect(engine).get_columns("contdo_grade_dbr")}
        with engine.connect() as connection:
            held = reference_store._types(connection, "01"), reference_store._contents(connection, "01", 1, COMPARED)
    assert held[0] == before["types"]
    assert held[1].to_pylist() == before["contents"][1]


def test_a_step_that_fails_leaves_the_store_as_it_was(subject: Subject, next_release: Path) -> None:
    take_over(subject, FIRST)
    before = content(stored(subject))
    with (next_release / "versions" / "r9000_more.py").open("a", encoding="utf-8") as file:
        file.write("    op.execute('SELECT nothing FROM nowhere')\n")
    with pytest.raises(StoreFailed), engine_of(subject) as engine:
        reference_store._move(engine, next_release)
    assert content(stored(subject)) == before
    with engine_of(subject) as engine:
        assert "outra_dbr" not in inspect(engine).get_table_names()


def test_a_store_of_a_newer_release_is_refused_and_stays(subject: Subject, next_release: Path) -> None:
    take_over(subject, FIRST)
    with engine_of(subject) as engine:
        reference_store._move(engine, next_release)
    for outcome in (
        failure(lambda: stored(subject)),
        failure(lambda: apply(subject, difference(Stored("01"), [FIRST]), LATER)),
    ):
        assert (outcome.code, outcome.details) == ("store.newer", {"revision": "9000"})
        assert "Update this program" in outcome.hint
    with engine_of(subject) as engine, engine.connect() as connection:
        assert connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) == "9000"


def test_many_that_make_the_tables_at_once(subject: Subject) -> None:
    failed: list[BaseException] = []

    def make_tables() -> None:
        try:
            with writing(subject):
                pass
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=make_tables) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    take_over(subject, FIRST)


def test_the_steps_work_from_an_installed_wheel(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    installed = tmp_path / "100% installed"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(installed)
    (tmp_path / "use.py").write_text(
        "import sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "import wizard, pathlib\n"
        "assert pathlib.Path(wizard.__file__).is_relative_to(sys.argv[1]), wizard.__file__\n"
        "from wizard.checklist.check import Subject\n"
        "from wizard.profile.load import profile_from_text\n"
        "from wizard.grades.reference_store import stored, writing\n"
        "file = pathlib.Path(sys.argv[2])\n"
        "subject = Subject(profile_from_text(file.read_text(encoding='utf-8')), file)\n"
        "with writing(subject):\n"
        "    pass\n"
        "print(stored(subject).company)\n",
        encoding="utf-8",
    )
    subject = subject_in(tmp_path)
    subject.file.write_text(subject.to_json()["profile"], encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, tmp_path / "use.py", installed, subject.file],
        env=env, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("01\n", "")


# --- what is wrong with a store ----------------------------------------------------------------


@pytest.mark.seed("R-GEN-02")
def test_a_store_of_another_company_is_refused(subject: Subject, make: Make) -> None:
    take_over(subject, FIRST)
    before = content(stored(subject))
    url = subject.profile.aps.url
    other = make(company={"logix": "02", "site": "02"}, **({"aps": {"url": url}} if url else {}))
    other = Subject(other.profile, subject.file, subject.typed)
    outcome = failure(lambda: stored(other))
    assert outcome.code == "store.other_company"
    assert "company 01, not of 02" in outcome.message
    assert failure(lambda: apply(other, difference(Stored("02"), [FIRST]), AT)).code == "store.other_company"
    assert content(stored(subject)) == before


def test_a_file_that_is_no_database(make: Make) -> None:
    subject = make()
    default_file(subject.file).write_text("Anotações. " * 500, encoding="utf-8")
    assert both(subject) == {"database.no_file"}


def test_a_file_that_was_damaged(make: Make) -> None:
    subject = make()
    take_over(subject, (grade(), numbered(1000)))
    file = default_file(subject.file)
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    outcome = failure(lambda: stored(subject))
    assert (outcome.code, outcome.details) == ("store.damaged", {"original": "database disk image is malformed"})


def test_a_table_that_someone_dropped(subject: Subject) -> None:
    take_over(subject, FIRST)
    with engine_of(subject) as engine, reference_store._transaction(engine) as connection:
        connection.execute(text("DROP TABLE contdo_grade_dbr"))
    outcome = failure(lambda: stored(subject))
    assert outcome.code == "store.damaged"
    assert "contdo_grade_dbr" in outcome.details["original"]


@contextmanager
def nobody() -> Iterator[None]:
    """Where the tests run as root, whom no permission stops: as another account."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another account may enter but not write."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_store_that_may_only_be_read_is_read_and_not_written(open_folder: Path) -> None:
    subject = subject_in(open_folder)
    take_over(subject, FIRST)
    file = default_file(subject.file)
    file.chmod(0o444)
    open_folder.chmod(0o555)
    before = file.read_bytes()
    with nobody():
        held = stored(subject)
        found = difference(held, [(grade(), fresh("AZUL"))])
        outcome = failure(lambda: apply(subject, found, LATER))
    assert (outcome.code, outcome.details) == ("aps.unwritable", {"original": "attempt to write a readonly database"})
    assert file.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_that_may_not_be_written_or_entered(open_folder: Path) -> None:
    subject = subject_in(open_folder)
    found = difference(Stored("01"), [FIRST])
    open_folder.chmod(0o555)
    with nobody():
        assert failure(lambda: apply(subject, found, AT)).code == "aps.unwritable"
    open_folder.chmod(0o600)
    with nobody():
        assert both(subject) == {"store.unreachable", "aps.unwritable"}


@pytest.mark.parametrize(
    ("aps", "codes"),
    [
        ({"url": "sqlite:///no/such/aps.sqlite"}, {"aps.unwritable"}),
        ({"url": "sqlite://"}, {"aps.in_memory"}),
        ({"url": "postgresql+nosuch://h/aps"}, {"aps.url"}),
        ({"url": "postgresql://h:port/aps"}, {"aps.url"}),
        ({"url": "mysql+mysqldb://aps@h/aps"}, {"aps.driver_missing"}),
        ({"url": "oracle+oracledb://aps@h/aps", "password": "env:APS_TEST_STORE"}, {"secret.env_missing"}),
        ({"url": "oracle+oracledb://aps@127.0.0.1:1/?service_name=aps"}, {"database.port_refused"}),
    ],
)
def test_a_store_that_cannot_be_had(make: Make, monkeypatch: pytest.MonkeyPatch, aps: Any, codes: set[str]) -> None:
    monkeypatch.delenv("APS_TEST_STORE", raising=False)
    made = make(aps=aps)
    subject = made if "password" in aps else Subject(made.profile, made.file, {"aps.password": "any-password"})
    found = difference(Stored("01"), [FIRST])
    assert failure(lambda: apply(subject, found, AT)).code in codes


@pytest.mark.parametrize("limit", ["", "?connect_timeout=2"])
def test_a_server_that_says_nothing_is_given_up(make: Make, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(reference_store, "CONNECT_SECONDS", int(ENDLESS) if limit else 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        subject = make(aps={"url": f"postgresql+psycopg://aps@127.0.0.1:{silent.getsockname()[1]}/aps{limit}"})
        began = time.monotonic()
        outcome = failure(lambda: stored(subject))
        assert time.monotonic() - began < PATIENCE, "without a limit it would wait for minutes"
    assert outcome.code == "database.server_silent"


def test_a_server_that_refuses_the_password(postgres_server: Stores, make: Make) -> None:
    profile = make(aps={"url": postgres_server.database()})
    subject = Subject(profile.profile, profile.file, {"aps.password": "wrong-password"})
    assert both(subject) == {"database.login_refused"}
    lost = make(aps={"url": postgres_server.url("nowhere")})
    assert both(Subject(lost.profile, lost.file, {"aps.password": postgres_server.password})) == {"database.not_found"}


def test_a_server_user_that_may_not_make_tables(postgres_server: Stores, make: Make) -> None:
    url = postgres_server.database()
    name = url.rpartition("/")[2]
    postgres_server.execute(f"CREATE ROLE reader_{name} LOGIN PASSWORD 'only-reads'")
    aps = {"url": url.replace("aps@", f"reader_{name}@")}
    profile = make(aps=aps)
    subject = Subject(profile.profile, profile.file, {"aps.password": "only-reads"})
    assert stored(subject).types == ()
    outcome = failure(lambda: apply(subject, difference(Stored("01"), [FIRST]), AT))
    assert outcome.code == "aps.unwritable"
    assert "permission denied" in outcome.details["original"]


def test_a_server_that_another_program_holds(
    postgres_server: Stores, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference_store, "LOCK_SECONDS", 1)
    profile = make(aps={"url": postgres_server.database()})
    subject = Subject(profile.profile, profile.file, {"aps.password": postgres_server.password})
    take_over(subject, FIRST)
    found = difference(stored(subject), [(grade(), fresh("AZUL"))])
    with writing(subject) as holder:
        holder.execute(text("UPDATE estado_grade_dbr SET num_geracao = num_geracao"))
        assert failure(lambda: apply(subject, found, LATER)).code == "store.locked"
    apply(subject, found, LATER)
