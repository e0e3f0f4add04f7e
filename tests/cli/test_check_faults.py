"""A fault of a database as `aps-wizard check --json` tells it: code, cause and action, and no secret."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.calling import Command
from tests.connection import peers
from tests.connection.proving import PASSWORD, USER, by_address, mssql
from wizard.connection import causes
from wizard.connection.causes import Fault
from wizard.profile.load import profile_from_data, profile_to_text

HOST = "127.0.0.1"

Told = Callable[[Mapping[str, object], Fault], None]


@pytest.fixture
def told(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Ask the check of the login over a profile with this section `database`, which has to tell this fault."""
    monkeypatch.setenv("APS_TEST_PASSWORD", PASSWORD)

    def asked(database: Mapping[str, object], fault: Fault) -> None:
        secret = {} if database["kind"] == "sqlite" else {"password": "env:APS_TEST_PASSWORD"}
        profile = profile_from_data(
            {
                "name": "Serra Azul",
                "environment": "test",
                "company": {"logix": "01", "site": "01"},
                "database": {**database, **secret},
                "webservice": {"url": "http://127.0.0.1:1/ws"},
            }
        )
        file = tmp_path / "serra-azul.yaml"
        file.write_text(profile_to_text(profile), encoding="utf-8")
        found = command("check", file, "--only", "database.login", "--json")
        assert (found.code, found.err) == (1, "")
        assert PASSWORD not in found.out
        assert USER not in found.out
        last = json.loads(found.out)["checks"][-1]
        assert (last["id"], last["status"], last["code"]) == ("database.login", "fail", fault.code)
        assert (last["message"], last["hint"]) == (fault.cause, fault.action)

    return asked


def test_a_login_that_is_refused(told: Told) -> None:
    words = f"Login failed for user '{USER}' with {PASSWORD}."
    with peers.peer(peers.tds(peers.NO_ENCRYPTION, (18456, words))) as port:
        told(by_address(mssql(HOST, port), HOST, port, encrypt="optional"), causes.LOGIN_REFUSED)


def test_a_silent_server(told: Told) -> None:
    with peers.peer(peers.silent) as port:
        told(by_address(mssql(HOST, port), HOST, port, login_timeout=1), causes.SERVER_SILENT)


def test_a_file_that_another_program_holds(told: Told, tmp_path: Path) -> None:
    file = tmp_path / "logix.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("CREATE TABLE empresa (cod_empresa, den_empresa)")
        database.execute("BEGIN EXCLUSIVE")
        told({"kind": "sqlite", "file": str(file), "lock_wait": 0}, causes.ROW_LOCKED)
