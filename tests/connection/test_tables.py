"""Is every table and column there that the update reads: what is missing is named at once, where it is wanted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from wizard.checklist.check import Outcome
from wizard.connection.checks.tables import SHOWN
from wizard.profile.entities import ENTITIES

Check = Callable[..., Outcome]
Changed = Callable[..., dict[str, Any]]

ID = "database.tables"


def only(*entities: str) -> dict[str, Any]:
    """The section that switches on these entities alone."""
    return {"entities": {entity.key: entity.key in entities for entity in ENTITIES}}


def test_the_demo_has_everything(check: Check) -> None:
    for grades in (False, True):
        outcome = check(ID, grades={"enabled": grades})
        assert (outcome.status, outcome.code) == ("ok", "database.tables_readable")
        assert outcome.details["rows"].startswith("man_conteudo_grade 34,1" if grades else "item 3,120")


def test_all_that_is_missing_is_named_at_once_and_grouped(check: Check, changed: Changed) -> None:
    database = changed(
        "DROP TABLE recurso",
        "DROP TABLE ct_rec_equip",
        "ALTER TABLE item_man DROP COLUMN num_decimais",
        "ALTER TABLE item_man DROP COLUMN pct_refug",
        "ALTER TABLE equipamento DROP COLUMN den_modelo",
    )
    outcome = check(ID, database=database)
    assert (outcome.status, outcome.code) == ("fail", "database.tables_missing")
    assert outcome.message.startswith("4 of 41 tables")
    assert "Missing, or not readable for this user: ct_rec_equip, recurso." in outcome.message
    assert "Missing columns: equipamento (den_modelo), item_man (" in outcome.message
    assert "num_decimais" in outcome.message
    assert "pct_refug" in outcome.message
    assert "Grupo de Máquina" in outcome.hint
    assert "Item" in outcome.hint


def test_only_what_is_switched_on_has_to_be_there(check: Check, changed: Changed) -> None:
    database = changed("DROP TABLE recurso", "DROP TABLE ordens")
    outcome = check(ID, database=database, update=only("deposito", "fornecedor"))
    assert outcome.code == "database.tables_readable"
    assert outcome.message.startswith("2 tables with 5 columns")
    assert check(ID, database=database, update=only("grupo_maquina")).code == "database.tables_missing"


def test_the_tables_of_grades_count_where_grades_are_used(check: Check, changed: Changed) -> None:
    database = changed("DROP TABLE ctr_grade")
    assert check(ID, database=database).code == "database.tables_readable"
    outcome = check(ID, database=database, grades={"enabled": True})
    assert outcome.code == "database.tables_missing"
    assert "Tipos de Grade" in outcome.hint


def test_a_database_that_is_not_of_logix_names_some_and_counts_the_rest(check: Check, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as database:
        database.execute("CREATE TABLE cliente (codigo)")
    outcome = check(ID, database={"kind": "sqlite", "file": "other.sqlite"})
    assert outcome.code == "database.tables_missing"
    assert "and 26 more" in outcome.message
    assert outcome.message.count(",") == SHOWN


def test_what_the_manual_does_not_name_is_a_warning(check: Check, changed: Changed) -> None:
    database = changed(
        "ALTER TABLE ordens DROP COLUMN dat_liberac", "DROP TABLE operacao", "DROP INDEX ix_item_man",
        "ALTER TABLE item_man DROP COLUMN cod_item",
    )  # fmt: skip
    outcome = check(ID, database=database)
    assert (outcome.status, outcome.code) == ("warn", "database.columns_unusual")
    assert "operacao" in outcome.message
    assert "ordens (dat_liberac)" in outcome.message
    assert "item_man (cod_item)" in outcome.message


def test_the_table_of_structures_without_grades_stands_in(check: Check, changed: Changed) -> None:
    database = changed(
        "CREATE TABLE estrutura AS SELECT cod_empresa, cod_item_pai, cod_item_compon, qtd_necessaria, "
        "dat_validade_ini, dat_validade_fim FROM estrut_grade",
        "DROP TABLE estrut_grade",
    )
    assert check(ID, database=database).code == "database.tables_readable"
    less = changed(
        "CREATE TABLE estrutura AS SELECT cod_empresa, cod_item_pai FROM estrut_grade", "DROP TABLE estrut_grade"
    )
    outcome = check(ID, database=less)
    assert outcome.code == "database.tables_missing"
    assert "estrut_grade" in outcome.message


def test_nothing_is_read_and_nothing_is_written(check: Check, logix_file: Path) -> None:
    before = logix_file.read_bytes()
    check(ID)
    assert logix_file.read_bytes() == before


def test_through_odbc_it_is_the_same(check_alone: Check, odbc: None) -> None:
    outcome = check_alone(ID, database={"kind": "odbc", "dsn": "LOGIX"})
    assert (outcome.status, outcome.code) == ("ok", "database.tables_readable")
    assert outcome.details["rows"].startswith("item 3,120")
