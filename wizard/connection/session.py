"""One connection to the Logix database of a profile; `faults` says what a failure of it means."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from wizard.checklist.check import Outcome, Subject, fail
from wizard.connection import odbc_session
from wizard.connection.faults import explain, library_missing
from wizard.connection.looks import Place
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
    with explained(session, place_of(subject)), engine(session).connect() as connection:
        yield connection


def session_of(subject: Subject) -> Session:
    """How the Logix database of a profile is opened. Raises ConnectionFailed when its password cannot be had."""
    try:
        password = secret_for(subject.profile, "database.password", subject.typed)
    except SecretError as error:
        raise ConnectionFailed(fail(error.problem.code, error.problem.message, error.problem.action)) from None
    return subject.profile.database.session(password, subject.file.parent)


def place_of(subject: Subject) -> Place:
    """Where a login goes, for a look at what the words of a driver leave open."""
    settings = subject.profile.database
    return Place(settings.address(), settings.data_source())


@contextmanager
def explained(session: Session, place: Place | None = None) -> Iterator[None]:
    """What fails in the driver of a session comes out as ConnectionFailed; faults of the program as they are."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    driver = driver_module(session)
    try:
        yield
    except ImportError as error:
        raise ConnectionFailed(library_missing(driver, error)) from None
    except DBAPIError as error:
        raise ConnectionFailed(explain(str(error.orig), place)) from None
    except SQLAlchemyError as error:
        raise ConnectionFailed(explain(str(error), place)) from None
    except OSError as error:
        # oracledb lets through, as it is, what resolving a name raised.
        raise ConnectionFailed(explain(str(error), place)) from None
    except Exception as error:
        # `creator` raises the driver's own class, whose base no library shares.
        if type(error).__module__.partition(".")[0] == driver:
            raise ConnectionFailed(explain(str(error), place)) from None
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
