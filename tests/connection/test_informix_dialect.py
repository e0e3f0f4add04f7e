"""The dialect for Informix: names, limits, types, what it takes for a lost connection, and reading the catalogue.

Informix itself is not asked. A catalogue of the same tables in a SQLite file is read through ODBC.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Select, cast, column, func, inspect, literal, select, table, types, union
from sqlalchemy.exc import CompileError, InvalidRequestError, NoSuchTableError, UnreflectableTableError
from sqlalchemy.sql.elements import quoted_name

from wizard.connection import informix_dialect as informix
from wizard.connection.session import engine
from wizard.profile.database_kind import Session

ITEM = table("item", column("cod_item"), column("den_item"))


def sql(query: Any) -> str:
    done = query.compile(dialect=informix.InformixDialect(), compile_kwargs={"render_postcompile": True})
    return " ".join(str(done).split())


# --- limits ------------------------------------------------------------------------------------

LIMITS: list[tuple[Select[Any], str]] = [
    (select(ITEM.c.cod_item).limit(10), "SELECT FIRST 10 item.cod_item FROM item"),
    (select(ITEM.c.cod_item).fetch(10), "SELECT FIRST 10 item.cod_item FROM item"),
    (select(ITEM.c.cod_item).limit(10).offset(20), "SELECT SKIP 20 FIRST 10 item.cod_item FROM item"),
    (select(ITEM.c.cod_item).offset(20), "SELECT SKIP 20 item.cod_item FROM item"),
    (select(ITEM.c.cod_item).distinct().limit(1), "SELECT FIRST 1 DISTINCT item.cod_item FROM item"),
    (
        select(ITEM.c.cod_item).where(ITEM.c.cod_item == "A").order_by(ITEM.c.cod_item).limit(2),
        "SELECT FIRST 2 item.cod_item FROM item WHERE item.cod_item = ? ORDER BY item.cod_item",
    ),
    (select(func.count()), "SELECT count(*) AS count_1 FROM sysmaster:sysdual"),
]


@pytest.mark.parametrize(("query", "text"), LIMITS, ids=[text for _query, text in LIMITS])
def test_a_limit_stands_before_the_columns_as_a_number(query: Select[Any], text: str) -> None:
    assert sql(query) == text


@pytest.mark.parametrize(
    "query",
    [
        union(select(ITEM.c.cod_item), select(ITEM.c.den_item)).limit(1),
        union(select(ITEM.c.cod_item), select(ITEM.c.den_item)).fetch(1),
        select(ITEM.c.cod_item).limit(literal(1) + 1),
        select(ITEM.c.cod_item).offset(literal(1) + 1),
        select(ITEM.c.cod_item).fetch(10, percent=True),
        select(ITEM.c.cod_item).fetch(10, with_ties=True),
    ],
)
def test_a_limit_that_informix_cannot_say_is_refused(query: Any) -> None:
    with pytest.raises(CompileError, match="Informix"):
        sql(query)


# --- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cod_item", "COD_ITEM", "CodItem", "_x", "x1", "x$", "status", "date", "ano"])
def test_a_plain_name_stands_bare_in_small_letters_or_capitals(name: str) -> None:
    assert sql(select(column(name)).select_from(table("item"))) == f"SELECT {name} FROM item"


@pytest.mark.parametrize("name", ["a b", 'x"y', "x'y", "1x", "ção", "x;y", "x.y", "from", "USER", "today", "Order"])
def test_a_name_that_would_need_quotes_is_refused(name: str) -> None:
    for place in (
        select(column(name)),
        select(ITEM.c.cod_item.label(name)),
        select(ITEM.alias(name)),
        select(table(name, column("x")).c.x),
        select(table("item", column("x"), schema=name).c.x),
        # Those who say that they have seen to quotes themselves are not believed.
        select(column(quoted_name(name, quote=False))),
        select(column(quoted_name(name, quote=True))),
    ):
        with pytest.raises(CompileError, match="cannot be a name in Informix"):
            sql(place)


def test_a_table_may_be_named_with_its_owner() -> None:
    owned = table("item", column("cod_item"), schema="logix")
    assert sql(select(owned.c.cod_item)) == "SELECT logix.item.cod_item FROM logix.item"


# --- types -------------------------------------------------------------------------------------

TYPES: list[tuple[int, int, str, str]] = [
    # coltype, collength, name in sysxtdtypes
    (0, 15, "", "CHAR(15)"),
    (256, 2, "", "CHAR(2)"),
    (1, 2, "", "SMALLINT"),
    (2, 4, "", "INTEGER"),
    (262, 4, "", "INTEGER"),
    (3, 8, "", "DOUBLE PRECISION"),
    (4, 4, "", "REAL"),
    (5, 15 * 256 + 3, "", "DECIMAL(15, 3)"),
    (261, 32 * 256 + 14, "", "DECIMAL(32, 14)"),
    (5, 16 * 256 + 255, "", "DECIMAL(16)"),
    (8, 16 * 256 + 2, "", "MONEY(16,2)"),
    (7, 4, "", "DATE"),
    (10, 19 * 256 + 10, "", "DATETIME YEAR TO SECOND"),
    (10, 3080, "", "DATETIME YEAR TO MINUTE"),
    (10, 8 * 256 + 6 * 16 + 10, "", "DATETIME HOUR TO SECOND"),
    (266, 17 * 256 + 13, "", "DATETIME YEAR TO FRACTION(3)"),
    (14, 9 * 256 + 4 * 16 + 10, "", "INTERVAL DAY TO SECOND"),
    (13, 60, "", "VARCHAR(60)"),
    (13, 20 * 256 + 100, "", "VARCHAR(100)"),
    # A least size of 128 or more turns the smallint negative.
    (13, 200 * 256 + 255 - 65536, "", "VARCHAR(255)"),
    (15, 10, "", "NCHAR(10)"),
    (16, 30, "", "NVARCHAR(30)"),
    (11, 56, "", "BLOB"),
    (12, 56, "", "TEXT"),
    (17, 10, "", "BIGINT"),
    (18, 10, "", "BIGINT"),
    (52, 8, "", "BIGINT"),
    (53, 8, "", "BIGINT"),
    (40, 2048, "lvarchar", "LVARCHAR(2048)"),
    (43, 500, "", "LVARCHAR(500)"),
    (41, 1, "boolean ", "BOOLEAN"),
    (297, 1, "boolean", "BOOLEAN"),
    (41, 72, "blob", "BLOB"),
    (41, 72, "clob", "TEXT"),
    (45, 1, "", "BOOLEAN"),
    # A distinct type, and a row type with a name.
    (2061, 128, "", "VARCHAR(128)"),
    (4118, 0, "endereco_t", "NULL"),
    (41, 8, "ponto", "NULL"),
    (99, 1, "", "NULL"),
]


@pytest.mark.parametrize(("coltype", "collength", "extended", "text"), TYPES)
def test_a_column_has_the_type_that_syscolumns_says(coltype: int, collength: int, extended: str, text: str) -> None:
    found = informix.column_type(coltype, collength, extended)
    if text == "NULL":
        assert isinstance(found, types.NullType)
    else:
        assert found.compile(dialect=informix.InformixDialect()) == text


@pytest.mark.parametrize("type_", [informix.MONEY(16, 2), types.DECIMAL(15, 3)])
def test_money_and_decimals_come_as_the_exact_decimals_of_the_driver(type_: types.Numeric[Any]) -> None:
    dialect = informix.InformixDialect()
    assert type_.asdecimal
    assert type_.result_processor(dialect, None) is None


def test_types_are_written_as_informix_does() -> None:
    query = select(
        cast(ITEM.c.cod_item, informix.MONEY(16, 2)), cast(ITEM.c.den_item, informix.DATETIME("DAY", "HOUR"))
    )
    assert "CAST(item.cod_item AS MONEY(16,2))" in sql(query)
    assert "CAST(item.den_item AS DATETIME DAY TO HOUR)" in sql(query)


# --- errors ------------------------------------------------------------------------------------

LOST = [
    ("08S01", "[08S01] [Informix][Informix ODBC Driver]Communication link failure. (-11020) (SQLExecDirectW)"),
    ("08003", "[08003] [Informix][Informix ODBC Driver]Connection not open. (-11017)"),
    ("HY000", "[HY000] [Informix][Informix ODBC Driver][Informix]Network connection is broken. (-25582) (SQLFetch)"),
    ("HY000", "[HY000] [Informix]System error occurred in network function. (-25580)"),
    ("HY000", "[HY000] [Informix]Attempt to connect to database server (ol_logix) failed. (-908)"),
    ("S1000", "[S1000] [Informix][Informix ODBC Driver]A protocol error has been detected. (-11301)"),
]
NOT_LOST = [
    ("HY000", "[HY000] [Informix]Could not do a physical-order read to fetch next row. (-244)"),
    ("42000", "[42000] [Informix]A syntax error has occurred. (-201)"),
    ("42S02", "[42S02] [Informix]The specified table (item-908) is not in the database. (-206)"),
    ("HY000", "[HY000] order 4711-908"),
]


def test_a_lost_connection_is_told_by_state_or_code() -> None:
    import pyodbc

    dialect = informix.InformixDialect(dbapi=pyodbc)
    lost = [dialect.is_disconnect(pyodbc.Error(*parts), None, None) for parts in LOST]
    assert lost == [True] * len(LOST)
    kept = [dialect.is_disconnect(pyodbc.Error(*parts), None, None) for parts in NOT_LOST]
    assert kept == [False] * len(NOT_LOST)
    assert not dialect.is_disconnect(ValueError("08S01"), None, None)


# --- the catalogue -----------------------------------------------------------------------------

CATALOGUE = """
CREATE TABLE systables (tabid INTEGER, tabname, owner, tabtype);
CREATE TABLE syscolumns (tabid INTEGER, colno INTEGER, colname, coltype INTEGER, collength INTEGER,
                         extended_id INTEGER);
CREATE TABLE sysxtdtypes (extended_id INTEGER, name);
CREATE TABLE syssyntable (tabid INTEGER, btabid INTEGER);
INSERT INTO systables VALUES (1, 'systables', 'informix', 'T'), (100, 'item', 'logix', 'T'),
    (101, 'conta', 'logix', 'T'), (102, 'item_ativo', 'logix', 'V'), (103, 'produto', 'logix', 'S'),
    (104, 'fora', 'logix', 'P'), (105, 'numera', 'logix', 'Q');
INSERT INTO syscolumns VALUES (100, 2, 'qtd', 5, 3843, 0), (100, 1, 'cod_item', 256, 15, 0),
    (100, 3, 'ativo', 41, 1, 5), (101, 1, 'x', 2, 4, 0);
INSERT INTO sysxtdtypes VALUES (5, 'boolean   ');
INSERT INTO syssyntable VALUES (103, 100), (104, NULL);
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Connection]:
    """The catalogue of a small database, read by the dialect through ODBC."""
    found = sorted(Path("/usr/lib").glob("*/odbc/libsqlite3odbc.so"))
    if not found:
        pytest.skip("libsqliteodbc is not installed")
    file = tmp_path / "catalogue.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.executescript(CATALOGUE)
    session = Session("informix+pyodbc", {"DRIVER": str(found[0]), "Database": str(file)})
    with engine(session).connect() as connection:
        yield connection


def test_tables_views_and_synonyms_are_found_in_systables(catalogue: Connection) -> None:
    found = inspect(catalogue)
    assert found.get_table_names() == ["conta", "item"]
    assert found.get_table_names("informix") == []
    assert found.get_view_names() == ["item_ativo"]
    there = {name: found.has_table(name) for name in ("item", "ITEM", "item_ativo", "produto", "numera", "nada")}
    assert there == {"item": True, "ITEM": True, "item_ativo": True, "produto": True, "numera": False, "nada": False}
    assert found.has_table("item", "logix")
    assert not found.has_table("item", "outro")


@pytest.mark.parametrize("name", ["item", "produto"])
def test_columns_are_read_from_syscolumns_in_their_order(catalogue: Connection, name: str) -> None:
    found = inspect(catalogue).get_columns(name)
    assert [(c["name"], c["type"].compile(catalogue.dialect), c["nullable"]) for c in found] == [
        ("cod_item", "CHAR(15)", False),
        ("qtd", "DECIMAL(15, 3)", True),
        ("ativo", "BOOLEAN", True),
    ]


def test_columns_of_what_is_not_there_or_elsewhere_are_refused(catalogue: Connection) -> None:
    with pytest.raises(NoSuchTableError):
        inspect(catalogue).get_columns("nada")
    with pytest.raises(UnreflectableTableError):
        inspect(catalogue).get_columns("fora")


def test_a_connection_is_tried_by_reading_the_catalogue(catalogue: Connection) -> None:
    raw = catalogue.connection.dbapi_connection
    assert raw is not None
    assert catalogue.dialect.do_ping(raw)
    catalogue.exec_driver_sql("DROP TABLE systables")
    with pytest.raises(catalogue.dialect.loaded_dbapi.Error):
        catalogue.dialect.do_ping(raw)


def test_there_are_no_savepoints(catalogue: Connection) -> None:
    with pytest.raises(InvalidRequestError, match="no savepoints"):
        catalogue.begin_nested()
