"""SOAP servers that are not ours: from the server's files to a page that is all green, without typing."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from wizard.checklist.registry import chosen
from wizard.checklist.run import Report, Run
from wizard.demo import server_files
from wizard.demo.soap import SoapServer
from wizard.flow import state as flow
from wizard.flow.steps import BY_ID
from wizard.webservice.server_files import read_server_files

HERE = Path(__file__).parent / "foreign"
MODULES = Path(os.environ.get("APS_NODE_MODULES", Path(__file__).parents[2] / ".venv" / "node" / "node_modules"))


@contextmanager
def told(*command: str) -> Iterator[int]:
    """A server that prints its port and ends with its standard input."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        assert line.strip().isdigit(), process.stderr.read().decode()
        yield int(line)
    finally:
        process.stdin.close()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()


@contextmanager
def spyne() -> Iterator[int]:
    # Not imported: its own copy of six spoils the imports of the process.
    if importlib.util.find_spec("spyne") is None:
        pytest.skip("spyne is not installed")
    with told(sys.executable, str(HERE / "spyne_server.py")) as port:
        yield port


@contextmanager
def npm_soap() -> Iterator[int]:
    if not shutil.which("node") or not (MODULES / "soap").is_dir():
        pytest.skip("node and its package soap are not installed")
    with told("node", str(HERE / "node_server.js"), str(MODULES / "soap")) as port:
        yield port


@contextmanager
def nusoap() -> Iterator[int]:
    if not shutil.which("php") or not Path("/usr/share/php/nusoap").is_dir():
        pytest.skip("php-cli and libnusoap-php are not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    null = subprocess.DEVNULL
    process = subprocess.Popen(["php", "-S", f"127.0.0.1:{port}", str(HERE / "nusoap.php")], stdout=null, stderr=null)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except ConnectionRefusedError:
                assert time.monotonic() < deadline, "php does not listen"
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def demo() -> Iterator[int]:
    with SoapServer() as server:
        yield int(server.url.rpartition(":")[2].partition("/")[0])


def walked(folder: Path, url: str) -> Report:
    """What the page does: read the files of a server, fill the address, test."""
    server_files.write(folder, url)
    files = read_server_files([folder])
    (place,) = files.locations
    now = flow.new_profile(folder / "profiles")
    answers = {"name": "Serra Azul", "environment": "test", "company.logix": "01", "company.site": "01"}
    answers |= {"database.kind": "sqlite", "database.file": "logix.sqlite", "webservice.url": place.address}
    for path, value in answers.items():
        now = flow.edit(now, path, value)
    return Run(flow.test_subject(now, "webservice"), chosen(BY_ID["webservice"].checks)).run()


@pytest.mark.seed("R-PRE-08", "R-CFG-05")
@pytest.mark.parametrize("serving", [demo, spyne, npm_soap, nusoap], ids=lambda serving: str(serving.__name__))
def test_from_the_servers_files_to_all_green_without_typing(
    serving: Callable[[], Iterator[int]], tmp_path: Path
) -> None:
    with serving() as port:  # type: ignore[attr-defined] - a context manager
        report = walked(tmp_path, f"http://127.0.0.1:{port}/ws")
    assert {result.check.id: result.outcome.status for result in report.results} == dict.fromkeys(
        (result.check.id for result in report.results), "ok"
    ), [result.outcome for result in report.results if result.outcome.status != "ok"]
    services = [result.outcome for result in report.results if result.outcome.code == "webservice.published"]
    assert len(services) == 2
    assert all(outcome.details["operations"].casefold().startswith("receive") for outcome in services)
    assert all(f"127.0.0.1:{port}" in outcome.details["orders_go_to"] for outcome in services)
