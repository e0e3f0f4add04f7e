"""A credential store of one's own, in a session of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wizard.checklist.check import Subject
from wizard.profile.load import profile_from_data
from wizard.secrets import keyring_store

SCRIPT = Path(__file__).parent / "ask_store.py"
SESSION = ("dbus-run-session", "gnome-keyring-daemon")

NAME = "keyring:aps-wizard/serra-azul/database"
NAMES = (NAME, NAME + "-2")

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def ask(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ask:
    """Steps in a process that has no session, and so no store but the one of PYTHON_KEYRING_BACKEND."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")

    def asked(*steps: tuple[str, ...], backend: str = "", path: Path | None = None) -> list[dict[str, Any]]:
        extra = {"PYTHON_KEYRING_BACKEND": backend} if backend else {}
        if path:
            extra["PYTHONPATH"] = str(path)
        return _asked([], {"steps": steps}, extra)

    return asked


@pytest.fixture
def ask_store(home: Path) -> Iterator[Ask]:
    """Steps in a session of the desktop, with gnome-keyring, unlocked unless told otherwise; on Windows in its own.

    What was stored there is deleted again, since that is the store of the person who runs the tests.
    """
    if sys.platform == "win32":
        yield _asked_of_windows
        for name in NAMES:
            keyring_store.in_child({"service": name.partition(":")[2], "path": ""})
        return
    missing = [name for name in SESSION if not shutil.which(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)

    def asked(*steps: tuple[str, ...], locked: bool = False) -> list[dict[str, Any]]:
        order = {"steps": steps} if locked else {"steps": steps, "unlock": "password of the login"}
        return _asked(["dbus-run-session", "--"], order, {"XDG_RUNTIME_DIR": str(runtime)})

    yield asked


def _asked_of_windows(*steps: tuple[str, ...]) -> list[dict[str, Any]]:
    return _asked([], {"steps": steps}, {})


def _asked(before: list[str], order: dict[str, Any], extra: dict[str, str]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [*before, sys.executable, str(SCRIPT)],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **extra},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Subject]:
    """A subject with the sections that are given."""

    def made(typed: dict[str, str] | None = None, **sections: Any) -> Subject:
        data = {
            "name": "Serra Azul",
            "environment": "test",
            "company": {"logix": "01", "site": "01"},
            "database": {"kind": "odbc", "dsn": "LOGIX"},
            "webservice": {"url": "http://logix:8080/ws"},
        }
        return Subject(profile_from_data(data | sections), tmp_path / "serra-azul.yaml", typed or {})

    return made
