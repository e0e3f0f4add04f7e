"""SQL Server through its ODBC driver or a DSN. Not run against a real SQL Server; README.md says so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from wizard.profile.database_kind import (
    ASK_ISOLATION,
    Ask,
    DatabaseKind,
    LockWait,
    LoginTimeout,
    Password,
    Proof,
    QueryTimeout,
    Session,
    User,
    target_missing,
)
from wizard.profile.fields import Dsn, Line, Port
from wizard.profile.messages import N_

_ENCRYPT = {"optional": "no", "mandatory": "yes", "strict": "strict"}


class SqlServerDatabase(DatabaseKind):
    """SQL Server by ODBC driver and host, or by a DSN."""

    kind: Literal["sqlserver"] = "sqlserver"
    dsn: Annotated[
        Dsn | None, Ask(N_("Data source name (DSN)"), help=N_("Or driver and server below."), picks="source")
    ] = None
    driver: Annotated[Line | None, Ask(N_("ODBC driver"), example="ODBC Driver 18 for SQL Server")] = None
    host: Annotated[Line | None, Ask(N_("Server"), example="srvsql")] = None
    port: Annotated[Port | None, Ask(N_("Port"))] = None
    instance: Annotated[Line | None, Ask(N_("Instance"))] = None
    database: Annotated[Line | None, Ask(N_("Database"), example="logix")] = None
    authentication: Annotated[
        Literal["sql", "windows"],
        Ask(
            N_("Login by"),
            choices={"sql": N_("User and password"), "windows": N_("Windows account of the engines")},
        ),
    ] = "sql"
    encrypt: Annotated[
        Literal["mandatory", "optional", "strict"],
        Ask(
            N_("Encryption"),
            choices={"mandatory": N_("Mandatory"), "optional": N_("Optional"), "strict": N_("Strict (TDS 8)")},
        ),
    ] = "mandatory"
    trust_server_certificate: Annotated[bool, Ask(N_("Trust any certificate of the server"))] = False
    user: User = None
    password: Password = None
    isolation: Annotated[
        Literal["read_uncommitted", "read_committed", "repeatable_read", "snapshot", "serializable"], ASK_ISOLATION
    ] = "read_committed"
    login_timeout: LoginTimeout = 15
    query_timeout: QueryTimeout = 120
    lock_wait: LockWait = 30

    TITLE: ClassVar = "SQL Server"
    ORDER: ClassVar = 30
    TARGET: ClassVar = N_("Give a DSN, or driver and host.")
    ISOLATION_QUERY: ClassVar = "SELECT transaction_isolation_level FROM sys.dm_exec_sessions WHERE session_id = @@SPID"
    ISOLATION_CODES: ClassVar = {
        1: "read_uncommitted",
        2: "read_committed",
        3: "repeatable_read",
        4: "serializable",
        5: "snapshot",
    }
    PROOF: ClassVar = Proof(
        # A global temporary table stands in tempdb, and goes with the session that made it.
        make=("CREATE TABLE ##{name} (a int)",),
        write=("BEGIN TRANSACTION", "INSERT INTO ##{name} VALUES (1)"),
        undo=("ROLLBACK TRANSACTION", "DROP TABLE ##{name}"),
        before=("SET LOCK_TIMEOUT 1000",),
        count="SELECT COUNT(*) FROM ##{name}",
    )
    CHARSET_QUERY: ClassVar = "SELECT CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS varchar(128))"
    FIRST_ROWS: ClassVar = ("SELECT TOP {count} {columns} FROM {source}",)
    ROWS_QUERY: ClassVar = (
        "SELECT OBJECT_NAME(object_id), SUM(rows) FROM sys.partitions WHERE index_id IN (0, 1) GROUP BY object_id"
    )
    WRITE_QUERIES: ClassVar = (
        "SELECT name, 'write' FROM (SELECT name, QUOTENAME(SCHEMA_NAME(schema_id)) + '.' + QUOTENAME(name) AS whole "
        "FROM sys.objects WHERE type IN ('U', 'V')) AS known WHERE HAS_PERMS_BY_NAME(whole, 'OBJECT', 'INSERT') = 1 "
        "OR HAS_PERMS_BY_NAME(whole, 'OBJECT', 'UPDATE') = 1 OR HAS_PERMS_BY_NAME(whole, 'OBJECT', 'DELETE') = 1",
    )

    @model_validator(mode="after")
    def _target(self) -> Self:
        if not (self.dsn or (self.driver and self.host)):
            raise target_missing(type(self), "driver" if self.host else "host")
        return self

    def session(self, password: str | None, folder: Path) -> Session:  # noqa: ARG002 - no file
        """Keywords of Microsoft's driver. The level is said by statement, which knows Snapshot too."""
        server = self.host
        if server and self.instance:
            server = f"{server}\\{self.instance}"
        if server and self.port:
            server = f"{server},{self.port}"
        windows = self.authentication == "windows"
        return Session(
            "mssql+pyodbc",
            {
                "DSN": self.dsn,
                "DRIVER": None if self.dsn else self.driver,
                "SERVER": None if self.dsn else server,
                "DATABASE": self.database,
                "Encrypt": _ENCRYPT[self.encrypt],
                "TrustServerCertificate": "yes" if self.trust_server_certificate else "no",
                "Trusted_Connection": "yes" if windows else None,
                "UID": None if windows else self.user,
                "PWD": None if windows else password,
            },
            statements=(
                f"SET TRANSACTION ISOLATION LEVEL {self.isolation.replace('_', ' ').upper()}",
                f"SET LOCK_TIMEOUT {self.lock_wait * 1000}",
            ),
            login_timeout=self.login_timeout,
            query_timeout=self.query_timeout,
        )

    def address(self) -> tuple[str, int] | None:
        """A named instance answers on a port of its own, which only the SQL Server Browser knows."""
        if self.host and not self.dsn and (self.port or not self.instance):
            return self.host, self.port or 1433
        return None


KIND = SqlServerDatabase
