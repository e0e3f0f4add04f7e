"""Small reads of Logix tables for the checks: the first rows of one, about how many rows there are.

Never a whole table: Logix tables hold millions of rows, and some drivers take a whole result into memory
before they give the first row.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from wizard.checklist.check import Outcome, fail
from wizard.connection.causes import ROW_LOCKED
from wizard.connection.faults import explain
from wizard.connection.locked_rows import Reader
from wizard.connection.session import ConnectionFailed
from wizard.profile.database_kind import DatabaseKind

if TYPE_CHECKING:
    from sqlalchemy import CursorResult

PROBE = "SELECT cod_empresa FROM empresa WHERE 1 = 0"
"""A statement that every Logix database answers at once, with nothing."""

COUNT_LIMIT = 100_000
"""Rows up to which a table is counted where the server has no statistics."""

_OF_THE_STATEMENT = frozenset(
    {
        "database.no_table",
        "database.table_denied",
        "database.no_column",
        "database.unknown_error",
    }
)
"""Failures after which the session goes on. With any other one the whole check is over, with a locked row too: it was
waited for as long as the profile allows, and the next table may be locked as well."""


class Unreadable(Exception):
    """A statement was refused for reasons of its own; `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.code)


@dataclass(frozen=True)
class Rows:
    """How many rows a table has: by the statistics of the server, or counted, then perhaps only up to a limit."""

    count: int
    more: bool = False


def rows_of(logix: Reader, sql: str, table: str = "") -> list[tuple[Any, ...]]:
    """All rows of a small result, asked for again while a row of `table` is locked.

    Raises Unreadable, or ConnectionFailed for what ends the session and for a row that stays locked.
    """
    try:
        with refusals():
            return logix.ask(lambda connection: [tuple(row) for row in connection.exec_driver_sql(sql)])
    except ConnectionFailed as error:
        if error.outcome.code != ROW_LOCKED.code or not table:
            raise
        message = _("{found} Table: {name}.").format(found=error.outcome.message, name=table)
        raise ConnectionFailed(replace(error.outcome, message=message)) from None


@contextmanager
def refusals() -> Iterator[None]:
    """Turns what is wrong with one statement into Unreadable; what ends the session goes on as it is."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except UnicodeDecodeError:
        raise Unreadable(undecodable()) from None
    except DBAPIError as error:
        if "Could not decode" in str(error.orig):
            # The words of sqlite3, whose class of errors does not tell.
            raise Unreadable(undecodable()) from None
        outcome = explain(str(error.orig))
        if outcome.code not in _OF_THE_STATEMENT:
            raise
        raise Unreadable(outcome) from None


def undecodable() -> Outcome:
    """The failure of text that cannot be decoded."""
    message = _("Text of the database cannot be read in the character set of the connection.")
    hint = _("Set the character set of the driver or of the DSN as the database has it (Informix: CLIENT_LOCALE).")
    return fail("database.text_undecodable", message, hint)


class FirstRows:
    """First rows in the words that the server understands; found out once, for a server that is not known."""

    def __init__(self, logix: Reader, settings: DatabaseKind) -> None:
        self.logix = logix
        self._settings = settings
        self._form = next(self._understood(settings.FIRST_ROWS), settings.FIRST_ROWS[0])

    def _understood(self, forms: Sequence[str]) -> Iterator[str]:
        for form in forms:
            if len(forms) == 1 or self._works(form):
                yield form

    def _works(self, form: str) -> bool:
        try:
            rows_of(self.logix, form.format(columns="cod_empresa", source="empresa WHERE 1 = 0", count=1))
        except Unreadable:
            return False
        return True

    def sql(self, columns: Iterable[str], source: str, count: int) -> str:
        """The statement for the first `count` rows; `source` is a table, perhaps with a WHERE."""
        return self._form.format(columns=", ".join(columns), source=source, count=count)

    def first(self, columns: Iterable[str], source: str, count: int) -> list[tuple[Any, ...]]:
        """The first rows. Raises Unreadable."""
        return rows_of(self.logix, self.sql(columns, source, count), source.partition(" ")[0])

    def open(self, columns: Iterable[str], source: str, count: int) -> CursorResult[Any]:
        """The first rows, to be fetched bit by bit. Raises Unreadable."""
        with refusals():
            return self.logix.connection.exec_driver_sql(self.sql(columns, source, count))

    def estimates(self, tables: Iterable[str], seconds: float) -> dict[str, Rows]:
        """About how many rows these tables have, without those that cannot be told within the time."""
        until = time.monotonic() + seconds
        known = self._statistics()
        found: dict[str, Rows] = {}
        for table in tables:
            if table in known:
                found[table] = Rows(known[table])
            elif time.monotonic() < until:
                try:
                    found[table] = self._counted(table)
                except Unreadable:
                    continue
        return found

    def _statistics(self) -> dict[str, int]:
        if not self._settings.ROWS_QUERY:
            return {}
        try:
            rows = rows_of(self.logix, self._settings.ROWS_QUERY)
        except Unreadable:
            return {}
        return {str(name).strip().casefold(): int(count) for name, count in rows if count is not None}

    def _counted(self, table: str) -> Rows:
        inner = self.sql(["1 AS one"], table, COUNT_LIMIT)
        # The statement holds names of the catalogue alone.
        ((count,),) = rows_of(self.logix, f"SELECT COUNT(*) FROM ({inner}) counted", table)  # noqa: S608
        return Rows(int(count), more=int(count) >= COUNT_LIMIT)
