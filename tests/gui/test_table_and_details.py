"""What there is to say of a row takes the room that it needs, and the table all the rest."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableWidget, QVBoxLayout
from pytestqt.qtbot import QtBot

from wizard.gui.parts import column, wrapped
from wizard.gui.table_and_details import TableAndDetails

HEIGHT = 400
TURNS = 10
"""Of the loop, in which one layout after the other asks for room: more than there are."""


@pytest.fixture
def both(qtbot: QtBot) -> TableAndDetails:
    details, _lines = column()
    made = TableAndDetails(QTableWidget(), details)
    qtbot.addWidget(made)
    made.resize(600, HEIGHT)
    made.show()
    qtbot.waitExposed(made)
    return made


def say(both: TableAndDetails, *texts: str) -> int:
    """Say these instead of what is said. Gives the height of the details."""
    layout = both.widget(1).widget().layout().itemAt(0).widget().layout()
    assert isinstance(layout, QVBoxLayout)
    while item := layout.takeAt(0):
        item.widget().deleteLater()
        item.widget().setParent(None)
    for text in texts:
        layout.addWidget(wrapped(text))
    for _turn in range(TURNS):
        QApplication.processEvents()
    return both.sizes()[1]


def test_details_are_as_tall_as_the_longest_so_far(both: TableAndDetails) -> None:
    assert both.sizes()[1] <= 1, "nothing said, no gap"
    one = say(both, "one line")
    assert 1 < one < 30
    three = say(both, "one line", "two lines", "three lines")
    assert three > 2 * one
    assert say(both, "one line") == three, "the table does not jump from row to row"
    assert say(both, *["one more line"] * 100) == HEIGHT * 2 // 5
    say(both, "one line")
    both.resize(500, HEIGHT)
    assert both.sizes()[1] == one


def test_the_row_that_is_told_of_stays_in_sight(both: TableAndDetails) -> None:
    table = both.widget(0)
    assert isinstance(table, QTableWidget)
    table.setColumnCount(1)
    table.setRowCount(40)
    last = table.rowAt(table.viewport().height() - 1) - 1
    table.setCurrentCell(last, 0)
    say(both, *["one more line"] * 100)
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()))


def test_who_pulls_the_line_has_it_there(both: TableAndDetails) -> None:
    handle = both.handle(1)
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle - QPoint(0, 100))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle)
    pulled = both.sizes()[1]
    assert pulled > 50
    assert say(both, *["one more line"] * 100) == pulled
