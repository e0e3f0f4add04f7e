"""Every widget of every page and dialog, in every language, at two sizes, light and dark."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from tests.connection.odbc_machine import build
from wizard import gui, i18n
from wizard.demo import logix_db
from wizard.flow.steps import IDS

ROOT = Path(__file__).resolve().parents[2]

SMALL, ZOOMED, DARK = ("1024x768", "1", "light"), ("683x512", "1.5", "light"), ("1024x768", "1", "dark")
"""Window in logical pixels, scale, theme: a small screen, the same one at 150 %, and a dark one."""

LOOKS = [*((language, ZOOMED) for language in i18n.LANGUAGES), *((i18n.LANGUAGES[0], look) for look in (SMALL, DARK))]
"""Every language where room is scarcest."""


def all_dialogs() -> set[str]:
    """The classes of dialogs that the window has."""
    found = set()
    for info in pkgutil.walk_packages(gui.__path__, f"{gui.__name__}."):
        module = importlib.import_module(info.name)
        for one in vars(module).values():
            if (
                isinstance(one, type)
                and issubclass(one, QDialog)
                and one.__module__ == info.name
                and not one.__subclasses__()
            ):
                found.add(one.__name__)
    return found


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("language", "look"), LOOKS, ids=lambda given: given if isinstance(given, str) else "-".join(given)
)
def test_every_widget_of_every_page_and_dialog_holds_to_the_rules(
    language: str,
    look: tuple[str, str, str],
    profile: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size, scale, theme = look
    logix = tmp_path / "logix.sqlite"
    logix_db.build(logix)
    build(tmp_path / "odbc", logix, monkeypatch)
    walked = subprocess.run(
        [sys.executable, "-m", "tests.gui.walker", "--profile", str(profile), "--size", size, "--theme", theme],
        cwd=ROOT,
        env={**os.environ, "APS_LANG": language, "QT_SCALE_FACTOR": scale, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=380,
        check=False,
    )
    lines = [line for line in walked.stderr.splitlines() if "propagateSizeHints" not in line]
    assert not lines, "\n".join(lines)
    assert walked.returncode == 0
    told = json.loads(walked.stdout)
    assert not told["faults"], "\n".join(told["faults"])
    assert set(IDS) <= set(told["visited"])
    assert all_dialogs() <= set(told["dialogs"])
