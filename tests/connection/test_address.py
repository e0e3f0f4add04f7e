"""Is the name of the server known here: looked up where a kind names one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wizard.checklist.check import Outcome

Check = Callable[..., Outcome]

ID = "database.address"


def oracle(host: str) -> dict[str, Any]:
    return {"kind": "oracle", "host": host, "service": "logix"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_name_that_is_known(check: Check, host: str) -> None:
    outcome = check(ID, database=oracle(host))
    assert (outcome.status, outcome.code) == ("ok", "database.name_known")
    assert "127.0.0.1" in outcome.details["addresses"]
    assert host in outcome.message


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "x" * 64 + ".br"])
def test_a_name_that_is_not(check: Check, host: str) -> None:
    outcome = check(ID, database=oracle(host))
    assert (outcome.status, outcome.code) == ("fail", "database.name_unknown")
    assert host in outcome.message
    assert outcome.hint


@pytest.mark.parametrize(
    "database",
    [
        {"kind": "sqlite", "file": "x"},
        {"kind": "oracle", "tns": "LOGIX"},
        {"kind": "informix", "dsn": "LOGIX"},
        {"kind": "odbc", "dsn": "LOGIX"},
        {"kind": "sqlserver", "driver": "d", "host": "no-such-host.invalid", "instance": "LOGIX"},
    ],
)
def test_without_a_name_there_is_nothing_to_look_up(check: Check, database: dict[str, Any]) -> None:
    assert check(ID, database=database).code == "database.no_address"


def test_an_unknown_name_is_told_once(check_in_child: Callable[..., dict[str, Outcome]]) -> None:
    outcomes = check_in_child("database.login", database=oracle("no-such-host.invalid"))
    assert outcomes[ID].status == "fail"
    assert outcomes["database.reachable"].code == outcomes["database.login"].code == "needs_failed"
    assert outcomes["database.driver"].status == "ok"
