"""What a person does in the window, as tests do it: press a button, fill a field, wait until all is quiet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from wizard.gui.window import Window


def click(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def typed(window: Window, path: str, text: str) -> None:
    """Put a text in the place of what a field of the page has; an empty one empties it."""
    line = window.page.form.editor(path).focus
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text) if text else QTest.keyClick(line, Qt.Key.Key_Delete)


def settled(window: Window, qtbot: QtBot) -> None:
    """Wait until no work is under way in the background."""
    qtbot.waitUntil(lambda: not window.background.busy, timeout=60_000)
