"""Engine account: who runs the engines, which stores that account reads, and proving it as that account."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path

from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from wizard import i18n
from wizard.checklist.progress import Course
from wizard.checklist.registry import engine_checks
from wizard.engine import proof
from wizard.flow import state as flow
from wizard.flow import stores
from wizard.flow.steps import label
from wizard.gui.background import Task
from wizard.gui.checks_panel import ChecksPanel
from wizard.gui.pages.form_page import FormPage
from wizard.gui.pages.page import Shell
from wizard.gui.parts import StateLine, announce, column, heading, muted
from wizard.gui.style import SPACE, button_icon
from wizard.profile.errors import ProfileError
from wizard.profile.models import Profile
from wizard.secrets import references


class EnginePage(FormPage):
    """The form, where the passwords are kept, and "Prove it"."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell, "engine")
        self._task: Task | None = None
        self._took: dict[str, float] = {}
        self._shown_for: tuple[object, ...] = ()
        self._proves: tuple[object, ...] = ()
        self._lines: list[StateLine] = []
        box, self._places = column(SPACE // 2)
        self.move = QPushButton(_("Put them into the machine store"))
        self.move.clicked.connect(self._move)
        self.content.insertWidget(1, box)
        row = QHBoxLayout()
        row.addWidget(self.move)
        row.addStretch(1)
        self.content.insertLayout(2, row)
        self.proving = ChecksPanel(list(engine_checks().values()), _("Prove it"))
        self.proving.test_wanted.connect(self._prove)
        self.proving.cancel_wanted.connect(self.cancel_work)
        self.content.addWidget(heading(_("Will the engines start tonight?")))
        self.content.addWidget(muted(_("The checks run as the engines' account, on the profile as it was written.")))
        self.content.addWidget(self.proving)
        self.content.addWidget(self._by_hand())

    def show_state(self, state: flow.State) -> None:
        super().show_state(state)
        self._show_places(state)
        shown_for = _proved_by(state)
        if shown_for != self._shown_for:
            self._shown_for = shown_for
            self.proving.show_results({})
            self.hand.hide()

    def test_again(self) -> None:
        if self.proving.test.isVisible():
            self.proving.test.click()

    def cancel_work(self) -> None:
        if self._task:
            self._task.cancel()

    @property
    def working(self) -> bool:
        return self._task is not None

    def take_over(self, former: EnginePage) -> None:
        super().take_over(former)
        self._shown_for, self._took = former._shown_for, former._took
        self.proving.show_results(i18n.retold(former.proving.results))
        if not former.hand.isHidden():
            self._result = former._result
            self.command.setText(former.command.text())
            self.hand.show()

    def forget(self) -> None:
        self._end()
        self._shown_for = ()
        self._took.clear()

    def _show_places(self, state: flow.State) -> None:
        for line in self._lines:
            self._places.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []
        for one in stores.kept(state.data):
            line = StateLine()
            self._places.addWidget(line)
            text = f"{label(one.path, state.data)}: {one.offer.title}. {one.offer.reason}"
            line.show_state("ok" if one.offer.fits else "warn", text)
            self._lines.append(line)
        self.move.setVisible(bool(stores.to_move(state)))

    def _move(self) -> None:
        """Take over what this account reads; writing the profile stores it anew."""
        wanted = stores.to_move(self.shell.state)

        def work(_report: object) -> dict[str, str]:
            return {path: references.fetch(reference, path) for path, reference in wanted}

        def done(values: dict[str, str]) -> None:
            self.shell.change(lambda state: stores.moved(state, values))
            self.shell.banner.say("ok", _("Writing the profile will put the passwords into the machine store."))

        self.shell.background.start(work, on_done=done, on_failed=lambda error: self._told(error, by_hand=False))

    # --- proving -------------------------------------------------------------------------------

    def _prove(self) -> None:
        written = self._written()
        if written is None or self._task:
            return
        file, profile = written
        attempt = proof.Attempt(file, profile)
        self.shell.banner.silence()
        self.hand.hide()
        course = Course(tuple(engine_checks().values()), self._took)
        for check in course.checks:
            # They run side by side, and are heard of together.
            course.started(check.id)
        self.proving.show_running(course)
        self.proving.progress.setRange(0, 0)
        announce(self, _("Checks are running: {count}. Esc cancels.").format(count=len(engine_checks())))

        def done(answer: tuple[proof.Proof, ProfileError | None]) -> None:
            for result in answer[0].results.values():
                course.ended(result)
            self._proved(answer)

        def failed(error: Exception) -> None:
            self._end()
            self._told(error, by_hand=True)

        def work(_report: object) -> tuple[proof.Proof, ProfileError | None]:
            return _kept(file, profile, attempt.run())

        self._task = self.shell.background.start(work, on_done=done, on_failed=failed, cancel=_aside(attempt.cancel))

    def _written(self) -> tuple[Path, Profile] | None:
        """The profile as it is on disk; None, and said so, when what is typed was not written."""
        state = self.shell.state
        if state.file is None or flow.unsaved(state, state.saved_data):
            text = _("Write the profile first, on the last page: the engines read the file, not this window.")
            self.shell.banner.say("info", text)
            return None
        self._proves = _proved_by(state)
        return state.file, flow.profile_of(state)

    def _proved(self, answer: tuple[proof.Proof, ProfileError | None]) -> None:
        self._end()
        found, not_kept = answer
        if self._proves != _proved_by(self.shell.state):
            text = _("The profile changed while it was being proved. Write it, then prove it again.")
            self.shell.banner.say("info", text)
            return
        self.proving.show_results(found.results)
        if found.passed:
            self.shell.banner.say("ok", _("Proved as {account}: the engines will start.").format(account=found.account))
        else:
            text = _("As {account} not everything works; see below.").format(account=found.account)
            self.shell.banner.say("fail", text)
        if not_kept:
            text = _("The checklist could not take the proof over: {reason}")
            self.shell.banner.say("warn", text.format(reason=not_kept))

    def _told(self, error: Exception, by_hand: bool) -> None:
        problem = getattr(error, "problem", None)
        if problem is None:
            raise error
        if problem.code == "cancelled":
            announce(self, problem.message)
            return
        self.shell.banner.say("fail", f"{problem.message} {problem.action}".strip(), code=problem.code)
        if by_hand:
            self._show_command()

    def _end(self) -> None:
        self._task = None
        self.proving.show_running(None)

    # --- by hand -------------------------------------------------------------------------------

    def _by_hand(self) -> QWidget:
        self.hand, layout = column()
        self.command = QLineEdit()
        self.command.setReadOnly(True)
        self.command.setAccessibleName(_("Command for the engines' account"))
        self.copy = QPushButton(_("Copy command"))
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(self.command.text()))
        self.read = QPushButton(_("Read the result"))
        button_icon(self.read, "open")
        self.read.clicked.connect(self._read)
        self.other = QPushButton(_("Another file..."))
        self.other.clicked.connect(self._browse)
        layout.addWidget(muted(_("Run this command as the engines' account, on this machine; then read its result.")))
        layout.addWidget(self.command)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        for button in (self.copy, self.read, self.other):
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        self.hand.hide()
        return self.hand

    def _show_command(self) -> None:
        file = self.shell.state.file
        if file is not None:
            self._result = proof.result_file()
            self.command.setText(proof.command_text(file, self._result))
            self.command.setCursorPosition(0)
            self.hand.show()
            self.shell.mark_letters()

    def _read(self) -> None:
        self.read_result(self._result)

    def _browse(self) -> None:
        dialog = QFileDialog(self, _("Result of the command"), "", "*.json")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.read_result(Path(name)))
        dialog.open()

    def read_result(self, out: Path) -> None:
        """Take over what the command left in a file."""
        written = self._written()
        if written is None:
            return
        file, profile = written
        account = references.engine_account(profile)
        self.shell.background.start(
            lambda _report: _kept(file, profile, proof.read_result(out, file, account)),
            on_done=self._proved,
            on_failed=lambda error: self._told(error, by_hand=False),
        )


def _proved_by(state: flow.State) -> tuple[object, ...]:
    """What a proof is of: the file, its account and what the file said; anything typed makes it another."""
    return state.file, state.digest, state.data


def _kept(file: Path, profile: Profile, found: proof.Proof) -> tuple[proof.Proof, ProfileError | None]:
    """A proof that was written down for the checklist, or why it could not be."""
    try:
        proof.keep(file, profile, found)
    except ProfileError as error:
        return found, error
    return found, None


def _aside(call: Callable[[], None]) -> Callable[[], None]:
    """A call in a thread of its own: ending a process of another account takes a moment."""
    import threading

    return lambda: threading.Thread(target=call, name="window-cancel", daemon=True).start()


PAGE = EnginePage
