"""Grade types: importing them, giving each its size, and writing their references into the APS store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)

from wizard import i18n
from wizard.checklist.check import Outcome
from wizard.flow import grade_import, grade_rows, grade_table, review
from wizard.flow import state as flow
from wizard.flow.grade_import import Renumbering
from wizard.flow.steps import BY_ID
from wizard.grades import import_job
from wizard.grades.import_result import Finding, Import, Progress, Wish
from wizard.gui.background import Task
from wizard.gui.difference_panel import DifferencePanel
from wizard.gui.editors import WheelGuard
from wizard.gui.grade_types import TypeDetails, TypesTable, clear, cut, line
from wizard.gui.pages.form_page import FormPage
from wizard.gui.pages.page import Shell
from wizard.gui.parts import StateLine, announce, column, heading, muted
from wizard.gui.renumbering_dialog import RenumberingDialog
from wizard.gui.style import SPACE, button_icon
from wizard.gui.work_strip import WorkStrip
from wizard.isolated.host import Ending
from wizard.profile.errors import ProfileError

COMBINATIONS_SHOWN = 6
FINDINGS_SHOWN = 12


class GradesPage(FormPage):
    """The switch; import, types, combinations, findings and difference; and the checks of the step."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell, "grades")
        self._task: Task | None = None
        self._pressed: QPushButton | None = None
        self._folder: TemporaryDirectory[str] | None = None
        self._files = 0
        self._seen: tuple[Any, ...] | None = None
        self._shown = grade_table.GradeTable()
        self._to_judge: flow.State | None = None
        self._judging: Task | None = None
        self._first = QTimer(self, interval=0, singleShot=True)
        self._first.timeout.connect(self._show_first)
        self._findings: tuple[Finding, ...] | None = None
        self._more_findings = False
        self.block, block = column(SPACE * 2)
        for part in (self._make_import(), self._make_types(), self._make_findings(), self._make_difference()):
            block.addWidget(part)
        self.content.insertWidget(1, self.block)
        self.strip = WorkStrip()
        self.strip.cancel.clicked.connect(self.cancel_work)
        self.layout().addWidget(self.strip)

    # --- what stands on the page ---------------------------------------------------------------

    def _make_import(self) -> QWidget:
        self.import_button = QPushButton(_("Import from Logix"))
        button_icon(self.import_button, "import")
        self.import_button.clicked.connect(lambda: self._run(Wish(), self.import_button))
        self.csv_button = QPushButton(_("Import from a file (CSV)..."))
        button_icon(self.csv_button, "open")
        self.csv_button.clicked.connect(self._browse)
        self.seen = muted("")
        self.empty = StateLine()
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self.import_button)
        buttons.addWidget(self.csv_button)
        buttons.addStretch(1)
        box, layout = column()
        layout.addLayout(buttons)
        layout.addWidget(self.seen)
        layout.addWidget(self.empty)
        return box

    def _make_types(self) -> QWidget:
        self.propose_button = QPushButton(_("Propose sizes"))
        self.propose_button.clicked.connect(self._propose)
        growth = QLabel(_("Room for growth"))
        self.growth = QSpinBox()
        self.growth.setRange(0, 900)
        self.growth.setSingleStep(5)
        self.growth.setSuffix(i18n.percent_sign())
        self.growth.setAccessibleName(_("Room for growth"))
        self.growth.installEventFilter(WheelGuard(self.growth))
        self.growth.valueChanged.connect(
            lambda percent: self.shell.change(lambda state: grade_import.set_headroom(state, percent))
        )
        growth.setBuddy(self.growth)
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        head.addWidget(self.propose_button)
        head.addSpacing(SPACE)
        head.addWidget(growth)
        head.addWidget(self.growth)
        head.addStretch(1)
        self.table = TypesTable()
        self.table.edited.connect(self._edit)
        self.table.looked_at.connect(self._look_at)
        self.table.completed.connect(self._completed)
        self.details = TypeDetails()
        self.problems, self._problem_lines = column(2)
        self.combinations, self._combination_lines = column(2)
        self.types, layout = column()
        layout.addLayout(head)
        for widget in (self.table, self.problems, self.details, self.combinations):
            layout.addWidget(widget)
        return self.types

    def _make_findings(self) -> QWidget:
        self.findings_title = heading("")
        self.findings_switch = QPushButton()
        self.findings_switch.clicked.connect(self._switch_findings)
        self.findings_copy = QPushButton(_("Copy remarks"))
        self.findings_copy.clicked.connect(
            lambda: QApplication.clipboard().setText(grade_import.findings_text(self._findings or ()))
        )
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        head.addWidget(self.findings_title, 1)
        head.addWidget(self.findings_switch)
        head.addWidget(self.findings_copy)
        self.finding_list, self._finding_lines = column(SPACE // 2)
        self.findings, layout = column(SPACE // 2)
        layout.addLayout(head)
        layout.addWidget(self.finding_list)
        return self.findings

    def _make_difference(self) -> QWidget:
        self.difference = DifferencePanel(self.shell.background)
        self.difference.compare_wanted.connect(self._compare)
        self.difference.apply_wanted.connect(self._apply)
        return self.difference

    # --- showing -------------------------------------------------------------------------------

    def show_state(self, state: flow.State) -> None:
        super().show_state(state)
        enabled = flow.value_of(state.data, "grades.enabled") in (True, "true")
        self.block.setVisible(enabled)
        if not enabled:
            return
        work = state.grade_work
        seen = (state.data.get("grades"), work)
        if self._seen is None or any(now is not before for now, before in zip(seen, self._seen, strict=True)):
            self._seen = seen
            with QSignalBlocker(self.growth):
                self.growth.setValue(round(work.headroom * 100))
            self._judge(state)
            self._show_findings(work.found.findings if work.found else None)
            self._show_empty(state)
        # What else is typed may make the difference an old one.
        self.difference.show_state(state)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        super().show_problems(problems)
        clear(self._problem_lines)
        for path, text in problems.items():
            if path.startswith("grades.types"):
                index = _index(path)
                rows = self._shown.rows
                self._problem_lines.addWidget(
                    line("fail", f"{rows[index].name if index < len(rows) else path}: {text}")
                )
        self.problems.setVisible(self._problem_lines.count() > 0)

    def focus_on(self, path: str) -> bool:
        if path.startswith("grades.types["):
            if self._first.isActive():
                self._show_first()
            editor = self.table.editor(_index(path), path.rpartition(".")[2])
            if editor is not None:
                editor.setFocus()
                return True
        return super().focus_on(path)

    def focus_first(self) -> None:
        if self.block.isHidden():
            super().focus_first()
        else:
            self.import_button.setFocus()

    def enter(self) -> bool:
        """Enter in a list, or in a field that only filters one, is no wish to leave the page."""
        focused = self.focusWidget()
        return isinstance(focused, QAbstractItemView) or (focused is not None and self.difference.isAncestorOf(focused))

    @property
    def working(self) -> bool:
        return self._task is not None

    def take_over(self, former: GradesPage) -> None:
        super().take_over(former)
        # The rows of the difference lie in it.
        self._folder, self._files, former._folder = former._folder, former._files, None
        self.difference.take_over(former.difference)

    def forget(self) -> None:
        self._show_working("")
        self.difference.forget()
        self._seen = None
        self._shown = grade_table.GradeTable()
        self._first.stop()
        self._to_judge = None
        self.shell.background.drop(self._judging)
        self._judging = None
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    def _show_empty(self, state: flow.State) -> None:
        work = state.grade_work
        when = flow.value_of(state.data, "grades.imported_at")
        source = flow.value_of(state.data, "grades.imported_from") or "?"
        # The profile names the source in the writing of the engines.
        source = "Logix" if source == "logix" else source
        text = _("Imported on {when} from {source}.").format(when=i18n.day_of(str(when)), source=source)
        self.seen.setText(text)
        self.seen.setVisible(bool(when and self._shown.rows))
        if self._shown.rows:
            self.empty.show_state("", "")
        elif work.found is None:
            self.empty.show_state(
                "info",
                _(
                    "No grade types yet. Import from Logix reads them through the connection of the page Database; "
                    "a CSV file with the columns cod_grade, des_grade, cod_conteudo and des_conteudo will do meanwhile."
                ),
            )
        elif work.found.findings:
            self.empty.show_state("fail", _("No grade type could be imported. What the import found says why."))
        else:
            self.empty.show_state(
                "warn", _("Logix has no grade types for this company. Check the company code and MAN10068 in Logix.")
            )

    def _judge(self, state: flow.State) -> None:
        """Show the types of a state and what is to be said of them; of thousands of combinations when that is known.

        While somebody types, what was said last stays until the newest answers are judged.
        """
        if not review.is_large(state):
            self._to_judge = None
            self._first.stop()
            self._show_types(grade_table.table(state.data, state.grade_work))
            return
        first = grade_table.alone(state.data, state.grade_work)
        if [row.code for row in first.rows] != [row.code for row in self._shown.rows]:
            self._shown = first
            # The page itself is shown before.
            self._first.start()
        self._to_judge = state
        if self._judging is None:
            self._judge_next()

    def _show_first(self) -> None:
        """Show the types before their combinations are judged."""
        self._first.stop()
        self._show_types(self._shown)
        self._combination_lines.addWidget(
            line("running", _("Looking at which types items use together, and whether they fit..."))
        )
        self._completed()

    def _judge_next(self) -> None:
        state = self._to_judge
        assert state is not None  # noqa: S101 - somebody wants to know

        def judged(found: grade_table.GradeTable) -> None:
            self._judging = None
            if self._to_judge is state:
                self._to_judge = None
                self._first.stop()
                self._show_types(found)
                self._completed()
            elif self._to_judge is not None:
                self._judge_next()

        def failed(error: Exception) -> None:
            self._judging = self._to_judge = None
            raise error

        self._judging = self.shell.background.start(
            lambda _report: grade_table.table(state.data, state.grade_work), on_done=judged, on_failed=failed
        )

    def _show_types(self, found: grade_table.GradeTable) -> None:
        self._shown = found
        self.types.setVisible(bool(found.rows))
        self.table.show_rows(found.rows)
        self._look_at(self.table.currentRow())
        clear(self._combination_lines)
        lines: list[QWidget] = []
        # Thousands may be in use: only those that are shown are made into widgets.
        for row in found.combinations[:COMBINATIONS_SHOWN]:
            box, layout = column(0)
            layout.addWidget(line(row.state, row.text))
            for remedy in row.remedies:
                layout.addWidget(_indented(remedy))
            lines.append(box)
        if lines:
            self._combination_lines.addWidget(heading(_("Combinations that items use")))
        cut(lines, len(found.combinations), _shorter, self._combination_lines)
        for note in found.notes:
            self._combination_lines.addWidget(line(note.state, f"{note.text} {note.action}".rstrip()))

    def _look_at(self, index: int) -> None:
        rows = self._shown.rows
        if 0 <= index < len(rows):
            self.details.show_row(rows[index])

    def _show_findings(self, findings: tuple[Finding, ...] | None) -> None:
        if findings is self._findings and findings is not None:
            return
        self._findings = findings
        self.findings.setVisible(bool(findings))
        groups = grade_import.finding_groups(findings or ())
        serious = sum(group.serious for group in groups)
        if serious:
            text = _("What the import found: {count} remarks, {serious} types with a serious one")
        else:
            text = _("What the import found: {count} remarks, none serious")
        self.findings_title.setText(text.format(count=len(findings or ()), serious=serious))
        clear(self._finding_lines)
        lines: list[QWidget] = [
            line("fail" if group.serious else "warn", "\n".join((group.title, *group.lines))) for group in groups
        ]
        cut(lines[:FINDINGS_SHOWN], len(lines), _more_types, self._finding_lines)
        self._more_findings = bool(serious)
        self._fold_findings()

    def _switch_findings(self) -> None:
        self._more_findings = not self._more_findings
        self._fold_findings()
        self.shell.mark_letters()

    def _fold_findings(self) -> None:
        self.finding_list.setVisible(self._more_findings)
        self.findings_switch.setText(_("Hide remarks") if self._more_findings else _("Show remarks"))

    # --- what a person does --------------------------------------------------------------------

    def _edit(self, code: int, name: str, value: Any) -> None:
        self.shell.banner.silence()  # what it said of the sizes before is no longer so
        self.shell.change(lambda state: flow.edit_grade_type(state, code, name, value))

    def _completed(self) -> None:
        """The last rows can be typed into: Tab comes to them too."""
        if self.isVisible():
            self.shell.mark_letters()

    def _propose(self) -> None:
        why = grade_import.why_not_propose(self.shell.state)
        if why:
            self.shell.banner.say("info", why)
            return
        changed: tuple[str, ...] = ()

        def move(state: flow.State) -> flow.State:
            nonlocal changed
            proposed, changed = grade_import.propose(state)
            return proposed

        self.shell.change(move)
        if changed:
            self.shell.banner.say("ok", _("Sizes proposed: {sizes}.").format(sizes=", ".join(changed)))
        else:
            self.shell.banner.say("ok", _("Every type has the proposed size already."))

    def _browse(self) -> None:
        dialog = QFileDialog(self, _("Grade types in a CSV file"), "", "*.csv *.txt")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_csv)
        dialog.open()

    def take_csv(self, name: str) -> None:
        """Import from a file."""
        self._run(Wish(csv=name), self.csv_button)

    def _compare(self) -> None:
        self._run(Wish(csv=self.shell.state.grade_work.csv), self.difference.compare)

    def _apply(self) -> None:
        state = self.shell.state
        why = grade_import.why_not_apply(state)
        if why:
            self.shell.banner.say("info", why)
            return
        renumberings = grade_import.renumberings(state)
        if not renumberings:
            self._write(())
            return
        dialog = RenumberingDialog(self.window(), renumberings)
        dialog.accepted.connect(lambda: self._write(renumberings))
        dialog.open()

    def _write(self, confirmed: Sequence[Renumbering]) -> None:
        work = self.shell.state.grade_work
        self._run(grade_import.wish_to_apply(work, confirmed), self.difference.apply)

    # --- the work ------------------------------------------------------------------------------

    def cancel_work(self) -> None:
        if self._task:
            self.strip.ending()
            self._task.cancel()

    def _run(self, wish: Wish, pressed: QPushButton) -> None:
        """Import, compare or apply, in a child; the rows of its difference go into a file of this session."""
        if self._task:
            return
        asked = self.shell.state
        try:
            subject = grade_import.subject_of(asked, wish)
        except ProfileError as error:
            self._explain_incomplete(error)
            return
        wish = replace(wish, rows=self._new_file())
        told: list[Callable[[Progress], None]] = []

        def tell(now: Progress) -> None:
            told[0](now)

        # Made before its thread, so that Cancel finds it from the first moment.
        job = import_job.import_job(subject, wish, tell)

        def work(report: Callable[[Progress], None]) -> Import | Outcome | Ending:
            told.append(report)
            # Here, where the child has just begun: beside a page that is drawn it would hold the window.
            grade_rows.prepare()
            ending = job.run()
            return import_job.from_child(ending.answer) if ending.how == "done" else ending

        self.shell.banner.silence()
        self._pressed = pressed
        self._show_working(_("Applying...") if wish.apply else _("Connecting..."))
        self._task = self.shell.background.start(
            work,
            on_report=self.strip.show_progress,
            on_done=lambda found: self._ended(found, wish, asked),
            on_failed=lambda error: self._failed(error, wish),
            cancel=job.cancel,
        )

    def _ended(self, found: Import | Outcome | Ending, wish: Wish, asked: flow.State) -> None:
        self._show_working("")
        say = self.shell.banner.say
        if isinstance(found, Import):
            self.shell.change(lambda state: grade_import.take_import(state, found, wish, asked))
            self._tell(found, wish)
            self.shell.mark_letters()
        elif isinstance(found, Outcome):
            say("fail", f"{found.message} {found.hint}".rstrip())
        elif wish.apply:
            self._lose_track()
        elif found.how == "cancelled":
            say("info", _("The import was cancelled; nothing changed."))
        elif found.how == "timed_out":
            say("fail", _("The import took longer than an hour and was ended; nothing changed."))
        else:
            text = _(
                "The import ended unexpectedly ({detail}); nothing changed. Try again; if it stays so, tell support."
            )
            say("fail", text.format(detail=found.detail))

    def _tell(self, found: Import, wish: Wish) -> None:
        changes, say = found.changes, self.shell.banner.say
        if wish.apply and changes.applied:
            say("ok", _("The references were written. Next leads to where the profile is written with the sizes."))
        elif wish.apply:
            say("warn", _("Logix or the APS store changed meanwhile: nothing was applied. This is the new difference."))
        elif self._pressed is self.difference.compare:
            announce(self, grade_import.difference_text(changes))
        else:
            text = _("Grade types imported: {count}. Remarks: {remarks}. Nothing is written before Apply.")
            text = text.format(count=len(found.grades.types), remarks=len(found.findings))
            serious = any(finding.serious for finding in found.findings)
            say("fail" if serious else "warn" if found.findings else "ok", text)
        if self._pressed in (self.difference.compare, self.difference.apply):
            self.area.ensureWidgetVisible(self.difference, 0, SPACE * 2)

    def _failed(self, error: Exception, wish: Wish) -> None:
        """The net below the window tells what fell; here is said what follows from it."""
        self._show_working("")
        if wish.apply:
            self._lose_track()
        raise error

    def _lose_track(self) -> None:
        """All of it is written or nothing; which of both, only the store knows."""
        self.shell.change(grade_import.lose_track)
        self.shell.banner.say("warn", grade_import.why_not_apply(self.shell.state))

    def _explain_incomplete(self, error: ProfileError) -> None:
        paths = [problem.path for problem in error.problems]
        here = next((path for path in paths if flow.step_of(path) == "grades"), None)
        if here is not None and self.focus_on(here):
            self.shell.banner.say("warn", _("First correct the sizes and indicators of this page."))
            return
        pages = dict.fromkeys(_(BY_ID[flow.step_of(path)].title) for path in paths)
        text = _("The import needs these pages first: {pages}.")
        self.shell.banner.say("warn", text.format(pages=", ".join(pages)))

    def _show_working(self, text: str) -> None:
        """Say that work began, or with "" that it ended; only work that is under way disables buttons."""
        buttons = (
            self.import_button,
            self.csv_button,
            self.propose_button,
            self.difference.compare,
            self.difference.apply,
        )
        if text:
            held = self._pressed is not None and self._pressed.hasFocus()
            self.strip.begin(text)
            for button in buttons:
                button.setEnabled(False)
            if held:
                self.strip.cancel.setFocus()
        else:
            self._task = None
            held = self.strip.cancel.hasFocus()
            for button in buttons:
                button.setEnabled(True)
            if held and self._pressed is not None:
                self._pressed.setFocus()
            self.strip.end()
        self.shell.mark_letters()

    def _new_file(self) -> str:
        """A file for rows; another one each time, since the last one may still be looked at."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="aps-wizard-", ignore_cleanup_errors=True)
        self._files += 1
        return str(Path(self._folder.name) / f"rows-{self._files}.arrow")


def _index(path: str) -> int:
    """ "grades.types[2].size" -> 2."""
    digits = path.partition("[")[2].partition("]")[0]
    return int(digits) if digits.isdigit() else 0


def _shorter(count: int) -> str:
    return ngettext("and {count} shorter one", "and {count} shorter ones", count)


def _more_types(count: int) -> str:
    return ngettext(
        "and {count} more type; copied as text it is there",
        "and {count} more types; copied as text they are all there",
        count,
    )


def _indented(text: str) -> QWidget:
    label = muted(text)
    label.setContentsMargins(SPACE * 3, 0, 0, 0)
    return label


PAGE = GradesPage
