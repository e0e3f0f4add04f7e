"""The servers of these tests: a data source leads to them, and they do not outlive whoever started them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

import psutil
import pytest

from tests.connection.servers import ROOT, SERVERS, Source
from tests.patience import PATIENCE
from wizard.checklist.check import Outcome


@pytest.mark.parametrize("key", [*SERVERS, "sqlite_source"])
def test_a_profile_reaches_it_through_a_data_source(
    key: str,
    request: pytest.FixtureRequest,
    data_sources: Callable[..., object],
    check_in_child: Callable[..., dict[str, Outcome]],
) -> None:
    source: Source = request.getfixturevalue(key)
    data_sources(source)
    outcome = check_in_child("database.login", source.typed, database=source.settings())["database.login"]
    assert (outcome.status, outcome.code) == ("ok", "database.login_ok")
    names = {"mariadb": "MariaDB", "postgresql": "PostgreSQL", "sqlite_source": "SQLite"}
    assert outcome.details["server"].startswith(names[key])


@pytest.mark.parametrize("key", SERVERS)
def test_a_server_is_gone_when_whoever_started_it_is_killed(key: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(key)  # skips where it is not installed
    code = (
        "import sys\nfrom tests.connection.servers import open_server\n"
        f"with open_server({key!r}) as source:\n    print(source.port, flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as starter:
        assert starter.stdout is not None
        port = int(starter.stdout.readline())
        owner = next(c.pid for c in psutil.net_connections("tcp") if c.laddr and c.laddr[1] == port and c.pid)
        assert psutil.Process(owner).uids().real != 0
        os.kill(starter.pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while psutil.pid_exists(owner) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(owner)
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 1):
        pytest.fail("somebody still answers")
