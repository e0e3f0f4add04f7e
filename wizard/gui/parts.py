"""Small parts that several pages share: banner, heading, a line of state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from wizard import i18n
from wizard.flow import help as help_pages
from wizard.gui.help_window import show_help
from wizard.gui.style import SPACE, colour_text, scaled_font, set_icon


def announce(widget: QWidget, text: str, urgent: bool = False) -> None:
    """Have a screen reader say a text now; failures interrupt what it is saying."""
    event = QAccessibleAnnouncementEvent(widget, text)
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)


def wrapped(text: str = "", selectable: bool = True) -> QLabel:
    """A label that wraps, whose text can be copied, and that takes nothing as markup."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    # Without these a layout reserves the height that the text would take in the narrowest column.
    label.setMinimumSize(SPACE * 6, label.fontMetrics().lineSpacing())
    return label


def heading(text: str, factor: float = 1.0) -> QLabel:
    """A bold label that heads what follows."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(scaled_font(factor, bold=True))
    label.setWordWrap(True)
    label.setMinimumSize(SPACE * 6, label.fontMetrics().lineSpacing())
    return label


class ShortLine(QLabel):
    """One line that ends in an ellipsis where there is no room; the whole of it stands in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Show a text, as much of it as there is room for."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Room came or went."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self._whole if shown != self._whole else "")
        if shown != self.text():
            super().setText(shown)


class StateLine(QWidget):
    """An icon and a sentence; the word of the state is part of the sentence for those who do not see the icon."""

    def __init__(self) -> None:
        super().__init__()
        self.told = ("", "")
        """State and sentence that are shown."""
        self._icon = QLabel()
        self.text = wrapped()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.text, 1)

    def show_state(self, state: str, text: str) -> None:
        """Show a state; a state of "" hides the line."""
        self.told = (state, text)
        # Showing it before it stands in a page would make it a window of its own.
        if not state or self.parent() is not None:
            self.setVisible(bool(state))
        if state:
            set_icon(self._icon, state)
            self.text.setText(text)


def question_grid() -> QGridLayout:
    """Labels in one column, fields in the other.

    No QFormLayout: while a wrapped text under a field changes, that goes on with the heights of before and cuts it.
    """
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(SPACE * 2)
    grid.setVerticalSpacing(SPACE + 2)
    grid.setColumnStretch(1, 1)
    return grid


def add_question(grid: QGridLayout, label: QLabel | None, cell: QWidget) -> None:
    """Add a row; a cell without a label takes both columns."""
    row = grid.rowCount()
    if label is None:
        grid.addWidget(cell, row, 0, 1, 2)
        return
    # On the line of its field, not in the middle of field and help.
    label.setMinimumHeight(SPACE * 4)
    grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(cell, row, 1)


class Banner(QFrame):
    """What the page as a whole has to say, above its content, with buttons that act on it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.state = ""
        self.leave: Callable[[], None] = lambda: None
        """Called when a button that has the keyboard goes: nobody may be left without one."""
        self._said: tuple[str, str, bool] = ("", "", False)
        self._icon = QLabel()
        self.text = wrapped()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.text, 1)
        layout.addLayout(self._buttons)
        self.hide()

    def say(
        self,
        state: str,
        text: str,
        actions: Sequence[tuple[str, Callable[[], None]]] = (),
        *,
        code: str = "",
        spoken: str = "",
    ) -> None:
        """Show a message; its state is one of ok, info, warn, fail.

        The code of a problem leads to its help; `spoken` is said where more is to be said.
        """
        self._clear()
        self._said = text, code, bool(actions)
        if section := help_pages.section_of(code):
            actions = (*actions, (_("How to solve it"), lambda: show_help(self, section)))
        self.state = state
        set_icon(self._icon, state)
        self.text.setText(text)
        for label, action in actions:
            button = QPushButton(label)
            button.clicked.connect(lambda _checked=False, act=action: act())
            self._buttons.addWidget(button)
        self.show()
        announce(self, spoken or text, urgent=state == "fail")

    def say_again(self) -> None:
        """Show the message in the language that is in force now. Its buttons were of a page that is made anew: it
        offers them again."""
        text, code, acted = self._said
        if not self.state:
            return
        if acted:
            self.silence()
        else:
            self.say(self.state, i18n.again(text), code=code)

    def silence(self) -> None:
        """Hide the banner."""
        self.state = ""
        self._clear()
        self.hide()

    def _clear(self) -> None:
        held = False
        while item := self._buttons.takeAt(0):
            if widget := item.widget():
                held = held or widget.hasFocus()
                widget.setParent(None)
                widget.deleteLater()
        if held:
            self.leave()


def column(spacing: int = SPACE) -> tuple[QWidget, QVBoxLayout]:
    """A widget with a vertical layout and no margins."""
    widget = QWidget()
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    return widget, layout


def muted(text: str) -> QLabel:
    """A wrapped label in the quiet tone, for help under a field."""
    label = wrapped(text, selectable=False)
    label.setFont(scaled_font(0.9))
    colour_text(label, "muted")
    return label
