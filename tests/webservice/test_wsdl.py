"""Reading a WSDL, and refusing what is none or wants to do harm."""

from __future__ import annotations

import time
import urllib.request
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.patience import PATIENCE
from wizard.demo.soap import OPERATION, SERVICES, SoapServer
from wizard.webservice.fetch import Page
from wizard.webservice.html import links
from wizard.webservice.wsdl import NotWsdl, Service, read_services, root_of

BOMB = (
    b'<!DOCTYPE d [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b']><d xmlns="http://schemas.xmlsoap.org/wsdl/">&m;</d>'
)

EMPTY = b'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>'


def fetched(server: SoapServer, page: str) -> bytes:
    with urllib.request.urlopen(f"{server.url}/{page}", timeout=PATIENCE) as answer:  # noqa: S310 - the demo's own
        return bytes(answer.read())


def page(url: str, body: bytes) -> Page:
    return Page(url, 200, "text/xml", body, "")


@pytest.mark.parametrize("service", SERVICES)
def test_a_wsdl_of_the_demo_says_all_that_is_asked(good_server: SoapServer, make: Any, service: str) -> None:
    url = f"{good_server.url}/{service}.apw?WSDL"
    assert read_services(make(good_server.url), page(url, fetched(good_server, f"{service}.apw?WSDL"))) == (
        Service(service, (OPERATION,), ("1.1", "1.2"), (f"{good_server.url}/{service}.apw",)),
    )


def test_a_wsdl_may_say_nothing(make: Any) -> None:
    assert read_services(make("http://logix/ws"), page("http://logix/ws/x", EMPTY)) == ()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "no XML"),
        (b"PRODUCTIONORDER", "no XML"),
        (b"<html><body><br></body></html>", "no XML"),
        (b"<definitions>", "no XML"),
        (b'{"services": []}', "no XML"),
        (b"\x00\x01\x02\xff", "no XML"),
        (b'<?xml version="1.0" encoding="none-such"?><a/>', "no XML"),
        (b"<html/>", "<html>"),
        (b"<definitions/>", "<definitions>"),
        (b'<description xmlns="http://www.w3.org/ns/wsdl"/>', "<description>"),
        (b"<!DOCTYPE html><html/>", "XML with DOCTYPE"),
        (b"<!DOCTYPE d SYSTEM 'http://127.0.0.1:1/x.dtd'>" + EMPTY, "XML with DOCTYPE"),
        (b"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><d>&x;</d>", "XML with DOCTYPE"),
    ],
)
def test_what_is_no_wsdl_is_told_by_what_it_is(body: bytes, told: str) -> None:
    with pytest.raises(NotWsdl) as caught:
        root_of(body)
    assert str(caught.value) == told


def refusing(body: bytes) -> float:
    """The least of three times that this takes, in seconds of work."""
    times = []
    for _try in range(3):
        began = time.thread_time()
        with pytest.raises(NotWsdl):
            root_of(body)
        times.append(time.thread_time() - began)
    return min(times)


@pytest.mark.parametrize("body", [BOMB, b"<a>" * 1_000_000], ids=["entities that explode", "a million levels"])
def test_what_would_take_for_ever_is_refused_sooner_than_a_large_document_is_read(body: bytes) -> None:
    assert refusing(body) < refusing(b"<a>" + b"<b/>" * 1_000_000 + b"</a>")


@given(st.binary(max_size=200))
def test_no_bytes_at_all_do_harm(body: bytes) -> None:
    with pytest.raises(NotWsdl):
        root_of(body)
    assert isinstance(links(body), tuple)


def test_the_links_of_an_index_are_pairs_of_text_and_address(good_server: SoapServer) -> None:
    assert links(fetched(good_server, "wsindex.apw")) == tuple((name, f"/ws/{name}.apw?WSDL") for name in SERVICES)


@pytest.mark.parametrize("body", [b"", b"   ", b"<!-- -->", b"<a>no address</a>", b"<<<>>>", b"<a href='x'><b> Y </b>"])
def test_an_index_that_is_badly_written_is_read_as_far_as_it_goes(body: bytes) -> None:
    assert links(body) in ((), (("no address", ""),), (("Y", "x"),))
