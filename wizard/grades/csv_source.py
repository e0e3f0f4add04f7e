"""Grade types out of a CSV file, for a site without access to the database yet.

One line for each content: `cod_grade;des_grade;cod_conteudo;des_conteudo`, with that header. Separated by semicolon,
comma or tab; UTF-8 or Windows-1252, as a spreadsheet writes it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from gettext import gettext as _
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.grades.plan import LongItems
from wizard.grades.refusal import Refused, refused
from wizard.grades.source import Source, TypeRow
from wizard.profile.errors import Problem

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("cod_grade", "des_grade", "cod_conteudo", "des_conteudo")

SIZE_LIMIT = 256 * 1024 * 1024
"""Bytes. The largest type has 718,057 contents, some 40 MB."""


def read(file: Path, slots: tuple[tuple[int, ...], ...] = ()) -> Source:
    """The types of a file. `slots` are the combinations known from elsewhere: a file of contents has none.

    Raises Refused with file and line for what is no such file, and OSError.
    """
    import pyarrow as pa

    from wizard.grades.difference import FRESH

    found: dict[int, tuple[str, list[str], list[str]]] = {}
    for line, (type_code, type_name, code, description) in _lines(file):
        if not (type_code.isascii() and type_code.isdigit() and len(type_code) <= 5):
            raise _wrong(file, line, _("cod_grade is not a number of up to five digits."))
        name, codes, descriptions = found.setdefault(int(type_code), (type_name, [], []))
        if type_name and type_name != name:
            raise _wrong(file, line, _("The grade type has another name in an earlier line."))
        codes.append(code)
        descriptions.append(description)
    if not found:
        raise Refused(Problem("grades.csv_empty", _("The file has no contents."), file=file))

    def contents(row: TypeRow) -> Iterator[pa.RecordBatch]:
        _name, codes, descriptions = found[row.code]
        yield pa.record_batch([pa.array(codes), pa.array(descriptions)], schema=FRESH)

    types = tuple(
        TypeRow(code, name or str(code), "csv", COLUMNS[2], COLUMNS[3], per_company=False)
        for code, (name, _codes, _descriptions) in sorted(found.items())
    )
    known = tuple(codes for codes in slots if found.keys() >= set(codes) - {0})
    return Source(
        name=file.name,
        types=types,
        slots=known,
        long_items=LongItems(),
        contents=contents,
        expected=lambda row: len(found[row.code][1]),
    )


def _lines(file: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line number and the four values of each line below the header."""
    if file.stat().st_size > SIZE_LIMIT:
        raise refused("grades.csv_size", _("The file is larger than 256 MB."), _("Is it the right file?"))
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    if "\0" in text:
        raise _wrong(file, 1, _("The file is no text."))
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            message = _("The first line must name the columns {columns}.")
            raise _wrong(file, 1, message.format(columns=separator.join(COLUMNS)))
        places = [header.index(name) for name in COLUMNS]
        for values in reader:
            if not any(value.strip() for value in values):
                continue
            if len(values) <= max(places):
                raise _wrong(file, reader.line_num, _("The line has too few values."))
            yield reader.line_num, tuple(values[place].strip() for place in places)
    except csv.Error:
        raise _wrong(file, reader.line_num, _("The line is not well formed: a quote is not closed.")) from None


def _wrong(file: Path, line: int, message: str) -> Refused:
    return Refused(Problem("grades.csv", message, file=file, line=line))
