"""Volumes come out of every kind of database as the server holds them: compared value by value with pyodbc."""

from __future__ import annotations

import sqlite3
import time as clock
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow
import pyodbc
import pytest
from sqlalchemy import column, select, table

from tests.connection.servers import Source
from tests.patience import PATIENCE
from wizard.connection import bulk
from wizard.connection.bulk import BUFFER, batches, compiled, rtrimmed
from wizard.connection.odbc_session import connection_string
from wizard.connection.session import ConnectionFailed
from wizard.profile.database_kind import Session

SOURCES = ["mariadb", "postgresql", "sqlite_source"]


def session(source: Source, **fields: Any) -> Session:
    return Session("apsodbc+pyodbc", odbc=source.odbc, **fields)


def sqlite_session(file: Path, **fields: Any) -> Session:
    arguments = {"database": f"{file.resolve().as_uri()}?mode=ro", "uri": True, "timeout": 0}
    return Session("sqlite+pysqlite", arguments=arguments, **fields)


def read(session: Session, sql: str, parameters: Any = (), **options: Any) -> pyarrow.Table:
    return pyarrow.Table.from_batches(batches(session, sql, parameters, **options))


@contextmanager
def pyodbc_of(source: Source, *, autocommit: bool = True) -> Iterator[Any]:
    pyodbc.pooling = False
    with closing(pyodbc.connect(connection_string(source.odbc), autocommit=autocommit)) as connection:
        yield connection


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest) -> Source:
    found: Source = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def servers(mariadb: Source, postgresql: Source) -> list[Source]:
    return [mariadb, postgresql]


@pytest.fixture
def tables(request: pytest.FixtureRequest) -> Iterator[Callable[..., str]]:
    """Make a table in a source, filled by rows of SQL; it is dropped at the end. Gives its name."""
    made: list[tuple[Source, str]] = []

    def make(source: Source, columns: str, *rows: str) -> str:
        name = f"t{abs(hash(request.node.name)) % 10**8}_{len(made)}"
        with pyodbc_of(source) as connection:
            connection.execute(f"CREATE TABLE {name} ({columns})")
            made.append((source, name))
            for row in rows:
                connection.execute(f"INSERT INTO {name} VALUES ({row})")
        return name

    yield make
    for source, name in made:
        with pyodbc_of(source) as connection:
            connection.execute(f"DROP TABLE {name}")


# --- value by value ----------------------------------------------------------------------------

COLUMNS = {
    "number": ("INTEGER", ["-2147483648", "2147483647", "0", "NULL"]),
    "small": ("SMALLINT", ["-32768", "32767", "NULL"]),
    "large": ("BIGINT", ["-9223372036854775808", "9223372036854775807", "NULL"]),
    "amount": ("DECIMAL(18,6)", ["123456789012.123456", "-0.000001", "0.1", "-999999999999.999999", "NULL"]),
    "whole": ("DECIMAL(15,0)", ["999999999999999", "-1", "0", "NULL"]),
    "huge": ("DECIMAL(38,10)", ["1234567890123456789012345678.0123456789", "-0.0000000001", "NULL"]),
    "ratio": ("DOUBLE PRECISION", ["0.1", "-1e308", "1e-300", "NULL"]),
    "padded": ("CHAR(10)", ["'ab'", "''", "'  x'", "'ção'", "NULL"]),
    "text": ("VARCHAR(60)", ["''", "'ab  '", "' '", "'Confecções Serra Azul – São José'", "'a;b}''c\"'", "NULL"]),
    "day": ("DATE", ["'1900-01-01'", "'9999-12-31'", "'2024-02-29'", "NULL"]),
}
"""Columns that every server has, with the values that are hard on drivers."""

OF_SERVERS = {
    "moment": ("TIMESTAMP(6)", ["'1900-01-01 00:00:00'", "'9999-12-31 23:59:59.999999'", "'2024-01-01 12:00:00.5'"]),
    "emoji": ("VARCHAR(60)", ["'Ação 😀 𝄞'"]),
}


def of_server(source: Source) -> dict[str, tuple[str, list[str]]]:
    """The columns that a server has."""
    columns = COLUMNS | OF_SERVERS
    if source.dsn == "APS_MARIADB":
        columns["moment"] = ("DATETIME(6)", columns["moment"][1])
    return columns


def filled(source: Source, tables: Callable[..., str], **columns: tuple[str, list[str]]) -> str:
    """A table with these columns, each row holding the next value of each; a key tells the order."""
    longest = max(len(values) for _type, values in columns.values())
    rows = [
        ", ".join([str(number), *(values[number % len(values)] for _type, values in columns.values())])
        for number in range(longest)
    ]
    declared = ", ".join(f"{name} {type_}" for name, (type_, _values) in columns.items())
    return tables(source, f"k INTEGER, {declared}", *rows)


def by_pyodbc(source: Source, sql: str) -> dict[str, list[Any]]:
    """What pyodbc reads, by columns."""
    with pyodbc_of(source) as connection:
        cursor = connection.execute(sql)
        names = [told[0] for told in cursor.description]
        rows = cursor.fetchall()
    return {name: [row[index] for row in rows] for index, name in enumerate(names)}


def same(read: pyarrow.Table, told: dict[str, list[Any]]) -> None:
    """Every value is equal and of the same type, NULL for NULL; a difference names its column."""
    assert read.column_names == list(told)
    for name, values in told.items():
        found = read[name].to_pylist()
        expected = [bytes(value) if isinstance(value, bytearray) else value for value in values]
        assert found == expected, name
        assert [type(value) for value in found] == [type(value) for value in expected], name


@pytest.mark.parametrize("rows", [1, 3, 10_000])
@pytest.mark.parametrize("key", ["mariadb", "postgresql"])
def test_every_value_is_what_pyodbc_reads(
    key: str, rows: int, request: pytest.FixtureRequest, tables: Callable[..., str]
) -> None:
    source = request.getfixturevalue(key)
    name = filled(source, tables, **of_server(source))
    sql = f"SELECT * FROM {name} ORDER BY k"
    found = read(session(source), sql, rows=rows)
    same(found, by_pyodbc(source, sql))
    assert found["amount"].type == pyarrow.decimal128(18, 6)
    assert found["huge"].to_pylist()[:2] == [
        Decimal("1234567890123456789012345678.0123456789"),
        Decimal("-0.0000000001"),
    ]
    assert found["moment"].to_pylist()[1] == datetime(9999, 12, 31, 23, 59, 59, 999999)  # noqa: DTZ001
    assert found["day"].to_pylist()[:2] == [date(1900, 1, 1), date(9999, 12, 31)]


@pytest.mark.parametrize("rows", [1, 10_000])
def test_every_value_of_sqlite_is_what_pyodbc_reads(
    rows: int, sqlite_source: Source, tables: Callable[..., str]
) -> None:
    # The driver reads statements by the locale of the system, and values as UTF-8: other letters are put in beside it.
    plain = {name: (type_, [value for value in values if value.isascii()]) for name, (type_, values) in COLUMNS.items()}
    name = filled(sqlite_source, tables, **plain)
    with closing(sqlite3.connect(str(sqlite_source.parts["DATABASE"]))) as database:
        database.execute(f"UPDATE {name} SET text = 'Ação – 😀', padded = 'ção  ' WHERE k = 1")
        database.commit()
    sql = f"SELECT * FROM {name} ORDER BY k"
    found = read(session(sqlite_source), sql, rows=rows)
    same(found, by_pyodbc(sqlite_source, sql))
    assert found["text"].to_pylist()[1] == "Ação – 😀"


def test_the_padding_of_char_is_kept_and_can_be_taken_off(postgresql: Source, tables: Callable[..., str]) -> None:
    name = tables(postgresql, "a CHAR(5), b VARCHAR(9), c INTEGER", "'ab', 'x\ty\t ', 1", "NULL, '  ', NULL")
    (batch,) = batches(session(postgresql), f"SELECT * FROM {name} ORDER BY a")
    assert batch.to_pydict() == {"a": ["ab   ", None], "b": ["x\ty\t ", "  "], "c": [1, None]}
    assert rtrimmed(batch).to_pydict() == {"a": ["ab", None], "b": ["x\ty\t", ""], "c": [1, None]}
    assert rtrimmed(batch, ["a"])["b"].to_pylist() == ["x\ty\t ", "  "]


LONG = {
    "mariadb": ("TEXT", "LONGTEXT", "repeat('é', 5000)", "repeat('x', 200000)"),
    "postgresql": ("TEXT", "VARCHAR", "repeat('é', 5000)", "repeat('x', 200000)"),
    "sqlite_source": ("TEXT", "VARCHAR", "'" + "e" * 5000 + "'", "'" + "x" * 200_000 + "'"),
}


@pytest.mark.parametrize("key", LONG)
def test_long_texts_come_whole_whatever_length_the_driver_tells(
    key: str, request: pytest.FixtureRequest, tables: Callable[..., str]
) -> None:
    source = request.getfixturevalue(key)
    text, without_length, five_thousand, very_long = LONG[key]
    name = tables(
        source,
        f"k INTEGER, a {text}, b {without_length}",
        "1, 'short', ''",
        f"2, NULL, {five_thousand}",
        f"3, {five_thousand}, {very_long}",
    )
    for chosen in ("k, a", "k, b", "k, a, b"):
        sql = f"SELECT {chosen} FROM {name} ORDER BY k"
        # Row by row, the first batch does not yet show what is to come.
        for rows in (1, 1000):
            same(read(session(source), sql, rows=rows), by_pyodbc(source, sql))
    found = read(session(source), f"SELECT b FROM {name} ORDER BY k")
    assert [len(value) for value in found["b"].to_pylist()] == [0, 5000, 200_000]


def test_a_decimal_without_a_scale_is_not_cut(postgresql: Source, tables: Callable[..., str]) -> None:
    name = tables(postgresql, "a NUMERIC, b DECIMAL(28,6)", "12345678901234567890.123456789012, 0.123456")
    found = read(session(postgresql), f"SELECT a, b, a * a AS c FROM {name}").to_pylist()[0]
    assert found == {
        "a": "12345678901234567890.123456789012",
        "b": Decimal("0.123456"),
        "c": "152415787532388367504953515625658284168.648681628113153483936144",
    }


def test_numbers_without_a_sign_do_not_turn_negative(mariadb: Source, tables: Callable[..., str]) -> None:
    name = tables(
        mariadb,
        "a TINYINT UNSIGNED, b SMALLINT UNSIGNED, c INTEGER UNSIGNED, d DECIMAL(60,20)",
        "255, 65535, 4294967295, 1234567890123456789012345678901234567890.12345678901234567890",
    )
    assert read(session(mariadb), f"SELECT * FROM {name}").to_pylist() == [
        {"a": 255, "b": 65535, "c": 4294967295, "d": "1234567890123456789012345678901234567890.12345678901234567890"}
    ]


def test_bits_and_bytes(mariadb: Source, tables: Callable[..., str]) -> None:
    name = tables(
        mariadb,
        "a BIT(1), b BIT(12), c VARBINARY(20), d TIME(6)",
        "b'1', b'101', x'00ff', '10:11:12.5'",
        "b'0', b'0', '', '00:00:00'",
        "NULL, NULL, NULL, NULL",
    )
    found = read(session(mariadb), f"SELECT * FROM {name}")
    assert found.to_pydict() == {
        "a": [True, False, None],
        "b": [b"\x00\x05", b"\x00\x00", None],
        "c": [b"\x00\xff", b"", None],
        "d": [time(10, 11, 12, 500_000), time(), None],
    }
    assert read(session(mariadb), f"SELECT a FROM {name} WHERE a IS NULL AND a = 1").schema.field("a").type == "bool"


def test_another_character_set_of_the_server_comes_as_the_same_letters(
    mariadb: Source, tables: Callable[..., str]
) -> None:
    name = tables(
        mariadb,
        "a VARCHAR(9) CHARACTER SET latin1, b VARCHAR(9) CHARACTER SET cp1250, c CHAR(9) CHARACTER SET utf16",
        "'ação€', 'łódź', '😀'",
    )
    assert read(session(mariadb), f"SELECT * FROM {name}").to_pylist() == [{"a": "ação€", "b": "łódź", "c": "😀"}]


# --- SQLite's own driver -----------------------------------------------------------------------


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    """Columns whose first values do not tell what follows."""
    file = tmp_path / "own.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE t (k INTEGER, a, b DECIMAL(18,6), c, d, e)")
        rows = [(number, None, number, number, f"ç{number} ", None) for number in range(500)]
        rows += [(500, "late", 0.5, "text", b"blob".decode(), None), (501, 7, None, None, None, None)]
        database.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", rows)
        database.commit()
    return file


def test_a_column_of_sqlite_has_one_type_for_all_its_values(sqlite_file: Path) -> None:
    found = read(sqlite_session(sqlite_file), "SELECT * FROM t ORDER BY k", rows=50)
    assert [str(column.type) for column in found.schema] == ["int64", "string", "double", "string", "string", "string"]
    assert found["a"].to_pylist() == [None] * 500 + ["late", "7"]
    assert found["b"].to_pylist() == [*range(500), 0.5, None]
    assert found["c"].to_pylist() == [*map(str, range(500)), "text", None]
    assert found["e"].null_count == 502


def test_bytes_among_other_values_of_sqlite_are_the_text_that_they_hold(tmp_path: Path) -> None:
    file = tmp_path / "own.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE t (a, b, c)")
        database.executemany("INSERT INTO t VALUES (?, ?, ?)", [(b"ab", b"\xc3\xa7", b"\xff"), (7, "ç", None)])
        database.commit()
    found = read(sqlite_session(file), "SELECT * FROM t")
    assert found.to_pydict() == {"a": ["ab", "7"], "b": ["ç", "ç"], "c": [b"\xff", None]}


def test_parameters_and_equal_names_of_sqlite(sqlite_file: Path) -> None:
    sql = "SELECT k, k, k + ? AS k FROM t WHERE b = ? AND k < ?"
    (batch,) = batches(sqlite_session(sqlite_file), sql, [Decimal("0.5"), Decimal(3), 10])
    assert [values.to_pylist() for values in batch.columns] == [[3], [3], [3.5]]


# --- a kind whose driver has no way of its own -------------------------------------------------


def cursor_session(postgresql: Source, **fields: Any) -> Session:
    """PostgreSQL by a dialect of SQLAlchemy that no kind of ours has."""
    arguments = {
        "host": "127.0.0.1",
        "port": postgresql.port,
        "dbname": "logix",
        "user": postgresql.user,
        "password": postgresql.password,
    }
    return Session("postgresql+psycopg", arguments=arguments, **fields)


@pytest.mark.parametrize("rows", [1, 3, 10_000])
def test_every_value_of_another_dialect_is_what_pyodbc_reads(
    rows: int, postgresql: Source, tables: Callable[..., str]
) -> None:
    name = filled(postgresql, tables, **of_server(postgresql))
    # The last row is all NULL, and comes first: it tells nothing of the columns.
    for order in ("k", "k DESC"):
        sql = f"SELECT * FROM {name} ORDER BY {order}"
        found = read(cursor_session(postgresql), sql, rows=rows)
        same(found, by_pyodbc(postgresql, sql))
        assert found["amount"].type == pyarrow.decimal128(18, 6)


def test_types_of_another_dialect_that_arrow_has_no_name_for_come_as_text(postgresql: Source) -> None:
    sql = (
        "SELECT k, CASE WHEN k > 20000 THEN 5 END AS late, NULL AS never, k::numeric / 8 AS part, "
        "'{\"a\": 1}'::varchar AS words, '\\x00ff'::bytea AS raw, k > 5 AS yes, "
        "TIMESTAMPTZ '2024-01-01 12:00:00+03' AS at, INTERVAL '1 day' AS long "
        "FROM generate_series(1, 20003) AS k ORDER BY k"
    )
    found = read(cursor_session(postgresql), sql)
    assert (found.num_rows, found["k"].type, found["late"].type) == (20003, pyarrow.int64(), pyarrow.string())
    assert found["late"].to_pylist()[-4:] == [None, "5", "5", "5"]
    assert found["never"].null_count == 20003
    first = found.slice(0, 1).to_pylist()[0]
    assert (first["part"], first["words"], first["raw"]) == ("0.12500000000000000000", '{"a": 1}', b"\x00\xff")
    assert (first["yes"], first["long"]) == (False, "1 day, 0:00:00")
    assert datetime.fromisoformat(first["at"]) == datetime(2024, 1, 1, 9, tzinfo=UTC)


def test_parameters_and_signs_of_another_dialect(postgresql: Source, tables: Callable[..., str]) -> None:
    name = tables(postgresql, "k INTEGER, note VARCHAR(20), day DATE", "1, 'a:b ?', '2024-02-29'", "2, '50%', NULL")
    ask = partial(read, cursor_session(postgresql))
    sql = f"SELECT k::bigint, note FROM {name} WHERE note LIKE '%:b ?' AND day = ? AND k < ? -- :why ?"
    assert ask(sql, [date(2024, 2, 29), 5]).to_pylist() == [{"k": 1, "note": "a:b ?"}]
    assert ask(f"SELECT k FROM {name} WHERE note = ?", ["50%"]).to_pylist() == [{"k": 2}]
    assert ask(f"SELECT k, k FROM {name} WHERE k < 0").schema.names == ["k", "k"]
    query = select(column("k")).select_from(table(name)).where(column("note") == "50%")
    assert ask(*compiled(query, cursor_session(postgresql))).to_pylist() == [{"k": 2}]
    for parameters, words in (([], "fewer"), ([1, 2], "more")):
        with pytest.raises(ValueError, match=words):
            ask(f"SELECT k FROM {name} WHERE k = ?", parameters)


def test_rows_of_another_dialect_are_not_fetched_before_they_are_asked_for(postgresql: Source) -> None:
    """Back-pressure, and a generator that is closed leaves no session."""
    reading = batches(cursor_session(postgresql), "SELECT k, pg_sleep(0.002)::text FROM generate_series(1, 50000) AS k")
    began = clock.monotonic()
    next(reading)
    assert clock.monotonic() - began < PATIENCE, "all rows take a hundred seconds"
    with pyodbc_of(postgresql) as connection:
        count = "SELECT COUNT(*) FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid()"
        assert connection.execute(count).fetchval() == 1
        reading.close()
        deadline = clock.monotonic() + PATIENCE
        while connection.execute(count).fetchval() and clock.monotonic() < deadline:
            clock.sleep(0.05)
        assert connection.execute(count).fetchval() == 0


def test_what_fails_in_another_dialect_is_explained(postgresql: Source) -> None:
    found = failed(cursor_session(postgresql), "SELECT * FROM nao_ha").outcome
    assert (found.code, "nao_ha" in found.details["original"]) == ("database.unknown_error", True)
    wrong = replace(cursor_session(postgresql), arguments={**cursor_session(postgresql).arguments, "password": "x"})
    assert failed(wrong, "SELECT 1").outcome.code == "database.login_refused"
    late = "SELECT CASE WHEN k < 20000 THEN k ELSE k / 0 END FROM generate_series(1, 20003) AS k"
    assert failed(cursor_session(postgresql), late).outcome.status == "fail"


# --- the frame of a reading --------------------------------------------------------------------


def test_no_row_is_one_batch_that_tells_the_columns(source: Source, tables: Callable[..., str]) -> None:
    name = tables(source, "k INTEGER, amount DECIMAL(18,6), note VARCHAR(20)")
    (batch,) = batches(session(source), f"SELECT * FROM {name}")
    assert (batch.num_rows, batch.schema.names) == (0, ["k", "amount", "note"])
    assert batch.schema.field("k").type == pyarrow.int64()


def test_no_row_of_sqlite_is_one_batch_that_tells_the_columns(sqlite_file: Path) -> None:
    (batch,) = batches(sqlite_session(sqlite_file), "SELECT * FROM t WHERE k < 0")
    assert (batch.num_rows, batch.schema.names) == (0, ["k", "a", "b", "c", "d", "e"])


def numbers(source: Source, tables: Callable[..., str], count: int) -> str:
    """A table of so many rows."""
    name = tables(source, "k INTEGER, note VARCHAR(20)")
    values = [f"({number}, 'n{number}')" for number in range(count)]
    with pyodbc_of(source) as connection:
        for start in range(0, count, 500):
            connection.execute(f"INSERT INTO {name} VALUES {', '.join(values[start : start + 500])}")
    return name


def test_batches_have_the_rows_asked_for_and_the_rows_so_far_are_told(
    source: Source, tables: Callable[..., str]
) -> None:
    name = numbers(source, tables, 2500)
    told: list[int] = []
    sizes = [
        batch.num_rows for batch in batches(session(source), f"SELECT * FROM {name}", rows=1000, on_rows=told.append)
    ]
    assert sum(sizes) == 2500
    assert max(sizes) <= 1000
    assert told == [sum(sizes[: number + 1]) for number in range(len(sizes))]


def test_nothing_is_read_that_nobody_asks_for_and_closing_ends_the_session(
    mariadb: Source, tables: Callable[..., str]
) -> None:
    name = numbers(mariadb, tables, 3000)
    with pyodbc_of(mariadb) as watch:
        mine = "SELECT count(*) FROM information_schema.processlist WHERE id <> connection_id()"
        before = watch.execute(mine).fetchval()
        told: list[int] = []
        reading = batches(session(mariadb), f"SELECT * FROM {name}", rows=1000, on_rows=told.append)
        assert watch.execute(mine).fetchval() == before
        next(reading)
        clock.sleep(0.2)
        assert told == [1000]
        assert watch.execute(mine).fetchval() == before + 1
        reading.close()
        deadline = clock.monotonic() + PATIENCE
        while watch.execute(mine).fetchval() != before and clock.monotonic() < deadline:
            clock.sleep(0.02)
        assert watch.execute(mine).fetchval() == before
    with pytest.raises(StopIteration):
        next(reading)


def test_wide_rows_make_small_batches(mariadb: Source, tables: Callable[..., str]) -> None:
    name = tables(mariadb, "a LONGTEXT", *["repeat('x', 8000000)"] * 12)
    sizes = [batch.nbytes for batch in batches(session(mariadb), f"SELECT a FROM {name}")]
    assert max(sizes) <= BUFFER * 1.1


def test_a_file_that_is_not_finished_does_not_stay(sqlite_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "out" / "t.arrow"
    file.parent.mkdir()

    def stop(rows: int) -> None:
        if rows > 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bulk.to_file(sqlite_session(sqlite_file), "SELECT k FROM t", (), file, rows=50, on_rows=stop)
    assert list(file.parent.iterdir()) == []
    assert bulk.to_file(sqlite_session(sqlite_file), "SELECT k FROM t", (), file) == 502
    assert bulk.to_file(sqlite_session(sqlite_file), "SELECT k FROM t WHERE k < ?", (5,), file) == 5
    with pyarrow.OSFile(str(file)) as opened:
        assert pyarrow.ipc.open_file(opened).read_all()["k"].to_pylist() == [0, 1, 2, 3, 4]
    assert list(file.parent.iterdir()) == [file]


# --- parameters and compiled queries -----------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "parameter", "found"),
    [
        ("number = ?", -2147483648, [0]),
        ("number > ?", -1, [1, 2]),
        ("5 -? > 5 and number = 0", -1, [2]),
        ("amount = ?", Decimal("-0.000001"), [1]),
        ("amount = ?", Decimal("123456789012.123456"), [0]),
        ("ratio = ?", 0.1, [0]),
        ("day = ?", date(1900, 1, 1), [0]),
        ("day < ?", datetime(1900, 1, 2), [0]),  # noqa: DTZ001
        ("moment = ?", datetime(9999, 12, 31, 23, 59, 59, 999999), [1]),  # noqa: DTZ001
        ("text = ?", "Confecções Serra Azul – São José", [3]),
        ("text = ?", "a;b}'c\"", [4]),
        ("text = ? /* really? */ -- or not?\n and '?' = '?'", "a;b}'c\"", [4]),
        ("text = ?", "' OR 1=1 --", []),
        ("text = ?", None, []),
    ],
)
def test_a_parameter_finds_the_rows_that_it_should(
    where: str, parameter: Any, found: list[int], servers: list[Source], tables: Callable[..., str]
) -> None:
    for source in servers:
        few = {name: (type_, (values + ["NULL"] * 5)[:5]) for name, (type_, values) in of_server(source).items()}
        name = filled(source, tables, **few)
        sql = f"SELECT k FROM {name} WHERE {where} ORDER BY k"
        assert read(session(source), sql, [parameter])["k"].to_pylist() == found, source.dsn


@pytest.mark.parametrize("parameters", [[], [1, 2], [True], [b"x"], [float("nan")], [Decimal("Infinity")]])
def test_parameters_that_do_not_fit_are_refused_before_the_server_is_asked(parameters: Any) -> None:
    nowhere = Session("apsodbc+pyodbc", odbc={"DRIVER": "nowhere"})
    with pytest.raises(ValueError, match=r"parameters|not a value"):
        next(batches(nowhere, "SELECT ?", parameters))


ITEM = table("item", column("cod_empresa"), column("cod_item"), column("qtd"))
QUERY = select(ITEM.c.cod_item).where(ITEM.c.cod_empresa == "01", ITEM.c.qtd.in_([1, 2])).order_by(ITEM.c.cod_item)


@pytest.mark.parametrize(
    ("dialect", "odbc", "places"),
    [
        ("apsodbc+pyodbc", {"DSN": "X"}, "= ? AND item.qtd IN (?, ?)"),
        ("mssql+pyodbc", {"DSN": "X"}, "= ? AND item.qtd IN (?, ?)"),
        ("sqlite+pysqlite", {}, "= ? AND item.qtd IN (?, ?)"),
        ("oracle+oracledb", {}, "= :1 AND item.qtd IN (:2, :3)"),
    ],
)
def test_a_query_is_compiled_for_the_database_with_its_values_in_order(
    dialect: str, odbc: dict[str, object], places: str
) -> None:
    sql, parameters = compiled(QUERY, Session(dialect, odbc=odbc))
    assert places in " ".join(sql.split())
    assert parameters == ("01", 1, 2)


def test_a_compiled_query_reads_what_it_says(source: Source) -> None:
    with pyodbc_of(source) as connection:
        connection.execute("CREATE TABLE item (cod_empresa CHAR(2), cod_item CHAR(15), qtd DECIMAL(15,3))")
        try:
            for row in ("'01','B',1", "'01','A',2", "'02','C',1", "'01','D',3"):
                connection.execute(f"INSERT INTO item VALUES ({row})")
            found = read(session(source), *compiled(QUERY, session(source)))
        finally:
            connection.execute("DROP TABLE item")
    assert [value.rstrip(" ") for value in found["cod_item"].to_pylist()] == ["A", "B"]


# --- isolation ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("isolation", "statements", "seen"),
    [
        ("read_uncommitted", (), 1),
        ("read_committed", (), 0),
        ("server_default", (), 0),
        ("server_default", ("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",), 1),
    ],
)
def test_an_uncommitted_row_is_read_only_when_the_level_says_so(
    mariadb: Source, tables: Callable[..., str], isolation: str, statements: tuple[str, ...], seen: int
) -> None:
    name = tables(mariadb, "k INTEGER, note LONGTEXT")
    reader = session(mariadb, isolation=isolation, statements=statements)
    for chosen in ("k", "k, note"):  # by columns, and by rows
        with pyodbc_of(mariadb, autocommit=False) as writer:
            writer.execute(f"INSERT INTO {name} VALUES (1, 'not yet')")
            assert read(reader, f"SELECT {chosen} FROM {name}").num_rows == seen, chosen
            writer.rollback()
            assert read(reader, f"SELECT {chosen} FROM {name}").num_rows == 0


# --- errors ------------------------------------------------------------------------------------


def failed(session: Session, sql: str = "SELECT 1", **options: Any) -> ConnectionFailed:
    with pytest.raises(ConnectionFailed) as caught:
        list(batches(session, sql, **options))
    assert caught.value.outcome.hint
    return caught.value


def test_what_a_driver_says_is_explained(source: Source) -> None:
    assert failed(session(source), "SELECT * FROM nao_ha").outcome.code == "database.no_table"


def test_what_arrow_odbc_says_is_explained_as_what_pyodbc_says(mariadb: Source, tables: Callable[..., str]) -> None:
    name = tables(mariadb, "k INTEGER")
    by_columns = failed(session(mariadb), f"SELECT nao_ha FROM {name}").outcome
    assert by_columns.code == "database.no_column"
    assert by_columns.details["original"].startswith("[42S22] [ma-")
    assert by_columns.details["original"].endswith("(1054)")


@pytest.mark.parametrize("key", ["mariadb", "postgresql"])
def test_a_login_that_is_refused(key: str, request: pytest.FixtureRequest) -> None:
    source = request.getfixturevalue(key)
    wrong = Session("apsodbc+pyodbc", odbc=source.odbc | {"PWD": "canary-77-senha"})
    error = failed(wrong)
    assert error.outcome.code == "database.login_refused"
    assert "canary" not in repr(error.outcome)


def test_a_server_that_is_not_there(mariadb: Source, closed_port: int) -> None:
    gone = Session("apsodbc+pyodbc", odbc=mariadb.odbc | {"PORT": closed_port})
    assert failed(gone).outcome.code == "database.port_refused"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert failed(sqlite_session(tmp_path / "none.sqlite")).outcome.code == "database.no_file"


def test_a_session_that_the_server_ends_in_the_middle(postgresql: Source, tables: Callable[..., str]) -> None:
    name = numbers(postgresql, tables, 50_000)
    reading = batches(session(postgresql), f"SELECT * FROM {name}", rows=500)
    next(reading)
    with pyodbc_of(postgresql) as killer:
        killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        ).fetchall()
    with pytest.raises(ConnectionFailed):
        list(reading)


def test_a_time_limit_of_the_query_is_kept_where_the_driver_can(postgresql: Source) -> None:
    began = clock.monotonic()
    with pytest.raises(ConnectionFailed):
        list(batches(session(postgresql, query_timeout=1), f"SELECT cast(pg_sleep({2 * PATIENCE}) AS varchar(9))"))
    assert clock.monotonic() - began < PATIENCE


# --- a row locked by another -------------------------------------------------------------------


def test_a_lock_that_ends_in_time_is_waited_for_with_growing_pauses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "locked.sqlite"
    pauses: list[float] = []
    pause = clock.sleep
    monkeypatch.setattr(clock, "sleep", lambda seconds: (pauses.append(seconds), pause(seconds)))
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("CREATE TABLE t (k INTEGER)")
        holder.execute("BEGIN EXCLUSIVE")
        holder.execute("INSERT INTO t VALUES (1)")
        counts: list[int] = []

        def locked(count: int) -> None:
            counts.append(count)
            if count == 3:
                holder.execute("COMMIT")

        found = read(sqlite_session(file), "SELECT k FROM t", lock_wait=30, on_locked=locked)
    assert found["k"].to_pylist() == [1]
    assert counts == [1, 2, 3]
    assert len(pauses) == 3
    assert pauses == sorted(pauses)


def test_a_lock_that_stays_is_told_with_the_attempts(tmp_path: Path) -> None:
    file = tmp_path / "locked.sqlite"
    counts: list[int] = []
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("CREATE TABLE t (k INTEGER)")
        holder.execute("BEGIN EXCLUSIVE")
        # It stays until this is told.
        error = failed(sqlite_session(file), "SELECT k FROM t", lock_wait=3, on_locked=counts.append)
    assert error.outcome.code == "database.row_locked"
    assert error.outcome.details["repeats"] == str(len(counts))
    assert len(counts) >= 2


def test_a_lock_of_a_server_is_known_through_odbc(mariadb: Source, tables: Callable[..., str]) -> None:
    name = tables(mariadb, "k INTEGER PRIMARY KEY", "1")
    with pyodbc_of(mariadb, autocommit=False) as holder:
        holder.execute(f"UPDATE {name} SET k = 2")
        waits = session(mariadb, statements=("SET innodb_lock_wait_timeout = 1",))
        error = failed(waits, f"SELECT k FROM {name} FOR UPDATE", lock_wait=0)
        holder.rollback()
    assert (error.outcome.code, error.outcome.details["repeats"]) == ("database.row_locked", "0")


def test_another_error_is_not_tried_again(mariadb: Source) -> None:
    counts: list[int] = []
    assert failed(session(mariadb), "SELECT * FROM nao_ha", lock_wait=30, on_locked=counts.append)
    assert counts == []


# --- what needs no server ----------------------------------------------------------------------


def test_the_driver_of_oracle_gives_arrow_itself() -> None:
    """oracledb's frames speak Arrow's stream interface, as a table does; no Oracle is asked."""

    class Native:
        def fetch_df_batches(self, sql: str, parameters: list[object], *, size: int, fetch_decimals: bool) -> Any:
            assert (sql, parameters, size, fetch_decimals) == ("SELECT :1", [1], 7, True)
            yield pyarrow.table({"a": pyarrow.array([Decimal("1.5")], pyarrow.decimal128(9, 2))})

    assert [batch.to_pylist() for batch in bulk.frames(Native(), "SELECT :1", [1], 7)] == [[{"a": Decimal("1.50")}]]
