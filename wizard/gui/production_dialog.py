"""Asks before a profile of production is written: said in words, and Enter does not do it."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from wizard.gui.environment_strip import EnvironmentStrip
from wizard.gui.parts import wrapped
from wizard.gui.sheet import Sheet


class ProductionDialog(Sheet):
    """`agreed` says that the person wants it; closing it in any other way writes nothing."""

    agreed = Signal()

    def __init__(self, parent: QWidget, lines: tuple[str, ...]) -> None:
        super().__init__(parent, _("Write the profile of production?"), (560, 300))
        self.strip = EnvironmentStrip()
        self.text = wrapped("\n".join(lines))
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.go = QPushButton(_("Write to production"))
        self.go.clicked.connect(self._go)
        self.stay = QPushButton(_("Continue editing"))
        self.stay.setObjectName("forward")
        self.stay.clicked.connect(self.reject)
        self.fill([self.strip, self.text], [self.go, self.stay], stretched=1)
        self.strip.show_environment("production")
        self.stay.setFocus()

    def _go(self) -> None:
        self.accept()
        self.agreed.emit()
