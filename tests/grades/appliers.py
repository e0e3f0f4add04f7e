"""A process of the tests that applies imports: `python appliers.py`, orders as JSON, each in a line of stdin.

{"subject", "fresh": [[grade type, [[code, description], ...]], ...], "moment", "batch": rows, "die": statement}
It says `ready` when the difference is computed, waits for another line, and says `applied` or the code of what
refused it. With `die` a process is forked that kills itself before that statement (0: before the commit), as a power
cut would; what is said is its exit code. It ends with stdin: what takes longest, the imports of Python, is done once
for many orders.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, event

from tests.grades.imports import fresh
from wizard import i18n
from wizard.checklist.check import Subject
from wizard.grades import apply_references
from wizard.grades.difference import difference
from wizard.grades.reference_store import StoreFailed, stored
from wizard.profile.models import GradeType


def die_before(statement: int) -> None:
    count = 0

    def executed(*_arguments: object) -> None:
        nonlocal count
        count += 1
        if count == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    if statement:
        event.listen(Engine, "before_cursor_execute", executed)
    else:
        event.listen(Engine, "commit", lambda _connection: os.kill(os.getpid(), signal.SIGKILL))


def apply(order: dict[str, Any]) -> str:
    """Apply an order when its line comes; what became of it."""
    subject = Subject.from_json(order["subject"])
    imported = [(GradeType.model_validate(kind), fresh(contents)) for kind, contents in order["fresh"]]
    apply_references.BATCH = order["batch"]
    found = difference(stored(subject), imported)
    if order["die"] is None:
        print("ready", flush=True)
        sys.stdin.readline()
    else:
        die_before(order["die"])
    try:
        apply_references.apply(subject, found, datetime.fromisoformat(order["moment"]), found.moves)
    except StoreFailed as error:
        return error.outcome.code
    return "applied"


def main() -> None:
    i18n.use("en")
    while line := sys.stdin.readline():
        order = json.loads(line)
        if order["die"] is None:
            print(apply(order), flush=True)
            continue
        if not (child := os.fork()):
            os._exit(apply(order) != "applied")
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
