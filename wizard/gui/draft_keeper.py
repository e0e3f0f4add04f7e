"""Keeps the draft of the window on disk, off the GUI thread: what was typed survives whatever ends the program."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from wizard import log
from wizard.flow import draft_file, recent
from wizard.flow.state import State

DELAY_MS = 700
"""Typing goes on for a while; a draft is written when it pauses."""


class DraftKeeper:
    """One thread writes, in order. A draft that cannot be written must not stop the work: the profile still can be."""

    def __init__(self, parent: QObject) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="draft")
        self._draft: draft_file.Draft | None = None
        self._waiting: State | None = None
        self._closed = False
        self._timer = QTimer(parent, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self.write_now)

    def typed(self, state: State) -> None:
        """Write this state when typing pauses."""
        self._waiting = state
        self._timer.start()

    def write_now(self) -> None:
        """Write what waits."""
        self._timer.stop()
        state, self._waiting = self._waiting, None
        if state is not None:
            self._later(lambda: self._own().save(state))

    def take_over(self, found: draft_file.Found) -> None:
        """Go on with a draft of an earlier session: its file goes once its content stands in ours."""
        self._later(lambda: (self._own().save(found.state), found.path.unlink(missing_ok=True)))

    def opened(self, file: Path) -> None:
        """Remember that this person opened or wrote a profile: Start lists it first."""
        self._later(lambda: recent.note(recent.default_file(), file))

    def wait(self) -> None:
        """Come back when all that was asked for so far is on disk. Not for the GUI thread."""
        if not self._closed:
            self._thread.submit(lambda: None).result()

    def discard(self) -> None:
        """Remove the draft: its content was written, or is not wanted."""
        self._timer.stop()
        self._waiting = None
        self._later(lambda: self._draft and self._draft.discard())

    def leave(self) -> None:
        """Keep what was typed as a draft of its own, to be offered at Start; what follows gets another."""
        self.write_now()
        self._later(self._give_up)

    def close(self) -> None:
        """Write what waits and end, once. A draft that was not discarded is offered at the next start."""
        self.leave()
        self._closed = True
        self._thread.shutdown(wait=True)

    def _own(self) -> draft_file.Draft:
        if self._draft is None:
            self._draft = draft_file.Draft(draft_file.default_folder())
        return self._draft

    def _give_up(self) -> None:
        draft, self._draft = self._draft, None
        if draft is not None:
            draft.close()

    def _later(self, action: Callable[[], object]) -> None:
        def quietly() -> None:
            try:
                action()
            except OSError:
                return
            except Exception as error:  # noqa: BLE001 - nobody waits for this thread: it would be lost without a word
                log.fault(type(error), error.__traceback__)

        # A window may be closed twice, and a fault may come after its end.
        if not self._closed:
            self._thread.submit(quietly)
