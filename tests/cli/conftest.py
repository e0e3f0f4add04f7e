"""A demo site with its profile, and running a command inside this process."""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.calling import Answer, Command
from tests.patience import PATIENCE
from wizard import i18n
from wizard.connection.aps_store import default_file
from wizard.demo.site import Site, open_site
from wizard.demo.walk import walk


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`aps-wizard` in this process: fast, and as good as a process for what it answers. `typed` is piped into it."""
    from wizard.cli import run

    def call(*arguments: object, typed: str | None = None) -> Answer:
        capsys.readouterr()
        with monkeypatch.context() as patched:
            if typed is not None:
                patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))
            code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo site, answering while the tests of this folder run."""
    i18n.use("en")
    with open_site(tmp_path_factory.mktemp("site")) as here:
        yield here


@pytest.fixture(scope="session")
def _walked(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    final, report = walk(site, tmp_path_factory.mktemp("walked"))
    assert report.status == "ok"
    assert final.file is not None
    return final.file


@pytest.fixture
def profile(_walked: Path, home: Path) -> Path:
    """The profile of the demo site, validated, and its APS store, in the folder of this test's machine."""
    folder = home / "profiles"
    folder.mkdir()
    for file in (_walked, default_file(_walked)):
        (folder / file.name).write_bytes(file.read_bytes())
    return folder / _walked.name


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """A server that lets everybody in and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(2 * PATIENCE)
        yield server
