"""Asks before a data source is deleted: its name has to be typed, since other programs may use it too."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from wizard.gui.parts import column, wrapped
from wizard.gui.sheet import Sheet


class DeleteDialog(Sheet):
    """Accepted only with the exact name."""

    help_section = "start#actions"

    def __init__(self, parent: QWidget, name: str, scope: str) -> None:
        super().__init__(parent, _("Delete {name}?").format(name=name), (480, 260))
        self._name = name
        box, content = column()
        text = _("The {scope} {name} is taken off this machine. Other programs may use it too.")
        content.addWidget(wrapped(text.format(scope=scope, name=name), selectable=False))
        label = QLabel(_("Type its name to confirm"))
        self.name = QLineEdit()
        label.setBuddy(self.name)
        self.name.setAccessibleName(label.text())
        content.addWidget(label)
        content.addWidget(self.name)
        content.addStretch(1)
        self.go = QPushButton(_("Delete"))
        self.go.clicked.connect(self._go)
        cancel = QPushButton(_("Cancel"))
        cancel.clicked.connect(self.reject)
        self.fill([box], [self.go, cancel])
        self.name.returnPressed.connect(self._go)
        self.name.setFocus()

    def _go(self) -> None:
        if self.name.text().strip() == self._name:
            self.accept()
            return
        self.say("warn", _("This is not the name. Type {name}, or cancel.").format(name=self._name))
        self.name.setFocus()
