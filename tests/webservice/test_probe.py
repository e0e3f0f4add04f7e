"""The other checks one by one: name, port, index, addresses inside the WSDL, versions; proxies; the table of faults."""

from __future__ import annotations

import re
import socket
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import wizard.webservice
from tests.webservice.test_service_check import INDEX, serves, wsdl
from wizard.checklist.check import Outcome, Subject
from wizard.checklist.registry import checks, chosen
from wizard.checklist.run import Run
from wizard.demo.soap import SoapServer
from wizard.webservice import causes, trust
from wizard.webservice.checks import addresses
from wizard.webservice.faults import FAULTS
from wizard.webservice.route import proxy_for

Check = Callable[..., Outcome]
Make = Callable[..., Subject]

NAME, PORT, FOUND, ADDRESSES = "webservice.name", "webservice.port", "webservice.index", "webservice.addresses"


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


# --- name and port -----------------------------------------------------------------------------


def test_a_name_that_resolves_tells_its_addresses(check: Check) -> None:
    outcome = check(NAME, "http://localhost:8080/ws")
    assert (outcome.status, outcome.code) == ("ok", "webservice.name_known")
    assert "127.0.0.1" in outcome.details["addresses"]


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "x" * 64 + ".br"])
def test_a_name_that_does_not_resolve_is_told(check: Check, host: str) -> None:
    outcome = check(NAME, f"http://{host}/ws")
    assert (outcome.status, outcome.code) == ("fail", "webservice.name_unknown")
    assert host in outcome.message


def test_a_port_that_answers_and_one_that_does_not(check: Check, good_server: SoapServer) -> None:
    assert check(PORT, good_server.url).code == "webservice.port_answers"
    port = closed_port()
    outcome = check(PORT, f"http://127.0.0.1:{port}/ws")
    assert (outcome.status, outcome.code) == ("fail", "webservice.refused")
    assert f"127.0.0.1:{port}" in outcome.message


def test_a_port_where_packets_are_dropped(check: Check) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        place = listener.getsockname()
        waiting = []
        # A full queue takes no more connections, and says nothing.
        for _one in range(4):
            client = socket.socket()
            client.setblocking(False)
            with suppress(BlockingIOError):
                client.connect(place)
            waiting.append(client)
        outcome = check(PORT, f"http://127.0.0.1:{place[1]}/ws")
        for client in waiting:
            client.close()
    assert (outcome.status, outcome.code) == ("fail", "webservice.port_silent")


def test_only_the_first_fault_is_told_and_the_rest_is_not_run(make: Make) -> None:
    ids = [FOUND, ADDRESSES, "webservice.versions"]
    report = Run(make("http://no-such-host.invalid/ws"), chosen(ids)).run()
    assert [result.check.id for result in report.results if result.outcome.status == "fail"] == [NAME]


# --- the index ---------------------------------------------------------------------------------


@pytest.mark.seed("R-CFG-05")
@pytest.mark.parametrize(
    ("index", "status", "code"),
    [
        ("<a href='PRODUCTIONORDER.apw?WSDL'>x</a><a href='y'>purchaseorder</a>", "ok", "webservice.listed"),
        ("<p>ProductionOrder</p><p>PurchaseOrder</p>", "ok", "webservice.listed"),
        (INDEX.format(href="PRODUCTIONORDER.apw", text="x"), "fail", "webservice.index_lacks"),
        ("<title>Fluig</title><p>Welcome</p>", "fail", "webservice.index_empty"),
        ("", "fail", "webservice.index_empty"),
        (None, "warn", "webservice.no_index"),
    ],
)
def test_the_index_has_to_list_both_services(
    check: Check, bad_server: Any, index: str | None, status: str, code: str
) -> None:
    pages = {} if index is None else {"wsindex": index}
    outcome = check(FOUND, bad_server(serves(**pages)).url)
    assert (outcome.status, outcome.code) == (status, code)


@pytest.mark.seed("R-CFG-05")
def test_one_service_of_two_is_named(check: Check, bad_server: Any) -> None:
    index = INDEX.format(href="PRODUCTIONORDER.apw", text="x")
    outcome = check(FOUND, bad_server(serves(wsindex=index)).url)
    assert outcome.message == "The index lists PRODUCTIONORDER, but not PURCHASEORDER."


@pytest.mark.parametrize("typed", ["", "/wsx", "/ws/extra"])
def test_an_index_at_the_usual_path_is_found(check: Check, good_server: SoapServer, typed: str) -> None:
    outcome = check(FOUND, good_server.url.removesuffix("/ws") + typed)
    assert (outcome.status, outcome.code) == ("fail", "webservice.index_elsewhere")
    assert outcome.hint == f"Use this address: {good_server.url}"


# --- the addresses inside the WSDL -------------------------------------------------------------


def publishing(bad_server: Any, address: str) -> str:
    """A server whose WSDLs send orders to an address."""
    pages = {name: wsdl(name, address=address) for name in ("PRODUCTIONORDER", "PURCHASEORDER")}
    return str(bad_server(serves(**pages)).url)


@pytest.mark.parametrize(
    ("address", "cause"),
    [
        ("http://no-such-host.invalid:8080/ws/X.apw", "webservice.name_unknown"),
        ("http://127.0.0.1:{closed}/ws/X.apw", "webservice.refused"),
        ("urn:nothing", ""),
        ("http://[broken/ws", ""),
    ],
)
def test_an_address_that_cannot_be_reached_is_named_with_its_cause(
    check: Check, bad_server: Any, address: str, cause: str
) -> None:
    address = address.format(closed=closed_port())
    outcome = check(ADDRESSES, publishing(bad_server, address))
    assert (outcome.status, outcome.code) == ("fail", "webservice.wsdl_address")
    assert address in outcome.message
    assert outcome.details.get("cause_code", "") == cause
    assert "URLLocation" in outcome.hint


def test_another_address_that_answers_is_in_order_whatever_it_says(check: Check, bad_server: Any) -> None:
    other = bad_server(serves())
    assert check(ADDRESSES, publishing(bad_server, f"{other.url}/X.apw")).status == "ok"
    assert [head.split(" ")[0] for head in other.heads] == ["GET", "GET"]


@pytest.mark.parametrize("address", ["http://localhost:8080/x", "http://127.0.0.1/x", "http://0.0.0.0:8080/x"])
def test_a_name_that_only_the_server_itself_can_use(make: Make, address: str) -> None:
    outcome = addresses.problem(make("http://srvlogix:8080/ws"), "X", "http://srvlogix:8080/ws/X.apw?WSDL", address)
    assert outcome is not None
    assert outcome.code == "webservice.wsdl_address_local"
    assert address in outcome.message


def test_nothing_but_get_is_ever_sent(make: Make, bad_server: Any) -> None:
    server = bad_server(
        serves(wsindex="", PRODUCTIONORDER=wsdl("PRODUCTIONORDER"), PURCHASEORDER=wsdl("PURCHASEORDER"))
    )
    ids = [id_ for id_ in checks() if id_.startswith("webservice.")]
    Run(make(server.url), chosen(ids)).run()
    assert {head.split(" ")[0] for head in server.heads} == {"GET"}


# --- versions ----------------------------------------------------------------------------------


@pytest.mark.seed("R-CFG-06")
def test_the_versions_of_the_messages_are_those_of_the_integration(check: Check) -> None:
    assert check("webservice.versions", "http://logix/ws").status == "ok"
    other = {"name": "PRODUCTIONORDER", "version": "2.001"}
    outcome = check("webservice.versions", "http://logix/ws", production_order=other)
    assert (outcome.status, outcome.code) == ("fail", "webservice.version_differs")
    assert "ProductionOrder 2.000, PurchaseOrder 1.007" in outcome.message


# --- proxies -----------------------------------------------------------------------------------


@contextmanager
def proxied(monkeypatch: pytest.MonkeyPatch, url: str) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("http_proxy", url)
        patch.setenv("https_proxy", url)
        yield


def test_a_proxy_is_honoured_and_shown_without_its_login(
    make: Make, bad_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = bad_server(serves(wsindex="<p>PRODUCTIONORDER PURCHASEORDER</p>"))
    place = proxy.url.split("/")[2]
    with proxied(monkeypatch, f"http://aps:canary-proxy@{place}"):
        report = Run(make("http://logix.invalid/ws"), chosen([FOUND])).run()
    outcomes = {result.check.id: result.outcome for result in report.results}
    assert {outcome.status for outcome in outcomes.values()} == {"ok"}
    for id_ in (NAME, PORT, "webservice.reachable", FOUND):
        assert place in f"{outcomes[id_].message} {outcomes[id_].details}"
    assert "canary" not in repr(report)
    assert proxy.heads[-1].startswith("GET http://logix.invalid/ws/wsindex.apw")
    assert "Proxy-Authorization" in proxy.heads[-1]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_asks_for_a_login_is_told(
    check: Check, bad_server: Any, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    def refuse(_path: str, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    proxy = bad_server(refuse)
    with proxied(monkeypatch, proxy.url):
        outcome = check(
            "webservice.reachable" if scheme == "http" else "webservice.tls", f"{scheme}://logix.invalid/ws"
        )
    assert (outcome.status, outcome.code) == ("fail", "webservice.proxy_login")


@pytest.mark.parametrize("scheme", ["ftp", "socks5"])
def test_a_proxy_of_a_kind_that_cannot_be_used_is_told(
    check: Check, good_server: SoapServer, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    place = good_server.url.split("/")[2]
    monkeypatch.setenv("http_proxy", f"{scheme}://aps:canary-9c@{place}")
    outcome = check("webservice.reachable", "http://logix.invalid:8080/ws")
    assert (outcome.code, outcome.details["proxy"]) == ("webservice.proxy", place)
    assert "canary" not in repr(outcome)


@pytest.mark.parametrize(
    ("setting", "wrong"),
    [
        ("http://aps:canary-9c@proxy:80x", "the port is no number up to 65535."),
        ("http://aps:canary-9c@proxy:99999", "the port is no number up to 65535."),
        ("proxy:canary-9c", "the port is no number up to 65535."),
        ("http://[canary-9c", "it is no address."),
        ("http://:3128", "it names no server."),
    ],
)
@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_a_proxy_setting_that_cannot_be_read_is_told_with_its_place(
    check: Check, monkeypatch: pytest.MonkeyPatch, setting: str, wrong: str, variable: str
) -> None:
    monkeypatch.setenv(variable, setting)
    outcome = check("webservice.name", "http://logix.invalid:8080/ws")
    assert (outcome.status, outcome.code) == ("fail", "webservice.proxy_setting")
    assert outcome.message == f"The proxy in {variable} cannot be used: {wrong}"
    assert "canary" not in repr(outcome)
    assert check("webservice.name", "http://127.0.0.1:8080/ws").status == "ok", "this machine needs no proxy"


def test_a_proxy_that_is_not_there_is_told(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxied(monkeypatch, f"http://127.0.0.1:{closed_port()}"):
        for id_ in (PORT, "webservice.reachable"):
            assert check(id_, "http://logix.invalid/ws").code == "webservice.proxy"


@pytest.mark.parametrize(
    ("url", "except_for", "through"),
    [
        ("http://logix/ws", "", True),
        ("https://logix/ws", "", True),
        ("http://logix/ws", "logix", False),
        ("http://10.1.2.3/ws", "10.0.0.0/8", False),
        ("http://127.0.0.1:8080/ws", "", False),
        ("http://localhost/ws", "", False),
        ("http://[::1]/ws", "", False),
    ],
)
def test_which_addresses_go_through_the_proxy(
    monkeypatch: pytest.MonkeyPatch, url: str, except_for: str, through: bool
) -> None:
    monkeypatch.setenv("no_proxy", except_for)
    with proxied(monkeypatch, "proxy.example:3128"):
        found = proxy_for(url)
    assert (found is not None) is through
    assert found is None or found.shown == "proxy.example:3128"


# --- the table ---------------------------------------------------------------------------------

SOURCES = "\n".join(
    file.read_text("utf-8")
    for file in Path(wizard.webservice.__path__[0]).rglob("*.py")
    if file.name not in ("faults.py", "file_faults.py")
)


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_has_cause_and_action_and_is_used(code: str) -> None:
    row = FAULTS[code]
    assert row.cause
    assert row.action.endswith((".", "}"))
    assert f'"{code}"' in SOURCES


def test_every_code_of_the_tables_has_its_row() -> None:
    named = {row.code for row in causes.ROWS} | {code for _words, code in trust._HANDSHAKE}
    named |= set(trust._VERIFY_CODES.values()) | set(re.findall(r'fault\(\s*"(webservice\.\w+)"', SOURCES))
    assert named <= set(FAULTS)


def test_texts_name_only_details_that_are_words() -> None:
    for row in FAULTS.values():
        for text in (row.cause, row.action):
            assert all(name is None or name.isidentifier() for _t, name, _f, _c in string.Formatter().parse(text))


def test_what_nobody_knows_is_told_in_its_own_words() -> None:
    outcome = causes.cause(RuntimeError("the moon is full"))
    assert outcome.code == "webservice.unknown"
    assert "the moon is full" in outcome.message
    assert "diagnostics" in outcome.hint
