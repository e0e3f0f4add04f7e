"""The changes of single contents, as many as there are: read from their file, filtered and sorted as columns.

Nothing here runs where people wait: a table of 700,000 rows takes a moment. pyarrow is imported by the first call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from wizard.flow.grade_import import KIND_WORDS
from wizard.i18n import N_

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS: Mapping[str, str] = {
    "type": N_("Type"),
    "kind": N_("Change"),
    "code": N_("Content"),
    "old_description": N_("Description"),
    "new_description": N_("New description"),
    "old_reference": N_("Old reference"),
    "reference": N_("Reference"),
}
"""The columns that are shown, of those of `wizard.grades.difference.ROWS`."""

_SEARCHED = ("code", "old_description", "new_description", "old_reference", "reference")


_PART = 2000


@dataclass(frozen=True)
class Choice:
    """Which rows, and in which order: of one type, of one kind, with a text in them, by one column.

    Without a column they stand as they came: by type, and the most serious kinds first.
    """

    type: int | None = None
    kind: str = ""
    text: str = ""
    column: str = ""
    descending: bool = False


def prepare() -> None:
    """Import what the functions of this module need: a tenth of a second, better spent before there is something to
    show."""
    import pyarrow.compute  # noqa: F401


def load(file: str) -> pa.Table:
    """The rows of a file, which stays on the disk; whoever holds the table holds the file. Raises OSError."""
    import pyarrow as pa

    with pa.memory_map(file) as source:
        return pa.ipc.open_file(source).read_all()


def chosen(rows: pa.Table, choice: Choice, wanted: Callable[[], bool] = lambda: True) -> pa.UInt64Array | None:
    """The places of the chosen rows, in their order. None as soon as nobody wants them any more."""
    import pyarrow as pa
    import pyarrow.compute as pc

    mask = pa.chunked_array([pa.repeat(pa.scalar(True), rows.num_rows)])
    if choice.type is not None:
        mask = pc.equal(rows["type"], choice.type)
    if choice.kind:
        mask = pc.and_(mask, pc.equal(rows["kind"], choice.kind))
    if choice.text:
        found = pa.scalar(False)
        for name in _SEARCHED:
            if not wanted():
                return None
            hit = pc.match_substring(rows[name], choice.text, ignore_case=True)
            found = pc.or_(found, pc.fill_null(hit, fill_value=False))
        mask = pc.and_(mask, found)
    # Not from a range: making that holds the interpreter, and with it the window, for as long as it takes.
    places = pc.indices_nonzero(mask)
    if choice.column and wanted():
        keys = rows[choice.column].take(places)
        if choice.column == "kind":
            keys = pc.index_in(keys, value_set=pa.array(list(KIND_WORDS)))
        order = pc.array_sort_indices(keys.combine_chunks(), order="descending" if choice.descending else "ascending")
        places = places.take(order)
    return places if wanted() else None


def cells(rows: pa.Table, place: int, names: Mapping[int, str]) -> tuple[str, ...]:
    """One row as it is shown; `names` says how a person knows each type."""
    return _shown({name: rows[name][place].as_py() for name in COLUMNS}, names)


def as_text(rows: pa.Table, places: pa.UInt64Array, names: Mapping[int, str]) -> str:
    """The rows at these places as lines with tabs between the columns, for a spreadsheet."""
    import pyarrow.compute as pc

    texts = ["\t".join(_(title) for title in COLUMNS.values())]
    # In small parts: what makes Python values out of a column holds the interpreter until it has them all.
    for start in range(0, len(places), _PART):
        part = rows.select(list(COLUMNS)).take(places.slice(start, _PART))
        words = {
            "type": _worded(part["type"], names),
            "kind": _worded(part["kind"], {kind: _(word) for kind, word in KIND_WORDS.items()}),
        }
        columns = [words.get(name, part[name]) for name in COLUMNS]
        # A description with a tab or the end of a line in it must not break its row.
        columns = [pc.replace_substring_regex(pc.fill_null(column, ""), r"[\t\r\n]", " ") for column in columns]
        texts.append("\n".join(pc.binary_join_element_wise(*columns, "\t").to_pylist()))
    return "\n".join(texts)


def _worded(column: pa.ChunkedArray, words: Mapping[Any, str]) -> pa.ChunkedArray:
    """The words for the values of a column; a value without one as it is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pa.array(list(words), column.type)
    found = pa.chunked_array([pa.array(list(words.values()), pa.string())]).take(pc.index_in(column, value_set=known))
    return pc.coalesce(found, column.cast(pa.string()))


def _shown(row: Mapping[str, Any], names: Mapping[int, str]) -> tuple[str, ...]:
    type_, kind = row["type"], row["kind"]
    return (names.get(type_, str(type_)), _(KIND_WORDS[kind]), *(row[name] or "" for name in list(COLUMNS)[2:]))
