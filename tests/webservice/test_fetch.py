"""Every way in which a server can misbehave has an end, a code and something to do."""

from __future__ import annotations

import base64
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.patience import ENDLESS, PATIENCE
from wizard.checklist.check import Outcome, Subject
from wizard.checklist.registry import chosen
from wizard.checklist.run import Run
from wizard.demo.soap import SoapServer

Check = Callable[..., Outcome]
Make = Callable[..., Subject]

ID = "webservice.reachable"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: TotvsAppServer\r\nConnection: close\r\n"


def failed(outcome: Outcome) -> str:
    """The code of an outcome that has to be a failure with something to do."""
    assert outcome.status == "fail"
    assert outcome.message
    assert outcome.hint
    return outcome.code


def sends(*parts: bytes) -> Callable[[str, socket.socket], None]:
    """An answer of these bytes."""

    def answer(_path: str, connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return answer


def status(line: str, *headers: str) -> Callable[[str, socket.socket], None]:
    """An answer with this status and no body."""
    head = "\r\n".join((f"HTTP/1.1 {line}", "Content-Length: 0", "Connection: close", *headers))
    return sends(f"{head}\r\n\r\n".encode())


def sleeps(_path: str, connection: socket.socket) -> None:
    connection.recv(1)


def dribbles(*first: bytes) -> Callable[[str, socket.socket], None]:
    """An answer that ends long after every limit, a byte at a time; each comes well before the limit between two."""

    def answer(_path: str, connection: socket.socket) -> None:
        for part in first:
            connection.sendall(part)
        until = time.monotonic() + 2 * PATIENCE
        while time.monotonic() < until:
            connection.sendall(b"x")
            time.sleep(0.02)

    return answer


def test_the_demo_answers(check: Check, good_server: SoapServer) -> None:
    outcome = check(ID, good_server.url)
    assert (outcome.status, outcome.code) == ("ok", "webservice.answers")
    address = f"{good_server.url}/wsindex.apw"
    assert outcome.details == {"status": "200", "address": address, "server": "TotvsAppServerDemo"}


# --- no answer ---------------------------------------------------------------------------------


def test_a_port_where_nobody_listens(check: Check) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert failed(check(ID, f"http://127.0.0.1:{port}/ws")) == "webservice.refused"


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "x" * 64 + ".br"])
def test_a_name_that_cannot_be_resolved(check: Check, host: str) -> None:
    assert failed(check(ID, f"http://{host}/ws")) == "webservice.name_unknown"


def test_a_server_that_never_answers(check: Check, bad_server: Any) -> None:
    assert failed(check(ID, bad_server(sleeps).url)) == "webservice.timed_out"


@pytest.mark.parametrize("parts", [(), (OK + b"Content-Length: 500\r\n\r\n<html>",)])
def test_a_server_that_closes_early(check: Check, bad_server: Any, parts: tuple[bytes, ...]) -> None:
    assert failed(check(ID, bad_server(sends(*parts)).url)) == "webservice.closed"


@pytest.mark.parametrize("greeting", ["SSH-2.0-OpenSSH_9.2", "220 mail.example ESMTP", "+OK POP3 ready"])
def test_another_product_is_told_by_how_it_greets(check: Check, bad_server: Any, greeting: str) -> None:
    outcome = check(ID, bad_server(sends(f"{greeting}\r\n".encode())).url)
    assert failed(outcome) == "webservice.other_product"
    assert greeting in outcome.message


def test_a_server_that_stops_in_the_middle(check: Check, bad_server: Any) -> None:
    def answer(path: str, connection: socket.socket) -> None:
        connection.sendall(OK + b"\r\n<html>")
        sleeps(path, connection)

    assert failed(check(ID, bad_server(answer).url)) == "webservice.timed_out"


# --- too much ----------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [OK + b"\r\n", OK + b"Content-Length: 5000\r\n\r\n"])
def test_a_server_that_sends_byte_by_byte(check: Check, bad_server: Any, head: bytes) -> None:
    assert failed(check(ID, bad_server(dribbles(head)).url)) == "webservice.slow"


def test_a_server_that_sends_its_head_byte_by_byte_is_ended_with_its_child(make: Make, bad_server: Any) -> None:
    server = bad_server(dribbles(b"HTTP/1.1 200 OK\r\nX: "))
    # What comes before has all the time that a busy machine needs.
    *before, last = chosen([ID])
    patient = [replace(check, timeout=ENDLESS) for check in before]
    report = Run(make(server.url), [*patient, replace(last, timeout=2)]).run()
    assert failed(report.results[-1].outcome) == "timed_out"


@pytest.mark.parametrize("length", [b"", b"Content-Length: 11534336\r\n"])
def test_a_server_that_sends_eleven_megabytes(check: Check, bad_server: Any, length: bytes) -> None:
    server = bad_server(sends(OK + length + b"\r\n", *[b"x" * 1_048_576] * 11))
    assert failed(check(ID, server.url, read_timeout=20)) == "webservice.too_large"


def test_ten_megabytes_out_of_a_few_bytes_are_too_many(check: Check, bad_server: Any) -> None:
    import gzip

    body = gzip.compress(b"\0" * 200_000_000, 9)
    head = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert failed(check(ID, bad_server(sends(head, body)).url, read_timeout=20)) == "webservice.too_large"


def test_a_body_that_is_not_compressed_as_it_says(check: Check, bad_server: Any) -> None:
    head = OK + b"Content-Encoding: gzip\r\n\r\n"
    assert failed(check(ID, bad_server(sends(head, b"this is no gzip")).url)) == "webservice.garbled"


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_in_pieces_is_read_whole(check: Check, bad_server: Any, chunked: bool) -> None:
    pieces = [b"<html>", b"<body>", b"x" * 100_000]
    if chunked:
        parts = [
            OK + b"Transfer-Encoding: chunked\r\n\r\n",
            *(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces),
            b"0\r\n\r\n",
        ]
    else:
        parts = [OK + b"\r\n", *pieces]
    assert check(ID, bad_server(sends(*parts)).url).status == "ok"


# --- elsewhere ---------------------------------------------------------------------------------


def test_a_server_that_redirects_without_end(check: Check, bad_server: Any) -> None:
    server = bad_server(status("302 Found", "Location: /ws/wsindex.apw"))
    assert failed(check(ID, server.url)) == "webservice.redirects"
    assert len(server.heads) <= 7


def test_a_server_that_redirects_once_is_followed_and_the_end_is_told(
    check: Check, bad_server: Any, good_server: SoapServer
) -> None:
    server = bad_server(status("301 Moved", f"Location: {good_server.url}/wsindex.apw"))
    assert check(ID, server.url).details["address"] == f"{good_server.url}/wsindex.apw"


def test_the_body_of_a_redirect_is_not_waited_for(check: Check, bad_server: Any, good_server: SoapServer) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {good_server.url}/wsindex.apw\r\n\r\n".encode()
    # The body would never end, and be told as too slow.
    assert check(ID, bad_server(dribbles(head)).url, read_timeout=20).status == "ok"


def test_the_login_does_not_follow_a_redirect_to_another_server(make: Make, bad_server: Any) -> None:
    from wizard.checklist.registry import checks

    other = bad_server(sends(OK + b"\r\n"))
    server = bad_server(status("302 Found", f"Location: {other.url}/x"))
    assert checks()[ID].run(make(server.url, {"webservice.password": "canary-5e5e-senha"}, user="aps")).status == "ok"
    assert "Authorization" in server.heads[0]
    assert "Authorization" not in other.heads[0]


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://h/x", "http://[broken", "gopher:x"])
def test_a_redirect_to_what_is_no_web_address(check: Check, bad_server: Any, place: str) -> None:
    assert failed(check(ID, bad_server(status("302 Found", f"Location: {place}")).url)) == "webservice.redirect_nowhere"


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("401 Unauthorized", "webservice.login"),
        ("403 Forbidden", "webservice.forbidden"),
        ("500 Internal Server Error", "webservice.status"),
        ("503 Service Unavailable", "webservice.status"),
    ],
)
def test_a_refusal_is_told_by_its_status(check: Check, bad_server: Any, line: str, code: str) -> None:
    outcome = check("webservice.production_order", bad_server(status(line, "Server: TotvsAppServer")).url)
    assert failed(outcome) == code
    assert outcome.details["status"] == line[:3]
    assert outcome.details["server"] == "TotvsAppServer"
    assert line[:3] in outcome.message


def test_a_login_that_is_wanted_stops_what_would_want_it_too(check: Check, bad_server: Any) -> None:
    assert failed(check(ID, bad_server(status("401 Unauthorized")).url)) == "webservice.login"


def test_a_server_that_knows_no_such_page_does_answer(check: Check, bad_server: Any) -> None:
    outcome = check(ID, bad_server(status("404 Not Found")).url)
    assert (outcome.status, outcome.details["status"]) == ("ok", "404")


def test_the_text_of_an_error_page_is_told_and_never_as_markup(check: Check, bad_server: Any) -> None:
    page = b"<html><head><title>x</title></head><body><h1>THREAD ERROR</h1><script>x()</script>array out of bounds"
    server = bad_server(sends(b"HTTP/1.1 500 Error\r\nConnection: close\r\n\r\n", page))
    outcome = check("webservice.production_order", server.url)
    assert failed(outcome) == "webservice.status"
    assert outcome.message == "The server answered with HTTP 500: THREAD ERROR array out of bounds"


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("utf-8", ""),
        ("latin-1", ""),
        ("utf-8", '<meta charset="utf-8">'),
        ("latin-1", '<meta charset="iso-8859-1">'),
        ("utf-8", '<?xml version="1.0" encoding="utf-8"?>'),
    ],
)
def test_an_error_page_is_read_in_its_encoding(check: Check, bad_server: Any, encoding: str, word: str) -> None:
    page = (word + "<p>Manutenção às 18h</p>").encode(encoding)
    outcome = check(
        "webservice.production_order", bad_server(sends(b"HTTP/1.1 500 Error\r\nConnection: close\r\n\r\n", page)).url
    )
    assert outcome.message == "The server answered with HTTP 500: Manutenção às 18h"


@pytest.mark.parametrize("user", [None, "aps"])
def test_a_login_that_is_refused_is_told_apart_from_one_that_is_missing(
    make: Make, bad_server: Any, user: str | None
) -> None:
    from wizard.checklist.registry import checks

    server = bad_server(status("401 Unauthorized", 'WWW-Authenticate: Basic realm="x"'))
    outcome = checks()[ID].run(make(server.url, {"webservice.password": "canary-77aa-senha"}, user=user))
    assert failed(outcome) == ("webservice.login_refused" if user else "webservice.login")


def test_a_login_is_sent_where_one_is_given(make: Make, bad_server: Any) -> None:
    from wizard.checklist.registry import checks

    server = bad_server(sends(OK + b"\r\n"))
    for password, token in (
        ("canary-ação", "aps:canary-ação".encode("latin-1")),
        ("canary-€", "aps:canary-€".encode()),
    ):
        subject = make(server.url, {"webservice.password": password}, user="aps")
        assert checks()[ID].run(subject).status == "ok"
        assert f"Authorization: Basic {base64.b64encode(token).decode()}" in server.heads[-1]
    assert checks()[ID].run(make(server.url)).status == "ok"
    assert "Authorization" not in server.heads[-1]


def test_a_password_that_cannot_be_read(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APS_TEST_UNSET", raising=False)
    outcome = check(ID, "http://127.0.0.1:1/ws", user="aps", password="env:APS_TEST_UNSET")
    assert failed(outcome) == "secret.env_missing"


# --- certificates ------------------------------------------------------------------------------


@pytest.fixture
def secure(bad_server: Any, certificate: Any) -> Any:
    return bad_server(sends(OK + b"\r\n<html></html>"), certificate.context)


def test_a_certificate_that_nobody_signed_is_not_accepted(check: Check, secure: Any) -> None:
    outcome = check(ID, secure.url)
    assert failed(outcome) == "webservice.tls"
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.details["original"]
    assert secure.heads == []


@pytest.mark.parametrize("absolute", [True, False])
def test_the_ca_file_of_the_profile_is_accepted(check: Check, secure: Any, certificate: Any, absolute: bool) -> None:
    name = str(certificate.file) if absolute else certificate.file.name
    assert check(ID, secure.url, tls={"ca_file": name}).status == "ok"


def test_the_ca_file_of_the_profile_goes_before_that_of_the_environment(
    check: Check, secure: Any, certificate: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "of-the-environment.pem"))
    assert check(ID, secure.url, tls={"ca_file": str(certificate.file)}).status == "ok"


def test_a_certificate_for_another_name_is_not_accepted_even_from_the_ca_file(
    check: Check, bad_server: Any, strange_certificate: Any
) -> None:
    server = bad_server(sends(OK + b"\r\n"), strange_certificate.context)
    assert failed(check(ID, server.url, tls={"ca_file": str(strange_certificate.file)})) == "webservice.tls"


@pytest.mark.parametrize("bundle", [True, False])
def test_without_proof_any_certificate_is_accepted(
    check: Check, secure: Any, monkeypatch: pytest.MonkeyPatch, bundle: bool
) -> None:
    if bundle:
        import certifi

        monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    assert check(ID, secure.url, tls={"verify": False}).status == "ok"


@pytest.mark.parametrize("content", [None, b"", b"This is no certificate.\n"])
def test_a_ca_file_that_is_none(check: Check, secure: Any, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_bytes(content)
    assert failed(check(ID, secure.url, tls={"ca_file": "ca.pem"})) == "webservice.ca_file"


def test_https_to_a_port_that_speaks_http(check: Check, good_server: SoapServer) -> None:
    assert failed(check(ID, good_server.url.replace("http:", "https:"))) == "webservice.not_https"


def test_http_to_a_port_that_speaks_https(check: Check, secure: Any) -> None:
    assert failed(check(ID, secure.url.replace("https:", "http:"))) == "webservice.needs_https"


# --- proxy -------------------------------------------------------------------------------------


def test_a_proxy_that_does_not_answer_is_named(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    outcome = check(ID, "http://logix.example/ws")
    assert failed(outcome) == "webservice.proxy"
    assert "NO_PROXY" in outcome.hint
