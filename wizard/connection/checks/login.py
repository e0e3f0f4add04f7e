"""Does the database let the engines in, and what is it: server, version, driver, isolation level in force."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok, warn
from wizard.connection.kind import login_seconds
from wizard.connection.session import ConnectionFailed, logix
from wizard.i18n import N_

LEVEL_NAMES = {
    "server_default": N_("Server default"),
    "read_uncommitted": "Read Uncommitted",
    "read_committed": "Read Committed",
    "repeatable_read": "Repeatable Read",
    "snapshot": "Snapshot",
    "serializable": "Serializable",
}


def _run(subject: Subject) -> Outcome:
    settings = subject.profile.database
    try:
        with logix(subject) as (kind, connection):
            product, found = kind.product(connection), kind.isolation(connection)
    except ConnectionFailed as error:
        return error.outcome
    wanted = settings.isolation
    level = _(LEVEL_NAMES[found or wanted])
    told = _("{level} (read back from the server)") if found else _("{level} (asked for; the server does not tell)")
    details = {"server": product, "isolation": told.format(level=level)}
    if found and wanted not in ("server_default", found):
        message = _("Logged in to {product}, but the isolation level in force is {level}.")
        return warn(
            "database.isolation_differs",
            message.format(product=product, level=level),
            _("The driver or the server does not take the level that was chosen."),
            **details,
        )
    if settings.kind == "informix" and wanted != "read_uncommitted":
        message = _("Logged in to {product}. The manual recommends Read Uncommitted for Informix.")
        hint = _("Other levels can stop the update at a row that somebody is editing (error -244).")
        return warn("database.isolation_advice", message.format(product=product), hint, **details)
    message = _("Logged in to {product}; isolation level {level}.")
    return ok("database.login_ok", message.format(product=product, level=level), **details)


CHECK = Check(
    "database.login",
    N_("Database login"),
    _run,
    ("database",),
    needs=("database.reachable",),
    timeout=login_seconds,
)
