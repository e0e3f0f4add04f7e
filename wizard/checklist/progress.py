"""How far a run of checks is, and how long it still takes as far as the run before tells."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from gettext import gettext as _

from wizard.checklist.check import Check
from wizard.checklist.run import Result


def seconds_left(
    checks: Sequence[Check], took: Mapping[str, float], done: Collection[str], running: Mapping[str, float]
) -> float | None:
    """Seconds until the last check has ended, all of them side by side and each after those that it needs.

    `took` are the seconds that checks took before, by id; `running` for how long those run that run now. None where
    nothing is known of one that is still to end: the sum of the limits would be far from what is to be expected.
    """
    needs = {check.id: check.needs for check in checks}

    @cache
    def end(id_: str) -> float:
        if id_ in done:
            return 0.0
        if id_ in running:
            return max(took[id_] - running[id_], 0.0)
        return took[id_] + max((end(need) for need in needs[id_]), default=0.0)

    try:
        return max((end(check.id) for check in checks), default=0.0)
    except KeyError:
        return None


def progress_text(done: int, total: int, seconds: float, titles: Sequence[str], left: float | None = None) -> str:
    """What runs now, how far it is, for how long it has been and how long it still takes, where that is known."""
    # What takes longer than before has nothing left by that reckoning, and yet it goes on.
    if left is not None and round(left) > 0:
        text = _("{done} of {total} done, {seconds} s, about {left} s left. Running now: {titles}.")
    else:
        text = _("{done} of {total} done, {seconds} s. Running now: {titles}.")
    values = {"done": done, "total": total, "seconds": round(seconds), "left": round(left or 0)}
    return text.format(titles=", ".join(titles) or "-", **values)


@dataclass
class Course:
    """A run as it goes. `took` is carried from run to run: seconds of the last time that a check was run, by id."""

    checks: Sequence[Check]
    took: MutableMapping[str, float] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    _done: set[str] = field(default_factory=set)
    _running: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._began = self.clock()

    @property
    def done(self) -> int:
        """How many checks have ended."""
        return len(self._done)

    def started(self, id_: str) -> None:
        """A check began."""
        self._running[id_] = self.clock()

    def ended(self, result: Result) -> None:
        """A check ended, or was skipped: then nothing is known of how long it takes."""
        self._done.add(result.check.id)
        self._running.pop(result.check.id, None)
        if result.outcome.status != "skipped":
            self.took[result.check.id] = result.elapsed_ms / 1000

    def text(self) -> str:
        """How far it is, in a sentence or two."""
        now = self.clock()
        left = seconds_left(
            self.checks, self.took, self._done, {id_: now - began for id_, began in self._running.items()}
        )
        titles = [_(check.title) for check in self.checks if check.id in self._running]
        return progress_text(self.done, len(self.checks), now - self._began, titles, left)
