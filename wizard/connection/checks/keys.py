"""Are keys registered in capitals (R-GEN-05), and are there some that the APS would take for one (R-GEN-04)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok, warn
from wizard.connection.entity_catalogue import LogixTable, entities_on, logix_tables
from wizard.connection.limits import query_seconds
from wizard.connection.locked_rows import reader
from wizard.connection.session import ConnectionFailed
from wizard.connection.small_reads import FirstRows, Unreadable
from wizard.i18n import N_
from wizard.profile.models import Profile

SAMPLE = 5_000
"""Rows of each table that are looked at."""

SECONDS = 20
"""Time for all tables together; those that do not fit in are left out."""

SHOWN = 5


@dataclass(frozen=True)
class Keys:
    """The values of a key that were looked at, without blanks at the end."""

    place: str
    values: frozenset[str]

    @property
    def lower(self) -> list[str]:
        """Those with a small letter."""
        # Nearly all are in capitals or digits, which is told of a text at once.
        rest = (value for value in self.values if not value.isupper() and not value.isdecimal())
        return sorted(value for value in rest if any(letter.islower() for letter in value))

    @property
    def twins(self) -> list[str]:
        """Those that differ from another one by capitals only."""
        seen: dict[str, list[str]] = {}
        for value in sorted(self.values):
            seen.setdefault(value.casefold(), []).append(value)
        return ["/".join(values) for values in seen.values() if len(values) > 1]


def _run(subject: Subject) -> Outcome:
    profile = subject.profile
    tables = [table for table in logix_tables(entities_on(profile)) if table.keys]
    until = time.monotonic() + SECONDS
    found: list[Keys] = []
    looked = 0
    try:
        with reader(subject) as logix:
            rows = FirstRows(logix, profile.database)
            for table in tables:
                if time.monotonic() < until:
                    keys = _keys(rows, table, profile.company.logix)
                    looked += bool(keys)
                    found += keys
    except ConnectionFailed as error:
        return error.outcome
    details = {"tables": looked, "values": sum(len(keys.values) for keys in found), "rows_each": SAMPLE}
    twins = [(keys.place, pair) for keys in found for pair in keys.twins]
    lower = [(keys.place, value) for keys in found for value in keys.lower]
    if twins:
        message = _("Keys that differ from another one by capitals only: {count}, such as {examples}.")
        hint = _("The APS takes them for one and keeps the first that it reads. Correct them in Logix.")
        text = message.format(count=len(twins), examples=_examples(twins))
        return warn("database.keys_alike", text, hint, lower_case=len(lower), **details)
    if lower:
        message = _("Keys with small letters: {count}, such as {examples}.")
        hint = _("Keys should be registered in capitals in Logix: the APS does not tell small letters from capitals.")
        return warn(
            "database.keys_lower_case", message.format(count=len(lower), examples=_examples(lower)), hint, **details
        )
    if not details["values"]:
        return ok("database.keys_none", _("No key was found to look at: the tables are empty or cannot be read."))
    message = _("{values} keys of {tables} tables looked at (up to {rows} rows of each); all are in capitals.")
    text = message.format(values=details["values"], tables=looked, rows=SAMPLE)
    return ok("database.keys_capital", text, **details)


def _keys(rows: FirstRows, table: LogixTable, company: str) -> list[Keys]:
    """The keys of the first rows, and of those from "a" on: in an index small letters stand behind all capitals."""
    sources = [table.name]
    if table.company:
        sources.insert(0, f"{table.name} WHERE {table.company} = '{company}'")
    for source in sources:
        try:
            found = rows.first(table.keys, source, SAMPLE)
        except Unreadable:
            continue
        joint = "AND" if " WHERE " in source else "WHERE"
        keys = []
        for index, column in enumerate(table.keys):
            values = {row[index] for row in found}
            if any(isinstance(value, str) for value in values):
                values |= {row[0] for row in _last(rows, column, f"{source} {joint} {column} >= 'a'")}
                keys.append(Keys(f"{table.name}.{column}", frozenset(_texts(values))))
        return keys
    return []


def _last(rows: FirstRows, column: str, source: str) -> list[tuple[object, ...]]:
    try:
        return rows.first([column], source, SAMPLE)
    except Unreadable:
        return []


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (value.rstrip() for value in values if isinstance(value, str) and value.strip())


def _examples(found: list[tuple[str, str]]) -> str:
    return ", ".join(f"{place} {value}" for place, value in found[:SHOWN])


def _seconds(profile: Profile) -> float:
    return SECONDS + 10 + query_seconds(profile)


CHECK = Check(
    "database.keys",
    N_("Keys in capitals"),
    _run,
    ("company", "database", "grades", "update"),
    needs=("database.login",),
    mandatory=False,
    timeout=_seconds,
    shares="database",
)
