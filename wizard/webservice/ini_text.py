"""The text of the Logix server's files: encodings, sections, keys, comments. It is read as people write it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One `key = value`, with the number of its line, and whether a comment stands behind the value."""

    key: str
    value: str
    line: int
    commented: bool = False


@dataclass(frozen=True)
class Section:
    """One `[name]` with its entries as they stand; "" is what stands before the first."""

    name: str
    line: int
    entries: tuple[Entry, ...]

    def get(self, key: str) -> Entry | None:
        """The first entry of a key, whatever its case and the blanks in it; a server reads the first too."""
        wanted = folded(key)
        return next((entry for entry in self.entries if folded(entry.key) == wanted), None)

    def value(self, key: str) -> str:
        """The value of a key, "" when it is not there."""
        entry = self.get(key)
        return entry.value if entry else ""


def folded(name: str) -> str:
    """A name as names are compared: `URL Location` is `urllocation`."""
    return "".join(name.split()).casefold()


def decoded(raw: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, else cp1252, whose five undefined bytes do not stop the reading."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def sections(text: str) -> tuple[Section, ...]:
    """The sections of an ini file in their order, each as often as it stands there. `;` starts a comment."""
    found: list[tuple[str, int, list[Entry]]] = [("", 0, [])]
    for number, line in enumerate(text.splitlines(), 1):
        content = line.strip().lstrip("\ufeff")
        if not content or content.startswith((";", "#")):
            continue
        header = re.match(r"\[([^\]]*)\]", content)
        if header:
            found.append((header[1].strip(), number, []))
            continue
        key, separator, rest = content.partition("=")
        if separator and key.strip():
            # A blank before it makes it a comment; inside an address a semicolon may stand.
            value, *comment = re.split(r"(?:^|\s)\s*;", rest, maxsplit=1)
            found[-1][2].append(Entry(key.strip(), _unquoted(value), number, bool(comment)))
    return tuple(Section(name, line, tuple(entries)) for name, line, entries in found if line or entries)


def entries(text: str) -> tuple[Entry, ...]:
    """The entries of a profile file: `key = value`, `#` starts a comment, quotes around a value do not count."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        content = line.strip().lstrip("\ufeff")
        key, separator, rest = content.partition("=")
        if content.startswith("#") or not separator or not key.strip():
            continue
        quoted = re.match(r"\s*([\"'])(.*?)\1\s*(#.*)?$", rest)
        value, *comment = (quoted[2],) if quoted else re.split(r"(?:^|\s)\s*#", rest, maxsplit=1)
        found.append(Entry(key.strip(), value.strip(), number, bool(comment or (quoted and quoted[3]))))
    return tuple(found)


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1].strip() if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
