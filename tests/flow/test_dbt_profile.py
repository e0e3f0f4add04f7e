"""An output of a dbt profiles.yml becomes fields, with and without the ends of its lines."""

from __future__ import annotations

import pytest

from wizard.flow.pasted_connection import PastedError, holds_login, read

SQL_SERVER = """
logix:
  target: prod
  outputs:
    dev:
      type: sqlserver
      server: dev-server
      user: nobody
    prod:  # the real one
      type: sqlserver
      driver: 'ODBC Driver 18 for SQL Server'
      server: srv
      port: 1444
      database: logix
      schema: dbo
      threads: 4
      user: aps
      password: "a: b#\\"c"
      encrypt: true
      trust_cert: true
"""
ORACLE = """
type: oracle
host: srv
port: 1522
protocol: tcp
service: logix
user: aps
pass: 'it''s'
schema: logix
"""


@pytest.mark.parametrize("joined", [False, True], ids=["as it is", "in one line"])
def test_the_target_of_a_profile_is_read(joined: bool) -> None:
    text = SQL_SERVER.replace("  # the real one", "") if joined else SQL_SERVER
    found = read(" ".join(text.split("\n")) if joined else text)
    assert found.kind == "sqlserver"
    assert found.values == {
        "driver": "ODBC Driver 18 for SQL Server",
        "host": "srv",
        "port": 1444,
        "database": "logix",
        "user": "aps",
        "encrypt": "mandatory",
        "trust_server_certificate": True,
    }
    assert found.password == 'a: b#"c'


def test_an_output_alone_is_read() -> None:
    found = read(ORACLE)
    assert (found.kind, found.password) == ("oracle", "it's")
    assert found.values == {"host": "srv", "port": 1522, "service": "logix", "user": "aps"}


def test_what_dbt_reads_elsewhere_is_left_out() -> None:
    found = read(ORACLE.replace("'it''s'", "\"{{ env_var('DBT_PASS') }}\""))
    assert found.password is None


def test_another_database_is_refused_and_a_password_is_never_repeated() -> None:
    with pytest.raises(PastedError) as refused:
        read("type: postgres\nhost: srv\nuser: aps\npassword: hunter2")
    assert refused.value.problem.code == "paste.other_database"
    assert "hunter2" not in str(refused.value.problem)


@pytest.mark.parametrize("text", ["type: oracle", "type:", "host: srv", "type: sqlserver threads: 4"])
def test_what_says_no_server_is_no_connection(text: str) -> None:
    with pytest.raises(PastedError):
        read(text)


def test_names_of_outputs_may_have_hyphens() -> None:
    text = "target: prod-sp\noutputs:\n"
    text += "  test-sp:\n    type: sqlserver\n    server: t\n    database: d\n    password: p1\n"
    found = read(text + "  prod-sp:\n    type: sqlserver\n    server: p\n    database: d\n    password: p2\n")
    assert (found.values["host"], found.password) == ("p", "p2")


def test_another_output_is_never_taken_for_the_target() -> None:
    with pytest.raises(PastedError):
        read(
            "target: b\na:\n  type: sqlserver\n  server: h1\n  database: d\n"
            "b:\n  server: h2\n  type: sqlserver\n  database: d\n"
        )


def test_a_password_in_quotes_may_have_what_begins_a_comment() -> None:
    for quote in "'\"":
        found = read(f"type: sqlserver\nserver: h\nuser: u\npassword: {quote}p #q{quote} # ours\ndatabase: d\n")
        assert found.password == "p #q"


def test_a_text_with_a_password_is_hidden() -> None:
    assert holds_login("type: sqlserver\nserver: h\nPWD: geheim\n")
    assert holds_login(ORACLE)
    assert not holds_login("type: oracle host: srv")
