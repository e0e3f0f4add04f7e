"""The run of checks in the window: one at a time, off the GUI thread, each result shown in the page that asked."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from gettext import gettext as _
from typing import TYPE_CHECKING

from wizard.checklist.progress import Course
from wizard.checklist.registry import chosen
from wizard.checklist.run import Report, Result, Run
from wizard.flow import state as flow
from wizard.gui.background import Task
from wizard.gui.checks_panel import ChecksPanel
from wizard.gui.parts import announce
from wizard.gui.spoken import ProgressVoice
from wizard.profile.errors import ProfileError

if TYPE_CHECKING:
    from wizard.gui.window import Window


class CheckRun:
    """Starts checks for a page, tells its panel what arrives, and hands the report to the flow."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._voice = ProgressVoice(window)
        self._run: Run | None = None
        self._task: Task | None = None
        self._panel: ChecksPanel | None = None
        self._tested: flow.State | None = None
        self._stopping = False
        self._took: dict[str, float] = {}
        """Seconds that checks took with these answers or earlier ones of the same profile, by id."""
        self._next: tuple[tuple[str, ...], str | None] | None = None

    @property
    def running(self) -> bool:
        """Whether checks are under way, also while they are being ended."""
        return self._task is not None

    def start(self, ids: tuple[str, ...], step: str | None) -> None:
        """Run checks on the answers of a step, all of them without ids. Nothing is saved by that."""
        window = self._window
        if self._task is not None:
            if self._stopping:
                self._next = (ids, step)  # it starts when the one that is being ended has ended
            return
        try:
            subject = flow.test_subject(window.state, step) if step else flow.subject(window.state)
        except ProfileError as error:
            window.complain(step or window.state.step, error)
            return
        checks = chosen(ids)
        window.banner.silence()
        panel = window.page.checks
        assert panel is not None  # noqa: S101 - only pages with a panel ask for this
        self._panel = panel
        course = Course(checks, self._took)
        panel.show_running(course)
        self._voice.begin(_("Checks are running: {count}. Esc cancels.").format(count=len(checks)))

        def started(id_: str) -> None:
            course.started(id_)
            panel.started(id_)

        def arrived(result: Result) -> None:
            course.ended(result)
            panel.arrived(result)
            self._voice.tell(_("Checks done: {done} of {all}.").format(done=course.done, all=len(checks)))

        self._tested = window.state
        stopped = threading.Event()

        def work(report: Callable[[object], None]) -> Report:
            self._run = run = Run(
                subject,
                checks,
                on_start=lambda check: report(lambda: started(check.id)),
                on_result=lambda result: report(lambda: arrived(result)),
            )
            if stopped.is_set():
                run.cancel()
            return run.run()

        def cancel() -> None:
            # Also before the thread has come to its first line.
            stopped.set()
            if self._run:
                self._run.cancel()

        self._task = window.background.start(
            work,
            on_report=lambda news: news(),
            on_done=lambda report: self._done(report, panel),
            on_failed=lambda error: self._failed(error, panel),
            cancel=cancel,
        )

    def cancel(self) -> None:
        """End the checks that run, and do without those that wait for their end; the wizard itself goes on."""
        self._next = None
        if self._task:
            self._stopping = True
            self._task.cancel()

    def forget(self) -> None:
        """Nothing more is heard of what runs: the answers that it looks at are left."""
        self._next = None
        self._took.clear()
        if self._panel:
            self._end(self._panel)

    def written(self, before: flow.State, after: flow.State) -> None:
        """The answers that are looked at were written: in the form of the file they are still the same."""
        tested = self._tested
        if tested and tested.data is before.data and tested.typed == before.typed:
            self._tested = after

    def _done(self, report: Report, panel: ChecksPanel) -> None:
        window, tested = self._window, self._tested
        self._end(panel)
        window.change(lambda state: flow.take_report(state, report, tested))
        panel.show_results(window.state.results)
        failed = [result for result in report.results if result.outcome.status in ("fail", "crashed")]
        if any(result.outcome.code == "cancelled" for result in report.results):
            announce(window, _("Cancelled."))
        elif failed:
            text = _("Checks failed: {failed} of {all}. {title}: {message}")
            values = {"failed": len(failed), "all": len(report.results), "title": _(failed[0].check.title)}
            announce(window, text.format(message=failed[0].outcome.message, **values), urgent=True)
        elif warned := [result for result in report.results if result.outcome.status == "warn"]:
            text = _("Checks passed, with warnings: {count}. {title}: {message}")
            values = {"count": len(warned), "title": _(warned[0].check.title)}
            announce(window, text.format(message=warned[0].outcome.message, **values))
        else:
            announce(window, _("All checks passed."))

    def _failed(self, error: Exception, panel: ChecksPanel) -> None:
        self._end(panel)
        self._window.show_state()
        sys.excepthook(type(error), error, error.__traceback__)

    def _end(self, panel: ChecksPanel) -> None:
        self._run = self._task = self._panel = self._tested = None
        self._stopping = False
        panel.show_running(None)
        following, self._next = self._next, None
        if following and following[1] in (None, self._window.state.step):
            self.start(*following)
