"""Where the index and the WSDL of a service are, whatever form the address has."""

from __future__ import annotations

import pytest

from wizard.profile.models import Service
from wizard.webservice.address import index_url, same_server, wsdl_url

ORDERS = Service(name="PRODUCTIONORDER", version="2.000")

BASES = ["http://logix:8080/ws", "http://logix:8080/ws/", "https://logix/ws", "http://10.0.0.9", "http://[::1]:8080/ws"]


@pytest.mark.parametrize("base", BASES)
def test_index_and_wsdl_stand_below_the_address(base: str) -> None:
    plain = base.rstrip("/")
    assert index_url(base) == f"{plain}/wsindex.apw"
    assert wsdl_url(base, ORDERS) == f"{plain}/PRODUCTIONORDER.apw?WSDL"


@pytest.mark.parametrize("base", ["http://logix:8080/ws", "http://logix:8080/ws/"])
@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("ProductionOrder.apw?WSDL", "http://logix:8080/ws/ProductionOrder.apw?WSDL"),
        ("/ws/productionorder.apw", "http://logix:8080/ws/productionorder.apw?WSDL"),
        ("/other/PRODUCTIONORDER.apw?wsdl", "http://logix:8080/other/PRODUCTIONORDER.apw?wsdl"),
        ("http://app:8081/ws/PRODUCTIONORDER.apw?WSDL", "http://app:8081/ws/PRODUCTIONORDER.apw?WSDL"),
        ("http://wsdl.local/ws/PRODUCTIONORDER.apw", "http://wsdl.local/ws/PRODUCTIONORDER.apw?WSDL"),
        ("./PRODUCTIONORDER.apw?x=1", "http://logix:8080/ws/PRODUCTIONORDER.apw?WSDL"),
    ],
)
def test_the_address_that_the_index_links_goes_first(base: str, link: str, found: str) -> None:
    assert wsdl_url(base, ORDERS, (("Other", "OTHER.apw"), ("Orders", link))) == found


@pytest.mark.parametrize("text", ["PRODUCTIONORDER", "ProductionOrder", "productionorder"])
def test_a_link_is_known_by_its_text_whatever_its_case(text: str) -> None:
    assert wsdl_url("http://logix/ws", ORDERS, ((text, "/x/svc12.apw"),)) == "http://logix/x/svc12.apw?WSDL"


@pytest.mark.parametrize(
    "links",
    [
        (),
        (("PRODUCTIONORDERS", "PRODUCTIONORDERS.apw"),),
        (("PRODUCTIONORDER", "http://[broken"),),
        (("", ""),),
    ],
)
def test_without_a_link_that_fits_the_address_is_made_of_the_name(links: tuple[tuple[str, str], ...]) -> None:
    assert wsdl_url("http://logix/ws", ORDERS, links) == "http://logix/ws/PRODUCTIONORDER.apw?WSDL"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("http://LOGIX/x", True),
        ("http://logix:80", True),
        ("https://logix/ws", True),
        ("https://logix:8443/ws", False),
        ("http://logix:8080/ws", False),
        ("http://other/ws", False),
    ],
)
def test_the_same_server_is_host_and_port_or_its_https(other: str, same: bool) -> None:
    assert same_server("http://logix/ws", other) is same


def test_from_https_to_http_is_another_server() -> None:
    assert not same_server("https://logix/ws", "http://logix/ws")
