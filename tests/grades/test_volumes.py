"""A type of 700,000 contents: the memory that an import of it needs, and its codes."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grades import five_types
from tests.grades.test_reimports import subject_in
from wizard.grades.reference_store import stored

IMPORT = Path(__file__).with_name("import_site.py")
MEGABYTES = 400

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the system does not tell the most memory used"
)


@pytest.mark.timeout(400)
@pytest.mark.seed("R-1.9-02", "R-1.9-03", "R-1.9-05", "R-GEN-04")
def test_reading_comparing_and_writing_700000_contents_takes_bounded_memory_and_moves_no_code(tmp_path: Path) -> None:
    subject = subject_in(tmp_path)
    five_types.build(tmp_path / "logix.sqlite")
    subject.file.write_text(subject.to_json()["profile"], encoding="utf-8")

    def measured() -> tuple[int, int]:
        said = subprocess.run([sys.executable, IMPORT, subject.file], check=True, capture_output=True, text=True).stdout
        new, megabytes = map(int, said.split())
        return new, megabytes

    new, first = measured()
    assert new > five_types.COLOURS
    before = stored(subject)
    assert (before.contents[five_types.COLOUR].num_rows, before.types[0].size) == (five_types.COLOURS, 5)
    five_types.edit(tmp_path / "logix.sqlite", random.Random(1), 1)  # noqa: S311 - edits, not secrets
    new, edited = measured()
    assert new
    after = stored(subject)
    five_types.never_moved(before.contents, after.contents)
    assert measured()[0] == 0
    assert stored(subject).generation == after.generation
    assert max(first, edited) <= MEGABYTES, (first, edited)
