"""Reading a WSDL: first by itself, then as a SOAP client does it, with all it refers to. Nothing is called."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _
from typing import Any
from urllib.parse import urlsplit

from wizard.checklist.check import Outcome, Subject
from wizard.webservice.fetch import FetchFailed, Page, get, refused_status
from wizard.webservice.libraries import load

_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"

DOCUMENTS = 40
"""Documents that one WSDL may refer to."""

TOTAL = 20 * 1024 * 1024
"""Bytes of all of them together."""


class NotWsdl(Exception):
    """The document is not a WSDL; the text says what it is instead."""


class DocumentMissing(Exception):
    """A document that the WSDL refers to cannot be had; `outcome` says why, None when it is no web address."""

    def __init__(self, address: str, outcome: Outcome | None) -> None:
        self.address = address
        self.outcome = outcome
        super().__init__(address)


class Unusable(Exception):
    """A SOAP client cannot make use of the WSDL; the text is what it says."""


@dataclass(frozen=True)
class Service:
    """A service of a WSDL: its operations, the SOAP versions it speaks, and the addresses that orders go to."""

    name: str
    operations: tuple[str, ...]
    versions: tuple[str, ...]
    addresses: tuple[str, ...]


def root_of(body: bytes) -> Any:
    """The root of a WSDL 1.1. Raises NotWsdl for anything else, also for XML with a DOCTYPE."""
    from lxml import etree

    root = _parsed(body)
    if root.tag != f"{_WSDL}definitions":
        raise NotWsdl(f"<{etree.QName(root).localname[:40]}>")
    return root


def _parsed(body: bytes) -> Any:
    """The root of an XML document, without entities, DTD and network. Raises NotWsdl."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise NotWsdl(_("no XML")) from None
    info: Any = root.getroottree().docinfo
    if info.doctype:
        raise NotWsdl(_("XML with DOCTYPE"))
    return root


def read_services(subject: Subject, page: Page) -> tuple[Service, ...]:
    """The services of a WSDL that was fetched, read as a SOAP client reads it, with every document it refers to.

    Raises NotWsdl, DocumentMissing or Unusable.
    """
    root_of(page.body)
    load("zeep")
    from zeep.settings import Settings
    from zeep.wsdl import Document

    # External documents are what the loader is for: imports of schemas and of parts of the WSDL.
    settings = Settings(strict=True, xml_huge_tree=False, forbid_dtd=True, forbid_entities=True, forbid_external=False)
    loader: Any = _Loader(subject, page)
    try:
        document: Any = Document(page.url, loader, settings=settings)
        return tuple(_service(found) for found in document.services.values())
    except (DocumentMissing, Unusable):
        raise
    except Exception as error:  # noqa: BLE001 - a WSDL can be wrong in any way; none of them is a fault of the program
        text = " ".join(str(error).split())[:200]
        raise Unusable(f"{type(error).__name__}: {text}") from None


class _Loader:
    """What zeep calls a transport: it can fetch documents with our limits, and nothing else."""

    def __init__(self, subject: Subject, page: Page) -> None:
        self._subject = subject
        self._known = {page.url: page.body}
        self._bytes = len(page.body)

    def load(self, url: str) -> bytes:
        """A document that the WSDL refers to, proved to be harmless XML."""
        if url in self._known:
            return self._known[url]
        if urlsplit(url).scheme not in ("http", "https"):
            raise DocumentMissing(url[:200], None)
        if len(self._known) > DOCUMENTS or self._bytes > TOTAL:
            raise Unusable(_("it refers to too many documents"))
        try:
            page = get(self._subject, url)
        except FetchFailed as error:
            raise DocumentMissing(url[:200], error.outcome) from None
        refused = refused_status(self._subject, page)
        if refused:
            raise DocumentMissing(url[:200], refused)
        try:
            _parsed(page.body)
        except NotWsdl as found:
            raise Unusable(f"{url[:200]}: {found}") from None
        self._bytes += len(page.body)
        self._known[url] = page.body
        return page.body


def _service(found: Any) -> Service:
    operations: dict[str, None] = {}
    versions: dict[str, None] = {}
    addresses: dict[str, None] = {}
    for port in found.ports.values():
        version = {"Soap11Binding": "1.1", "Soap12Binding": "1.2"}.get(type(port.binding).__name__)
        if version is None:
            continue
        versions[version] = None
        operations.update(dict.fromkeys(port.binding.all()))
        address = port.binding_options.get("address")
        if address:
            addresses[str(address).strip()] = None
    return Service(str(found.name), tuple(operations), tuple(sorted(versions)), tuple(addresses))
