"""The former versions of a profile: each with its date and with what putting it back would change."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QPushButton, QWidget

from wizard import i18n
from wizard.flow.former_versions import Former, former_versions, put_back
from wizard.gui.background import Background, Task
from wizard.gui.pages.review import DiffColours
from wizard.gui.parts import column, muted, wrapped
from wizard.gui.sheet import Sheet
from wizard.gui.style import SPACE
from wizard.profile.errors import ProfileError

ROWS_HEIGHT = SPACE * 11
"""Pixels: three versions, which are all that are kept."""


class RestoreDialog(Sheet):
    """Puts the chosen version back at once; what stands there now becomes the last version, so nothing is lost."""

    restored = Signal(Path)

    def __init__(self, parent: QWidget, background: Background, file: Path) -> None:
        super().__init__(parent, _("Former versions of {file}").format(file=file.name), (760, 560))
        self._background = background
        self._file = file
        self._writing: Task | None = None
        self._found: tuple[Former, ...] = ()
        self.list = QListWidget()
        self.list.setAccessibleName(_("Former versions"))
        self.list.setFixedHeight(ROWS_HEIGHT)
        self.list.currentRowChanged.connect(lambda _row: self._show_change())
        self.about = muted("")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(_("What would change"))
        self._colours = DiffColours(self.text.document())
        self.go = QPushButton(_("Put this version back"))
        self.go.setObjectName("forward")
        self.go.clicked.connect(self._go)
        self.close_button = QPushButton(_("Close"))
        self.close_button.clicked.connect(self.reject)
        box, content = column()
        content.addWidget(
            wrapped(_("What stands there now is kept as the last version. Passwords stay as they are."), False)
        )
        content.addWidget(self.list)
        content.addWidget(self.about)
        content.addWidget(self.text, 1)
        self.fill([box], [self.go, self.close_button])
        self.go.setEnabled(False)
        self.list.setFocus()
        self._reading = background.start(
            lambda _report: former_versions(file), on_done=self._take, on_failed=self._failed
        )

    def _take(self, found: tuple[Former, ...]) -> None:
        self._found = found
        self.list.clear()
        for one in found:
            self.list.addItem(QListWidgetItem(_title(one)))
        if found:
            # The first one that would change something is the likely wish.
            rows = [row for row, one in enumerate(found) if not (one.same or one.problem)]
            self.list.setCurrentRow(rows[0] if rows else 0)
        else:
            self.say("info", _("There are no former versions of {file}.").format(file=self._file.name))

    def _show_change(self) -> None:
        row = self.list.currentRow()
        if not 0 <= row < len(self._found):
            return
        one = self._found[row]
        self.go.setEnabled(not (one.same or one.problem))
        self._colours.active = one.compared
        self.text.setPlainText("\n".join(one.change))
        if one.problem:
            self.about.setText(_("This version cannot be put back: {reason}").format(reason=one.problem))
        elif one.same:
            self.about.setText(_("The file says the same now."))
        elif one.compared:
            self.about.setText(_("Lines with - would go, lines with + would come back."))
        else:
            self.about.setText(_("The whole version:"))

    def _go(self) -> None:
        one = self._found[self.list.currentRow()]
        for widget in (self.list, self.go, self.close_button):
            widget.setEnabled(False)
        self._writing = self._background.start(
            lambda _report: put_back(self._file, one), on_done=lambda _nothing: self._done(), on_failed=self._failed
        )

    def reject(self) -> None:
        """Not while a version is put back: how that ended is still to be told."""
        if self._writing is None:
            super().reject()

    def done(self, result: int) -> None:
        """Closing: what is still being read is nobody's concern any more."""
        self._background.drop(self._reading)
        super().done(result)

    def _done(self) -> None:
        self.restored.emit(self._file)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._writing = None
        for widget in (self.list, self.close_button):
            widget.setEnabled(True)
        if not isinstance(error, ProfileError):
            raise error
        self.say("fail", str(error))
        self._show_change()


def _title(one: Former) -> str:
    """Date and time on this machine, and what is to be said of it in a word."""
    written = i18n.instant(one.written)
    if one.problem:
        return _("{when} - cannot be read").format(when=written)
    return _("{when} - as it is now").format(when=written) if one.same else written
