"""How long a round trip takes and how fast rows come: a small sample through one session, and what it means."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _

from wizard import i18n
from wizard.checklist.check import Check, Outcome, Subject, ok, warn
from wizard.connection.entity_catalogue import LogixTable, entities_on, logix_tables
from wizard.connection.limits import query_seconds
from wizard.connection.locked_rows import Reader, reader
from wizard.connection.session import ConnectionFailed
from wizard.connection.small_reads import PROBE, FirstRows, Rows, Unreadable, refusals, rows_of
from wizard.i18n import N_
from wizard.profile.models import Profile

TRIPS = 5
SAMPLE, AT_ONCE = 5_000, 500
"""Rows that are read, and how many at a time: the clock is looked at in between."""

SECONDS, COUNTING = 5, 5
"""Time for the sample, and for the estimate of all rows."""

FEW = 200
"""A sample of fewer rows tells nothing about speed."""

SLOW_TRIP = 150
"""Milliseconds of a round trip from which on it is told; within a network there are a few."""

SLOW_UPDATE = 30
"""Minutes that reading all rows may take before it is told."""


@dataclass(frozen=True)
class Speed:
    """What was measured: rows of a table, and the seconds that they took."""

    table: str
    rows: int
    seconds: float

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / max(self.seconds, 1e-6)


def _run(subject: Subject) -> Outcome:
    tables = logix_tables(entities_on(subject.profile))
    try:
        with reader(subject) as logix:
            trip = _trip(logix)
            first = FirstRows(logix, subject.profile.database)
            rows = first.estimates([table.name for table in tables], COUNTING)
            speed = _speed(first, tables, rows)
    except ConnectionFailed as error:
        return error.outcome
    except Unreadable as error:
        return error.outcome
    details = {"round_trip_ms": f"{trip:.1f}"}
    if speed is None or speed.rows < FEW:
        message = _("A round trip takes {trip} ms. Logix holds too few rows to tell how fast they come.")
        return _told(trip, 0, message.format(trip=_short(trip)), details)
    total = sum(found.count for found in rows.values())
    minutes = total / speed.rate / 60
    details |= {"table": speed.table, "rows": str(speed.rows), "rows_a_second": f"{speed.rate:.0f}"}
    message = _("A round trip takes {trip} ms; {rate} rows a second come from {table}.")
    text = message.format(trip=_short(trip), rate=round(speed.rate), table=speed.table)
    if minutes >= 1:
        more = _("Minutes for the {rows} rows of an update at this speed: {minutes}.")
        text = i18n.sentences(text, more.format(rows=total, minutes=round(minutes)))
    return _told(trip, minutes, text, details)


def _told(trip: float, minutes: float, text: str, details: Mapping[str, str]) -> Outcome:
    if trip >= SLOW_TRIP or minutes >= SLOW_UPDATE:
        hint = _(
            "Run the engines near the database, have VPN and network looked at, and plan enough time for the update."
        )
        return warn("database.slow", text, hint, **details)
    return ok("database.speed", text, **details)


def _trip(logix: Reader) -> float:
    """The median round trip in milliseconds; the first one, which prepares the statement, does not count."""
    times = []
    for _trip_number in range(TRIPS + 1):
        began = time.perf_counter()
        rows_of(logix, PROBE)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[1:])


def _speed(first: FirstRows, tables: tuple[LogixTable, ...], rows: Mapping[str, Rows]) -> Speed | None:
    """The speed of the largest table that can be read, in the columns that the manual names."""
    known = [table for table in tables if table.name in rows and table.columns]
    for table in sorted(known, key=lambda table: -rows[table.name].count):
        began = time.monotonic()
        try:
            read = _read(first, table, began + SECONDS)
        except Unreadable:
            continue
        return Speed(table.name, read, time.monotonic() - began)
    return None


def _read(first: FirstRows, table: LogixTable, until: float) -> int:
    read = 0
    with refusals():
        result = first.open(table.columns, table.name, SAMPLE)
        while time.monotonic() < until:
            part = result.fetchmany(AT_ONCE)
            read += len(part)
            if len(part) < AT_ONCE:
                break
        result.close()
    return read


def _short(milliseconds: float) -> float:
    return round(milliseconds) if milliseconds >= 10 else float(f"{milliseconds:.1g}")


def _seconds(profile: Profile) -> float:
    return SECONDS + COUNTING + 20 + query_seconds(profile)


CHECK = Check(
    "database.throughput",
    N_("Speed of reading"),
    _run,
    ("database", "grades", "update"),
    needs=("database.login",),
    mandatory=False,
    timeout=_seconds,
    shares="database",
)
