"""One connection to the Logix database of a profile, and what a failure of it means."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from wizard.checklist.check import Outcome, Subject, fail
from wizard.connection import odbc_session
from wizard.profile.database_kind import Session
from wizard.secrets.references import SecretError, secret_for

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_MODULES = {"pysqlite": "sqlite3"}
"""Python modules of SQLAlchemy's driver names, where they differ."""


class ConnectionFailed(Exception):
    """The database could not be used; `outcome` says why and what to do."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.code)


@contextmanager
def logix(subject: Subject) -> Iterator[Connection]:
    """A connection to the Logix database, closed at the end. Raises ConnectionFailed, also for what fails inside."""
    session = session_of(subject)
    with explained(session), engine(session).connect() as connection:
        yield connection


def session_of(subject: Subject) -> Session:
    """How the Logix database of a profile is opened. Raises ConnectionFailed when its password cannot be had."""
    try:
        password = secret_for(subject.profile, "database.password", subject.typed)
    except SecretError as error:
        raise ConnectionFailed(fail(error.problem.code, error.problem.message, error.problem.action)) from None
    return subject.profile.database.session(password, subject.file.parent)


@contextmanager
def explained(session: Session) -> Iterator[None]:
    """What fails in the driver of a session comes out as ConnectionFailed; faults of the program as they are."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    driver = driver_module(session)
    try:
        yield
    except ImportError as error:
        raise ConnectionFailed(_driver_missing(driver, error)) from None
    except DBAPIError as error:
        raise ConnectionFailed(explain(str(error.orig))) from None
    except SQLAlchemyError as error:
        raise ConnectionFailed(explain(str(error))) from None
    except OSError as error:
        # oracledb lets through, as it is, what resolving a name raised.
        raise ConnectionFailed(_unreachable(str(error))) from None
    except Exception as error:
        # `creator` raises the driver's own class, whose base no library shares.
        if type(error).__module__.partition(".")[0] == driver:
            raise ConnectionFailed(explain(str(error))) from None
        raise


def driver_module(session: Session) -> str:
    """The Python module that has to be importable: "mssql+pyodbc" -> "pyodbc"."""
    name = session.dialect.rpartition("+")[2]
    return _MODULES.get(name, name)


def engine(session: Session) -> Engine:
    """An SQLAlchemy engine that opens such sessions, one at a time and without keeping any."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    if session.odbc:
        odbc_session.register_dialect()
        return create_engine(f"{session.dialect}://", creator=lambda: odbc_session.connect(session), poolclass=NullPool)
    return create_engine(f"{session.dialect}://", creator=lambda: _connect(session), poolclass=NullPool)


def _connect(session: Session) -> Any:
    """A connection of the driver itself, prepared as the session says; closed again when that fails."""
    module = importlib.import_module(driver_module(session))
    for function, arguments in session.setup.items():
        getattr(module, function)(**arguments)
    connection = module.connect(**session.arguments)
    try:
        for name, value in session.attributes.items():
            setattr(connection, name, value)
        cursor = connection.cursor()
        for statement in session.statements:
            cursor.execute(statement)
        cursor.close()
    except Exception:
        connection.close()
        raise
    return connection


def _pattern(*texts: str, states: str = "", informix: str = "", native: str = "") -> re.Pattern[str]:
    """Texts, SQLSTATEs as [28000], codes of Informix as (-951) or -951, and of other servers as (1045)."""
    parts = list(texts)
    if states:
        parts.append(rf"\[(?:{states})\]")
    if informix:
        parts.append(rf"(?<!\w)-(?:{informix})\b")
    if native:
        parts.append(rf"\((?:{native})\)")
    return re.compile("|".join(parts))


_NO_FILE = _pattern("unable to open database file", "file is not a database", r"connect failed \(14\)")
_NO_DATABASE = _pattern(
    "Unknown database", 'database "[^"]*" does not exist', "ORA-12514", "ORA-12505", "DPY-6001", "DPY-6003",
    informix="329|387", native="4060",
)  # fmt: skip
_LOGIN = _pattern(
    "ORA-0?1017", "ORA-2800[01]", "DPY-4001", "bequeath", "[Ll]ogin failed", "password authentication failed",
    'role "[^"]*" does not exist',
    states="28000", informix="951|952", native="18456",
)  # fmt: skip
_NO_DSN = _pattern(states="IM002|IM014")
_NO_ALIAS = _pattern("ORA-12154", "DPY-4000", "DPY-4026", "DPY-4027")
_NO_DRIVER = _pattern("Can't open lib", "DPI-1047", "DPY-3010", "DPY-3015", states="IM003|IM004")
_CERTIFICATE = _pattern("SSL Provider", "certificate verify failed", "certificate chain")
_LOCKED = _pattern(
    "database is locked", "database table is locked", "ORA-00054",
    informix="244|107|243|245|126|113|143|154", native="1222|1205",
)  # fmt: skip
_LOCALE = _pattern(informix="23101|23197")
_NO_TABLE = _pattern(
    "no such table", "ORA-00942", "ORA-01031", 'relation "[^"]*" does not exist', "Invalid object name",
    "permission (?:was )?denied",
    states="42S02", informix="206|272",
)  # fmt: skip
_NO_COLUMN = _pattern("no such column", "ORA-00904", "Invalid column name", states="42S22", informix="217")
_NO_HOST = _pattern(
    "ORA-12170", "ORA-12541", "ORA-12545", "DPY-6000", "DPY-6005", "Can't connect to", "Unknown server host",
    states="08001|08S01|HYT00|HYT01", informix="908|930|25580|25588|25596",
)  # fmt: skip


def explain(text: str) -> Outcome:
    """Cause and action for what a driver said; the original text goes along as a detail."""
    for pattern, code, message, hint in _table():
        if pattern.search(text):
            return fail(code, message, hint, original=text)
    if _NO_HOST.search(text):
        return _unreachable(text)
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
            _NO_DATABASE,
            "database.not_found",
            _("The server has no database or service of this name, or this user may not open it."),
            _("Check the name of the database, or the service name, with whoever administers it."),
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
            _NO_ALIAS,
            "database.alias_unknown",
            _("The TNS alias is not known here."),
            _("Set TNS_ADMIN to the folder of tnsnames.ora for this account, or give host, port and service."),
        ),
        (
            _NO_DRIVER,
            "database.driver_missing",
            _("The driver of the database cannot be loaded."),
            _("Install the client of the database in the same bitness as this program (64 bit)."),
        ),
        (
            _CERTIFICATE,
            "database.certificate",
            _("The certificate of the database server was not accepted."),
            _("Install the certificate of its authority on this machine, or change how the connection is encrypted."),
        ),
        (
            _LOCKED,
            "database.row_locked",
            _("A row is locked by another user."),
            _("With Informix, use the isolation level Read Uncommitted (dirty read), as the manual recommends."),
        ),
        (
            _LOCALE,
            "database.locale",
            _("The locales of client and database do not match."),
            _("Set CLIENT_LOCALE and DB_LOCALE of the DSN as the database has them, such as en_US.CP1252."),
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
    )


def _unreachable(text: str) -> Outcome:
    message = _("The database server does not answer.")
    return fail("database.unreachable", message, _("Check name, port, VPN and firewall."), original=text)


def _driver_missing(driver: str, error: ImportError) -> Outcome:
    message = _("The driver library {name} cannot be loaded here.").format(name=driver)
    hint = _("On Linux install unixODBC (libodbc2); on Windows install this program again.")
    return fail("database.driver_missing", message, hint, original=error.msg or "")
