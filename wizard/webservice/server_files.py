"""Reading what the Logix server's files say of the web service. The files are never written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Location:
    """One URLLocation of TotvsAppServer.ini, with the section and the environment it stands in."""

    url: str
    section: str
    environment: str


def read_locations(path: Path) -> tuple[Location, ...]:
    """Every URLLocation of a TotvsAppServer.ini (R-PRE-08), in the order of the file. Raises OSError.

    Sections and keys match whatever their case; `;` starts a comment; the encoding is UTF-8 or cp1252.
    """
    found: list[tuple[str, str]] = []
    environments: dict[str, str] = {}
    section = ""
    for line in _text(path.read_bytes()).splitlines():
        content = line.strip()
        if content.startswith(";"):
            continue
        header = re.match(r"\[([^\]]*)\]", content)
        if header:
            section = header[1].strip()
            continue
        key, separator, value = content.partition("=")
        # A blank before it makes it a comment; inside an address a semicolon may stand.
        value = re.split(r"\s;", value, maxsplit=1)[0].strip().strip('"')
        if separator and key.strip().casefold() == "urllocation" and value:
            found.append((value, section))
        elif separator and key.strip().casefold() == "environment":
            environments.setdefault(section.casefold(), value)
    return tuple(Location(url, name, environments.get(name.casefold(), "")) for url, name in found)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # The five bytes that cp1252 leaves undefined must not stop the reading.
        return raw.decode("cp1252", "replace")
