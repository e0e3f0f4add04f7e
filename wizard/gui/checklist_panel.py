"""The support checklist as a list that can be filtered: each item with how it stands, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wizard.checklist.items import ITEMS, Item
from wizard.checklist.progress import Course
from wizard.checklist.report import CHECK_WORDS
from wizard.checklist.run import Result
from wizard.checklist.share import visible
from wizard.checklist.standing import WORDS, Filter, Standing, shown, to_run_again
from wizard.flow import help as help_pages
from wizard.gui.at_once import at_once
from wizard.gui.checks_panel import TICK_MS
from wizard.gui.copying import copies_labels
from wizard.gui.help_window import show_help
from wizard.gui.parts import heading, muted, wrapped
from wizard.gui.style import ICON_SIZE, SPACE, set_icon

ICONS = {"open": "pending", "stale": "warn", "unused": "skipped"}
"""Where the icon of a status has another name."""

FILTERS: Mapping[Filter, Callable[[], str]] = {
    "all": lambda: _("All ({count})"),
    "open": lambda: _("Open ({count})"),
    "failed": lambda: _("Failed ({count})"),
}

Judge = Callable[[Mapping[str, Result]], Sequence[Standing]]


class ItemRow(QFrame):
    """One item: icon, title, how it stands in a word, what was found, and its buttons."""

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item
        self.state = ""
        self._icon = QLabel()
        self._title = heading(_(item.title))
        self._word = muted("")
        self._word.setWordWrap(False)
        self._why = muted(_(item.why))
        self._message = wrapped()
        self._hint = wrapped()
        self._details = muted("")
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.again = self._button(_("Run again"), _("Run again: {title}"))
        self.confirm = self._button(_("Confirm..."), _("Confirm: {title}"))
        self.withdraw = self._button(_("Take back"), _("Take back the confirmation: {title}"))
        self.help = self._button(_("How to solve it"), _("How to solve it: {title}"))
        self.help.clicked.connect(lambda: show_help(self, self._section))
        self._section = ""
        self.more = self._button(_("Details"), _("Details of {title}"))
        self.more.setCheckable(True)
        self.more.toggled.connect(self._details.setVisible)
        top = QHBoxLayout()
        top.setSpacing(SPACE)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._title, 1)
        top.addWidget(self._word, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE // 2)
        for button in (self.confirm, self.withdraw, self.again, self.help, self.more):
            buttons.addWidget(button)
        buttons.addStretch(1)
        texts = QVBoxLayout()
        texts.setContentsMargins(ICON_SIZE + 2 + SPACE, 0, 0, 0)
        texts.setSpacing(2)
        for label in (self._why, self._message, self._hint, self._details):
            texts.addWidget(label)
        texts.addSpacing(SPACE // 2)
        texts.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, SPACE // 2)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addLayout(texts)
        copies_labels(self, (self._title, self._word, self._why, self._message, self._hint, self._details))

    def show_standing(self, standing: Standing, running: bool) -> None:
        """Show how the item stands; `running` while one of its checks runs."""
        state = "running" if running else standing.status
        if state != self.state:
            self.state = state
            set_icon(self._icon, ICONS.get(state, state))
        need = _("mandatory") if self.item.mandatory else _("recommended")
        word = _("running") if running else _(WORDS[standing.status])
        self._word.setText(f"{word} - {need}")
        unused = standing.status == "unused"
        # What is settled stands in few lines, so that what is not stands out.
        self._why.setVisible(standing.status not in ("ok", "unused"))
        self._message.setText(visible(standing.message))
        self._hint.setText(visible(standing.hint))
        self._hint.setVisible(bool(standing.hint) and not running and standing.status != "ok")
        self._message.setVisible(not running)
        self._details.setText("\n".join(_line(result) for result in standing.results))
        detailed = bool(standing.results) and not running and not unused
        self.more.setVisible(detailed)
        self._details.setVisible(self.more.isChecked() and detailed)
        self.again.setVisible(bool(standing.checks) and not running and not unused)
        self._section = next(
            (help_pages.section_of(result.outcome.code) for result in standing.results if not result.passed), ""
        )
        self.help.setVisible(bool(self._section) and not running)
        self.confirm.setVisible(standing.asked)
        self.confirm.setText(_("Confirm...") if standing.confirmation is None else _("Confirm again..."))
        self.withdraw.setVisible(standing.confirmation is not None)
        self.setAccessibleName(f"{self._title.text()}: {self._word.text()}")
        self.setAccessibleDescription(f"{self._message.text()} {self._hint.text()}".strip())

    def _button(self, text: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(name.format(title=_(self.item.title)))
        # A dozen of each stand on the page: Tab reaches them, letters are for what is there once.
        button.setProperty("no_letter", True)
        return button


class ChecklistPanel(QFrame):
    """Filters, buttons and rows. It speaks with the window as the panel of the checks does."""

    test_wanted = Signal()
    cancel_wanted = Signal()
    run_wanted = Signal(object)
    """Ids of the checks to run."""
    confirm_wanted = Signal(object)
    withdraw_wanted = Signal(object)
    """The item to confirm, or whose confirmation to take back."""
    rebuilt = Signal()

    def __init__(self, judge: Judge) -> None:
        super().__init__()
        self._judge = judge
        self.standings: tuple[Standing, ...] = ()
        self.filter: Filter = "all"
        self._busy = False
        self._running: set[str] = set()
        self._fresh: dict[str, Result] = {}
        self._shown: dict[str, tuple[Standing, bool]] = {}
        """How each row is shown, by item: only what changes is laid out anew."""
        self.test = QPushButton(_("Run all checks"))
        self.test_failed = QPushButton(_("Run failed again"))
        self.cancel = QPushButton(_("Cancel"))
        self.copy = QPushButton(_("Copy"))
        self.save = QPushButton(_("Save report..."))
        self.progress = QProgressBar()
        self.progress.setMaximumHeight(SPACE)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("Progress of the checks"))
        self.test.clicked.connect(self.test_wanted)
        self.test_failed.clicked.connect(lambda: self.run_wanted.emit(to_run_again(self.standings)))
        self.cancel.clicked.connect(self.cancel_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        for button in (self.test, self.test_failed, self.cancel):
            buttons.addWidget(button)
        buttons.addWidget(self.progress, 1)
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.save)
        self.filters = {name: self._filter(name) for name in FILTERS}
        self.filters["all"].setChecked(True)
        choices = QHBoxLayout()
        choices.setSpacing(SPACE)
        for choice in self.filters.values():
            choices.addWidget(choice)
        choices.addStretch(1)
        self.now = muted("")
        self._course: Course | None = None
        self._clock = QTimer(self, interval=TICK_MS, timeout=self._say_now)
        # Checks begin and end in swarms; all that comes in one turn of the event loop is shown once.
        self._soon = QTimer(self, singleShot=True, interval=0, timeout=self._show_standings)
        self.nothing = muted(_("No item stands like that."))
        self.rows = {item.id: self._row(item) for item in ITEMS}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(buttons)
        layout.addWidget(self.now)
        layout.addLayout(choices)
        layout.addWidget(self.nothing)
        for row in self.rows.values():
            layout.addWidget(row)
        self.show_running(None)

    # --- what the window says ------------------------------------------------------------------

    def show_running(self, course: Course | None) -> None:
        """Show that a run takes its course, or, with None, that it ended; meanwhile Cancel takes the place of the
        buttons that start one."""
        running = course is not None
        held = any(widget.hasFocus() for widget in (self.test, self.test_failed, self.cancel))
        self._busy = running
        self._running.clear()
        self._fresh.clear()
        self._course = course
        self.progress.setRange(0, len(course.checks) if course else 1)
        self.progress.setValue(0)
        self._say_now()
        for widget in (self.test, self.test_failed):
            widget.setVisible(not running)
        for widget in (self.cancel, self.progress, self.now):
            widget.setVisible(running)
        if running:
            self._clock.start()
        else:
            self._clock.stop()
        if held:
            (self.cancel if running else self.test).setFocus()
        self._show()

    def started(self, check_id: str) -> None:
        """One check began."""
        self._running.add(check_id)
        self._say_now()
        self._soon.start()

    def arrived(self, result: Result) -> None:
        """One check ended."""
        self._say_now()
        self._running.discard(result.check.id)
        self._fresh[result.check.id] = result
        self._soon.start()

    def show_results(self, results: Mapping[str, Result]) -> None:  # noqa: ARG002 - the judge knows them
        """Show what still holds."""
        self._show_standings()

    def _show_standings(self) -> None:
        self.standings = tuple(self._judge(self._fresh))
        self._show()

    def _say_now(self) -> None:
        if self._course:
            self.progress.setValue(self._course.done)
            self.now.setText(self._course.text())

    # --- what a person does --------------------------------------------------------------------

    def choose(self, wanted: Filter) -> None:
        """Show the items that stand like that."""
        self.filter = wanted
        # By hand: Tab would pass by all but one button of an exclusive group.
        for name, button in self.filters.items():
            button.setChecked(name == wanted)
        self._show()

    def states(self) -> dict[str, str]:
        """The state of every row that is shown, by id of the item."""
        return {id_: row.state for id_, row in self.rows.items() if not row.isHidden()}

    def _show(self) -> None:
        with at_once(self):
            self._show_rows()

    def _show_rows(self) -> None:
        wanted = {standing.item.id for standing in shown(self.standings, self.filter)}
        for standing in self.standings:
            row = self.rows[standing.item.id]
            running = self._busy and bool(self._running.intersection(standing.checks))
            if (shows := (standing, running)) != self._shown.get(row.item.id):
                self._shown[row.item.id] = shows
                row.show_standing(standing, running)
            # A row that runs stays where it is: what it will find may keep it there.
            _show_or_hide(row, standing.item.id in wanted or (running and not row.isHidden()))
            for button in (row.again, row.confirm, row.withdraw):
                button.setEnabled(not self._busy)
        for name, button in self.filters.items():
            button.setText(FILTERS[name]().format(count=len(shown(self.standings, name))))
        self.nothing.setVisible(bool(self.standings) and not wanted)
        self.test_failed.setEnabled(bool(to_run_again(self.standings)))
        for button in (self.copy, self.save):
            button.setEnabled(bool(self.standings) and not self._busy)
        self.rebuilt.emit()

    def _filter(self, name: Filter) -> QPushButton:
        choice = QPushButton()
        choice.setCheckable(True)
        choice.clicked.connect(lambda: self.choose(name))
        return choice

    def _row(self, item: Item) -> ItemRow:
        row = ItemRow(item)
        row.again.clicked.connect(lambda: self.run_wanted.emit(self._checks_of(item)))
        row.confirm.clicked.connect(lambda: self.confirm_wanted.emit(item))
        row.withdraw.clicked.connect(lambda: self.withdraw_wanted.emit(item))
        row.hide()
        return row

    def _checks_of(self, item: Item) -> tuple[str, ...]:
        return next((standing.checks for standing in self.standings if standing.item is item), ())


def _line(result: Result) -> str:
    """A check in one line; the font of a label keeps no columns."""
    outcome = result.outcome
    hint = "" if outcome.status == "ok" else f" {outcome.hint}"
    return visible(f"{_(result.check.title)} - {CHECK_WORDS[outcome.status]()}: {outcome.message}{hint}".rstrip())


def _show_or_hide(row: QWidget, wanted: bool) -> None:
    if row.isHidden() is wanted:
        row.setVisible(wanted)
