"""What a page says to a person, for messages: its title, its text. It is never shown as markup."""

from __future__ import annotations

import codecs
from typing import Any

from wizard.webservice.libraries import load

READ = 1_000_000
"""Bytes of a page that are looked at."""

SHOWN = 300
"""Characters of a page that are shown."""


def links(body: bytes) -> tuple[tuple[str, str], ...]:
    """Pairs of text and address of the links of an HTML page."""
    root = _root(body)
    if root is None:
        return ()
    return tuple((str(link.text_content()).strip(), str(link.get("href", ""))) for link in root.iter("a"))


def page_text(body: bytes, limit: int = SHOWN) -> str:
    """The text of a page or of a fault, on one line and short."""
    root = _root(body)
    if root is None:
        return ""
    for element in root.xpath("//script | //style | //head"):
        element.drop_tree()
    return " ".join(" ".join(root.itertext()).split())[:limit]


def title(body: bytes) -> str:
    """The title of a page, else the beginning of its text."""
    root = _root(body)
    found = "" if root is None else " ".join(str(root.findtext(".//title") or "").split())
    return found[:SHOWN] or page_text(body)[:100] or "-"


def is_html(media_type: str, body: bytes) -> bool:
    """Does the answer call itself HTML, or begin like it?"""
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (
        media_type == "text/html" and not start.startswith(b"<?xml")
    )


def _is_utf8(part: bytes) -> bool:
    try:
        # Not final: the part may end within a letter.
        codecs.getincrementaldecoder("utf-8")().decode(part)
    except UnicodeDecodeError:
        return False
    return True


def _root(body: bytes) -> Any:
    load("lxml.html")
    from lxml import etree, html

    part = body[:READ]
    try:
        # Without a word of its encoding lxml would take every page for Latin-1.
        return html.document_fromstring(part, html.HTMLParser(encoding="utf-8" if _is_utf8(part) else None))
    except (etree.LxmlError, ValueError, AssertionError):
        return None
