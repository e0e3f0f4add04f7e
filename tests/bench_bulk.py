"""Reading a million rows of twenty columns through ODBC, beside bare arrow-odbc in the same run.

Each reading is a process of its own: seconds from before the login to the last row, and the most memory it ever had.
The memory that the driver itself takes for the result is measured by one that executes the query and takes one row.
"""

from __future__ import annotations

import importlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.connection.servers import SERVERS, Source, open_server
from wizard.connection.odbc_session import connection_string
from wizard.profile.database_kind import Session

ROOT = Path(__file__).resolve().parent.parent
ROWS = 1_000_000
ROUNDS = 5

_CODES = {f"cod_grade_{slot}": ("CHAR(15)", f"concat('G', n % {slot + 7})") for slot in range(1, 6)}
COLUMNS = {
    "cod_empresa": ("CHAR(2)", "'01'"),
    "cod_item": ("CHAR(15)", "concat('ITEM', n)"),
    "den_item": ("CHAR(76)", "concat('Calça jeans São José nº ', n)"),
    **_CODES,
    "cod_unid_med": ("CHAR(3)", "'PC'"),
    "ies_tip_item": ("CHAR(1)", "'P'"),
    "ies_situacao": ("CHAR(1)", "'A'"),
    "cod_local_estoq": ("CHAR(10)", "concat('LOC', n % 40)"),
    "cod_familia": ("CHAR(5)", "concat('F', n % 300)"),
    "tempo_ressup": ("INTEGER", "n % 90"),
    "num_seq": ("INTEGER", "n"),
    "qtd_saldo": ("DECIMAL(15,3)", "n * 1.125"),
    "preco_unit": ("DECIMAL(17,6)", "n / 7.0"),
    "pes_unit": ("DECIMAL(12,5)", "n % 1000 / 3.0"),
    "dat_cadastro": ("DATE", "'2024-02-29'"),
    "dat_alteracao": ("TIMESTAMP", "'2024-02-29 12:34:56'"),
}
"""Type and value of each column, much like the items of a site."""

SQL = f"SELECT {', '.join(COLUMNS)} FROM item"


def fill(source: Source) -> None:
    """The table, filled by the server itself."""
    import pyodbc

    numbers = f"(SELECT seq AS n FROM seq_1_to_{ROWS}) s"
    if source.dsn == "APS_POSTGRESQL":
        numbers = f"generate_series(1, {ROWS}) AS s(n)"
    typed = ", ".join(f"{name} {type_}" for name, (type_, _value) in COLUMNS.items())
    # A literal has no type of its own in PostgreSQL.
    values = ", ".join(
        f"CAST({value} AS {type_ if type_ != 'TIMESTAMP' or source.dsn == 'APS_POSTGRESQL' else 'DATETIME'})"
        if type_ in ("DATE", "TIMESTAMP")
        else value
        for type_, value in COLUMNS.values()
    )
    with closing(pyodbc.connect(connection_string(source.odbc), autocommit=True)) as connection:
        connection.execute(f"CREATE TABLE item ({typed})")
        connection.execute(f"INSERT INTO item SELECT {values} FROM {numbers}")


# --- what the processes do ---------------------------------------------------------------------


def ours(odbc: Mapping[str, object]) -> int:
    from wizard.connection.bulk import batches

    session = Session("apsodbc+pyodbc", odbc=odbc, isolation="read_committed")
    return sum(batch.num_rows for batch in batches(session, SQL))


def bare(odbc: Mapping[str, object]) -> int:
    import arrow_odbc

    reader = arrow_odbc.read_arrow_batches_from_odbc(SQL, connection_string(odbc), batch_size=10_000)
    return sum(batch.num_rows for batch in reader)


def driver(odbc: Mapping[str, object]) -> int:
    import pyodbc

    with closing(pyodbc.connect(connection_string(odbc), autocommit=True)) as connection:
        connection.execute(SQL).fetchone()
    return ROWS


ROLES = {"ours": ours, "bare": bare, "driver": driver}


def work(role: str, odbc: Mapping[str, object]) -> None:
    """Do it and tell seconds and MB."""
    # Loading the libraries is not reading.
    for module in ("arrow_odbc", "pyodbc", "sqlalchemy", "tenacity", "wizard.connection.bulk"):
        importlib.import_module(module)
    began = time.perf_counter()
    if ROLES[role](odbc) != ROWS:
        raise SystemExit("bench: not all rows were read")
    seconds = time.perf_counter() - began
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def told(role: str, odbc: Mapping[str, object]) -> tuple[float, float]:
    """Seconds and MB of one process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench_bulk", role],
        input=json.dumps(odbc),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
        text=True,
    )
    seconds, memory = json.loads(done.stdout)
    return seconds, memory


def medians(runs: list[tuple[float, float]]) -> tuple[float, float]:
    """Of seconds and MB."""
    return statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs)


def compare(name: str, source: Source, bare_with: Mapping[str, Any]) -> None:
    """One line: our reading, bare arrow-odbc with these keywords, and the driver alone with ours."""
    from wizard.connection.bulk import DRIVERS

    keywords = next((found.keywords for start, found in DRIVERS.items() if source.driver.name.startswith(start)), {})
    work, anchor = [], []
    for _round in range(ROUNDS + 1):
        work.append(told("ours", source.odbc))
        anchor.append(told("bare", {**source.odbc, **bare_with}))
    (our_seconds, our_memory), (seconds, memory) = medians(work[1:]), medians(anchor[1:])
    driver_memory = told("driver", {**source.odbc, **keywords})[1]
    print(
        f"{name:<44} {our_seconds:6.2f} {seconds:6.2f} {seconds / our_seconds:6.2f}x"
        f"   {our_memory:6.0f} {memory:6.0f} {driver_memory:6.0f} {our_memory - driver_memory:6.0f}",
        flush=True,
    )


def main() -> int:
    """Print the table."""
    from wizard.connection.bulk import DRIVERS

    print(f"{'read 1,000,000 rows by 20 columns':<44} {'s':>6} {'bare':>6} {'speed':>7}", end="")
    print(f"   {'MB':>6} {'bare':>6} {'driver':>6} {'over':>6}")
    for key in SERVERS:
        with open_server(key) as source:
            fill(source)
            compare(f"{key}, bare as it comes", source, {})
            if key == "postgresql":
                compare(f"{key}, bare with the same cursor", source, DRIVERS["psqlodbc"].keywords)
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        work(sys.argv[1], json.load(sys.stdin))
    else:
        sys.exit(main())
