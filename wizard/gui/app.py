"""Starts the window: the application object, its style and language, and the net for its faults."""

from __future__ import annotations

import os
import sys
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from wizard import __version__
from wizard.gui.language import speak
from wizard.gui.style import own_font

if TYPE_CHECKING:
    # The first page is painted by this module before models, checks and pages are loaded.
    from wizard.gui.window import Window

SWITCH_SECONDS = 0.0005
"""How long a thread may keep the window waiting for its turn."""

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""What tells Qt under Linux where the window goes."""


def application(arguments: list[str] | None = None) -> QApplication:
    """The one application object, with the look and the language of the program. Raises ImportError as `begin` does."""
    from wizard.gui.theme import theme

    app = begin(arguments)
    theme()
    return app


def begin(arguments: list[str] | None = None) -> QApplication:
    """The one application object, in the language of the program and still in the colours of the system.

    Raises ImportError where there is no screen, as where there is no Qt.
    """
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    if sys.platform.startswith("linux") and not any(map(os.environ.get, _SCREENS)):
        # Qt itself would abort the process.
        raise ImportError(_("neither DISPLAY nor WAYLAND_DISPLAY names a screen."))
    app = QApplication(arguments or ["aps-wizard"])
    # Painting takes turns with threads many times over; at 5 ms a turn, Python's own, the window would stand still.
    sys.setswitchinterval(SWITCH_SECONDS)
    app.setApplicationName("aps-wizard")
    app.setApplicationVersion(__version__)
    app.setStyle("Fusion")
    if not QFontDatabase.families() or os.environ.get("APS_FONT") == "own":
        app.setFont(own_font())
    speak()
    return app


def make_window(folder: Path, profile: Path | None = None, page: str | None = None) -> Window:
    """A window on a folder, with a profile opened at a page when asked for."""
    from wizard.flow import state as flow
    from wizard.gui.window import Window
    from wizard.profile.errors import ProfileError

    window = Window(folder)
    if profile is not None:
        try:
            state = flow.open_profile(profile, page or "company")
        except ProfileError as error:
            window.banner.say("fail", str(error), code=error.problems[0].code)
        else:
            window.begin(state)
    return window


def main(folder: Path, profile: Path | None = None, page: str | None = None) -> int:
    """Show the window until it is closed. Gives the exit code."""
    from wizard.gui.fault_net import FaultNet
    from wizard.gui.first_page import give_way

    app = application(sys.argv[:1])
    window = make_window(folder, profile, page)
    FaultNet(window).install()
    give_way(window)
    return app.exec()
