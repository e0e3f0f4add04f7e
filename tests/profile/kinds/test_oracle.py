"""Oracle: what it is told, and where it is. No server is asked."""

from __future__ import annotations

from pathlib import Path

from wizard.profile.kinds.oracle import OracleDatabase

HERE = Path()


def test_oracle_is_named_by_alias_or_by_host_port_and_service() -> None:
    assert OracleDatabase(host="h", service="logix").session(None, HERE).arguments["dsn"] == "h:1521/logix"
    assert OracleDatabase(host="h", port=1600, service="logix").session(None, HERE).arguments["dsn"] == "h:1600/logix"
    assert OracleDatabase(tns="LOGIX", host="h", service="x").session(None, HERE).arguments["dsn"] == "LOGIX"


def test_oracle_has_an_address_only_by_host() -> None:
    assert OracleDatabase(host="h", port=1600, service="s").address() == ("h", 1600)
    assert OracleDatabase(tns="LOGIX").address() is None
    assert OracleDatabase(dsn="LOGIX", host="h", service="s").address() is None


def test_oracle_by_dsn_goes_through_odbc() -> None:
    assert OracleDatabase(dsn="LOGIX").session(None, HERE).dialect == "apsodbc+pyodbc"
