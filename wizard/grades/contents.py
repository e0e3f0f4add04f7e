"""Contents of a grade type as they will be kept: what is left out is counted and shown, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from gettext import gettext as _
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from wizard.grades.difference import DESCRIPTION_LENGTH, FRESH, distinct, folded
from wizard.grades.source import TypeRefused

CODE_LENGTH = 15
"""Characters of a content code in Logix (char(15)); APS has room for no more."""

LIMIT = 2_000_000
"""Contents of a type that are read at most: the largest size holds 718,057, and memory has an end."""

EXAMPLES = 5

Kind = Literal["blank", "too_long", "nul", "twice", "twin"]


@dataclass(frozen=True)
class Remark:
    """Contents that were left out: how many, and the first of them."""

    kind: Kind
    count: int
    examples: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The remark as a sentence."""
        texts = {
            "blank": _("Contents without a code, left out: {count}."),
            "too_long": _("Codes of more than 15 characters, left out: {count}."),
            "nul": _("Codes with a NUL character, which no APS store can keep, left out: {count}."),
            "twice": _("Codes that stand twice: {count}. The first of each is taken."),
            "twin": _("Codes that repeat another one but for capitals: {count}. APS takes the first of each."),
        }
        return texts[self.kind].format(count=self.count)


@dataclass(frozen=True, eq=False)
class Contents:
    """The contents of one type by code, as `FRESH`, and what was left out of them."""

    table: pa.Table
    remarks: tuple[Remark, ...]


def clean(batches: Iterable[pa.RecordBatch], on_rows: Callable[[int], None] | None = None) -> Contents:
    """Contents out of batches of code and description, of any types. `on_rows` hears the rows so far.

    CHAR padding is taken off. APS does not tell a from A and takes the first it meets (R-GEN-04); the first here is
    the first by code, so that the same rows in another order give the same contents. Raises TypeRefused for what is
    no text, and for more contents than `LIMIT`.
    """
    left_out = _LeftOut()
    parts, done, kept = [FRESH.empty_table()], 0, 0
    for batch in batches:
        done += batch.num_rows
        try:
            part = left_out.unusable(_texts(batch))
        except pa.ArrowInvalid:
            raise TypeRefused(_("The columns of this type hold bytes that are no text.")) from None
        kept += part.num_rows
        if kept > LIMIT:
            message = _("The table has more than {limit} contents; no size holds more than 718057.")
            raise TypeRefused(message.format(limit=LIMIT))
        parts.append(part)
        if on_rows is not None:
            on_rows(done)
    whole = _by_code(pa.concat_tables(parts))
    del parts
    whole = left_out.without(whole, "twice", _as_before(whole["code"].combine_chunks()))
    whole = left_out.without(whole, "twin", _twins(whole["code"].combine_chunks()))
    return Contents(whole, left_out.remarks())


class _LeftOut:
    """Counts what is left out, by kind, and keeps the first examples of each."""

    def __init__(self) -> None:
        self._counts: dict[Kind, int] = {}
        self._examples: dict[Kind, dict[str, None]] = {}

    def unusable(self, part: pa.Table) -> pa.Table:
        """Without the rows whose code nobody could use, whatever the other rows hold."""
        part = self.without(part, "blank", pc.equal(part["code"].fill_null(""), ""))
        part = self.without(part, "too_long", pc.greater(pc.utf8_length(part["code"]), CODE_LENGTH))
        return self.without(part, "nul", pc.match_substring(part["code"], "\0"))

    def without(self, table: pa.Table, kind: Kind, left_out: pa.Array | pa.ChunkedArray) -> pa.Table:
        """The rows that stay; those of the mask are counted."""
        count = pc.sum(left_out).as_py() or 0
        if not count:
            return table
        self._counts[kind] = self._counts.get(kind, 0) + count
        if kind != "blank":
            examples = self._examples.setdefault(kind, {})
            for code in table["code"].filter(left_out).slice(0, EXAMPLES).to_pylist():
                if len(examples) < EXAMPLES:
                    examples[_shown(code)] = None
        return table.filter(pc.invert(left_out))

    def remarks(self) -> tuple[Remark, ...]:
        """One for each kind that was met, in the order in which they are looked for."""
        kinds: tuple[Kind, ...] = ("blank", "too_long", "nul", "twice", "twin")
        return tuple(
            Remark(kind, self._counts[kind], tuple(self._examples.get(kind, ())))
            for kind in kinds
            if kind in self._counts
        )


def _shown(code: str) -> str:
    """A code as an example: short, and without what a screen cannot show."""
    code = code if len(code) <= 40 else code[:40] + "…"
    return "".join(character if character.isprintable() else "�" for character in code)


def _texts(batch: pa.RecordBatch) -> pa.Table:
    """Code and description of a batch as texts: padding taken off, and of a description no more than is kept."""
    code, description = (_text(batch.column(index)) for index in (0, 1))
    description = description.fill_null("")
    if (pc.max(pc.utf8_length(description)).as_py() or 0) > DESCRIPTION_LENGTH:
        description = pc.utf8_rtrim(pc.utf8_slice_codeunits(description, 0, DESCRIPTION_LENGTH), " ")
    if pc.any(pc.match_substring(description, "\0")).as_py():
        description = pc.utf8_rtrim(pc.replace_substring(description, "\0", " "), " ")
    return pa.table([code, description], schema=FRESH)


def _text(column: pa.Array) -> pa.Array:
    """Any column as text without the blanks at its end; a number as it would be typed, whatever type carries it."""
    types = pa.types
    if types.is_boolean(column.type):
        column = column.cast(pa.int8())
    elif types.is_floating(column.type):
        column = _plain_floats(column)
    elif types.is_decimal(column.type):
        column = _plain_decimals(column)
    return pc.utf8_rtrim(column.cast(pa.string()), " ")


def _plain_floats(column: pa.Array) -> pa.Array:
    """Whole numbers without point and exponent: many drivers give a number without decimals as a float."""
    whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), 1e15)).fill_null(False)
    number = pc.if_else(whole, column, 0.0).cast(pa.int64()).cast(pa.string())
    return pc.if_else(whole, number, column.cast(pa.string()))


def _plain_decimals(column: pa.Array) -> pa.Array:
    """All decimals that the column declares; Arrow writes small ones with an exponent."""
    text = column.cast(pa.string())
    if pc.any(pc.match_substring(text, "E")).as_py():
        return pa.array([None if value is None else format(value, "f") for value in column.to_pylist()], pa.string())
    return text


def _by_code(table: pa.Table) -> pa.Table:
    """By code, and by description where codes are equal. Costs little where the server gives them in order."""
    table = table.combine_chunks()
    code = table["code"].combine_chunks()
    if len(code) and not pc.all(pc.greater(code[1:], code[:-1])).as_py():
        table = table.take(pc.array_sort_indices(code))
        if pc.any(_as_before(table["code"].combine_chunks())).as_py():
            # A second key takes three times as long, and codes that stand twice are rare.
            return table.sort_by([("code", "ascending"), ("description", "ascending")])
    return table


def _twins(codes: pa.Array) -> pa.Array:
    """True for every code that repeats an earlier one but for capitals."""
    if pc.all(pc.and_(pc.string_is_ascii(codes), pc.equal(pc.ascii_upper(codes), codes))).as_py():
        # All in capitals, as the manual advises: what differs differs in more than capitals.
        return pa.repeat(False, len(codes))
    return _repeated(folded(codes))


def _as_before(sorted_keys: pa.Array) -> pa.Array:
    """True for every key that equals the one before it."""
    if len(sorted_keys) < 2:
        return pa.repeat(False, len(sorted_keys))
    return pa.concat_arrays([pa.array([False]), pc.equal(sorted_keys[1:], sorted_keys[:-1])])


def _repeated(keys: pa.Array) -> pa.Array:
    """True for every key that stood before."""
    if distinct(keys):
        return pa.repeat(False, len(keys))
    numbered = pa.table({"key": keys, "at": pa.array(range(len(keys)), pa.int64())})
    first = numbered.group_by("key", use_threads=False).aggregate([("at", "min")])["at_min"]
    return pc.invert(pc.is_in(numbered["at"], value_set=first.combine_chunks())).combine_chunks()
