"""What stands on the screen while the rest is being loaded: the frame of the window, painted at once.

It needs Qt and the language, nothing else: neither models nor checks nor commands. Its colours are those that the
person chose, else the system's own: to ask what the system prefers takes longer than to paint all of this.
"""

from __future__ import annotations

import contextlib
import time
from gettext import gettext as _

from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QMainWindow, QVBoxLayout, QWidget

from wizard.gui.app import begin
from wizard.gui.style import SCHEMES, SIDEBAR_WIDTH, SPACE, scaled_font
from wizard.gui.theme import kept, palette

SIZE = (1000, 700)
PATIENCE = 0.5
"""Seconds that are waited for a screen that does not show it."""


class FirstPage(QMainWindow):
    """The frame of the window with nothing in it that could be pressed.

    `coloured` where the palette is one of the program: in one of the system the side would be the brighter part.
    """

    def __init__(self, coloured: bool = False) -> None:
        super().__init__()
        self.painted = False
        self.setWindowTitle("aps-wizard")
        self.resize(*SIZE)
        side = QWidget()
        side.setFixedWidth(SIDEBAR_WIDTH)
        if coloured:
            side.setAutoFillBackground(True)
            side.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        heading = QLabel(_("Choose what to do"))
        heading.setFont(scaled_font(1.45, bold=True))
        page = QVBoxLayout()
        page.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        page.addWidget(QLabel(_("TOTVS APS x Logix")))
        page.addWidget(heading)
        page.addSpacing(SPACE * 2)
        page.addWidget(QLabel(_("Reading the profiles...")))
        page.addStretch(1)
        frame = QWidget()
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addLayout(page, 1)
        self.setCentralWidget(frame)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Know that it was seen."""
        super().paintEvent(event)
        self.painted = True


def show() -> FirstPage:
    """Put it on the screen and come back when it is painted."""
    app = begin()
    chosen = kept()
    if chosen in SCHEMES:
        app.setPalette(palette(chosen))
    page = FirstPage(coloured=chosen in SCHEMES)
    page.show()
    deadline = time.monotonic() + PATIENCE
    while not page.painted and time.monotonic() < deadline:
        QApplication.processEvents()
    return page


def give_way(window: QMainWindow) -> None:
    """Show the window in the place of the first page, where there is one."""
    pages = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, FirstPage)]
    for page in pages:
        window.setGeometry(page.geometry())
    window.show()
    for page in pages:
        with contextlib.suppress(RuntimeError):
            page.close()
            page.deleteLater()
