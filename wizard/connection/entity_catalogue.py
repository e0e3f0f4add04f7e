"""What the update brings from Logix, out of resources/entities.yaml: tables of the APS, Logix tables behind them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Any

from wizard.profile.models import Profile
from wizard.resources import folder

FILE = "entities.yaml"

GRADES = "grades"
"""Stands in `brought_by` for the grade types, which the profile switches on in a section of their own."""

COMPANY_COLUMNS = ("cod_empresa", "empresa")
"""How Logix names the column of the company, in older and in newer tables."""


@dataclass(frozen=True)
class Source:
    """Something of Logix that a query reads: a column of a table, or a table whose columns the manual does not name."""

    table: str
    column: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table of the APS, and what it is filled from; the meaning of each field stands in the file."""

    name: str
    means: str
    type: str = ""
    required: bool = False
    sources: tuple[Source, ...] = ()
    unplaced: str = ""
    rule: str = ""
    constant: str | None = None
    made: str = ""
    sent: bool = True
    kept_when: str = ""


@dataclass(frozen=True)
class ApsTable:
    """A table of the APS with the section of the manual that maps it; `brought_by` names entities of a profile."""

    section: str
    name: str
    brought_by: tuple[str, ...]
    table: str = ""
    programs: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    reads: tuple[Source, ...] = ()
    assumes: tuple[Source, ...] = ()
    columns: tuple[Column, ...] = ()

    def stated(self) -> Iterator[Source]:
        """What its query reads by the words of the manual."""
        yield from self.reads
        for column in self.columns:
            yield from column.sources

    def key_sources(self) -> Iterator[Source]:
        """The Logix columns that stand in its key as they are."""
        for column in self.columns:
            if column.name in self.key and not column.rule:
                yield from column.sources


@dataclass(frozen=True)
class LogixTable:
    """A table of Logix as the update needs it.

    `columns` are stated by the manual, `assumed` ones are known from elsewhere, and so is the whole table
    unless it is `stated`; `keys` are columns that become keys of the APS. `instead` names a table that may
    stand in its place, with the same stated columns. `needed_by` are entities of a profile.
    """

    name: str
    stated: bool
    columns: tuple[str, ...]
    assumed: tuple[str, ...]
    keys: tuple[str, ...]
    needed_by: tuple[str, ...]
    instead: str = ""

    @property
    def company(self) -> str:
        """Its column of the company; "" where none is known."""
        known = (*self.columns, *self.assumed)
        return next((name for name in COMPANY_COLUMNS if name in known), "")


@cache
def aps_tables() -> tuple[ApsTable, ...]:
    """Every table of the APS that the update fills, in the order of the manual. A wrong key in the file: TypeError."""
    return tuple(_aps_table(entry) for entry in _document()["entities"])


_reading = threading.Lock()


def _document() -> Mapping[str, Any]:
    # Checks that start at the same moment wait for the one that reads: a cache alone would let all of them read.
    with _reading:
        return _read()


@cache
def _read() -> Mapping[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: Mapping[str, Any] = yaml.load((folder() / FILE).read_text("utf-8"), loader)  # noqa: S506 - both are safe
    return document


def _aps_table(entry: Mapping[str, Any]) -> ApsTable:
    values: dict[str, Any] = dict(entry)
    values |= {name: tuple(entry.get(name, ())) for name in ("brought_by", "programs", "key")}
    values |= {name: _sources(entry.get(name, ())) for name in ("reads", "assumes")}
    return ApsTable(**values | {"columns": tuple(_column(column) for column in entry.get("columns", ()))})


def _column(entry: Mapping[str, Any]) -> Column:
    rest = {name: value for name, value in entry.items() if name != "from"}
    return Column(**rest, sources=_sources(entry.get("from", ())))


def _sources(names: Sequence[str]) -> tuple[Source, ...]:
    return tuple(Source(*name.split(".")) for name in names)


def entities_on(profile: Profile) -> frozenset[str]:
    """The entities that the profile switches on and its kind of database can bring; with GRADES where it has them."""
    switches = profile.update.entities
    on = {key for key in type(switches).model_fields if getattr(switches, key)}
    return frozenset((on - set(profile.database.NOT_OFFERED)) | ({GRADES} if profile.grades.enabled else set()))


def logix_tables(entities: AbstractSet[str]) -> tuple[LogixTable, ...]:
    """The Logix tables that these entities need, each with all the columns needed of it, by name."""
    return _logix_tables(frozenset(entities))


@cache
def _logix_tables(entities: frozenset[str]) -> tuple[LogixTable, ...]:
    wanted = [table for table in aps_tables() if not entities.isdisjoint(table.brought_by)]
    stated, assumed, keys = _Columns(), _Columns(), _Columns()
    needed_by: dict[str, dict[str, None]] = {}
    for table in wanted:
        bringing = [key for key in table.brought_by if key in entities]
        for sources, columns in ((table.stated(), stated), (table.assumes, assumed)):
            for source in sources:
                columns.add(source)
                needed_by.setdefault(source.table, {}).update(dict.fromkeys(bringing))
        for source in table.key_sources():
            keys.add(source)
    instead: Mapping[str, str] = _document()["instead"]
    return tuple(
        LogixTable(
            name,
            stated=name in stated.of,
            columns=stated[name],
            assumed=tuple(column for column in assumed[name] if column not in stated[name]),
            keys=keys[name],
            needed_by=tuple(needed_by[name]),
            instead=instead.get(name, ""),
        )
        for name in sorted({*stated.of, *assumed.of})
    )


class _Columns:
    """The columns of tables, each once, in the order in which they came; a table may have none."""

    def __init__(self) -> None:
        self.of: dict[str, dict[str, None]] = {}

    def add(self, source: Source) -> None:
        columns = self.of.setdefault(source.table, {})
        if source.column:
            columns[source.column] = None

    def __getitem__(self, table: str) -> tuple[str, ...]:
        return tuple(self.of.get(table, ()))
