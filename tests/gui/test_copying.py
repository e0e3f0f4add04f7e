"""Copying as text: rows of checks, of the checklist and of tables, with the keyboard and with the mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QTableWidget, QTableWidgetItem, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from wizard.checklist.check import Outcome
from wizard.checklist.items import ITEMS
from wizard.checklist.registry import checks
from wizard.checklist.run import Result
from wizard.checklist.standing import Standing
from wizard.gui.checklist_panel import ItemRow
from wizard.gui.checks_panel import CheckRow
from wizard.gui.comparison_dialog import ProfilesDialog
from wizard.gui.copying import copies_rows
from wizard.gui.data_sources_dialog import _table as sources_table
from wizard.gui.window import Window
from wizard.profile import store

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints|grabbing)")
"""The offscreen platform says so of menus."""

COPY = Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> None:
    qapp.clipboard().setText("before")


def copied() -> str:
    return QApplication.clipboard().text()


def by_menu(widget: QWidget) -> None:
    """Press the right mouse button over a widget, and Enter on the first entry of the menu."""
    at = widget.rect().center()
    QApplication.sendEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text().replace("&", "") for action in menu.actions()] == ["Copy"]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def failed() -> Result:
    outcome = Outcome("fail", "web_timeout", "No answer came.", "Ask the network team.", {"host": "srv01"})
    return Result(next(iter(checks().values())), outcome, 12)


def shown(widget: QWidget, qtbot: QtBot) -> None:
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)


def test_a_check_is_copied_with_title_state_message_hint_and_folded_details(qtbot: QtBot) -> None:
    result = failed()
    row = CheckRow(result.check)
    shown(row, qtbot)
    row.show_result(result)
    details = next(button for button in row.findChildren(QToolButton) if button.text() == "Details")
    details.setFocus()
    QTest.keyClick(details, *COPY)
    lines = copied().splitlines()
    assert lines[:4] == [result.check.title, "failed - 12 ms", "No answer came.", "Ask the network team."]
    assert lines[4] == "web_timeout"
    assert "srv01" in lines[5]
    row.show_state("pending")
    by_menu(row)
    assert copied().splitlines() == [result.check.title, "not tested"]


def test_over_a_text_of_a_row_the_mouse_offers_the_whole_row_and_only_the_selection_where_there_is_one(
    qtbot: QtBot,
) -> None:
    result = failed()
    row = CheckRow(result.check)
    shown(row, qtbot)
    row.show_result(result)
    message = next(label for label in row.findChildren(QLabel) if label.text() == "No answer came.")
    by_menu(message)
    assert len(copied().splitlines()) == 6
    message.setSelection(3, 6)
    by_menu(message)
    assert copied() == "answer"


def test_an_item_of_the_checklist_is_copied_with_what_was_found(qtbot: QtBot) -> None:
    item = ITEMS[0]
    row = ItemRow(item)
    shown(row, qtbot)
    standing = Standing(item, "fail", "No answer came.", "Ask.", (), (failed(),), (), None, stale=False, asked=True)
    row.show_standing(standing, running=False)
    by_menu(row)
    lines = copied().splitlines()
    assert lines[0] == item.title
    assert {"No answer came.", "Ask."} < set(lines)
    assert "web_timeout" not in copied()
    assert "Ask the network team." in lines[-1]


def filled(table: QTableWidget) -> QTableWidget:
    table.setRowCount(3)
    for row in range(3):
        for column in range(table.columnCount()):
            table.setItem(row, column, QTableWidgetItem(f"{row}\t{column}\nx"))
    return table


def test_the_selected_rows_of_a_table_are_copied_with_tabs_between_the_columns_that_are_shown(qtbot: QtBot) -> None:
    table = filled(QTableWidget(0, 3))
    copies_rows(table)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    shown(table, qtbot)
    table.setColumnHidden(1, True)
    table.selectRow(1)
    table.setFocus()
    QTest.keyClick(table, *COPY)
    assert copied() == "1 0 x\t1 2 x"
    table.selectAll()
    QTest.keyClick(table, *COPY)
    assert copied().splitlines() == ["0 0 x\t0 2 x", "1 0 x\t1 2 x", "2 0 x\t2 2 x"]


def test_the_tables_of_the_data_sources_copy_their_row(qtbot: QtBot) -> None:
    table = filled(sources_table("Data sources", ("Name", "Driver"), 0))
    shown(table, qtbot)
    table.selectRow(2)
    table.setFocus()
    QTest.keyClick(table, *COPY)
    assert copied() == "2 0 x\t2 1 x"


def test_a_profile_is_copied_from_start_and_a_line_from_the_comparison(
    profile: Path, make_window: Callable[[Path], Window], qtbot: QtBot
) -> None:
    other = store.read(profile).profile.model_copy(update={"name": "Outra"})
    store.write(profile.parent / "outra.yaml", other, None)
    window = make_window(profile.parent)
    table = window.page.table
    qtbot.waitUntil(lambda: table.rowCount() == 2 and not window.background.busy)
    table.selectRow(0)
    table.setFocus()
    QTest.keyClick(table, *COPY)
    assert copied().split("\t")[0] == table.item(0, 0).text()
    assert len(copied().split("\t")) == sum(not table.isColumnHidden(column) for column in range(5))
    window.page.compare.click()
    dialog = window.findChild(ProfilesDialog)
    dialog.table.selectRow(0)
    by_menu(dialog.table.viewport())
    assert copied().count("\t") == 3
    assert "Outra" in copied()
    dialog.close()
