"""Are the two services published: the demo's, and servers that have one of them, another one, or something else."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from wizard.checklist.check import Outcome, Subject
from wizard.checklist.registry import checks, chosen
from wizard.checklist.run import Run
from wizard.demo.soap import SoapServer

Check = Callable[..., Outcome]
Make = Callable[..., Subject]

PRODUCTION, PURCHASE = "webservice.production_order", "webservice.purchase_order"

WSDL = """<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t" targetNamespace="urn:t"
 xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/">{head}<message name="m"/>
<portType name="p">{operation}</portType>
<binding name="b" type="t:p"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>{bound}</binding>
<service name="{name}"><port name="o" binding="t:b"><s:address location="{address}"/></port></service></definitions>"""

OPERATION = '<operation name="RECEIVE"><input message="t:m"/></operation>'
BOUND = '<operation name="RECEIVE"><s:operation/><input><s:body use="literal"/></input></operation>'

INDEX = '<html><a href="{href}">{text}</a></html>'

BOMB = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><d>&b;</d>'


def wsdl(name: str, operation: str = OPERATION, address: str = "http://127.0.0.1/x", head: str = "") -> str:
    bound = BOUND if operation else ""
    return WSDL.format(name=name, operation=operation, bound=bound, address=address, head=head)


def serves(**pages: str) -> Callable[[str, socket.socket], None]:
    """Pages by the stem of their name, in any case; the others do not exist."""
    known = {name.casefold(): body for name, body in pages.items()}

    def answer(path: str, connection: socket.socket) -> None:
        body = known.get(path.rpartition("/")[2].partition(".")[0].casefold())
        head = "404 Not Found" if body is None else "200 OK"
        raw = (body or "").encode()
        connection.sendall(
            f"HTTP/1.1 {head}\r\nContent-Type: text/xml\r\nContent-Length: {len(raw)}\r\n\r\n".encode() + raw
        )

    return answer


def failed(outcome: Outcome) -> str:
    """The code of an outcome that has to be a failure with something to do."""
    assert outcome.status == "fail"
    assert outcome.hint
    return outcome.code


@pytest.mark.seed("R-CFG-05", "R-CFG-06")
@pytest.mark.parametrize(
    ("id_", "message"),
    [
        (PRODUCTION, "PRODUCTIONORDER is published; message version 2.000."),
        (PURCHASE, "PURCHASEORDER is published; message version 1.007."),
    ],
)
def test_both_services_of_the_demo_are_published(check: Check, good_server: SoapServer, id_: str, message: str) -> None:
    outcome = check(id_, good_server.url)
    assert (outcome.status, outcome.code, outcome.message) == ("ok", "webservice.published", message)
    assert outcome.details["soap"] == "1.1, 1.2"
    assert outcome.details["operations"] == "RECEIVEMESSAGE"
    assert check(id_, good_server.url + "/").status == "ok"


@pytest.mark.seed("R-CFG-05")
def test_one_service_that_is_missing_is_named(check: Check, bad_server: Any) -> None:
    url = bad_server(serves(wsindex="<html></html>", PRODUCTIONORDER=wsdl("PRODUCTIONORDER"))).url
    assert check(PRODUCTION, url).status == "ok"
    outcome = check(PURCHASE, url)
    assert failed(outcome) == "webservice.service_missing"
    assert "PURCHASEORDER" in outcome.message
    assert f"{url}/wsindex.apw" in outcome.hint


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("productionorder.apw?WSDL", "x"),
        ("/ws/ProductionOrder.apw", "x"),
        ("hidden.apw?WSDL", "ProductionOrder"),
    ],
)
def test_a_service_is_found_through_the_index_whatever_the_case(
    check: Check, bad_server: Any, href: str, text: str
) -> None:
    pages = {"productionorder": wsdl("ProductionOrder"), "hidden": wsdl("productionorder")}
    url = bad_server(serves(wsindex=INDEX.format(href=href, text=text), **pages)).url
    assert check(PRODUCTION, url).status == "ok"


def test_an_index_that_links_by_a_name_of_the_server_s_own_is_followed_here(check: Check, bad_server: Any) -> None:
    own = "http://logix-own.invalid:8080/ws/{}.apw?WSDL"
    index = "".join(INDEX.format(href=own.format(name), text=name) for name in ("PRODUCTIONORDER", "PURCHASEORDER"))
    pages = {
        name: wsdl(name, address="http://logix-own.invalid:8080/ws") for name in ("PRODUCTIONORDER", "PURCHASEORDER")
    }
    url = bad_server(serves(wsindex=index, **pages)).url
    assert check(PRODUCTION, url).status == "ok"
    outcome = check("webservice.addresses", url)
    assert failed(outcome) == "webservice.wsdl_address"
    assert "URLLocation" in outcome.hint


def test_an_index_that_does_not_exist_is_done_without(check: Check, bad_server: Any) -> None:
    assert check(PRODUCTION, bad_server(serves(PRODUCTIONORDER=wsdl("PRODUCTIONORDER"))).url).status == "ok"


@pytest.mark.parametrize("line", ["403 Forbidden", "500 Internal Server Error", "503 Service Unavailable"])
def test_an_index_that_is_refused_is_told_and_the_services_are_asked_all_the_same(
    make: Make, bad_server: Any, line: str
) -> None:
    published = serves(PRODUCTIONORDER=wsdl("PRODUCTIONORDER"), PURCHASEORDER=wsdl("PURCHASEORDER"))

    def answer(path: str, connection: socket.socket) -> None:
        if path.endswith("wsindex.apw"):
            connection.sendall(f"HTTP/1.1 {line}\r\nContent-Length: 6\r\n\r\nclosed".encode())
        else:
            published(path, connection)

    found = Run(make(bad_server(answer).url), chosen(["webservice.index", PRODUCTION, PURCHASE])).run()
    told = {result.check.id: (result.outcome.status, result.outcome.code) for result in found.results}
    assert told["webservice.reachable"] == told["webservice.index"] == ("warn", "webservice.index_refused")
    assert told[PRODUCTION] == told[PURCHASE] == ("ok", "webservice.published")
    reachable = next(result.outcome for result in found.results if result.check.id == "webservice.reachable")
    assert line[:3] in reachable.message
    assert found.status == "ok"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "http://[broken", "mailto:a@b"])
def test_a_link_that_leads_nowhere_does_not_crash(check: Check, bad_server: Any, link: str) -> None:
    index = INDEX.format(href=link, text="PRODUCTIONORDER")
    outcome = check(PRODUCTION, bad_server(serves(wsindex=index, PRODUCTIONORDER=wsdl("PRODUCTIONORDER"))).url)
    assert outcome.code == "webservice.published"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<!DOCTYPE html><html><body>Bem-vindo<br></body></html>", "webservice.html"),
        ("", "webservice.not_wsdl"),
        ("<outra><coisa/></outra>", "webservice.not_wsdl"),
        (BOMB, "webservice.not_wsdl"),
        (wsdl("CUSTOMER"), "webservice.other_service"),
        (wsdl("PRODUCTIONORDERS"), "webservice.other_service"),
        (wsdl("PRODUCTIONORDER", ""), "webservice.no_operation"),
    ],
)
def test_what_is_no_wsdl_of_the_service(check: Check, bad_server: Any, body: str, code: str) -> None:
    outcome = check(PRODUCTION, bad_server(serves(wsindex="", PRODUCTIONORDER=body)).url)
    assert failed(outcome) == code


def test_another_service_is_named(check: Check, bad_server: Any) -> None:
    outcome = check(PRODUCTION, bad_server(serves(PRODUCTIONORDER=wsdl("CUSTOMER"))).url)
    assert outcome.message == "The WSDL describes CUSTOMER, not PRODUCTIONORDER."


def test_a_refusal_of_the_wsdl_alone_is_told(check: Check, bad_server: Any) -> None:
    def answer(path: str, connection: socket.socket) -> None:
        line = "200 OK" if "wsindex" in path else "401 Unauthorized"
        connection.sendall(f"HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n".encode())

    assert failed(check(PRODUCTION, bad_server(answer).url)) == "webservice.login"


def test_the_login_stays_with_the_server_of_the_profile(make: Make, bad_server: Any) -> None:
    other = bad_server(serves(PRODUCTIONORDER=wsdl("PRODUCTIONORDER")))
    link = f"{other.url}/PRODUCTIONORDER.apw?WSDL"
    own = bad_server(serves(wsindex=INDEX.format(href=link, text="PRODUCTIONORDER")))
    subject = make(own.url, {"webservice.password": "canary-1d20-senha"}, user="aps")
    assert checks()[PRODUCTION].run(subject).status == "ok"
    assert "Authorization: Basic" in own.heads[-1]
    assert len(other.heads) == 1
    assert "Authorization" not in other.heads[0]


def test_a_service_may_have_another_name_in_the_profile(check: Check, bad_server: Any) -> None:
    url = bad_server(serves(APSORDERS=wsdl("APSORDERS"))).url
    service = {"name": "APSORDERS", "version": "2.001"}
    outcome = check(PRODUCTION, url, production_order=service)
    assert outcome.message == "APSORDERS is published; message version 2.001."


def test_the_services_are_not_asked_where_the_server_does_not_answer(make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    report = Run(make(f"http://127.0.0.1:{port}/ws"), chosen([PRODUCTION, PURCHASE])).run()
    codes = [result.outcome.code for result in report.results]
    assert codes[2:] == ["webservice.refused", "needs_failed", "needs_failed", "needs_failed", "needs_failed"]


def test_services_are_found_without_an_index_by_the_names_of_an_app_server(make: Make, bad_server: Any) -> None:
    server = bad_server(serves(PRODUCTIONORDER=wsdl("PRODUCTIONORDER"), PURCHASEORDER=wsdl("PURCHASEORDER")))
    report = Run(make(server.url), chosen([PRODUCTION, PURCHASE, "webservice.index"])).run()
    found = {result.check.id: (result.outcome.status, result.outcome.code) for result in report.results}
    assert found["webservice.index"] == ("warn", "webservice.no_index")
    assert found[PRODUCTION] == found[PURCHASE] == ("ok", "webservice.published")
