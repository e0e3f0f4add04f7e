"""The SQL of every query that the program makes, for servers that are not at hand in the tests, compared as text."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Select, make_url

from wizard.connection import odbc_session
from wizard.connection.logix_tables import companies, grade_combinations, grade_type_count, grade_types
from wizard.grades.logix_source import contents_query

# How each dialect writes a parameter; all else is the same for these queries.
PARAMETERS = {"informix+pyodbc": "?", "mssql+pyodbc": "?", "apsodbc+pyodbc": "?", "oracle+oracledb": ":cod_empresa_1"}

SLOTS = ", ".join(f"item_ctr_grade.num_grade_{slot}" for slot in range(1, 6))

QUERIES: list[tuple[Select[Any], str]] = [
    (companies(), "SELECT empresa.cod_empresa, empresa.den_empresa FROM empresa"),
    (grade_type_count("01"), "SELECT count(*) AS count_1 FROM ctr_grade WHERE ctr_grade.cod_empresa = {}"),
    (
        grade_types("01"),
        "SELECT ctr_grade.cod_grade, ctr_grade.descr_cabec_zoom, ctr_grade.nom_tabela_zoom, "
        "ctr_grade.descr_col_1_zoom, ctr_grade.descr_col_2_zoom, ctr_grade.ies_ctr_empresa "
        "FROM ctr_grade WHERE ctr_grade.cod_empresa = {} ORDER BY ctr_grade.cod_grade",
    ),
    (
        grade_combinations("01"),
        f"SELECT DISTINCT {SLOTS} FROM item_ctr_grade WHERE item_ctr_grade.cod_empresa = {{}}",
    ),
    (
        contents_query("cor", "cod_cor", "den_cor", "01"),
        "SELECT cod_cor, den_cor FROM cor WHERE cod_empresa = {}",
    ),
    (contents_query("cor", "cod_cor", "den_cor", None), "SELECT cod_cor, den_cor FROM cor"),
]

CAPITALS = {
    "informix+pyodbc": "SELECT COD_COR, DEN_COR FROM LOGIX.Cor",
    "mssql+pyodbc": "SELECT [COD_COR], [DEN_COR] FROM [LOGIX].[Cor]",
    "oracle+oracledb": 'SELECT "COD_COR", "DEN_COR" FROM "LOGIX"."Cor"',
}

FIRST_ROWS = {
    "informix+pyodbc": "SELECT FIRST 10 empresa.cod_empresa, empresa.den_empresa FROM empresa",
    "mssql+pyodbc": "SELECT TOP 10 empresa.cod_empresa, empresa.den_empresa FROM empresa",
    "oracle+oracledb": "SELECT empresa.cod_empresa, empresa.den_empresa FROM empresa FETCH FIRST 10 ROWS ONLY",
}


def sql(query: Select[Any], name: str) -> str:
    odbc_session.register_dialect()
    dialect: Any = make_url(f"{name}://").get_dialect()
    style = {} if name == "oracle+oracledb" else {"paramstyle": "qmark"}
    compiled = query.compile(dialect=dialect(**style), compile_kwargs={"render_postcompile": True})
    return " ".join(str(compiled).split())


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize(("query", "text"), QUERIES, ids=[text[:40] for _query, text in QUERIES])
def test_a_query_of_the_program(query: Select[Any], text: str, name: str) -> None:
    assert sql(query, name) == text.format(PARAMETERS[name])


@pytest.mark.parametrize(("name", "text"), CAPITALS.items(), ids=CAPITALS)
def test_names_that_the_catalogue_has_in_capitals_keep_them(name: str, text: str) -> None:
    # Informix takes any capitals, and a name in quotes for a text.
    assert sql(contents_query("LOGIX.Cor", "COD_COR", "DEN_COR", None), name) == text


@pytest.mark.parametrize(("name", "text"), FIRST_ROWS.items(), ids=FIRST_ROWS)
def test_the_first_rows_of_a_query(name: str, text: str) -> None:
    assert sql(companies().limit(10), name) == text
