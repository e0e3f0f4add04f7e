"""Work off the GUI thread: one shape for all of it, delivered on the GUI thread, late reports dropped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

Report = Callable[[Any], None]


class Task:
    """One piece of work that is under way. `cancel` returns at once; the work's own cancel runs then."""

    def __init__(self, cancel: Callable[[], None]) -> None:
        self._cancel = cancel
        self.wanted = True
        """False once nobody waits for what it still reports."""

    def cancel(self) -> None:
        """Ask the work to end; its end is still reported."""
        self._cancel()


class Background(QObject):
    """Starts work in threads and hands what they report to callbacks on the GUI thread.

    One long-lived object that workers borrow: a signal owned by the worker itself can be gone before
    it is delivered.
    """

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: dict[Task, threading.Thread] = {}
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        work: Callable[[Report], Any],
        *,
        on_done: Callable[[Any], None],
        on_failed: Callable[[Exception], None],
        on_report: Callable[[Any], None] = lambda report: None,
        cancel: Callable[[], None] = lambda: None,
    ) -> Task:
        """Run `work(report)` in a thread. Exactly one of `on_done` and `on_failed` follows, unless dropped."""
        task = Task(cancel)

        def body() -> None:
            try:
                result = work(lambda item: self._arrived.emit((task, on_report, item, False)))
            except Exception as error:  # noqa: BLE001 - handed to on_failed, which shows it
                self._arrived.emit((task, on_failed, error, True))
            else:
                self._arrived.emit((task, on_done, result, True))

        thread = threading.Thread(target=body, name="window-work", daemon=True)
        self._threads[task] = thread
        thread.start()
        return task

    def drop(self, task: Task | None) -> None:
        """Cancel a task and hear nothing more of it."""
        if task is not None:
            task.wanted = False
            task.cancel()

    def drop_all(self) -> None:
        """Cancel whatever is under way and hear nothing more of it: what it was for is no longer shown."""
        for task in list(self._threads):
            self.drop(task)

    @property
    def busy(self) -> bool:
        """Whether any work is under way."""
        return bool(self._threads)

    def close(self) -> None:
        """Cancel everything and wait for the threads; called once, before the window goes."""
        self.drop_all()
        for thread in list(self._threads.values()):
            thread.join(5)
        self._threads.clear()

    @Slot(object)
    def _deliver(self, item: tuple[Task, Callable[[Any], None], Any, bool]) -> None:
        task, callback, payload, last = item
        if last:
            self._threads.pop(task, None)
        if task.wanted:
            callback(payload)
