"""A process of the tests: imports the contents FIRST to END of one type, and says what it wrote and needed.

`python import_and_measure.py PROFILE FIRST END RENAMED`; the first RENAMED of them have another description. One
line: contents written, and the most memory that the process ever had, in MB (Linux).
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from tests.bench_references import GRADE, numbered
from wizard.checklist.check import Subject
from wizard.grades.apply_references import apply
from wizard.grades.difference import difference
from wizard.grades.reference_store import stored
from wizard.profile.load import profile_from_text


def main() -> None:
    file = Path(sys.argv[1])
    first, end, renamed = map(int, sys.argv[2:])
    subject = Subject(profile_from_text(file.read_text(encoding="utf-8")), file)
    tables = [numbered(first, first + renamed, "Nova cor "), numbered(first + renamed, end)]
    imported = [(GRADE, pa.concat_tables(tables))]
    found = difference(stored(subject), imported)
    _digest = found.digest
    applied = apply(subject, found, datetime.now(UTC))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    highest = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    print(applied.contents, int(highest.split()[1]) // 1024)


if __name__ == "__main__":
    main()
