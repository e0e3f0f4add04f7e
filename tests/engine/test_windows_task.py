"""The scheduled task that runs the checks under another account of Windows, as text; schtasks is not here."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest

from wizard.engine import proof, windows_task
from wizard.isolated.host import never_inherit

NAMESPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


def text(task: Tree.Element, path: str) -> str:
    found = task.find("/".join(f"t:{part}" for part in path.split("/")), NAMESPACE)
    assert found is not None, path
    return found.text or ""


@pytest.mark.parametrize(
    ("account", "logon"),
    [
        ("VALEVERDE\\svc-aps", "S4U"),
        ("svc-aps", "S4U"),
        ("VALEVERDE\\gmsa-aps$", "Password"),
        ("NT AUTHORITY\\NETWORK SERVICE", "ServiceAccount"),
        ("NT SERVICE\\RPW", "ServiceAccount"),
        ("SYSTEM", "ServiceAccount"),
        ("systems-aps", "S4U"),
        ("VALEVERDE\\system-aps", "S4U"),
    ],
)
def test_the_task_runs_the_command_as_the_account_without_a_password(account: str, logon: str) -> None:
    words = ["C:\\Program Files\\aps-wizard\\python.exe", *proof.command(Path("a b & <c>.yaml"), Path("out.json"))[1:]]
    written = windows_task.task_xml(account, words, 180)
    task = Tree.fromstring(written.encode("utf-16"))  # noqa: S314
    assert text(task, "Principals/Principal/UserId") == account
    assert text(task, "Principals/Principal/LogonType") == logon
    assert text(task, "Principals/Principal/RunLevel") == "LeastPrivilege"
    assert text(task, "Settings/ExecutionTimeLimit") == "PT180S"
    assert text(task, "Actions/Exec/Command") == words[0]
    arguments = text(task, "Actions/Exec/Arguments")
    assert 'a b & <c>.yaml" --as-engine --json --out out.json' in arguments
    # Nothing starts it but the one call, and no password is asked for or kept.
    assert "Triggers" not in written
    assert "/RP" not in Path(windows_task.__file__).read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="there schtasks is at hand")
def test_without_schtasks_it_is_refused_and_nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(windows_task.Refused):
        windows_task.run("x", ["python"], tmp_path / "out.json", 1, threading.Event())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there schtasks is at hand")
def test_schtasks_sees_no_variable_that_holds_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "schtasks"
    program.write_text(f"#!/bin/sh\nenv >> '{tmp_path}/seen'\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("APS_TEST_OF_SCHTASKS", "canary")
    never_inherit(["APS_TEST_OF_SCHTASKS"])
    windows_task.run("x", ["python"], tmp_path / "out.json", 0.1, threading.Event())
    seen = (tmp_path / "seen").read_text("utf-8")
    assert seen.count("PATH=") >= 4
    assert "canary" not in seen


def test_a_result_is_complete_with_its_last_brace(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert not windows_task._complete(out)
    for content, complete in (('{"a": [', False), ('{"a": [{}', False), ('{"a": []}\n', True)):
        out.write_text(content, "utf-8")
        assert windows_task._complete(out) is complete
