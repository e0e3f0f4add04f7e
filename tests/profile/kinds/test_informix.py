"""Informix: what it is told, and where it is. No server is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wizard.connection.odbc_session import connection_string
from wizard.profile.kinds.informix import InformixDatabase
from wizard.profile.kinds.odbc import OdbcDatabase

HERE = Path()


@pytest.mark.seed("R-PRE-07")
def test_informix_reads_uncommitted_rows_unless_told_otherwise() -> None:
    assert InformixDatabase(dsn="LOGIX").session(None, HERE).statements == (
        "SET ISOLATION TO DIRTY READ",
        "SET LOCK MODE TO WAIT 30",
    )


@pytest.mark.parametrize(
    ("isolation", "statement"),
    [
        ("read_committed", "SET ISOLATION TO COMMITTED READ"),
        ("repeatable_read", "SET ISOLATION TO REPEATABLE READ"),
        ("serializable", "SET ISOLATION TO REPEATABLE READ"),
    ],
)
def test_informix_is_told_the_level_in_its_own_words(isolation: Any, statement: str) -> None:
    settings = InformixDatabase(dsn="LOGIX", isolation=isolation, lock_wait=0)
    assert settings.session(None, HERE).statements == (statement, "SET LOCK MODE TO NOT WAIT")


def test_informix_has_a_dialect_of_its_own_and_any_other_database_plain_sql() -> None:
    session = InformixDatabase(dsn="LOGIX").session(None, HERE)
    assert (session.dialect, session.isolation) == ("informix+pyodbc", "read_uncommitted")
    assert OdbcDatabase(dsn="LOGIX").session(None, HERE).dialect == "apsodbc+pyodbc"


@pytest.mark.seed("R-PRE-06")
def test_informix_is_reached_by_its_dsn_and_only_the_rest_is_added() -> None:
    assert connection_string(InformixDatabase(dsn="LOGIX").session(None, HERE).odbc) == "DSN=LOGIX"
    settings = InformixDatabase(
        dsn="LOGIX", user="aps", database="logix", client_locale="en_US.CP1252", db_locale="en_US.819", host="h"
    )
    assert connection_string(settings.session("a;b", HERE).odbc) == (
        "DSN=LOGIX;DATABASE=logix;CLIENT_LOCALE=en_US.CP1252;DB_LOCALE=en_US.819;UID=aps;PWD={a;b}"
    )


@pytest.mark.parametrize(
    ("host", "service", "address"),
    [("h", "1526", ("h", 1526)), ("h", "sqlexec", None), ("h", None, None), (None, "1526", None)],
)
def test_informix_has_an_address_only_where_the_service_is_a_number(
    host: str | None, service: str | None, address: tuple[str, int] | None
) -> None:
    settings = InformixDatabase(dsn="LOGIX", host=host, service=service)
    assert settings.address() == address
