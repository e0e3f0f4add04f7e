"""How the Logix database is reached: one model per kind of database, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from wizard.profile.fields import Dsn, Line, Port, Seconds, SecretRef, Section


class _Login(Section):
    user: Line | None = None
    password: SecretRef | None = None
    login_timeout: Seconds = 15
    query_timeout: Seconds = 120
    lock_wait: Annotated[int, Field(ge=0, le=600)] = 30
    """Seconds to wait for a locked row. Logix programs themselves wait 5 to 300 (domain fact K1)."""


class InformixDatabase(_Login):
    """Informix, always through an ODBC data source (R-PRE-06). The other fields describe that DSN."""

    kind: Literal["informix"] = "informix"
    dsn: Dsn
    isolation: Literal["read_uncommitted", "read_committed", "repeatable_read", "serializable"] = "read_uncommitted"
    """Read Uncommitted avoids "Could not do a physical-order read to fetch next row" (R-PRE-07)."""
    driver: Line | None = None
    host: Line | None = None
    service: Line | None = None
    server: Line | None = None
    protocol: Line | None = None
    database: Line | None = None
    client_locale: Line | None = None
    db_locale: Line | None = None


class OracleDatabase(_Login):
    """Oracle by host, port and service name, by a TNS alias, or by a DSN. It has no Read Uncommitted."""

    kind: Literal["oracle"] = "oracle"
    host: Line | None = None
    port: Port = 1521
    service: Line | None = None
    tns: Line | None = None
    dsn: Dsn | None = None
    client_folder: Line | None = None
    """Oracle Instant Client, for servers that the thin driver cannot speak to (DPY-3010, DPY-3015)."""
    isolation: Literal["read_committed", "serializable"] = "read_committed"

    @model_validator(mode="after")
    def _target(self) -> Self:
        if not (self.dsn or self.tns or (self.host and self.service)):
            raise PydanticCustomError("oracle_target", "no target", {"at": "service" if self.host else "host"})
        return self


class SqlServerDatabase(_Login):
    """SQL Server by ODBC driver and host, or by a DSN."""

    kind: Literal["sqlserver"] = "sqlserver"
    dsn: Dsn | None = None
    driver: Line | None = None
    host: Line | None = None
    port: Port | None = None
    instance: Line | None = None
    database: Line | None = None
    authentication: Literal["sql", "windows"] = "sql"
    encrypt: Literal["optional", "mandatory", "strict"] = "mandatory"
    trust_server_certificate: bool = False
    isolation: Literal["read_uncommitted", "read_committed", "repeatable_read", "snapshot", "serializable"] = (
        "read_committed"
    )

    @model_validator(mode="after")
    def _target(self) -> Self:
        if not (self.dsn or (self.driver and self.host)):
            raise PydanticCustomError("sqlserver_target", "no target", {"at": "driver" if self.host else "host"})
        return self


class OdbcDatabase(_Login):
    """Any other database with an ODBC data source."""

    kind: Literal["odbc"] = "odbc"
    dsn: Dsn
    database: Line | None = None
    isolation: Literal["server_default", "read_uncommitted", "read_committed", "repeatable_read", "serializable"] = (
        "server_default"
    )


class SqliteDatabase(Section):
    """A SQLite file: the demo site and the tests. It has no login."""

    kind: Literal["sqlite"] = "sqlite"
    file: Line
    isolation: Literal["serializable", "read_uncommitted"] = "serializable"
    query_timeout: Seconds = 120
    lock_wait: Annotated[int, Field(ge=0, le=600)] = 30


AnyDatabase = InformixDatabase | OracleDatabase | SqlServerDatabase | OdbcDatabase | SqliteDatabase
Database = Annotated[AnyDatabase, Field(discriminator="kind")]

KINDS: dict[str, type[AnyDatabase]] = {
    "informix": InformixDatabase,
    "oracle": OracleDatabase,
    "sqlserver": SqlServerDatabase,
    "odbc": OdbcDatabase,
    "sqlite": SqliteDatabase,
}
