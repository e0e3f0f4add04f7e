"""The Logix tables that the wizard itself reads, with the columns it uses. Names as Logix has them."""

from __future__ import annotations

from sqlalchemy import column, table

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
    *(column(f"num_grade_{slot}") for slot in range(1, 6)),
)
