"""A SQLite file, read-only: the demo site and the tests. It has no login."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from wizard.profile.database_kind import ASK_ISOLATION, Ask, DatabaseKind, LockWait, QueryTimeout, Session
from wizard.profile.fields import Line
from wizard.profile.messages import N_


class SqliteDatabase(DatabaseKind):
    """A file beside the profile or anywhere else."""

    kind: Literal["sqlite"] = "sqlite"
    file: Annotated[
        Line, Ask(N_("Database file"), help=N_("A relative path starts at the profile's folder."), picks="file")
    ]
    isolation: Annotated[Literal["serializable", "read_uncommitted"], ASK_ISOLATION] = "serializable"
    query_timeout: QueryTimeout = 120
    lock_wait: LockWait = 30

    TITLE: ClassVar = N_("SQLite file (demo)")
    ORDER: ClassVar = 50
    VERSION_QUERY: ClassVar = "SELECT 'SQLite ' || sqlite_version()"
    ISOLATION_QUERY: ClassVar = "PRAGMA read_uncommitted"
    ISOLATION_CODES: ClassVar = {0: "serializable", 1: "read_uncommitted"}
    CHARSET_QUERY: ClassVar = "SELECT encoding FROM pragma_encoding"
    FIRST_ROWS: ClassVar = ("SELECT {columns} FROM {source} LIMIT {count}",)
    READ_ONLY: ClassVar = True

    def session(self, password: str | None, folder: Path) -> Session:  # noqa: ARG002 - no login
        """Opened with mode=ro: a mistyped name must not make an empty database."""
        dirty = int(self.isolation == "read_uncommitted")
        return Session(
            "sqlite+pysqlite",
            arguments={
                "database": f"{(folder / self.file).resolve().as_uri()}?mode=ro",
                "uri": True,
                "timeout": self.lock_wait,
            },
            # The first looks into the file: opening alone takes anything for a database.
            statements=("PRAGMA schema_version", f"PRAGMA read_uncommitted = {dirty}"),
            query_timeout=self.query_timeout,
        )

    def file_name(self) -> str:
        """The file as the profile names it."""
        return self.file


KIND = SqliteDatabase
