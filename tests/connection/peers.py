"""Stand-ins for what can be at the other end: nobody who speaks, somebody else, a server that turns us away.

They listen on loopback and speak the real protocols as far as a login that fails needs it. `black_hole` runs a call
where packets vanish: in a network namespace of its own, which is gone with the thread that made it.
"""

from __future__ import annotations

import ctypes
import os
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pytest

from tests.authority import Authority

Talk = Callable[[socket.socket], None]
T = TypeVar("T")

SILENT_ADDRESS = "192.0.2.9"
"""Of the network that is kept for documentation: packets to it vanish in the namespace of `black_hole`."""
BARRED_ADDRESS = "198.51.100.9"
"""The same, but the namespace answers at once that there is no way to it."""


@contextmanager
def peer(talk: Talk, connections: int = 0) -> Iterator[int]:
    """A port where each connection is talked to; `connections` closes the port after as many of them."""
    listener = socket.create_server(("127.0.0.1", 0))
    opened: list[socket.socket] = []
    threads: list[threading.Thread] = []
    stopping = threading.Event()

    def serve(connection: socket.socket) -> None:
        # A driver that goes away is what these peers are about.
        with suppress(OSError):
            connection.settimeout(20)
            talk(connection)

    def accept() -> None:
        while not connections or len(opened) < connections:
            connection, _address = listener.accept()
            opened.append(connection)
            if stopping.is_set():
                break
            if len(opened) == connections:
                listener.close()
            threads.append(threading.Thread(target=serve, args=[connection]))
            threads[-1].start()

    port = int(listener.getsockname()[1])
    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield port
    finally:
        stopping.set()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 2).close()
        acceptor.join(10)
        for connection in opened:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(10)
        for connection in (listener, *opened):
            connection.close()


# --- strangers ---------------------------------------------------------------------------------


def silent(connection: socket.socket) -> None:
    """Takes what comes and never answers."""
    while connection.recv(4096):
        pass


def closing(connection: socket.socket) -> None:
    """Hangs up in the middle of the login: after the first words of whoever speaks first."""
    connection.settimeout(0.5)
    with suppress(TimeoutError):
        connection.recv(4096)
    connection.close()


def http(connection: socket.socket) -> None:
    """A web server: it answers what is no request with an error, and hangs up."""
    connection.settimeout(1)
    with suppress(TimeoutError):
        connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nServer: other\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    connection.shutdown(socket.SHUT_WR)


def ssh(connection: socket.socket) -> None:
    """An SSH server: it speaks first, and waits for a client of its kind."""
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    silent(connection)


# --- servers that turn us away -----------------------------------------------------------------


def mysql_error(number: int, text: str) -> Talk:
    """A MariaDB server that says an error instead of its greeting."""

    def talk(connection: socket.socket) -> None:
        payload = b"\xff" + struct.pack("<H", number) + text.encode()
        connection.sendall(struct.pack("<I", len(payload))[:3] + b"\0" + payload)
        connection.shutdown(socket.SHUT_WR)

    return talk


def postgresql_tls(context: ssl.SSLContext) -> Talk:
    """A PostgreSQL server that offers encryption with this certificate."""

    def talk(connection: socket.socket) -> None:
        connection.recv(8)
        connection.sendall(b"S")
        # `wrap_socket` does not close its socket when the client is gone already.
        if connection.recv(1, socket.MSG_PEEK):
            with context.wrap_socket(connection, server_side=True) as wrapped:
                silent(wrapped)

    return talk


def tls(context: ssl.SSLContext) -> Talk:
    """A server that encrypts from the first byte, as TDS 8 and TCPS do."""

    def talk(connection: socket.socket) -> None:
        # `wrap_socket` does not close its socket when the client is gone already.
        if connection.recv(1, socket.MSG_PEEK):
            with context.wrap_socket(connection, server_side=True) as wrapped:
                silent(wrapped)

    return talk


def oracle_refusal(number: int) -> Talk:
    """A listener of Oracle that refuses with this number."""

    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        words = f"(DESCRIPTION=(TMP=)(VSNNUM=0)(ERR={number})(ERROR_STACK=(ERROR=(CODE={number})(EMFI=4))))".encode()
        body = b"\x22\x00" + struct.pack(">H", len(words)) + words
        connection.sendall(struct.pack(">HHBBH", len(body) + 8, 0, 4, 0, 0) + body)
        silent(connection)

    return talk


NO_ENCRYPTION, ENCRYPTION = 2, 1
_LOGIN = 0x10


def tds(encryption: int, *errors: tuple[int, str], context: ssl.SSLContext | None = None) -> Talk:
    """A SQL Server that answers the login with these errors. `encryption` is what it says that it can do."""

    def talk(connection: socket.socket) -> None:
        _packet(connection)
        options = [(0, b"\x10\x00\x03\xe8\x00\x00"), (1, bytes([encryption])), (2, b"\0"), (3, b""), (4, b"\0")]
        place, head, body = len(options) * 5 + 1, b"", b""
        for token, value in options:
            head += struct.pack(">BHH", token, place + len(body), len(value))
            body += value
        _answer(connection, head + b"\xff" + body)
        if context:
            _handshake(connection, context)
            return
        while _packet(connection)[0] != _LOGIN:
            pass
        tokens = b"".join(_error(number, text) for number, text in errors)
        _answer(connection, tokens + struct.pack("<BHHQ", 0xFD, 2, 0, 0))
        silent(connection)

    return talk


def _packet(connection: socket.socket) -> tuple[int, bytes]:
    """One message of the client: its kind and what is in it, from as many packets as it takes."""
    content = b""
    while True:
        head = _exactly(connection, 8)
        kind, status, length = struct.unpack(">BBH", head[:4])
        content += _exactly(connection, length - 8)
        if status & 1:
            return kind, content


def _exactly(connection: socket.socket, count: int) -> bytes:
    content = b""
    while len(content) < count:
        part = connection.recv(count - len(content))
        if not part:
            raise ConnectionResetError
        content += part
    return content


def _answer(connection: socket.socket, content: bytes, kind: int = 4) -> None:
    connection.sendall(struct.pack(">BBHHBB", kind, 1, len(content) + 8, 0, 1, 0) + content)


def _error(number: int, text: str) -> bytes:
    words = struct.pack("<H", len(text)) + text.encode("utf-16-le")
    body = struct.pack("<IBB", number, 1, 14) + words + b"\0\0" + struct.pack("<I", 1)
    return struct.pack("<BH", 0xAA, len(body)) + body


def _handshake(connection: socket.socket, context: ssl.SSLContext) -> None:
    """The handshake of TLS in packets of TDS, until the client has seen the certificate and says what it thinks."""
    coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(coming, going, server_side=True)
    while True:
        try:
            session.do_handshake()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            return
        else:
            return
        words = going.read()
        if words:
            _answer(connection, words, 0x12)
        coming.write(_packet(connection)[1])


def own_certificate(folder: Path) -> ssl.SSLContext:
    """A certificate that nobody has signed but itself, for 127.0.0.1."""
    context = Authority(folder).issue(own=True).server()
    context.set_alpn_protocols(["tds/8.0"])
    return context


# --- a network without answers -----------------------------------------------------------------

_CLONE_NEWNET = 0x40000000


def black_hole(call: Callable[[], T]) -> T:
    """What a call gives where packets to SILENT_ADDRESS vanish, also for the children that it starts.

    Only the thread of the call is in the namespace: the system takes it back with the thread. Skips with the reason
    where this account may not make one.
    """
    result: list[T] = []
    why: list[BaseException] = []

    def inside() -> None:
        try:
            _own_network()
        except (OSError, subprocess.CalledProcessError) as error:
            why.append(
                pytest.skip.Exception(
                    f"no network namespace can be made here; that takes root with CAP_SYS_ADMIN, and iproute2: {error}"
                )
            )
            return
        try:
            result.append(call())
        except BaseException as error:  # noqa: BLE001 - it is raised again in the thread of the test
            why.append(error)

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    if why:
        raise why[0]
    return result[0]


def _own_network() -> None:
    """Take this thread into a new network whose routes lead back to itself: the kernel drops what comes so."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    for words in (
        "link set lo up",
        "address add 192.0.2.1/32 dev lo",
        "route add 192.0.2.0/24 dev lo",
        "route add unreachable 198.51.100.0/24",
    ):
        subprocess.run(["ip", *words.split()], check=True, capture_output=True)


@contextmanager
def in_black_hole() -> Iterator[None]:
    """The same for a block, with the threads and children that it starts: for what has to stay in its own thread."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/thread-self/ns/net").open("rb") as before:
        try:
            _own_network()
        except (OSError, subprocess.CalledProcessError) as error:
            libc.setns(before.fileno(), _CLONE_NEWNET)
            pytest.skip(f"no network namespace can be made here; that takes root with CAP_SYS_ADMIN: {error}")
        try:
            yield
        finally:
            if libc.setns(before.fileno(), _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
