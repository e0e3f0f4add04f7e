"""How long the window was busy with itself."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer

STALL_SECONDS = 0.1
"""A person does not feel half of it, which `tests/bench_stalls.py` holds; this much would be another way of working."""

_COUNTED = 3_000_000
"""Numbers that any machine adds up in less than `STALL_SECONDS` while nothing slows it down."""


def stall_seconds() -> float:
    """As much work of one thread as counts as a stall on this machine, as slow as it is at this moment."""
    began = time.thread_time()
    sum(number for number in range(_COUNTED))
    return max(STALL_SECONDS, time.thread_time() - began)


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
