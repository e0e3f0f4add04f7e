"""Connecting through an ODBC driver: the connection string, the isolation level, the dialects of our own.

The string is built where it is used, inside the child that connects, and is never logged.
"""

from __future__ import annotations

import re
import sys
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

    # Counts for the whole process from its first connection on.
    pyodbc.pooling = False
    text = _unshared(connection_string(session.odbc), session)
    connection = pyodbc.connect(text, timeout=session.login_timeout, autocommit=True)
    try:
        _set_level(connection, session)
        with suppress(pyodbc.Error):
            # Some drivers know no such attribute (psqlODBC); the child's own limit stands in any case.
            connection.timeout = session.query_timeout
        for statement in session.statements:
            connection.execute(statement)
    except Exception:
        connection.close()
        raise
    return connection


_levels: list[tuple[str, tuple[str, ...]]] = []
"""The levels that sessions of this process were opened with, each once, in the order of their first one."""


def _unshared(text: str, session: Session) -> str:
    """The connection string as no session with another level had it; the first level has it as it is.

    With Pooling in odbcinst.ini unixODBC keeps connections whatever the program says, and gives one out again
    for the same string. A keyword that stands again with the same value says nothing new, by the rules of ODBC.
    """
    if sys.platform == "win32":
        return text
    level = session.isolation, session.statements
    if level not in _levels:
        _levels.append(level)
    return text + f";{text.partition(';')[0]}" * _levels.index(level)


def _set_level(connection: Any, session: Session) -> None:
    import pyodbc

    level = LEVELS.get(session.isolation)
    if level is None:
        return
    try:
        connection.set_attr(SQL_ATTR_TXN_ISOLATION, level)
    except pyodbc.Error:
        # The session's statements say it too, and reading back tells what is in force.
        if not session.statements:
            raise


def register_dialect() -> None:
    """Make our dialects known to SQLAlchemy, which loads one when an engine asks for it.

    `apsodbc+pyodbc` is plain SQL, for servers that there is no dialect for; `informix+pyodbc` stands in a
    module of its own.
    """
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
    registry.register("informix.pyodbc", "wizard.connection.informix_dialect", "InformixDialect")
