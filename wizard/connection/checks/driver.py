"""Can the driver be loaded here: its Python module, an Oracle client, the library of an ODBC driver."""

from __future__ import annotations

import ctypes
import importlib
from gettext import gettext as _
from pathlib import Path

from wizard.checklist.check import Check, Outcome, Subject, fail, ok
from wizard.connection.causes import DRIVER_DAMAGED
from wizard.connection.data_sources import Driver, explain, explain_driver, library_state, listing
from wizard.connection.dsn_form import form_for
from wizard.connection.fault_table import row_for
from wizard.connection.faults import explain as explain_text
from wizard.connection.faults import library_missing
from wizard.connection.library_file import PROGRAM_BITS
from wizard.connection.looks import refused_library
from wizard.connection.session import driver_module
from wizard.i18n import N_
from wizard.profile.database_kind import Session
from wizard.profile.errors import Problem

_ALTERED_SEARCH_PATH = 0x8
"""How the driver manager of Windows looks for what a library needs: beside it, and along PATH."""


def _run(subject: Subject) -> Outcome:
    # Without a password: nothing is opened here.
    session = subject.profile.database.session(None, subject.file.parent)
    name = driver_module(session)
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        return library_missing(name, error)
    if session.odbc:
        return _odbc(session)
    try:
        for function, arguments in session.setup.items():
            getattr(module, function)(**arguments)
    except Exception as error:  # noqa: BLE001 - the driver's own class
        return explain_text(str(error))
    return ok("database.driver_loads", _("The driver {name} can be loaded.").format(name=name))


def _odbc(session: Session) -> Outcome:
    dsn, driver = session.odbc.get("DSN"), str(session.odbc.get("DRIVER") or "").strip("{}")
    name, library, problem = _of_source(str(dsn)) if dsn else _of_driver(driver)
    if problem:
        return fail(problem.code, problem.message, problem.action)
    if not library:
        return ok("database.driver_unnamed", _("The driver is the one of the data source (DSN)."))
    try:
        # Away from the program itself: a library that is no driver may do harm to whoever loads it.
        ctypes.CDLL(library, winmode=_ALTERED_SEARCH_PATH)  # which counts on Windows alone
    except OSError as error:
        # The library is there and of our bitness, else it had a problem.
        row = row_for(refused_library(library, str(error)))
        fault = row.fault if row else DRIVER_DAMAGED
        package = _(form_for(name, library).package)
        return fail(fault.code, _(fault.cause), _(fault.action), driver=name, package=package, original=str(error))
    message = _("The ODBC driver {name} can be loaded.").format(name=name)
    return ok("database.driver_loads", message, library=library)


def _of_source(dsn: str) -> tuple[str, str, Problem | None]:
    """Name and library of the driver of a data source, and what is wrong with it; nothing of one that is not there."""
    source = listing().named(dsn)
    if source is None:
        return "", "", None
    return source.driver, source.library, None if source.usable else explain(source)[0]


def _of_driver(name: str) -> tuple[str, str, Problem | None]:
    """The same of a driver by its name, or by its library."""
    if Path(name).is_absolute():
        bits, wrong = library_state(Path(name))
        return name, name, explain_driver(Driver(name, name, bits, problem=wrong))
    found = listing()
    driver = found.driver(name)
    if driver is not None:
        return driver.name, driver.library, explain_driver(driver)
    known = ", ".join(dict.fromkeys(one.name for one in found.drivers)) or "-"
    message = _("No ODBC driver {name} is registered on this machine.").format(name=name)
    hint = _("Install it in {own} bit: {package}. Or choose one of these: {known}.")
    text = hint.format(own=PROGRAM_BITS, package=_(form_for(name, "").package), known=known)
    return name, "", Problem("database.driver_unregistered", message, action=text)


CHECK = Check(
    "database.driver",
    N_("Driver loads"),
    _run,
    ("database",),
    needs=("profile.valid",),
    shares="database",
)
