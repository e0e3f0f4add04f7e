"""Is there something at the address: a file, a port that answers, a data source that the driver manager knows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.patience import ENDLESS, PATIENCE
from wizard.checklist.check import Outcome

Check = Callable[..., Outcome]
CheckInChild = Callable[..., dict[str, Outcome]]

ID = "database.reachable"


def failed(outcome: Outcome) -> str:
    """The code of an outcome that has to be a failure with something to do."""
    assert outcome.status == "fail"
    assert outcome.hint
    return outcome.code


# --- SQLite ------------------------------------------------------------------------------------


def test_the_file_of_the_demo_is_there(check: Check, logix_file: Path) -> None:
    outcome = check(ID)
    assert (outcome.status, outcome.code) == ("ok", "database.file_found")
    assert outcome.details["bytes"] == str(logix_file.stat().st_size)


def test_a_relative_file_starts_at_the_folder_of_the_profile(check: Check, tmp_path: Path) -> None:
    (tmp_path / "logix.sqlite").write_bytes(b"")
    assert check(ID, database={"kind": "sqlite", "file": "logix.sqlite"}).status == "ok"


@pytest.mark.parametrize("name", ["missing.sqlite", "no/such/folder.sqlite", "."])
def test_a_file_that_is_none(check: Check, name: str, tmp_path: Path) -> None:
    outcome = check(ID, database={"kind": "sqlite", "file": name})
    assert failed(outcome) == "database.no_file"
    assert outcome.message == f"The database file {tmp_path / name} does not exist."


# --- a port ------------------------------------------------------------------------------------


def informix(host: str, port: int) -> dict[str, Any]:
    return {"kind": "informix", "dsn": "LOGIX", "host": host, "service": str(port), "login_timeout": 1}


def test_a_port_that_answers(check: Check, silent_port: int) -> None:
    outcome = check(ID, database=informix("127.0.0.1", silent_port))
    assert (outcome.status, outcome.code) == ("ok", "database.port_answers")
    assert f"127.0.0.1:{silent_port}" in outcome.message


def test_a_port_that_refuses(check: Check, closed_port: int) -> None:
    assert failed(check(ID, database=informix("127.0.0.1", closed_port))) == "database.port_refused"


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "x" * 64 + ".br"])
def test_a_name_that_cannot_be_resolved(check: Check, host: str) -> None:
    outcome = check(ID, database=informix(host, 1526))
    assert failed(outcome) == "database.name_unknown"
    assert host in outcome.message


def test_a_server_that_takes_no_more_connections_is_given_up_in_time(check: Check) -> None:
    import socket

    # A listener whose queue is full leaves the next caller without an answer, as a firewall does.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        callers = []
        for _caller in range(4):
            caller = socket.socket()
            caller.setblocking(False)
            caller.connect_ex(address)
            callers.append(caller)
        began = time.monotonic()
        outcome = check(ID, database=informix(*address))
        for caller in callers:
            caller.close()
    assert failed(outcome) == "database.port_silent"
    assert time.monotonic() - began < PATIENCE, "the system would try for minutes"


def test_a_server_that_takes_the_connection_and_stays_silent_is_ended_at_the_login(
    make: Callable[..., Any], silent_port: int
) -> None:
    from wizard.checklist.registry import chosen
    from wizard.checklist.run import Run

    database = {"kind": "oracle", "host": "127.0.0.1", "port": silent_port, "service": "logix", "user": "aps"}
    subject = make({"database.password": "any-password"}, database=database)
    *before, login = chosen(["database.login"])
    # What comes before has all the time that a busy machine needs.
    patient = [replace(check, timeout=ENDLESS) for check in before]
    report = Run(subject, [*patient, replace(login, timeout=1.5)]).run()
    outcomes = {result.check.id: result.outcome for result in report.results}
    assert outcomes[ID].code == "database.port_answers"
    assert failed(outcomes["database.login"]) == "timed_out"


# --- a data source -----------------------------------------------------------------------------


@pytest.mark.seed("R-PRE-06")
@pytest.mark.parametrize("kind", ["informix", "odbc"])
def test_a_data_source_that_the_driver_manager_knows(check_in_child: CheckInChild, odbc: None, kind: str) -> None:
    outcome = check_in_child(ID, database={"kind": kind, "dsn": "LOGIX"})[ID]
    assert (outcome.status, outcome.code) == ("ok", "database.dsn_known")
    assert outcome.details == {"driver": "SQLite3"}


@pytest.mark.seed("R-PRE-06")
def test_a_data_source_that_is_not_there(check_in_child: CheckInChild, odbc: None) -> None:
    outcome = check_in_child(ID, database={"kind": "informix", "dsn": "PRODUCAO"})[ID]
    assert failed(outcome) == "database.dsn_unknown"
    assert "PRODUCAO" in outcome.message


@pytest.mark.seed("R-PRE-06")
def test_a_data_source_in_other_capitals_is_named(check_in_child: CheckInChild, odbc: None) -> None:
    outcome = check_in_child(ID, database={"kind": "informix", "dsn": "Logix"})[ID]
    assert failed(outcome) == "database.dsn_unknown"
    assert "LOGIX" in outcome.hint


def test_an_address_that_only_the_client_knows_is_left_to_the_login(check: Check) -> None:
    assert check(ID, database={"kind": "oracle", "tns": "LOGIX"}).code == "database.named_elsewhere"
    instance = {"kind": "sqlserver", "driver": "d", "host": "h", "instance": "LOGIX"}
    assert check(ID, database=instance).code == "database.named_elsewhere"
