"""A table and, below it, what there is to say of its row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTableWidget, QWidget

from wizard.gui.pages.page import scrolled

_MOST = 2 / 5
"""Of the height; what is longer scrolls."""


class TableAndDetails(QSplitter):
    """The details are as tall as the longest that was said since the last change of size, the table has the rest.

    They never shrink from one row to the next: the table would jump under the keyboard. Who pulls the line between
    the two has it where it was pulled to.
    """

    def __init__(self, table: QTableWidget, details: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._tallest = 0
        self._pulled = False
        self._table = table
        self._area = scrolled(details)
        # A minimum of its own: that of a scrolling area would be a gap where nothing is said.
        self._area.setMinimumHeight(1)
        self._area.widget().installEventFilter(self)
        self.setChildrenCollapsible(False)
        self.addWidget(table)
        self.addWidget(self._area)
        self.setStretchFactor(0, 1)
        self.splitterMoved.connect(self._was_pulled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was said takes other lines than before."""
        super().resizeEvent(event)
        self._tallest = 0
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Something else is said; the row that it is said of stays in sight."""
        if event.type() == QEvent.Type.LayoutRequest:
            before = self._tallest
            self._fit()
            if self._tallest > before:
                self._table.scrollTo(self._table.currentIndex())
        return super().eventFilter(watched, event)

    def _was_pulled(self) -> None:
        self._pulled = True

    def _fit(self) -> None:
        if self._pulled:
            return
        said = self._area.widget().layout()
        width = self._area.viewport().width()
        needed = said.totalHeightForWidth(width) if said.hasHeightForWidth() else said.totalSizeHint().height()
        self._tallest = max(self._tallest, min(needed, round(self.height() * _MOST)))
        self.setSizes([self.height() - self.handleWidth() - self._tallest, self._tallest])
