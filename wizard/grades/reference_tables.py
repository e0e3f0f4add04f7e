"""The tables of the APS store that keep grade types and the references that were given to their contents.

`tip_grade_dbr` has the columns of tip-grade-dbr (1.9 of the manual) and says besides whether Logix still has the type.
The other tables are this program's own, named in the same way. `cod_estabel` is the Logix company, as the manual maps
it. Made and moved by `migrations`; every moment is UTC without a zone, to the second.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, String, Table, Unicode, UniqueConstraint
from sqlalchemy.dialects import mssql, mysql

from wizard.grades.difference import CODE_LENGTH, DESCRIPTION_LENGTH

VERSION_TABLE = "versao_grade_dbr"
"""Where Alembic keeps the revision: not its default name, since the engines may keep theirs in the same store."""

METADATA = MetaData()

_KEY = (
    Unicode(3 * CODE_LENGTH)
    .with_variant(mssql.NVARCHAR(3 * CODE_LENGTH, collation="Latin1_General_BIN2"), "mssql")
    .with_variant(mysql.VARCHAR(3 * CODE_LENGTH, collation="utf8mb4_bin"), "mysql", "mariadb")
)
"""Folded code: one character gives up to three. Compared as it is: a server that takes A for Á would refuse one."""


def _content_columns() -> list[Column[object]]:
    return [
        Column("num_seq", Integer, primary_key=True, autoincrement=False),
        Column("cod_grade_erp", Unicode(CODE_LENGTH), nullable=False),
        Column("cod_chave", _KEY, nullable=False),
        # Oracle takes an empty text for NULL.
        Column("des_grade", Unicode(DESCRIPTION_LENGTH)),
        Column("cod_grade", String(10), nullable=False),
        Column("dat_primeira", DateTime, nullable=False),
        Column("dat_ultima", DateTime, nullable=False),
        Column("log_ativo", Boolean, nullable=False),
    ]


TYPES = Table(
    "tip_grade_dbr",
    METADATA,
    Column("cod_estabel", String(5), primary_key=True),
    Column("cdn_tip_grade", Integer, primary_key=True, autoincrement=False),
    Column("des_tip_grade", Unicode(60)),
    Column("nom_tab_contdo", Unicode(61), nullable=False),
    Column("nom_campo_cod", Unicode(61), nullable=False),
    Column("nom_campo_descr", Unicode(61), nullable=False),
    Column("ind_tip_grade", String(2), nullable=False),
    Column("qti_tam_refer", Integer, nullable=False),
    Column("log_ativo", Boolean, nullable=False),
)

CONTENTS = Table(
    "contdo_grade_dbr",
    METADATA,
    Column("cod_estabel", String(5), primary_key=True),
    Column("cdn_tip_grade", Integer, primary_key=True, autoincrement=False),
    *_content_columns(),
    # The type last: a server without statistics yet (PostgreSQL after the first import) would else take this index for
    # as good as the primary key, and read the whole type for every row that changes.
    UniqueConstraint("cod_estabel", "cod_chave", "cdn_tip_grade", name="uq_contdo_grade_dbr_chave"),
    UniqueConstraint("cod_estabel", "cod_grade", name="uq_contdo_grade_dbr_grade"),
    sqlite_with_rowid=False,
)
"""Every content that was ever given a reference. Rows are never deleted, so that no sequence number comes twice."""

STATE = Table(
    "estado_grade_dbr",
    METADATA,
    Column("cod_estabel", String(5), primary_key=True),
    Column("num_geracao", Integer, nullable=False),
)
"""How many imports were applied. Who applies one counts on, which is also the lock of the store."""

RENUMBERINGS = Table(
    "renum_grade_dbr",
    METADATA,
    Column("cod_estabel", String(5), primary_key=True),
    Column("num_renum", Integer, primary_key=True, autoincrement=False),
    Column("nom_renum", String(60), nullable=False),
    Column("dat_renum", DateTime, nullable=False),
    Column("cdn_tip_grade", Integer, nullable=False),
    Column("des_tip_grade", Unicode(60)),
    Column("ind_tip_grade", String(2), nullable=False),
    Column("qti_tam_refer", Integer, nullable=False),
    Column("ind_tip_grade_novo", String(2), nullable=False),
    Column("qti_tam_refer_novo", Integer, nullable=False),
    Column("qti_contdo", Integer, nullable=False),
)
"""Each renumbering of a type that was confirmed, with indicator and size before and after it."""

BACKUP = Table(
    "contdo_grade_renum_dbr",
    METADATA,
    Column("cod_estabel", String(5), primary_key=True),
    Column("num_renum", Integer, primary_key=True, autoincrement=False),
    Column("cdn_tip_grade", Integer, nullable=False),
    *_content_columns(),
    sqlite_with_rowid=False,
)
"""The rows of CONTENTS as they were before a renumbering."""
