"""SQL Server: what it is told, and where it is. No server is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wizard.connection.odbc_session import connection_string
from wizard.profile.kinds.sqlserver import SqlServerDatabase

HERE = Path()


@pytest.mark.parametrize(
    ("given_", "server"),
    [
        ({"host": "h"}, "h"),
        ({"host": "h", "port": 1444}, "h,1444"),
        ({"host": "h", "instance": "LOGIX"}, "h\\LOGIX"),
        ({"host": "h", "instance": "LOGIX", "port": 1444}, "h\\LOGIX,1444"),
    ],
)
def test_sql_server_is_named_with_instance_and_port(given_: dict[str, Any], server: str) -> None:
    settings = SqlServerDatabase(driver="ODBC Driver 18 for SQL Server", **given_)
    assert settings.session("p", HERE).odbc["SERVER"] == server


def test_sql_server_by_driver_with_a_login() -> None:
    settings = SqlServerDatabase(
        driver="ODBC Driver 18 for SQL Server", host="h", port=1433, database="logix", user="aps"
    )
    assert connection_string(settings.session("p}w", HERE).odbc) == (
        "DRIVER=ODBC Driver 18 for SQL Server;SERVER={h,1433};DATABASE=logix;"
        "Encrypt=yes;TrustServerCertificate=no;UID=aps;PWD={p}}w}"
    )


def test_sql_server_with_the_login_of_windows_sends_no_password() -> None:
    settings = SqlServerDatabase(
        dsn="LOGIX", user="aps", authentication="windows", encrypt="optional", trust_server_certificate=True
    )
    assert connection_string(settings.session("secret", HERE).odbc) == (
        "DSN=LOGIX;Encrypt=no;TrustServerCertificate=yes;Trusted_Connection=yes"
    )


def test_sql_server_is_told_the_level_by_statement_alone() -> None:
    # The attribute of ODBC has no number for Snapshot.
    session = SqlServerDatabase(dsn="LOGIX", isolation="read_uncommitted", lock_wait=0).session(None, HERE)
    assert (session.dialect, session.isolation) == ("mssql+pyodbc", "server_default")
    assert session.statements == ("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED", "SET LOCK_TIMEOUT 0")


def test_sql_server_is_told_level_and_lock_wait() -> None:
    settings = SqlServerDatabase(dsn="LOGIX", isolation="snapshot", lock_wait=5)
    assert settings.session(None, HERE).statements == (
        "SET TRANSACTION ISOLATION LEVEL SNAPSHOT",
        "SET LOCK_TIMEOUT 5000",
    )
    for level in ("read_uncommitted", "read_committed", "repeatable_read", "serializable"):
        first = SqlServerDatabase(dsn="LOGIX", isolation=level).session(None, HERE).statements[0]
        assert first == f"SET TRANSACTION ISOLATION LEVEL {level.replace('_', ' ').upper()}"


@pytest.mark.parametrize(
    ("given_", "address"),
    [
        ({"host": "h", "driver": "d"}, ("h", 1433)),
        ({"host": "h", "driver": "d", "instance": "LOGIX"}, None),
        ({"host": "h", "driver": "d", "instance": "LOGIX", "port": 1444}, ("h", 1444)),
        ({"host": "h", "dsn": "LOGIX"}, None),
    ],
)
def test_sql_server_has_an_address_where_its_port_is_known(
    given_: dict[str, Any], address: tuple[str, int] | None
) -> None:
    assert SqlServerDatabase(**given_).address() == address
