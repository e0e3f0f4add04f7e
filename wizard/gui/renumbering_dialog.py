"""Asks before references move: each type is ticked by name and count, and Cancel is what Enter and Esc mean."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wizard.flow.grade_import import Renumbering
from wizard.gui.mnemonics import assign
from wizard.gui.parts import StateLine, announce, heading, wrapped
from wizard.gui.reading_order import set_tab_order
from wizard.gui.style import SPACE


class RenumberingDialog(QDialog):
    """Accepted only when every type was ticked."""

    def __init__(self, parent: QWidget, renumberings: Sequence[Renumbering]) -> None:
        super().__init__(parent)
        self.setWindowTitle("aps-wizard")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(SPACE * 64)
        title = heading(_("References that are in use would change"), 1.2)
        text = wrapped(
            _(
                "Every item code with these references changes too: in APS, in plans and in orders that were sent. "
                "The former references are kept as a backup. Tick each type that shall be renumbered."
            ),
            selectable=False,
        )
        self.boxes = [QCheckBox(f"{one.name}\n{one.text}") for one in renumberings]
        self.missing = StateLine()
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.go = QPushButton(_("Renumber and apply"))
        self.go.setAutoDefault(False)
        self.go.clicked.connect(self._go)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        buttons.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        layout.setSpacing(SPACE + SPACE // 2)
        layout.addWidget(title)
        layout.addWidget(text)
        for box in self.boxes:
            layout.addWidget(box)
            box.toggled.connect(lambda _on: self._say_missing(""))
        layout.addWidget(self.missing)
        self.missing.show_state("", "")
        layout.addLayout(buttons)
        self._fit()
        assign((*self.boxes, self.go, self.cancel), set())
        set_tab_order([*self.boxes, self.go, self.cancel])
        self.cancel.setFocus()

    def _go(self) -> None:
        missing = [box for box in self.boxes if not box.isChecked()]
        if not missing:
            self.accept()
            return
        text = _("Not ticked yet: {count}. To keep the references of a type, cancel and set its size back.")
        self._say_missing(text.format(count=len(missing)))
        announce(self, self.missing.text.text(), urgent=True)
        missing[0].setFocus()

    def _say_missing(self, text: str) -> None:
        self.missing.show_state("warn" if text else "", text)
        self._fit()

    def _fit(self) -> None:
        """A window does not ask its layout how high wrapped texts are."""
        self.layout().activate()
        self.setFixedHeight(self.layout().heightForWidth(max(self.width(), self.minimumWidth())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
