"""Malformed files by the hundred thousand: samples, what is done to them, and the doors through which they come."""

from __future__ import annotations

import base64
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizard.connection import ini_file
from wizard.demo.server_files import write as write_server_files
from wizard.profile import store
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.load import profile_from_text, profile_to_text
from wizard.webservice.server_files import finding_text, from_loaded

ROOT = Path(__file__).resolve().parent.parent
HANG_SECONDS = 5.0
"""What is read for longer hangs: the slowest honest file takes a small part of it."""

NASTY = tuple(
    part.encode("utf-8", "surrogatepass")
    for part in (
        "*a", "&a ", "!!python/object/apply:os.system [x]", "!t ", "{", "}", "[", "]", "'", '"', "|", ">", "%YAML 9\n",
        "---\n", "...\n", "\t", "? ", "- ", "<<: ", ": ", ":", "#", ";", "=", "\0", "\x1b[2J", "\x7f", "\x85", "\u2028",
        "\ufeff", "\ud800", "\U0010ffff", "0x1F", "1e999", "-0", "9" * 400, ".nan", "null", "~", "yes", "2026-99-99",
        "[" * 300, "{a: " * 60, "- " * 300, "(" * 500, "a" * 3000, "é" * 700, "\r", "\r\n", "\n\n", "[a]\n[a]\n",
        "[", "]]", "[HTTP]\n", "[WebServices]\nENABLE=9\n", "PORT=999999999999\n", "${x}", "%s", "\\", "\"\\ud800\"",
    )
)  # fmt: skip

Mutation = Callable[[random.Random, bytes, bytes], bytes]


def _cut(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    return raw[: chance.randint(0, len(raw))]


def _flip(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    changed = bytearray(raw)
    for _n in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _insert(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + chance.choice(NASTY) + raw[at:]


def _remove(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + raw[at + chance.randint(1, 60) :]


def _value(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    """Another value behind a colon or an equals sign."""
    lines = raw.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    for sign in (b": ", b"="):
        if sign in lines[at]:
            lines[at] = lines[at].partition(sign)[0] + sign + chance.choice(NASTY) + b"\n"
            break
    return b"".join(lines)


def _key(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    lines = raw.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    lines[at] = lines[at][: len(lines[at]) - len(lines[at].lstrip())] + chance.choice(NASTY) + lines[at].lstrip()
    return b"".join(lines)


def _lines(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    """Lines doubled, exchanged, taken out, or taken from another file."""
    lines = raw.splitlines(keepends=True)
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    how = chance.randrange(4)
    if how == 0:
        lines.insert(two, lines[one])
    elif how == 1:
        lines[one], lines[two] = lines[two], lines[one]
    elif how == 2:
        del lines[min(one, two) : max(one, two) + 1]
    else:
        lines[one:one] = other.splitlines(keepends=True)[: chance.randint(1, 20)]
    return b"".join(lines)


def _indent(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    lines = raw.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    lines[at] = chance.choice((b" ", b"\t", b"      ", b"  - ")) + lines[at]
    return b"".join(lines)


def _repeat(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + raw[at : at + chance.randint(1, 40)] * chance.randint(2, 200) + raw[at:]


def _encode(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    text = raw.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "cp850")), "replace")


def _noise(chance: random.Random, _raw: bytes, _other: bytes) -> bytes:
    return chance.randbytes(chance.randint(0, 400))


MUTATIONS: tuple[Mutation, ...] = (
    _cut, _flip, _insert, _insert, _remove, _value, _value, _key, _lines, _lines, _indent, _repeat, _encode, _noise,
)  # fmt: skip


def malformed(chance: random.Random, samples: list[bytes]) -> bytes:
    """A sample after one to four mutations."""
    raw = chance.choice(samples)
    for _n in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        if raw:
            raw = chance.choice(MUTATIONS)(chance, raw, chance.choice(samples))
    return raw


class Hang(BaseException):
    """A file was read for longer than HANG_SECONDS."""


@dataclass
class Tally:
    """What became of the files of one door."""

    files: int = 0
    told: int = 0
    """Refused, or read with a finding; each with its place."""
    still_good: int = 0
    """The change did no harm: nothing to be told."""
    crashes: list[str] = field(default_factory=list)
    hangs: int = 0
    without_place: list[str] = field(default_factory=list)
    slowest: float = 0.0


def profile_door(folder: Path) -> Callable[[bytes], list[str] | None]:
    """Reading a profile. Gives the places that were told, None for a file that is a profile."""
    file = folder / "x.yaml"

    def read(raw: bytes) -> list[str] | None:
        file.write_bytes(raw)
        try:
            found = store.read(file)
        except ProfileError as error:
            return [_place(problem) for problem in error.problems]
        if profile_from_text(profile_to_text(found.profile)) != found.profile:
            raise AssertionError("a profile that is not the same when it is written and read again")
        return None

    return read


def _place(problem: Problem) -> str:
    """Where a problem stands: "" when it does not tell, or tells it with characters that a console obeys."""
    whole = problem.code in ("too_large", "not_a_mapping")
    place = problem.file and (problem.line or problem.path or whole)
    return str(problem) if place and str(problem).isprintable() else ""


def server_file_door(name: str) -> Callable[[Path], Callable[[bytes], list[str] | None]]:
    """Reading a file of the Logix server; a finding names the file, and the line that it stands on."""

    def door(_folder: Path) -> Callable[[bytes], list[str] | None]:
        def read(raw: bytes) -> list[str] | None:
            found = from_loaded([{"path": f"/srv/{name}", "bytes": base64.b64encode(raw).decode()}])
            told = [finding_text(one) for one in found.findings]
            assert found.to_json()
            assert list(found.lines_to_add) is not None
            return [text if name in text else "" for text in told] or None

        return read

    return door


def odbc_door(folder: Path) -> Callable[[bytes], list[str] | None]:
    """Reading an odbc.ini as unixODBC does; what cannot be read is told with the file."""
    file = folder / "odbc.ini"

    def read(raw: bytes) -> list[str] | None:
        file.write_bytes(raw)
        try:
            found = ini_file.read(file)
        except ini_file.IniUnreadable as error:
            return [error.code]
        for section in found.sections:
            assert 0 <= section.first < section.last <= len(found.lines)
        return None

    return read


@dataclass(frozen=True)
class Door:
    """A kind of file: its samples, how one is read, and its share of all files in percent."""

    name: str
    samples: Callable[[Path], list[bytes]]
    read: Callable[[Path], Callable[[bytes], list[str] | None]]
    share: int


def _profiles(_folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted((ROOT / "profiles").glob("*.yaml"))]


def _server_file(number: int) -> Callable[[Path], list[bytes]]:
    return lambda folder: [write_server_files(folder, "http://127.0.0.1:8081/ws")[number].read_bytes()]


def _odbc(_folder: Path) -> list[bytes]:
    text = "[ODBC Data Sources]\nLOGIX=Informix\n\n; note\n[LOGIX]\nDriver=/opt/ifx.so\nServer=srv\n\n[B]\nDriver=b\n"
    return [text.encode(), text.replace("note", "produção").encode("cp1252")]


DOORS = (
    Door("profile", _profiles, profile_door, 50),
    Door("TotvsAppServer.ini", _server_file(0), server_file_door("TotvsAppServer.ini"), 20),
    Door("Totvsprofile.pro", _server_file(1), server_file_door("Totvsprofile.pro"), 20),
    Door("odbc.ini", _odbc, odbc_door, 10),
)


def feed(door: Door, folder: Path, count: int, seed: int) -> Tally:
    """Let so many malformed files through a door."""
    chance = random.Random(seed)  # noqa: S311 - files, no secret
    samples, read, tally = door.samples(folder), door.read(folder), Tally()
    for _n in range(count):
        raw = malformed(chance, samples)
        tally.files += 1
        began = time.perf_counter()
        try:
            with _no_longer_than(HANG_SECONDS):
                places = read(raw)
        except Hang:
            tally.hangs += 1
        except Exception as error:  # noqa: BLE001 - this is what is counted
            tally.crashes.append(f"{type(error).__name__}: {error} of {raw[:300]!r}")
        else:
            tally.told += places is not None
            tally.still_good += places is None
            if places is not None and not all(places):
                tally.without_place.append(repr(raw[:300]))
        tally.slowest = max(tally.slowest, time.perf_counter() - began)
    return tally


@contextmanager
def _no_longer_than(seconds: float) -> Iterator[None]:
    if os.name != "posix":
        yield
        return

    def ring(*_arguments: Any) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
