"""What one kind of database declares: its fields, what is asked for each, and how a session with it is opened.

A kind is one module of `profile/kinds` with one class. It says everything as data: `connection` opens the session,
`flow` asks the questions, the schema and the command line follow from the fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from wizard.profile.fields import Line, ProofTable, Seconds, SecretRef, Section
from wizard.profile.messages import N_


@dataclass(frozen=True)
class Ask:
    """The question for a field. Texts are marked for translation.

    `choices` labels the values of a Literal, `unit` stands behind a number, `example` inside an empty text,
    `group` heads questions that belong together; `picks` says that the text names a file, a folder or an ODBC data
    source.
    """

    label: str
    help: str = ""
    example: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    group: str = ""
    picks: Literal["", "file", "folder", "source"] = ""


@dataclass(frozen=True)
class Session:
    """How a session is opened, as data. It holds the password: it lives in the child that connects, and has no repr.

    `dialect` is SQLAlchemy's dialect and driver. With keywords in `odbc` the session goes through ODBC, and
    `isolation` is set by its attribute; else `arguments` are those of the driver's own `connect`, `setup` names
    functions of the driver's module that are called before, and `attributes` are set on the connection.
    `statements` are said to the server right after. Time limits are in seconds.
    """

    dialect: str
    odbc: Mapping[str, object] = field(default_factory=dict, repr=False)
    arguments: Mapping[str, object] = field(default_factory=dict, repr=False)
    setup: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    attributes: Mapping[str, object] = field(default_factory=dict)
    isolation: str = "server_default"
    statements: tuple[str, ...] = ()
    login_timeout: int = 15
    query_timeout: int = 120


@dataclass(frozen=True)
class Proof:
    """How two sessions show what an isolation level does, without touching a table of Logix.

    `{name}` in the statements stands for a name that nobody uses. One session makes something and writes a
    row into it without committing; the other one counts, and waits for no lock longer than `before` says.
    """

    make: tuple[str, ...]
    write: tuple[str, ...]
    undo: tuple[str, ...]
    before: tuple[str, ...]
    count: str


ISOLATION_LEVELS = {
    "server_default": N_("Server default"),
    "read_uncommitted": N_("Read Uncommitted (dirty read)"),
    "read_committed": "Read Committed",
    "repeatable_read": "Repeatable Read",
    "snapshot": "Snapshot",
    "serializable": "Serializable",
}

OwnTable = Annotated[
    ProofTable | None,
    Ask(
        N_("Table to prove it"),
        help=N_("Optional: an empty table, where two sessions show the level. Its row is never committed."),
        example="aps_wizard",
    ),
]
"""For a server without an object that ends with its session and that another session sees. The site makes it, with
one column of whole numbers, and lets the user insert."""

ASK_ISOLATION = Ask(N_("Isolation level"), choices=ISOLATION_LEVELS)

DSN_HELP = N_("Exactly the name of the ODBC data source. Make it a System DSN, so that the engines see it too.")
DATABASE_OF_DSN = Ask(N_("Database"), help=N_("Only when the DSN does not name it."))

_SECONDS = N_("seconds")
_LIMITS = N_("Time limits")

User = Annotated[Line | None, Ask(N_("User"), help=N_("A user that may only read is enough and is safer."))]
Password = Annotated[SecretRef | None, Ask(N_("Password"))]
LoginTimeout = Annotated[Seconds, Ask(N_("For the login"), unit=_SECONDS, group=_LIMITS)]
QueryTimeout = Annotated[Seconds, Ask(N_("For a query"), unit=_SECONDS, group=_LIMITS)]
LockWait = Annotated[int, Field(ge=0, le=600), Ask(N_("For a locked row"), unit=_SECONDS, group=_LIMITS)]
"""Seconds to wait for a locked row. Logix programs themselves wait 5 to 300 (domain fact K1)."""


class DatabaseKind(Section):
    """The Logix database of a profile. Each kind is a subclass and declares what the comments here name.

    Fields stand in the order in which they are asked and written; a field without `Ask` is not asked for.
    """

    kind: str
    if TYPE_CHECKING:
        # Every kind declares these itself, at their place among its own.
        isolation: str
        query_timeout: int
        lock_wait: int

    TITLE: ClassVar[str]
    """The kind as people call it, marked for translation."""
    ORDER: ClassVar[int]
    """Where the kind stands in the list; the first one is proposed."""
    TARGET: ClassVar[str] = ""
    """What to give when the fields do not say which database is meant, marked for translation."""
    RECOMMENDED: ClassVar[str] = ""
    """The isolation level that the manual recommends, and in ADVICE why; marked for translation."""
    ADVICE: ClassVar[str] = ""
    NOT_OFFERED: ClassVar[tuple[str, ...]] = ()
    """Keys of entities that the update cannot import from this kind."""
    VERSION_QUERY: ClassVar[str] = ""
    """Gives name and version of the server in one row; ODBC drivers and most dialects tell them without a query."""
    ISOLATION_QUERY: ClassVar[str] = ""
    """Gives the level in force as one value, which ISOLATION_CODES translates; "" where the server does not tell."""
    ISOLATION_CODES: ClassVar[Mapping[int, str]] = {}
    PROOF: ClassVar[Proof | None] = None
    """Shows the level at work by what ends with a session; None where the server has nothing of that kind.

    A kind without it may have a field `proof_table` (OwnTable).
    """
    AT_ONCE: ClassVar[tuple[str, ...]] = ()
    """Statements after which a session does not wait for a locked row."""
    CHARSET_QUERY: ClassVar[str] = ""
    """Gives the character set or the locale of the database in one row, that of the session in a second column."""
    ECHO_QUERY: ClassVar[str] = "SELECT CAST('{words}' AS CHAR(30))"
    """Gives back the words that it is given, as the server understood them.

    The words stand in the statement: several drivers treat the text of a parameter in a way of its own.
    """
    FIRST_ROWS: ClassVar[tuple[str, ...]] = (
        "SELECT {columns} FROM {source} FETCH FIRST {count} ROWS ONLY",
        "SELECT {columns} FROM {source} LIMIT {count}",
        "SELECT TOP {count} {columns} FROM {source}",
        "SELECT FIRST {count} {columns} FROM {source}",
    )
    """How the first rows are asked for; of several the first that the server understands counts."""
    ROWS_QUERY: ClassVar[str] = ""
    """Gives names of tables and their rows, out of the statistics of the server; tables not in it are counted."""
    READ_ONLY: ClassVar[bool] = False
    """The session itself cannot write, whatever its user may."""
    WRITE_QUERIES: ClassVar[tuple[str, ...]] = ()
    """Give the tables that the user may write to and by which right; none of them writes.

    A blank name stands for all tables, a question mark for rights of which the server does not tell more.
    Of several queries the first that the server understands counts; without any the server does not tell.
    """

    def session(self, password: str | None, folder: Path) -> Session:
        """How to open a session; relative paths start at `folder`, the one of the profile."""
        raise NotImplementedError

    def address(self) -> tuple[str, int] | None:
        """Host and port, where the fields name them."""
        return None

    def file_name(self) -> str | None:
        """The file that is the database, for kinds without a server."""
        return None

    def own_table(self) -> str | None:
        """The table that the site keeps for proving the isolation level, where there is one."""
        return getattr(self, "proof_table", None)

    def data_source(self) -> str | None:
        """The ODBC data source, where there is one."""
        return getattr(self, "dsn", None)


def target_missing(kind: type[DatabaseKind], at: str) -> PydanticCustomError:
    """The complaint of a kind whose fields name no database; it stands at the field `at`."""
    return PydanticCustomError("database_target", "no target", {"at": at, "target": kind.TARGET})
