"""Faults that SQL Server and Oracle answer: their own drivers at peers that speak the protocol as far as the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.connection import peers
from tests.connection.proving import (
    TYPED,
    USER,
    Ask,
    Case,
    Driver,
    Make,
    ProveAtOnce,
    by_address,
    freetds,
    login_in_child,
    mssql,
    oracle,
    proves,
)
from wizard.connection.fault_table import ROWS

HOST = "127.0.0.1"

# --- SQL Server --------------------------------------------------------------------------------


@pytest.mark.parametrize("driver", [mssql, freetds])
@pytest.mark.parametrize(
    ("name", "number"),
    [
        (row.name, number)
        for row in ROWS
        if row.test == "test_sql_server_refuses_the_login"
        for number in row.natives.split()
    ],
)
def test_sql_server_refuses_the_login(driver: Driver, name: str, number: str, ask: Ask) -> None:
    errors = [(int(number), f"The login of user '{USER}' failed as the test says.")]
    if name == "tds.no_database":
        # The server says first why the database could not be opened, and then that the login failed of it.
        errors.append((18456, f"Login failed for user '{USER}'."))
    with peers.peer(peers.tds(peers.NO_ENCRYPTION, *errors)) as port:
        outcome = ask(by_address(driver(HOST, port), HOST, port, encrypt="optional"))
    proves(outcome, name)
    assert f"({number})" in outcome.details["original"]


def test_sql_server_without_encryption(ask: Ask) -> None:
    with peers.peer(peers.tds(peers.NO_ENCRYPTION)) as port:
        proves(ask(by_address(mssql(HOST, port), HOST, port)), "mssql.no_tls")


@pytest.mark.parametrize("encrypt", ["mandatory", "strict"])
def test_sql_server_shows_a_strange_certificate(encrypt: str, ask: Ask, tmp_path: Path) -> None:
    context = peers.own_certificate(tmp_path)
    talk = peers.tls(context) if encrypt == "strict" else peers.tds(peers.ENCRYPTION, context=context)
    with peers.peer(talk) as port:
        proves(ask(by_address(mssql(HOST, port), HOST, port, encrypt=encrypt)), "mssql.certificate")


# --- Oracle ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code", "name"),
    [
        (12514, "DPY-6001", "oracle.no_service"),
        (12505, "DPY-6003", "oracle.no_service"),
        (12516, "ORA-12516", "oracle.too_many_listener"),
        (12519, "ORA-12519", "oracle.too_many_listener"),
        (12520, "ORA-12520", "oracle.too_many_listener"),
        (12526, "ORA-12526", "oracle.not_ready_listener"),
        (12527, "ORA-12527", "oracle.not_ready_listener"),
        (12528, "ORA-12528", "oracle.not_ready_listener"),
    ],
)
def test_the_listener_of_oracle_refuses(number: int, code: str, name: str, ask: Ask) -> None:
    with peers.peer(peers.oracle_refusal(number)) as port:
        database = oracle(HOST, port)
        if number == 12505:
            place = f"(ADDRESS=(PROTOCOL=TCP)(HOST=127.0.0.1)(PORT={port}))"
            database |= {"tns": f"(DESCRIPTION={place}(CONNECT_DATA=(SID=logix)))"}
        outcome = ask(database)
    proves(outcome, name)
    assert code in outcome.details["original"]


@pytest.mark.parametrize("name", ["oracle.no_tls", "oracle.certificate_thin"])
def test_oracle_encrypted(name: str, ask: Ask, tmp_path: Path) -> None:
    talk = peers.http if name == "oracle.no_tls" else peers.tls(peers.own_certificate(tmp_path))
    with peers.peer(talk) as port:
        place = f"(ADDRESS=(PROTOCOL=TCPS)(HOST=127.0.0.1)(PORT={port}))"
        tns = f"(DESCRIPTION={place}(CONNECT_DATA=(SERVICE_NAME=logix)))"
        proves(ask(oracle(HOST, port, tns=tns)), name)


@pytest.mark.parametrize("code", ["DPY-4027", "DPY-4000"])
def test_oracle_by_an_unknown_alias(code: str, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TNS_ADMIN", "ORACLE_HOME"):
        monkeypatch.delenv(name, raising=False)
    if code == "DPY-4000":
        (tmp_path / "tnsnames.ora").write_text("OTHER = (DESCRIPTION = (ADDRESS = (HOST = h)))\n", encoding="utf-8")
        monkeypatch.setenv("TNS_ADMIN", str(tmp_path))
    outcome = login_in_child(make(TYPED, database=oracle(HOST, 1, tns="LOGIX")))
    proves(outcome, "oracle.no_alias")
    assert code in outcome.details["original"]


@pytest.mark.parametrize(("user", "name"), [(USER, "oracle.no_user"), (None, "oracle.nobody")])
def test_oracle_without_user_or_password(user: str | None, name: str, ask: Ask, closed_port: int) -> None:
    proves(ask(oracle(HOST, closed_port, user=user), typed={}), name)


def test_oracle_without_its_client(prove_at_once: ProveAtOnce, tmp_path: Path) -> None:
    prove_at_once(Case(oracle(HOST, 1, client_folder=str(tmp_path)), "oracle.no_client"))
