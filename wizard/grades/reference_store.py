"""The grade references in the APS store of a profile: its tables made and moved, types and contents read.

A store is SQLite or any server that SQLAlchemy knows. Whatever fails is raised as StoreFailed, once, with cause and
action. Contents are read in batches of `BATCH` rows into columns.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from gettext import gettext as _
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import Select, create_engine, event, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from wizard.checklist.check import Outcome, Subject, fail
from wizard.connection.aps_store import is_in_memory, store_url
from wizard.connection.causes import ROW_LOCKED
from wizard.connection.faults import explain, says
from wizard.grades.difference import COMPARED, CONTENTS, Stored, TypeRow, without_null
from wizard.grades.reference_tables import BACKUP, RENUMBERINGS, STATE, TYPES, VERSION_TABLE
from wizard.grades.reference_tables import CONTENTS as CONTENT_ROWS
from wizard.profile.atomic import make_folder
from wizard.secrets.references import SecretError, secret_for

if TYPE_CHECKING:
    import sqlite3

    from alembic.config import Config
    from sqlalchemy import URL, Connection, Engine, Table

MIGRATIONS = Path(__file__).with_name("migrations")

BATCH = 10_000
"""Rows that are read or written at a time."""

LOCK_SECONDS = 10
"""How long to wait for another program that holds the store, SQLite or PostgreSQL; others have limits of their own."""

CONNECT_SECONDS = 15
"""How long a PostgreSQL server may take to let somebody in; the commands ask it outside of a child."""

_CACHE_KIB = 16_384
"""Pages of a SQLite file kept in memory while it is written: less, and the indexes of a large type go to the disk for
every row."""

_MOVING = threading.Lock()
"""Alembic knows one move at a time in a process: a second one would write to the connection of the first."""


class StoreFailed(Exception):
    """The APS store could not be used; `outcome` says why and what to do."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.code)


@dataclass(frozen=True)
class Backup:
    """A type before a renumbering: its references then are kept, and `backup_contents` reads them."""

    number: int
    name: str
    moment: datetime
    type: int
    description: str
    indicator: str
    size: int
    new_indicator: str
    new_size: int
    contents: int


def stored(subject: Subject) -> Stored:
    """Everything that the store of a profile holds of its company. A store that was not made yet is empty.

    Makes nothing and writes nothing, unless an older version of this program made the tables: they are moved.
    Raises StoreFailed.
    """
    company = subject.profile.company.logix
    with reading(subject) as connection:
        if connection is None:
            return Stored(company)
        # First: what another program applies while the rest is read makes the generation an old one, and `apply`
        # refuses a difference that was computed from such a mixture.
        generation = _generation(connection, company)
        types = _types(connection, company)
        contents = {row.code: _contents(connection, company, row.code, COMPARED) for row in types}
        return Stored(company, generation, types, contents, _former(connection, company))


def contents(subject: Subject, type_code: int) -> pa.Table:
    """The contents of one type, active or not, by sequence, with the columns of `difference.CONTENTS`.

    Empty for a type that was never imported. Raises StoreFailed.
    """
    with reading(subject) as connection:
        if connection is None:
            return CONTENTS.empty_table()
        return _contents(connection, subject.profile.company.logix, type_code)


def backups(subject: Subject) -> tuple[Backup, ...]:
    """Every renumbering of the company, the oldest first. Raises StoreFailed."""
    t = RENUMBERINGS
    with reading(subject) as connection:
        if connection is None:
            return ()
        mine = t.c.cod_estabel == subject.profile.company.logix
        rows = connection.execute(select(t).where(mine).order_by(t.c.num_renum)).all()
    return tuple(
        Backup(
            number=row.num_renum,
            name=row.nom_renum,
            moment=row.dat_renum.replace(tzinfo=UTC),
            type=row.cdn_tip_grade,
            description=row.des_tip_grade or "",
            indicator=row.ind_tip_grade,
            size=row.qti_tam_refer,
            new_indicator=row.ind_tip_grade_novo,
            new_size=row.qti_tam_refer_novo,
            contents=row.qti_contdo,
        )
        for row in rows
    )


def backup_contents(subject: Subject, number: int) -> pa.Table:
    """The contents of a backup as they were, with the columns of `difference.CONTENTS`. Raises StoreFailed."""
    t = BACKUP
    with reading(subject) as connection:
        if connection is None:
            return CONTENTS.empty_table()
        mine = (t.c.cod_estabel == subject.profile.company.logix) & (t.c.num_renum == number)
        return _table(connection, _content_query(t).where(mine))


@contextmanager
def reading(subject: Subject) -> Iterator[Connection | None]:
    """A connection to a store whose tables are there; None when they were not made yet. Raises StoreFailed."""
    with _engine(subject, make=False) as engine:
        if engine is None:
            yield None
            return
        with engine.connect() as connection:
            revision = _revision(connection)
        if revision is None:
            yield None
            return
        if revision != _newest():
            _move(engine)
        with engine.connect() as connection:
            _refuse_other_company(connection, subject)
            yield connection


@contextmanager
def writing(subject: Subject) -> Iterator[Connection]:
    """A connection inside one transaction, which is committed at the end; makes and moves the tables before.

    A SQLite file is locked for other writers from the beginning. Raises StoreFailed; nothing is written then.
    """
    with _engine(subject, make=True) as engine:
        assert engine is not None  # noqa: S101 - only reading has none
        with engine.connect() as connection:
            current = _revision(connection) == _newest()
        if not current:
            _move(engine)
        with _transaction(engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
            _refuse_other_company(connection, subject)
            yield connection


# --- the tables --------------------------------------------------------------------------------


def _config(scripts: Path) -> Config:
    from alembic.config import Config

    config = Config(stdout=StringIO())
    # A percent sign in the path would be read as the start of a name.
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    return config


@cache
def _revisions(scripts: Path) -> tuple[str, ...]:
    """The revisions that this program knows, the newest first; read once."""
    from alembic.script import ScriptDirectory

    return tuple(step.revision for step in ScriptDirectory.from_config(_config(scripts)).walk_revisions())


def _newest(scripts: Path = MIGRATIONS) -> str | None:
    return next(iter(_revisions(scripts)), None)


def _revision(connection: Connection, scripts: Path = MIGRATIONS) -> str | None:
    """The revision of the tables; None when there are none. Refuses one that this program does not know."""
    from alembic.runtime.migration import MigrationContext

    found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    if found is not None and found not in _revisions(scripts):
        message = _("The grade references in the APS store were written by a newer version of this program.")
        raise StoreFailed(fail("store.newer", message, _("Update this program."), revision=found))
    return found


def _move(engine: Engine, scripts: Path = MIGRATIONS) -> None:
    """Make the tables, or move them to the newest revision, in one transaction where the server can.

    Oracle and MySQL end a transaction with each table; there an interruption may leave some of them.
    """
    from alembic import command

    config = _config(scripts)
    try:
        with _MOVING, _transaction(engine) as connection:
            # Looked at again with the lock held: another program may just have done it.
            if _revision(connection, scripts) != _newest(scripts):
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
    except DBAPIError:
        # Two programs that make the first tables of a server meet at the names, and one of them loses.
        with engine.connect() as connection:
            if _revision(connection, scripts) != _newest(scripts):
                raise


def _refuse_other_company(connection: Connection, subject: Subject) -> None:
    """One APS database belongs to one company (R-GEN-02)."""
    company = subject.profile.company.logix
    others = connection.scalars(select(STATE.c.cod_estabel).where(STATE.c.cod_estabel != company)).all()
    if others:
        message = _("The APS store holds the grade references of company {other}, not of {company}.")
        hint = _("Each Logix company needs an APS database of its own. Correct the company, or choose another store.")
        raise StoreFailed(fail("store.other_company", message.format(other=others[0], company=company), hint))


# --- reading -----------------------------------------------------------------------------------


def _generation(connection: Connection, company: str) -> int:
    query = select(STATE.c.num_geracao).where(STATE.c.cod_estabel == company)
    return connection.scalar(query) or 0


def _types(connection: Connection, company: str) -> tuple[TypeRow, ...]:
    t = TYPES
    rows = connection.execute(select(t).where(t.c.cod_estabel == company).order_by(t.c.cdn_tip_grade)).all()
    return tuple(
        TypeRow(
            code=row.cdn_tip_grade,
            description=row.des_tip_grade or "",
            content_table=row.nom_tab_contdo,
            code_column=row.nom_campo_cod,
            description_column=row.nom_campo_descr,
            indicator=row.ind_tip_grade,
            size=row.qti_tam_refer,
            active=row.log_ativo,
        )
        for row in rows
    )


def _former(connection: Connection, company: str) -> dict[str, frozenset[int]]:
    t = RENUMBERINGS
    query = select(t.c.ind_tip_grade, t.c.cdn_tip_grade).where(t.c.cod_estabel == company)
    former: dict[str, frozenset[int]] = {}
    for indicator, code in connection.execute(query):
        former[indicator] = former.get(indicator, frozenset()) | {code}
    return former


def _contents(connection: Connection, company: str, type_code: int, wanted: pa.Schema = CONTENTS) -> pa.Table:
    t = CONTENT_ROWS
    query = _content_query(t, wanted).where(t.c.cod_estabel == company, t.c.cdn_tip_grade == type_code)
    return _table(connection, query, wanted)


_COLUMNS = {
    "code": "cod_grade_erp",
    "description": "des_grade",
    "reference": "cod_grade",
    "sequence": "num_seq",
    "active": "log_ativo",
    "first_seen": "dat_primeira",
    "last_seen": "dat_ultima",
}
"""Where the columns of `difference.CONTENTS` are kept."""


def _content_query(t: Table, wanted: pa.Schema = CONTENTS) -> Select[Any]:
    columns = [t.c[_COLUMNS[name]] for name in wanted.names]
    return select(*columns).order_by(t.c.num_seq)


def _table(connection: Connection, query: Select[Any], wanted: pa.Schema = CONTENTS) -> pa.Table:
    """The rows of a query as columns in one piece, never more than a batch of them as Python objects."""
    parts: list[list[pa.Array]] = [[pa.array([], field.type)] for field in wanted]
    for rows in connection.execute(query.execution_options(yield_per=BATCH)).partitions():
        for column, values, field in zip(parts, zip(*rows, strict=True), wanted, strict=True):
            column.append(pa.array(values, field.type))
    columns = []
    while parts:
        # One column after the other: the whole is never there twice.
        whole = pa.concat_arrays(parts.pop(0))
        columns.append(without_null(whole) if pa.types.is_string(whole.type) else whole)
    # The batches of a large type leave some 50 MB of memory that the pool would keep for later.
    pa.default_memory_pool().release_unused()
    return pa.table(columns, schema=wanted)


# --- the connection ----------------------------------------------------------------------------


@contextmanager
def _engine(subject: Subject, *, make: bool) -> Iterator[Engine | None]:
    """The engine of the store; None for a SQLite file that is not there and shall not be made."""
    try:
        yield _made(subject, make=make)
    except SecretError as error:
        raise StoreFailed(fail(error.problem.code, error.problem.message, error.problem.action)) from None
    except ImportError as error:
        message = _("The driver of the APS store is not installed.")
        hint = _("Install it, or use a SQLite file.")
        raise StoreFailed(fail("aps.driver_missing", message, hint, original=error.msg or "")) from None
    except DBAPIError as error:
        raise StoreFailed(_explained(str(error.orig))) from None
    except SQLAlchemyError as error:
        raise StoreFailed(_explained(str(error))) from None
    except OSError as error:
        # A folder that may not be entered; and oracledb lets through, as it is, what resolving a name raised.
        message = _("The APS store cannot be reached.")
        hint = _("Check path and permissions of the file, or name and port of the server, VPN and firewall.")
        raise StoreFailed(fail("store.unreachable", message, hint, original=str(error))) from None


def _made(subject: Subject, *, make: bool) -> Engine | None:
    try:
        url = store_url(subject.profile, subject.file)
        if url.get_backend_name() == "sqlite":
            if make and subject.profile.aps.url is None:
                # The references of a new profile may be given before the profile itself is written beside them.
                make_folder(subject.file.parent)
            return _sqlite(url, make=make)
        password = secret_for(subject.profile, "aps.password", subject.typed)
        return create_engine(
            url.set(password=password) if password else url, poolclass=NullPool, connect_args=_limits(url)
        )
    except (ArgumentError, ValueError):
        # ValueError: a port that is no number.
        message = _("The APS store is not an address that SQLAlchemy knows.")
        raise StoreFailed(fail("aps.url", message, _("Example: postgresql+psycopg://user@server/aps."))) from None
    except OSError as error:
        message = _("The APS store cannot be reached.")
        hint = _("Check path and permissions of the file, or name and port of the server, VPN and firewall.")
        raise StoreFailed(fail("store.unreachable", message, hint, original=error.strerror or "")) from None


def _limits(url: URL) -> dict[str, object]:
    """The time limit of the login for drivers that have none by themselves, unless the address says another one."""
    if not url.get_driver_name().startswith("psycopg") or "connect_timeout" in url.query:
        return {}
    return {"connect_timeout": CONNECT_SECONDS}


def _sqlite(url: URL, *, make: bool) -> Engine | None:
    import sqlite3

    if is_in_memory(url):
        message = _("The APS store would be in memory only, and gone when the update ends.")
        hint = _("Name a file: sqlite:///aps.sqlite, or leave the address empty.")
        raise StoreFailed(fail("aps.in_memory", message, hint))
    file = Path(str(url.database))
    if not make and not file.exists():
        return None
    # Not `ro` for reading: after an interruption the next program to open the file has to undo what was left of it.
    address = f"{file.resolve().as_uri()}?mode={'rwc' if make else 'rw'}"

    def connect() -> sqlite3.Connection:
        # No transactions of the driver's own, which would begin too late to hold the lock.
        connection = sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS, isolation_level=None)
        try:
            if make:
                connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection, connection.execution_options(writes=True).begin():
        yield connection


_DAMAGED = re.compile(
    'malformed|no such table|no such column|(?:relation|column) "?[^ ]* does not exist|ORA-00942|ORA-00904|42S02|42S22'
)
_UNWRITABLE = re.compile(
    "readonly database|unable to open database file|permission denied|read-only transaction|disk is full|disk I/O error"
)


def _explained(original: str) -> Outcome:
    """Cause and action for what the driver of a store said."""
    # psycopg gives no SQLSTATE in its words.
    if says(original, ROW_LOCKED) or "due to lock timeout" in original:
        message = _("Another program is writing to the APS store.")
        return fail("store.locked", message, _("Wait until it has ended, and try again."), original=original)
    if _UNWRITABLE.search(original):
        message = _("The APS store cannot be written.")
        hint = _("Check the permissions of the folder and whether another program holds the file.")
        return fail("aps.unwritable", message, hint, original=original)
    if _DAMAGED.search(original):
        message = _("The grade references in the APS store are damaged: a table or column is missing or unreadable.")
        return fail("store.damaged", message, _("Restore the store from a backup copy."), original=original)
    return explain(original)
