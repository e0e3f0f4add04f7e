"""Faults of MariaDB and PostgreSQL, from real servers through their ODBC drivers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.connection import peers
from tests.connection.proving import PASSWORD, ROW, USER, explained, maria, postgres, proves
from tests.connection.servers import Source
from wizard.checklist.check import Outcome
from wizard.checklist.redact import without
from wizard.connection.fault_table import row_for
from wizard.connection.odbc_session import connection_string
from wizard.connection.said import heard
from wizard.connection.session import ConnectionFailed, engine
from wizard.connection.session import explained as in_session
from wizard.profile.database_kind import Session

READ = "SELECT cod_empresa, den_empresa FROM empresa"
LONG = (
    "SELECT COUNT(*) FROM empresa, information_schema.columns a, information_schema.columns b, "
    "information_schema.columns c"
)
CHANGE = "UPDATE empresa SET den_empresa = 'x' WHERE cod_empresa = '{}'"


# --- sessions ----------------------------------------------------------------------------------


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


def deadlock(one: Any, other: Any) -> list[str]:
    """What the server says when each of two sessions waits for a row of the other."""
    one.autocommit = other.autocommit = False
    one.execute(CHANGE.format("01"))
    other.execute(CHANGE.format("02"))
    ended: list[str] = []

    def cross(session: Any, code: str) -> None:
        try:
            session.execute(CHANGE.format(code))
        except Exception as error:  # noqa: BLE001 - the one whom the server chose
            ended.append(str(error))
        session.rollback()

    thread = threading.Thread(target=cross, args=[one, "02"])
    thread.start()
    time.sleep(0.3)
    cross(other, "01")
    thread.join(20)
    return ended


# --- MariaDB -----------------------------------------------------------------------------------


@pytest.fixture
def maria_site(mariadb: Source) -> Iterator[Site]:
    with site(mariadb, [f"CREATE USER {USER} IDENTIFIED BY '{PASSWORD}'"], [f"DROP USER {USER}"]) as here:
        yield here


@pytest.mark.parametrize(
    ("words", "parts", "name"),
    [
        (f"SET PASSWORD FOR {USER} = PASSWORD('another')", {}, "mariadb.login"),
        (f"ALTER USER {USER} REQUIRE SSL", {}, "mariadb.login"),
        (f"GRANT SELECT ON *.* TO {USER}", {"DATABASE": "no_such"}, "mariadb.no_database"),
        ("SELECT 1", {"DATABASE": "mysql"}, "mariadb.database_denied"),
        (f"ALTER USER {USER} ACCOUNT LOCK", {}, "mariadb.locked_account"),
        (f"ALTER USER {USER} PASSWORD EXPIRE", {}, "mariadb.expired"),
        ("SELECT 1", {"SSLVERIFY": 1, "FORCETLS": 1}, "mariadb.no_tls"),
    ],
)
def test_mariadb_refuses_the_login(words: str, parts: dict[str, Any], name: str, maria_site: Site) -> None:
    maria_site.admin.execute(words)
    proves(maria_site.refuses(**parts), name)


@pytest.mark.parametrize("number", [1130, 1129])
def test_mariadb_refuses_the_machine(number: int) -> None:
    with peers.peer(peers.mysql_error(number, "Host '127.0.0.1' is not allowed to connect to this server")) as port:
        proves(refused(maria("127.0.0.1", port)), "mariadb.machine")


@pytest.mark.parametrize(
    ("words", "name", "number"),
    [
        ([f"GRANT SELECT ON logix.* TO {USER}", "DROP TABLE empresa"], "mariadb.no_table", 1146),
        (["ALTER TABLE empresa DROP COLUMN den_empresa"], "mariadb.no_column", 1054),
        ([f"REVOKE SELECT ON empresa FROM {USER}"], "mariadb.table_denied", 1142),
        (
            [f"REVOKE SELECT ON empresa FROM {USER}", f"GRANT SELECT (cod_empresa) ON empresa TO {USER}"],
            "mariadb.table_denied",
            1143,
        ),
    ],
)
def test_mariadb_refuses_the_table(words: list[str], name: str, number: int, maria_site: Site) -> None:
    for statement in words:
        maria_site.admin.execute(statement)
    outcome = maria_site.refuses()
    proves(outcome, name)
    assert f"({number})" in outcome.details["original"]


@pytest.mark.parametrize(
    ("limit", "name"),
    [
        ("SET GLOBAL max_connections = 10", "mariadb.too_many"),
        (f"ALTER USER {USER} WITH MAX_USER_CONNECTIONS 1", "mariadb.too_many_of_user"),
    ],
)
def test_mariadb_is_full(limit: str, name: str, maria_site: Site) -> None:
    admin = maria_site.admin
    before = admin.execute("SELECT @@max_connections").fetchval()
    with ExitStack() as stack:
        admin.execute(limit)
        stack.callback(admin.execute, f"SET GLOBAL max_connections = {before}")
        crowd(stack, maria_site.source, 20)
        proves(maria_site.refuses(), name)


def test_mariadb_locks_a_row(maria_site: Site) -> None:
    """Codes 1205 and 1213."""
    with closing(opened(maria_site.source)) as one, closing(opened(maria_site.source)) as other:
        one.autocommit = False
        one.execute(CHANGE.format("01"))
        other.execute("SET innodb_lock_wait_timeout = 1")
        proves(explained(lambda: other.execute(CHANGE.format("01"))), "mariadb.row_locked")
        one.rollback()
        said = [heard(text)[0] for text in deadlock(one, other)]
        assert [(row_for(item), item.native) for item in said] == [(ROW["mariadb.row_locked"], "1213")]


def test_mariadb_ends_a_query(maria_site: Site) -> None:
    """Codes 1969 and 1317, and what the driver says of a session that is gone."""

    def killed(words: str, session: Any) -> Outcome:
        number = session.execute("SELECT CONNECTION_ID()").fetchval()
        timer = threading.Timer(0.3, maria_site.admin.execute, [f"{words} {number}"])
        timer.start()
        outcome = explained(lambda: session.execute(LONG).fetchall())
        timer.join()
        return outcome

    with closing(opened(maria_site.source)) as session:
        session.execute("SET max_statement_time = 0.2")
        proves(explained(lambda: session.execute(LONG).fetchall()), "mariadb.query_ended")
        session.execute("SET max_statement_time = 0")
        proves(killed("KILL QUERY", session), "mariadb.query_ended")
        proves(killed("KILL", session), "mariadb.lost")
        proves(explained(lambda: session.execute("SELECT 1")), "mariadb.not_open")


# --- PostgreSQL --------------------------------------------------------------------------------


@pytest.fixture
def pg_site(postgresql: Source) -> Iterator[Site]:
    before = [f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'", "CREATE DATABASE other"]
    with site(postgresql, before, ["DROP DATABASE other", f"DROP ROLE {USER}"]) as here:
        yield here


@pytest.mark.parametrize(
    ("words", "parts", "name"),
    [
        (f"ALTER ROLE {USER} PASSWORD 'another'", {}, "postgresql.login"),
        (f"ALTER ROLE {USER} VALID UNTIL '2001-01-01'", {}, "postgresql.login"),
        (f"ALTER ROLE {USER} NOLOGIN", {}, "postgresql.no_login"),
        (f"ALTER ROLE {USER} CONNECTION LIMIT 0", {}, "postgresql.too_many_of_user"),
        ("SELECT 1", {"DATABASE": "no_such"}, "postgresql.no_database"),
        ("ALTER DATABASE other ALLOW_CONNECTIONS false", {"DATABASE": "other"}, "postgresql.database_closed"),
        ("REVOKE CONNECT ON DATABASE other FROM PUBLIC", {"DATABASE": "other"}, "postgresql.database_denied"),
        ("SELECT 1", {"SSLmode": "require"}, "postgresql.no_tls"),
        ("DROP TABLE empresa", {}, "postgresql.no_table"),
        (f"REVOKE SELECT ON empresa FROM {USER}", {}, "postgresql.table_denied"),
        ("ALTER TABLE empresa DROP COLUMN den_empresa", {}, "postgresql.no_column"),
    ],
)
def test_postgresql_refuses(words: str, parts: dict[str, Any], name: str, pg_site: Site) -> None:
    pg_site.admin.execute(words)
    proves(pg_site.refuses(**parts), name)


def test_postgresql_without_a_password(pg_site: Site) -> None:
    proves(refused(replace(pg_site.source, password=None)), "postgresql.no_password")


def test_postgresql_demands_encryption(pg_site: Site) -> None:
    admin = pg_site.admin
    file = admin.execute("SHOW hba_file").fetchval()
    lines = admin.execute(f"SELECT pg_read_file('{file}')").fetchval()

    def written(text: str) -> None:
        quoted = text.replace("'", "''").replace("\n", "' || chr(10) || '")
        admin.execute(f"COPY (SELECT unnest(string_to_array('{quoted}', chr(10)))) TO '{file}'")
        admin.execute("SELECT pg_reload_conf()")
        time.sleep(0.3)

    try:
        written(f"hostnossl all {USER} 127.0.0.1/32 reject\n{lines}")
        proves(pg_site.refuses(), "postgresql.tls_required")
    finally:
        written(lines)


def test_postgresql_is_full(pg_site: Site) -> None:
    with ExitStack() as stack:
        crowd(stack, pg_site.source, 110)
        proves(pg_site.refuses(), "postgresql.too_many")


def test_postgresql_locks_a_row(pg_site: Site) -> None:
    """States 55P03 and 40P01."""
    with closing(opened(pg_site.admins)) as one, closing(opened(pg_site.admins)) as other:
        one.autocommit = False
        one.execute(CHANGE.format("01"))
        other.execute("SET lock_timeout = '300ms'")
        proves(explained(lambda: other.execute(CHANGE.format("01"))), "postgresql.row_locked")
        one.rollback()
        other.execute("SET lock_timeout = 0")
        said = [heard(text)[0] for text in deadlock(one, other)]
        assert [(row_for(item), item.state) for item in said] == [(ROW["postgresql.row_locked"], "40P01")]


def test_postgresql_ends_a_query(pg_site: Site) -> None:
    with closing(opened(pg_site.source)) as session:
        session.execute("SET statement_timeout = '300ms'")
        proves(explained(lambda: session.execute("SELECT pg_sleep(5)")), "postgresql.query_time")
        number = session.execute("SELECT pg_backend_pid()").fetchval()
        pg_site.admin.execute(f"SELECT pg_terminate_backend({number})")
        time.sleep(0.3)
        proves(explained(lambda: session.execute("SELECT 1")), "postgresql.killed")


def test_postgresql_shows_a_strange_certificate(tmp_path: Path) -> None:
    with peers.peer(peers.postgresql_tls(peers.own_certificate(tmp_path))) as port:
        source = postgres("127.0.0.1", port)
        proves(refused(replace(source, parts=source.parts | {"SSLmode": "verify-full"})), "postgresql.certificate")
