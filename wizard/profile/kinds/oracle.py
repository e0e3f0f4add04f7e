"""Oracle through oracledb, thin unless a client folder is given, or a DSN. Not run against a real Oracle."""

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
    QueryTimeout,
    Session,
    User,
    target_missing,
)
from wizard.profile.fields import Dsn, Line, Port
from wizard.profile.messages import N_


class OracleDatabase(DatabaseKind):
    """Oracle by host, port and service name, by a TNS alias, or by a DSN. It has no Read Uncommitted."""

    kind: Literal["oracle"] = "oracle"
    host: Annotated[Line | None, Ask(N_("Server"), example="srvoracle")] = None
    port: Annotated[Port, Ask(N_("Port"))] = 1521
    service: Annotated[Line | None, Ask(N_("Service name"), example="logix")] = None
    tns: Annotated[Line | None, Ask(N_("or TNS alias"), help=N_("Instead of server, port and service."))] = None
    dsn: Annotated[
        Dsn | None, Ask(N_("or data source name (DSN)"), help=N_("Instead of both, through ODBC."), picks="source")
    ] = None
    client_folder: Annotated[
        Line | None, Ask(N_("Instant Client folder"), help=N_("Only for old servers."), picks="folder")
    ] = None
    """Oracle Instant Client, for servers that the thin driver cannot speak to (DPY-3010, DPY-3015)."""
    user: User = None
    password: Password = None
    isolation: Annotated[Literal["read_committed", "serializable"], ASK_ISOLATION] = "read_committed"
    login_timeout: LoginTimeout = 15
    query_timeout: QueryTimeout = 120
    lock_wait: LockWait = 30

    TITLE: ClassVar = "Oracle"
    ORDER: ClassVar = 20
    TARGET: ClassVar = N_("Give host and service, or a TNS alias, or a DSN.")
    ADVICE: ClassVar = N_("Oracle readers never wait for writers: Read Uncommitted does not exist and is not needed.")
    VERSION_QUERY: ClassVar = "SELECT banner FROM v$version WHERE banner LIKE 'Oracle%'"
    CHARSET_QUERY: ClassVar = "SELECT value FROM nls_database_parameters WHERE parameter = 'NLS_CHARACTERSET'"
    ECHO_QUERY: ClassVar = "SELECT CAST('{words}' AS CHAR(30)) FROM dual"
    FIRST_ROWS: ClassVar = ("SELECT * FROM (SELECT {columns} FROM {source}) WHERE ROWNUM <= {count}",)
    ROWS_QUERY: ClassVar = "SELECT table_name, MAX(num_rows) FROM all_tables GROUP BY table_name"
    WRITE_QUERIES: ClassVar = (
        "SELECT table_name, privilege FROM all_tab_privs WHERE privilege IN ('INSERT', 'UPDATE', 'DELETE') "
        "AND (grantee IN (USER, 'PUBLIC') OR grantee IN (SELECT role FROM session_roles)) "
        "UNION SELECT table_name, 'owner' FROM user_tables "
        "UNION SELECT '', privilege FROM session_privs "
        "WHERE privilege IN ('INSERT ANY TABLE', 'UPDATE ANY TABLE', 'DELETE ANY TABLE')",
    )

    @model_validator(mode="after")
    def _target(self) -> Self:
        if not (self.dsn or self.tns or (self.host and self.service)):
            raise target_missing(type(self), "service" if self.host else "host")
        return self

    def session(self, password: str | None, folder: Path) -> Session:  # noqa: ARG002 - no file
        """The connect string is the TNS alias as it is, else easy-connect host:port/service."""
        level = self.isolation.replace("_", " ").upper()
        statements = (f"ALTER SESSION SET ISOLATION_LEVEL = {level}",)
        if self.dsn:
            parts = {"DSN": self.dsn, "UID": self.user, "PWD": password}
            return Session(
                "apsodbc+pyodbc",
                parts,
                isolation=self.isolation,
                statements=statements,
                login_timeout=self.login_timeout,
                query_timeout=self.query_timeout,
            )
        return Session(
            "oracle+oracledb",
            arguments={
                "user": self.user,
                "password": password,
                "dsn": self.tns or f"{self.host}:{self.port}/{self.service}",
                "tcp_connect_timeout": self.login_timeout,
            },
            setup={"init_oracle_client": {"lib_dir": self.client_folder}} if self.client_folder else {},
            attributes={"call_timeout": self.query_timeout * 1000},
            statements=statements,
            login_timeout=self.login_timeout,
            query_timeout=self.query_timeout,
        )

    def address(self) -> tuple[str, int] | None:
        """Only a server that is named here; an alias and a DSN hide theirs."""
        if self.host and not self.tns and not self.dsn:
            return self.host, self.port
        return None


KIND = OracleDatabase
