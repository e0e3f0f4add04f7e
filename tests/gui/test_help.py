"""Help where the question arises: F1, the link of a failed check, dialogs; and Start without a profile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import CHECK_MS, Keyboard
from wizard.flow import help as help_pages
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.help_window import HelpWindow
from wizard.gui.paste_dialog import PasteDialog
from wizard.gui.window import Window


@pytest.fixture
def opened(make_window: Callable[[Path], Window], profile: Path) -> Window:
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile))
    return window


def helps(window: Window) -> list[HelpWindow]:
    return [found for found in window.findChildren(HelpWindow) if found.isVisible()]


@pytest.mark.parametrize("step", IDS)
def test_f1_shows_the_help_of_the_page(opened: Window, keyboard, qtbot: QtBot, step: str) -> None:
    opened.begin(flow.go(opened.state, step))
    hands: Keyboard = keyboard(opened)
    hands.settled()
    hands.press(Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: bool(helps(opened)))
    shown = helps(opened)[0]
    assert shown.section == step
    assert help_pages.read(step).title in shown.text.toPlainText()
    assert shown.pages.currentData() == step
    qtbot.waitUntil(lambda: hands.focused().window() is shown)
    hands.press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not helps(opened))
    assert opened.isVisible()


def test_a_failed_check_leads_to_the_section_that_solves_it(opened: Window, keyboard, qtbot: QtBot) -> None:
    opened.begin(flow.edit(flow.go(opened.state, "database"), "database.file", "nowhere.sqlite"))
    panel = opened.page.checks
    panel.test.click()
    keyboard(opened).settled()
    row = panel._rows["database.reachable"]
    assert row.help.isVisible()
    assert not panel._rows["database.driver"].help.isVisible(), "nothing to solve in a check that passed"
    row.help.click()
    qtbot.waitUntil(lambda: bool(helps(opened)))
    shown = helps(opened)[0]
    assert shown.section == help_pages.section_of("database.no_file")
    heading = shown.text.textCursor().block()
    assert heading.blockFormat().headingLevel() == 2
    assert heading.text() == "Kind and address"
    assert "database.file" not in heading.text()


def test_links_are_followed_and_back_leads_back(opened: Window) -> None:
    opened.show_help("aps#faults")
    shown = helps(opened)[0]
    assert not shown.back.isEnabled()
    shown.text.anchorClicked.emit(QUrl("database.md#network"))
    assert shown.section == "database#network"
    assert shown.text.textCursor().block().text() == "Server and network"
    shown.back.click()
    assert shown.section == "aps#faults"
    assert not shown.back.isEnabled()


def test_one_help_window_however_often_it_is_asked_for(opened: Window) -> None:
    for section in ("database#driver", "glossary#terms", "start"):
        opened.show_help(section)
    assert len(helps(opened)) == 1
    assert helps(opened)[0].section == "start"


def test_a_dialog_has_help_of_its_own(opened: Window, qtbot: QtBot) -> None:
    opened.begin(flow.go(opened.state, "database"))
    opened.page.paste.click()
    dialog = opened.findChild(PasteDialog)
    qtbot.waitUntil(dialog.isVisible)
    QTest.keyClick(dialog, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: bool(helps(opened)))
    assert helps(opened)[0].section == "database#paste"
    assert helps(opened)[0].parent() is dialog, "a window behind the dialog could not be used"
    dialog.close()


def test_the_paste_dialog_is_as_high_as_what_it_says(opened: Window, qtbot: QtBot) -> None:
    opened.begin(flow.go(opened.state, "database"))
    opened.page.paste.click()
    dialog = opened.findChild(PasteDialog)
    qtbot.waitUntil(dialog.isVisible)
    empty = dialog.height()
    assert empty < opened.height() // 2
    dialog.line.setText("Driver={SQLite3};Server=erp;Database=logix;UID=u")
    qtbot.waitUntil(lambda: dialog.height() > empty)
    assert dialog.preview.height() >= dialog.preview.heightForWidth(dialog.preview.width())
    dialog.close()


def test_pictures_of_the_help_fit_into_it(opened: Window) -> None:
    opened.show_help("grades")
    text = helps(opened)[0].text
    assert text.document().idealWidth() <= text.viewport().width()


def test_without_a_profile_one_press_leads_to_the_green_table_of_the_demo(
    make_window: Callable[[Path], Window], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    own = tmp_path / "own"
    own.mkdir()
    window = make_window(own)
    welcome = window.page.welcome
    assert welcome.isVisible()
    assert not window.page.table.isVisible()
    welcome.demo.click()
    qtbot.waitUntil(lambda: window.state.step == "review" and not window.background.busy, timeout=CHECK_MS)
    assert set(window.page.checks.states().values()) <= {"ok", "skipped", "warn"}
    assert window.page.summary.told[0] == "passed"
    window.begin(flow.go(window.state, "start"))
    qtbot.waitUntil(lambda: window.banner.isVisible() and not window.background.busy)
    assert window.page.table.rowCount() == 1
    way_back = next(button for button in window.banner.findChildren(QPushButton))
    way_back.click()
    qtbot.waitUntil(lambda: not window.background.busy)
    assert window.state.folder == own
    qtbot.waitUntil(lambda: window.page.welcome.isVisible() and window.page.table.rowCount() == 0)


def test_with_a_profile_there_is_no_welcome(opened: Window, qtbot: QtBot) -> None:
    opened.begin(flow.go(opened.state, "start"))
    qtbot.waitUntil(lambda: not opened.background.busy)
    assert not opened.page.welcome.isVisible()
    assert opened.page.table.isVisible()
