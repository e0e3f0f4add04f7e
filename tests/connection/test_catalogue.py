"""Tables by a name that came from data, on servers that SQLAlchemy knows and on those that only their driver knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.connection.servers import Source
from wizard.connection import bulk, catalogue
from wizard.connection.session import ConnectionFailed, engine
from wizard.grades.logix_source import contents_query
from wizard.profile.database_kind import Session

if TYPE_CHECKING:
    from sqlalchemy import Connection

SERVERS = ("mariadb", "postgresql", "sqlite_source", "sqlite")


@pytest.fixture(params=SERVERS)
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Session:
    """A session with each server; SQLite both through its ODBC driver and as SQLAlchemy opens it."""
    if request.param == "sqlite":
        return native(tmp_path / "native.sqlite")
    return Session("apsodbc+pyodbc", request.getfixturevalue(request.param).odbc)


def native(file: Path, **arguments: object) -> Session:
    return Session("sqlite+pysqlite", arguments={"database": str(file), "isolation_level": None, **arguments})


@contextmanager
def made(session: Session, **tables: str) -> Iterator[Connection]:
    """A connection to a database with these tables, which are gone at the end. "~" is the server's quotation mark."""
    with engine(session).connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        mark = str(raw.getinfo(catalogue.SQL_IDENTIFIER_QUOTE_CHAR)).strip() if session.odbc else '"'
        names = [name.replace("~", mark) for name in tables]
        try:
            for name, rest in zip(names, tables.values(), strict=True):
                raw.execute(f"CREATE {'VIEW' if rest.startswith('AS') else 'TABLE'} {name} {rest.replace('~', mark)}")
            yield connection
        finally:
            for name, rest in reversed(list(zip(names, tables.values(), strict=True))):
                raw.execute(f"DROP {'VIEW' if rest.startswith('AS') else 'TABLE'} IF EXISTS {name}")


def rows(session: Session, known: catalogue.Known | None, code: str, description: str) -> list[tuple[Any, ...]]:
    """The contents of a type as the import reads them, with the names as the catalogue found them."""
    assert known is not None
    name = f"{known.owner}.{known.name}" if known.owner else known.name
    query = contents_query(name, str(known.column(code)), str(known.column(description)), None, known.quotes)
    batches = bulk.batches(session, *bulk.compiled(query, session))
    return [pair for batch in batches for pair in zip(*batch.to_pydict().values(), strict=True)]


def test_names_in_capitals_and_words_of_sql_are_names_and_no_texts(session: Session) -> None:
    tables = {
        "cor": "(cod_cor varchar(3), den_cor varchar(9))",
        "~order~": "(~group~ varchar(3), ~Select~ varchar(9))",
        "~Cor_Mista~": "(~Cod_Cor~ varchar(3), ~DEN_COR~ varchar(9))",
    }
    with made(session, **tables) as connection:
        raw: Any = connection.connection.dbapi_connection
        for number, name in enumerate(("cor", "order", "Cor_Mista")):
            known = catalogue.table(connection, name)
            assert known is not None
            mark = known.quotes if known.quotes is not None else '"'
            raw.execute(f"INSERT INTO {mark}{name}{mark} VALUES ('A{number}', 'Azul')")
        assert rows(session, catalogue.table(connection, "COR"), "COD_COR", "Den_Cor") == [("A0", "Azul")]
        assert rows(session, catalogue.table(connection, "order"), "GROUP", "select") == [("A1", "Azul")]
        assert rows(session, catalogue.table(connection, "Cor_Mista"), "cod_cor", "den_cor") == [("A2", "Azul")]


def test_a_view_is_a_table(session: Session) -> None:
    with made(
        session, cor="(cod_cor varchar(3), den_cor varchar(9))", v_cor="AS SELECT cod_cor FROM cor"
    ) as connection:
        known = catalogue.table(connection, "v_cor")
        assert known is not None
        assert known.columns == ("cod_cor",)
        assert (known.column("COD_COR"), known.column("den_cor")) == ("cod_cor", None)


def test_an_underscore_stands_for_itself(session: Session) -> None:
    with made(session, corax="(wrong varchar(3))") as connection:
        assert catalogue.table(connection, "cor_x") is None
    with made(session, corax="(wrong varchar(3))", cor_x="(right_one varchar(3))") as connection:
        known = catalogue.table(connection, "cor_x")
        assert known is not None
        assert known.columns == ("right_one",)


def test_what_is_not_there_is_none(session: Session) -> None:
    with made(session, cor="(cod_cor varchar(3))") as connection:
        assert catalogue.table(connection, "nao_existe") is None
        assert catalogue.table(connection, "cor", "ninguem") is None
        # The connection can go on.
        assert catalogue.table(connection, "cor") is not None


@pytest.mark.parametrize(("server", "word"), [("mariadb", "DATABASE"), ("postgresql", "SCHEMA")])
def test_a_table_of_another_owner_is_found_by_its_owner_alone(
    server: str, word: str, request: pytest.FixtureRequest
) -> None:
    source: Source = request.getfixturevalue(server)
    session = Session("apsodbc+pyodbc", source.odbc)
    with engine(session).connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"CREATE {word} outro")
        try:
            raw.execute("CREATE TABLE outro.cor (cod_cor varchar(3), den_cor varchar(9))")
            raw.execute("INSERT INTO outro.cor VALUES ('B1', 'Bege')")
            assert catalogue.table(connection, "cor") is None
            raw.execute("CREATE TABLE cor (alheia varchar(3))")
            own, other = catalogue.table(connection, "cor"), catalogue.table(connection, "COR", "OUTRO")
            assert own is not None
            assert own.columns == ("alheia",)
            assert rows(session, other, "cod_cor", "den_cor") == [("B1", "Bege")]
        finally:
            raw.execute("DROP TABLE IF EXISTS cor")
            raw.execute("DROP TABLE outro.cor")
            raw.execute(f"DROP {word} outro")


def test_a_table_of_another_owner_in_a_dialect_that_sqlalchemy_knows(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "outro.sqlite")) as other, other:
        other.execute("CREATE TABLE cor (cod_cor, den_cor)")
    session = native(tmp_path / "own.sqlite")
    with engine(session).connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("ATTACH DATABASE ? AS outro", [str(tmp_path / "outro.sqlite")])
        known = catalogue.table(connection, "cor", "outro")
        assert known is not None
        assert (known.name, known.owner, known.columns) == ("cor", "outro", ("cod_cor", "den_cor"))


def test_a_table_that_this_user_may_not_read_is_none(postgresql: Source) -> None:
    with made(Session("apsodbc+pyodbc", postgresql.odbc), segredo="(cod_cor varchar(3))") as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("CREATE ROLE leitor")
        try:
            raw.execute("SET ROLE leitor")
            assert catalogue.table(connection, "segredo") is None
        finally:
            raw.execute("RESET ROLE")
            raw.execute("DROP ROLE leitor")


def test_a_view_whose_table_is_gone_is_none(mariadb: Source) -> None:
    session = Session("apsodbc+pyodbc", mariadb.odbc)
    with made(session, cor="(cod_cor varchar(3))", v_cor="AS SELECT cod_cor FROM cor") as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("DROP TABLE cor")
        assert catalogue.table(connection, "v_cor") is None


def test_a_synonym_that_the_catalogue_cannot_describe_is_described_by_the_server(sqlite_source: Source) -> None:
    """A synonym of Informix for a table of another database; the catalogue is laid out as Informix has it."""
    session = Session("informix+pyodbc", sqlite_source.odbc)
    with engine(session).connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        for statement in (
            "CREATE TABLE systables (tabid, tabname, owner, tabtype)",
            "CREATE TABLE syscolumns (tabid, colno, colname, coltype, collength, extended_id)",
            "CREATE TABLE sysxtdtypes (extended_id, name)",
            "CREATE TABLE syssyntable (tabid, btabid)",
            "INSERT INTO systables VALUES (101, 'cor', 'logix', 'S')",
            "INSERT INTO syssyntable VALUES (101, NULL)",
            "CREATE TABLE cor (cod_cor, den_cor)",
        ):
            raw.execute(statement)
        known = catalogue.table(connection, "COR")
        assert known is not None
        assert (known.columns, known.quotes) == (("cod_cor", "den_cor"), None)
        # A word that Informix takes for something else than a name.
        assert catalogue.table(connection, "user") is None


def test_a_locked_database_is_no_missing_table(tmp_path: Path) -> None:
    file = tmp_path / "locked.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("CREATE TABLE cor (cod_cor)")
        with engine(native(file, timeout=0)).connect() as connection:
            assert catalogue.table(connection, "cor") is not None
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(ConnectionFailed) as caught:
                catalogue.table(connection, "cor")
            assert caught.value.outcome.code == "database.row_locked"
            other.execute("ROLLBACK")


def test_a_connection_that_broke_is_no_missing_table(mariadb: Source) -> None:
    session = Session("apsodbc+pyodbc", mariadb.odbc)
    with made(session, cor="(cod_cor varchar(3))") as keeper, engine(session).connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        number = raw.execute("SELECT CONNECTION_ID()").fetchone()[0]
        other: Any = keeper.connection.dbapi_connection
        other.execute(f"KILL {number}")
        with pytest.raises(ConnectionFailed) as caught:
            catalogue.table(connection, "cor")
        assert caught.value.outcome.code == "database.connection_lost"
        # Nothing is left to roll back.
        connection.invalidate()
