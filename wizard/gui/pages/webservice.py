"""Web service: the address, also read out of the server's own file."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton

from wizard.flow import state as flow
from wizard.gui.pages.form_page import FormPage
from wizard.gui.pages.page import Shell
from wizard.gui.style import text_icon
from wizard.webservice.server_files import Location, read_locations


class WebservicePage(FormPage):
    """The form, and a button that reads URLLocation."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell, "webservice")
        self.read_ini = QPushButton(_("Read from TotvsAppServer.ini..."))
        self.read_ini.setIcon(text_icon("open"))
        self.read_ini.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.read_ini)
        row.addStretch(1)
        self.content.insertLayout(0, row)

    def take_ini(self, path: Path) -> None:
        """Fill the address from a file, off the GUI thread: it often lies on a share."""
        self.shell.background.start(
            lambda _report: read_locations(path),
            on_done=self._take,
            on_failed=lambda error: self.shell.banner.say(
                "fail", _("The file cannot be read: {reason}").format(reason=getattr(error, "strerror", error))
            ),
        )

    def _browse(self) -> None:
        dialog = QFileDialog(self, _("TotvsAppServer.ini of the Logix server"), "", "*.ini")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.take_ini(Path(name)))
        dialog.open()

    def _take(self, locations: tuple[Location, ...]) -> None:
        if not locations:
            self.shell.banner.say("warn", _("The file names no URLLocation: the web service is not configured in it."))
            return
        if len(locations) > 1:
            self.shell.banner.say(
                "info",
                _("The file names several addresses; choose one."),
                tuple((place.url, lambda url=place.url: self._use(url)) for place in locations[:3]),
            )
            return
        self._use(locations[0].url)

    def _use(self, url: str) -> None:
        self.shell.change(lambda state: flow.edit(state, "webservice.url", url))
        self.shell.banner.say("ok", _("The address was read from the file."))
        self.focus_on("webservice.url")


PAGE = WebservicePage
