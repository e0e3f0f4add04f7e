"""What each kind of database is told: connection strings, statements, addresses. No server is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.connection.kind import kind_of
from wizard.connection.kinds import informix, oracle, sqlserver
from wizard.connection.odbc_session import connection_string
from wizard.profile.database import KINDS, InformixDatabase, OdbcDatabase, OracleDatabase, SqlServerDatabase

SETTINGS: dict[str, Any] = {
    "informix": InformixDatabase(dsn="LOGIX"),
    "oracle": OracleDatabase(host="h", service="s"),
    "sqlserver": SqlServerDatabase(dsn="LOGIX"),
    "odbc": OdbcDatabase(dsn="LOGIX"),
}


def parsed(text: str) -> list[tuple[str, str]]:
    """A connection string as ODBC's grammar reads it: braces quote, a doubled closing brace is one."""
    pairs = []
    position = 0
    while position < len(text):
        equals = text.index("=", position)
        name, position = text[position:equals], equals + 1
        value = ""
        if text[position : position + 1] == "{":
            position += 1
            while True:
                end = text.index("}", position)
                value += text[position:end]
                position = end + 1
                if text[position : position + 1] != "}":
                    break
                value += "}"
                position += 1
            assert text[position : position + 1] in ("", ";")
        else:
            end = text.find(";", position)
            end = len(text) if end < 0 else end
            value, position = text[position:end], end
            assert value == value.strip()
        pairs.append((name, value))
        position += 1
    return pairs


@given(
    st.dictionaries(
        st.sampled_from(["DSN", "UID", "PWD", "SERVER", "DATABASE"]),
        st.one_of(st.text(alphabet="};{=[]() a'\"\\", max_size=12), st.text(st.characters(codec="utf-8"), max_size=20)),
    )
)
def test_any_value_is_read_back_by_the_rules_of_odbc(parts: dict[str, str]) -> None:
    assert parsed(connection_string(parts)) == list(parts.items())


def test_a_value_cannot_smuggle_in_another_keyword() -> None:
    text = connection_string({"DSN": "LOGIX", "PWD": "x};DRIVER={evil"})
    assert parsed(text) == [("DSN", "LOGIX"), ("PWD", "x};DRIVER={evil")]


def test_plain_values_stand_bare_and_what_is_not_set_is_left_out() -> None:
    parts = {"DSN": "LOGIX SP", "UID": None, "PWD": "abc-1", "PORT": 1433}
    assert connection_string(parts) == "DSN=LOGIX SP;PWD=abc-1;PORT=1433"


def test_every_kind_of_the_profile_has_a_module_of_its_name() -> None:
    for key in KINDS:
        assert kind_of(key).key == key


@pytest.mark.parametrize("key", SETTINGS)
def test_an_engine_is_made_without_asking_the_server(key: str, tmp_path: Path) -> None:
    engine = kind_of(key).engine(SETTINGS[key], "password", tmp_path)
    assert (
        engine.dialect.name in {"informix": "apsodbc", "odbc": "apsodbc", "oracle": "oracle", "sqlserver": "mssql"}[key]
    )
    assert "password" not in repr(engine)
    assert engine.pool.__class__.__name__ == "NullPool"


# --- Informix ----------------------------------------------------------------------------------


@pytest.mark.seed("R-PRE-07")
def test_informix_reads_uncommitted_rows_unless_told_otherwise() -> None:
    assert informix.session_statements(InformixDatabase(dsn="LOGIX")) == (
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
    assert informix.session_statements(settings) == (statement, "SET LOCK MODE TO NOT WAIT")


@pytest.mark.seed("R-PRE-06")
def test_informix_is_reached_by_its_dsn_and_only_the_rest_is_added() -> None:
    assert connection_string(informix.connection_parts(InformixDatabase(dsn="LOGIX"), None)) == "DSN=LOGIX"
    settings = InformixDatabase(
        dsn="LOGIX", user="aps", database="logix", client_locale="en_US.CP1252", db_locale="en_US.819", host="h"
    )
    assert connection_string(informix.connection_parts(settings, "a;b")) == (
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
    assert kind_of("informix").address(settings) == address


# --- SQL Server --------------------------------------------------------------------------------


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
    assert sqlserver.connection_parts(settings, "p")["SERVER"] == server


def test_sql_server_by_driver_with_a_login() -> None:
    settings = SqlServerDatabase(
        driver="ODBC Driver 18 for SQL Server", host="h", port=1433, database="logix", user="aps"
    )
    assert connection_string(sqlserver.connection_parts(settings, "p}w")) == (
        "DRIVER=ODBC Driver 18 for SQL Server;SERVER={h,1433};DATABASE=logix;"
        "Encrypt=yes;TrustServerCertificate=no;UID=aps;PWD={p}}w}"
    )


def test_sql_server_with_the_login_of_windows_sends_no_password() -> None:
    settings = SqlServerDatabase(
        dsn="LOGIX", user="aps", authentication="windows", encrypt="optional", trust_server_certificate=True
    )
    assert connection_string(sqlserver.connection_parts(settings, "secret")) == (
        "DSN=LOGIX;Encrypt=no;TrustServerCertificate=yes;Trusted_Connection=yes"
    )


def test_sql_server_is_told_level_and_lock_wait() -> None:
    settings = SqlServerDatabase(dsn="LOGIX", isolation="snapshot", lock_wait=5)
    assert sqlserver.session_statements(settings) == (
        "SET TRANSACTION ISOLATION LEVEL SNAPSHOT",
        "SET LOCK_TIMEOUT 5000",
    )
    for level in ("read_uncommitted", "read_committed", "repeatable_read", "serializable"):
        first = sqlserver.session_statements(SqlServerDatabase(dsn="LOGIX", isolation=level))[0]
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
    assert kind_of("sqlserver").address(SqlServerDatabase(**given_)) == address


# --- Oracle ------------------------------------------------------------------------------------


def test_oracle_is_named_by_alias_or_by_host_port_and_service() -> None:
    assert oracle.data_source(OracleDatabase(host="h", service="logix")) == "h:1521/logix"
    assert oracle.data_source(OracleDatabase(host="h", port=1600, service="logix")) == "h:1600/logix"
    assert oracle.data_source(OracleDatabase(tns="LOGIX", host="h", service="x")) == "LOGIX"


def test_oracle_has_an_address_only_by_host() -> None:
    address = kind_of("oracle").address
    assert address(OracleDatabase(host="h", port=1600, service="s")) == ("h", 1600)
    assert address(OracleDatabase(tns="LOGIX")) is None
    assert address(OracleDatabase(dsn="LOGIX", host="h", service="s")) is None


def test_oracle_by_dsn_goes_through_odbc(tmp_path: Path) -> None:
    assert kind_of("oracle").engine(OracleDatabase(dsn="LOGIX"), None, tmp_path).dialect.name == "apsodbc"
