"""What is dropped on the window goes to the page that it is for; nothing is moved or written by that."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from wizard.flow import dropped
from wizard.flow import state as flow
from wizard.flow.steps import BY_ID
from wizard.gui.pages.page import dropped_files
from wizard.profile.errors import ProfileError

if TYPE_CHECKING:
    from wizard.gui.window import Window


class Drops:
    """Files of the server, profiles, and connections may be dropped on every page."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def entered(self, event: QDragEnterEvent) -> None:
        """Accept what can be taken."""
        if _found(event) != ("", []):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def taken(self, event: QDropEvent) -> None:
        """Take it to its page."""
        purpose, paths = _found(event)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if purpose == "yaml":
            self._open(paths[0])
        elif purpose == "server_files" and self._go_for("webservice"):
            self._window.page.take_files(paths)
        elif purpose == "connection" and self._go_for("database"):
            self._window.page.open_paste(event.mimeData().text())

    def _go_for(self, step: str) -> bool:
        """Enter the page that something was dropped for; False, with a word, where there is none yet."""
        window = self._window
        if flow.can_enter(window.state, step):
            window.go(step)
            return True
        if window.state.data:
            text = _("This is for the page {page}. Drop it again when you are there.")
            window.banner.say("info", text.format(page=_(BY_ID[step].title)))
        else:
            window.banner.say("info", _("Open a profile or begin a new one, then drop it again."))
        return False

    def _open(self, path: Path) -> None:
        def work(_report: object) -> flow.State | str:
            return dropped.connection_in(path) or flow.open_profile(path)

        def done(found: flow.State | str) -> None:
            if isinstance(found, flow.State):
                self._window.begin(found)
            elif self._go_for("database"):
                self._window.page.open_paste(found)

        def failed(error: Exception) -> None:
            if not isinstance(error, ProfileError):
                raise error
            self._window.banner.say("fail", str(error))

        self._window.background.start(work, on_done=done, on_failed=failed)


def _found(event: QDropEvent) -> tuple[str, list[Path]]:
    paths = dropped_files(event)
    if paths:
        return dropped.purpose(paths), paths if dropped.purpose(paths) else []
    text = event.mimeData().text()
    return ("connection" if text and dropped.is_connection(text) else ""), []
