"""Faults of MariaDB and PostgreSQL, from real servers through their ODBC drivers."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.connection import peers
from tests.connection.proving import ROW, USER, explained, maria, postgres, proves
from tests.connection.sites import Site, crowd, demands_encryption, opened, refused
from tests.patience import PATIENCE
from wizard.checklist.check import Outcome
from wizard.connection.fault_table import row_for
from wizard.connection.said import heard

LONG = (
    "SELECT COUNT(*) FROM empresa, information_schema.columns a, information_schema.columns b, "
    "information_schema.columns c"
)
CHANGE = "UPDATE empresa SET den_empresa = 'x' WHERE cod_empresa = '{}'"


# --- sessions ----------------------------------------------------------------------------------


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


MARIADB_REFUSES = [
    (f"SET PASSWORD FOR {USER} = PASSWORD('another')", {}, "mariadb.login"),
    (f"ALTER USER {USER} REQUIRE SSL", {}, "mariadb.login"),
    (f"GRANT SELECT ON *.* TO {USER}", {"DATABASE": "no_such"}, "mariadb.no_database"),
    ("SELECT 1", {"DATABASE": "mysql"}, "mariadb.database_denied"),
    (f"ALTER USER {USER} ACCOUNT LOCK", {}, "mariadb.locked_account"),
    (f"ALTER USER {USER} PASSWORD EXPIRE", {}, "mariadb.expired"),
    ("SELECT 1", {"SSLVERIFY": 1, "FORCETLS": 1}, "mariadb.no_tls"),
]


@pytest.mark.parametrize(("words", "parts", "name"), MARIADB_REFUSES)
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
        busy = f"SELECT info FROM information_schema.processlist WHERE id = {number}"

        def kill() -> None:
            deadline = time.monotonic() + PATIENCE
            while not maria_site.admin.execute(busy).fetchval() and time.monotonic() < deadline:
                time.sleep(0.02)
            maria_site.admin.execute(f"{words} {number}")

        killing = threading.Thread(target=kill)
        killing.start()
        outcome = explained(lambda: session.execute(LONG).fetchall())
        killing.join()
        return outcome

    with closing(opened(maria_site.source)) as session:
        session.execute("SET max_statement_time = 0.2")
        proves(explained(lambda: session.execute(LONG).fetchall()), "mariadb.query_ended")
        session.execute("SET max_statement_time = 0")
        proves(killed("KILL QUERY", session), "mariadb.query_ended")
        proves(killed("KILL", session), "mariadb.lost")
        proves(explained(lambda: session.execute("SELECT 1")), "mariadb.not_open")


# --- PostgreSQL --------------------------------------------------------------------------------


POSTGRESQL_REFUSES = [
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
]


@pytest.mark.parametrize(("words", "parts", "name"), POSTGRESQL_REFUSES)
def test_postgresql_refuses(words: str, parts: dict[str, Any], name: str, pg_site: Site) -> None:
    pg_site.admin.execute(words)
    proves(pg_site.refuses(**parts), name)


def test_postgresql_without_a_password(pg_site: Site) -> None:
    proves(refused(replace(pg_site.source, password=None)), "postgresql.no_password")


def test_postgresql_demands_encryption(pg_site: Site) -> None:
    with demands_encryption(pg_site):
        proves(pg_site.refuses(), "postgresql.tls_required")


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
        deadline = time.monotonic() + PATIENCE
        there = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {number}"
        while pg_site.admin.execute(there).fetchval() and time.monotonic() < deadline:
            time.sleep(0.02)
        proves(explained(lambda: session.execute("SELECT 1")), "postgresql.killed")


def test_postgresql_shows_a_strange_certificate(tmp_path: Path) -> None:
    with peers.peer(peers.postgresql_tls(peers.own_certificate(tmp_path))) as port:
        source = postgres("127.0.0.1", port)
        proves(refused(replace(source, parts=source.parts | {"SSLmode": "verify-full"})), "postgresql.certificate")
