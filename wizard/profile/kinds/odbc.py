"""Any other database with an ODBC data source, in plain SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from wizard.profile.database_kind import (
    ASK_ISOLATION,
    DATABASE_OF_DSN,
    DSN_HELP,
    Ask,
    DatabaseKind,
    LockWait,
    LoginTimeout,
    Password,
    QueryTimeout,
    Session,
    User,
)
from wizard.profile.fields import Dsn, Line
from wizard.profile.messages import N_


class OdbcDatabase(DatabaseKind):
    """A database by its DSN; nothing of the server is assumed."""

    kind: Literal["odbc"] = "odbc"
    dsn: Annotated[Dsn, Ask(N_("Data source name (DSN)"), help=DSN_HELP)]
    database: Annotated[Line | None, DATABASE_OF_DSN] = None
    user: User = None
    password: Password = None
    isolation: Annotated[
        Literal["server_default", "read_uncommitted", "read_committed", "repeatable_read", "serializable"],
        ASK_ISOLATION,
    ] = "server_default"
    login_timeout: LoginTimeout = 15
    query_timeout: QueryTimeout = 120
    lock_wait: LockWait = 30

    TITLE: ClassVar = N_("Other, through ODBC")
    ORDER: ClassVar = 40

    def session(self, password: str | None, folder: Path) -> Session:  # noqa: ARG002 - no file
        """The DSN and the login."""
        parts = {"DSN": self.dsn, "DATABASE": self.database, "UID": self.user, "PWD": password}
        return Session(
            "apsodbc+pyodbc",
            parts,
            isolation=self.isolation,
            login_timeout=self.login_timeout,
            query_timeout=self.query_timeout,
        )


KIND = OdbcDatabase
