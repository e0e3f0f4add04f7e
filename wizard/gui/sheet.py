"""What the dialogs have in common: a heading, content that scrolls when the screen is small, and a row of buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from wizard.gui.help_window import show_help
from wizard.gui.mnemonics import assign
from wizard.gui.parts import StateLine, announce, heading
from wizard.gui.reading_order import set_tab_order, widgets
from wizard.gui.style import SPACE

MARGIN = 48
"""Pixels that a dialog leaves of the window below it, so that one sees where it belongs."""


class Sheet(QDialog):
    """A dialog over the window, never larger than it. Its content is given once, by `fill`."""

    help_section = "program#keys"
    """What F1 shows here; a dialog names its own."""

    enters: QPushButton | None = None
    """What Enter in a field presses; a dialog of one field sees to its Enter itself."""

    def __init__(self, parent: QWidget, title: str, size: tuple[int, int]) -> None:
        super().__init__(parent)
        self.setWindowTitle("aps-wizard")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        room = parent.window().size()
        self.resize(QSize(*size).boundedTo(QSize(room.width() - MARGIN, room.height() - MARGIN)))
        self.title = heading(title, 1.2)
        self.said = StateLine()
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(SPACE)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        self._column.setSpacing(SPACE + SPACE // 2)

    def fill(self, content: Sequence[QWidget], buttons: Sequence[QPushButton], stretched: int = 0) -> None:
        """Put the content under the heading and the buttons at the end; `stretched` takes what height is left."""
        self._column.addWidget(self.title)
        for index, widget in enumerate(content):
            self._column.addWidget(widget, 1 if index == stretched else 0)
        self._column.addWidget(self.said)
        self.said.show_state("", "")
        self.buttons.addStretch(1)
        for button in buttons:
            # Enter does what has the keyboard, and nothing by surprise.
            button.setAutoDefault(False)
            self.buttons.addWidget(button)
        self._column.addLayout(self.buttons)
        self.mark_letters()

    def mark_letters(self) -> None:
        """Letters for Alt, and the way of Tab, after something appeared or went."""
        chain = list(widgets(self))
        assign(chain, set())
        set_tab_order(chain)

    def fit(self) -> None:
        """Grow to the height that the content asks for, as far as the window below gives it. Never shrinks: what is
        about to be pressed would move away."""
        room = self.parentWidget().window().height() - MARGIN
        wanted = self._column.totalHeightForWidth(self.width())
        self.resize(self.width(), min(max(wanted, self.height()), room))

    def say(self, state: str, text: str) -> None:
        """Say how it stands, above the buttons; a state of "" says nothing."""
        self.said.show_state(state, text)
        if text:
            announce(self, text, urgent=state == "fail")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard; Esc closes; F1 helps."""
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_F1:
            show_help(self, self.help_section)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.enters is not None:
            if isinstance(focused, QLineEdit | QComboBox) and self.enters.isEnabled():
                self.enters.click()
            return
        super().keyPressEvent(event)
