"""The main job, by keyboard alone, against the real demo site."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from wizard.demo import walk
from wizard.demo.site import Site
from wizard.gui.window import Window
from wizard.profile import store
from wizard.profile.validation import validation_state

STAMP = re.compile(r'(imported_at|at): "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"')


@pytest.mark.seed("R-CHK-04", "R-PRE-09", "R-CFG-05")
def test_the_whole_wizard_by_keyboard_writes_the_profile_that_the_demo_writes(
    site: Site, tmp_path: Path, make_window: Callable[[Path], Window], keyboard: Callable, qtbot: QtBot
) -> None:
    window = make_window(tmp_path / "by-keyboard")
    keys = keyboard(window)
    window.page.focus_first()

    keys.letter("New profile")
    assert window.state.step == "prerequisites"
    keys.press(Qt.Key.Key_Return)

    assert window.state.step == "company"
    keys.type(walk.NAME)
    keys.press(Qt.Key.Key_Tab)
    keys.press(Qt.Key.Key_Tab)  # the customer may be left out
    keys.type("Test")
    keys.press(Qt.Key.Key_Tab)
    keys.type(site.company)
    keys.press(Qt.Key.Key_Tab)
    keys.type(site.site)
    keys.press(Qt.Key.Key_Return)

    assert window.state.step == "database"
    keys.type("SQLite")
    keys.press(Qt.Key.Key_Tab)
    keys.type(str(site.database))
    keys.letter("Test")
    keys.settled()
    assert set(window.page.checks.states().values()) == {"ok"}
    keys.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    keys.letter("Next")

    assert window.state.step == "aps"
    keys.press(Qt.Key.Key_Return)

    assert window.state.step == "webservice"
    keys.type(site.webservice_url)
    keys.letter("Test")
    keys.settled()
    assert set(window.page.checks.states().values()) == {"ok"}
    keys.letter("Next")

    assert window.state.step == "grades"
    keys.press(Qt.Key.Key_Space)
    keys.letter("Import from Logix")
    keys.settled()
    assert [row["description"] for row in window.state.data["grades"]["types"]] == ["Cor", "Tamanho", "Estampa"]
    keys.letter("Apply")
    keys.settled()
    assert window.state.grade_work.found.changes.applied
    keys.letter("Next")

    assert window.state.step == "options"
    keys.press(Qt.Key.Key_Return)
    assert window.state.step == "engine"
    keys.press(Qt.Key.Key_Return)

    assert window.state.step == "review"
    keys.press(Qt.Key.Key_Return)  # the keyboard is on Run all checks
    keys.settled()
    assert set(window.page.checks.states().values()) == {"ok"}
    previewed = window.page.text.toPlainText()
    keys.letter("Write profile")
    keys.settled()

    assert window.banner.isVisible()
    assert window.state.file is not None
    written = window.state.file.read_text("utf-8")
    assert written.rstrip("\n") == previewed.rstrip("\n"), "Review shows exactly what is written"
    assert validation_state(store.read(window.state.file).profile) == "passed"

    final, _report = walk.walk(site, tmp_path / "headless")
    assert final.file is not None
    headless = final.file.read_text("utf-8")
    assert STAMP.sub("at", written) == STAMP.sub("at", headless)
    assert QApplication.focusWidget() is not None
