"""Grade types, the references of their contents, and the backups of renumberings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql, mysql

revision = "0001"
down_revision = None

_KEY = (
    sa.Unicode(180)
    .with_variant(mssql.NVARCHAR(180, collation="Latin1_General_BIN2"), "mssql")
    .with_variant(mysql.VARCHAR(180, collation="utf8mb4_bin"), "mysql", "mariadb")
)


def upgrade() -> None:
    """Make the five tables."""
    op.create_table(
        "tip_grade_dbr",
        sa.Column("cod_estabel", sa.String(5), nullable=False),
        sa.Column("cdn_tip_grade", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("des_tip_grade", sa.Unicode(60)),
        sa.Column("nom_tab_contdo", sa.Unicode(61), nullable=False),
        sa.Column("nom_campo_cod", sa.Unicode(61), nullable=False),
        sa.Column("nom_campo_descr", sa.Unicode(61), nullable=False),
        sa.Column("ind_tip_grade", sa.String(2), nullable=False),
        sa.Column("qti_tam_refer", sa.Integer, nullable=False),
        sa.Column("log_ativo", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("cod_estabel", "cdn_tip_grade"),
    )
    op.create_table(
        "contdo_grade_dbr",
        sa.Column("cod_estabel", sa.String(5), nullable=False),
        sa.Column("cdn_tip_grade", sa.Integer, nullable=False, autoincrement=False),
        *_content_columns(),
        sa.PrimaryKeyConstraint("cod_estabel", "cdn_tip_grade", "num_seq"),
        sa.UniqueConstraint("cod_estabel", "cod_chave", "cdn_tip_grade", name="uq_contdo_grade_dbr_chave"),
        sa.UniqueConstraint("cod_estabel", "cod_grade", name="uq_contdo_grade_dbr_grade"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "estado_grade_dbr",
        sa.Column("cod_estabel", sa.String(5), nullable=False),
        sa.Column("num_geracao", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("cod_estabel"),
    )
    op.create_table(
        "renum_grade_dbr",
        sa.Column("cod_estabel", sa.String(5), nullable=False),
        sa.Column("num_renum", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("nom_renum", sa.String(60), nullable=False),
        sa.Column("dat_renum", sa.DateTime, nullable=False),
        sa.Column("cdn_tip_grade", sa.Integer, nullable=False),
        sa.Column("des_tip_grade", sa.Unicode(60)),
        sa.Column("ind_tip_grade", sa.String(2), nullable=False),
        sa.Column("qti_tam_refer", sa.Integer, nullable=False),
        sa.Column("ind_tip_grade_novo", sa.String(2), nullable=False),
        sa.Column("qti_tam_refer_novo", sa.Integer, nullable=False),
        sa.Column("qti_contdo", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("cod_estabel", "num_renum"),
    )
    op.create_table(
        "contdo_grade_renum_dbr",
        sa.Column("cod_estabel", sa.String(5), nullable=False),
        sa.Column("num_renum", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("cdn_tip_grade", sa.Integer, nullable=False),
        *_content_columns(),
        sa.PrimaryKeyConstraint("cod_estabel", "num_renum", "num_seq"),
        sqlite_with_rowid=False,
    )


def _content_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("num_seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("cod_grade_erp", sa.Unicode(60), nullable=False),
        sa.Column("cod_chave", _KEY, nullable=False),
        sa.Column("des_grade", sa.Unicode(255)),
        sa.Column("cod_grade", sa.String(10), nullable=False),
        sa.Column("dat_primeira", sa.DateTime, nullable=False),
        sa.Column("dat_ultima", sa.DateTime, nullable=False),
        sa.Column("log_ativo", sa.Boolean, nullable=False),
    ]
