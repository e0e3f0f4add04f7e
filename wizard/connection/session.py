"""One connection to the Logix database of a profile, and what a failure of it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from typing import TYPE_CHECKING

from wizard.checklist.check import Outcome, Subject, fail
from wizard.connection.kind import Kind, kind_of
from wizard.secrets.references import SecretError, secret_for

if TYPE_CHECKING:
    from sqlalchemy import Connection


class ConnectionFailed(Exception):
    """The database could not be used; `outcome` says why and what to do."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.code)


@contextmanager
def logix(subject: Subject) -> Iterator[tuple[Kind, Connection]]:
    """A connection to the Logix database, closed at the end. Raises ConnectionFailed, also for what fails inside."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    settings = subject.profile.database
    kind = kind_of(settings.kind)
    try:
        password = secret_for(subject.profile, "database.password", subject.typed)
        engine = kind.engine(settings, password, subject.file.parent)
        with engine.connect() as connection:
            yield kind, connection
    except SecretError as error:
        raise ConnectionFailed(fail(error.problem.code, error.problem.message, error.problem.action)) from None
    except ImportError as error:
        raise ConnectionFailed(_driver_missing(kind.driver, error)) from None
    except DBAPIError as error:
        raise ConnectionFailed(explain(str(error.orig))) from None
    except SQLAlchemyError as error:
        raise ConnectionFailed(explain(str(error))) from None
    except Exception as error:
        # `creator` raises the driver's own class, whose base no library shares.
        if type(error).__module__.partition(".")[0] in ("pyodbc", "oracledb", "sqlite3"):
            raise ConnectionFailed(explain(str(error))) from None
        raise


_LOGIN = re.compile(r"28000|ORA-01017|ORA-1017|\b-951\b|\b-952\b|18456|[Ll]ogin failed|password authentication failed")
_NO_DSN = re.compile(r"IM002|IM014")
_NO_DRIVER = re.compile(r"IM003|Can't open lib|DPI-1047|DPY-3010|DPY-3015")
_NO_HOST = re.compile(
    r"08001|08S01|HYT00|HYT01|ORA-12170|ORA-12541|ORA-12545|DPY-6005|DPY-6001|\b-908\b|\b-930\b|\b-25580\b"
)
_LOCKED = re.compile(r"\(-(244|107|243|245|126)\)|\b-(244|107|243|245|126)\b|database is locked")
_NO_TABLE = re.compile(r"42S02|no such table|ORA-00942|\(-206\)|\b-206\b|does not exist|Invalid object name")
_NO_COLUMN = re.compile(r"42S22|no such column|ORA-00904|\(-217\)|\b-217\b|Invalid column name")
_NO_FILE = re.compile(r"unable to open database file|file is not a database|connect failed \(14\)")


def explain(text: str) -> Outcome:
    """Cause and action for what a driver said; the original text goes along as a detail."""
    for pattern, code, message, hint in _table():
        if pattern.search(text):
            return fail(code, message, hint, original=text)
    message = _("The database answered with an error that this program does not know.")
    return fail("database.unknown_error", message, _("The original text is in the details."), original=text)


def _table() -> tuple[tuple[re.Pattern[str], str, str, str], ...]:
    """Patterns of SQLSTATE and native codes, most specific first, with cause and action."""
    return (
        (
            _NO_FILE,
            "database.no_file",
            _("The database file cannot be opened, or is not a SQLite database."),
            _("Check the path."),
        ),
        (
            _LOGIN,
            "database.login_refused",
            _("The server refused user or password."),
            _("Type both again. Watch for capitals, an expired password and a locked user."),
        ),
        (
            _NO_DSN,
            "database.dsn_unknown",
            _("There is no ODBC data source (DSN) of this name for this program."),
            _(
                "Create it as a System DSN with the ODBC administrator of the same bitness as this program, "
                "or correct the name: it must be exactly the same."
            ),
        ),
        (
            _NO_DRIVER,
            "database.driver_missing",
            _("The driver of the database cannot be loaded."),
            _("Install the client of the database in the same bitness as this program (64 bit)."),
        ),
        (
            _LOCKED,
            "database.row_locked",
            _("A row is locked by another user."),
            _("With Informix, use the isolation level Read Uncommitted (dirty read), as the manual recommends."),
        ),
        (
            _NO_TABLE,
            "database.no_table",
            _("A Logix table is missing, or this user may not read it."),
            _("Check that the database is the one of Logix, and that the user may SELECT on its tables."),
        ),
        (
            _NO_COLUMN,
            "database.no_column",
            _("A column of a Logix table is missing."),
            _("Compare the releases of Logix and APS; they should be the same."),
        ),
        (
            _NO_HOST,
            "database.unreachable",
            _("The database server does not answer."),
            _("Check name, port, VPN and firewall."),
        ),
    )


def _driver_missing(driver: str, error: ImportError) -> Outcome:
    message = _("The driver library {name} cannot be loaded here.").format(name=driver)
    hint = _("On Linux install unixODBC (libodbc2); on Windows install this program again.")
    return fail("database.driver_missing", message, hint, original=error.msg or "")
