"""The pages of the window: each is made when it is first entered, and again in another language, one in a turn."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from wizard.flow.steps import IDS
from wizard.gui import pages
from wizard.gui.pages.form_page import FormPage
from wizard.gui.pages.page import Page

if TYPE_CHECKING:
    from wizard.gui.window import Window

_IDLE_MS = 50
"""How often to look whether work that is under way has ended, when a former page is to be deleted then."""


def make_page(shell: Window, step: str) -> Page:
    """The page of a step: PAGE of the module of its name, or form and checks where there is none."""
    name = f"{pages.__name__}.{step}"
    if importlib.util.find_spec(name):
        page: Page = importlib.import_module(name).PAGE(shell)
        return page
    return FormPage(shell, step)


class PageKeeper:
    """Makes pages and lets them go; which one is shown is the window's to decide."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._pages: dict[str, Page] = {}
        # Pages in another language, that were entered; pages in this one, that were not yet; pages to be deleted.
        self._former: dict[str, Page] = {}
        self._ahead: dict[str, Page] = {}
        self._done_with: list[Page] = []
        self._turns: Iterator[None] = iter(())
        self._next_turn = QTimer(window, interval=0, timeout=self._take_turn)

    def page(self, step: str) -> Page:
        """The page of a step; made when it is first entered."""
        if step not in self._pages:
            page = self._pages[step] = self._ahead.pop(step, None) or self._made(step)
            former = self._former.pop(step, None)
            if former is not None:
                page.take_over(former)
                self._done_with.append(former)
                self._next_turn.start(0)
        return self._pages[step]

    def entered(self) -> tuple[Page, ...]:
        """The pages that were entered in the language in force."""
        return tuple(self._pages.values())

    def every(self) -> tuple[Page, ...]:
        """Every page that may hold something of a profile."""
        return (*self._pages.values(), *self._former.values(), *self._ahead.values())

    @property
    def working(self) -> bool:
        """Whether turns are still to be taken."""
        return self._next_turn.isActive()

    def take_turns(self, turns: Iterator[None]) -> None:
        """Do the parts of some work in turns of the event loop, one in each: all at once would hold the window up."""
        self._turns = turns
        self._next_turn.start(0)

    def leave_all(self) -> None:
        """The language has changed: each page is made anew when it is entered, and takes over from the one before."""
        for page in self._pages.values():
            # The state has what was typed into them; a page that is no longer shown needs no copy.
            page.drop_secrets()
        # A page that nobody looked at since the last change of language is still what its next one takes over from.
        self._former.update(self._pages)
        self._done_with += self._ahead.values()
        self._pages, self._ahead = {}, {}

    def make_ahead(self) -> Iterator[None]:
        """Make the pages that were left, one in a turn: whoever enters one finds it made."""
        for step in [step for step in IDS if step in self._former]:
            yield
            if step in self._former:
                # That it takes over from the former one is a matter of then.
                self._ahead[step] = self._made(step)
                self._ahead[step].ensurePolished()

    def close(self) -> None:
        """The window closes."""
        self._next_turn.stop()
        for page in self.every():
            page.forget()

    def _take_turn(self) -> None:
        if next(self._turns, self) is not self:
            return
        if not self._done_with:
            self._next_turn.stop()
        elif self._window.background.busy:
            self._next_turn.setInterval(_IDLE_MS)  # what a former page was asked for a moment ago still comes to it
        else:
            self._next_turn.setInterval(0)
            self._done_with.pop().deleteLater()

    def _made(self, step: str) -> Page:
        page = make_page(self._window, step)
        self._window.stack.addWidget(page)
        return page
