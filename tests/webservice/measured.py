"""Runs one check over a good server and then over a bad one, and says by how much the peak of memory grew."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from wizard.checklist.check import Subject
from wizard.checklist.registry import checks


def peak() -> int:
    """Kilobytes. Not getrusage, whose peak begins with that of the process that started this one."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:")))


request = json.loads(sys.stdin.read())
run = checks()[request["check"]].run
good = run(Subject.from_json(request["good"]))
before = peak()
bad = run(Subject.from_json(request["bad"]))
grown = peak() - before
print(json.dumps({"good": good.status, "bad": bad.to_json(), "grown_kb": grown}))
