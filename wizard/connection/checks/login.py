"""Does the database let the engines in, and what is it: server and version, driver and version."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok
from wizard.connection import server
from wizard.connection.faults import silence
from wizard.connection.limits import login_seconds
from wizard.connection.session import ConnectionFailed, logix, place_of
from wizard.i18n import N_

GRACE = 4
"""Seconds beyond the login limit that a driver may take to give up by itself, and the look that its words ask for."""


def _run(subject: Subject) -> Outcome:
    """The login, in a thread: several drivers ignore the limit and never come back.

    The thread stays in the driver then; the child that this runs in ends with its answer. A driver that
    does not even let other threads run is ended by the limit of the check.
    """
    limit = getattr(subject.profile.database, "login_timeout", None)
    if limit is None:
        return _login(subject)
    answer: Future[Outcome] = Future()

    def attempt() -> None:
        try:
            answer.set_result(_login(subject))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the answer is asked for
            answer.set_exception(error)

    threading.Thread(target=attempt, name="login", daemon=True).start()
    try:
        return answer.result(limit + GRACE)
    except TimeoutError:
        if answer.done():
            return answer.result()  # it came at the last moment, or the time-out is somebody else's
        return silence(limit + GRACE, place_of(subject))


def _login(subject: Subject) -> Outcome:
    settings = subject.profile.database
    try:
        with logix(subject) as connection:
            product = server.product(connection, settings)
            driver = server.driver(connection)
    except ConnectionFailed as error:
        return error.outcome
    message = _("Logged in to {product} by {driver}.").format(product=product, driver=driver)
    return ok("database.login_ok", message, server=product, driver=driver)


CHECK = Check(
    "database.login",
    N_("Database login"),
    _run,
    ("database",),
    needs=("database.reachable", "database.driver"),
    timeout=login_seconds,
    shares="database",
)
