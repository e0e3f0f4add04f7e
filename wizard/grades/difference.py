"""What a new import of grade types would change in the references that are kept. Pure: nothing is read or written.

A content is known by its code as APS sees it, which does not tell capitals from small letters (R-GEN-04): a code that
changes only so is the same content and no change. A content keeps its reference and its sequence number for ever, also
while Logix does not have it. A new one gets the next number that its type never gave, in the order of the import,
which is the order of Logix by code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from gettext import gettext as _
from typing import Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from wizard.grades.capacity import CAPACITY, Size
from wizard.grades.codes import codes
from wizard.profile.errors import Problem
from wizard.profile.models import GradeType

Kind = Literal["moved", "gone", "back", "renamed", "new"]
"""What happens to a content. `back`: Logix has it again, perhaps with another description. `moved`: a renumbering
gives it another reference; it may have a second row that says what else happens to it."""

What = Literal["added", "removed", "back", "size", "indicator", "description", "source"]
"""What happens to a type. `source`: the names of its table or columns changed."""

KINDS: tuple[Kind, ...] = get_args(Kind)

CODE_LENGTH = 60
DESCRIPTION_LENGTH = 255
"""Characters that the store keeps of a content; Logix has char(15) for codes. A longer description is cut."""

FRESH = pa.schema([("code", pa.string()), ("description", pa.string())])
"""The contents of a type as an import gives them: no blank code, none over CODE_LENGTH, none
twice, none twice but for capitals."""

CONTENTS = pa.schema(
    [
        ("code", pa.string()),
        ("description", pa.string()),
        ("reference", pa.string()),
        ("sequence", pa.int32()),
        ("active", pa.bool_()),
        ("first_seen", pa.timestamp("s", "UTC")),
        ("last_seen", pa.timestamp("s", "UTC")),
    ]
)
"""The contents of a type as the store keeps them, by sequence."""

COMPARED = pa.schema(list(CONTENTS)[:5])
"""The columns of `CONTENTS` that a difference needs."""

ROWS = pa.schema(
    [
        ("type", pa.int32()),
        ("kind", pa.string()),
        ("code", pa.string()),
        ("old_description", pa.string()),
        ("new_description", pa.string()),
        ("old_reference", pa.string()),
        ("reference", pa.string()),
        ("sequence", pa.int32()),
    ]
)
"""One change of one content. `reference` is the one that it has, or will have; `old_reference` and `old_description`
are NULL for a new one, `new_description` for one that is gone or only moved."""


@dataclass(frozen=True)
class TypeRow:
    """A grade type as the store keeps it: the columns of tip-grade-dbr, and whether Logix still has it."""

    code: int
    description: str
    content_table: str
    code_column: str
    description_column: str
    indicator: str
    size: Size
    active: bool = True

    @classmethod
    def of(cls, grade: GradeType) -> TypeRow:
        """The row that a grade type of the profile gives."""
        return cls(
            code=grade.code,
            description=grade.description,
            content_table=grade.content_table,
            code_column=grade.code_column,
            description_column=grade.description_column,
            indicator=grade.indicator,
            size=grade.size,
        )


@dataclass(frozen=True, eq=False)
class Stored:
    """What the store holds of one company: its generation, every type ever imported, and their contents (`COMPARED`).

    `former` says which type had an indicator before a renumbering.
    """

    company: str
    generation: int = 0
    types: tuple[TypeRow, ...] = ()
    contents: Mapping[int, pa.Table] = field(default_factory=dict)
    former: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class TypeDifference:
    """One type that changes, or whose contents do.

    `what` is empty when only contents change, `before` None for an added type. `moves` counts the references that
    another size or indicator would move: not zero, it has to be confirmed.
    """

    code: int
    what: tuple[What, ...]
    before: TypeRow | None
    after: TypeRow
    moves: int
    counts: Mapping[Kind, int]


@dataclass(frozen=True)
class LeftOut:
    """A type that stays as it is in the store, and why; `given` references of `limit` would be in use, 0 of 0 else."""

    code: int
    problem: Problem
    given: int = 0
    limit: int = 0


@dataclass(frozen=True, eq=False)
class Difference:
    """Everything that an import would change, computed against one generation of the store."""

    company: str
    generation: int
    types: tuple[TypeDifference, ...]
    rows: pa.Table
    left_out: tuple[LeftOut, ...]
    unchanged: int
    """Contents of the import that stay exactly as they are; those of types that are left out do not count."""

    @property
    def empty(self) -> bool:
        """True when applying it would write nothing."""
        return not self.types

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many contents of each kind, over all types."""
        return {kind: sum(change.counts[kind] for change in self.types) for kind in KINDS}

    @property
    def moves(self) -> Mapping[int, int]:
        """The types whose references would move, with how many."""
        return {change.code: change.moves for change in self.types if change.moves}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that will be written: what is applied is what was shown when both digests are one.

        The same state and the same import give the same one, in every process; the generation does not count.
        """
        whole = hashlib.sha256()
        head = {
            "company": self.company,
            "types": [asdict(change) for change in self.types],
            "left_out": [(left.code, left.problem.code) for left in self.left_out],
        }
        whole.update(json.dumps(head, sort_keys=True).encode())
        for name in self.rows.column_names:
            for part in _measured(self.rows[name].cast(pa.string())):
                whole.update(part)
        return whole.hexdigest()


def difference(stored: Stored, fresh: Iterable[tuple[GradeType, pa.Table]], unread: Collection[int] = ()) -> Difference:
    """What changes when the store takes over an import, one type at a time.

    `fresh` holds each type once, with its contents as `FRESH`. `unread` are types that Logix has but that could not be
    read this time: they stay as they are. A type of the store that is in neither is gone, with all its contents.
    Raises ValueError for contents that are not clean: a blank code, or two that APS takes for one.
    """
    before = {row.code: row for row in stored.types}
    owners = _owners(stored)
    changes: dict[int, TypeDifference] = {}
    parts: list[pa.Table] = []
    left_out: list[LeftOut] = []
    unchanged, seen = 0, set(unread)
    for grade, table in fresh:
        if grade.code in seen:
            raise ValueError(f"type {grade.code} twice, or read and unread")
        seen.add(grade.code)
        after = TypeRow.of(grade)
        taken = owners.get(after.indicator, frozenset()) - {after.code}
        if taken:
            left_out.append(LeftOut(after.code, _indicator_taken(after, min(taken))))
            continue
        owners[after.indicator] = owners.get(after.indicator, frozenset()) | {after.code}
        contents = _Contents.of(stored.contents.get(after.code))
        compared = _compare(before.get(after.code), after, contents, table)
        if isinstance(compared, LeftOut):
            left_out.append(compared)
            continue
        change, tables = compared
        if not change.moves:
            unchanged += table.num_rows - sum(change.counts[kind] for kind in ("back", "renamed", "new"))
        if change.what or tables:
            changes[change.code] = change
            parts += tables
    for row in stored.types:
        if row.code not in seen and row.active:
            contents = _Contents.of(stored.contents.get(row.code))
            compared = _compare(row, replace(row, active=False), contents, FRESH.empty_table())
            assert not isinstance(compared, LeftOut)  # noqa: S101 - neither size nor contents grow
            changes[row.code], tables = compared
            parts += tables
    return Difference(
        company=stored.company,
        generation=stored.generation,
        types=tuple(changes.values()),
        rows=pa.concat_tables([ROWS.empty_table(), *parts]),
        left_out=tuple(left_out),
        unchanged=unchanged,
    )


def folded(column: pa.Array) -> pa.Array:
    """Codes as APS compares them: exactly `str.casefold`, by columns where all is ASCII."""
    low = pc.ascii_lower(column)
    plain = pc.string_is_ascii(column)
    if pc.all(plain).as_py():
        return low
    other = pc.invert(plain)
    return pc.replace_with_mask(
        low, other, pa.array([c.casefold() for c in column.filter(other).to_pylist()], "string")
    )


def distinct(keys: pa.Array) -> bool:
    """True when no key stands twice. Costs next to nothing where they are in order."""
    in_order = len(keys) < 2 or pc.all(pc.greater(keys[1:], keys[:-1])).as_py()
    return bool(in_order or pc.count_distinct(keys).as_py() == len(keys))


def without_null(column: pa.Array) -> pa.Array:
    """Texts with NULL as an empty one; not copied when there is none."""
    return column.fill_null("") if column.null_count else column


@dataclass(frozen=True, eq=False)
class _Contents:
    """The columns of stored contents that are compared, each in one piece, by sequence."""

    code: pa.Array
    description: pa.Array
    reference: pa.Array
    sequence: pa.Array
    active: pa.Array

    @classmethod
    def of(cls, table: pa.Table | None) -> _Contents:
        table = COMPARED.empty_table() if table is None else table
        return cls(*(_piece(table, field.name, field.type) for field in COMPARED))

    @property
    def given(self) -> int:
        """The highest sequence number that was ever given."""
        return pc.max(self.sequence).as_py() or 0


def _compare(
    before: TypeRow | None, after: TypeRow, old: _Contents, fresh: pa.Table
) -> tuple[TypeDifference, list[pa.Table]] | LeftOut:
    code, description = _piece(fresh, "code", pa.string()), _descriptions(fresh)
    at, gone = _matched(after, code, old)
    count = at.null_count
    given = old.given + count
    if given > CAPACITY[after.size]:
        return LeftOut(after.code, _too_many(after, given), given, CAPACITY[after.size])
    moving = before is not None and (before.size, before.indicator) != (after.size, after.indicator)
    if moving:
        reference = codes(after.indicator, after.size, 1, old.given).take(pc.subtract(old.sequence, 1))
    else:
        reference = old.reference
    tables = [_rows(after, "moved", old, None, reference)] if moving else []
    tables.append(_rows(after, "gone", old, pc.indices_nonzero(gone), reference))
    # NULL for a new content, which no filter lets pass.
    was_active = old.active.take(at)
    back, renamed = pc.invert(was_active), pc.and_(was_active, pc.not_equal(old.description.take(at), description))
    tables += [
        _rows(after, "back", old, at.filter(back), reference, new_description=description.filter(back)),
        _rows(after, "renamed", old, at.filter(renamed), reference, new_description=description.filter(renamed)),
    ]
    added = pc.is_null(at)
    new = {
        "code": code.filter(added),
        "new_description": description.filter(added),
        "reference": codes(after.indicator, after.size, old.given + 1, count),
        "sequence": pa.array(range(old.given + 1, given + 1), pa.int32()),
    }
    tables.append(_table(after, "new", count, new))
    counts: dict[Kind, int] = dict.fromkeys(KINDS, 0)
    counts |= {table["kind"][0].as_py(): table.num_rows for table in tables if table.num_rows}
    change = TypeDifference(after.code, tuple(_whats(before, after)), before, after, counts["moved"], counts)
    return change, [table for table in tables if table.num_rows]


def _matched(row: TypeRow, code: pa.Array, old: _Contents) -> tuple[pa.Array, pa.Array]:
    """Where each content of the import stands among the old ones, NULL for a new one; and which old ones are gone.

    Raises ValueError for contents that are not clean.
    """
    length = pc.min_max(pc.utf8_length(code)).as_py()
    if code.null_count or (len(code) and not 0 < length["min"] <= length["max"] <= CODE_LENGTH):
        raise ValueError(f"type {row.code}: no code, a blank one, or one over {CODE_LENGTH} characters")
    key = folded(code)
    at = pc.index_in(key, value_set=folded(old.code))
    new = key.filter(pc.is_null(at))
    hit = pc.inverse_permutation(at.drop_null(), max_index=len(old.code) - 1)
    once = len(hit) - hit.null_count == len(key) - len(new)
    if not once or not distinct(new):
        raise ValueError(f"type {row.code}: two contents that APS takes for one")
    return at, pc.and_(old.active, pc.is_null(hit))


def _rows(
    after: TypeRow, kind: Kind, old: _Contents, at: pa.Array | None, reference: pa.Array, **more: pa.Array
) -> pa.Table:
    """Changes of the contents that the store has at these places, or of all."""
    columns = {
        "code": old.code,
        "old_description": old.description,
        "old_reference": old.reference,
        "reference": reference,
        "sequence": old.sequence,
    }
    if at is not None:
        columns = {name: column.take(at) for name, column in columns.items()}
    return _table(after, kind, len(columns["code"]), columns | more)


def _table(after: TypeRow, kind: Kind, count: int, columns: dict[str, pa.Array]) -> pa.Table:
    every = {"type": pa.repeat(pa.scalar(after.code, pa.int32()), count), "kind": pa.repeat(kind, count)} | columns
    return pa.table([every.get(field.name, pa.nulls(count, field.type)) for field in ROWS], schema=ROWS)


def _whats(before: TypeRow | None, after: TypeRow) -> Iterator[What]:
    if before is None:
        yield "added"
        return
    if before.active != after.active:
        yield "back" if after.active else "removed"
    if before.size != after.size:
        yield "size"
    if before.indicator != after.indicator:
        yield "indicator"
    if before.description != after.description:
        yield "description"
    names = ("content_table", "code_column", "description_column")
    if any(getattr(before, name) != getattr(after, name) for name in names):
        yield "source"


def _owners(stored: Stored) -> dict[str, frozenset[int]]:
    """Which types gave references with an indicator: no other may take it, or one could stand for two contents."""
    owners = dict(stored.former)
    for row in stored.types:
        if row.code in stored.contents and stored.contents[row.code].num_rows:
            owners[row.indicator] = owners.get(row.indicator, frozenset()) | {row.code}
    return owners


def _too_many(row: TypeRow, given: int) -> Problem:
    message = _("Grade type {code} ({description}) needs {given} references, but size {size} holds {limit}.").format(
        code=row.code, description=row.description, given=given, size=row.size, limit=CAPACITY[row.size]
    )
    larger = next((size for size in (4, 5) if size > row.size and given <= CAPACITY[size]), None)
    if larger is None:
        action = _("No size holds them. Split the type in Logix; contents that are gone there keep their reference.")
    else:
        action = _("Choose size {size} for it; references already given are renumbered, which has to be confirmed.")
    return Problem("references.too_many", message, action=action.format(size=larger))


def _indicator_taken(row: TypeRow, other: int) -> Problem:
    message = _("The indicator {indicator} of grade type {code} ({description}) is or was that of grade type {other}.")
    action = _("Choose another indicator for it: a reference must never stand for two contents.")
    text = message.format(indicator=row.indicator, code=row.code, description=row.description, other=other)
    return Problem("references.indicator_taken", text, action=action)


def _piece(table: pa.Table, name: str, kind: pa.DataType) -> pa.Array:
    return table[name].cast(kind).combine_chunks()


def _descriptions(fresh: pa.Table) -> pa.Array:
    """Descriptions as the store keeps them: no NULL, none too long."""
    column = without_null(_piece(fresh, "description", pa.string()))
    if (pc.max(pc.utf8_length(column)).as_py() or 0) > DESCRIPTION_LENGTH:
        return pc.utf8_slice_codeunits(column, 0, DESCRIPTION_LENGTH)
    return column


def _measured(column: pa.ChunkedArray) -> Iterator[memoryview]:
    """The lengths of all values, -1 for NULL, then their texts: no two columns read alike, however they are cut."""
    for length in pc.binary_length(column).fill_null(-1).chunks:
        yield memoryview(length.buffers()[1]).cast("B")[4 * length.offset : 4 * (length.offset + len(length))]
    for chunk in column.chunks:
        text = without_null(chunk)
        if len(text):
            ends = memoryview(text.buffers()[1]).cast("B").cast("i")
            yield memoryview(text.buffers()[2] or b"").cast("B")[ends[text.offset] : ends[text.offset + len(text)]]
