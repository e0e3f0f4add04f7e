"""Looking for a secret wherever it could have come to: in every form that programs write texts in."""

from __future__ import annotations

import base64
import contextlib
import html
import json
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import psutil

ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")


def forms(secret: str) -> dict[str, bytes]:
    """A secret as plain text, in base64 at each of its three alignments, in UTF-16, URL-encoded, in JSON, HTML, hex."""
    found = {}
    for encoding in ENCODINGS:
        raw = secret.encode(encoding)
        found[encoding] = raw
        found[f"hex of {encoding}"] = raw.hex().encode()
        for before in range(3):
            whole = base64.b64encode(bytes(before) + raw)
            # Without the characters that what stands before and after has a part in.
            inner = whole[-(-before * 8 // 6) : len(whole) // 4 * 4 - 4]
            found[f"base64 of {encoding} after {before}"] = inner
            found[f"URL base64 of {encoding} after {before}"] = inner.replace(b"+", b"-").replace(b"/", b"_")
    for encoding in ("utf-8", "cp1252"):
        for how in (quote, quote_plus):
            coded = how(secret, safe="", encoding=encoding)
            found[f"{how.__name__} in {encoding}"] = coded.encode()
            found[f"{how.__name__} in {encoding}, small"] = coded.lower().encode()
    found["JSON"] = json.dumps(secret)[1:-1].encode()
    found["HTML"] = html.escape(secret).encode()
    found["Python"] = repr(secret)[1:-1].encode()
    found["in braces"] = secret.replace("}", "}}").encode()
    return found


class Search:
    """The forms of some secrets, to be looked for in anything."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._needles = [(form, needle) for secret in secrets for form, needle in forms(secret).items()]

    def __call__(self, raw: bytes, place: object) -> list[str]:
        """Where and in which form a secret stands in bytes; small letters too, as URLs have them."""
        small = raw.lower()
        return [
            f"{place}: {form}"
            for form, needle in self._needles
            if needle in raw or (form.endswith("small") and needle in small)
        ]

    def folder(self, folder: Path) -> list[str]:
        """The same for every file below a folder, and for the names of the files."""
        found = []
        for path in folder.rglob("*"):
            found += self(os.fsencode(path.name), f"name of {path}")
            if path.is_file():
                found += self(path.read_bytes(), path)
        return found


class Watch:
    """What was seen of the processes below this one."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self.hits: set[str] = set()
        self.seen: set[int] = set()
        self.exempt: set[int] = set()
        """Processes that the test itself gave the secret to, as a person would by mistake or on purpose."""
        self.starting = threading.Lock()
        """To be held while one of these is started, until it is told."""
        self._looked: dict[int, tuple[bytes, bytes]] = {}
        """What was searched of a process: looked at again and again, it is mostly the same."""

    def look(self, pid: int) -> None:
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
            environment = Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            return
        # Between fork and exec a child still shows what its parent was given.
        if not environment or arguments in {_arguments(parent) for parent in (os.getpid(), *self.exempt)}:
            return
        if self._looked.get(pid) == (arguments, environment):
            return
        self._looked[pid] = (arguments, environment)
        self.seen.add(pid)
        what = arguments.replace(b"\0", b" ")[:80].decode(errors="replace")
        self.hits.update(self._search(arguments, f"argument of {what}"))
        self.hits.update(self._search(environment, f"environment of {what}"))


def _arguments(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


class _Family:
    """The processes below this one. Who started a process is read once: reading it of every one costs half a core."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}

    def __call__(self) -> list[int]:
        there = set(psutil.pids())
        self._parents = {pid: parent for pid, parent in self._parents.items() if pid in there}
        for pid in there - self._parents.keys():
            # Whatever ends while it is looked at.
            with contextlib.suppress(OSError):
                stat = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
                self._parents[pid] = int(stat.rpartition(")")[2].split()[1])
        found = [os.getpid()]
        for above in found:
            found += [pid for pid, parent in self._parents.items() if parent == above]
        return found[1:]


@contextlib.contextmanager
def watching(search: Search) -> Iterator[Watch]:
    """Look at arguments and environment of every process below this one, again and again."""
    watch, end, below = Watch(search), threading.Event(), _Family()

    def body() -> None:
        while not end.wait(0.005):
            with watch.starting:
                for pid in below():
                    if pid not in watch.exempt:
                        watch.look(pid)

    thread = threading.Thread(target=body)
    thread.start()
    try:
        yield watch
    finally:
        end.set()
        thread.join()
