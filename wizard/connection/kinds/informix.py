"""Informix through its ODBC data source (R-PRE-06). Not run against a real Informix; README.md says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wizard.connection import odbc_session
from wizard.connection.kind import Kind
from wizard.profile.database import InformixDatabase

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

LEVELS = {
    "read_uncommitted": "SET ISOLATION TO DIRTY READ",
    "read_committed": "SET ISOLATION TO COMMITTED READ",
    "repeatable_read": "SET ISOLATION TO REPEATABLE READ",
    "serializable": "SET ISOLATION TO REPEATABLE READ",
}
"""Informix has no level above Repeatable Read. Logix programs themselves run the first of these (K1)."""

_READ_BACK = (
    "SELECT isolevel FROM sysmaster:sysrstcb r, sysmaster:systxptab t "
    "WHERE r.sid = DBINFO('sessionid') AND t.address = r.txp"
)
_CODES = {1: "read_uncommitted", 6: "read_uncommitted", 2: "read_committed", 5: "repeatable_read"}


def session_statements(settings: InformixDatabase) -> tuple[str, ...]:
    """What is said to the server after login: the level, and how long to wait for a locked row."""
    wait = f"SET LOCK MODE TO WAIT {settings.lock_wait}" if settings.lock_wait else "SET LOCK MODE TO NOT WAIT"
    return (LEVELS[settings.isolation], wait)


def connection_parts(settings: InformixDatabase, password: str | None) -> dict[str, object]:
    """Keywords of the connection string; the DSN holds the rest."""
    return {
        "DSN": settings.dsn,
        "DATABASE": settings.database,
        "CLIENT_LOCALE": settings.client_locale,
        "DB_LOCALE": settings.db_locale,
        "UID": settings.user,
        "PWD": password,
    }


def _engine(settings: InformixDatabase, password: str | None, folder: Path) -> Engine:  # noqa: ARG001 - no file
    return odbc_session.engine(settings, connection_parts(settings, password), session_statements(settings))


def _address(settings: InformixDatabase) -> tuple[str, int] | None:
    # A service may be a name of the services file; only a number can be knocked at from here.
    if settings.host and settings.service and settings.service.isdigit():
        return settings.host, int(settings.service)
    return None


def _isolation(connection: Connection) -> str:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    try:
        found = connection.execute(text(_READ_BACK)).scalar()
    except DBAPIError:
        return ""  # no access to sysmaster: unknown, not wrong
    return _CODES.get(int(found), "") if found is not None else ""


KIND = Kind("informix", "pyodbc", _engine, _address, odbc_session.product, _isolation)
