"""What keeping the grade references costs: measures for `python3 run.py bench`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from wizard.checklist.check import Subject
from wizard.connection.aps_store import default_file
from wizard.grades.apply_references import Applied, apply
from wizard.grades.codes import codes
from wizard.grades.difference import COMPARED, Stored, TypeRow, difference
from wizard.grades.reference_store import stored
from wizard.profile.load import profile_from_data
from wizard.profile.models import GradeType

if TYPE_CHECKING:
    from tests.bench import Measure

CONTENTS = 700_000
KEPT = 200_000
"""Contents of the measure that reads a store."""

GRADE = GradeType(
    code=1,
    description="Cor",
    content_table="cor",
    code_column="cod_cor",
    description_column="den_cor",
    per_company=True,
    indicator="C",
    size=5,
)


def numbered(first: int, end: int, text: str = "Cor ") -> pa.Table:
    """Contents with a code and a description, as an import gives them."""
    number = pc.cast(pa.array(range(first, end)), pa.string())
    code = pc.binary_join_element_wise("COR", pc.utf8_lpad(number, 9, "0"), "")
    return pa.table({"code": code, "description": pc.binary_join_element_wise(text, number, "")})


def comparing() -> Measure:
    """A re-import where one content in a hundred is new, gone or renamed, against a join of the same columns."""
    from tests.bench import Measure

    kept = numbered(0, CONTENTS)
    columns = [
        kept["code"],
        kept["description"],
        codes("C", 5, 1, CONTENTS),
        pa.array(range(1, CONTENTS + 1), pa.int32()),
        pa.repeat(pa.scalar(True), CONTENTS),
    ]
    before = Stored("01", 1, (TypeRow.of(GRADE),), {1: pa.table(columns, schema=COMPARED)})
    few = CONTENTS // 100
    fresh = pa.concat_tables([numbered(few, 2 * few, "Nova cor "), numbered(2 * few, CONTENTS + few)])
    fresh = fresh.combine_chunks()
    renamed = fresh.rename_columns(["code", "new_description"])

    def compare() -> None:
        found = difference(before, [(GRADE, fresh)])
        if any(found.counts[kind] != few for kind in ("new", "gone", "renamed")):
            raise SystemExit("bench: the difference is wrong")

    return Measure(
        f"difference of {CONTENTS} and {CONTENTS}",
        "pyarrow join of code and description",
        compare,
        lambda: kept.join(renamed, "code", join_type="full outer"),
        7,
    )


def unchanged(folder: Path) -> Measure:
    """Read, compare and apply where nothing changed, which must not write, against reading the same rows alone."""
    from tests.bench import Measure

    profile = {
        "name": "Serra Azul",
        "environment": "test",
        "company": {"logix": "01", "site": "01"},
        "database": {"kind": "sqlite", "file": "logix.sqlite"},
        "webservice": {"url": "http://127.0.0.1:1/ws"},
    }
    subject = Subject(profile_from_data(profile), folder / "serra-azul.yaml")
    imported = [(GRADE, numbered(0, KEPT))]
    apply(subject, difference(stored(subject), imported), datetime.now(UTC))
    file = default_file(subject.file)
    written = file.stat().st_mtime_ns

    def again() -> None:
        applied = apply(subject, difference(stored(subject), imported), datetime.now(UTC))
        if applied != Applied() or file.stat().st_mtime_ns != written:
            raise SystemExit("bench: an unchanged import wrote")

    def read() -> None:
        query = "SELECT cod_grade_erp, des_grade, cod_grade, num_seq, log_ativo FROM contdo_grade_dbr ORDER BY num_seq"
        with closing(sqlite3.connect(file)) as database:
            cursor = database.execute(query)
            while cursor.fetchmany(10_000):
                pass

    return Measure(f"unchanged import of {KEPT}: 0 writes", "sqlite3 reads the same rows", again, read, 5)


def reference_measures() -> Iterator[Measure]:
    """Every measure of this file."""
    yield comparing()
    with TemporaryDirectory() as folder:
        yield unchanged(Path(folder))
