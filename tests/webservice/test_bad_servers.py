"""Servers that do harm: each ends within the limits of the profile, with the right code, and without eating memory."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE
from tests.webservice.test_service_check import wsdl
from wizard.checklist.check import Subject
from wizard.demo.soap import SoapServer

Answer = Callable[[str, socket.socket], None]

REACHABLE, ORDERS = "webservice.reachable", "webservice.production_order"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n"
MEGABYTE = b"x" * 1_048_576
MEMORY_KB = 50 * 1024
BOMB = (
    b'<!DOCTYPE d [<!ENTITY a "haha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10))
    + b']><d xmlns="http://schemas.xmlsoap.org/wsdl/">&k;</d>'
)
EXTERNAL = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d xmlns="http://schemas.xmlsoap.org/wsdl/">&x;</d>'
GZIPPED = gzip.compress(b"\0" * 1_073_741_824, 6)
IMPORT = '<import namespace="urn:x" location="{}"/>'


def whole(body: bytes) -> Answer:
    """The WSDL is this body; there is no index."""

    def answer(path: str, connection: socket.socket) -> None:
        if "wsindex" in path or "missing" in path:
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            connection.sendall(HEAD + b"\r\n" + body)

    return answer


def closes(_path: str, connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 5000\r\n\r\n<html>")


def waits(_path: str, connection: socket.socket) -> None:
    connection.recv(1)


def dribbles(_path: str, connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b"x")
        # A byte well before the limit between two of them.
        time.sleep(0.02)


def floods(_path: str, connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 1073741824\r\n\r\n")
    for _part in range(1024):
        connection.sendall(MEGABYTE)


def explodes(_path: str, connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n" + GZIPPED)


def redirects(path: str, connection: socket.socket) -> None:
    connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {path}x\r\nContent-Length: 0\r\n\r\n".encode())


def header_flood(_path: str, connection: socket.socket) -> None:
    connection.sendall(HEAD + b"X: " + MEGABYTE)


def headers_for_ever(_path: str, connection: socket.socket) -> None:
    with suppress(OSError):
        for number in range(1_000_000):
            connection.sendall(b"HTTP/1.1 200 OK\r\n" if not number else b"X-%d: y\r\n" % number)


CASES: list[tuple[str, str, Answer, str]] = [
    ("closes early", REACHABLE, closes, "webservice.closed"),
    ("never answers", REACHABLE, waits, "webservice.timed_out"),
    ("a byte now and then", REACHABLE, dribbles, "webservice.slow"),
    ("one gigabyte", REACHABLE, floods, "webservice.too_large"),
    ("one gigabyte, compressed", REACHABLE, explodes, "webservice.too_large"),
    ("redirects for ever", REACHABLE, redirects, "webservice.redirects"),
    ("a header of a megabyte", REACHABLE, header_flood, "webservice.other_product"),
    ("headers for ever", REACHABLE, headers_for_ever, "webservice.other_product"),
    ("one gigabyte as WSDL", ORDERS, floods, "webservice.too_large"),
    ("entity bomb", ORDERS, whole(BOMB), "webservice.not_wsdl"),
    ("external entity", ORDERS, whole(EXTERNAL), "webservice.not_wsdl"),
    ("HTML", ORDERS, whole(b"<!DOCTYPE html><title>Fluig</title><p>Login</p>"), "webservice.html"),
    ("nothing", ORDERS, whole(b""), "webservice.not_wsdl"),
    ("deep XML", ORDERS, whole(b"<a>" * 1_000_000), "webservice.not_wsdl"),
    (
        "imports a missing file",
        ORDERS,
        whole(wsdl("PRODUCTIONORDER", head=IMPORT.format("missing.xsd")).encode()),
        "webservice.wsdl_import",
    ),
    (
        "imports a file of this machine",
        ORDERS,
        whole(wsdl("PRODUCTIONORDER", head=IMPORT.format("file:///etc/passwd")).encode()),
        "webservice.wsdl_import",
    ),
    (
        "imports itself for ever",
        ORDERS,
        lambda path, connection: whole(
            wsdl("PRODUCTIONORDER", head=IMPORT.format(f"x{len(path)}{path.rpartition('/')[2][:200]}")).encode()
        )(path, connection),
        "webservice.wsdl_unusable",
    ),
]


@pytest.mark.skipif(sys.platform != "linux", reason="peaks of memory are asked of Linux")
@pytest.mark.parametrize("case", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_bad_server_ends_in_time_with_its_code_and_little_memory(
    make: Callable[..., Subject], bad_server: Any, good_server: SoapServer, case: tuple[str, Answer, str]
) -> None:
    id_, answer, code = case
    server = bad_server(answer)
    request = {"check": id_, "good": make(good_server.url).to_json(), "bad": make(server.url).to_json()}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("measured.py"))],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        # Beyond it the server would still be at what it does.
        timeout=2 * PATIENCE,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["good"] == "ok"
    assert (found["bad"]["status"], found["bad"]["code"]) == ("fail", code), found["bad"]
    assert found["bad"]["hint"]
    assert found["grown_kb"] < MEMORY_KB
    assert "root:" not in done.stdout
