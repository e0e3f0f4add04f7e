"""The demo's web services: an index, two WSDL documents and a refusal of every order.

A TOTVS AppServer publishes its services under one address (URLLocation of its ini file), as
``<address>/<SERVICE>.apw?WSDL``, and lists them in ``<address>/wsindex.apw``. The confirmation of the APS
sends production orders to PRODUCTIONORDER (message ProductionOrder 2.000) and purchase orders to
PURCHASEORDER (message 1.007); the manual of the integration asks to see both in a browser.

The WSDL documents of Logix are not public, nor are its operation names: ``OPERATION``, the element names
and the namespaces here are the demo's own. A client must read them from the WSDL, as it must with a real
server.
"""

from __future__ import annotations

import os
import socket
import socketserver
import threading
from contextlib import suppress
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template
from types import TracebackType
from typing import Any, Final
from xml.etree import ElementTree

SERVICES: Final = ("PRODUCTIONORDER", "PURCHASEORDER")
"""The services listed, by the names the manual of the integration gives them."""

OPERATION: Final = "RECEIVEMESSAGE"
"""The one operation of each service: takes a message's XML as a string, returns a string."""

MAX_BODY: Final = 10 * 1024 * 1024
"""Largest body accepted, in bytes."""

REFUSAL: Final = "Ambiente de demonstração: nenhuma ordem é aceita e nada foi gravado."
"""Text of the fault every well-formed call gets."""

SOAP_11: Final = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12: Final = "http://www.w3.org/2003/05/soap-envelope"

_HOST: Final = "127.0.0.1"
_BASE: Final = "/ws"
_MAX_DRAIN: Final = 4 * MAX_BODY
_IDLE_SECONDS: Final = 15.0
_JOIN_SECONDS: Final = 5.0

_INDEX: Final = Template("""<!DOCTYPE html>
<html lang="pt-BR">
<head><meta charset="utf-8"><title>Web Services</title></head>
<body>
<h1>Web Services disponíveis</h1>
<p>Ambiente de demonstração: Confecções Serra Azul Ltda.</p>
<ul>
$items</ul>
</body>
</html>
""")

_INDEX_ITEM: Final = Template('<li><a href="$base/$service.apw?WSDL">$service</a></li>\n')

_WSDL: Final = Template("""<?xml version="1.0" encoding="utf-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"
    xmlns:s="http://www.w3.org/2001/XMLSchema"
    xmlns:tns="$namespace" targetNamespace="$namespace" name="$service">
  <types>
    <s:schema elementFormDefault="qualified" targetNamespace="$namespace">
      <s:element name="$operation">
        <s:complexType><s:sequence>
          <s:element minOccurs="1" maxOccurs="1" name="MESSAGE" type="s:string"/>
        </s:sequence></s:complexType>
      </s:element>
      <s:element name="${operation}RESPONSE">
        <s:complexType><s:sequence>
          <s:element minOccurs="1" maxOccurs="1" name="${operation}RESULT" type="s:string"/>
        </s:sequence></s:complexType>
      </s:element>
    </s:schema>
  </types>
  <message name="${operation}SOAPIN"><part name="parameters" element="tns:$operation"/></message>
  <message name="${operation}SOAPOUT"><part name="parameters" element="tns:${operation}RESPONSE"/></message>
  <portType name="${service}SOAP">
    <operation name="$operation">
      <documentation>$title</documentation>
      <input message="tns:${operation}SOAPIN"/>
      <output message="tns:${operation}SOAPOUT"/>
    </operation>
  </portType>
  <binding name="${service}SOAP" type="tns:${service}SOAP">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="$operation">
      <soap:operation soapAction="$namespace/$operation" style="document"/>
      <input><soap:body use="literal"/></input>
      <output><soap:body use="literal"/></output>
    </operation>
  </binding>
  <binding name="${service}SOAP12" type="tns:${service}SOAP">
    <soap12:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="$operation">
      <soap12:operation soapAction="$namespace/$operation" style="document"/>
      <input><soap12:body use="literal"/></input>
      <output><soap12:body use="literal"/></output>
    </operation>
  </binding>
  <service name="$service">
    <port name="${service}SOAP" binding="tns:${service}SOAP"><soap:address location="$location"/></port>
    <port name="${service}SOAP12" binding="tns:${service}SOAP12"><soap12:address location="$location"/></port>
  </service>
</definitions>
""")

_TITLES: Final = {
    "PRODUCTIONORDER": "Recebe ordens de produção (mensagem ProductionOrder 2.000)",
    "PURCHASEORDER": "Recebe ordens de compra (mensagem 1.007)",
}

_FAULT_11: Final = Template("""<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>\
<faultcode>soap:$code</faultcode><faultstring>$text</faultstring>\
</soap:Fault></soap:Body></soap:Envelope>
""")

_FAULT_12: Final = Template("""<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body><soap:Fault>\
<soap:Code><soap:Value>soap:$code</soap:Value></soap:Code>\
<soap:Reason><soap:Text xml:lang="pt-BR">$text</soap:Text></soap:Reason>\
</soap:Fault></soap:Body></soap:Envelope>
""")

_CODES_12: Final = {"Client": "Sender", "Server": "Receiver"}


def _parse(body: bytes) -> ElementTree.Element:
    """The root of an XML document; ElementTree.ParseError, ValueError or LookupError if it is not accepted.

    A document with a DOCTYPE is not, wherever the word stands, nor is one in UTF-16. The bytes tell: the
    parser takes no other encoding than these two kinds, UTF-16 (which has zero bytes in the word) and those
    that write ASCII as ASCII.
    """
    if b"<!DOCTYPE" in body or b"\0" in body:
        raise ValueError("DOCTYPE or UTF-16")
    return ElementTree.fromstring(body)  # noqa: S314 - without a DOCTYPE there are no entities to expand


def _fault(soap: str, code: str, text: str) -> tuple[str, bytes]:
    """Content type and body of a fault. ``code`` is the SOAP 1.1 one, Client or Server."""
    if soap == SOAP_12:
        body = _FAULT_12.substitute(code=_CODES_12[code], text=escape(text, quote=False))
        return "application/soap+xml; charset=utf-8", body.encode()
    body = _FAULT_11.substitute(code=code, text=escape(text, quote=False))
    return "text/xml; charset=utf-8", body.encode()


def _index() -> bytes:
    items = "".join(_INDEX_ITEM.substitute(base=_BASE, service=service) for service in SERVICES)
    return _INDEX.substitute(items=items).encode()


def _wsdl(service: str, url: str) -> bytes:
    return _WSDL.substitute(
        service=service,
        operation=OPERATION,
        namespace=f"urn:aps-wizard:demo:{service}",
        title=escape(_TITLES[service]),
        location=escape(f"{url}/{service}.apw"),
    ).encode()


def _service_of(path: str) -> str | None:
    """The service a path names, without regard to case."""
    wanted = path.casefold()
    for service in SERVICES:
        if wanted == f"{_BASE}/{service}.apw".casefold():
            return service
    return None


class _HTTPServer(ThreadingHTTPServer):
    """Answers each connection in a daemon thread, and can end those still open."""

    daemon_threads = True
    # On Windows this option would let another program take the same port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, port: int) -> None:
        self._open: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        super().__init__((_HOST, port), _Handler)

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self.server_port}{_BASE}"

    def server_bind(self) -> None:
        # The parent's method asks the name service for the host's name, which may take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name = _HOST
        self.server_port = int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._lock:
            self._open[thread] = request
        thread.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open.pop(threading.current_thread(), None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news: nothing is written to stderr."""

    def end_connections(self) -> None:
        with self._lock:
            left = dict(self._open)
        for connection in left.values():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in left:
            thread.join(_JOIN_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    server: _HTTPServer
    server_version = "TotvsAppServerDemo"
    sys_version = ""
    timeout = _IDLE_SECONDS

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Nothing is logged."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path.casefold() in (_BASE, f"{_BASE}/", f"{_BASE}/wsindex.apw"):
            self._answer(200, "text/html; charset=utf-8", _index())
            return
        service = _service_of(path)
        if service is not None and query.casefold().rstrip("=") == "wsdl":
            self._answer(200, "text/xml; charset=utf-8", _wsdl(service, self.server.url))
            return
        self._answer(404, "text/plain; charset=utf-8", "Endereço inexistente.\n".encode())

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        length = self._length()
        if length is None or length > MAX_BODY:
            # What is not read would make the system reset the connection, and the answer be lost.
            self._drain(min(length or 0, _MAX_DRAIN))
            limit = f"A mensagem deve informar seu tamanho e ter no máximo {MAX_BODY} bytes."
            self._refuse(400, self._soap_of_header(), "Client", limit)
            return
        body = self.rfile.read(length)
        if _service_of(self.path.partition("?")[0]) is None:
            self._answer(404, "text/plain; charset=utf-8", "Endereço inexistente.\n".encode())
            return
        try:
            root = _parse(body)
        except (ElementTree.ParseError, ValueError, LookupError):
            # LookupError: the document declares an encoding Python does not know.
            self._refuse(400, self._soap_of_header(), "Client", "A mensagem não é um XML aceito.")
            return
        soap = next((ns for ns in (SOAP_11, SOAP_12) if root.tag == f"{{{ns}}}Envelope"), None)
        if soap is None or root.find(f"{{{soap}}}Body") is None:
            self._refuse(400, soap or self._soap_of_header(), "Client", "A mensagem não é um envelope SOAP.")
            return
        self._refuse(500, soap, "Server", REFUSAL)

    def _length(self) -> int | None:
        """The length the client declares, None if it declares none that can be read."""
        text = self.headers.get("Content-Length", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

    def _drain(self, count: int) -> None:
        while count > 0:
            piece = self.rfile.read(min(count, 65536))
            if not piece:
                return
            count -= len(piece)

    def _soap_of_header(self) -> str:
        """The SOAP version the content type announces, for a body that does not tell."""
        content_type = self.headers.get("Content-Type", "").casefold()
        return SOAP_12 if content_type.startswith("application/soap+xml") else SOAP_11

    def _refuse(self, status: int, soap: str, code: str, text: str) -> None:
        content_type, body = _fault(soap, code, text)
        self._answer(status, content_type, body)

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class SoapServer:
    """The demo's services on 127.0.0.1, from ``start()`` to ``stop()`` or for the length of a ``with``.

    ``port`` 0 takes any free port. A port in use raises OSError at ``start()``. A stopped server can be
    started again.
    """

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._server: _HTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Base address, such as ``http://127.0.0.1:8011/ws``; RuntimeError while stopped."""
        if self._server is None:
            raise RuntimeError("the demo's web services are stopped")
        return self._server.url

    def start(self) -> None:
        """Bind the port and answer in a thread; RuntimeError if already started."""
        if self._server is not None:
            raise RuntimeError("the demo's web services are started already")
        server = _HTTPServer(self._port)
        # The interval is how long stop() may have to wait.
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="demo-soap", daemon=True
        )
        thread.start()
        self._server, self._thread = server, thread

    def stop(self) -> None:
        """End the thread, the socket and the connections still open; nothing to do while stopped."""
        server, thread = self._server, self._thread
        if server is None or thread is None:
            return
        self._server = self._thread = None
        server.shutdown()
        thread.join()
        server.server_close()
        server.end_connections()

    def __enter__(self) -> SoapServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
