"""Can every Logix table and column be read that the update reads; about how many rows are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _

from wizard import i18n
from wizard.checklist.check import Check, Outcome, Subject, fail, ok, warn
from wizard.connection.entity_catalogue import GRADES, LogixTable, aps_tables, entities_on, logix_tables
from wizard.connection.limits import query_seconds
from wizard.connection.locked_rows import Reader, reader
from wizard.connection.session import ConnectionFailed
from wizard.connection.small_reads import FirstRows, Rows, Unreadable, rows_of
from wizard.i18n import N_
from wizard.profile.entities import ENTITIES
from wizard.profile.models import Profile

SHOWN = 12
"""Names of one group that are shown; the rest is counted."""

COUNTING = 10
"""Seconds for the estimate of the rows."""


@dataclass(frozen=True)
class Gap:
    """What is missing of a table: all of it, for the reason `code`, or columns; `assumed` ones may have other names."""

    table: LogixTable
    code: str = ""
    columns: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Something that the manual names is missing."""
        return bool(self.columns) or (bool(self.code) and self.table.stated)


def _run(subject: Subject) -> Outcome:
    wanted = entities_on(subject.profile)
    tables = logix_tables(wanted)
    try:
        with reader(subject) as logix:
            gaps = [gap for gap in (_gap(logix, table) for table in tables) if gap]
            missing = {gap.table.name for gap in gaps if gap.code}
            rows = FirstRows(logix, subject.profile.database).estimates(
                [table.name for table in tables if table.name not in missing], COUNTING
            )
    except ConnectionFailed as error:
        return error.outcome
    details = {"rows": _rows_text(rows)} if rows else {}
    certain = [gap for gap in gaps if gap.certain]
    if certain:
        message = _("{wrong} of {tables} tables that the update reads are missing or not complete. {groups}")
        text = message.format(wrong=len(certain), tables=len(tables), groups=_groups(certain))
        hint = _(
            "Needed for: {entities}. Let the user SELECT from these tables, check that the database is the one of "
            "Logix, and compare the releases; entities that are not used can be switched off."
        ).format(entities=_some(_names(certain)))
        return fail("database.tables_missing", text, hint, **details)
    if gaps:
        message = _("All that the manual names can be read. Not found under the usual name: {groups}")
        hint = _("This release of Logix may name it otherwise; tell who maintains the queries of the update.")
        return warn("database.columns_unusual", message.format(groups=_groups(gaps)), hint, **details)
    columns = sum(len(table.columns) + len(table.assumed) for table in tables)
    message = _("{tables} tables with {columns} columns can be read; about {rows} rows.")
    text = message.format(tables=len(tables), columns=columns, rows=_number(rows.values()))
    return ok("database.tables_readable", text, **details)


def _gap(logix: Reader, table: LogixTable) -> Gap | None:
    gap = _gap_of(logix, table, table.name)
    if gap and gap.code and table.instead:
        stand_in = _gap_of(logix, table, table.instead)
        if stand_in and not stand_in.code and not stand_in.columns:
            # Its assumed columns are those that the other table has beyond it.
            return None
    return gap


def _gap_of(logix: Reader, table: LogixTable, name: str) -> Gap | None:
    """What is missing; one statement for a table that has everything."""
    if _refused(logix, name, (*table.columns, *table.assumed) or ("1",)) is None:
        return None
    code = _refused(logix, name, ("1",))
    if code is not None:
        return Gap(table, code=code)
    return Gap(
        table,
        columns=tuple(column for column in table.columns if _refused(logix, name, (column,)) is not None),
        assumed=tuple(column for column in table.assumed if _refused(logix, name, (column,)) is not None),
    )


def _refused(logix: Reader, table: str, columns: Sequence[str]) -> str | None:
    """The code of the refusal, None when the columns can be read. No row is read."""
    try:
        # Names of the catalogue alone.
        rows_of(logix, f"SELECT {', '.join(columns)} FROM {table} WHERE 1 = 0", table)  # noqa: S608
    except Unreadable as error:
        return error.outcome.code
    return None


def _groups(gaps: Iterable[Gap]) -> str:
    """All that is missing, one sentence a group."""
    titles = {
        "database.no_table": _("Missing, or not readable for this user: {names}."),
        "database.table_denied": _("Not readable for this user: {names}."),
    }
    by_code: dict[str, list[str]] = {}
    incomplete = []
    for gap in gaps:
        if gap.code:
            by_code.setdefault(gap.code, []).append(gap.table.name)
        else:
            names = gap.columns or gap.assumed
            incomplete.append(f"{gap.table.name} ({', '.join(names)})")
    unknown = _("Not readable: {names}.")
    said = [titles.get(code, unknown).format(names=_some(names)) for code, names in by_code.items()]
    if incomplete:
        said.append(_("Missing columns: {names}.").format(names=_some(incomplete)))
    return i18n.sentences(*said)


def _some(names: Iterable[str], apart: str = ", ") -> str:
    every = list(names)
    if len(every) <= SHOWN:
        return apart.join(every)
    return _("{names} and {count} more").format(names=apart.join(every[:SHOWN]), count=len(every) - SHOWN)


def _names(gaps: Iterable[Gap]) -> list[str]:
    """The entities that are held up, by the names that the page of the options gives them."""
    titles = {entity.key: entity.name for entity in ENTITIES}
    titles[GRADES] = next(table.name for table in aps_tables() if GRADES in table.brought_by)
    return list(dict.fromkeys(titles[key] for gap in gaps for key in gap.table.needed_by))


def _number(rows: Iterable[Rows]) -> str:
    every = list(rows)
    more = "+" if any(row.more for row in every) else ""
    return f"{i18n.number(sum(row.count for row in every))}{more}"


def _rows_text(rows: Mapping[str, Rows]) -> str:
    """The largest tables first."""
    ordered = sorted(rows.items(), key=lambda entry: -entry[1].count)
    # A comma stands in numbers too.
    return _some((f"{table} {_number([found])}" for table, found in ordered), "; ")


def _seconds(profile: Profile) -> float:
    return 60 + COUNTING + query_seconds(profile)


CHECK = Check(
    "database.tables",
    N_("Tables of the update readable"),
    _run,
    ("database", "grades", "update"),
    needs=("database.login",),
    timeout=_seconds,
    shares="database",
)
