"""The child's side of the agreement, spoken to by pipes alone."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.patience import ENDLESS, PATIENCE

COMMAND = [sys.executable, "-m", "wizard.isolated.child"]


def test_one_line_in_gives_one_document_out() -> None:
    call = {"target": "wizard.unruly:echo", "request": {"a": 1}}
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(call).encode() + b"\n")
        child.stdin.flush()
        assert json.loads(child.stdout.read()) == {"answer": {"a": 1}}
    assert child.returncode == 0


def test_a_call_that_is_no_json_is_told_as_a_crash() -> None:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(b"not json\n")
        child.stdin.flush()
        assert json.loads(child.stdout.read())["crashed"].startswith("JSONDecodeError")


def test_nothing_asked_is_nothing_answered() -> None:
    done = subprocess.run(COMMAND, input=b"", capture_output=True, timeout=PATIENCE, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_it_ends_when_nobody_waits_for_the_answer_any_more() -> None:
    call = {"target": "wizard.unruly:wait", "request": ENDLESS}
    # Standard input ends with the call. Later than that is never.
    subprocess.run(COMMAND, input=json.dumps(call).encode() + b"\n", capture_output=True, timeout=PATIENCE, check=True)
