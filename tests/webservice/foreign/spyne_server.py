"""Both services by spyne, which writes their WSDL itself. Prints the port, and ends with its standard input."""

from __future__ import annotations

import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

from spyne import Application, ServiceBase, Unicode, rpc
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

INDEX = b'<html><a href="PRODUCTIONORDER.apw?WSDL">PRODUCTIONORDER</a><a href="PURCHASEORDER.apw?WSDL">x</a></html>'


def orders(name: str) -> WsgiApplication:
    class Orders(ServiceBase):
        @rpc(Unicode, _returns=Unicode)
        def receive(ctx, message):  # noqa: N805, ARG002 - spyne's own shape
            raise AssertionError("an operation was called")

    Orders.__name__ = name
    soap = Application([Orders], f"urn:{name}", name=name, in_protocol=Soap11(), out_protocol=Soap11())
    return WsgiApplication(soap)


SERVICES = {name: orders(name) for name in ("PRODUCTIONORDER", "PURCHASEORDER")}


def application(environ, start_response):
    page = environ["PATH_INFO"].rpartition("/")[2]
    if page == "wsindex.apw":
        start_response("200 OK", [("Content-Type", "text/html")])
        return [INDEX]
    return SERVICES[page.partition(".")[0]](environ, start_response)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    server.shutdown()
