"""Is the isolation level in force that was chosen: read back, and where a site allows it shown by two sessions."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Sequence
from contextlib import suppress
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from wizard.checklist.check import Check, Outcome, Subject, ok, warn
from wizard.connection import server
from wizard.connection.causes import ROW_LOCKED
from wizard.connection.faults import says
from wizard.connection.limits import login_seconds, query_seconds
from wizard.connection.odbc_session import LEVELS
from wizard.connection.session import ConnectionFailed, logix
from wizard.i18n import N_
from wizard.profile.database_kind import ISOLATION_LEVELS, Proof
from wizard.profile.models import Profile

if TYPE_CHECKING:
    from sqlalchemy import Connection

DIRTY = "read_uncommitted"

PATIENCE = 3
"""Seconds that a reader may wait for a row, where its session cannot be told not to wait."""


def _run(subject: Subject) -> Outcome:
    settings = subject.profile.database
    try:
        with logix(subject) as connection:
            found = server.isolation(connection, settings)
            default, offered = server.default_level(connection), server.offered_levels(connection)
            shown, seen = _tried(subject, connection)
    except ConnectionFailed as error:
        return error.outcome
    wanted = settings.isolation
    # What is said to the server in its own words needs no driver that knows it.
    said = settings.session(None, subject.file.parent).statements
    level = _(ISOLATION_LEVELS[found or wanted])
    by = _("read back from the server") if found else _("asked for; the server does not tell")
    details = {"isolation": level, "known": by, "two_sessions": shown}
    if default:
        details["server_default"] = _(ISOLATION_LEVELS[default])
    if offered:
        details["driver_offers"] = ", ".join(_(ISOLATION_LEVELS[one]) for one in offered)
    promised = wanted == DIRTY
    if (found and wanted not in ("server_default", found)) or (
        seen is not None and wanted != "server_default" and seen != promised
    ):
        message = _("{wanted} was chosen, but the isolation level in force is {level}; between two sessions: {shown}.")
        text = message.format(wanted=_(ISOLATION_LEVELS[wanted]), level=level, shown=shown)
        hint = _(
            "The driver or the server does not take this level: choose another, or ask who administers the database."
        )
        return warn("database.isolation_differs", text, hint, **details)
    unproved = not found and seen is None
    if unproved and offered and wanted in LEVELS and wanted not in offered and not said:
        message = _("{wanted} was chosen, but the driver does not offer it; which level is in force is not known.")
        hint = _("Choose another isolation level; this driver offers: {levels}.").format(
            levels=details["driver_offers"]
        )
        return warn("database.isolation_not_offered", message.format(wanted=level), hint, **details)
    if settings.RECOMMENDED and wanted != settings.RECOMMENDED:
        recommended = _(ISOLATION_LEVELS[settings.RECOMMENDED])
        message = _("{level} is in force. The manual recommends another isolation level: {recommended}.")
        text = message.format(level=level, recommended=recommended)
        return warn("database.isolation_advice", text, _(settings.ADVICE), **details)
    if seen is not None:
        message = _("{level} is in force, shown by two sessions: {shown}.").format(level=level, shown=shown)
        return ok("database.isolation_proved", message, **details)
    if found:
        message = _("{level} is in force (read back from the server, not shown by two sessions).").format(level=level)
        return ok("database.isolation_read_back", message, **details)
    message = _("{level} was asked for; the server does not tell what is in force.").format(level=level)
    return ok("database.isolation_asked", message, **details)


def _tried(subject: Subject, reader: Connection) -> tuple[str, bool | None]:
    """What two sessions show, in words, and whether an uncommitted row is seen: None when that was not found out."""
    settings = subject.profile.database
    table = settings.own_table()
    if settings.PROOF is not None:
        seen = _seen(subject, reader, settings.PROOF)
    elif table is not None:
        try:
            seen = _seen_in(subject, reader, table)
        except _NotTried as why:
            return str(why), None
    else:
        return _("not tried: it would take a table of Logix"), None
    if seen is None:
        return _("could not be tried"), None
    return (_("an uncommitted row is seen") if seen else _("an uncommitted row is not seen")), seen


def _seen(subject: Subject, reader: Connection, proof: Proof) -> bool | None:
    """Does the session see a row that another one has not committed; None when that cannot be tried here."""
    from sqlalchemy.exc import DBAPIError

    name = f"aps_{secrets.token_hex(6)}"
    # A server that lets nobody in twice, or nobody make anything, leaves the read-back.
    with suppress(ConnectionFailed), logix(subject) as writer:
        try:
            _say(writer, proof.make, name)
            _say(writer, proof.write, name)
            _say(reader, proof.before, name)
            return _counted(reader, proof.count.format(name=name))
        finally:
            for statement in proof.undo:
                with suppress(DBAPIError):
                    _say(writer, [statement], name)
    return None


class _NotTried(Exception):
    """Why two sessions show nothing in the table of the site."""


def _seen_in(subject: Subject, reader: Connection, table: str) -> bool:
    """The same by a row in a table that the site keeps for it. Raises _NotTried.

    Nothing is made, and the row is never committed: should this process be ended at any moment, the server takes the
    row back with its session. Only where nothing is taken back it would stay; then exactly this row is deleted.
    """
    try:
        with logix(subject) as writer:
            raw: Any = writer.connection.dbapi_connection
            if not _has_transactions(raw):
                raise _NotTried(_("not tried: this database has no transactions"))
            columns = [str(column[0]) for column in raw.execute(f"SELECT * FROM {table} WHERE 1 = 0").description]  # noqa: S608 - the profile takes plain names alone
            if len(columns) != 1 or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", columns[0]):
                raise _NotTried(_("not tried: the table {table} has more than one column").format(table=table))
            ours = f"FROM {table} WHERE {columns[0]} = {secrets.randbelow(2**31 - 1) + 1}"
            raw.autocommit = False
            try:
                raw.execute(f"INSERT INTO {table} VALUES ({ours.rpartition(' ')[2]})")  # noqa: S608 - as above
                return _seen_at_once(subject, reader, f"SELECT COUNT(*) {ours}")
            finally:
                raw.rollback()
                raw.autocommit = True
                if raw.execute(f"SELECT COUNT(*) {ours}").fetchval():
                    raw.execute(f"DELETE {ours}")
                    raise _NotTried(_("not tried: the table {table} keeps what is rolled back").format(table=table))
    except ConnectionFailed:
        # Nobody is let in twice, the table is not there, or the user may not insert.
        raise _NotTried(_("could not be tried in the table {table}").format(table=table)) from None


def _has_transactions(raw: Any) -> bool:
    """Whether a session of ODBC can take back what it wrote; False for any other."""
    if not hasattr(raw, "getinfo"):
        return False
    import pyodbc

    return int(raw.getinfo(pyodbc.SQL_TXN_CAPABLE) or 0) != 0


def _seen_at_once(subject: Subject, reader: Connection, sql: str) -> bool:
    """True when the row is seen, without waiting for it: who would have to wait does not see it."""
    import pyodbc

    raw: Any = reader.connection.dbapi_connection
    for statement in subject.profile.database.AT_ONCE:
        raw.execute(statement)
    cursor = raw.cursor()
    timer = threading.Timer(PATIENCE, cursor.cancel)
    timer.start()
    try:
        return bool(cursor.execute(sql).fetchval())
    except pyodbc.Error as error:
        if says(str(error), ROW_LOCKED):
            return False
        raise
    finally:
        timer.cancel()
        timer.join()


def _counted(reader: Connection, sql: str) -> bool:
    """True when a row is seen; a reader that would have to wait for it does not see it."""
    from sqlalchemy.exc import DBAPIError

    try:
        return bool(reader.exec_driver_sql(sql).scalar_one())
    except DBAPIError as error:
        if says(str(error.orig), ROW_LOCKED):
            return False
        raise


def _say(connection: Connection, statements: Sequence[str], name: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement.format(name=name))


def _seconds(profile: Profile) -> float:
    second = profile.database.PROOF or profile.database.own_table()
    return query_seconds(profile) + (login_seconds(profile) + PATIENCE if second else 0)


CHECK = Check(
    "database.isolation",
    N_("Isolation level in force"),
    _run,
    ("database",),
    needs=("database.login",),
    timeout=_seconds,
    shares="database",
)
