"""The checks of a page: a Test button, Cancel while it runs, and a calm list of results that can be copied."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
)

from wizard import i18n
from wizard.checklist.check import Check
from wizard.checklist.details import told
from wizard.checklist.progress import Course
from wizard.checklist.report import CHECK_WORDS
from wizard.checklist.run import Result
from wizard.checklist.text import diagnostics_text
from wizard.flow import help as help_pages
from wizard.gui.copying import copies_labels
from wizard.gui.help_window import show_help
from wizard.gui.parts import heading, muted, wrapped
from wizard.gui.style import ICON_SIZE, SPACE, set_icon

WORDS = {
    **CHECK_WORDS,
    "running": lambda: _("running"),
    "pending": lambda: _("not tested"),
}


TICK_MS = 500
"""How often it is said again how far a run is."""


class CheckRow(QFrame):
    """One check: icon, title, how it stands, and what to do; details unfold on demand."""

    def __init__(self, check: Check) -> None:
        super().__init__()
        self.check = check
        self.state = ""
        self._icon = QLabel()
        self._title = heading(_(check.title))
        self._word = muted("")
        self._word.setWordWrap(False)
        self._word.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._word.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        self._message = wrapped()
        self._hint = wrapped()
        self._details = muted("")
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more = QToolButton()
        self._more.setText(_("Details"))
        self._more.setAutoRaise(True)
        self._more.setCheckable(True)
        # A dozen of them stand on one page: Tab reaches them, letters are for what is there once.
        self._more.setProperty("no_letter", True)
        self._more.toggled.connect(self._details.setVisible)
        self.help = QToolButton()
        self.help.setText(_("How to solve it"))
        self.help.setAutoRaise(True)
        self.help.setProperty("no_letter", True)
        self.help.clicked.connect(lambda: show_help(self, self._section))
        self._section = ""
        top = QHBoxLayout()
        top.setSpacing(SPACE)
        # The title gives way: how it stands is read whole, however little room there is, and below one another.
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._title, 1)
        line = self._title.fontMetrics().height() + SPACE // 2
        for button in (self.help, self._more):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            button.setFixedHeight(line)
        # On one line with them, be they there or not.
        for label in (self._title, self._word):
            label.setMinimumHeight(line)
        top.addWidget(self._word, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setContentsMargins(ICON_SIZE + 2 + SPACE, 0, 0, 0)
        texts.setSpacing(2)
        for label in (self._message, self._hint, self._details):
            texts.addWidget(label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, SPACE // 2)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(texts)
        copies_labels(self, (self._title, self._word, self._message, self._hint, self._details))
        self.show_state("pending")

    def show_state(self, state: str, elapsed: float | None = None) -> None:
        """Show that the check waits or runs."""
        self.state = state
        set_icon(self._icon, state)
        seconds = f" - {elapsed:.0f} s" if elapsed else ""
        self._word.setText(WORDS[state]() + seconds)
        for label in (self._message, self._hint, self._details):
            label.clear()
        for widget in (self._message, self._hint, self._details, self._more, self.help):
            widget.hide()
        self._describe()

    def show_result(self, result: Result) -> None:
        """Show what the check found."""
        outcome = result.outcome
        self.state = outcome.status
        set_icon(self._icon, outcome.status)
        word = WORDS[outcome.status]()
        self._word.setText(word if outcome.status == "skipped" else f"{word} - {i18n.number(result.elapsed_ms)} ms")
        self._message.setText(outcome.message)
        self._message.show()
        self._hint.setText(outcome.hint)
        self._hint.setVisible(bool(outcome.hint) and outcome.status != "ok")
        details = [f"{title}: {text}" for title, text in told(outcome.details)]
        self._details.setText("\n".join([f"{outcome.code}", *details]))
        self._more.setChecked(False)
        self._more.setVisible(bool(details) or outcome.status not in ("ok", "skipped"))
        self._details.hide()
        self._section = help_pages.section_of(outcome.code)
        self.help.setVisible(bool(self._section) and outcome.status not in ("ok", "skipped"))
        self.help.setAccessibleName(f"{self.help.text()}: {self._title.text()}")
        self._describe()

    def _describe(self) -> None:
        self.setAccessibleName(f"{self._title.text()}: {self._word.text()}")
        self.setAccessibleDescription(f"{self._message.text()} {self._hint.text()}".strip())
        self._more.setAccessibleName(_("Details of {title}").format(title=self._title.text()))


class ChecksPanel(QFrame):
    """Test button, progress and results. It knows the state of the checks only as it is told."""

    test_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, checks: Sequence[Check], test_label: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self._rows = {check.id: CheckRow(check) for check in checks}
        self._started: dict[str, float] = {}
        self._course: Course | None = None
        self._results: Mapping[str, Result] = {}
        self.test = QPushButton(test_label)
        self.cancel = QPushButton(_("Cancel"))
        self.copy = QPushButton(_("Copy diagnostics"))
        self.progress = QProgressBar()
        self.progress.setMaximumHeight(SPACE)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("Progress of the checks"))
        self.test.clicked.connect(self.test_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.copy.clicked.connect(self._copy)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self.test)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.progress, 1)
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE)
        layout.setSpacing(0)
        self.now = muted("")
        self.now.setContentsMargins(0, 0, 0, SPACE // 2)
        layout.addLayout(buttons)
        layout.addSpacing(SPACE)
        layout.addWidget(self.now)
        for row in self._rows.values():
            layout.addWidget(row)
        self._clock = QTimer(self, interval=TICK_MS, timeout=self._tick)
        self.show_running(None)

    def show_running(self, course: Course | None) -> None:
        """Show that a run takes its course, or, with None, that it ended; meanwhile Cancel takes the place of Test."""
        running = course is not None
        held = self.test.hasFocus() or self.cancel.hasFocus()
        self.test.setVisible(not running)
        self.cancel.setVisible(running)
        self.progress.setVisible(running)
        self.now.setVisible(running)
        self.copy.setVisible(not running and bool(self._results))
        if held:
            (self.cancel if running else self.test).setFocus()
        self._course = course
        if course is not None:
            self._started.clear()
            self.progress.setRange(0, len(course.checks))
            for row in self._rows.values():
                row.show_state("pending")
            self._say_now()
            self._clock.start()
        else:
            self._clock.stop()

    def started(self, check_id: str) -> None:
        """One check began."""
        if check_id in self._rows:
            self._started[check_id] = time.monotonic()
            self._rows[check_id].show_state("running")
            self._say_now()

    def arrived(self, result: Result) -> None:
        """One check ended."""
        self._say_now()
        self._started.pop(result.check.id, None)
        if result.check.id in self._rows:
            self._rows[result.check.id].show_result(result)

    def show_results(self, results: Mapping[str, Result]) -> None:
        """Show results that still hold; the others are not tested (any more)."""
        self._results = {id_: results[id_] for id_ in self._rows if id_ in results}
        for id_, row in self._rows.items():
            if id_ in results:
                row.show_result(results[id_])
            else:
                row.show_state("pending")
        self.copy.setVisible(bool(self._results))

    @property
    def results(self) -> Mapping[str, Result]:
        """The results that are shown."""
        return self._results

    def states(self) -> dict[str, str]:
        """The state of every row, by id of the check."""
        return {id_: row.state for id_, row in self._rows.items()}

    def _tick(self) -> None:
        now = time.monotonic()
        for id_, began in self._started.items():
            self._rows[id_].show_state("running", now - began)
        self._say_now()

    def _say_now(self) -> None:
        if self._course:
            self.progress.setValue(self._course.done)
            self.now.setText(self._course.text())

    def _copy(self) -> None:
        QApplication.clipboard().setText(diagnostics_text(list(self._results.values())))
