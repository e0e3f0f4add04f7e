"""Real servers as the tests of faults use them: a table of Logix, a user who may read it, an administrator."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.connection.proving import PASSWORD, USER
from tests.connection.servers import Source
from tests.patience import PATIENCE
from wizard.checklist.check import Outcome
from wizard.checklist.redact import without
from wizard.connection.odbc_session import connection_string
from wizard.connection.session import ConnectionFailed, engine
from wizard.connection.session import explained as in_session
from wizard.profile.database_kind import Session

READ = "SELECT cod_empresa, den_empresa FROM empresa"


def opened(source: Source) -> Any:
    """A session of the driver itself."""
    import pyodbc

    pyodbc.pooling = False
    return pyodbc.connect(connection_string(source.odbc), autocommit=True, timeout=10)


def crowd(stack: ExitStack, source: Source, most: int) -> None:
    """Sessions until the server takes no more; they end with the stack."""
    import pyodbc

    for _number in range(most):
        try:
            stack.enter_context(closing(opened(source)))
        except pyodbc.Error:
            return
    pytest.fail(f"the server takes more than {most} sessions")


def refused(source: Source) -> Outcome:
    """What it means that a session of the wizard to this source cannot read the table."""
    from sqlalchemy import text

    session = Session("apsodbc+pyodbc", source.odbc, login_timeout=5, query_timeout=5)
    with pytest.raises(ConnectionFailed) as caught, in_session(session), engine(session).connect() as connection:
        connection.execute(text(READ))
    return without(caught.value.outcome, [PASSWORD], [USER])


@dataclass(frozen=True)
class Site:
    """A real server: its data source for the user of these tests, that of its administrator, his session."""

    source: Source
    admins: Source
    admin: Any

    def refuses(self, **parts: object) -> Outcome:
        """What comes of reading the table; `parts` go into the data source."""
        return refused(replace(self.source, parts=self.source.parts | parts))


@contextmanager
def site(server: Source, before: list[str], after: list[str]) -> Iterator[Site]:
    """The user of these tests, who may read and change the table empresa; all that they make is gone after them."""
    table = [
        "CREATE TABLE empresa (cod_empresa CHAR(2) PRIMARY KEY, den_empresa VARCHAR(40))",
        "INSERT INTO empresa VALUES ('01', 'Serra Azul'), ('02', 'Filial')",
        f"GRANT SELECT, UPDATE ON empresa TO {USER}",
    ]
    with closing(opened(server)) as admin:
        for words in before + table:
            admin.execute(words)
        try:
            yield Site(replace(server, user=USER, password=PASSWORD), server, admin)
        finally:
            for words in ["DROP TABLE IF EXISTS empresa", *after]:
                admin.execute(words)


@pytest.fixture
def maria_site(mariadb: Source) -> Iterator[Site]:
    with site(mariadb, [f"CREATE USER {USER} IDENTIFIED BY '{PASSWORD}'"], [f"DROP USER {USER}"]) as here:
        yield here


@pytest.fixture
def pg_site(postgresql: Source) -> Iterator[Site]:
    before = [f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'", "CREATE DATABASE other"]
    with site(postgresql, before, ["DROP DATABASE other", f"DROP ROLE {USER}"]) as here:
        yield here


@contextmanager
def demands_encryption(pg: Site) -> Iterator[None]:
    """PostgreSQL takes the user of these tests only encrypted, which it does not offer."""
    file = pg.admin.execute("SHOW hba_file").fetchval()
    lines = pg.admin.execute(f"SELECT pg_read_file('{file}')").fetchval()

    def written(text: str) -> None:
        quoted = text.replace("'", "''").replace("\n", "' || chr(10) || '")
        pg.admin.execute(f"COPY (SELECT unnest(string_to_array('{quoted}', chr(10)))) TO '{file}'")
        before = pg.admin.execute("SELECT pg_conf_load_time()").fetchval()
        pg.admin.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + PATIENCE
        # A session hears of it from the process that takes new ones.
        while pg.admin.execute("SELECT pg_conf_load_time()").fetchval() == before and time.monotonic() < deadline:
            time.sleep(0.02)

    written(f"hostnossl all {USER} 127.0.0.1/32 reject\n{lines}")
    try:
        yield
    finally:
        written(lines)
