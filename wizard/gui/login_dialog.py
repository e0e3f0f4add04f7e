"""Logs in through one data source, to see whether it leads somewhere; nothing is saved."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtWidgets import QFormLayout, QLineEdit, QPushButton, QWidget

from wizard.checklist.check import Outcome
from wizard.connection.dsn_login import login_job, outcome
from wizard.flow import state as flow
from wizard.flow.data_sources import known_password
from wizard.gui.background import Background, Task
from wizard.gui.parts import column, muted
from wizard.gui.sheet import Sheet
from wizard.gui.style import SPACE
from wizard.isolated.host import Job
from wizard.secrets.references import SecretError

LIMIT = 30
"""Seconds that a login may take."""


class LoginDialog(Sheet):
    """User and password are those of the page until others are typed; Cancel ends the driver's call at once."""

    help_section = "database#login"

    def __init__(self, parent: QWidget, background: Background, state: flow.State, name: str) -> None:
        super().__init__(parent, _("Test the login through {name}").format(name=name), (560, 320))
        self._background = background
        self._state = state
        self._name = name
        self._task: Task | None = None
        self._given = str(flow.value_of(state.data, "database.user") or "")
        self.user = QLineEdit(self._given)
        self.user.setAccessibleName(_("User"))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(_("Password"))
        if flow.value_of(state.data, "database.password"):
            self.password.setPlaceholderText(_("that of the page, unless one is typed here"))
        box, content = column()
        form = QFormLayout()
        form.setHorizontalSpacing(SPACE * 2)
        form.setVerticalSpacing(SPACE)
        form.addRow(_("User"), self.user)
        form.addRow(_("Password"), self.password)
        content.addLayout(form)
        self.details = muted("")
        content.addWidget(self.details)
        content.addStretch(1)
        self.test = QPushButton(_("Test"))
        self.test.setObjectName("forward")
        self.test.clicked.connect(self._test)
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.clicked.connect(self._cancel)
        self.close_button = QPushButton(_("Close"))
        self.close_button.clicked.connect(self.reject)
        self.fill([box], [self.test, self.cancel, self.close_button])
        self.user.returnPressed.connect(self._test)
        self.password.returnPressed.connect(self._test)
        self._show_running(False)
        (self.password if self._given else self.user).setFocus()

    def _test(self) -> None:
        if self._task is not None:
            return
        user, typed = self.user.text().strip(), self.password.text()
        jobs: list[Job] = []
        ended: list[bool] = []

        def work() -> Outcome:
            try:
                known = known_password(self._state) if user == self._given and not typed else None
            except SecretError as error:
                return Outcome("fail", error.problem.code, error.problem.message, error.problem.action)
            job = login_job(self._name, user or None, typed or known, LIMIT)
            jobs.append(job)
            if ended:
                job.cancel()
            return outcome(job.run(), self._name, LIMIT)

        def cancel() -> None:
            # Also before the thread has come to the job.
            ended.append(True)
            for job in jobs:
                job.cancel()

        self._task = self._background.start(
            lambda _report: work(), on_done=self._show, on_failed=self._failed, cancel=cancel
        )
        self.details.setText("")
        self.say("running", _("Logging in..."))
        self._show_running(True)

    def _show(self, found: Outcome) -> None:
        self._task = None
        self._show_running(False)
        self.say(found.status, f"{found.message} {found.hint}".strip())
        self.details.setText("\n".join(text for text in found.details.values() if text))

    def _failed(self, error: Exception) -> None:
        self._task = None
        self._show_running(False)
        self.say("fail", type(error).__name__)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _show_running(self, running: bool) -> None:
        held = self.test.hasFocus() or self.cancel.hasFocus()
        self.test.setVisible(not running)
        self.cancel.setVisible(running)
        if held:
            (self.cancel if running else self.test).setFocus()
        self.mark_letters()

    def reject(self) -> None:
        """Esc ends what runs first, then the dialog."""
        if self._task is not None:
            self._task.cancel()
            return
        super().reject()

    def done(self, result: int) -> None:
        """Closing: the typed password goes, and nobody waits for an answer."""
        self._background.drop(self._task)
        self.password.clear()
        super().done(result)
