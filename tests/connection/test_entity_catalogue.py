"""The catalogue of what the update brings: whole, in itself consistent, and the same entities as the profile has."""

from __future__ import annotations

import re
from typing import Any

import pytest

from wizard.connection.entity_catalogue import (
    GRADES,
    LogixTable,
    Source,
    aps_tables,
    entities_on,
    logix_tables,
)
from wizard.connection.logix_tables import CTR_GRADE, EMPRESA, ITEM_CTR_GRADE
from wizard.profile.entities import ENTITIES
from wizard.profile.load import profile_from_data

EVERYTHING = frozenset(entity.key for entity in ENTITIES) | {GRADES}


def table(name: str, entities: frozenset[str] = EVERYTHING) -> LogixTable:
    return next(table for table in logix_tables(entities) if table.name == name)


@pytest.mark.seed("R-GEN-08")
def test_every_entity_of_a_profile_is_brought_by_a_table_and_none_else() -> None:
    assert {key for table in aps_tables() for key in table.brought_by} == EVERYTHING


def test_the_section_and_the_table_are_those_that_the_profile_knows() -> None:
    for entity in ENTITIES:
        mine = [table for table in aps_tables() if entity.key in table.brought_by]
        assert entity.section in {table.section for table in mine}, entity
        assert (entity.table or "") in {table.table for table in mine}, entity


def test_the_manual_maps_31_tables_with_311_columns() -> None:
    assert len(aps_tables()) == 31
    assert sum(len(table.columns) for table in aps_tables()) == 311
    assert len({(table.section, table.table) for table in aps_tables()}) == 31


def test_keys_are_columns_and_no_column_stands_twice() -> None:
    for found in aps_tables():
        names = [column.name for column in found.columns]
        assert sorted(set(names)) == sorted(names), found.name
        assert set(found.key) <= set(names), found.name
        assert all(re.fullmatch(r"[a-z][a-z0-9-]*", name) for name in names), found.name


def test_types_are_written_in_one_way() -> None:
    kinds = {column.type for table in aps_tables() for column in table.columns}
    assert all(re.fullmatch(r"Char\(\d+\)|Dec\(\d+,\d+\)|Inteiro|Data|Lógico|", kind) for kind in kinds), kinds


def test_a_column_has_one_explanation() -> None:
    for found in aps_tables():
        for column in found.columns:
            given = [column.constant is not None, bool(column.made), not column.sent, bool(column.sources)]
            assert sum(given) <= 1, (found.name, column.name)
            assert column.means


def test_what_is_read_of_logix_is_plain_names() -> None:
    for found in aps_tables():
        for source in (*found.stated(), *found.assumes):
            assert re.fullmatch(r"[a-z][a-z0-9_]*", source.table)
            assert re.fullmatch(r"([a-z][a-z0-9_]*)?", source.column)


def test_an_assumed_column_is_not_one_that_the_manual_names() -> None:
    for found in logix_tables(EVERYTHING):
        assert not set(found.columns) & set(found.assumed), found.name
        assert found.needed_by, found.name


def test_the_tables_that_the_wizard_reads_itself_are_in_it() -> None:
    for own in (EMPRESA, CTR_GRADE, ITEM_CTR_GRADE):
        known = table(own.name)
        assert {column.name for column in own.columns} <= {*known.columns, *known.assumed}, own.name


def test_what_the_manual_says_of_some_tables() -> None:
    item = table("item")
    assert {"cod_item", "den_item_reduz", "cod_familia", "ies_tip_item", "gru_ctr_estoq"} <= set(item.columns)
    assert item.keys == ("cod_item",)
    assert item.company == "cod_empresa"
    assert table("log_calend_empresa").company == "empresa"
    assert table("feriado").columns == ()
    assert table("feriado").stated
    assert not table("operacao").stated
    assert table("estrut_grade").instead == "estrutura"


def test_sources_of_a_column_that_is_computed() -> None:
    (balance,) = (
        column
        for table in aps_tables()
        if table.table == "ord-dbr"
        for column in table.columns
        if column.name == "qtd-saldo"
    )
    assert balance.required
    assert balance.sources == tuple(
        Source("ordens", name) for name in ("qtd_planej", "qtd_boas", "qtd_refug", "qtd_sucata")
    )


# --- for one profile ---------------------------------------------------------------------------


def profile(**sections: Any) -> Any:
    data = {
        "name": "Serra Azul",
        "environment": "test",
        "company": {"logix": "01", "site": "01"},
        "database": {"kind": "sqlite", "file": "x"},
        "webservice": {"url": "http://127.0.0.1:1/ws"},
    }
    return profile_from_data(data | sections)


def test_a_profile_wants_what_it_switches_on() -> None:
    assert entities_on(profile()) == EVERYTHING - {GRADES}
    assert entities_on(profile(grades={"enabled": True})) == EVERYTHING
    off = {entity.key: False for entity in ENTITIES if entity.key != "deposito"}
    assert entities_on(profile(update={"entities": off})) == {"deposito"}
    (local,) = logix_tables({"deposito"})
    assert (local.name, local.columns, local.needed_by) == (
        "local",
        ("cod_empresa", "cod_local", "den_local"),
        ("deposito",),
    )


@pytest.mark.seed("R-1.2-06")
def test_informix_has_no_calendar_to_read() -> None:
    found = entities_on(profile(database={"kind": "informix", "dsn": "LOGIX"}))
    assert EVERYTHING - {GRADES} - found == {"calendario", "datas_calendario"}
    assert "feriado" not in {table.name for table in logix_tables(found)}


def test_without_entities_there_is_nothing_to_read() -> None:
    assert logix_tables(frozenset()) == ()
