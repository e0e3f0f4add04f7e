"""The largest type that a size holds: what an import of it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.grades.test_reimports import subject_in
from wizard.grades.capacity import CAPACITY

MEASURE = Path(__file__).with_name("import_and_measure.py")
MEGABYTES = 400


@pytest.mark.seed("R-1.9-07")
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell the most memory used")
def test_the_largest_type_is_imported_and_imported_again_in_bounded_memory(tmp_path: Path) -> None:
    subject = subject_in(tmp_path)
    subject.file.write_text(subject.to_json()["profile"], encoding="utf-8")

    def measured(first: int, end: int, renamed: int) -> tuple[int, int]:
        command = [sys.executable, MEASURE, subject.file, str(first), str(end), str(renamed)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        written, megabytes = map(int, said.split())
        return written, megabytes

    most = CAPACITY[5]
    written, first = measured(0, most - 1000, 0)
    assert written == most - 1000
    written, again = measured(500, most, 500)
    assert written == 500 + 500 + 1000, "gone, renamed and new"
    assert max(first, again) <= MEGABYTES
