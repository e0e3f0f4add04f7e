"""Any database with an ODBC data source, in plain SQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wizard.connection import odbc_session
from wizard.connection.kind import Kind
from wizard.profile.database import OdbcDatabase

if TYPE_CHECKING:
    from sqlalchemy import Engine


def _engine(settings: OdbcDatabase, password: str | None, folder: Path) -> Engine:  # noqa: ARG001 - no file
    parts = {"DSN": settings.dsn, "DATABASE": settings.database, "UID": settings.user, "PWD": password}
    return odbc_session.engine(settings, parts)


KIND = Kind("odbc", "pyodbc", _engine, lambda settings: None, odbc_session.product, odbc_session.unknown_isolation)
