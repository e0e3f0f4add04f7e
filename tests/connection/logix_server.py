"""A Logix database on a real server: the tables of the demo with some rows, and a user that may only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from tests.connection.servers import Source
from wizard.connection.odbc_session import connection_string
from wizard.demo import logix_db
from wizard.demo.logix_table import Row

READER, WORD = "leitor", "outra-senha"

ROWS = {
    "empresa": 2,
    "item": 300,
    "cent_trabalho": 5,
    "ordens": 40,
}
"""How many of the demo's rows stand in the tables; the others are empty."""


@contextmanager
def logix_on(source: Source) -> Iterator[Callable[..., Any]]:
    """The tables on this server for the time of the block. Gives the way to say a statement as their owner."""
    import pyodbc

    pyodbc.pooling = False
    with closing(pyodbc.connect(connection_string(source.odbc), autocommit=True)) as owner:

        def say(*statements: str) -> Any:
            """What the last statement gives, where that is a value."""
            for statement in statements:
                last = owner.execute(statement)
            return last.fetchval() if last.description else None

        made: list[str] = []
        try:
            for name, rows in logix_db._content():
                described = logix_db._TABLES[name]
                columns = ", ".join(f"{column} {_type(source, kind)}" for column, kind in described.columns)
                say(f"CREATE TABLE {name} ({columns})")
                made.append(name)
                _insert(owner, name, [row for _number, row in zip(range(ROWS.get(name, 0)), rows, strict=False)])
            yield say
        finally:
            for name in made:
                say(f"DROP TABLE IF EXISTS {name}")


def _type(source: Source, kind: str) -> str:
    if source.dsn == "APS_POSTGRESQL":
        return kind.replace("DATETIME", "TIMESTAMP")
    # It has no CHAR of more than 255.
    return kind.replace(f"CHAR({logix_db.PAR_PCP_WIDTH})", f"VARCHAR({logix_db.PAR_PCP_WIDTH})")


def _insert(owner: Any, name: str, rows: Sequence[Row]) -> None:
    if rows:
        marks = ", ".join("?" for _value in rows[0])
        with closing(owner.cursor()) as cursor:
            cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)


@contextmanager
def reader_of(source: Source, say: Callable[..., Any]) -> Iterator[Source]:
    """The same data source for a user that may only read, by the rights that its server gives."""
    if source.dsn == "APS_MARIADB":
        say(f"CREATE USER {READER} IDENTIFIED BY '{WORD}'")
        say(*(f"GRANT SELECT ON {name} TO {READER}" for name in logix_db._TABLES))
        forget = (f"DROP USER {READER}",)
    else:
        say(f"CREATE ROLE {READER} LOGIN PASSWORD '{WORD}'", f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}")
        forget = (f"DROP OWNED BY {READER}", f"DROP ROLE {READER}")
    try:
        yield replace(source, user=READER, password=WORD)
    finally:
        say(*forget)
