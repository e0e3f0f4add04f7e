"""A page that asks the questions of its step and, where the step has checks, lets them be tested."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _

from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout

from wizard.checklist.registry import chosen
from wizard.flow import state as flow
from wizard.flow.steps import BY_ID, form
from wizard.gui.checks_panel import ChecksPanel
from wizard.gui.form import FormView
from wizard.gui.pages.page import Page, Shell, scrolled
from wizard.gui.parts import column
from wizard.gui.style import SPACE


class FormPage(Page):
    """Form and checks of one step. Pages with more to show build on it and add to `content`."""

    def __init__(self, shell: Shell, step: str) -> None:
        super().__init__(shell)
        self.step = step
        self.form = FormView()
        self.form.show_form(form(step, shell.state.data), shell.state)
        self.form.edited.connect(self._edited)
        self.form.secret_typed.connect(lambda path, secret: shell.change(lambda s: flow.type_secret(s, path, secret)))
        self.form.store_chosen.connect(lambda path, kind: shell.change(lambda s: flow.choose_store(s, path, kind)))
        self.form.rebuilt.connect(shell.mark_letters)
        box, self.content = column(SPACE * 2)
        self.content.addWidget(self.form)
        ids = BY_ID[step].checks
        if ids:
            self.checks = ChecksPanel([check for check in chosen(ids) if check.id != "profile.valid"], _("Test"))
            self.checks.test_wanted.connect(lambda: shell.checking.start(ids, step))
            self.checks.cancel_wanted.connect(shell.checking.cancel)
            self.content.addWidget(self.checks)
        self.area: QScrollArea = scrolled(box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        QApplication.instance().focusChanged.connect(self._follow)

    def show_state(self, state: flow.State) -> None:
        self.form.show_form(form(self.step, state.data), state)
        if self.checks:
            self.checks.show_results(state.results)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        self.form.show_problems(problems)

    def focus_first(self) -> None:
        self.form.focus_first()

    def focus_on(self, path: str) -> bool:
        return self.form.focus_on(path)

    def drop_secrets(self) -> None:
        self.form.drop_secrets()

    def _edited(self, path: str, value: object) -> None:
        self.shell.change(lambda state: flow.edit(state, path, value))

    def _follow(self, _old: object, now: object) -> None:
        """Keep the field with the keyboard in sight."""
        if now is not None and self.isVisible() and self.area.isAncestorOf(now):
            self.area.ensureWidgetVisible(now, SPACE * 2, SPACE * 6)
