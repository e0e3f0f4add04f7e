"""Oracle through oracledb, thin unless a client folder is given, or a DSN. Not run against a real Oracle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wizard.connection import odbc_session
from wizard.connection.kind import Kind
from wizard.profile.database import OracleDatabase

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


def data_source(settings: OracleDatabase) -> str:
    """The connect string: the TNS alias as it is, else easy-connect host:port/service."""
    return settings.tns or f"{settings.host}:{settings.port}/{settings.service}"


def _engine(settings: OracleDatabase, password: str | None, folder: Path) -> Engine:  # noqa: ARG001 - no file
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    if settings.dsn:
        parts = {"DSN": settings.dsn, "UID": settings.user, "PWD": password}
        return odbc_session.engine(settings, parts)

    def connector() -> object:
        import oracledb

        if settings.client_folder:
            oracledb.init_oracle_client(lib_dir=settings.client_folder)
        connection = oracledb.connect(
            user=settings.user,
            password=password,
            dsn=data_source(settings),
            tcp_connect_timeout=settings.login_timeout,
        )
        connection.call_timeout = settings.query_timeout * 1000
        return connection

    level = settings.isolation.replace("_", " ").upper()
    return create_engine("oracle+oracledb://", creator=connector, poolclass=NullPool, isolation_level=level)


def _address(settings: OracleDatabase) -> tuple[str, int] | None:
    if settings.host and not settings.tns and not settings.dsn:
        return settings.host, settings.port
    return None


def _product(connection: Connection) -> str:
    if connection.dialect.name != "oracle":
        return odbc_session.product(connection)
    raw = connection.connection.dbapi_connection
    return f"Oracle {getattr(raw, 'version', '')}"


KIND = Kind("oracle", "oracledb", _engine, _address, _product, odbc_session.unknown_isolation)
