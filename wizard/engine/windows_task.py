"""Running a command once under another account of Windows: a scheduled task that is removed afterwards.

The task asks for no password: a user is logged on for the task alone (S4U), which reaches files and TCP but no
Windows login of another machine; a service account and a gMSA need none. Making it needs an administrator.
The text of the task is proved everywhere; schtasks itself was not run on Windows yet.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as Tree

from wizard.isolated.host import environment

_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_BUILT_IN = ("nt authority\\", "nt service\\", "autoridade nt\\")
_TASK_SECONDS = 60


class Refused(Exception):
    """schtasks refused; `code` is its exit code. What it printed is not kept."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def logon(account: str) -> str:
    """How the task logs on: a built-in service, a gMSA (its name ends in $), or a user without a password."""
    if account.casefold() == "system" or account.casefold().startswith(_BUILT_IN):
        return "ServiceAccount"
    return "Password" if account.endswith("$") else "S4U"


def task_xml(account: str, words: Sequence[str], seconds: float) -> str:
    """The definition of a task that runs when it is told to, once, and is ended after its time."""
    task = Tree.Element("Task", version="1.2", xmlns=_NAMESPACE)
    principal = Tree.SubElement(Tree.SubElement(task, "Principals"), "Principal", id="Author")
    Tree.SubElement(principal, "UserId").text = account
    Tree.SubElement(principal, "LogonType").text = logon(account)
    Tree.SubElement(principal, "RunLevel").text = "LeastPrivilege"
    settings = Tree.SubElement(task, "Settings")
    for name, value in (
        ("DisallowStartIfOnBatteries", "false"),
        ("StopIfGoingOnBatteries", "false"),
        ("AllowStartOnDemand", "true"),
        ("Hidden", "true"),
        ("ExecutionTimeLimit", f"PT{max(1, round(seconds))}S"),
    ):
        Tree.SubElement(settings, name).text = value
    run_it = Tree.SubElement(Tree.SubElement(task, "Actions", Context="Author"), "Exec")
    Tree.SubElement(run_it, "Command").text = words[0]
    Tree.SubElement(run_it, "Arguments").text = subprocess.list2cmdline(words[1:])
    return '<?xml version="1.0" encoding="UTF-16"?>\n' + Tree.tostring(task, "unicode")


def run(account: str, words: Sequence[str], out: Path, seconds: float, stopped: threading.Event) -> None:
    """Make the task, run it, wait for the file that it leaves, remove it. Raises Refused."""
    name = f"aps-wizard-{secrets.token_hex(8)}"
    descriptor, definition = tempfile.mkstemp(suffix=".xml")
    with os.fdopen(descriptor, "w", encoding="utf-16") as file:
        file.write(task_xml(account, words, seconds))
    try:
        _schtasks("/Create", "/TN", name, "/XML", definition)
        _schtasks("/Run", "/TN", name)
        deadline = time.monotonic() + seconds
        while not _complete(out) and time.monotonic() < deadline and not stopped.wait(0.2):
            pass
    finally:
        with contextlib.suppress(Refused):
            _schtasks("/End", "/TN", name)
        with contextlib.suppress(Refused):
            _schtasks("/Delete", "/TN", name, "/F")
        Path(definition).unlink(missing_ok=True)


def _complete(out: Path) -> bool:
    """Whether the result is there to its last brace: it is written in one go, but not in one moment."""
    try:
        json.loads(out.read_bytes())
    except (OSError, ValueError):
        return False
    return True


def _schtasks(*words: str) -> None:
    try:
        done = subprocess.run(
            ["schtasks", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
            timeout=_TASK_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise Refused("") from None
    if done.returncode:
        raise Refused(str(done.returncode))
