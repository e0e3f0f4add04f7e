"""The demo site, profiles for it, and a server that never says a word."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wizard.checklist.check import Subject
from wizard.demo.site import Site, open_site
from wizard.profile.load import profile_from_data

Make = Callable[..., Subject]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the machine must not see 127.0.0.1."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def make(site: Site, tmp_path: Path) -> Make:
    """A subject that describes the demo site, but for the sections that are given."""

    def made(typed: dict[str, str] | None = None, **sections: Any) -> Subject:
        data = {
            "name": "Serra Azul",
            "environment": "test",
            "company": {"logix": site.company, "site": site.site},
            "database": {"kind": "sqlite", "file": str(site.database)},
            "webservice": {"url": site.webservice_url},
        }
        return Subject(profile_from_data(data | sections), tmp_path / "serra-azul.yaml", typed or {})

    return made


class Silent:
    """A server on loopback that accepts and never answers; `called` is set by the first caller."""

    def __init__(self) -> None:
        self.called = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._callers: list[socket.socket] = []
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            caller, _address = self._listener.accept()
            self._callers.append(caller)
            if self._stopping:
                return
            self.called.set()

    _stopping = False

    def stop(self) -> None:
        self._stopping = True
        socket.create_connection(self._listener.getsockname()).close()
        self._thread.join()
        for open_socket in (self._listener, *self._callers):
            open_socket.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    server = Silent()
    yield server
    server.stop()
