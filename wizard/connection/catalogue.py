"""What the catalogue of a server says of a table: its real name and its columns, as the server spells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Known:
    """A table as the catalogue has it."""

    name: str
    columns: tuple[str, ...]

    def column(self, name: str) -> str | None:
        """A column by its name, capitals or not; None when there is none."""
        exact = (column for column in self.columns if column == name)
        return next(exact, next((column for column in self.columns if column.casefold() == name.casefold()), None))


def table(connection: Connection, name: str, owner: str = "") -> Known | None:
    """A table, view or synonym by a plain name; None when the catalogue has none. Raises what the driver raises.

    The three common spellings are tried: as written, in small letters (Informix), in capitals (Oracle).
    """
    spellings = dict.fromkeys((name, name.lower(), name.upper()))
    for spelling in spellings:
        columns = _columns(connection, spelling, owner)
        if columns:
            return Known(spelling, columns)
    return None


def _columns(connection: Connection, name: str, owner: str) -> tuple[str, ...]:
    from sqlalchemy import inspect
    from sqlalchemy.exc import NoSuchTableError

    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "apsodbc":
        # A dialect that assumes nothing reads no catalogue: ODBC itself does. `_` in a name is a wildcard there.
        rows = raw.cursor().columns(table=name, schema=owner or None).fetchall()
        return tuple(row.column_name for row in rows if row.table_name == name)
    try:
        return tuple(column["name"] for column in inspect(connection).get_columns(name, schema=owner or None))
    except NoSuchTableError:
        return ()
