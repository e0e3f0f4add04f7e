"""The demo's services, seen by a real SOAP client and by plain HTTP."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import requests
import zeep
from zeep.transports import Transport

from tests.patience import PATIENCE
from wizard.demo import soap
from wizard.demo.soap import SoapServer

WSDL = "http://schemas.xmlsoap.org/wsdl/"
ENVELOPE = '<e:Envelope xmlns:e="{}"><e:Body><x>ordem</x></e:Body></e:Envelope>'


@pytest.fixture(scope="module")
def server() -> Iterator[SoapServer]:
    with SoapServer() as running:
        yield running


def ask(
    server: SoapServer, method: str, path: str, body: bytes | None = None, content_type: str = "text/xml"
) -> tuple[int, str, bytes]:
    """Status, content type and body of an answer."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=PATIENCE)
    try:
        connection.request(method, path, body=body, headers={"Content-Type": content_type} if body else {})
        response = connection.getresponse()
        return response.status, response.headers.get_content_type(), response.read()
    finally:
        connection.close()


def parsed(document: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(document)  # noqa: S314 - the answer of this program


def client(server: SoapServer, service: str, port: str) -> tuple[zeep.Client, requests.Session, object]:
    session = requests.Session()
    session.trust_env = False  # a proxy of the machine must not see 127.0.0.1
    made = zeep.Client(f"{server.url}/{service}.apw?WSDL", transport=Transport(session=session))
    return made, session, made.bind(service, port)


def test_url_is_local(server: SoapServer) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/ws", server.url)


@pytest.mark.parametrize("path", ["/ws", "/ws/", "/ws/wsindex.apw", "/WS/WSINDEX.APW", "/ws/wsindex.apw?x=1"])
def test_index_lists_the_services(server: SoapServer, path: str) -> None:
    status, content_type, body = ask(server, "GET", path)
    assert (status, content_type) == (200, "text/html")
    links = re.findall(r'href="([^"]+)">(\w+)<', body.decode())
    assert links == [(f"/ws/{service}.apw?WSDL", service) for service in soap.SERVICES]
    assert all(ask(server, "GET", link)[0] == 200 for link, _ in links)


@pytest.mark.parametrize("service", soap.SERVICES)
def test_wsdl_gives_the_servers_own_address(server: SoapServer, service: str) -> None:
    status, content_type, body = ask(server, "GET", f"/ws/{service.lower()}.APW?wsdl")
    assert (status, content_type) == (200, "text/xml")
    root = parsed(body)
    assert root.tag == f"{{{WSDL}}}definitions"
    addresses = [element.get("location") for element in root.iter() if element.tag.endswith("}address")]
    assert addresses == [f"{server.url}/{service}.apw"] * 2


@pytest.mark.parametrize("service", soap.SERVICES)
@pytest.mark.parametrize("port", ["SOAP", "SOAP12"])
def test_a_real_client_gets_a_fault(server: SoapServer, service: str, port: str) -> None:
    made, session, proxy = client(server, service, f"{service}{port}")
    with session:
        assert set(made.wsdl.services) == {service}
        with pytest.raises(zeep.exceptions.Fault, match="demonstração") as caught:
            getattr(proxy, soap.OPERATION)(MESSAGE="<TOTVSMessage/>")
        assert caught.value.message == soap.REFUSAL
        assert caught.value.code == ("soap:Server" if port == "SOAP" else "soap:Receiver")


@pytest.mark.parametrize("namespace", [soap.SOAP_11, soap.SOAP_12])
def test_fault_comes_in_the_version_of_the_envelope(server: SoapServer, namespace: str) -> None:
    # The content type says the other version: the envelope decides.
    other = "text/xml" if namespace == soap.SOAP_12 else "application/soap+xml"
    body = ENVELOPE.format(namespace).encode()
    status, content_type, answer = ask(server, "POST", "/ws/purchaseorder.apw", body, other)
    assert status == 500
    assert content_type == ("application/soap+xml" if namespace == soap.SOAP_12 else "text/xml")
    assert parsed(answer).find(f"{{{namespace}}}Body/{{{namespace}}}Fault") is not None


@pytest.mark.parametrize(
    "body",
    [
        b"n\xc3\xa3o sou XML",
        b" ",
        b"<aberto>",
        b"<outra/>",
        b'<?xml version="1.0" encoding="nenhuma"?><a/>',
        f'<e:Envelope xmlns:e="{soap.SOAP_11}"/>'.encode(),
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + ENVELOPE.format(soap.SOAP_11).encode(),
        f'<!DOCTYPE a [<!ENTITY b "c">]>{ENVELOPE.format(soap.SOAP_11)}'.encode("utf-16"),
        b'<?xml version="1.0" encoding="cp037"?>' + "<!DOCTYPE a><a/>".encode("cp037"),
    ],
)
def test_what_is_no_envelope_is_a_bad_request(server: SoapServer, body: bytes) -> None:
    status, _, answer = ask(server, "POST", "/ws/PRODUCTIONORDER.apw", body)
    assert status == 400
    assert parsed(answer).findtext(".//faultcode") == "soap:Client"


def test_other_encodings_of_ascii_are_read(server: SoapServer) -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + ENVELOPE.format(soap.SOAP_11)
    body = text.replace("ordem", "produção").encode("latin-1")
    assert ask(server, "POST", "/ws/PRODUCTIONORDER.apw", body)[0] == 500


def test_body_size_limit(server: SoapServer) -> None:
    head, tail = ENVELOPE.format(soap.SOAP_11).encode().split(b"ordem")
    fitting = head + b"x" * (soap.MAX_BODY - len(head) - len(tail)) + tail
    assert ask(server, "POST", "/ws/PRODUCTIONORDER.apw", fitting)[0] == 500
    status, _, answer = ask(server, "POST", "/ws/PRODUCTIONORDER.apw", fitting + b" ")
    assert status == 400
    assert str(soap.MAX_BODY) in (parsed(answer).findtext(".//faultstring") or "")


def test_a_deep_document_does_no_harm(server: SoapServer) -> None:
    deep = b"<a>" * 500_000 + b"</a>" * 500_000
    assert ask(server, "POST", "/ws/PRODUCTIONORDER.apw", deep)[0] == 400
    assert ask(server, "GET", "/ws")[0] == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/wsindex.apw"),
        ("GET", "/ws/OUTRO.apw?WSDL"),
        ("GET", "/ws/PRODUCTIONORDER.apw"),
        ("GET", "/ws/../../etc/passwd"),
        ("POST", "/ws/OUTRO.apw"),
        ("POST", "/ws/wsindex.apw"),
    ],
)
def test_other_paths_do_not_exist(server: SoapServer, method: str, path: str) -> None:
    assert ask(server, method, path, b"<a/>" if method == "POST" else None)[0] == 404


def test_head_has_no_body(server: SoapServer) -> None:
    assert ask(server, "HEAD", "/ws/wsindex.apw") == (200, "text/html", b"")


def test_nothing_is_written_to_stderr(server: SoapServer, capfd: pytest.CaptureFixture[str]) -> None:
    ask(server, "GET", "/ws")
    ask(server, "GET", "/outro")
    ask(server, "QUALQUER", "/ws")
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_a_stopped_server_leaves_nothing_behind() -> None:
    before = set(threading.enumerate())
    server = SoapServer()
    server.start()
    address = urlsplit(server.url)
    assert address.port is not None
    target = ("127.0.0.1", address.port)
    # A client that connected and says nothing must not keep its thread alive.
    with socket.create_connection(target, timeout=PATIENCE) as idle:
        assert ask(server, "GET", "/ws")[0] == 200
        server.stop()
        assert idle.recv(1) == b""
    assert set(threading.enumerate()) <= before
    with pytest.raises(OSError, match=r".+"):
        socket.create_connection(target, timeout=5).close()
    server.stop()
    with pytest.raises(RuntimeError):
        _ = server.url


def test_a_server_starts_again_on_the_port_it_was_given() -> None:
    with SoapServer() as first:
        port = urlsplit(first.url).port
    assert port is not None
    server = SoapServer(port)
    for _ in range(2):
        with server:
            assert server.url == f"http://127.0.0.1:{port}/ws"
            assert ask(server, "GET", "/ws")[0] == 200
            with pytest.raises(RuntimeError):
                server.start()


def test_a_port_in_use_is_an_os_error(server: SoapServer) -> None:
    port = urlsplit(server.url).port
    assert port is not None
    with pytest.raises(OSError, match=r".+"):
        SoapServer(port).start()
