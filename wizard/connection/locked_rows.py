"""Rows locked by another: what meets one is repeated for a while, counted, and at last explained.

For small queries, which can be asked again from their beginning. Reading with Read Uncommitted meets them too: while
an update lock is being made (-244, -107), and when a row moves (-126).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING, TypeVar

from wizard.checklist.check import Subject
from wizard.connection import server
from wizard.connection.causes import ROW_LOCKED
from wizard.connection.faults import explain, says
from wizard.connection.session import ConnectionFailed, logix
from wizard.profile.database_kind import ISOLATION_LEVELS, DatabaseKind

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")


def retrying(work: Callable[[], T], seconds: float, on_locked: Callable[[int], None] = lambda count: None) -> T:
    """What `work` gives. It is called again, after growing pauses, while it meets a row locked by another.

    The last call begins at most `seconds` after the first; with 0 there is only one. `on_locked` hears before each
    repeat how many there were with it. A row that stays locked raises ConnectionFailed with its code and
    the detail "repeats"; whatever else `work` raises comes through as it is.
    """
    began = time.monotonic()
    try:
        return work()
    except Exception as error:
        if not _locked(error):
            raise
        return _repeated(work, error, seconds - (time.monotonic() - began), on_locked)


def _repeated(work: Callable[[], T], met: Exception, seconds: float, on_locked: Callable[[int], None]) -> T:
    """What `work` gives after it met a locked row once; `seconds` are those that are left."""
    from sqlalchemy.exc import DBAPIError
    from tenacity import RetryCallState, Retrying, retry_if_exception, stop_before_delay, wait_exponential, wait_random

    repeats = 0
    first: Exception | None = met

    def heard(state: RetryCallState) -> None:
        nonlocal repeats
        repeats = state.attempt_number
        on_locked(repeats)

    def attempt() -> T:
        nonlocal first
        if first is not None:
            error, first = first, None
            raise error
        return work()

    attempts = Retrying(
        retry=retry_if_exception(_locked),
        # 0.2, 0.4, 0.8 ... 5 seconds; a little chance keeps two programs from meeting again and again.
        wait=wait_exponential(multiplier=0.2, max=5) + wait_random(0, 0.1),
        stop=stop_before_delay(max(0, seconds)),
        before_sleep=heard,
        reraise=True,
    )
    try:
        return attempts(attempt)
    except (ConnectionFailed, DBAPIError) as error:
        if not _locked(error):
            raise
        outcome = error.outcome if isinstance(error, ConnectionFailed) else explain(str(error.orig))
        message = ngettext(
            "A row is locked by another user; {count} attempt did not get past it.",
            "A row is locked by another user; {count} attempts did not get past it.",
            repeats + 1,
        ).format(count=repeats + 1)
        details = {**outcome.details, "repeats": str(repeats)}
        raise ConnectionFailed(replace(outcome, message=message, details=details)) from None


def _locked(error: BaseException) -> bool:
    """Whether an error is a row locked by another."""
    if isinstance(error, ConnectionFailed):
        return error.outcome.code == ROW_LOCKED.code
    from sqlalchemy.exc import DBAPIError

    return isinstance(error, DBAPIError) and says(str(error.orig), ROW_LOCKED)


@dataclass
class Reader:
    """A session for small queries.

    `level` is the isolation level in force as it was read back, "" where the server does not tell; `seconds` how
    long one query may be repeated; `repeats` counts those of all queries.
    """

    connection: Connection
    level: str
    seconds: float
    repeats: int = 0

    def ask(self, work: Callable[[Connection], T]) -> T:
        """What `work` reads; it is called again from its beginning when it meets a locked row (`retrying`)."""
        return retrying(lambda: work(self.connection), self.seconds, self._repeated)

    def details(self) -> dict[str, int]:
        """What an outcome tells about repeats: nothing when there was none."""
        return {"repeats": self.repeats} if self.repeats else {}

    def _repeated(self, _count: int) -> None:
        self.repeats += 1


@contextmanager
def reader(subject: Subject) -> Iterator[Reader]:
    """A session with the Logix database for small queries, closed at the end; its level is read back first.

    Raises ConnectionFailed, also for what fails inside; for a row that stays locked the hint names the level.
    """
    settings = subject.profile.database
    level = ""
    try:
        with logix(subject) as connection:
            level = server.isolation(connection, settings)
            yield Reader(connection, level, settings.lock_wait)
    except ConnectionFailed as error:
        if error.outcome.code != ROW_LOCKED.code:
            raise
        raise ConnectionFailed(replace(error.outcome, hint=_hint(settings, level))) from None


def _hint(settings: DatabaseKind, found: str) -> str:
    """What to do about a locked row under the level that is in force, or that was asked for."""
    wanted, recommended, seconds = settings.isolation, settings.RECOMMENDED, settings.lock_wait
    level = _(ISOLATION_LEVELS[found or wanted])
    if found and wanted not in ("server_default", found):
        text = _("The isolation level in force is {level}, although {wanted} was chosen: see the check of that level.")
        return text.format(level=level, wanted=_(ISOLATION_LEVELS[wanted]))
    if recommended and (found or wanted) != recommended:
        text = _(
            "The isolation level is {level}. Choose {recommended}, as the manual recommends: it reads locked rows."
        )
        return text.format(level=level, recommended=_(ISOLATION_LEVELS[recommended]))
    text = _(
        "The isolation level is {level}. Test again when the other program is done with the row, "
        "or raise the time for a locked row (now {seconds} seconds)."
    )
    return text.format(level=level, seconds=seconds)
