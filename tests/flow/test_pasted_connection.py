"""Connections as other programs write them become fields of a profile; a password never does."""

from __future__ import annotations

import string
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import URL

from wizard.connection.odbc_session import connection_string
from wizard.flow import state
from wizard.flow.pasted_connection import LONGEST, PastedError, holds_login, paste, read, summary
from wizard.profile.database import KINDS
from wizard.profile.load import profile_from_data

SID = "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=srv)(PORT=1522))(CONNECT_DATA=(SID=ORCL)))"
SQL_SERVER = "ODBC Driver 18 for SQL Server"
ORACLE = {"host": "srv", "port": 1522, "service": "logix"}

TEXTS: list[tuple[str, str, dict[str, Any], str | None]] = [
    # ODBC
    (
        "Driver={IBM INFORMIX ODBC DRIVER (64-bit)};Host=srv;Server=ol_logix;Service=1526;Protocol=onsoctcp;"
        "Database=logix;Client_Locale=en_us.8859-1;DB_Locale=en_us.8859-1;UID=aps;PWD={a;b}}c}",
        "informix",
        {
            "driver": "IBM INFORMIX ODBC DRIVER (64-bit)",
            "host": "srv",
            "server": "ol_logix",
            "service": "1526",
            "protocol": "onsoctcp",
            "database": "logix",
            "client_locale": "en_us.8859-1",
            "db_locale": "en_us.8859-1",
            "user": "aps",
        },
        "a;b}c",
    ),
    ("DSN=LOGIX;UID=aps;PWD=x1", "informix", {"dsn": "LOGIX", "user": "aps"}, "x1"),
    ("dsn = LOGIX ;\n uid=aps ;", "informix", {"dsn": "LOGIX", "user": "aps"}, None),
    ("DSN=ERP", "sqlserver", {"dsn": "ERP"}, None),
    (
        "Driver={ODBC Driver 17 for SQL Server};Server=tcp:srv\\LOGIX,1444;Database=logix;Trusted_Connection=yes;"
        "Encrypt=no;TrustServerCertificate=yes",
        "sqlserver",
        {
            "driver": "ODBC Driver 17 for SQL Server",
            "host": "srv",
            "instance": "LOGIX",
            "port": 1444,
            "database": "logix",
            "authentication": "windows",
            "encrypt": "optional",
            "trust_server_certificate": True,
        },
        None,
    ),
    (
        "Driver={Oracle in OraClient19Home1};Dbq=srv:1522/logix;Uid=logix;Pwd=x1",
        "oracle",
        {**ORACLE, "user": "logix"},
        "x1",
    ),
    ("Driver={Oracle in X};DBQ=LOGIX;UserID=scott/tiger", "oracle", {"tns": "LOGIX", "user": "scott"}, "tiger"),
    ("Driver=SQLite3;Database=/srv/logix.sqlite", "sqlite", {"file": "/srv/logix.sqlite"}, None),
    ("Driver={MariaDB};Server=s;Port=3306;Database=d;UID=u;PWD=p1", "odbc", {"database": "d", "user": "u"}, "p1"),
    # ADO.NET and OLE DB
    (
        "Data Source=srv,1433;Initial Catalog=logix;User ID=sa;Password='a;b''c'",
        "sqlserver",
        {"driver": SQL_SERVER, "host": "srv", "port": 1433, "database": "logix", "user": "sa"},
        "a;b'c",
    ),
    (
        '"Provider=SQLOLEDB.1;Integrated Security=SSPI;Data Source=(local);Initial Catalog=logix"',
        "sqlserver",
        {"driver": SQL_SERVER, "host": "localhost", "database": "logix", "authentication": "windows"},
        None,
    ),
    ("Provider=OraOLEDB.Oracle;Data Source=LOGIX;User Id=a;Password=b1", "oracle", {"tns": "LOGIX", "user": "a"}, "b1"),
    (
        "Host=srv;Service=1526;Server=ol_logix;Database=logix;UID=a",
        "informix",
        {"host": "srv", "service": "1526", "server": "ol_logix", "database": "logix", "user": "a"},
        None,
    ),
    # JDBC
    (
        "jdbc:informix-sqli://srv:1526/logix:INFORMIXSERVER=ol_logix;user=aps;password=x1;CLIENT_LOCALE=pt_br.CP1252",
        "informix",
        {
            "host": "srv",
            "service": "1526",
            "database": "logix",
            "server": "ol_logix",
            "user": "aps",
            "client_locale": "pt_br.CP1252",
        },
        "x1",
    ),
    ("jdbc:informix-sqli://10.0.0.1:sqlexec:INFORMIXSERVER=o", "informix",
     {"host": "10.0.0.1", "service": "sqlexec", "server": "o"}, None),
    ("jdbc:oracle:thin:@srv:1522:ORCL", "oracle", {"tns": SID}, None),
    ("jdbc:oracle:thin:@//srv:1522/logix", "oracle", ORACLE, None),
    ("jdbc:oracle:thin:@srv:1522/logix", "oracle", ORACLE, None),
    ("jdbc:oracle:thin:scott/ti@ger@srv:1522/logix", "oracle", {**ORACLE, "user": "scott"}, "ti@ger"),
    ("jdbc:oracle:oci:@LOGIX.WORLD", "oracle", {"tns": "LOGIX.WORLD"}, None),
    (
        "jdbc:oracle:thin:@(DESCRIPTION = (ADDRESS = (PROTOCOL = TCP)(HOST = srv)(PORT = 1522))\n"
        "  (CONNECT_DATA = (SERVER = DEDICATED)(SERVICE_NAME = logix)))",
        "oracle",
        ORACLE,
        None,
    ),
    (f"jdbc:oracle:thin:@{SID}", "oracle", {"tns": SID}, None),
    (
        "jdbc:sqlserver://srv\\LOGIX:1433;databaseName=logix;user=sa;password={p;1};encrypt=true;"
        "trustServerCertificate=false;loginTimeout=30",
        "sqlserver",
        {
            "driver": SQL_SERVER,
            "host": "srv",
            "instance": "LOGIX",
            "port": 1433,
            "database": "logix",
            "user": "sa",
            "encrypt": "mandatory",
            "trust_server_certificate": False,
        },
        "p;1",
    ),
    (
        "jdbc:sqlserver://;serverName=srv;instanceName=I;integratedSecurity=true",
        "sqlserver",
        {"driver": SQL_SERVER, "host": "srv", "instance": "I", "authentication": "windows"},
        None,
    ),
    (
        "jdbc:jtds:sqlserver://srv:1433/logix;instance=I;user=sa;password=x1",
        "sqlserver",
        {"driver": SQL_SERVER, "host": "srv", "instance": "I", "port": 1433, "database": "logix", "user": "sa"},
        "x1",
    ),
    # SQLAlchemy
    (
        "mssql+pyodbc://sa:p%40ss@srv:1433/logix?driver=ODBC+Driver+17+for+SQL+Server&TrustServerCertificate=yes",
        "sqlserver",
        {
            "driver": "ODBC Driver 17 for SQL Server",
            "host": "srv",
            "port": 1433,
            "database": "logix",
            "user": "sa",
            "trust_server_certificate": True,
        },
        "p@ss",
    ),
    ("mssql+pyodbc://sa:x1@ERP", "sqlserver", {"dsn": "ERP", "user": "sa"}, "x1"),
    (
        "mssql+pyodbc:///?odbc_connect=" + quote_plus("Driver={ODBC Driver 18 for SQL Server};Server=srv;PWD=a&b=1"),
        "sqlserver",
        {"driver": SQL_SERVER, "host": "srv"},
        "a&b=1",
    ),
    ("informix+pyodbc://aps:x1@LOGIX", "informix", {"dsn": "LOGIX", "user": "aps"}, "x1"),
    ("oracle+oracledb://a:b1@srv:1522/?service_name=logix", "oracle", {**ORACLE, "user": "a"}, "b1"),
    ("oracle+oracledb://a:b1@srv:1522/ORCL", "oracle", {"tns": SID, "user": "a"}, "b1"),
    ("oracle+cx_oracle://a:b1@LOGIX", "oracle", {"tns": "LOGIX", "user": "a"}, "b1"),
    ("sqlite:////srv/logix.sqlite", "sqlite", {"file": "/srv/logix.sqlite"}, None),
    ("sqlite:///C:/logix.sqlite", "sqlite", {"file": "C:/logix.sqlite"}, None),
    ("mysql+pyodbc://u:p1@MYDSN", "odbc", {"dsn": "MYDSN", "user": "u"}, "p1"),
    ("Driver={SQLite3};Database=/srv/logix.sqlite;PWD=x1", "sqlite", {"file": "/srv/logix.sqlite"}, None),
    # Oracle by itself
    (
        "Data Source=(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=srv)(PORT=1522))(CONNECT_DATA=(SERVICE_NAME=logix)));"
        "User Id=scott;Password=tiger;",
        "oracle",
        {**ORACLE, "user": "scott"},
        "tiger",
    ),
    ("scott/tiger@srv:1522/logix", "oracle", {**ORACLE, "user": "scott"}, "tiger"),
    ("srv:1522/logix", "oracle", ORACLE, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "values", "password"), TEXTS, ids=[text[:50] for text, *_rest in TEXTS])
def test_each_way_of_writing_a_connection_is_read(
    text: str, kind: str, values: dict[str, Any], password: str | None
) -> None:
    found = read(text, "informix", {"erp": "ODBC Driver 18 for SQL Server"})
    assert (found.kind, dict(found.values), found.password) == (kind, values, password)
    assert set(found.values) <= set(KINDS[kind].model_fields)


@pytest.mark.parametrize(("text", "kind", "values", "password"), TEXTS, ids=[text[:50] for text, *_rest in TEXTS])
def test_what_was_read_makes_a_profile_and_the_password_stays_out_of_it(
    text: str, kind: str, values: dict[str, Any], password: str | None, tmp_path: Path
) -> None:
    now = state.new_profile(tmp_path)
    for path, value in {"name": "M", "environment": "test", "company.logix": "01", "company.site": "01"}.items():
        now = state.edit(now, path, value)
    now = state.edit(now, "webservice.url", "http://localhost/ws")
    now = paste(now, read(text, "informix", {"erp": "ODBC Driver 18 for SQL Server"}))
    section = dict(now.data["database"])
    assert section.pop("kind") == kind
    assert section.pop("password", None) == (state.secret_reference(now, "database.password") if password else None)
    assert section == values
    assert now.typed == ({"database.password": password} if password else {})
    if kind not in ("informix", "odbc"):
        assert profile_from_data(now.data).database.kind == kind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "paste.empty"),
        ("  \n", "paste.empty"),
        ("x" * (LONGEST + 1), "paste.too_long"),
        ("hello", "paste.unknown"),
        ("a=b", "paste.unknown"),
        ("C:\\odbc\\logix.dsn", "paste.unknown"),
        ("Driver={SQL Server;Server=x", "paste.unclosed"),
        ("Driver=x;Server", "paste.unclosed"),
        ("Server=x;Database=y", "paste.no_driver"),
        ("jdbc:mysql://srv/logix", "paste.other_database"),
        ("postgresql://u:p@srv/logix", "paste.other_database"),
        ("mssql+pyodbc://sa:p@ss@srv/logix", "paste.login_not_encoded"),
        ("mssql+pyodbc://sa:p?s@srv/logix", "paste.login_not_encoded"),
        ("mssql+pyodbc://sa:p/s@srv/logix", "paste.login_not_encoded"),
        ("jdbc:oracle:thin:@(DESCRIPTION=" + "(ADDRESS=(HOST=a)(PORT=1))" * 20 + ")", "paste.description"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(text: str, code: str) -> None:
    with pytest.raises(PastedError) as raised:
        read(text)
    problem = raised.value.problem
    assert problem.code == code
    assert problem.message
    assert problem.action


def test_characters_that_no_field_takes_are_left_out() -> None:
    assert dict(read("mssql+pyodbc://s%00a:x%00@srv/logix?driver=x").values) == {
        "driver": "x", "host": "srv", "database": "logix",
    }  # fmt: skip


def test_a_text_without_a_kind_takes_the_one_of_the_page() -> None:
    assert read("Server=srv;Database=logix", "sqlserver").values["host"] == "srv"
    assert read("DSN=ANY", "oracle").kind == "oracle"
    assert read("DSN=ANY", "sqlite").kind == "odbc"


def test_what_led_elsewhere_before_is_taken_out_and_the_rest_stays(tmp_path: Path) -> None:
    now = state.edit(state.new_profile(tmp_path), "database.kind", "oracle")
    for name, value in {"tns": "OLD", "user": "aps", "client_folder": "/ic", "query_timeout": 30}.items():
        now = state.edit(now, f"database.{name}", value)
    now = paste(now, read("srv:1522/logix"))
    assert now.data["database"] == {
        "kind": "oracle", **ORACLE, "user": "aps", "client_folder": "/ic", "query_timeout": 30,
    }  # fmt: skip


def test_what_a_new_data_source_needs_goes_along_for_a_kind_without_such_fields() -> None:
    found = read("Driver={MariaDB};Server=s;Port=3306;Database=d;UID=u;PWD=p1")
    assert found.server == {"driver": "MariaDB", "server": "s", "port": "3306", "database": "d"}


def test_settings_without_a_field_are_counted_and_not_repeated() -> None:
    found = read("DSN=A;APP=x;Secret Token=t0ken;MARS_Connection=yes")
    assert found.left_out == 3
    told = dict(summary(found))
    assert "3" in told.values()
    assert "t0ken" not in str(told) + repr(found)
    assert read("Driver={SQLite3};Database=a.db;UID=u;PWD=x1;Timeout=5").left_out == 3


def test_the_summary_speaks_as_the_page_does_and_shows_no_password() -> None:
    told = dict(summary(read("Driver={ODBC Driver 18 for SQL Server};Server=srv;Encrypt=strict;UID=sa;PWD=hunter2")))
    assert told["Kind of database"] == "SQL Server"
    assert (told["Server"], told["Encryption"]) == ("srv", "Strict (TDS 8)")
    assert "hunter2" not in str(told)
    assert told["Password"]
    informix = dict(summary(read("jdbc:informix-sqli://srv:1526/logix:INFORMIXSERVER=ol_logix")))
    assert informix["Informix server"] == "ol_logix"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("DSN=A;PWD=x", True),
        ("DSN=A;Password = x", True),
        ("mssql+pyodbc://sa:", True),
        ("jdbc:sqlserver://srv:1433;databaseName=logix", False),
        ("mssql+pyodbc://sa:x@srv", True),
        ("scott/tiger@srv", True),
        ("DSN=A;UID=x", False),
        ("jdbc:oracle:thin:@srv:1521/logix", False),
    ],
)
def test_a_text_that_may_hold_a_password_is_known(text: str, hidden: bool) -> None:
    assert holds_login(text) is hidden


PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30)
NAMES = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=20)


@given(PRINTABLE, NAMES, NAMES)
@example("{", "a", "b")
@example("}};PWD=x", "a", "b")
@example('"quoted"', "a", "b")
@example("a=b;c=d", "a", "b")
def test_any_password_comes_through_an_odbc_string_and_stands_nowhere_else(
    password: str, user: str, database: str
) -> None:
    secret = "§" + password + "§"
    parts = {"DRIVER": "{ODBC Driver 18 for SQL Server}"[1:-1], "SERVER": "srv", "DATABASE": database, "UID": user}
    found = read(connection_string({**parts, "PWD": secret}))
    assert found.password == secret
    assert (found.values["user"], found.values["database"]) == (user, database)
    assert "§" not in repr(found) + str(found.values) + str(summary(found))


@given(PRINTABLE, NAMES, NAMES, st.integers(1, 65535))
def test_any_login_comes_through_a_sqlalchemy_url(password: str, user: str, database: str, port: int) -> None:
    url = URL.create("mssql+pyodbc", user, password, "srv", port, database, {"driver": "ODBC Driver 18 for SQL Server"})
    found = read(url.render_as_string(hide_password=False))
    assert (found.password, found.values["user"], found.values["database"]) == (password, user, database)
    assert (found.values["host"], found.values["port"]) == ("srv", port)


PIECES = st.sampled_from(
    ["jdbc:", "oracle:thin:", "informix-sqli:", "sqlserver:", "//", "@", ":", ";", "=", "{", "}", "(", ")", "/", "?",
     "Driver", "DSN", "Server", "PWD", "UID", "mssql+pyodbc:", "srv", "1521", "\\", "'", '"', " ", "%", "&", "\n"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(PastedError):
        found = read(text, "informix")
        assert set(found.values) <= set(KINDS[found.kind].model_fields)
        assert all(str(value).isprintable() for value in found.values.values())
