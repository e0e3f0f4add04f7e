"""Reading volumes: Arrow record batches out of any kind of database, a few thousand rows at a time.

ODBC kinds are read by arrow-odbc, which binds whole columns; SQLite and Oracle by their own drivers, any other kind by
the cursor of its SQLAlchemy dialect. Every column has
one type for the whole reading, and values come as the server gives them: CHAR with its padding (`rtrimmed` takes it
off), decimals exact, nothing cut. Whole numbers are int64, points in time have microseconds.

A decimal that Arrow's decimal128 cannot hold, or of which the driver does not tell the scale, comes as text.

A driver can hang, crash, or buffer the whole result (MariaDB's does): volumes are read in a child of their own, by
`in_child`, which wizard.isolated ends at any moment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from gettext import gettext as _
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.checklist.check import Outcome, Subject, fail
from wizard.connection import odbc_session
from wizard.connection.faults import explain
from wizard.connection.locked_rows import retrying
from wizard.connection.session import ConnectionFailed, driver_module, engine, explained, session_of
from wizard.connection.small_reads import undecodable
from wizard.isolated.progress import progress
from wizard.profile.database_kind import Session

if TYPE_CHECKING:
    import pyarrow
    from sqlalchemy import Select

ROWS = 10_000
"""Rows of a batch. Measured with three drivers: 1,000 to 65,000 are equally fast, more only costs memory."""

BUFFER = 32 * 1024 * 1024
"""Bytes that one buffer between driver and program may have; wide rows make smaller batches. There are two."""


Parameter = str | int | float | Decimal | date | datetime | time | None
Batches = Generator["pyarrow.RecordBatch", None, None]


def batches(
    session: Session,
    sql: str,
    parameters: Sequence[Parameter] = (),
    *,
    rows: int = ROWS,
    on_rows: Callable[[int], None] | None = None,
    lock_wait: float = 0,
    on_locked: Callable[[int], None] | None = None,
) -> Batches:
    """Read a query in batches of at most `rows`. Without a row it gives one batch without rows, for its columns.

    The next batch is fetched when it is asked for; closing the generator closes the connection. `on_rows`
    hears the rows read so far before each batch. A query that finds a row locked by another while it opens is
    repeated with growing pauses for at most `lock_wait` seconds; `on_locked` hears how often so far. Once a
    batch was given nothing can be repeated. Raises ConnectionFailed, and ValueError for parameters that do
    not fit the query.
    """
    reading, first = _opened(lambda: _reading(session, sql, parameters, rows), session, lock_wait, on_locked)
    done = 0
    with closing(reading):
        batch = first
        while batch is not None:
            done += batch.num_rows
            if on_rows is not None:
                on_rows(done)
            yield batch
            with _explained(session):
                batch = next(reading, None)


def compiled(select: Select[Any], session: Session) -> tuple[str, tuple[Any, ...]]:
    """A SQLAlchemy query in the SQL of the session's database, and its parameters in order."""
    from sqlalchemy import make_url

    if session.odbc:
        odbc_session.register_dialect()
    dialect: Any = make_url(f"{session.dialect}://").get_dialect()
    # oracledb knows no question marks.
    style = "numeric" if driver_module(session) == "oracledb" else "qmark"
    done: Any = select.compile(dialect=dialect(paramstyle=style), compile_kwargs={"render_postcompile": True})
    return str(done), tuple(done.params[name] for name in done.positiontup or ())


def rtrimmed(batch: pyarrow.RecordBatch, columns: Sequence[str] | None = None) -> pyarrow.RecordBatch:
    """The batch without the blanks at the end of its texts, or of those columns. NULL stays NULL."""
    import pyarrow
    import pyarrow.compute

    for index, column in enumerate(batch.schema):
        if pyarrow.types.is_string(column.type) and (columns is None or column.name in columns):
            batch = batch.set_column(index, column, pyarrow.compute.utf8_rtrim(batch.column(index), " "))
    return batch


def in_child(request: Mapping[str, Any]) -> dict[str, Any]:
    """Read a query into an Arrow IPC file, in a child of wizard.isolated, with the rows so far as its progress.

    The request: `subject` (Subject.to_json), `sql`, `file`, and if wanted `parameters` (what JSON can say) and
    `rows` of a batch. Answers `{"rows": number}`, or `{"failed": Outcome}` and there is no file.
    """
    subject = Subject.from_json(request["subject"])
    file = Path(request["file"])
    try:
        done = to_file(
            session_of(subject),
            request["sql"],
            request.get("parameters", ()),
            file,
            rows=request.get("rows", ROWS),
            on_rows=progress,
            lock_wait=subject.profile.database.lock_wait,
        )
    except ConnectionFailed as error:
        return {"failed": error.outcome.to_json()}
    return {"rows": done}


def to_file(session: Session, sql: str, parameters: Sequence[Parameter], file: Path, **options: Any) -> int:
    """Write what `batches` reads into an Arrow IPC file, for which memory mapping suffices. Gives the rows.

    The file has its name only when it is complete; a file that was there is replaced.
    """
    import pyarrow

    unfinished = file.with_name(file.name + ".part")
    done = 0
    try:
        with closing(batches(session, sql, parameters, **options)) as reading:
            first = next(reading)
            with pyarrow.OSFile(str(unfinished), "wb") as sink, pyarrow.ipc.new_file(sink, first.schema) as writer:
                for batch in chain([first], reading):
                    writer.write_batch(batch)
                    done += int(batch.num_rows)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return done


# --- opening, and what its errors mean ---------------------------------------------------------


def _opened(
    make: Callable[[], Batches], session: Session, lock_wait: float, on_locked: Callable[[int], None] | None
) -> tuple[Batches, pyarrow.RecordBatch | None]:
    """The reading and its first batch, repeated while a row is locked by another and time is left."""

    def attempt() -> tuple[Batches, pyarrow.RecordBatch | None]:
        reading = make()
        with _explained(session):
            return reading, next(reading, None)

    return retrying(attempt, lock_wait, on_locked or (lambda count: None))


@contextmanager
def _explained(session: Session) -> Iterator[None]:
    """What fails in a driver comes out as ConnectionFailed, those included that only volumes go through."""
    import pyarrow

    with explained(session):
        try:
            yield
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, OverflowError) as error:
            raise ConnectionFailed(_no_fit(str(error))) from None
        except UnicodeDecodeError:
            raise ConnectionFailed(undecodable()) from None
        except Exception as error:
            if type(error).__module__.partition(".")[0] == "arrow_odbc":
                raise ConnectionFailed(_explain_arrow(str(error))) from None
            if "Could not decode" in str(error):
                # The words of sqlite3, whose class of errors does not tell.
                raise ConnectionFailed(undecodable()) from None
            raise


_DIAGNOSTIC = re.compile(r"State: (\w+), Native error: (-?\d+), Message: (.*)", re.DOTALL)


def _explain_arrow(text: str) -> Outcome:
    """What arrow-odbc says, in the words in which pyodbc says the same."""
    found = _DIAGNOSTIC.search(text)
    if found is None:
        return _no_fit(text)
    state, native, message = found.groups()
    return explain(f"[{state}] {message} ({native})")


def _no_fit(text: str) -> Outcome:
    return fail(
        "database.value_no_fit",
        _("A value does not fit the column that the driver described."),
        _("Report it with the details; the driver may have an option for long texts or large numbers."),
        original=text,
    )


# --- the ways to read --------------------------------------------------------------------------


def _reading(session: Session, sql: str, parameters: Sequence[Parameter], rows: int) -> Batches:
    if session.odbc:
        return _odbc(session, *_bound(sql, parameters), rows)
    if driver_module(session) == "oracledb":
        return _oracle(session, sql, parameters, rows)
    if driver_module(session) == "sqlite3":
        return _sqlite(session, sql, [_plain(value) for value in parameters], rows)
    return _by_cursor(session, sql, parameters, rows)


@dataclass(frozen=True)
class Driver:
    """What is special about an ODBC driver, by the beginning of its file name.

    `keywords` go into the connection string unless it has them. `by_rows`: the values of a column may be
    longer than the driver tells.
    """

    keywords: Mapping[str, object] = field(default_factory=dict)
    by_rows: bool = False


DRIVERS: Mapping[str, Driver] = {
    # Without a cursor psqlODBC holds the whole result (977 MB instead of 114 MB for a million rows). The others make
    # it tell that a column has no declared length or scale, for which it else invents one and cuts what is longer.
    "psqlodbc": Driver(
        {"UseDeclareFetch": 1, "Fetch": ROWS, "NumericAs": 12, "MaxVarcharSize": 0, "MaxLongVarcharSize": 0}
    ),
    "sqlite3odbc": Driver(by_rows=True),
    "libsqlite3odbc": Driver(by_rows=True),
}

_SET_LEVEL = {
    "mariadb": "SET SESSION TRANSACTION ISOLATION LEVEL {}",
    "mysql": "SET SESSION TRANSACTION ISOLATION LEVEL {}",
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL {}",
    "microsoft sql server": "SET TRANSACTION ISOLATION LEVEL {}",
    "oracle": "ALTER SESSION SET ISOLATION_LEVEL = {}",
}
"""The level in the server's own words, by the name that its driver tells; arrow-odbc sets no attribute."""


def _odbc(session: Session, sql: str, texts: Sequence[str | None], rows: int) -> Batches:
    """By columns where the driver bounds each of them and the level can be said in SQL, else by rows."""
    import pyodbc

    with closing(odbc_session.connect(session)) as probe:
        file = str(probe.getinfo(pyodbc.SQL_DRIVER_NAME)).casefold()
        server = str(probe.getinfo(pyodbc.SQL_DBMS_NAME)).casefold()
    driver = next((found for start, found in DRIVERS.items() if file.startswith(start)), Driver())
    named = {name.casefold() for name in session.odbc}
    keywords = {name: value for name, value in driver.keywords.items() if name.casefold() not in named}
    session = replace(session, odbc={**session.odbc, **keywords})
    statements = session.statements
    if session.isolation in odbc_session.LEVELS and not statements:
        words = _SET_LEVEL.get(server, "")
        statements = (words.format(session.isolation.replace("_", " ").upper()),)
    if not driver.by_rows and all(statements):
        reading = _by_columns(session, statements, sql, texts, rows)
        try:
            first = next(reading, None)
        except _Unbounded:
            pass
        else:
            with closing(reading):
                if first is not None:
                    yield first
                    yield from reading
            return
    yield from _by_rows(session, sql, texts, rows)


class _Unbounded(Exception):
    """A column has no length that a buffer could be made for; nothing was read yet."""


def _by_columns(
    session: Session, statements: Sequence[str], sql: str, texts: Sequence[str | None], rows: int
) -> Batches:
    """By arrow-odbc. Text goes as UTF-16 on Windows and as UTF-8 elsewhere (MariaDB's driver is 4 times as fast so).

    Raises _Unbounded before the first batch.
    """
    import arrow_odbc
    import pyarrow

    string = odbc_session.connection_string(session.odbc)
    connection = arrow_odbc.connect(string, login_timeout_sec=session.login_timeout, autocommit=True)
    for statement in statements:
        connection.execute(statement)
    bits: list[int] = []

    def uniform(schema: pyarrow.Schema) -> pyarrow.Schema:
        bits.extend(index for index, column in enumerate(schema) if pyarrow.types.is_boolean(column.type))
        return pyarrow.schema([pyarrow.field(column.name, _fetched_as(column.type)) for column in schema])

    seen = False
    try:
        reader = connection.read_arrow_batches(
            sql,
            batch_size=rows,
            parameters=list(texts),
            max_bytes_per_batch=BUFFER,
            map_schema=uniform,
            query_timeout_sec=session.query_timeout,
        )
        for batch in reader:
            seen = True
            yield _with_bits(batch, bits)
        if not seen:
            yield _with_bits(_empty(reader.schema), bits)
    except arrow_odbc.Error as error:
        if seen or _DIAGNOSTIC.search(str(error)):
            raise
        raise _Unbounded from None


def _fetched_as(type_: pyarrow.DataType) -> pyarrow.DataType:
    """What arrow-odbc has to fetch: one type for one thing from every driver, and never one that loses a value.

    MariaDB tells an INTEGER UNSIGNED as one with a sign, and a bit fetched as such as NULL. In nanoseconds a
    time does not reach the year 9999. A short value of a fixed binary length makes arrow-odbc end the process.
    """
    import pyarrow

    types = pyarrow.types
    for is_kind, wide in (
        (types.is_boolean, pyarrow.int8()),
        (types.is_integer, pyarrow.int64()),
        (types.is_floating, pyarrow.float64()),
        (types.is_timestamp, pyarrow.timestamp("us")),
        (types.is_time, pyarrow.time64("us")),
        (types.is_fixed_size_binary, pyarrow.binary()),
    ):
        if is_kind(type_):
            return wide
    return type_


def _with_bits(batch: pyarrow.RecordBatch, bits: Sequence[int]) -> pyarrow.RecordBatch:
    """The batch with columns of bits again where `_fetched_as` took them for numbers."""
    import pyarrow

    for index in bits:
        name = batch.schema.names[index]
        batch = batch.set_column(index, pyarrow.field(name, pyarrow.bool_()), batch.column(index).cast(pyarrow.bool_()))
    return batch


def _by_rows(session: Session, sql: str, texts: Sequence[str | None], rows: int) -> Batches:
    """By pyodbc, which asks every value for its length; 2 to 10 times as slow."""
    with closing(odbc_session.connect(session)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(sql, *texts)
        described = cursor.description or ()
        types = [_told(type_, precision, scale) for _name, type_, _d, _i, precision, scale, _null in described]
        yield from _fetched(cursor, [column[0] for column in described], types, rows)


def _told(type_: type, precision: int, scale: int) -> pyarrow.DataType:
    """The Arrow type for what pyodbc tells of a column."""
    import pyarrow

    if type_ is Decimal:
        return pyarrow.decimal128(precision, scale) if 0 < precision <= 38 and scale <= precision else pyarrow.string()
    return {
        bool: pyarrow.bool_(),
        int: pyarrow.int64(),
        float: pyarrow.float64(),
        date: pyarrow.date32(),
        datetime: pyarrow.timestamp("us"),
        time: pyarrow.time64("us"),
        bytes: pyarrow.binary(),
        bytearray: pyarrow.binary(),
    }.get(type_, pyarrow.string())


def _sqlite(session: Session, sql: str, parameters: Sequence[object], rows: int) -> Batches:
    """By SQLite's own cursor. The file declares no types that bind: a first pass asks the values for theirs."""
    with closing(engine(session).raw_connection()) as connection, closing(connection.cursor()) as opened:
        cursor: Any = opened
        # Both passes see the same state.
        cursor.execute("BEGIN")
        cursor.execute(sql, parameters)
        names = [column[0] for column in cursor.description or ()]
        aliases = [f"c{number}" for number in range(len(names))]
        asked = ", ".join(f"group_concat(DISTINCT typeof({alias}))" for alias in aliases)
        cursor.execute(f"WITH q({', '.join(aliases)}) AS ({sql}) SELECT {asked} FROM q", parameters)  # noqa: S608
        types = [_stored(set((found or "").split(","))) for found in cursor.fetchone()]
        cursor.execute(sql, parameters)
        yield from _fetched(cursor, names, types, rows)


def _stored(classes: set[str]) -> pyarrow.DataType:
    """The Arrow type that holds all values of a column of SQLite."""
    import pyarrow

    classes -= {"null", ""}
    if "text" in classes or classes == set() or classes > {"blob"}:
        return pyarrow.string()
    if "blob" in classes:
        return pyarrow.binary()
    return pyarrow.float64() if "real" in classes else pyarrow.int64()


def _fetched(cursor: Any, names: Sequence[str], types: Sequence[pyarrow.DataType], rows: int) -> Batches:
    """The rows of a cursor as batches of at most `rows`, and of fewer where rows are large."""
    import pyarrow

    schema = pyarrow.schema(list(zip(names, types, strict=True)))
    count, largest = 1, 1
    seen = False
    while found := cursor.fetchmany(count):
        arrays = [_column(column, type_) for type_, column in zip(types, zip(*found, strict=True), strict=True)]
        batch = pyarrow.RecordBatch.from_arrays(arrays, schema=schema)
        largest = max(largest, batch.nbytes // batch.num_rows)
        count = max(1, min(rows, BUFFER // largest, count * 4))
        seen = True
        yield batch
    if not seen:
        yield _empty(schema)


def _column(values: Sequence[object], type_: pyarrow.DataType) -> pyarrow.Array:
    """Values of a cursor as a column; a column of texts may hold others among them."""
    import pyarrow

    # Asking every value costs more than all the rest.
    if pyarrow.types.is_string(type_) and not set(map(type, values)) <= {str, type(None)}:
        values = [_text(value) for value in values]
    return pyarrow.array(values, type_)


def _text(value: object) -> str | None:
    """A value of a column of texts; a number among them as it would be typed, bytes as the UTF-8 that they are."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray):
        return value.decode()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _by_cursor(session: Session, sql: str, parameters: Sequence[Parameter], rows: int) -> Batches:
    """By SQLAlchemy's cursor, for a kind whose driver has no way of its own here."""
    from sqlalchemy import text

    named, values = _named(sql, parameters)
    # Where the driver can, the server keeps the rows that were not asked for yet.
    options: Any = {"stream_results": True, "max_row_buffer": rows}
    with closing(engine(session).connect()) as connection:
        result = connection.execution_options(**options).execute(text(named), values)
        with closing(result):
            cursor = _Ahead(result)
            described = result.cursor.description
            kinds = cursor.kinds(len(described))
            types = [
                _told(kind, precision or 0, scale or 0)
                for kind, (_name, _code, _d, _i, precision, scale, *_null) in zip(kinds, described, strict=True)
            ]
            yield from _fetched(cursor, [column[0] for column in described], types, rows)


def _named(sql: str, parameters: Sequence[Parameter]) -> tuple[str, dict[str, Parameter]]:
    """The query with names for its question marks, from which SQLAlchemy makes what the driver knows."""
    values = {f"p{number}": value for number, value in enumerate(parameters)}
    names = iter(values)

    def place(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0].replace(":", r"\:")
        try:
            return f":{next(names)}"
        except StopIteration:
            raise ValueError("fewer parameters than question marks") from None

    # Outside of texts and comments a colon before a word would be a name too.
    done = _PLACE_OR_COLON.sub(lambda match: r"\:" if match[0] == ":" else place(match), sql)
    if next(names, None) is not None:
        raise ValueError("more parameters than question marks")
    return done, values


def _kind(value: object) -> type:
    """The class of a value. A moment with a zone is a text: a column of moments has none."""
    return str if isinstance(value, datetime) and value.tzinfo else type(value)


class _Ahead:
    """A cursor whose first rows were looked at before they are fetched: its driver tells no type that we know."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._rows: list[Any] = []

    def kinds(self, columns: int) -> list[type]:
        """The class of the values of each column; str for one with values of several, or with none among the first.

        Looks at `ROWS` rows at most, or at as many as BUFFER holds, and no further than to the first value of each.
        """
        seen: list[set[type]] = [set() for _column in range(columns)]
        size, count = 0, 1
        while not all(seen) and len(self._rows) < ROWS and size < BUFFER:
            found = self._cursor.fetchmany(count)
            if not found:
                break
            self._rows += found
            for kinds, values in zip(seen, zip(*found, strict=True), strict=True):
                kinds.update(_kind(value) for value in values if value is not None)
                size += sum(len(value) for value in values if isinstance(value, str | bytes))
            count = min(ROWS, count * 4)
        return [kinds.pop() if len(kinds) == 1 else str for kinds in seen]

    def fetchmany(self, count: int) -> Sequence[Any]:
        """The next rows, of the kept ones first."""
        if self._rows:
            rows, self._rows = self._rows[:count], self._rows[count:]
            return rows
        found: Sequence[Any] = self._cursor.fetchmany(count)
        return found


def _oracle(session: Session, sql: str, parameters: Sequence[Parameter], rows: int) -> Batches:
    """By oracledb, which gives Arrow itself."""
    with closing(engine(session).raw_connection()) as connection:
        yield from frames(connection.driver_connection, sql, parameters, rows)


def frames(native: Any, sql: str, parameters: Sequence[Parameter], rows: int) -> Batches:
    """The batches of a connection of oracledb; NUMBER keeps its decimals."""
    import pyarrow

    for frame in native.fetch_df_batches(sql, list(parameters), size=rows, fetch_decimals=True):
        # One batch for one frame, and for an empty one too.
        yield from pyarrow.table(frame).combine_chunks().to_batches() or [_empty(pyarrow.table(frame).schema)]


def _empty(schema: pyarrow.Schema) -> pyarrow.RecordBatch:
    """No row, for its columns."""
    import pyarrow

    return pyarrow.RecordBatch.from_arrays([pyarrow.array([], column.type) for column in schema], schema=schema)


# --- parameters --------------------------------------------------------------------------------

_PLACE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|(\?)""", re.DOTALL)

_PLACE_OR_COLON = re.compile(_PLACE.pattern + "|:", re.DOTALL)


def _bound(sql: str, parameters: Sequence[Parameter]) -> tuple[str, list[str | None]]:
    """The query with numbers and times written into it, and the texts that stay parameters.

    arrow-odbc passes every parameter as text, and a number compared as text, or a date that the server reads
    in an order of its own, finds other rows.
    """
    values = iter(parameters)
    texts: list[str | None] = []

    def place(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        try:
            value = next(values)
        except StopIteration:
            raise ValueError("fewer parameters than question marks") from None
        if value is None or isinstance(value, str):
            texts.append(value)
            return "?"
        return _literal(value)

    done = _PLACE.sub(place, sql)
    if list(values):
        raise ValueError("more parameters than question marks")
    return done, texts


def _literal(value: object) -> str:
    """A number or a time in SQL; times in the notation of ODBC, which every driver translates."""
    if isinstance(value, datetime) and value.tzinfo is None:
        # No more digits than there are: the older type of SQL Server takes three at most.
        fraction = f".{value.microsecond:06}".rstrip("0") if value.microsecond else ""
        return f"{{ts '{value.isoformat(' ', 'seconds')}{fraction}'}}"
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{{d '{value.isoformat()}'}}"
    if isinstance(value, time) and value.tzinfo is None and not value.microsecond:
        return f"{{t '{value.isoformat()}'}}"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and isfinite(value):
        # In parentheses: two signs in a row begin a comment.
        text = format(value, "f") if isinstance(value, Decimal) else repr(value)
        return f"({text})" if text.startswith("-") else text
    raise ValueError(f"not a value for a query: {type(value).__name__}")


def _plain(value: Parameter) -> object:
    """A parameter as SQLite's module takes it, without the deprecated adapters; columns turn text into numbers."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value
