"""May the user only read: found out from the rights that the server tells, nothing is ever written."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok, warn
from wizard.connection.entity_catalogue import entities_on, logix_tables
from wizard.connection.limits import query_seconds
from wizard.connection.locked_rows import Reader, reader
from wizard.connection.session import ConnectionFailed
from wizard.connection.small_reads import Unreadable, rows_of
from wizard.i18n import N_
from wizard.profile.database_kind import DatabaseKind

SHOWN = 5

UNTOLD = "?"
"""Stands among the tables where there may be rights of which the server does not tell more."""


def _run(subject: Subject) -> Outcome:
    settings = subject.profile.database
    tables = [table.name for table in logix_tables(entities_on(subject.profile))]
    if settings.READ_ONLY:
        return ok("database.read_only", _("The session is opened for reading only."))
    try:
        with reader(subject) as logix:
            writable = _writable(logix, settings)
    except ConnectionFailed as error:
        return error.outcome
    hint = _("Ask for a user that may only SELECT: the update never writes to Logix.")
    if writable is not None and "" in writable:
        return warn("database.can_write", _("This user may write to every table of the database."), hint)
    found = [table for table in tables if writable is not None and table in writable]
    if found:
        message = _("This user may write to {count} of {tables} tables that the update reads, such as {names}.")
        text = message.format(count=len(found), tables=len(tables), names=", ".join(found[:SHOWN]))
        return warn("database.can_write", text, hint)
    if writable is None or UNTOLD in writable:
        message = _("The server does not tell what this user may write.")
        return warn("database.rights_unknown", message, hint)
    return ok("database.read_only", _("This user may write to no table that the update reads."))


def _writable(logix: Reader, settings: DatabaseKind) -> set[str] | None:
    """The tables that the user may write to, "" for all of them; None where the server does not tell."""
    for query in settings.WRITE_QUERIES:
        try:
            return {str(row[0] or "").strip().casefold() for row in rows_of(logix, query)}
        except Unreadable:
            continue
    return None


CHECK = Check(
    "database.read_only",
    N_("User may only read"),
    _run,
    ("database", "update"),
    needs=("database.login",),
    mandatory=False,
    timeout=query_seconds,
    shares="database",
)
