"""What server and driver say of themselves over an open connection."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

from wizard.connection.odbc_session import LEVELS
from wizard.profile.database_kind import DatabaseKind

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LEVELS = {bit: level for level, bit in LEVELS.items()}


def product(connection: Connection, settings: DatabaseKind) -> str:
    """Name and version of the server."""
    odbc = _odbc(connection)
    if odbc:
        import pyodbc

        return f"{odbc.getinfo(pyodbc.SQL_DBMS_NAME)} {odbc.getinfo(pyodbc.SQL_DBMS_VER)}"
    if settings.VERSION_QUERY:
        return str(connection.exec_driver_sql(settings.VERSION_QUERY).scalar_one())
    version = getattr(connection.dialect, "server_version_info", None) or ()
    return " ".join(filter(None, [settings.TITLE, ".".join(map(str, version))]))


def driver(connection: Connection) -> str:
    """Name and version of the driver; one that comes with Python has the version of Python."""
    odbc = _odbc(connection)
    if odbc:
        import pyodbc

        return f"{odbc.getinfo(pyodbc.SQL_DRIVER_NAME)} {odbc.getinfo(pyodbc.SQL_DRIVER_VER)}"
    module: Any = connection.dialect.dbapi
    name = module.__name__.partition(".")[0]
    return f"{name} {getattr(module, '__version__', '') or f'(Python {platform.python_version()})'}"


def isolation(connection: Connection, settings: DatabaseKind) -> str:
    """The isolation level in force, read back; "" where the server does not tell or the login may not ask."""
    from sqlalchemy.exc import DBAPIError

    if not settings.ISOLATION_QUERY:
        return ""
    try:
        found = connection.exec_driver_sql(settings.ISOLATION_QUERY).scalar()
    except DBAPIError:
        return ""
    return settings.ISOLATION_CODES.get(int(found), "") if found is not None else ""


def default_level(connection: Connection) -> str:
    """The isolation level that the driver names as the default; "" where it names none."""
    odbc = _odbc(connection)
    if not odbc:
        return ""
    import pyodbc

    return _LEVELS.get(_information(odbc, pyodbc.SQL_DEFAULT_TXN_ISOLATION), "")


def offered_levels(connection: Connection) -> tuple[str, ...]:
    """The isolation levels that the driver says it can set; empty where it does not say."""
    odbc = _odbc(connection)
    if not odbc:
        return ()
    import pyodbc

    known = _information(odbc, pyodbc.SQL_TXN_ISOLATION_OPTION)
    return tuple(level for bit, level in _LEVELS.items() if known & bit)


def _information(odbc: Any, what: int) -> int:
    """A number of SQLGetInfo; 0 from a driver that does not know the question."""
    import pyodbc

    try:
        return int(odbc.getinfo(what) or 0)
    except pyodbc.Error:
        return 0


def _odbc(connection: Connection) -> Any:
    """The pyodbc connection, or None when another driver is in use."""
    raw: Any = connection.connection.dbapi_connection
    return raw if hasattr(raw, "getinfo") else None
