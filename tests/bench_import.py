"""What importing grade types costs: measures for `python3 run.py bench`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.connection.servers import SERVERS, Source, odbc_environment, open_server, write_data_sources
from wizard.checklist.check import Subject
from wizard.connection.odbc_session import connection_string
from wizard.grades import importer
from wizard.grades.import_result import Wish
from wizard.profile.load import profile_from_data

if TYPE_CHECKING:
    from tests.bench import Measure

CONTENTS = 700_000

TABLES = (
    "CREATE TABLE ctr_grade (cod_empresa CHAR(2), cod_grade DECIMAL(5,0), descr_cabec_zoom CHAR(48), "
    "nom_tabela_zoom CHAR(20), descr_col_1_zoom CHAR(20), descr_col_2_zoom CHAR(20), ies_ctr_empresa CHAR(1))",
    "INSERT INTO ctr_grade VALUES ('01', 1, 'Cor', 'cor', 'cod_cor', 'den_cor', 'N')",
    "CREATE TABLE item_ctr_grade (cod_empresa CHAR(2), cod_item CHAR(15), num_grade_1 DECIMAL(5,0), "
    "num_grade_2 DECIMAL(5,0), num_grade_3 DECIMAL(5,0), num_grade_4 DECIMAL(5,0), num_grade_5 DECIMAL(5,0))",
    "CREATE TABLE cor (cod_cor CHAR(15), den_cor CHAR(30))",
    f"INSERT INTO cor SELECT concat('C', seq), concat('Cor nº ', seq) FROM seq_1000001_to_{1_000_000 + CONTENTS}",
)
"""A Logix with one type in MariaDB."""

SQL = "SELECT cod_cor, den_cor FROM cor"


def importing(source: Source, folder: Path) -> Measure:
    """A first import, read, cleaned and compared, against the bare read of the same rows by the same driver."""
    import arrow_odbc
    import pyodbc

    from tests.bench import Measure

    pyodbc.pooling = False
    os.environ.update(odbc_environment(write_data_sources(folder, source)))
    with closing(pyodbc.connect(connection_string(source.odbc), autocommit=True)) as connection:
        for statement in TABLES:
            connection.execute(statement)
    data = {
        "name": "Serra Azul",
        "environment": "test",
        "company": {"logix": "01", "site": "01"},
        "database": source.settings(),
        "webservice": {"url": "http://127.0.0.1:1/ws"},
    }
    subject = Subject(profile_from_data(data), folder / "serra-azul.yaml", source.typed)

    def imported() -> None:
        if importer.run(subject, Wish()).changes.counts["new"] != CONTENTS:
            raise SystemExit("bench: not everything was imported")

    def bare() -> None:
        reader = arrow_odbc.read_arrow_batches_from_odbc(SQL, connection_string(source.odbc), batch_size=10_000)
        if sum(batch.num_rows for batch in reader) != CONTENTS:
            raise SystemExit("bench: not everything was read")

    return Measure(f"import of {CONTENTS} contents", "bare arrow-odbc reads the same rows", imported, bare, 7)


def import_measures() -> Iterator[Measure]:
    """Every measure of this file; none where MariaDB cannot be had."""
    try:
        SERVERS["mariadb"].driver()
        SERVERS["mariadb"].program()
    except LookupError as error:
        print(f"no import is measured: {error}")
        return
    with open_server("mariadb") as source, TemporaryDirectory() as folder:
        yield importing(source, Path(folder))
