"""The order in which a page is read: as its layouts place it, not as its widgets happened to be made.

Tab, the letters for Alt and screen readers follow it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTableWidget,
    QTabWidget,
    QWidget,
)


def widgets(root: QWidget) -> Iterator[QWidget]:
    """Every widget of a page that is shown, parents before children, as read."""
    # What was made just now is hidden too, until the event loop comes round; only hidden on purpose counts.
    if root.isHidden() and root.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
        return
    yield root
    if isinstance(root, QStackedWidget):
        inner = [root.currentWidget()]
    elif isinstance(root, QScrollArea):
        inner = [root.widget()]
    elif isinstance(root, QTabWidget):
        inner = [root.tabBar(), root.currentWidget()]
    elif isinstance(root, QSplitter):
        inner = [root.widget(index) for index in range(root.count())]
    elif isinstance(root, QTableWidget):
        cells = ((row, column) for row in range(root.rowCount()) for column in range(root.columnCount()))
        inner = [root.cellWidget(*cell) for cell in cells]
    else:
        inner = list(_placed(root.layout()))
    for widget in inner:
        if widget is not None:
            yield from widgets(widget)


def set_tab_order(chain: list[QWidget]) -> None:
    """Let Tab go through those of the widgets that take the keyboard, in this order."""
    stops = [widget for widget in chain if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.focusProxy()]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def _placed(layout: QLayout | None) -> Iterator[QWidget]:
    if layout is None:
        return
    for index in _order(layout):
        item = layout.itemAt(index)
        if item is None:
            continue
        if item.widget() is not None:
            yield item.widget()
        else:
            yield from _placed(item.layout())


def _order(layout: QLayout) -> list[int]:
    """Indexes of a layout's items by their place; a form gives its fields before its labels otherwise."""
    indexes = list(range(layout.count()))
    if isinstance(layout, QFormLayout):
        roles = {QFormLayout.ItemRole.LabelRole.value: 0, QFormLayout.ItemRole.FieldRole.value: 1}

        def place(index: int) -> tuple[int, int]:
            row, role = layout.getItemPosition(index)  # type: ignore[misc]
            return row, roles.get(role.value, 0)

        return sorted(indexes, key=place)
    return indexes
