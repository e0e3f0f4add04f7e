"""SQLite, read-only: the demo site and the tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wizard.connection.kind import Kind
from wizard.profile.database import SqliteDatabase

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


def _engine(settings: SqliteDatabase, password: str | None, folder: Path) -> Engine:  # noqa: ARG001 - no login
    import sqlite3

    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    file = folder / settings.file

    def connect() -> sqlite3.Connection:
        # mode=ro: a mistyped name must not make an empty database.
        connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=settings.lock_wait)
        try:
            # The first look into the file: opening alone takes anything for a database.
            connection.execute("PRAGMA schema_version")
            if settings.isolation == "read_uncommitted":
                connection.execute("PRAGMA read_uncommitted = 1")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _product(connection: Connection) -> str:
    from sqlalchemy import text

    return f"SQLite {connection.execute(text('SELECT sqlite_version()')).scalar_one()}"


def _isolation(connection: Connection) -> str:
    from sqlalchemy import text

    dirty = connection.execute(text("PRAGMA read_uncommitted")).scalar_one()
    return "read_uncommitted" if dirty else "serializable"


KIND = Kind("sqlite", "sqlite3", _engine, lambda settings: None, _product, _isolation)
