"""Asks what another company has of its own before its profile is begun as a copy."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from wizard.flow import second_company
from wizard.flow import state as flow
from wizard.flow.second_company import Copy
from wizard.gui.form import FormView
from wizard.gui.pages.page import scrolled
from wizard.gui.parts import wrapped
from wizard.gui.sheet import Sheet


class DuplicateDialog(Sheet):
    """The questions of a copy; `made` carries it once they are answered. Nothing is written by that."""

    made = Signal(object)

    def __init__(self, parent: QWidget, copy: Copy) -> None:
        title = _("Copy “{name}” for another company").format(name=copy.first_name)
        super().__init__(parent, title, (680, 620))
        self.current = copy
        self._pressed = False
        about = wrapped(_("Connection, web service and options are taken over; grade types and validation are not."))
        self.form = FormView()
        self.form.edited.connect(self._edited)
        self.form.secret_typed.connect(lambda path, text: self._change(flow.type_secret(self._state, path, text)))
        self.form.store_chosen.connect(lambda path, kind: self._change(flow.choose_store(self._state, path, kind)))
        self.go = QPushButton(_("Make the copy"))
        self.go.setObjectName("forward")
        self.go.clicked.connect(self._go)
        self.enters = self.go
        cancel = QPushButton(_("Cancel"))
        cancel.clicked.connect(self.reject)
        self.fill([about, scrolled(self.form)], [self.go, cancel], stretched=1)
        self._show()
        self.mark_letters()
        self.form.focus_first()

    @property
    def _state(self) -> flow.State:
        return self.current.state

    def _edited(self, path: str, value: object) -> None:
        self.current = second_company.typed(self.current, path, value)
        self._show()

    def _change(self, state: flow.State) -> None:
        self.current = replace(self.current, state=state)
        self._show()

    def _show(self) -> None:
        self.form.show_form(second_company.questions(self.current), self._state)
        found = {
            problem.path: f"{problem.message} {problem.action}".strip()
            for problem in second_company.wrong(self.current)
            if self._pressed or flow.value_of(self._state.data, problem.path)
        }
        self.form.show_problems(found)
        if not found:
            self.say("", "")

    def _go(self) -> None:
        self._pressed = True
        found = second_company.wrong(self.current)
        self._show()
        if found:
            self.say("fail", _("Missing or wrong values: {count}.").format(count=len(found)))
            self.form.focus_on(found[0].path)
            return
        self.accept()
        self.made.emit(self.current)
