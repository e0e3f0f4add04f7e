"""Informix, always through its ODBC data source (R-PRE-06). Not run against a real Informix; README.md says so."""

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
    OwnTable,
    Password,
    QueryTimeout,
    Session,
    User,
)
from wizard.profile.fields import Dsn, Line
from wizard.profile.messages import N_

LEVELS = {
    "read_uncommitted": "SET ISOLATION TO DIRTY READ",
    "read_committed": "SET ISOLATION TO COMMITTED READ",
    "repeatable_read": "SET ISOLATION TO REPEATABLE READ",
    "serializable": "SET ISOLATION TO REPEATABLE READ",
}
"""Informix has no level above Repeatable Read. Logix programs themselves run the first of these (K1)."""


class InformixDatabase(DatabaseKind):
    """Informix by its DSN. Fields that are not asked for describe that DSN."""

    kind: Literal["informix"] = "informix"
    dsn: Annotated[Dsn, Ask(N_("Data source name (DSN)"), help=DSN_HELP, example="LOGIX", picks="source")]
    driver: Line | None = None
    host: Line | None = None
    service: Line | None = None
    server: Line | None = None
    protocol: Line | None = None
    database: Annotated[Line | None, DATABASE_OF_DSN] = None
    client_locale: Line | None = None
    db_locale: Line | None = None
    user: User = None
    password: Password = None
    isolation: Annotated[
        Literal["read_uncommitted", "read_committed", "repeatable_read", "serializable"], ASK_ISOLATION
    ] = "read_uncommitted"
    """Read Uncommitted avoids "Could not do a physical-order read to fetch next row" (R-PRE-07)."""
    proof_table: OwnTable = None
    login_timeout: LoginTimeout = 15
    query_timeout: QueryTimeout = 120
    lock_wait: LockWait = 30

    TITLE: ClassVar = "Informix"
    ORDER: ClassVar = 10
    RECOMMENDED: ClassVar = "read_uncommitted"
    ADVICE: ClassVar = N_("Recommended: Read Uncommitted, so that a row being edited does not stop the update (-244).")
    NOT_OFFERED: ClassVar = ("calendario", "datas_calendario")
    ISOLATION_QUERY: ClassVar = (
        "SELECT isolevel FROM sysmaster:sysrstcb r, sysmaster:systxptab t "
        "WHERE r.sid = DBINFO('sessionid') AND t.address = r.txp"
    )
    ISOLATION_CODES: ClassVar = {
        1: "read_uncommitted",
        6: "read_uncommitted",
        2: "read_committed",
        5: "repeatable_read",
    }
    AT_ONCE: ClassVar = ("SET LOCK MODE TO NOT WAIT",)
    CHARSET_QUERY: ClassVar = (
        "SELECT d.dbs_collate, e.envses_value FROM sysmaster:sysdbslocale d, OUTER sysmaster:sysenvses e "
        "WHERE d.dbs_dbsname = DBINFO('dbname') AND e.envses_sid = DBINFO('sessionid') "
        "AND e.envses_name = 'CLIENT_LOCALE'"
    )
    ECHO_QUERY: ClassVar = "SELECT CAST('{words}' AS CHAR(30)) FROM systables WHERE tabid = 1"
    FIRST_ROWS: ClassVar = ("SELECT FIRST {count} {columns} FROM {source}",)
    ROWS_QUERY: ClassVar = "SELECT tabname, nrows FROM systables WHERE tabid > 99 AND tabtype = 'T'"
    WRITE_QUERIES: ClassVar = (
        # tabauth: 2 update, 4 insert, 5 delete, capital where the right may be passed on. A DBA and an owner have all.
        "SELECT t.tabname, a.tabauth FROM systabauth a, systables t WHERE t.tabid = a.tabid AND t.tabid > 99 "
        "AND (a.grantee = USER OR a.grantee = 'public') "
        "AND (a.tabauth[2,2] IN ('u', 'U') OR a.tabauth[4,4] IN ('i', 'I') OR a.tabauth[5,5] IN ('d', 'D')) "
        "UNION SELECT tabname, 'owner' FROM systables WHERE tabid > 99 AND owner = USER "
        "UNION SELECT '', 'DBA' FROM sysusers WHERE username = USER AND usertype = 'D'",
    )

    def session(self, password: str | None, folder: Path) -> Session:  # noqa: ARG002 - no file
        """The DSN holds most; level and wait for locked rows are said to the server after the login."""
        return Session(
            "informix+pyodbc",
            {
                "DSN": self.dsn,
                "DATABASE": self.database,
                "CLIENT_LOCALE": self.client_locale,
                "DB_LOCALE": self.db_locale,
                "UID": self.user,
                "PWD": password,
            },
            isolation=self.isolation,
            statements=(
                LEVELS[self.isolation],
                f"SET LOCK MODE TO WAIT {self.lock_wait}" if self.lock_wait else "SET LOCK MODE TO NOT WAIT",
            ),
            login_timeout=self.login_timeout,
            query_timeout=self.query_timeout,
        )

    def address(self) -> tuple[str, int] | None:
        """A service may be a name of the services file; only a number can be knocked at from here."""
        if self.host and self.service and self.service.isdigit():
            return self.host, int(self.service)
        return None


KIND = InformixDatabase
