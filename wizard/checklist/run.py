"""Running checks: side by side as their needs allow, each within its limit, all of them cancellable."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from gettext import gettext as _
from typing import Any, Literal

from wizard import __version__, log
from wizard.checklist.check import Check, Outcome, Status, Subject, cancelled, timed_out
from wizard.checklist.redact import redacted
from wizard.checklist.registry import find
from wizard.isolated.host import Ending, Job
from wizard.isolated.shared import SharedChild
from wizard.profile.load import profile_to_data
from wizard.profile.models import CheckMark, Validation
from wizard.profile.validation import inputs_hash
from wizard.secrets.handover import handed_over

PASSED: frozenset[Status] = frozenset({"ok", "warn"})


@dataclass(frozen=True)
class Result:
    """The outcome of one check, and how long it took."""

    check: Check
    outcome: Outcome
    elapsed_ms: int
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def passed(self) -> bool:
        """True for ok and warn."""
        return self.outcome.status in PASSED

    def to_json(self) -> dict[str, Any]:
        """The shape of `aps-wizard check --json`; a contract."""
        return {
            "id": self.check.id,
            "status": self.outcome.status,
            "code": self.outcome.code,
            "title": _(self.check.title),
            "message": self.outcome.message,
            "hint": self.outcome.hint,
            "elapsed_ms": self.elapsed_ms,
        }


@dataclass(frozen=True)
class Report:
    """All results of one run, in the order of the registry."""

    results: tuple[Result, ...]
    at: datetime

    @property
    def status(self) -> Literal["ok", "failed"]:
        """ok when every mandatory check passed."""
        return "ok" if all(r.passed for r in self.results if r.check.mandatory) else "failed"

    def to_json(self, profile: str) -> dict[str, Any]:
        """The shape of `aps-wizard check --json`; a contract."""
        return {"profile": profile, "status": self.status, "checks": [result.to_json() for result in self.results]}


def validation(results: Mapping[str, Result], subject: Subject, at: datetime) -> Validation:
    """What the profile remembers of the results: status, code, and the hash of the sections each check covered."""
    data = profile_to_data(subject.profile)
    return Validation(
        at=at.replace(microsecond=0),
        version=__version__,
        checks=tuple(
            CheckMark(
                id=result.check.id,
                status=result.outcome.status,
                code=result.outcome.code,
                mandatory=result.check.mandatory,
                at=result.at.replace(microsecond=0),
                version=__version__,
                covers=result.check.covers,
                inputs=inputs_hash(data, result.check.covers),
            )
            for result in results.values()
        ),
    )


class Run:
    """One run of some checks over one subject. `run` blocks; `cancel` may come from any thread.

    `on_result` is called once per check, `on_start` once per check that is not skipped; both from
    worker threads. What a check needs has to be among the checks (`registry.chosen` sees to it), else
    ValueError.
    """

    def __init__(
        self,
        subject: Subject,
        checks: Sequence[Check],
        *,
        timeout: float | None = None,
        on_start: Callable[[Check], None] = lambda check: None,
        on_result: Callable[[Result], None] = lambda result: None,
    ) -> None:
        self._subject = subject
        self._checks = tuple(checks)
        known = {check.id for check in self._checks}
        missing = {need for check in self._checks for need in check.needs} - known
        if missing:
            raise ValueError(f"checks are needed that are not run: {', '.join(sorted(missing))}")
        self._timeout = timeout
        self._on_start = on_start
        self._on_result = on_result
        self._cancelled = threading.Event()
        self._jobs: set[Job] = set()
        words = Counter(check.shares for check in self._checks if check.isolated and check.shares)
        data, withhold = handed_over(subject)
        self._shared = {
            word: SharedChild("wizard.checklist.run:in_child", {"subject": data}, withhold)
            for word, together in words.items()
            if together > 1
        }
        self._lock = threading.Lock()

    def run(self) -> Report:
        """Run every check whose needs passed; the others are skipped with the name of the one that failed."""
        at = datetime.now(UTC)
        done: dict[str, Result] = {}
        waiting = list(self._checks)
        # Children wait for the network more than they compute; checks that share one cost little more than waiting.
        threads = max(4, (os.cpu_count() or 1) * 2) + sum(check.shares in self._shared for check in self._checks)
        with self._children(), ThreadPoolExecutor(threads, thread_name_prefix="check") as pool:
            running: set[Future[Result]] = set()
            try:
                while waiting or running:
                    for check in [c for c in waiting if all(need in done for need in c.needs)]:
                        waiting.remove(check)
                        running.add(pool.submit(self._one, check, dict(done)))
                    # With a limit, because a wait without one cannot be interrupted by Ctrl+C everywhere.
                    finished, running = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
                    for future in finished:
                        result = future.result()
                        done[result.check.id] = result
            except BaseException:
                # Ctrl+C: the pool waits for its threads, and they wait for their children.
                self.cancel()
                raise
        return Report(tuple(done[check.id] for check in self._checks), at)

    def cancel(self) -> None:
        """End running checks at once; the rest is skipped with the code "cancelled"."""
        self._cancelled.set()
        with self._lock:
            jobs = list(self._jobs)
        for job in jobs:
            job.cancel()
        for child in self._shared.values():
            child.cancel()

    @contextmanager
    def _children(self) -> Iterator[None]:
        """Shared children live no longer than the run."""
        try:
            yield
        finally:
            for child in self._shared.values():
                child.close()

    def _one(self, check: Check, done: Mapping[str, Result]) -> Result:
        blocked = next((done[need] for need in check.needs if not done[need].passed), None)
        began = time.monotonic()
        if self._cancelled.is_set():
            outcome = cancelled()
        elif blocked:
            message = _("Not run: “{title}” has to pass first.").format(title=_(blocked.check.title))
            outcome = Outcome("skipped", "needs_failed", message)
        else:
            self._on_start(check)
            outcome = self._isolated(check) if check.isolated else _in_place(check, self._subject)
        result = Result(check, outcome, round((time.monotonic() - began) * 1000))
        log.event("check.done", check=check.id, status=outcome.status, code=outcome.code, elapsed_ms=result.elapsed_ms)
        self._on_result(result)
        return result

    def _isolated(self, check: Check) -> Outcome:
        limit = check.seconds(self._subject.profile)
        if self._timeout:
            limit = min(limit, self._timeout)
        shared = self._shared.get(check.shares)
        if shared is None or not shared.sound:
            return _outcome(self._alone(check, limit), limit)
        began = time.monotonic()
        ending = shared.call({"check": check.id}, limit)
        if ending.how == "crashed" and shared.ended and not self._cancelled.is_set():
            # Which of the checks ended the process, nobody knows: each again by itself, in the time it has left.
            ending = self._alone(check, max(1, limit - (time.monotonic() - began)))
        return _outcome(ending, limit)

    def _alone(self, check: Check, limit: float) -> Ending:
        """A check in a child of its own."""
        subject, withhold = handed_over(self._subject)
        job = Job("wizard.checklist.run:in_child", {"check": check.id, "subject": subject}, limit, withhold)
        with self._lock:
            self._jobs.add(job)
        if self._cancelled.is_set():
            job.cancel()
        try:
            return job.run()
        finally:
            with self._lock:
                self._jobs.discard(job)


def in_child(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the child of an isolated check does."""
    subject = Subject.from_json(request["subject"])
    outcome = find(request["check"]).run(subject)
    return redacted(outcome, subject).to_json()


def _in_place(check: Check, subject: Subject) -> Outcome:
    try:
        return redacted(check.run(subject), subject)
    except Exception as error:  # noqa: BLE001 - a check that crashes is a result
        return _crashed(type(error).__name__)


def _outcome(ending: Ending, limit: float) -> Outcome:
    match ending.how:
        case "done":
            return Outcome(**ending.answer)
        case "timed_out":
            return timed_out(limit)
        case "cancelled":
            return cancelled()
        case "crashed":
            return _crashed(ending.detail)


def _crashed(detail: str) -> Outcome:
    message = _("The check itself ended unexpectedly.")
    hint = _("Test again. If it stays, report the code shown in the details: a driver may be damaged.")
    return Outcome("crashed", "crashed", message, hint, {"ending": detail})
