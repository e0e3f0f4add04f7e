"""Files of ODBC data sources and drivers (odbc.ini, odbcinst.ini): read as unixODBC reads them, edited line by line.

unixODBC rewrites the whole file for every change: comments are gone, a line over 1000 bytes becomes two
keywords, and whoever dies meanwhile leaves half a file (2.3.11, measured). So the edits here touch the
lines of one section only and leave every other byte as it was.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LIMIT = 4 * 1024 * 1024
"""Bytes of a file that are looked at. A machine with a thousand data sources needs 200 kB."""

_SECTIONS = 5000
_LINE = 1000
"""What unixODBC reads as one line at most (INI_MAX_LINE)."""


class IniUnreadable(Exception):
    """The file is there and cannot be used; `code` is "denied", "no_file", "too_large" or "damaged"."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(code)


@dataclass(frozen=True)
class Section:
    """One section: its name, its keywords in order, and the lines where it begins and ends.

    `first` counts the line of its head, `last` the line behind its last keyword: what stands
    between that and the next head (comments, blank lines) belongs to nobody.
    """

    name: str
    keywords: tuple[tuple[str, str], ...]
    first: int
    last: int

    def get(self, keyword: str) -> str:
        """The value of a keyword, whatever its case; the first one counts, as in unixODBC. "" without one."""
        wanted = keyword.casefold()
        return next((value for name, value in self.keywords if name.casefold() == wanted), "")


@dataclass(frozen=True)
class IniFile:
    """A file as lines and sections. `encoding` is what its text was read as."""

    lines: tuple[bytes, ...]
    sections: tuple[Section, ...]
    encoding: str

    def section(self, name: str) -> Section | None:
        """The section of this name, whatever its case; the first one counts."""
        return next(iter(self._by_name.get(name.casefold(), ())), None)

    def is_twice(self, name: str) -> bool:
        """Whether a second section of this name stands in the file, which nobody ever reads."""
        return len(self._by_name.get(name.casefold(), ())) > 1

    @cached_property
    def _by_name(self) -> dict[str, list[Section]]:
        found: dict[str, list[Section]] = {}
        for section in self.sections:
            found.setdefault(section.name.casefold(), []).append(section)
        return found


EMPTY = IniFile((), (), "utf-8")


def read_bytes(path: Path) -> bytes:
    """The content of an ini file, b"" where there is none. Raises IniUnreadable.

    Never waits: a pipe or a device in place of the file is refused.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except (OSError, ValueError) as error:
        code = "denied" if isinstance(error, PermissionError) else "no_file"
        raise IniUnreadable(code, getattr(error, "strerror", None) or "") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise IniUnreadable("no_file")
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise IniUnreadable("too_large")
    return data


def read(path: Path) -> IniFile:
    """The file, EMPTY where there is none. Raises IniUnreadable."""
    return parse(read_bytes(path))


def parse(data: bytes, encoding: str = "") -> IniFile:
    """Sections and keywords as unixODBC finds them. Raises IniUnreadable("damaged") where it would find none.

    A `;` or `#` is a comment at the start of a line only. Text before the first section, a byte order
    mark among it, makes unixODBC refuse the whole file. Without an `encoding` the bytes tell it.
    """
    lines = tuple(data.splitlines(keepends=True))
    encoding = encoding or _encoding(data)
    sections: list[Section] = []
    name, first, last = "", -1, 0
    keywords: list[tuple[str, str]] = []
    for number, line in enumerate(lines):
        text = line[:_LINE].split(b"\0")[0].decode(encoding, "replace").strip()
        if not text or text[0] in "#;":
            continue
        # The first head has to begin its line, the later ones may stand behind blanks.
        if text[0] == "[" and (first >= 0 or line.startswith(b"[")):
            if first >= 0:
                sections.append(Section(name, tuple(keywords), first, last))
            if len(sections) >= _SECTIONS:
                raise IniUnreadable("too_large")
            name, first, keywords = text[1:].partition("]")[0].strip(), number, []
        elif first < 0:
            raise IniUnreadable("damaged")
        else:
            keyword, _equals, value = text.partition("=")
            keywords.append((keyword.strip(), value.strip()))
        last = number + 1
    if first >= 0:
        sections.append(Section(name, tuple(keywords), first, last))
    return IniFile(lines, tuple(sections), encoding)


def _encoding(data: bytes) -> str:
    """UTF-8, or what old Windows programs wrote. cp1252 has five holes; latin-1 fills them."""
    for encoding in ("utf-8", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def with_section(file: IniFile, name: str, keywords: Mapping[str, str]) -> bytes:
    """The file with this section: its keywords are exactly these, every other line is what it was.

    Of a section that is there, only lines of keywords that differ change; comments in it stay. Raises
    UnicodeEncodeError for text that the file's encoding does not know.
    """
    newline = _newline(file)
    section = file.section(name)
    if section is None:
        body = [f"[{name}]", *(f"{keyword}={value}" for keyword, value in keywords.items())]
        lines = [*file.lines]
        if lines and not lines[-1].endswith((b"\n", b"\r")):
            lines[-1] += newline
        if lines and lines[-1].strip():
            lines.append(newline)
        return b"".join([*lines, *(line.encode(file.encoding) + newline for line in body)])
    wanted = {keyword.casefold(): (keyword, value) for keyword, value in keywords.items()}
    kept: list[bytes] = []
    for line in file.lines[section.first + 1 : section.last]:
        text = line.split(b"\0")[0].decode(file.encoding, "replace").strip()
        if not text or text[0] in "#;":
            kept.append(line)
            continue
        keyword, _equals, value = (part.strip() for part in text.partition("="))
        # Only the first of two equal keywords counts, so that the second one is as good as gone.
        found = wanted.pop(keyword.casefold(), None)
        if found and found[1] == value:
            kept.append(line)
        elif found:
            kept.append(f"{keyword}={found[1]}".encode(file.encoding) + newline)
    kept += [f"{keyword}={value}".encode(file.encoding) + newline for keyword, value in wanted.values()]
    head = file.lines[section.first]
    if not head.endswith((b"\n", b"\r")):
        head += newline
    if kept and not kept[-1].endswith((b"\n", b"\r")) and section.last < len(file.lines):
        kept[-1] += newline
    return b"".join([*file.lines[: section.first], head, *kept, *file.lines[section.last :]])


def without_section(file: IniFile, name: str) -> bytes:
    """The file without any section of this name; comments behind its last keyword stay."""
    gone = {
        number
        for section in file.sections
        if section.name.casefold() == name.casefold()
        for number in range(section.first, section.last)
    }
    return b"".join(line for number, line in enumerate(file.lines) if number not in gone)


def _newline(file: IniFile) -> bytes:
    return b"\r\n" if file.lines and file.lines[0].endswith(b"\r\n") else b"\n"
