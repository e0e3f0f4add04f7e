"""A process of the tests: imports and applies the grade types of a profile, and says what it needed.

`python import_site.py PROFILE`; one line: contents that were new, and the most memory the process ever had, in MB
(Linux).
"""

from __future__ import annotations

import sys
from pathlib import Path

from wizard.checklist.check import Subject
from wizard.grades import importer
from wizard.grades.import_result import Wish
from wizard.profile.load import profile_from_text


def main() -> None:
    file = Path(sys.argv[1])
    subject = Subject(profile_from_text(file.read_text(encoding="utf-8")), file)
    found = importer.run(subject, Wish(apply=True, rows=str(file.with_suffix(".arrow"))))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    highest = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    print(found.changes.counts["new"], int(highest.split()[1]) // 1024)


if __name__ == "__main__":
    main()
