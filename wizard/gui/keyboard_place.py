"""Where the keyboard is on a page, so that it is there again on the page that takes its place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QTableWidget, QWidget

from wizard.gui.reading_order import widgets


def keep(focused: QWidget | None, former: QWidget) -> Callable[[QWidget], bool]:
    """Remember a widget of a page and what is selected in it; the result puts the keyboard there on another page.

    It gives False when that page has nothing at this place. Asked for while the former page is still seen: a field
    that loses the keyboard forgets its selection.
    """
    if focused is None or not former.isAncestorOf(focused):
        return lambda _page: True
    before = _alike(focused, former)
    place = before.index(focused) if focused in before else len(before)
    line = _line(focused)
    text = (line.cursorPosition(), line.selectionStart(), len(line.selectedText())) if line else None
    cell = (focused.currentRow(), focused.currentColumn()) if isinstance(focused, QTableWidget) else None

    def again(page: QWidget) -> bool:
        there = _alike(focused, page)
        if place >= len(there):
            return False
        now = there[place]
        now.setFocus()
        if text and (line := _line(now)):
            cursor, start, length = text
            line.setCursorPosition(cursor)
            if length:
                line.setSelection(start, length)
        if cell and isinstance(now, QTableWidget):
            now.setCurrentCell(*cell)
        return True

    return again


def _alike(widget: QWidget, page: QWidget) -> list[QWidget]:
    """The widgets of the same kind on a page, as read."""
    return [one for one in widgets(page) if type(one) is type(widget)]


def _line(widget: QWidget) -> QLineEdit | None:
    """The line in which is typed: that of a list or a number is within it."""
    return widget if isinstance(widget, QLineEdit) else widget.findChild(QLineEdit)
