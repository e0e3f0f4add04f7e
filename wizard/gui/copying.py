"""Copying as text what is shown: Ctrl+C, and Copy in the menu of the right mouse button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLabel, QMenu, QTableWidget, QWidget


def copies(widget: QWidget, text: Callable[[], str]) -> QAction:
    """Let a person copy `text()` while the keyboard is in a widget or below it, or from its menu."""
    action = QAction(_("Copy"), widget)
    action.setShortcut(QKeySequence.StandardKey.Copy)
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.triggered.connect(lambda: QApplication.clipboard().setText(text()))
    widget.addAction(action)
    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    inside = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget

    def offer(at: QPoint) -> None:
        menu = QMenu(widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(action)
        menu.popup(inside.mapToGlobal(at))

    widget.customContextMenuRequested.connect(offer)
    return action


def copies_labels(row: QWidget, labels: Sequence[QLabel]) -> QAction:
    """Let a row be copied with the texts of its labels, also those that are folded; what is selected in one, alone."""
    for label in labels:
        # The row has the menu: that of a label offers only what is selected in it.
        label.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def text() -> str:
        chosen = next((label.selectedText() for label in labels if label.hasSelectedText()), "")
        return chosen or "\n".join(label.text() for label in labels if label.text())

    return copies(row, text)


def copies_rows(table: QTableWidget) -> QAction:
    """Let the selected rows of a table be copied: lines with tabs between the columns that are shown."""
    return copies(table, lambda: _rows(table))


def _rows(table: QTableWidget) -> str:
    chosen = sorted({index.row() for index in table.selectedIndexes()})
    columns = [column for column in range(table.columnCount()) if not table.isColumnHidden(column)]
    return "\n".join("\t".join(_cell(table, row, column) for column in columns) for row in chosen)


def _cell(table: QTableWidget, row: int, column: int) -> str:
    """A cell in one line: its own tabs and ends of lines must not break the row."""
    item = table.item(row, column)
    return " ".join(item.text().split()) if item else ""
