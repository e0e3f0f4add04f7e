"""Connecting through an ODBC driver: the connection string, the isolation level, a dialect that assumes nothing.

The string is built where it is used, inside the child that connects, and is never logged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from wizard.profile.database_kind import Session

if TYPE_CHECKING:
    from sqlalchemy import Connection

SQL_ATTR_TXN_ISOLATION = 108
LEVELS = {"read_uncommitted": 1, "read_committed": 2, "repeatable_read": 4, "serializable": 8}
"""SQL_TXN_* of ODBC. A level that is not here (server_default, snapshot) is left to the server or to SQL."""


_SPECIAL = re.compile(r"[\[\]{}(),;?*=!@]|^\s|\s$")


def connection_string(parts: Mapping[str, object]) -> str:
    """Keywords and values as ODBC wants them; None is left out.

    A value with a special character stands in braces, a closing brace in it doubled. The others stand
    bare: not every driver takes the braces off.
    """
    return ";".join(f"{name}={_value(str(value))}" for name, value in parts.items() if value is not None)


def _value(text: str) -> str:
    return f"{{{text.replace('}', '}}')}}}" if _SPECIAL.search(text) else text


def connect(session: Session) -> Any:
    """A pyodbc connection with the level set straight after connecting; drivers ignore it before.

    The session's statements say the same in the server's own words, for drivers that accept the
    attribute and ignore it. Pooling in the driver manager is off: it hands one connection's level to
    the next.
    """
    import pyodbc

    pyodbc.pooling = False
    connection = pyodbc.connect(connection_string(session.odbc), timeout=session.login_timeout, autocommit=True)
    with suppress(pyodbc.Error):
        # Some drivers know no such attribute (psqlODBC); the child's own limit stands in any case.
        connection.timeout = session.query_timeout
    level = LEVELS.get(session.isolation)
    if level is not None:
        try:
            connection.set_attr(SQL_ATTR_TXN_ISOLATION, level)
        except pyodbc.Error:
            # The statements below, or the read-back of the login check, tell what is in force.
            if not session.statements:
                raise
    for statement in session.statements:
        connection.execute(statement)
    return connection


def register_dialect() -> None:
    """Make `apsodbc+pyodbc` known to SQLAlchemy: plain SQL, for servers that it has no dialect for."""
    from sqlalchemy.connectors.pyodbc import PyODBCConnector
    from sqlalchemy.dialects import registry
    from sqlalchemy.engine.default import DefaultDialect

    class OdbcDialect(PyODBCConnector, DefaultDialect):
        """Plain SQL with question marks; nothing of the server is assumed."""

        name = "apsodbc"
        supports_statement_cache = True

        def initialize(self, connection: Connection) -> None:
            """Ask the server nothing: what SQLAlchemy asks here, not every server answers."""

        def do_ping(self, dbapi_connection: Any) -> bool:
            """An ODBC server without a table to select from cannot be pinged; the next statement tells."""
            return dbapi_connection is not None

    globals()["OdbcDialect"] = OdbcDialect
    registry.register("apsodbc.pyodbc", __name__, "OdbcDialect")
