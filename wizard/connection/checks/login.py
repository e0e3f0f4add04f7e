"""Does the database let the engines in, and what is it: server, version, driver, isolation level in force."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok, warn
from wizard.connection import server
from wizard.connection.limits import login_seconds
from wizard.connection.session import ConnectionFailed, logix
from wizard.i18n import N_
from wizard.profile.database_kind import ISOLATION_LEVELS


def _run(subject: Subject) -> Outcome:
    settings = subject.profile.database
    try:
        with logix(subject) as connection:
            product = server.product(connection, settings)
            driver = server.driver(connection)
            found = server.isolation(connection, settings)
    except ConnectionFailed as error:
        return error.outcome
    wanted = settings.isolation
    level = _(ISOLATION_LEVELS[found or wanted])
    told = _("{level} (read back from the server)") if found else _("{level} (asked for; the server does not tell)")
    details = {"server": product, "driver": driver, "isolation": told.format(level=level)}
    if found and wanted not in ("server_default", found):
        message = _("Logged in to {product}, but the isolation level in force is {level}.")
        return warn(
            "database.isolation_differs",
            message.format(product=product, level=level),
            _("The driver or the server does not take the level that was chosen."),
            **details,
        )
    if settings.RECOMMENDED and wanted != settings.RECOMMENDED:
        message = _("Logged in to {product}. The manual recommends another isolation level: {level}.")
        recommended = _(ISOLATION_LEVELS[settings.RECOMMENDED])
        text = message.format(product=product, level=recommended)
        return warn("database.isolation_advice", text, _(settings.ADVICE), **details)
    message = _("Logged in to {product} by {driver}; isolation level {level}.")
    return ok("database.login_ok", message.format(product=product, driver=driver, level=level), **details)


CHECK = Check(
    "database.login",
    N_("Database login"),
    _run,
    ("database",),
    needs=("database.reachable",),
    timeout=login_seconds,
)
