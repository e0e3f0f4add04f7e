"""A connection that was copied elsewhere is pasted into the database page."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.database_page import opened
from tests.gui.hands import click
from wizard.flow import state as flow
from wizard.gui.paste_dialog import PasteDialog

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machine of the fixture is one of unixODBC")


def test_a_copied_connection_is_there_at_once_and_fills_the_page(page: Any, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("jdbc:sqlserver://srv:1433;databaseName=logix;user=sa;password=hunter2")
    QTest.keyClick(page.paste, Qt.Key.Key_Space)
    dialog = opened(PasteDialog, qtbot)
    assert "Server: srv" in dialog.preview.text()
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    state = page.shell.state
    section = flow.value_of(state.data, "database")
    assert (section["kind"], section["host"], section["port"], section["user"]) == ("sqlserver", "srv", 1433, "sa")
    assert section["password"] == flow.secret_reference(state, "database.password")
    assert page.form.editor("database.host").focus.text() == "srv"
    assert not dialog.isVisible()
    QApplication.clipboard().clear()


def test_what_cannot_be_read_is_told_and_stays(page: Any, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("a shopping list")
    click(page.paste)
    dialog = opened(PasteDialog, qtbot)
    assert dialog.line.text() == "", "only a connection is taken from the clipboard"
    dialog.line.setText("postgresql://u:hunter2@srv/logix")
    click(dialog.fill_in)
    assert dialog.isVisible()
    assert "Logix does not run on" in dialog.said.told[1]
    assert "hunter2" not in dialog.said.told[1]
    assert dialog.line.text().startswith("postgresql://")
