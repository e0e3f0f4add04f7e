"""The Logix tables that the wizard itself reads, with the columns it uses, and its queries. Names as Logix has them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, column, func, select, table

from wizard.profile.models import MAX_SLOTS

EMPRESA = table("empresa", column("cod_empresa"), column("den_empresa"))

CTR_GRADE = table(
    "ctr_grade",
    column("cod_empresa"),
    column("cod_grade"),
    column("descr_cabec_zoom"),
    column("nom_tabela_zoom"),
    column("descr_col_1_zoom"),
    column("descr_col_2_zoom"),
    column("ies_ctr_empresa"),
)

ITEM_CTR_GRADE = table(
    "item_ctr_grade",
    column("cod_empresa"),
    column("cod_item"),
    *(column(f"num_grade_{slot}") for slot in range(1, MAX_SLOTS + 1)),
)


def companies() -> Select[Any]:
    """Code and name of every company."""
    return select(EMPRESA.c.cod_empresa, EMPRESA.c.den_empresa)


def grade_type_count(company: str) -> Select[Any]:
    """How many grade types a company has."""
    return select(func.count()).select_from(CTR_GRADE).where(CTR_GRADE.c.cod_empresa == company)


def grade_types(company: str) -> Select[Any]:
    """The grade types of a company by their code: code, heading, table, its two columns, whether per company."""
    t = CTR_GRADE.c
    return (
        select(
            t.cod_grade,
            t.descr_cabec_zoom,
            t.nom_tabela_zoom,
            t.descr_col_1_zoom,
            t.descr_col_2_zoom,
            t.ies_ctr_empresa,
        )
        .where(t.cod_empresa == company)
        .order_by(t.cod_grade)
    )


def grade_combinations(company: str) -> Select[Any]:
    """The different combinations of grade types over the slots of the items of a company."""
    t = ITEM_CTR_GRADE.c
    slots = [t[f"num_grade_{slot}"] for slot in range(1, MAX_SLOTS + 1)]
    return select(*slots).where(t.cod_empresa == company).distinct()


def grade_items(company: str) -> Select[Any]:
    """The codes of the items of a company that have grades."""
    return select(ITEM_CTR_GRADE.c.cod_item).where(ITEM_CTR_GRADE.c.cod_empresa == company).distinct()
