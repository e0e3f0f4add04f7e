"""Faults of the way to a server, each through the real drivers: nobody there, somebody who is silent, somebody else."""

from __future__ import annotations

from tests.connection import peers
from tests.connection.proving import (
    Case,
    Make,
    ProveAtOnce,
    by_address,
    db2,
    freetds,
    maria,
    mssql,
    oracle,
    postgres,
)
from wizard.checklist.registry import chosen
from wizard.checklist.run import Report, Run

HOST = "127.0.0.1"
NOWHERE = "no-such-host.invalid"


def test_a_refused_port(prove_at_once: ProveAtOnce, closed_port: int) -> None:
    prove_at_once(
        Case(maria(HOST, closed_port), "mariadb.connect", "tcp.refused"),
        Case(postgres(HOST, closed_port), "postgresql.refused"),
        Case(freetds(HOST, closed_port), "freetds.connect", "tcp.refused"),
        Case(mssql(HOST, closed_port), "mssql.login_timeout", "tcp.refused"),
        Case(by_address(mssql(HOST, 1), HOST, closed_port, login_timeout=1), "mssql.login_timeout", "tcp.refused"),
        Case(oracle(HOST, closed_port), "oracle.refused_thin"),
    )


def test_a_name_that_cannot_be_resolved(prove_at_once: ProveAtOnce) -> None:
    prove_at_once(
        Case(maria(NOWHERE, 3306), "mariadb.name"),
        Case(postgres(NOWHERE, 5432), "postgresql.name"),
        Case(freetds(NOWHERE, 1433), "freetds.data_source", "tcp.unresolvable"),
        Case(mssql(NOWHERE, 1433), "mssql.login_timeout", "tcp.unresolvable"),
        # oracledb lets through what resolving the name raised.
        Case(oracle(NOWHERE, 1521), "system.name"),
    )


def test_a_server_that_stays_silent(prove_at_once: ProveAtOnce) -> None:
    with peers.peer(peers.silent) as port:
        outcomes = prove_at_once(
            Case(maria(HOST, port), "own.silence"),
            Case(postgres(HOST, port), "postgresql.timeout"),
            Case(freetds(HOST, port), "freetds.timeout"),
            Case(mssql(HOST, port), "mssql.login_timeout"),
            Case(mssql(HOST, port, "strict"), "own.silence"),
            Case(oracle(HOST, port), "own.silence"),
        )
    # Beyond the limit of the check its child would be ended, and another code told.
    assert {outcome.code for outcome in outcomes} == {"database.server_silent"}


def test_a_server_that_hangs_up(prove_at_once: ProveAtOnce) -> None:
    with peers.peer(peers.closing) as port:
        prove_at_once(
            Case(maria(HOST, port), "mariadb.handshake"),
            Case(postgres(HOST, port), "postgresql.closed"),
            Case(freetds(HOST, port), "freetds.data_source", code="database.closed_in_login"),
            Case(mssql(HOST, port), "mssql.closed"),
            Case(mssql(HOST, port, "strict"), "mssql.closed_strict"),
            Case(oracle(HOST, port), "oracle.hung_up"),
        )


def test_a_web_server_at_the_port(prove_at_once: ProveAtOnce) -> None:
    with peers.peer(peers.http) as port:
        prove_at_once(
            Case(maria(HOST, port), "mariadb.handshake"),
            Case(postgres(HOST, port), "postgresql.other_product"),
            Case(freetds(HOST, port), "freetds.data_source", code="database.closed_in_login"),
            Case(mssql(HOST, port), "mssql.other_product"),
            Case(mssql(HOST, port, "strict"), "mssql.other_product_strict"),
            Case(oracle(HOST, port), "oracle.hung_up"),
        )


def test_an_ssh_server_at_the_port(prove_at_once: ProveAtOnce) -> None:
    with peers.peer(peers.ssh) as port:
        outcomes = prove_at_once(
            Case(maria(HOST, port), "mariadb.handshake", "tcp.greeting"),
            Case(postgres(HOST, port), "postgresql.other_product"),
            Case(freetds(HOST, port), "freetds.data_source", "tcp.greeting"),
            Case(mssql(HOST, port), "mssql.other_product"),
        )
    assert outcomes[0].details["looked"].startswith("SSH-2.0-")


def test_the_driver_of_db2(prove_at_once: ProveAtOnce, closed_port: int) -> None:
    with (
        peers.peer(peers.silent) as silent,
        peers.peer(peers.closing) as closing,
        peers.peer(peers.http) as http,
        peers.peer(peers.ssh) as ssh,
    ):
        prove_at_once(
            Case(db2(HOST, closed_port), "db2.connect", "tcp.refused"),
            Case(db2(NOWHERE, 1), "db2.name"),
            Case(db2(HOST, silent), "db2.timeout"),
            Case(db2(HOST, closing), "db2.closed"),
            Case(db2(HOST, http), "db2.closed"),
            Case(db2(HOST, ssh), "db2.timeout", "tcp.greeting"),
        )


# --- a network where packets vanish -------------------------------------------------------------


def test_dropped_packets(prove_at_once: ProveAtOnce, make: Make) -> None:
    at = peers.SILENT_ADDRESS
    by_name = by_address(mssql(at, 1433), at, 1433, login_timeout=1)

    def asked() -> Report:
        prove_at_once(
            Case(maria(at, 3306), "own.silence", "tcp.silent"),
            Case(postgres(at, 5432), "postgresql.timeout", "tcp.silent"),
            Case(freetds(at, 1433), "freetds.connect", "tcp.silent"),
            Case(mssql(at, 1433), "mssql.login_timeout", "tcp.silent"),
            Case(db2(at, 50000), "db2.connect", "tcp.silent"),
            Case(oracle(at, 1521), "oracle.silent_thin", "tcp.silent"),
        )
        return Run(make(database=by_name), chosen(["database.login"])).run()

    # Where the profile names the address, no driver is asked.
    codes = {result.check.id: result.outcome.code for result in peers.black_hole(asked).results}
    assert codes["database.reachable"] == "database.port_silent"
    assert codes["database.login"] == "needs_failed"


def test_no_way_to_the_server(prove_at_once: ProveAtOnce) -> None:
    at = peers.BARRED_ADDRESS
    peers.black_hole(
        lambda: prove_at_once(
            Case(postgres(at, 5432), "postgresql.unreachable"),
            Case(mssql(at, 1433), "mssql.login_timeout", "tcp.unreachable"),
        )
    )
