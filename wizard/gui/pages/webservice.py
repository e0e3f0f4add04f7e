"""Web service: the address, also read out of the server's own files, which can be dropped anywhere on the page."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout

from wizard import i18n
from wizard.checklist.check import Outcome
from wizard.flow import dropped, words
from wizard.flow import state as flow
from wizard.gui.background import Task
from wizard.gui.pages.form_page import FormPage
from wizard.gui.pages.page import Shell, dropped_files
from wizard.gui.parts import StateLine, heading, muted
from wizard.gui.style import SPACE, button_icon
from wizard.webservice.appserver_ini import Location
from wizard.webservice.server_files import ServerFiles, finding_text, read_server_files

_CHOICES = 5
"""Addresses that are offered as buttons; a file that names more is for a person to read."""


class FindingsCard(QFrame):
    """What was found in the files, and the lines that are missing."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.rows: list[StateLine] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE)
        self._layout.setSpacing(SPACE // 2)
        self._layout.addWidget(heading(_("Found in the server's files")))
        self._about = muted(_("Lines to add, for the customer's TOTVS team. This program never writes these files."))
        self.lines = QPlainTextEdit()
        self.lines.setReadOnly(True)
        self.lines.setTabChangesFocus(True)
        self.lines.setAccessibleName(_("Lines to add"))
        self.copy = QPushButton(_("Copy lines"))
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(self.lines.toPlainText()))
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addStretch(1)
        self._layout.addWidget(self._about)
        self._layout.addWidget(self.lines)
        self._layout.addLayout(row)
        self.hide()

    def show_findings(self, findings: Sequence[Outcome], lines: Sequence[str]) -> None:
        """Show findings, the worst first, in place of the former ones."""
        for row in self.rows:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        order = ("fail", "warn", "ok")
        for found in sorted(findings, key=lambda one: order.index(one.status)):
            row = StateLine()
            self._layout.insertWidget(len(self.rows) + 1, row)
            row.show_state(found.status, finding_text(found))
            self.rows.append(row)
        self.lines.setPlainText("\n".join(lines))
        self.lines.setFixedHeight(self.lines.fontMetrics().lineSpacing() * min(len(lines) + 1, 10) + 2 * SPACE)
        for widget in (self._about, self.lines, self.copy):
            widget.setVisible(bool(lines))
        self.setVisible(bool(findings))


class WebservicePage(FormPage):
    """The form, and what the server's files say."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell, "webservice")
        self._files: ServerFiles | None = None
        self._offering = False
        self._reading: Task | None = None
        self.setAcceptDrops(True)
        self.read_ini = QPushButton(_("Read the server's files..."))
        button_icon(self.read_ini, "open")
        self.read_ini.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.read_ini)
        row.addWidget(muted(_("TotvsAppServer.ini and Totvsprofile.pro; they can be dropped on this page too.")), 1)
        self.content.insertLayout(0, row)
        self.findings = FindingsCard()
        self.content.insertWidget(1, self.findings)

    def take_files(self, paths: Sequence[Path]) -> None:
        """Fill the address from the files, off the GUI thread and in a child: they often lie on a share.

        What is dropped on another page while files are read takes their place.
        """
        self.read_ini.setEnabled(False)
        self.shell.background.drop(self._reading)
        self._reading = self.shell.background.start(
            lambda _report: read_server_files(paths), on_done=self._take, on_failed=self._cannot_take
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if dropped.purpose(dropped_files(event)) == "server_files":
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read what was dropped."""
        paths = dropped_files(event)
        if self.read_ini.isEnabled():
            # Never moved: the file manager would delete the server's file.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.take_files(paths)

    def take_over(self, former: WebservicePage) -> None:
        super().take_over(former)
        if former._files:
            self._files = i18n.retold(former._files)
            self.findings.show_findings(self._files.findings, self._files.lines_to_add)
            if former._offering and self.shell.state.step == self.step:
                self._offer(self._files.locations)

    def forget(self) -> None:
        self._files, self._offering = None, False
        # What is still being read is for the former profile; nothing more is heard of it.
        self.read_ini.setEnabled(True)
        self.findings.show_findings((), ())
        super().forget()

    def _browse(self) -> None:
        dialog = QFileDialog(self, _("TotvsAppServer.ini and Totvsprofile.pro of the Logix server"), "", "*.ini *.pro")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.take_files([Path(name) for name in names]))
        dialog.open()

    def _cannot_take(self, error: Exception) -> None:
        self.read_ini.setEnabled(True)
        reason = words.refusal(error) if isinstance(error, OSError) else error
        self.shell.banner.say("fail", _("The file cannot be read: {reason}").format(reason=reason))

    def _take(self, files: ServerFiles) -> None:
        self.read_ini.setEnabled(True)
        self._files = files
        self.findings.show_findings(files.findings, files.lines_to_add)
        self.shell.mark_letters()
        failed = next((one for one in files.findings if one.status == "fail"), None)
        locations = files.locations
        if len(locations) == 1:
            self._use(locations[0], failed)
        elif locations:
            self._offer(locations)
        elif failed:
            self.shell.banner.say(
                "fail" if failed.code.startswith("files.") else "warn", finding_text(failed), code=failed.code
            )

    def _offer(self, locations: Sequence[Location]) -> None:
        self.shell.banner.say(
            "info",
            _("The file names several addresses; choose one."),
            tuple((_choice(place), lambda place=place: self._use(place)) for place in locations[:_CHOICES]),
        )
        self._offering = True

    def _use(self, place: Location, failed: Outcome | None = None) -> None:
        self._offering = False
        self.shell.change(lambda state: flow.edit(state, "webservice.url", place.address))
        if failed:
            text = _("The address was read from the file, but: {finding}")
            self.shell.banner.say("warn", text.format(finding=failed.message), code=failed.code)
        else:
            self.shell.banner.say("ok", _("The address was read from the file."))
        self.focus_on("webservice.url")


def _choice(place: Location) -> str:
    return f"{place.address} ({place.environment})" if place.environment else place.address


PAGE = WebservicePage
