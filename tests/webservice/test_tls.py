"""Certificates of servers and clients, made here: what is accepted, and what is said of those that are not."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.authority import Authority
from wizard.checklist.check import Outcome, Subject
from wizard.checklist.registry import checks

TLS, REACHABLE = "webservice.tls", "webservice.reachable"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

Make = Callable[..., Subject]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def serve(bad_server: Any) -> Callable[[ssl.SSLContext], str]:
    """The address of a server that answers over TLS."""

    def started(context: ssl.SSLContext) -> str:
        return str(bad_server(lambda _path, connection: connection.sendall(OK), context).url)

    return started


def asked(make: Make, id_: str, url: str, typed: dict[str, str] | None = None, **tls: object) -> Outcome:
    return checks()[id_].run(make(url, typed, tls=tls))


def test_an_address_of_http_has_nothing_to_prove(make: Make) -> None:
    outcome = asked(make, TLS, "http://logix/ws")
    assert (outcome.status, outcome.code) == ("ok", "webservice.plain")


def test_a_certificate_of_the_customers_authority_is_accepted_and_told(
    make: Make, authority: Authority, serve: Any
) -> None:
    url = serve(authority.issue().server())
    outcome = asked(make, TLS, url, ca_file=str(authority.file))
    assert (outcome.status, outcome.code) == ("ok", "webservice.tls_proved")
    assert outcome.details["names"] == "127.0.0.1"
    assert outcome.details["issuer"] == "CN=CA Serra Azul"
    assert outcome.details["tls"] == "TLSv1.3"
    assert asked(make, REACHABLE, url, ca_file=str(authority.file)).status == "ok"


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("ended", {"days": (-30, -2)}, "webservice.tls_expired", "ended on"),
    ("not yet", {"days": (2, 30)}, "webservice.tls_not_yet", "valid only from"),
    ("another name", {"host": "10.9.8.7"}, "webservice.tls_other_name", "10.9.8.7"),
    ("signed by itself", {"own": True}, "webservice.tls_self_signed", "itself"),
    ("signed by itself and ended", {"own": True, "days": (-30, -2)}, "webservice.tls_expired", "ended on"),
]


@pytest.mark.parametrize("case", [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_certificate_that_is_not_accepted_is_told_by_what_is_wrong_with_it(
    make: Make, authority: Authority, serve: Any, case: tuple[dict[str, Any], str, str]
) -> None:
    issue, code, says = case
    outcome = asked(make, TLS, serve(authority.issue(**issue).server()), ca_file=str(authority.file))
    assert (outcome.status, outcome.code) == ("fail", code)
    assert says in outcome.message
    assert outcome.hint


@pytest.mark.parametrize("own", [True, False])
def test_an_authority_that_this_machine_does_not_know_is_named(
    make: Make, authority: Authority, serve: Any, own: bool
) -> None:
    outcome = asked(make, TLS, serve(authority.issue(own=own).server()))
    assert outcome.code == ("webservice.tls_self_signed" if own else "webservice.tls_unknown_ca")
    assert own or "CN=CA Serra Azul" in outcome.message


def test_a_certificate_of_another_authority_is_not_accepted(
    make: Make, authority: Authority, serve: Any, tmp_path: Path
) -> None:
    other = Authority(tmp_path, "CA Outra")
    outcome = asked(make, TLS, serve(authority.issue().server()), ca_file=str(other.file))
    assert outcome.code == "webservice.tls_unknown_ca"


def test_the_store_of_the_system_is_used_without_a_ca_file(
    make: Make, authority: Authority, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = serve(authority.issue().server())
    assert asked(make, REACHABLE, url).code == "webservice.tls"
    # Where OpenSSL finds the store of the system, on a system that has one in a file.
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    assert asked(make, TLS, url).status == "ok"
    assert asked(make, REACHABLE, url).status == "ok"


def test_a_certificate_that_ends_soon_is_a_remark(make: Make, authority: Authority, serve: Any) -> None:
    outcome = asked(make, TLS, serve(authority.issue(days=(-1, 20)).server()), ca_file=str(authority.file))
    assert (outcome.status, outcome.code) == ("warn", "webservice.tls_ends_soon")


def test_what_is_not_proved_is_a_remark(make: Make, authority: Authority, serve: Any) -> None:
    url = serve(authority.issue(own=True).server())
    outcome = asked(make, TLS, url, verify=False)
    assert (outcome.status, outcome.code) == ("warn", "webservice.tls_unproved")
    assert asked(make, REACHABLE, url, verify=False).status == "ok"


def test_a_port_that_does_not_speak_tls(make: Make, bad_server: Any) -> None:
    url = bad_server(lambda _path, connection: connection.sendall(OK)).url
    assert asked(make, REACHABLE, url).status == "ok"
    # It waits for a whole head, as servers do, until somebody gives up.
    outcome = asked(make, TLS, url.replace("http:", "https:"))
    assert outcome.code in ("webservice.not_https", "webservice.timed_out")


def test_a_server_that_only_speaks_old_tls(make: Make, authority: Authority, serve: Any) -> None:
    context = authority.issue().server()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options &= ~(ssl.OP_NO_TLSv1_1 | ssl.OP_NO_TLSv1)
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    outcome = asked(make, TLS, serve(context), ca_file=str(authority.file))
    assert outcome.code == "webservice.tls_old"


# --- client certificates -----------------------------------------------------------------------


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("password", [b"", b"canary-8f8f-chave"])
def test_a_client_certificate_is_shown_where_the_server_asks_for_one(
    make: Make, authority: Authority, serve: Any, version: ssl.TLSVersion, password: bytes
) -> None:
    context = authority.issue().server(clients=authority.file)
    context.maximum_version = version
    url = serve(context)
    client = authority.issue("10.0.0.5", password=password)
    files = {"client_certificate": str(client.certificate), "client_key": str(client.key)}
    typed = {"webservice.key_password": password.decode()} if password else {}
    assert asked(make, REACHABLE, url, typed, ca_file=str(authority.file), **files).status == "ok"


def test_a_server_that_misses_the_client_certificate(make: Make, authority: Authority, serve: Any) -> None:
    url = serve(authority.issue().server(clients=authority.file))
    outcome = asked(make, REACHABLE, url, ca_file=str(authority.file))
    assert (outcome.status, outcome.code) == ("fail", "webservice.client_wanted")


def test_a_client_certificate_that_the_server_does_not_accept(
    make: Make, authority: Authority, serve: Any, tmp_path: Path
) -> None:
    client = Authority(tmp_path, "CA Outra").issue("10.0.0.5")
    url = serve(authority.issue().server(clients=authority.file))
    files = {"client_certificate": str(client.certificate), "client_key": str(client.key)}
    outcome = asked(make, REACHABLE, url, ca_file=str(authority.file), **files)
    assert (outcome.status, outcome.code) == ("fail", "webservice.client_refused")


@pytest.mark.parametrize(
    "case",
    [
        ("missing.pem", None, {}, "webservice.client_file"),
        ("junk.pem", None, {}, "webservice.client_file"),
        ("client.pem", "other.key", {}, "webservice.client_file"),
        ("client.pem", "client.key", {}, "webservice.client_key"),
        ("client.pem", "client.key", {"webservice.key_password": "canary-wrong"}, "webservice.client_key"),
    ],
)
def test_files_of_a_client_certificate_that_cannot_be_used(
    make: Make, authority: Authority, tmp_path: Path, case: tuple[str, str | None, dict[str, str], str]
) -> None:
    certificate, key, typed, code = case
    client = authority.issue(password=b"canary-8f8f-chave")
    client.certificate.rename(tmp_path / "client.pem")
    client.key.rename(tmp_path / "client.key")
    authority.issue().key.rename(tmp_path / "other.key")
    (tmp_path / "junk.pem").write_text("This is no certificate.")
    files = {"client_certificate": certificate} | ({"client_key": key} if key else {})
    outcome = asked(make, TLS, "https://127.0.0.1:1/ws", typed, **files)
    assert (outcome.status, outcome.code) == ("fail", code)
    assert "canary" not in repr(outcome)


def test_nothing_is_said_to_a_server_that_is_not_trusted(make: Make, authority: Authority, bad_server: Any) -> None:
    server = bad_server(lambda _path, connection: connection.sendall(OK), authority.issue(own=True).server())
    assert asked(make, TLS, server.url).status == "fail"
    assert asked(make, REACHABLE, server.url).status == "fail"
    assert server.heads == []


def test_a_server_that_closes_in_the_handshake(make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        import threading

        def close_at_once() -> None:
            listener.accept()[0].close()

        thread = threading.Thread(target=close_at_once)
        thread.start()
        outcome = asked(make, TLS, f"https://127.0.0.1:{listener.getsockname()[1]}/ws")
        thread.join()
    assert outcome.code == "webservice.closed"
