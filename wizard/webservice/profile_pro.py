"""What a Totvsprofile.pro says: the keys that are known of it, and those that must not be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.checklist.check import Outcome
from wizard.webservice.file_faults import finding
from wizard.webservice.ini_text import Entry, entries

NAME = "Totvsprofile.pro"

HOST_APPLICATION = "eai.hostapplication"
TIME_ZONE = "logix.timezone.server"
USUAL_ZONE = "-03:00"
"""What EAI10000 proposes."""


@dataclass(frozen=True)
class ProfilePro:
    """What was read: the entries of logix.* and eai.*, findings, and lines that are missing."""

    file: str
    known: tuple[tuple[str, str], ...]
    findings: tuple[Outcome, ...]
    lines_to_add: tuple[str, ...]


def read_pro(text: str, file: str) -> ProfilePro:
    """Read the text of a Totvsprofile.pro (R-CFG-02)."""
    found = entries(text)
    known = tuple((entry.key, _shown(entry)) for entry in found if _is_known(entry.key))
    zone = _last(found, TIME_ZONE)
    return ProfilePro(
        file,
        known,
        (_keys(found, known, file), *_eai(found, file), *_zone(zone, file), *_repeated(found, file)),
        () if zone else (f'{TIME_ZONE} = "{USUAL_ZONE}"',),
    )


def looks_like_pro(text: str) -> bool:
    """Could this be a profile of Logix: has it entries with dotted keys, and no section?"""
    if re.search(r"(?m)^\s*\[[^\]]+\]\s*$", text):
        return False
    return any(re.fullmatch(r"[A-Za-z][\w-]*(\.[\w*-]+)+", entry.key) for entry in entries(text))


def _is_known(key: str) -> bool:
    return key.casefold().startswith(("logix.", "eai."))


def _shown(entry: Entry) -> str:
    """The value of an entry, unless its name says that it is a secret."""
    return "***" if re.search(r"(?i)pass|pwd|senha|secret|token", entry.key) else entry.value


def _last(found: tuple[Entry, ...], key: str) -> Entry | None:
    return next((entry for entry in reversed(found) if entry.key.casefold() == key), None)


def _keys(found: tuple[Entry, ...], known: tuple[tuple[str, str], ...], file: str) -> Outcome:
    names = list(dict.fromkeys(key for key, _value in known))
    shown = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    return finding("pro.keys", file, count=len(found), keys=shown or "-")


def _eai(found: tuple[Entry, ...], file: str) -> Iterator[Outcome]:
    older = [entry for entry in found if entry.key.casefold().startswith("eai.")]
    host = next((entry for entry in older if entry.key.casefold() == HOST_APPLICATION), None)
    if host:
        yield finding("pro.host_application", file, host.line)
    others = [entry for entry in older if entry.key.casefold() != HOST_APPLICATION]
    if others:
        yield finding("pro.eai", file, others[0].line, keys=", ".join(dict.fromkeys(entry.key for entry in others)))


def _zone(zone: Entry | None, file: str) -> Iterator[Outcome]:
    if zone is None:
        yield finding("pro.no_timezone", file)
    elif not re.fullmatch(r"(UTC|GMT)?\s*[+-]\d\d?:?\d\d", zone.value, re.IGNORECASE):
        yield finding("pro.timezone_invalid", file, zone.line, value=zone.value or "-")


def _repeated(found: tuple[Entry, ...], file: str) -> Iterator[Outcome]:
    seen: dict[str, str] = {}
    for entry in found:
        if seen.setdefault(entry.key.casefold(), entry.value) != entry.value:
            yield finding("pro.key_twice", file, entry.line, key=entry.key)
