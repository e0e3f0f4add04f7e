"""Reading a WSDL just far enough to say what it publishes. Entities, DOCTYPE and network are off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_SOAP = {
    "http://schemas.xmlsoap.org/wsdl/soap/": "1.1",
    "http://schemas.xmlsoap.org/wsdl/soap12/": "1.2",
}


class NotWsdl(Exception):
    """The document is not a WSDL; the text says what it is instead."""


@dataclass(frozen=True)
class Wsdl:
    """Services, operations, SOAP versions and addresses that a WSDL names."""

    services: tuple[str, ...]
    operations: tuple[str, ...]
    versions: tuple[str, ...]
    addresses: tuple[str, ...]


def read_wsdl(body: bytes) -> Wsdl:
    """Parse WSDL 1.1. Raises NotWsdl for anything else, also for XML with a DOCTYPE."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise NotWsdl(_("no XML")) from None
    info: Any = root.getroottree().docinfo
    if info.doctype:
        raise NotWsdl(_("XML with DOCTYPE"))
    if root.tag != f"{_WSDL}definitions":
        raise NotWsdl(f"<{etree.QName(root).localname[:40]}>")
    bindings = [_namespace(element) for element in root.iterfind(f"{_WSDL}binding/*")]
    ports = root.iterfind(f"{_WSDL}service/{_WSDL}port/*")
    return Wsdl(
        services=tuple(str(element.get("name", "")) for element in root.iterfind(f"{_WSDL}service")),
        operations=_once(element.get("name") for element in root.iterfind(f"{_WSDL}portType/{_WSDL}operation")),
        versions=_once(_SOAP.get(namespace) for namespace in bindings),
        addresses=_once(element.get("location") for element in ports if _namespace(element) in _SOAP),
    )


def links(body: bytes) -> tuple[tuple[str, str], ...]:
    """Pairs of text and address of the links of an HTML page."""
    from lxml import etree, html

    try:
        root: Any = html.document_fromstring(body[:1_000_000])
    except (etree.ParserError, ValueError):
        return ()
    return tuple((str(link.text_content()).strip(), str(link.get("href", ""))) for link in root.iter("a"))


def _namespace(element: object) -> str:
    tag = getattr(element, "tag", "")
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def _once(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
