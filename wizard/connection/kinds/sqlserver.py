"""SQL Server through its ODBC driver or a DSN. Not run against a real SQL Server; README.md says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wizard.connection import odbc_session
from wizard.connection.kind import Kind
from wizard.profile.database import SqlServerDatabase

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

LEVELS = {
    "read_uncommitted": "READ UNCOMMITTED",
    "read_committed": "READ COMMITTED",
    "repeatable_read": "REPEATABLE READ",
    "snapshot": "SNAPSHOT",
    "serializable": "SERIALIZABLE",
}
_ENCRYPT = {"optional": "no", "mandatory": "yes", "strict": "strict"}
_READ_BACK = "SELECT transaction_isolation_level FROM sys.dm_exec_sessions WHERE session_id = @@SPID"
_CODES = {1: "read_uncommitted", 2: "read_committed", 3: "repeatable_read", 4: "serializable", 5: "snapshot"}


def connection_parts(settings: SqlServerDatabase, password: str | None) -> dict[str, object]:
    """Keywords of the connection string of Microsoft's driver."""
    server = settings.host
    if server and settings.instance:
        server = f"{server}\\{settings.instance}"
    if server and settings.port:
        server = f"{server},{settings.port}"
    windows = settings.authentication == "windows"
    return {
        "DSN": settings.dsn,
        "DRIVER": None if settings.dsn else settings.driver,
        "SERVER": None if settings.dsn else server,
        "DATABASE": settings.database,
        "Encrypt": _ENCRYPT[settings.encrypt],
        "TrustServerCertificate": "yes" if settings.trust_server_certificate else "no",
        "Trusted_Connection": "yes" if windows else None,
        "UID": None if windows else settings.user,
        "PWD": None if windows else password,
    }


def session_statements(settings: SqlServerDatabase) -> tuple[str, ...]:
    """What is said to the server after login: level, and how long to wait for a lock (milliseconds)."""
    return (
        f"SET TRANSACTION ISOLATION LEVEL {LEVELS[settings.isolation]}",
        f"SET LOCK_TIMEOUT {settings.lock_wait * 1000}",
    )


def _engine(settings: SqlServerDatabase, password: str | None, folder: Path) -> Engine:  # noqa: ARG001 - no file
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    def connector() -> object:
        return odbc_session.connect(
            connection_parts(settings, password),
            isolation="server_default",  # the statements below say it, snapshot included
            login_timeout=settings.login_timeout,
            query_timeout=settings.query_timeout,
            statements=session_statements(settings),
        )

    return create_engine("mssql+pyodbc://", creator=connector, poolclass=NullPool)


def _address(settings: SqlServerDatabase) -> tuple[str, int] | None:
    # A named instance answers on a port of its own, which only the SQL Server Browser knows.
    if settings.host and not settings.dsn and (settings.port or not settings.instance):
        return settings.host, settings.port or 1433
    return None


def _isolation(connection: Connection) -> str:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    try:
        return _CODES.get(connection.execute(text(_READ_BACK)).scalar_one(), "")
    except DBAPIError:
        return ""  # the login may not see its own session: unknown, not wrong


KIND = Kind("sqlserver", "pyodbc", _engine, _address, odbc_session.product, _isolation)
