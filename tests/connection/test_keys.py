"""Are keys in capitals: a sample, with count and examples, and those that the APS would take for one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from wizard.checklist.check import Outcome
from wizard.connection.checks import keys

Check = Callable[..., Outcome]
Changed = Callable[..., dict[str, Any]]

ID = "database.keys"


def test_the_keys_of_the_demo_are_in_capitals(check: Check) -> None:
    outcome = check(ID)
    assert (outcome.status, outcome.code) == ("ok", "database.keys_capital")
    assert int(outcome.details["values"]) > 3000


@pytest.mark.seed("R-GEN-05")
def test_small_letters_are_counted_and_shown(check: Check, changed: Changed) -> None:
    database = changed(
        "UPDATE local SET cod_local = lower(cod_local) WHERE cod_empresa = '01' AND cod_local LIKE 'CO%'",
        "UPDATE fornecedor SET cod_fornecedor = 'ç01' WHERE cod_fornecedor = '000001'",
    )
    outcome = check(ID, database=database)
    assert (outcome.status, outcome.code) == ("warn", "database.keys_lower_case")
    assert outcome.message.startswith("Keys with small letters: 3, such as ")
    for shown in ("fornecedor.cod_fornecedor ç01", "local.cod_local corte", "local.cod_local costura"):
        assert shown in outcome.message
    assert outcome.hint


@pytest.mark.seed("R-GEN-04")
def test_keys_that_differ_by_capitals_only_are_paired(check: Check, changed: Changed) -> None:
    database = changed("INSERT INTO familia VALUES ('01', 'a1', 'x'), ('01', 'A1', 'y'), ('01', 'b2', 'z')")
    outcome = check(ID, database=database)
    assert (outcome.status, outcome.code) == ("warn", "database.keys_alike")
    assert "capitals only: 1," in outcome.message
    assert "familia.cod_familia A1/a1" in outcome.message
    assert outcome.details["lower_case"] == "2"
    assert "first" in outcome.hint


def test_small_letters_behind_the_sample_are_found(
    check: Check, changed: Changed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "SAMPLE", 50)
    database = changed("UPDATE item SET cod_item = 'zip99999' WHERE cod_empresa = '01' AND cod_item = 'ZIP00004'")
    assert "item.cod_item zip99999" in check(ID, database=database).message


def test_only_keys_of_the_company_count(check: Check, changed: Changed) -> None:
    database = changed("UPDATE local SET cod_local = 'almox2' WHERE cod_empresa = '02' AND cod_local = 'ALMOX'")
    assert check(ID, database=database).status == "ok"
    branch = {"logix": "02", "site": "02"}
    assert "local.cod_local almox2" in check(ID, database=database, company=branch).message


def test_only_entities_that_are_switched_on_are_looked_at(check: Check, changed: Changed) -> None:
    database = changed("UPDATE fornecedor SET cod_fornecedor = 'x' WHERE cod_fornecedor = '000001'")
    assert check(ID, database=database).status == "warn"
    assert check(ID, database=database, update={"entities": {"fornecedor": False}}).status == "ok"


def test_tables_that_cannot_be_read_are_left_to_the_check_of_tables(check: Check, changed: Changed) -> None:
    whole = check(ID)
    outcome = check(ID, database=changed("DROP TABLE item", "DROP TABLE empresa"))
    assert outcome.status == "ok"
    assert int(outcome.details["tables"]) < int(whole.details["tables"])


def test_without_any_key_nothing_is_said_to_be_in_capitals(check: Check, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as database:
        database.execute("CREATE TABLE cliente (codigo)")
    outcome = check(ID, database={"kind": "sqlite", "file": "other.sqlite"})
    assert (outcome.status, outcome.code) == ("ok", "database.keys_none")


def test_an_unknown_company_column_is_no_obstacle(check: Check, changed: Changed) -> None:
    database = changed(
        "DROP INDEX ix_recurso",
        "UPDATE recurso SET cod_recur = 'reta' WHERE cod_recur = 'RETA'",
        "ALTER TABLE recurso DROP COLUMN cod_empresa",
    )
    assert "recurso.cod_recur reta" in check(ID, database=database).message


def test_through_odbc_it_is_the_same(check_alone: Check, odbc: None) -> None:
    assert check_alone(ID, database={"kind": "odbc", "dsn": "LOGIX"}).code == "database.keys_capital"
