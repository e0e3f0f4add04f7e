"""Does the Logix company of the profile exist in the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from wizard.checklist.check import Outcome
from wizard.demo import logix_db

Check = Callable[..., Outcome]

ID = "database.company"


def company(code: str) -> dict[str, str]:
    return {"logix": code, "site": "01"}


@pytest.fixture
def other_database(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """A database that holds what a test says."""

    def made(*statements: str) -> dict[str, Any]:
        with closing(sqlite3.connect(tmp_path / "other.sqlite")) as database:
            for statement in statements:
                database.execute(statement)
            database.commit()
        return {"kind": "sqlite", "file": "other.sqlite"}

    return made


@pytest.mark.parametrize(
    ("code", "name"), [("01", "Confecções Serra Azul Ltda"), ("02", "Serra Azul Jeans - Filial Colatina")]
)
def test_a_company_is_found_by_its_code_and_named(check: Check, code: str, name: str) -> None:
    outcome = check(ID, company=company(code))
    assert (outcome.status, outcome.code) == ("ok", "company.found")
    assert outcome.message == f"Company {code} is {name}."
    assert outcome.details == {"companies": "2"}


@pytest.mark.parametrize("code", ["1", "10", "99", "a1"])
def test_a_company_that_is_not_there_and_the_ones_that_are(check: Check, code: str) -> None:
    outcome = check(ID, company=company(code))
    assert (outcome.status, outcome.code) == ("fail", "company.missing")
    assert code in outcome.message
    assert outcome.hint == f"Companies of this database: {logix_db.COMPANY}, {logix_db.BRANCH}."


def test_small_letters_are_another_company(check: Check, other_database: Any) -> None:
    database = other_database(
        "CREATE TABLE empresa (cod_empresa, den_empresa)", "INSERT INTO empresa VALUES ('A1', NULL)"
    )
    assert check(ID, company=company("a1"), database=database).code == "company.missing"
    found = check(ID, company=company("A1"), database=database)
    assert (found.code, found.message) == ("company.found", "Company A1 is ?.")


def test_a_database_without_companies(check: Check, other_database: Any) -> None:
    outcome = check(ID, database=other_database("CREATE TABLE empresa (cod_empresa, den_empresa)"))
    assert outcome.code == "company.missing"
    assert "empty" in outcome.hint


def test_a_database_that_is_not_of_logix(check: Check, other_database: Any) -> None:
    outcome = check(ID, database=other_database("CREATE TABLE cliente (codigo)"))
    assert (outcome.status, outcome.code) == ("fail", "database.no_table")
    assert outcome.hint


def test_a_table_of_another_release(check: Check, other_database: Any) -> None:
    outcome = check(ID, database=other_database("CREATE TABLE empresa (cod_empresa)"))
    assert (outcome.status, outcome.code) == ("fail", "database.no_column")


def test_a_company_is_found_through_odbc(check_in_child: Callable[..., dict[str, Outcome]], odbc: None) -> None:
    outcomes = check_in_child(ID, database={"kind": "odbc", "dsn": "LOGIX"})
    assert outcomes[ID].message == "Company 01 is Confecções Serra Azul Ltda."
    outcomes = check_in_child(ID, database={"kind": "odbc", "dsn": "LOGIX"}, company=company("1"))
    assert outcomes[ID].code == "company.missing"
