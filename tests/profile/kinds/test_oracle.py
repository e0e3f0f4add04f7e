"""Oracle: what it is told, and where it is. No server is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from wizard.connection.odbc_session import connection_string
from wizard.profile.kinds.oracle import OracleDatabase

HERE = Path()


def test_oracle_is_named_by_alias_or_by_host_port_and_service() -> None:
    assert OracleDatabase(host="h", service="logix").session(None, HERE).arguments["dsn"] == "h:1521/logix"
    assert OracleDatabase(host="h", port=1600, service="logix").session(None, HERE).arguments["dsn"] == "h:1600/logix"
    assert OracleDatabase(tns="LOGIX", host="h", service="x").session(None, HERE).arguments["dsn"] == "LOGIX"
    easy = "tcps://h:2484/logix?wallet_location=/opt/wallet"
    assert OracleDatabase(tns=easy).session(None, HERE).arguments["dsn"] == easy


def test_oracle_by_the_thin_driver_says_user_and_limits_and_no_client() -> None:
    settings = OracleDatabase(host="h", service="logix", user="aps", login_timeout=7, query_timeout=60)
    session = settings.session("secret", HERE)
    assert session.dialect == "oracle+oracledb"
    assert session.arguments == {"user": "aps", "password": "secret", "dsn": "h:1521/logix", "tcp_connect_timeout": 7}
    assert session.attributes == {"call_timeout": 60_000}
    assert session.setup == {}


def test_oracle_by_a_client_is_told_its_folder_before() -> None:
    session = OracleDatabase(tns="LOGIX", client_folder="/opt/instantclient").session(None, HERE)
    assert session.setup == {"init_oracle_client": {"lib_dir": "/opt/instantclient"}}


@pytest.mark.parametrize("target", [{"tns": "LOGIX"}, {"dsn": "LOGIX"}])
@pytest.mark.parametrize(
    ("isolation", "level"), [("read_committed", "READ COMMITTED"), ("serializable", "SERIALIZABLE")]
)
def test_oracle_is_told_the_level_in_its_own_words(target: dict[str, str], isolation: Any, level: str) -> None:
    settings = OracleDatabase.model_validate({"kind": "oracle", "isolation": isolation, **target})
    assert settings.session(None, HERE).statements == (f"ALTER SESSION SET ISOLATION_LEVEL = {level}",)


@pytest.mark.parametrize("isolation", ["read_uncommitted", "repeatable_read", "snapshot", "server_default"])
def test_oracle_has_no_other_level(isolation: str) -> None:
    with pytest.raises(ValidationError):
        OracleDatabase.model_validate({"kind": "oracle", "tns": "LOGIX", "isolation": isolation})


def test_oracle_has_an_address_only_by_host() -> None:
    assert OracleDatabase(host="h", port=1600, service="s").address() == ("h", 1600)
    assert OracleDatabase(tns="LOGIX").address() is None
    assert OracleDatabase(dsn="LOGIX", host="h", service="s").address() is None


def test_oracle_by_dsn_goes_through_odbc() -> None:
    session = OracleDatabase(dsn="LOGIX", user="aps").session("p", HERE)
    assert session.dialect == "apsodbc+pyodbc"
    assert connection_string(session.odbc) == "DSN=LOGIX;UID=aps;PWD=p"
