"""As somebody who never saw the program: only what stands in the window is read, and only what is visible is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.patience import PATIENCE_MS
from wizard.gui.mnemonics import bare
from wizard.gui.window import Window
from wizard.profile import store
from wizard.profile.validation import validation_state

CHECKS_MS = 2 * PATIENCE_MS


class Person:
    """Reads what is on the screen, types, and clicks; what is not visible does not exist for a person."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot

    def reads(self, text: str) -> bool:
        """Whether a text stands anywhere on the screen."""
        return any(text in bare(shown.text()) for shown in self._seen((QLabel, QAbstractButton)))

    def waits_to_read(self, text: str, timeout: int = PATIENCE_MS) -> None:
        self.qtbot.waitUntil(lambda: self.reads(text), timeout=timeout)

    def presses(self, text: str) -> None:
        """Click the button of this text."""
        self.qtbot.waitUntil(lambda: self._button(text) is not None)
        button = self._button(text)
        assert button is not None
        # A check box is hit on its mark, a button in the middle.
        place = QPoint(8, button.height() // 2) if isinstance(button, QCheckBox) else button.rect().center()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=place)

    def answers(self, question: str, text: str) -> None:
        """Click into the field that stands beside a label, and type over what is in it."""
        field = self._field(question)
        if isinstance(field, QComboBox):
            field.setFocus()
            QTest.keyClicks(field, text)
            assert field.currentText() == text
            return
        QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, text)

    def chooses_row(self, text: str) -> None:
        """Click the row of a list whose first column has this text."""
        (table,) = self._seen((QTableWidget,))
        row = next(row for row in range(table.rowCount()) if table.item(row, 0).text() == text)
        place = table.visualItemRect(table.item(row, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def _field(self, question: str) -> QWidget:
        labels = [label for label in self._seen((QLabel,)) if bare(label.text()) == question and label.buddy()]
        assert labels, f"no question {question!r} is on the screen"
        return labels[0].buddy()

    def _button(self, text: str) -> QAbstractButton | None:
        found = [one for one in self._seen((QAbstractButton,)) if bare(one.text()) == text and one.isEnabled()]
        return found[0] if found else None

    def _seen(self, kinds: tuple[type[QWidget], ...]) -> Iterator[QWidget]:
        """What is visible; below an open dialog nothing can be used."""
        dialogs = [one for one in self.window.findChildren(QDialog) if one.isVisible()]
        root = dialogs[-1] if dialogs else self.window
        for widget in root.findChildren(QWidget):
            if isinstance(widget, kinds) and widget.isVisible() and not widget.visibleRegion().isEmpty():
                yield widget


@pytest.mark.seed("R-GEN-02", "R-1.9-02")
def test_from_start_to_a_validated_second_company_with_nothing_but_the_window(
    profile: Path, make_window: Callable[[Path], Window], qtbot: QtBot
) -> None:
    person = Person(make_window(profile.parent), qtbot)
    qtbot.waitUntil(lambda: not person.window.background.busy)

    person.chooses_row("Serra Azul")
    person.presses("Duplicate for another company")
    person.waits_to_read("Copy “Serra Azul” for another company")
    person.presses("Make the copy")
    person.waits_to_read("Missing or wrong values: 3.")
    person.answers("Name of this profile", "Serra Azul Filial")
    person.answers("Logix company", "02")
    person.answers("APS site", "02")
    person.presses("Make the copy")

    person.waits_to_read("Go on with Next; the grade types are imported for the new company.")
    for instruction in (
        "Connect to the Logix database",
        "Choose where the update writes what it reads",
        "Give the address that orders are sent to",
        "Import the grade types and give each one its size",
    ):
        person.presses("Next")
        person.waits_to_read(instruction)
    person.presses("Import from Logix")
    qtbot.waitUntil(lambda: not person.window.background.busy, timeout=CHECKS_MS)
    person.presses("Apply")
    qtbot.waitUntil(lambda: not person.window.background.busy, timeout=CHECKS_MS)

    for instruction in (
        "Choose what is read from Logix and what is sent back",
        "Say which account runs the engines at night",
        "Check the result and write the profile",
    ):
        person.presses("Next")
        person.waits_to_read(instruction)
    person.presses("Run all checks")
    person.waits_to_read("All mandatory checks passed. The profile is written as validated.", CHECKS_MS)
    person.presses("Write profile")
    person.waits_to_read("The profile was written: ")

    second = store.read(profile.with_name("serra-azul-filial.yaml")).profile
    assert validation_state(second) == "passed"
    assert (second.company.logix, second.company.site) == ("02", "02")
    assert {grade.code for grade in second.grades.types} == {1, 2, 4}, "its own types, not those of the first company"
    assert store.read(profile).profile.company.logix == "01"
