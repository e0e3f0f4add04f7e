"""Good and bad servers on loopback, and profiles for them."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.authority import Authority
from tests.patience import ENDLESS
from wizard.checklist.check import Outcome, Subject
from wizard.checklist.registry import checks
from wizard.demo.soap import SoapServer
from wizard.profile.load import profile_from_data

Answer = Callable[[str, socket.socket], None]


class BadServer:
    """Reads the head of a request and then does what the test says with the connection.

    `heads` are the requests as they came. Each connection has a thread of its own; all of them end
    with the server.
    """

    def __init__(self, answer: Answer, context: ssl.SSLContext | None = None) -> None:
        self.heads: list[str] = []
        self.stopping = threading.Event()
        self._answer = answer
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._open: list[socket.socket] = []
        scheme = "https" if context else "http"
        self.port = int(self._listener.getsockname()[1])
        self.url = f"{scheme}://127.0.0.1:{self.port}/ws"
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            connection, _address = self._listener.accept()
            if self.stopping.is_set():
                connection.close()
                return
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=[connection])
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            # A client that goes away is what some of these tests are about.
            with suppress(OSError):
                connection.settimeout(ENDLESS)
                if self._context:
                    # `wrap_socket` does not close its socket when the client is gone already.
                    if not connection.recv(1, socket.MSG_PEEK):
                        return
                    connection = self._context.wrap_socket(connection, server_side=True)
                head = b""
                while b"\r\n\r\n" not in head:
                    part = connection.recv(4096)
                    if not part:
                        return
                    head += part
                self.heads.append(head.decode("latin-1"))
                self._answer(head.decode("latin-1").split(" ")[1], connection)
        finally:
            with suppress(OSError):
                connection.close()

    def stop(self) -> None:
        self.stopping.set()
        socket.create_connection(("127.0.0.1", self.port)).close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for connection in (self._listener, *self._open):
            connection.close()


@pytest.fixture
def bad_server() -> Iterator[Callable[..., BadServer]]:
    """Servers that answer as the test says; they end with it."""
    servers: list[BadServer] = []

    def made(answer: Answer, context: ssl.SSLContext | None = None) -> BadServer:
        servers.append(BadServer(answer, context))
        return servers[-1]

    yield made
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def good_server() -> Iterator[SoapServer]:
    with SoapServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a proxy nor a CA bundle of the machine takes part."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Subject]:
    """A subject whose web service is at the address, with short limits."""

    def made(url: str, typed: dict[str, str] | None = None, **fields: Any) -> Subject:
        data = {
            "name": "Serra Azul",
            "environment": "test",
            "company": {"logix": "01", "site": "01"},
            "database": {"kind": "sqlite", "file": "logix.sqlite"},
            "webservice": {"url": url, "connect_timeout": 1, "read_timeout": 1} | fields,
        }
        return Subject(profile_from_data(data), tmp_path / "serra-azul.yaml", typed or {})

    return made


@pytest.fixture
def check(make: Callable[..., Subject]) -> Callable[..., Outcome]:
    """What a check answers about such a subject, here and now."""

    def answered(id_: str, url: str, **fields: Any) -> Outcome:
        return checks()[id_].run(make(url, **fields))

    return answered


@dataclass(frozen=True)
class Secured:
    """The side of a server, and the CA file that a client needs for it."""

    file: Path
    context: ssl.SSLContext


def secured(folder: Path, host: str = "127.0.0.1") -> Secured:
    authority = Authority(folder)
    return Secured(authority.file, authority.issue(host).server())


@pytest.fixture
def certificate(tmp_path: Path) -> Secured:
    return secured(tmp_path)


@pytest.fixture
def strange_certificate(tmp_path: Path) -> Secured:
    """One that is for another address."""
    return secured(tmp_path, "10.9.8.7")
