"""The demo database holds what its constants say, shaped as a Logix database is."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from wizard.demo import logix_db


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("logix") / "logix.sqlite"
    logix_db.build(database)
    return database


@pytest.fixture
def database(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def rows(database: sqlite3.Connection, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return database.execute(sql, values).fetchall()


def count(database: sqlite3.Connection, sql: str, *values: Any) -> int:
    return int(rows(database, f"SELECT count(*) FROM {sql}", *values)[0][0])


def types(database: sqlite3.Connection, table: str) -> dict[str, str]:
    return dict(rows(database, "SELECT name, type FROM pragma_table_info(?)", table))


def tables(database: sqlite3.Connection) -> list[str]:
    return [name for (name,) in rows(database, "SELECT name FROM sqlite_master WHERE type = 'table'")]


def contents(database: sqlite3.Connection, company: str, grade: int) -> list[str]:
    """The codes of a grade type, found as Logix finds them: by the names in ctr_grade."""
    ((table, column, per_company),) = rows(
        database,
        "SELECT trim(nom_tabela_zoom), trim(descr_col_1_zoom), ies_ctr_empresa FROM ctr_grade "
        "WHERE cod_empresa = ? AND cod_grade = ?",
        company,
        grade,
    )
    assert re.fullmatch(r"[a-z_]+", table)
    assert re.fullmatch(r"[a-z_]+", column)
    where, values = (" WHERE cod_empresa = ?", (company,)) if per_company == "S" else ("", ())
    return [code for (code,) in rows(database, f"SELECT {column} FROM {table}{where}", *values)]


def slots(database: sqlite3.Connection, company: str) -> dict[str, tuple[int, ...]]:
    """Item -> grade types of its own row in item_ctr_grade."""
    return {
        item: tuple(filter(None, grades))
        for item, *grades in rows(
            database,
            "SELECT cod_item, num_grade_1, num_grade_2, num_grade_3, num_grade_4, num_grade_5 "
            "FROM item_ctr_grade WHERE cod_empresa = ? AND cod_item <> ' '",
            company,
        )
    }


def test_companies_are_text_of_two_characters(database: sqlite3.Connection) -> None:
    assert rows(database, "SELECT cod_empresa, trim(den_empresa) FROM empresa ORDER BY 1") == [
        ("01", "Confecções Serra Azul Ltda"),
        ("02", "Serra Azul Jeans - Filial Colatina"),
    ]


def test_every_char_column_is_padded_to_its_width(database: sqlite3.Connection) -> None:
    checked = 0
    for table in tables(database):
        for column, kind in types(database, table).items():
            if kind.startswith("CHAR"):
                width = int(kind[5:-1])
                sql = f"{table} WHERE {column} IS NOT NULL AND length({column}) <> ?"
                assert count(database, sql, width) == 0, f"{table}.{column}"
                checked += 1
    assert checked > 80


def test_declared_types_are_kept(database: sqlite3.Connection) -> None:
    assert types(database, "item")["cod_item"] == "CHAR(15)"
    assert types(database, "item_man")["qtd_estoq_seg"] == "DECIMAL(10,3)"
    assert types(database, "mrp_dem_grade")["prz_entrega"] == "DATE"


def test_char_columns_compare_as_the_erp_compares_them(database: sqlite3.Connection) -> None:
    assert count(database, "cor_produto WHERE cod_empresa = '01' AND cod_cor = 'AZUL 01'") == 1
    assert count(database, "cor_produto WHERE cod_empresa = '01' AND cod_cor = 'azul 01'") == 1
    assert count(database, "item_ctr_grade WHERE cod_familia = 0") == count(database, "item_ctr_grade")


def test_grade_types(database: sqlite3.Connection) -> None:
    found = rows(
        database,
        "SELECT cod_empresa, cod_grade, trim(descr_cabec_zoom), ies_ctr_empresa FROM ctr_grade ORDER BY 1, 2",
    )
    assert found == [
        ("01", logix_db.COLOUR, "Cor", "S"),
        ("01", logix_db.SIZE, "Tamanho", "N"),
        ("01", logix_db.PRINT, "Estampa", "S"),
        ("02", 1, "Cor da malha", "S"),
        ("02", 2, "Numeração", "N"),
        ("02", 4, "Lavagem", "S"),
    ]
    assert Counter(company for company, *_ in found) == {
        "01": logix_db.GRADE_TYPES,
        "02": logix_db.BRANCH_GRADE_TYPES,
    }


@pytest.mark.parametrize(
    ("grade", "total", "twins"),
    [
        (logix_db.COLOUR, logix_db.COLOURS, logix_db.COLOUR_CASE_TWINS),
        (logix_db.SIZE, logix_db.SIZES, logix_db.SIZE_CASE_TWINS),
        (logix_db.PRINT, logix_db.PRINTS, logix_db.PRINT_CASE_TWINS),
    ],
)
def test_contents_and_their_dirt(database: sqlite3.Connection, grade: int, total: int, twins: int) -> None:
    codes = [code.rstrip() for code in contents(database, "01", grade)]
    assert len(codes) == len(set(codes)) == total
    assert codes.count("") * logix_db.GRADE_TYPES == logix_db.BLANK_CODES
    assert total - len({code.casefold() for code in codes}) == twins


def test_colours_need_four_characters() -> None:
    assert 1233 < logix_db.COLOURS <= 27233


def test_branch_contents(database: sqlite3.Connection) -> None:
    assert len(contents(database, "02", 1)) == logix_db.BRANCH_COLOURS
    assert len(contents(database, "02", 2)) == logix_db.BRANCH_NUMBERS
    assert len(contents(database, "02", 4)) == logix_db.BRANCH_WASHES
    assert set(contents(database, "02", 1)) < set(contents(database, "01", 1))
    assert count(database, "cor_produto") == logix_db.COLOURS + logix_db.BRANCH_COLOURS


def test_texts_have_accents_and_a_varchar_keeps_typed_blanks(database: sqlite3.Connection) -> None:
    codes = {code.rstrip() for code in contents(database, "01", logix_db.COLOUR)}
    assert {"ÂMBAR 03", "âmbar 03", "CAFÉ 07", "café 07"} <= codes
    typed = count(database, "estampa_produto WHERE den_estampa LIKE '% ' AND length(den_estampa) < 40")
    assert 0 < typed < logix_db.PRINTS / 10


def test_number_like_codes_keep_their_zeros(database: sqlite3.Connection) -> None:
    assert rows(database, "SELECT DISTINCT typeof(cod_estampa) FROM estampa_produto") == [("text",)]
    assert "0001" in {code.rstrip() for code in contents(database, "01", logix_db.PRINT)}


def test_items_by_their_slots(database: sqlite3.Connection) -> None:
    assert count(database, "item WHERE cod_empresa = '01'") == logix_db.ITEMS == 3000
    assert count(database, "item WHERE cod_empresa = '02'") == logix_db.BRANCH_ITEMS
    assert Counter(slots(database, "01").values()) == {
        (1, 2): logix_db.ITEMS_COLOUR_SIZE,
        (1, 2, 3): logix_db.ITEMS_COLOUR_SIZE_PRINT,
        (2,): logix_db.ITEMS_SIZE,
        (): logix_db.ITEMS_ZERO_SLOTS,
    }
    assert count(database, "item_ctr_grade WHERE cod_empresa = '01'") == logix_db.ITEM_CTR_GRADE_ROWS


def test_items_without_a_row_of_their_own(database: sqlite3.Connection) -> None:
    lines = dict(
        rows(
            database,
            "SELECT cod_lin_prod, num_grade_3 FROM item_ctr_grade WHERE cod_empresa = '01' AND cod_item = ' '",
        )
    )
    assert lines == {4: 0, 5: logix_db.PRINT}
    assert len(lines) == logix_db.CLASSIFICATION_ROWS
    own = slots(database, "01")
    bare = [
        line
        for item, line in rows(database, "SELECT cod_item, cod_lin_prod FROM item WHERE cod_empresa = '01'")
        if item not in own
    ]
    assert sum(line in lines for line in bare) == logix_db.ITEMS_BY_CLASSIFICATION
    assert sum(line not in lines for line in bare) == logix_db.ITEMS_NO_ROW


def test_every_item_has_its_planning_row(database: sqlite3.Connection) -> None:
    keys = "SELECT cod_empresa, cod_item FROM"
    assert set(rows(database, f"{keys} item")) == set(rows(database, f"{keys} item_man"))


def test_allowed_contents_exist_and_say_the_same_in_both_tables(database: sqlite3.Connection) -> None:
    groups: dict[tuple[str, int, str], set[str]] = {}
    for company, grade, group, code in rows(
        database, "SELECT cod_empresa, num_grade, cod_grupo_grade, cod_grade FROM grupo_grade"
    ):
        groups.setdefault((company, grade, group), set()).add(code)
    known = {
        (company, grade): set(contents(database, company, grade))
        for company, grade in rows(database, "SELECT cod_empresa, cod_grade FROM ctr_grade")
    }
    assert all(codes <= known[company, grade] for (company, grade, _), codes in groups.items())

    allowed: dict[tuple[str, str, int], set[str]] = {}
    for company, item, grade, code, group in rows(
        database,
        "SELECT cod_empresa, cod_item, num_grade, cod_grade, cod_grupo_grade FROM item_grade WHERE cod_item <> ' '",
    ):
        assert bool(code.strip()) != bool(group.strip())
        codes = {code} if code.strip() else groups[company, grade, group]
        allowed.setdefault((company, item, grade), set()).update(codes)
    assert all(codes <= known[company, grade] for (company, _, grade), codes in allowed.items())

    listed: dict[tuple[str, str, int], set[str]] = {}
    for company, item, grade, code in rows(database, "SELECT empresa, item, grade, conteudo FROM man_conteudo_grade"):
        listed.setdefault((company, item, grade), set()).add(code)
    assert listed == allowed

    graded = {("01", item, grade) for item, grades in slots(database, "01").items() for grade in grades}
    assert graded <= set(allowed)


def test_structures(database: sqlite3.Connection) -> None:
    assert len(types(database, "estrut_grade")) == 24
    assert count(database, "(SELECT DISTINCT cod_item_pai FROM estrut_grade)") == logix_db.PARENTS
    assert count(database, "estrut_grade WHERE cod_grade_1 = ' '") > 0
    assert count(database, "estrut_grade WHERE cod_grade_1 <> ' '") > 0
    for column in ("cod_item_pai", "cod_item_compon"):
        unknown = f"estrut_grade WHERE {column} NOT IN (SELECT cod_item FROM item WHERE cod_empresa = '01')"
        assert count(database, unknown) == 0


def test_demands_name_contents_their_item_may_have(database: sqlite3.Connection) -> None:
    assert count(database, "mrp_dem_grade WHERE cod_empresa = '01'") == logix_db.DEMANDS
    strangers = (
        "mrp_dem_grade d WHERE NOT EXISTS (SELECT 1 FROM man_conteudo_grade c "
        "WHERE c.empresa = d.cod_empresa AND c.item = d.cod_item AND c.conteudo = d.cod_grade_1)"
    )
    assert count(database, strangers) == 0
    assert count(database, "mrp_dem_grade WHERE trim(num_docum) <> pedido || '/' || seq_item_pedido") == 0
    assert count(database, "mrp_dem_grade WHERE prz_entrega NOT LIKE '2024-__-__'") == 0


def test_planning_parameters_by_position(database: sqlite3.Connection) -> None:
    found = rows(
        database,
        "SELECT cod_empresa, length(parametros), substr(parametros, 77, 1), substr(parametros, 150, 1) "
        "FROM par_pcp ORDER BY 1",
    )
    width = logix_db.PAR_PCP_WIDTH
    assert found == [("01", width, "S", "1"), ("02", width, "N", "3")]


@pytest.mark.parametrize("table", ["fornecedor", "local", "familia", "unid_med"])
def test_small_tables_have_rows(database: sqlite3.Connection, table: str) -> None:
    assert count(database, table) >= 5


def test_families_units_and_places_of_items_exist(database: sqlite3.Connection) -> None:
    for column, table in (("cod_familia", "familia"), ("cod_unid_med", "unid_med")):
        assert count(database, f"item WHERE {column} NOT IN (SELECT {column} FROM {table})") == 0
    assert count(database, "item WHERE cod_local_estoq NOT IN (SELECT cod_local FROM local)") == 0


def test_same_content_each_time_in_place_of_the_old_file(path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.sqlite"
    again.write_text("not a database")
    logix_db.build(again)
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(again)) as two:
        assert all(a == b for a, b in zip(one.iterdump(), two.iterdump(), strict=True))
    assert list(tmp_path.iterdir()) == [again]


def test_a_build_that_fails_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "logix.sqlite"
    path.write_text("old")
    monkeypatch.setattr(logix_db, "_companies", lambda: iter([("01", "x" * 37, *[""] * 7)]))
    with pytest.raises(ValueError, match="longer than 36"):
        logix_db.build(path)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text() == "old"


def test_a_missing_folder_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        logix_db.build(tmp_path / "missing" / "logix.sqlite")
