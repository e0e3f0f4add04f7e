"""What the messages of drivers mean, and what drivers that can be run here really say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.checklist.check import Subject
from wizard.connection.session import ConnectionFailed, explain, logix

MESSAGES = [
    # SQLite
    ("unable to open database file", "database.no_file"),
    ("file is not a database", "database.no_file"),
    ("('HY000', '[HY000] [SQLite]connect failed (14) (SQLDriverConnect)')", "database.no_file"),
    ("database is locked", "database.row_locked"),
    ("no such table: empresa", "database.no_table"),
    ("no such column: den_empresa", "database.no_column"),
    # the driver manager
    (
        "('IM002', '[IM002] [unixODBC][Driver Manager]Data source name not found and no default driver specified "
        "(0) (SQLDriverConnect)')",
        "database.dsn_unknown",
    ),
    (
        "[IM014] [Microsoft][ODBC Driver Manager] The specified DSN contains an architecture mismatch between the "
        "Driver and Application (0) (SQLDriverConnect)",
        "database.dsn_unknown",
    ),
    (
        "[01000] [unixODBC][Driver Manager]Can't open lib '/nonexistent/libghost.so' : file not found (0) "
        "(SQLDriverConnect)",
        "database.driver_missing",
    ),
    (
        "[IM004] [unixODBC][Driver Manager]Driver's SQLAllocHandle on SQL_HANDLE_HENV failed (0) (SQLDriverConnect)",
        "database.driver_missing",
    ),
    (
        "[IM003] Specified driver could not be loaded due to system error  126 (IBM INFORMIX ODBC DRIVER)",
        "database.driver_missing",
    ),
    # MariaDB
    (
        "[28000] [ma-3.1.15]Access denied for user 'etl'@'127.0.0.1' (using password: YES) (1045) (SQLDriverConnect)",
        "database.login_refused",
    ),
    ("[42000] [ma-3.1.15]Unknown database 'nodb' (1049) (SQLDriverConnect)", "database.not_found"),
    (
        "[HY000] [ma-3.1.15]Can't connect to server on '127.0.0.1' (115) (2002) (SQLDriverConnect)",
        "database.unreachable",
    ),
    (
        "[HY000] [ma-3.1.15]Unknown server host 'no-such-host.invalid' (-2) (2005) (SQLDriverConnect)",
        "database.unreachable",
    ),
    # PostgreSQL
    (
        '[08001] connection to server at "127.0.0.1", port 55432 failed: FATAL: password authentication failed for '
        'user "postgres" (101) (SQLDriverConnect)',
        "database.login_refused",
    ),
    (
        '[08001] connection to server at "127.0.0.1", port 28000 failed: FATAL: database "nodb" does not exist (101)',
        "database.not_found",
    ),
    ('[08001] could not translate host name "no-such-host.invalid" to address (101)', "database.unreachable"),
    ('[42P01] ERROR: relation "empresa" does not exist (1) (SQLExecDirectW)', "database.no_table"),
    # SQL Server
    (
        "[28000] [Microsoft][ODBC Driver 18 for SQL Server]Login failed for user 'aps'. (18456)",
        "database.login_refused",
    ),
    (
        "[28000] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]Login failed for user 'aps'. (18456); [42000] "
        'Cannot open database "logix" requested by the login. The login failed. (4060)',
        "database.not_found",
    ),
    (
        "[08001] [Microsoft][ODBC Driver 18 for SQL Server]SSL Provider: The certificate chain was issued by an "
        "authority that is not trusted. (-2146893019) (SQLDriverConnect)",
        "database.certificate",
    ),
    ("[HYT00] [Microsoft][ODBC Driver 18 for SQL Server]Login timeout expired (0)", "database.unreachable"),
    (
        "[HYT00] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]Lock request time out period exceeded. (1222)",
        "database.row_locked",
    ),
    ("[42S02] [Microsoft][SQL Server]Invalid object name 'empresa'. (208)", "database.no_table"),
    ("[42S22] [Microsoft][SQL Server]Invalid column name 'den_empresa'. (207)", "database.no_column"),
    ("[42000] The SELECT permission was denied on the object 'empresa' (229)", "database.no_table"),
    (
        "[08S01] [FreeTDS][SQL Server]Unable to connect: Adaptive Server is unavailable or does not exist (20009)",
        "database.unreachable",
    ),
    # Informix
    (
        "[HY000] [Informix][Informix ODBC Driver][Informix]Incorrect password or user aps is not known on the "
        "database server. (-951) (SQLDriverConnect)",
        "database.login_refused",
    ),
    ("[HY000] [Informix]Database not found or no system permission. (-329)", "database.not_found"),
    ("[HY000] [Informix]Attempt to connect to database server (ol_logix) failed. (-908)", "database.unreachable"),
    ("[HY000] [Informix]The INFORMIXSERVER value is not listed in the sqlhosts file. (-25596)", "database.unreachable"),
    ("[HY000] [Informix]Database locale information mismatch. (-23197)", "database.locale"),
    (
        "[HY000] [Informix]Could not do a physical-order read to fetch next row. (-244) (SQLFetch)",
        "database.row_locked",
    ),
    ("[HY000] [Informix]ISAM error:  record is locked. (-107)", "database.row_locked"),
    ("[HY000] [Informix]The specified table (empresa) is not in the database. (-206)", "database.no_table"),
    ("[HY000] [Informix]Column (den_empresa) not found in any table in the query. (-217)", "database.no_column"),
    # Oracle
    ("ORA-01017: invalid username/password; logon denied", "database.login_refused"),
    ("ORA-28000: the account is locked", "database.login_refused"),
    ('DPY-6001: Service "x" is not registered with the listener at host "h" port 1521.', "database.not_found"),
    (
        "ORA-12514: TNS:listener does not currently know of service requested in connect descriptor",
        "database.not_found",
    ),
    ('DPY-4000: unable to find "LOGIX" in /opt/tnsnames.ora', "database.alias_unknown"),
    ("DPI-1047: Cannot locate a 64-bit Oracle Client library", "database.driver_missing"),
    ("DPY-3010: connections to this database server version are not supported", "database.driver_missing"),
    ("DPY-6005: cannot connect to database. Connection refused", "database.unreachable"),
    ("ORA-00942: table or view does not exist", "database.no_table"),
    ('ORA-00904: "DEN_EMPRESA": invalid identifier', "database.no_column"),
    ("ORA-00054: resource busy and acquire with NOWAIT specified", "database.row_locked"),
]


@pytest.mark.parametrize(("text", "code"), MESSAGES)
def test_a_message_of_a_driver_gets_cause_and_action(text: str, code: str) -> None:
    outcome = explain(text)
    assert (outcome.status, outcome.code) == ("fail", code)
    assert outcome.message
    assert outcome.hint
    assert outcome.details == {"original": text}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ora, ora",
        "[HY000] Something else happened (1) (SQLDriverConnect)",
        "order 4711-244 of 2024-206 at port 28000",
    ],
)
def test_what_is_not_known_is_said_to_be_unknown_and_shown(text: str) -> None:
    outcome = explain(text)
    assert outcome.code == "database.unknown_error"
    assert outcome.hint
    assert outcome.details == {"original": text}


# --- drivers that can be run here --------------------------------------------------------------


def code_of(subject: Subject) -> str:
    """The code that connecting fails with."""
    with pytest.raises(ConnectionFailed) as caught, logix(subject):
        pass
    assert caught.value.outcome.hint
    return caught.value.outcome.code


PASSWORD = {"database.password": "any-password"}


def oracle(**fields: Any) -> dict[str, Any]:
    return {"kind": "oracle", "user": "aps", "login_timeout": 2, **fields}


def test_oracle_refused(make: Callable[..., Subject], closed_port: int) -> None:
    database = oracle(host="127.0.0.1", port=closed_port, service="logix")
    assert code_of(make(PASSWORD, database=database)) == "database.unreachable"


def test_oracle_at_a_name_that_cannot_be_resolved(make: Callable[..., Subject]) -> None:
    description = (
        "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=no-such-host.invalid)(PORT=1521))"
        "(CONNECT_DATA=(SERVICE_NAME=logix)))"
    )
    assert code_of(make(PASSWORD, database=oracle(tns=description))) == "database.unreachable"


def test_oracle_by_an_alias_that_is_not_known(
    make: Callable[..., Subject], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TNS_ADMIN", raising=False)
    assert code_of(make(PASSWORD, database=oracle(tns="LOGIX"))) == "database.alias_unknown"
    (tmp_path / "tnsnames.ora").write_text("OTHER = (DESCRIPTION = (ADDRESS = (HOST = h)))\n", encoding="utf-8")
    monkeypatch.setenv("TNS_ADMIN", str(tmp_path))
    assert code_of(make(PASSWORD, database=oracle(tns="LOGIX"))) == "database.alias_unknown"


def test_oracle_without_a_user(make: Callable[..., Subject], closed_port: int) -> None:
    database = {"kind": "oracle", "host": "127.0.0.1", "port": closed_port, "service": "logix"}
    assert code_of(make(database=database)) == "database.login_refused"


def test_oracle_with_a_client_folder_that_holds_no_client(
    check_in_child: Callable[..., Any], silent_port: int, tmp_path: Path
) -> None:
    database = oracle(host="127.0.0.1", port=silent_port, service="logix", client_folder=str(tmp_path))
    assert check_in_child("database.login", PASSWORD, database=database)["database.login"].code == (
        "database.driver_missing"
    )


def test_a_password_that_cannot_be_read_is_told_as_such(
    make: Callable[..., Subject], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("APS_TEST_DB", raising=False)
    database = {"kind": "odbc", "dsn": "LOGIX", "user": "aps", "password": "env:APS_TEST_DB"}
    assert code_of(make(database=database)) == "secret.env_missing"


def test_a_fault_of_the_program_is_not_taken_for_one_of_the_database(make: Callable[..., Subject]) -> None:
    with pytest.raises(ZeroDivisionError), logix(make()):
        raise ZeroDivisionError


def test_what_fails_inside_a_session_is_explained_too(make: Callable[..., Subject]) -> None:
    from sqlalchemy import text

    with pytest.raises(ConnectionFailed) as caught, logix(make()) as connection:
        connection.execute(text("SELECT den_empresa FROM empresas"))
    assert caught.value.outcome.code == "database.no_table"
    with pytest.raises(ConnectionFailed) as caught, logix(make()) as connection:
        connection.execute(text("SELECT nome FROM empresa"))
    assert caught.value.outcome.code == "database.no_column"


def test_nothing_can_be_written(make: Callable[..., Subject], logix_file: Path) -> None:
    from sqlalchemy import text

    before = logix_file.read_bytes()
    with pytest.raises(ConnectionFailed) as caught, logix(make()) as connection:
        connection.execute(text("DELETE FROM empresa"))
    assert "readonly" in caught.value.outcome.details["original"]
    assert logix_file.read_bytes() == before


def test_a_table_that_another_program_has_locked_is_told(make: Callable[..., Subject], tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    file = tmp_path / "locked.sqlite"
    with closing(sqlite3.connect(file)) as holder:
        holder.execute("CREATE TABLE empresa (cod_empresa, den_empresa)")
        holder.commit()
        holder.execute("BEGIN EXCLUSIVE")
        database = {"kind": "sqlite", "file": str(file), "lock_wait": 0}
        assert code_of(make(database=database)) == "database.row_locked"
