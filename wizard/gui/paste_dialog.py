"""Asks for a connection as another program writes it, and shows what it means before anything is filled in."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from wizard.flow.data_sources import Machine
from wizard.flow.pasted_connection import LONGEST, Pasted, PastedError, holds_login, read, summary
from wizard.gui.parts import column, muted, wrapped
from wizard.gui.sheet import Sheet
from wizard.gui.style import SPACE, text_icon


class PasteDialog(Sheet):
    """One line to paste into; `pasted` carries what it means. A text that may hold a password is not shown."""

    help_section = "database#paste"

    pasted = Signal(object)

    def __init__(self, parent: QWidget, kind: str, found: Machine | None, text: str = "") -> None:
        super().__init__(parent, _("Paste a connection"), (640, 0))
        self._kind = kind
        self._drivers = {source.name.casefold(): source.driver for source in (found.found.sources if found else ())}
        self._read: Pasted | None = None
        self.line = QLineEdit()
        self.line.setMaxLength(LONGEST)
        self.line.setPlaceholderText("Driver={...};Server=...;Database=...")
        self.line.setAccessibleName(_("Connection"))
        self.line.textChanged.connect(self._changed)
        label = QLabel(_("Connection"))
        label.setBuddy(self.line)
        self.reveal = QToolButton()
        self.reveal.setIcon(text_icon("reveal"))
        self.reveal.setAccessibleName(_("Show the text while pressed"))
        self.reveal.setToolTip(self.reveal.accessibleName())
        self.reveal.pressed.connect(lambda: self.line.setEchoMode(QLineEdit.EchoMode.Normal))
        self.reveal.released.connect(self._veil)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(label)
        row.addWidget(self.line, 1)
        row.addWidget(self.reveal)
        box, content = column()
        help_text = _(
            "An ODBC string, a JDBC or SQLAlchemy URL, an Oracle address or a dbt profile. "
            "A password is taken as typed."
        )
        content.addWidget(muted(help_text))
        content.addLayout(row)
        self.preview = wrapped()
        self.preview.setAccessibleName(_("What would be filled in"))
        content.addWidget(self.preview)
        self.fill_in = QPushButton(_("Fill in"))
        self.fill_in.setObjectName("forward")
        self.fill_in.clicked.connect(self._take)
        cancel = QPushButton(_("Cancel"))
        cancel.clicked.connect(self.reject)
        self.fill([box], [self.fill_in, cancel])
        self.line.returnPressed.connect(self._take)
        self._changed("")
        self.line.setFocus()
        # Most often it was copied just before.
        given = text or QApplication.clipboard().text()
        if self._meaning(given) is not None:
            self.line.setText(" ".join(given.split("\n")))
            self.line.selectAll()

    def _meaning(self, text: str) -> Pasted | None:
        try:
            return read(text, self._kind, self._drivers)
        except PastedError:
            return None

    def _changed(self, text: str) -> None:
        self._veil()
        self._show_meaning(text)
        self.fit()

    def _show_meaning(self, text: str) -> None:
        self._read = None
        lines: tuple[tuple[str, str], ...] = ()
        if not text.strip():
            self.say("", "")
        else:
            try:
                self._read = read(text, self._kind, self._drivers)
                lines = tuple(summary(self._read))
                self.said.show_state("", "")
            except PastedError as error:
                self.said.show_state("info", f"{error.problem.message} {error.problem.action}")
        self.preview.setText("\n".join(f"{label}: {value}" for label, value in lines))
        self.preview.setVisible(bool(lines))

    def _veil(self) -> None:
        hidden = holds_login(self.line.text())
        self.line.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        self.reveal.setVisible(hidden)

    def _take(self) -> None:
        if self._read is None:
            try:
                read(self.line.text(), self._kind, self._drivers)
            except PastedError as error:
                self.say("fail", f"{error.problem.message} {error.problem.action}")
                self.fit()
            self.line.setFocus()
            return
        found = self._read
        self.line.clear()
        self.accept()
        self.pasted.emit(found)
