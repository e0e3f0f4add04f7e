"""Grade types out of a CSV file, for a site without access to the database yet.

One line for each content: `cod_grade;des_grade;cod_conteudo;des_conteudo`, with that header. Separated by semicolon,
comma or tab; UTF-8 or Windows-1252, as a spreadsheet writes it.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from gettext import gettext as _
from os import SEEK_END
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from wizard.grades.refusal import Refused
from wizard.grades.source import LongItems, Source, TypeRow
from wizard.profile.errors import Problem

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("cod_grade", "des_grade", "cod_conteudo", "des_conteudo")

SIZE_LIMIT = 256 * 1024 * 1024
"""Bytes. The largest type has 718,057 contents, some 40 MB."""

PIECE = 1024 * 1024
"""Bytes that are looked at together; no line is longer."""

ROWS = 10_000
"""Contents of a batch."""

TYPES = 500
"""Types that a file may have; a company has room for 36 (one indicator character each)."""


@dataclass
class _Type:
    """One type while its lines are read: whole batches, and the lines since the last one."""

    name: str = ""
    batches: list[pa.RecordBatch] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0

    def add(self, code: str, description: str) -> None:
        self.lines.append((code, description))
        self.count += 1
        if len(self.lines) == ROWS:
            self.flush()

    def flush(self) -> None:
        """Columns take a third of the memory of lines."""
        import pyarrow as pa

        from wizard.grades.difference import FRESH

        if self.lines:
            arrays = [pa.array(column, pa.string()) for column in zip(*self.lines, strict=True)]
            self.batches.append(pa.record_batch(arrays, schema=FRESH))
            self.lines.clear()


def read(file: Path, slots: tuple[tuple[int, ...], ...] = (), long_items: int = 0) -> Source:
    """The types of a file. It knows no items: `slots` and `long_items` are what the last import from Logix found.

    Raises Refused with file and line for what is no such file, and OSError.
    """
    found: dict[int, _Type] = {}
    for line, (type_code, type_name, code, description) in _lines(file):
        if not (type_code.isascii() and type_code.isdigit() and len(type_code) <= 5 and int(type_code)):
            raise _wrong(file, line, _("cod_grade is not a number from 1 to 99999."))
        kind = found.setdefault(int(type_code), _Type())
        if len(found) > TYPES:
            raise _wrong(file, line, _("The file has more than {limit} grade types.").format(limit=TYPES))
        if type_name and type_name != (kind.name or type_name):
            raise _wrong(file, line, _("The grade type has another name in an earlier line."))
        kind.name = kind.name or type_name
        kind.add(code, description)
    if not found:
        raise Refused(Problem("grades.csv_empty", _("The file has no contents."), file=file))
    for kind in found.values():
        kind.flush()
    types = tuple(
        TypeRow(code, kind.name or str(code), "csv", COLUMNS[2], COLUMNS[3], per_company=False)
        for code, kind in sorted(found.items())
    )
    known = tuple(codes for codes in slots if found.keys() >= set(codes) - {0})
    return Source(
        name=file.name,
        types=types,
        slots=known,
        long_items=LongItems(long_items),
        contents=lambda row: iter(found[row.code].batches),
        expected=lambda row: found[row.code].count,
    )


def _lines(file: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line number and the four values of each line below the header."""
    encoding = _encoding(file)
    with file.open(encoding=encoding, newline="") as text:
        first = text.readline(PIECE)
        text.seek(0)
        separator = max(";,\t", key=first.count)
        reader = csv.reader(text, delimiter=separator, strict=True)
        try:
            header = [name.strip().casefold() for name in next(reader, [])]
            if not header or any(header.count(name) != 1 for name in COLUMNS):
                message = _("The first line must name the columns {columns}, each once.")
                raise _wrong(file, 1, message.format(columns=separator.join(COLUMNS)))
            places = [header.index(name) for name in COLUMNS]
            for values in reader:
                if not any(value.strip() for value in values):
                    continue
                if len(values) <= max(places):
                    raise _wrong(file, reader.line_num, _("The line has too few values."))
                if any(value.strip() for value in values[len(header) :]):
                    message = _("The line has too many values: a value with a separator in it needs quotes.")
                    raise _wrong(file, reader.line_num, message)
                yield reader.line_num, tuple(values[place].strip() for place in places)
        except csv.Error as error:
            message = _("The line is not well formed: a quote is missing or stands inside a value.")
            if "field larger than" in str(error):
                message = _("A value is longer than {limit} characters: is a quote missing, or is it the right file?")
                message = message.format(limit=csv.field_size_limit())
            raise _wrong(file, max(reader.line_num, 1), message) from None


def _encoding(file: Path) -> str:
    """The encoding in which the whole file is text. Refuses what is too large, or no text, with the line."""
    if file.exists() and not file.is_file() and not file.is_dir():
        # A pipe, for which opening it would wait.
        raise Refused(Problem("grades.csv", _("This is no file with contents."), file=file))
    line = 0
    with file.open("rb") as raw:
        if raw.seek(0, SEEK_END) > SIZE_LIMIT:
            message = _("The file is larger than 256 MB.")
            raise Refused(Problem("grades.csv_size", message, action=_("Is it the right file?"), file=file))
        for encoding in ("utf-8-sig", "cp1252"):
            line = _not_text(raw, encoding)
            if not line:
                return encoding
    action = _("Save it as CSV with the encoding UTF-8.")
    raise Refused(Problem("grades.csv", _("The file is no text."), file=file, line=line, action=action))


def _not_text(raw: BinaryIO, encoding: str) -> int:
    """The first line that is no text in this encoding, or longer than a line can be; 0 when there is none."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    raw.seek(0)
    while True:
        piece = raw.read(PIECE)
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            return lines + error.object[: error.start].count(b"\n") + 1
        if b"\0" in piece:
            return lines + piece[: piece.index(b"\0")].count(b"\n") + 1
        if len(piece) == PIECE and b"\n" not in piece and b"\r" not in piece:
            return lines + 1
        if not piece:
            return 0
        lines += piece.count(b"\n")


def _wrong(file: Path, line: int, message: str) -> Refused:
    return Refused(Problem("grades.csv", message, file=file, line=line))
