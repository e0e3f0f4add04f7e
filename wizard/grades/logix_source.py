"""Grade types out of the Logix database: `ctr_grade`, the tables that it names, and `item_ctr_grade`.

The three names of a type come from data: only plain identifiers that the catalogue of the server knows are used, in
the server's own spelling. Any other refuses the type with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from wizard.checklist.check import Subject
from wizard.connection import bulk
from wizard.connection.locked_rows import reader
from wizard.connection.session import ConnectionFailed, session_of
from wizard.grades.source import LongItems, Source, TypeRefused, TypeRow, too_long_items

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import ColumnClause, Connection, Select

    from wizard.connection.locked_rows import Reader
    from wizard.profile.database_kind import Session

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
OWNED = re.compile(rf"({IDENTIFIER.pattern}\.)?{IDENTIFIER.pattern}", re.ASCII)
"""A table name, with an optional owner."""

LIMIT = 500
"""Rows of `ctr_grade` of one company that are read; APS has room for 36 types (one indicator character each)."""


def read(subject: Subject) -> Source:
    """The types and the combinations in use; contents are read when they are asked for. Raises ConnectionFailed."""
    company = subject.profile.company.logix
    session = session_of(subject)
    queries: dict[TypeRow, Select[Any] | TypeRefused] = {}
    counts: dict[TypeRow, int | None] = {}
    with reader(subject) as logix:
        found = _types(logix, company)
        types, more = found[:LIMIT], len(found) > LIMIT
        slots = _slots(logix, company)
        for row in types:
            try:
                queries[row], counts[row] = logix.ask(partial(_query_and_count, row, company))
            except TypeRefused as refused:
                queries[row] = refused
    lock_wait = subject.profile.database.lock_wait
    return Source(
        name="logix",
        types=types,
        slots=slots,
        long_items=_long_items(session, company, lock_wait),
        contents=lambda row: _contents(session, row, queries[row], lock_wait),
        expected=counts.get,
        more=more,
    )


def _types(logix: Reader, company: str) -> tuple[TypeRow, ...]:
    from wizard.connection.logix_tables import grade_types

    rows = logix.ask(lambda connection: connection.execute(grade_types(company)).fetchmany(LIMIT + 1))
    return tuple(
        TypeRow(
            code=_number(row[0]),
            description=_text(row[1]),
            table=_text(row[2]),
            code_column=_text(row[3]),
            description_column=_text(row[4]),
            per_company=_text(row[5]).upper() == "S",
        )
        for row in rows
    )


def _slots(logix: Reader, company: str) -> tuple[tuple[int, ...], ...]:
    from wizard.connection.logix_tables import grade_combinations

    rows = logix.ask(lambda connection: connection.execute(grade_combinations(company)).all())
    # Not every driver gives numbers; an empty slot is 0 or NULL.
    found = {tuple(max(_number(code), 0) for code in row) for row in rows}
    return tuple(sorted(codes for codes in found if any(codes)))


def _long_items(session: Session, company: str, lock_wait: int) -> LongItems:
    from wizard.connection.logix_tables import grade_items

    read = bulk.batches(session, *bulk.compiled(grade_items(company), session), lock_wait=lock_wait)
    return too_long_items(str(code) for batch in read for code in batch.column(0).to_pylist() if code is not None)


def _contents(
    session: Session, row: TypeRow, query: Select[Any] | TypeRefused, lock_wait: int
) -> Iterator[pa.RecordBatch]:
    if isinstance(query, TypeRefused):
        raise query
    try:
        yield from bulk.batches(session, *bulk.compiled(query, session), lock_wait=lock_wait)
    except ConnectionFailed as error:
        if error.outcome.code in ("database.no_table", "database.table_denied", "database.no_column"):
            message = _("The table {table} or one of its columns cannot be read.")
            raise TypeRefused(message.format(table=row.table)) from None
        if error.outcome.code in ("database.text_undecodable", "database.value_no_fit"):
            raise TypeRefused(f"{error.outcome.message} {error.outcome.hint}") from None
        raise


def _count(connection: Connection, query: Select[Any]) -> int | None:
    from sqlalchemy import func
    from sqlalchemy.exc import DBAPIError

    try:
        return int(connection.execute(query.with_only_columns(func.count())).scalar_one())
    except DBAPIError:
        # Reading will say what is wrong.
        return None


def _query_and_count(row: TypeRow, company: str, connection: Connection) -> tuple[Select[Any], int | None]:
    from sqlalchemy.exc import CompileError

    query = _query(connection, row, company)
    try:
        query.compile(dialect=connection.dialect)
    except CompileError:
        # Where nothing can be quoted (Informix), such as a column `user`: its value would be another one.
        raise TypeRefused(_("One of the three names in ctr_grade is a word of the server's own.")) from None
    return query, _count(connection, query)


def _query(connection: Connection, row: TypeRow, company: str) -> Select[Any]:
    """The query for the contents of a type, its names proved. Raises TypeRefused."""
    from wizard.connection import catalogue

    for name, pattern, what in (
        (row.table, OWNED, _("table")),
        (row.code_column, IDENTIFIER, _("code column")),
        (row.description_column, IDENTIFIER, _("description column")),
    ):
        if not pattern.fullmatch(name):
            raise TypeRefused(_("The name of the {what} in ctr_grade is not a plain name.").format(what=what))
    owner, _dot, short = row.table.rpartition(".")
    found = catalogue.table(connection, short, owner)
    if found is None:
        message = _("The database has no table {table}, or this user may not read it.")
        raise TypeRefused(message.format(table=row.table))
    wanted = [row.code_column, row.description_column, *(["cod_empresa"] if row.per_company else [])]
    missing = [name for name in wanted if found.column(name) is None]
    if missing:
        message = _("The table {table} has no column {columns}.")
        raise TypeRefused(message.format(table=row.table, columns=", ".join(missing)))
    table = f"{found.owner}.{found.name}" if owner else found.name
    code, description = (str(found.column(name)) for name in wanted[:2])
    return contents_query(table, code, description, company if row.per_company else None, found.quotes)


def contents_query(
    table_name: str, code: str, description: str, company: str | None, quotes: str | None = None
) -> Select[Any]:
    """Code and description of every content, of one company where the type says so; plain identifiers only.

    SQLAlchemy quotes a name that needs it, in the way of each server; in plain ODBC `quotes` does (catalogue.Known).
    """
    from sqlalchemy import column, select, table

    from wizard.connection.catalogue import quoted

    owner, _dot, short = table_name.rpartition(".")
    source = table(quoted(short, quotes), schema=quoted(owner, quotes) if owner else None)
    columns: list[ColumnClause[Any]] = [column(quoted(code, quotes)), column(quoted(description, quotes))]
    query: Select[Any] = select(*columns).select_from(source)
    return query if company is None else query.where(column("cod_empresa") == company)


def _number(value: object) -> int:
    """A whole number of the database, whatever its driver gives; -1 for anything else."""
    text = "" if value is None else str(value).strip()
    return int(float(text)) if re.fullmatch(r"[0-9]{1,9}([.]0*)?", text) else -1


def _text(value: object) -> str:
    """A CHAR column without its padding; NULL is empty."""
    return "" if value is None else str(value).strip()
