"""Logging in through a data source, for real, in a child process that is ended when it takes too long."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from wizard.checklist.check import Outcome, cancelled, fail, ok, timed_out
from wizard.checklist.redact import without
from wizard.connection import odbc_session
from wizard.connection.data_sources import Listing, explain, listing
from wizard.connection.faults import explain as explain_text
from wizard.connection.faults import library_missing
from wizard.connection.looks import Place
from wizard.isolated.host import Ending, Job
from wizard.profile.database_kind import Session

LOGIN = 15
"""Seconds that the driver is given for the login; several ignore it."""


def login_job(name: str, user: str | None, password: str | None, timeout: float) -> Job:
    """The login as a job, for whoever wants to cancel it. The password goes through standard input only."""
    request = {"dsn": name, "user": user, "password": password, "login_timeout": max(1, min(LOGIN, int(timeout)))}
    return Job("wizard.connection.dsn_login:in_child", request, timeout)


def try_login(name: str, user: str | None, password: str | None, timeout: float = 30) -> Outcome:
    """Log in through the data source of this name; what went wrong is explained. Takes `timeout` seconds at most."""
    return outcome(login_job(name, user, password, timeout).run(), name, timeout)


def outcome(ending: Ending, name: str, timeout: float) -> Outcome:
    """What the end of a login job means; the driver manager's own words first, then what the listing knows."""
    match ending.how:
        case "done":
            found = Outcome(**ending.answer)
            return _with_cause(found, name) if found.status == "fail" else found
        case "cancelled":
            return cancelled()
        case "timed_out":
            return timed_out(timeout)
        case "crashed":
            message = _("The driver ended its process.")
            hint = _("Install the driver again, in the bitness of this program.")
            return fail("database.driver_crashed", message, hint, ending=ending.detail)


def in_child(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the child does: `{"dsn", "user", "password", "login_timeout"}`, answers an Outcome."""
    known = [request["dsn"].casefold()]
    found = without(_login(request), [request["password"] or ""], [request["user"]], known)
    return found.to_json()


def _login(request: Mapping[str, Any]) -> Outcome:
    try:
        import pyodbc
    except ImportError as error:
        return library_missing("pyodbc", error)
    parts = {"DSN": request["dsn"], "UID": request["user"], "PWD": request["password"]}
    session = Session("apsodbc+pyodbc", odbc=parts, login_timeout=request["login_timeout"], query_timeout=0)
    try:
        connection = odbc_session.connect(session)
    except pyodbc.Error as error:
        return explain_text(str(error), Place(dsn=request["dsn"]))
    try:
        server = f"{connection.getinfo(pyodbc.SQL_DBMS_NAME)} {connection.getinfo(pyodbc.SQL_DBMS_VER)}"
        driver = f"{connection.getinfo(pyodbc.SQL_DRIVER_NAME)} {connection.getinfo(pyodbc.SQL_DRIVER_VER)}"
    finally:
        connection.close()
    message = _("Logged in to {product}.").format(product=server)
    return ok("database.login_ok", message, server=server, driver=driver)


def _with_cause(found: Outcome, name: str, known: Listing | None = None) -> Outcome:
    """A driver manager says "not found" of much; where the data source itself is broken, that is the cause."""
    source = (known or listing()).named(name)
    if source is None or source.usable:
        return found
    problem = explain(source)[0]
    return fail(problem.code, problem.message, problem.action, **found.details)
