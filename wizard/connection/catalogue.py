"""What a server knows of a table: its columns, and the names of both as they stand in a query.

Names come in any capitals and leave as the server spells them, quoted where that is right. SQLAlchemy knows how for
the servers that it has a dialect for. In plain ODBC only the driver does: to MariaDB, and to Informix without
DELIMIDENT, "order" is not a column but a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wizard.connection.faults import explain
from wizard.connection.session import ConnectionFailed

if TYPE_CHECKING:
    from sqlalchemy import Connection

SQL_IDENTIFIER_QUOTE_CHAR = 29
"""What SQLGetInfo is asked for; a blank means that names cannot be quoted."""

_ABOUT_THE_TABLE = frozenset(
    {
        "database.no_table",
        "database.table_denied",
        "database.no_column",
        "database.not_found",
        "database.database_denied",
        "database.unknown_error",
    }
)
"""Failures after which the session goes on: an owner that is none, a view whose table is gone."""


@dataclass(frozen=True)
class Known:
    """A table, view or synonym that can be selected from."""

    name: str
    columns: tuple[str, ...] = ()
    owner: str = ""
    quotes: str | None = None
    """The quotation mark of an ODBC driver, empty where there is none. None: SQLAlchemy knows the server."""

    def column(self, name: str) -> str | None:
        """A column by its name, capitals or not; None when there is none."""
        exact = (column for column in self.columns if column == name)
        return next(exact, next((column for column in self.columns if column.casefold() == name.casefold()), None))


def quoted(name: str, quotes: str | None) -> str:
    """A plain name for SQLAlchemy's `table` and `column`, with the quotation marks of a driver (Known.quotes)."""
    from sqlalchemy.sql import quoted_name

    return name if quotes is None else quoted_name(f"{quotes}{name}{quotes}", quote=False)


def table(connection: Connection, name: str, owner: str = "") -> Known | None:
    """A table by a plain name, and by its owner if one is given; both in any of the three common spellings.

    None when the server has none, or does not let this user see it. Raises ConnectionFailed for what is no matter of
    the table, such as a locked row or a connection that broke.
    """
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    # A dialect that assumes nothing reads no catalogue; a synonym may not be in the one that the others read.
    looks = (_described,) if connection.dialect.name == "apsodbc" else (_reflected, _described)
    for look in looks:
        for wanted in _spellings(connection, name, owner):
            try:
                columns = look(connection, wanted)
            except DBAPIError as error:
                outcome = explain(str(error.orig))
                if outcome.code not in _ABOUT_THE_TABLE:
                    raise ConnectionFailed(outcome) from None
            except SQLAlchemyError:
                # No such table, one that the catalogue cannot describe, a name that no quotes can make one.
                pass
            else:
                if columns:
                    return replace(wanted, columns=columns)
    return None


def _spellings(connection: Connection, name: str, owner: str) -> Iterator[Known]:
    """As written, in small letters (Informix, PostgreSQL), in capitals (Oracle)."""
    raw: Any = connection.connection.dbapi_connection
    quotes = str(raw.getinfo(SQL_IDENTIFIER_QUOTE_CHAR)).strip() if connection.dialect.name == "apsodbc" else None
    for place in dict.fromkeys((owner, owner.lower(), owner.upper())):
        for spelling in dict.fromkeys((name, name.lower(), name.upper())):
            yield Known(spelling, owner=place, quotes=quotes)


def _reflected(connection: Connection, wanted: Known) -> tuple[str, ...]:
    """The columns by the catalogue, which SQLAlchemy reads."""
    from sqlalchemy import inspect

    found = inspect(connection).get_columns(wanted.name, schema=wanted.owner or None)
    return tuple(column["name"] for column in found)


def _described(connection: Connection, wanted: Known) -> tuple[str, ...]:
    """The columns of a query that gives no row: the server itself says what the name stands for."""
    from sqlalchemy import select, text
    from sqlalchemy import table as named

    owner = quoted(wanted.owner, wanted.quotes) if wanted.owner else None
    source = named(quoted(wanted.name, wanted.quotes), schema=owner)
    return tuple(connection.execute(select(text("*")).select_from(source).where(text("1 = 0"))).keys())
