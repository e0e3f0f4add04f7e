"""Contents of a grade type as they will be kept: what is left out is counted and shown, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from gettext import gettext as _
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from wizard.grades.difference import FRESH, folded

CODE_LENGTH = 15
"""Characters of a content code in Logix (char(15)); APS has room for no more."""

EXAMPLES = 5

Kind = Literal["blank", "too_long", "twice", "twin"]


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
    the first by code, so that the same rows in another order give the same contents.
    """
    parts, done = [FRESH.empty_table()], 0
    for batch in batches:
        code, description = (_text(batch.column(index)) for index in (0, 1))
        parts.append(pa.table([code, description.fill_null("")], schema=FRESH))
        done += batch.num_rows
        if on_rows is not None:
            on_rows(done)
    whole = pa.concat_tables(parts).combine_chunks()
    remarks: list[Remark] = []
    blank = pc.equal(whole["code"].fill_null(""), "")
    whole = _without(whole, blank, "blank", remarks)
    whole = _without(whole, pc.greater(pc.utf8_length(whole["code"]), CODE_LENGTH), "too_long", remarks)
    whole = whole.sort_by([("code", "ascending"), ("description", "ascending")])
    whole = _without(whole, _repeated(whole["code"]), "twice", remarks)
    whole = _without(whole, _repeated(folded(whole["code"].combine_chunks())), "twin", remarks)
    return Contents(whole, tuple(remarks))


def _text(column: pa.Array) -> pa.Array:
    """Any column as text without the blanks at its end."""
    return pc.utf8_rtrim(column.cast(pa.string()), " ")


def _repeated(keys: pa.Array | pa.ChunkedArray) -> pa.Array:
    """True for every key that stood before."""
    if pc.count_distinct(keys).as_py() == len(keys):
        return pa.repeat(False, len(keys))
    numbered = pa.table({"key": keys, "at": pa.array(range(len(keys)), pa.int64())})
    first = numbered.group_by("key", use_threads=False).aggregate([("at", "min")])["at_min"]
    return pc.invert(pc.is_in(numbered["at"], value_set=first.combine_chunks())).combine_chunks()


def _without(table: pa.Table, left_out: pa.Array | pa.ChunkedArray, kind: Kind, remarks: list[Remark]) -> pa.Table:
    count = pc.sum(left_out).as_py() or 0
    if not count:
        return table
    first = table["code"].filter(left_out).slice(0, EXAMPLES).to_pylist()
    remarks.append(Remark(kind, count, tuple(dict.fromkeys(code or "" for code in first)) if kind != "blank" else ()))
    return table.filter(pc.invert(left_out))


def remarks_text(remarks: Iterable[Remark]) -> Iterator[str]:
    """Each remark with its examples."""
    for remark in remarks:
        yield f"{remark.text} ({', '.join(remark.examples)})" if remark.examples else remark.text
