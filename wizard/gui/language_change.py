"""A change of language while the window is open: as soon as nothing is under way, and without losing anything."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from wizard import i18n, settings
from wizard.flow import state as flow
from wizard.gui import keyboard_place
from wizard.gui.help_window import HelpWindow
from wizard.gui.language import remember, speak
from wizard.gui.parts import announce

if TYPE_CHECKING:
    from wizard.gui.window import Window

_IDLE_MS = 50
"""How often to look whether work that is under way has ended."""


class LanguageChange:
    """Waits for a moment in which nothing runs, and then has all of the window said again."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._wanted = ""
        self._told = ""
        self._idle = QTimer(window, interval=_IDLE_MS, timeout=self._speak_when_idle)

    def speak(self, language: str) -> None:
        """Say everything in another language, as soon as nothing is under way. Nothing typed or found is lost."""
        window = self._window
        self._wanted = language
        if window.checking.running or window.page.working:
            self._told = _("The language changes as soon as what is running has ended.")
            window.banner.say("info", self._told)
        self._idle.start()
        self._speak_when_idle()

    @property
    def waiting(self) -> bool:
        """Whether a change waits for what is under way."""
        return self._idle.isActive()

    def close(self) -> None:
        """The window closes."""
        self._idle.stop()

    def _speak_when_idle(self) -> None:
        window = self._window
        if window.background.busy or window.saving or QApplication.activeModalWidget() is not None:
            return  # a dialog goes with the page that is made anew, and what is typed in it too
        self._idle.stop()
        if self._told and window.banner.text.text() == self._told:
            window.banner.silence()
        self._told = ""
        if self._wanted != i18n.in_force():
            speak(self._wanted)
            window.keeper.take_turns(self._say_all_again())
        if not remember(self._wanted):
            window.banner.say(
                "warn", _("The language could not be kept for the next start: {file}").format(file=settings.file())
            )
        window.language.show_language()

    def _say_all_again(self) -> Iterator[None]:
        """What is seen changes at once, the other pages in turns; texts of results are said again."""
        window = self._window
        window.state = flow.retold(window.state)
        window.keeper.leave_all()
        window.page.show_state(window.state)
        window.page.ensurePolished()
        yield
        window.label_frame()
        window.banner.say_again()
        for shown in window.findChildren(HelpWindow, options=Qt.FindChildOption.FindDirectChildrenOnly):
            shown.close()
        focus_again = keyboard_place.keep(window.focusWidget(), window.stack.currentWidget())
        window.show_state()
        if not focus_again(window.page):
            window.page.focus_first()
        announce(window, window.title.text())
        yield from window.keeper.make_ahead()
