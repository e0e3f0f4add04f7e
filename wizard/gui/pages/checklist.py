"""Checklist: the items of the support, run, confirmed and saved as a report."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping, Sequence
from gettext import gettext as _
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from wizard.checklist import confirmations
from wizard.checklist.confirmations import Confirmations, Stored
from wizard.checklist.items import Item
from wizard.checklist.run import Result
from wizard.checklist.standing import OVERALL_WORDS, Standing, overall
from wizard.checklist.text import standings_text
from wizard.flow import state as flow
from wizard.flow import verify, words
from wizard.flow.steps import BY_ID
from wizard.gui.checklist_panel import ChecklistPanel
from wizard.gui.pages.page import Page, Shell, scrolled
from wizard.gui.parts import StateLine, column, wrapped
from wizard.gui.style import SPACE
from wizard.profile.errors import ProfileError

STATES = {"ok": "passed", "open": "pending", "failed": "failed"}


class ConfirmDialog(QDialog):
    """Who confirms an item, and by what."""

    def __init__(self, parent: Page, item: Item, by: str, evidence: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(_(item.title))
        self.setMinimumWidth(SPACE * 56)
        self.by = QLineEdit(by)
        self.evidence = QPlainTextEdit(evidence)
        self.evidence.setTabChangesFocus(True)
        self.evidence.setPlaceholderText(_("What was seen, or the name of a file that shows it"))
        self.evidence.setFixedHeight(SPACE * 12)
        self.file = QPushButton(_("Name a file..."))
        self.file.clicked.connect(self._browse)
        form = QFormLayout()
        form.addRow(_("Confirmed by"), self.by)
        form.addRow(_("Evidence"), self.evidence)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.file)
        form.addRow("", row)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.ok = self.buttons.addButton(_("Confirm"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE)
        layout.addWidget(wrapped(_(item.ask)))
        layout.addLayout(form)
        layout.addWidget(self.buttons)
        self.by.textChanged.connect(self._allow)
        self.evidence.textChanged.connect(self._allow)
        self._allow()
        (self.evidence if by else self.by).setFocus()

    def _allow(self) -> None:
        self.ok.setEnabled(bool(self.by.text().strip() and self.evidence.toPlainText().strip()))

    def _browse(self) -> None:
        dialog = QFileDialog(self, _("A file that shows it"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.evidence.insertPlainText)
        dialog.open()


class ChecklistPage(Page):
    """The rules are those of wizard.checklist; the confirmations are read and written off the GUI thread."""

    checks: ChecklistPanel  # type: ignore[assignment] - it speaks as the panel of the checks does

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._known = Confirmations()
        self._read_of: Path | None = None
        self._by = ""
        self._not_kept: dict[str, str] = {}
        """Evidence by item until it is written: what could not be is not typed twice."""
        self.dialog: ConfirmDialog | None = None
        self.summary = StateLine()
        self.checks = ChecklistPanel(self._judge)
        self.checks.test_wanted.connect(lambda: shell.checking.start((), None))
        self.checks.run_wanted.connect(self._run_again)
        self.checks.cancel_wanted.connect(shell.checking.cancel)
        self.checks.confirm_wanted.connect(self._ask)
        self.checks.withdraw_wanted.connect(self._withdraw)
        self.checks.copy.clicked.connect(self._copy)
        self.checks.save.clicked.connect(self._browse)
        self.checks.rebuilt.connect(self._rebuilt)
        box, content = column(SPACE)
        content.addWidget(self.summary)
        content.addWidget(self.checks)
        self.area = scrolled(box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        QApplication.instance().focusChanged.connect(self._follow)

    # --- showing -------------------------------------------------------------------------------

    def show_state(self, state: flow.State) -> None:
        found = flow.problems(state)
        self.checks.setVisible(not found)
        if found:
            names = dict.fromkeys(_(BY_ID[flow.step_of(problem.path)].title) for problem in found)
            self.summary.show_state("warn", _("First complete: {pages}.").format(pages=", ".join(names)))
            return
        if self._read_of != flow.file_of(state):
            self._known = Confirmations()
            self._read()
        self.checks.show_results(state.results)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again each time: others confirm too."""
        super().showEvent(event)
        self._read()

    def focus_first(self) -> None:
        self.checks.test.setFocus()

    def take_over(self, former: ChecklistPage) -> None:
        super().take_over(former)
        self._known, self._read_of, self._by = former._known, former._read_of, former._by
        self._not_kept = former._not_kept
        self.checks.choose(former.checks.filter)

    def forget(self) -> None:
        if self.dialog:
            self.dialog.close()
        self._read_of = None
        self._known = Confirmations()
        self._not_kept.clear()
        self.checks.choose("all")

    def _judge(self, fresh: Mapping[str, Result]) -> Sequence[Standing]:
        state = flow.replace(self.shell.state, results={**self.shell.state.results, **fresh})
        try:
            return verify.standings(state, self._known)
        except ProfileError:
            return ()

    def _rebuilt(self) -> None:
        """Filters and rows changed: the summary follows, and every button has a letter and its place for Tab."""
        if self.checks.standings:
            found = overall(self.checks.standings)
            self.summary.show_state(STATES[found], _(OVERALL_WORDS[found]))
        if self.isVisible():
            self.shell.mark_letters()

    def _follow(self, _old: object, now: object) -> None:
        """Keep the button with the keyboard in sight."""
        if now is not None and self.isVisible() and self.area.isAncestorOf(now):
            self.area.ensureWidgetVisible(now, SPACE * 2, SPACE * 6)

    # --- confirmations -------------------------------------------------------------------------

    def _read(self) -> None:
        if not self.shell.state.data or flow.problems(self.shell.state):
            return
        file = self._read_of = flow.file_of(self.shell.state)
        self.shell.background.start(
            lambda _report: (file, confirmations.read(file).confirmations), on_done=self._take, on_failed=self._failed
        )

    def _take(self, found: tuple[Path, Confirmations]) -> None:
        file, known = found
        if file == self._read_of:
            self._known = known
            self.checks.show_results({})

    def _ask(self, item: Item) -> None:
        if self.shell.state.file is None:
            self.shell.banner.say("info", _("Write the profile first: confirmations are kept beside it."))
            return
        dialog = self.dialog = ConfirmDialog(self, item, self._by or _own_name(), self._not_kept.get(item.id, ""))
        dialog.accepted.connect(lambda: self._confirm(item, dialog.by.text(), dialog.evidence.toPlainText()))
        dialog.finished.connect(self._asked)
        dialog.open()

    def _asked(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog:
            dialog.deleteLater()

    def _confirm(self, item: Item, by: str, evidence: str) -> None:
        self._by = by
        self._not_kept[item.id] = evidence
        file, profile = flow.file_of(self.shell.state), flow.profile_of(self.shell.state)
        self._write(lambda: confirmations.confirm(file, profile, item.id, by, evidence), file, item)

    def _withdraw(self, item: Item) -> None:
        file = flow.file_of(self.shell.state)
        self._write(lambda: confirmations.withdraw(file, item.id), file, item)

    def _write(self, change: Callable[[], Stored], file: Path, item: Item) -> None:
        def done(stored: Stored) -> None:
            self._not_kept.pop(item.id, None)
            self._take((file, stored.confirmations))

        self.shell.banner.silence()
        self.shell.background.start(lambda _report: change(), on_done=done, on_failed=self._failed)

    # --- running, copying, saving --------------------------------------------------------------

    def _run_again(self, ids: tuple[str, ...]) -> None:
        if ids:
            self.shell.checking.start(ids, None)

    def _copy(self) -> None:
        QApplication.clipboard().setText(standings_text(self.checks.standings))

    def _browse(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"{flow.file_of(self.shell.state).stem}-checklist.html"
        dialog = QFileDialog(self, _("Save report"), str(Path(folder) / name), "HTML (*.html)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("html")
        dialog.fileSelected.connect(lambda chosen: self.save_report(Path(chosen)))
        dialog.open()

    def save_report(self, path: Path) -> None:
        """Write the report of what is shown."""
        state, standings = self.shell.state, self.checks.standings
        self.shell.background.start(
            lambda _report: verify.save_report(state, standings, state.proved_at, path),
            on_done=lambda _nothing: self.shell.banner.say("ok", _("The report was written: {file}").format(file=path)),
            on_failed=self._failed,
        )

    def _failed(self, error: Exception) -> None:
        if isinstance(error, ProfileError):
            self.shell.banner.say("fail", str(error))
        elif isinstance(error, OSError):
            text = _("The file cannot be written: {reason}").format(reason=words.refusal(error))
            self.shell.banner.say("fail", text)
        else:
            raise error


def _own_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


PAGE = ChecklistPage
