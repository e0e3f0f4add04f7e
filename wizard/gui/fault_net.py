"""The net under the window: a fault anywhere is logged, the draft is saved, it is shown once, the window lives on."""

from __future__ import annotations

import contextlib
import platform
import sys
import threading
import traceback
from gettext import gettext as _
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtWidgets import QApplication, QMessageBox

from wizard import __version__, log
from wizard.gui.window import Window


class FaultNet(QObject):
    """Catches what nobody else caught: of slots, painting and timers, of threads, of objects being destroyed.

    Nothing of it holds the text of an exception, which may repeat what was typed: only its type and its places.
    """

    _fell = Signal(str, str)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._told: dict[str, str] = {}
        self._box: QMessageBox | None = None
        # Shown when the event loop comes round, on its thread: a box opened while a page paints would fall again.
        self._fell.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take the place of what Python does with such faults."""
        sys.excepthook = self.caught
        threading.excepthook = lambda fall: self.caught(fall.exc_type, fall.exc_value, fall.exc_traceback)
        sys.unraisablehook = lambda fall: log.fault(fall.exc_type, fall.exc_traceback)

    def caught(self, kind: type[BaseException], _error: BaseException | None, trace: TracebackType | None) -> None:
        """Log a fault, save the draft, and have it shown. Never raises."""
        log.fault(kind, trace)
        with contextlib.suppress(Exception):
            # The stream may be gone, and the window too while it is being closed.
            sys.stderr.write("".join(traceback.format_tb(trace)) + kind.__name__ + "\n")
        with contextlib.suppress(Exception):
            places = log.places(trace)
            if threading.current_thread() is threading.main_thread():
                self._save()
            self._fell.emit(f"{kind.__name__} {places.partition(' < ')[0] or '?'} ({__version__})", places)

    def _save(self) -> None:
        if self._window.dirty:
            self._window.drafts.typed(self._window.state)
        self._window.drafts.write_now()

    def _show(self, code: str, places: str) -> None:
        with contextlib.suppress(Exception):
            self._save()
        if code in self._told:
            return
        self._told[code] = places
        if self._box is not None:
            # What falls as a consequence is in the diagnostics.
            return
        self._box = box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("aps-wizard")
        box.setText(_("Something went wrong in the program. What you typed is kept."))
        box.setInformativeText(_("Tell support this code: {code}").format(code=code))
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        copy = box.addButton(_("Copy diagnostics"), QMessageBox.ButtonRole.ActionRole)
        go_on = box.addButton(_("Go on"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(go_on)
        box.setEscapeButton(go_on)
        box.buttonClicked.connect(lambda button: self._copy() if button is copy else None)
        box.finished.connect(self._forget)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _forget(self, _result: int) -> None:
        self._box = None

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.diagnostics())
        self._window.banner.say("info", _("The diagnostics are on the clipboard."))

    def diagnostics(self) -> str:
        """What support needs of the faults so far: versions, types and places; nothing that was typed."""
        python = f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.release()}"
        faults = (f"{code}\n    {places}" for code, places in self._told.items())
        return "\n".join((f"aps-wizard {__version__}", python, *faults))
