"""How long the window was busy with itself."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer

STALL_SECONDS = 0.1
"""A person does not feel half of it, which `tests/bench_stalls.py` holds; this much would be another way of working,
whatever else the machine does."""


class Heart(QTimer):
    """Beats in the event loop; `longest` is the longest time that the GUI thread worked between two beats, in
    seconds. Its own time, not that of the clock: other programs may hold the machine."""

    def __init__(self) -> None:
        super().__init__(interval=1, timerType=Qt.TimerType.PreciseTimer)
        self.longest = 0.0
        self.beats = 0
        self._last = time.thread_time()
        self.timeout.connect(self._beat)
        self.start()

    def _beat(self) -> None:
        now = time.thread_time()
        self.beats += 1
        self.longest, self._last = max(self.longest, now - self._last), now
