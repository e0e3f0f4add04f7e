"""Database: the form, the data sources of this machine behind the field DSN, and what the server says of levels."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from wizard import i18n
from wizard.connection.isolation_levels import Levels, from_child, levels_job
from wizard.flow import data_sources, isolation
from wizard.flow import state as flow
from wizard.flow.data_sources import Machine
from wizard.flow.isolation import Asked
from wizard.flow.pasted_connection import Pasted, paste
from wizard.gui.background import Task
from wizard.gui.data_sources_dialog import DataSourcesDialog
from wizard.gui.editors import SourceEditor
from wizard.gui.pages.form_page import FormPage
from wizard.gui.pages.page import Shell
from wizard.gui.paste_dialog import PasteDialog
from wizard.gui.style import button_icon
from wizard.profile.errors import ProfileError

DSN = "database.dsn"
ISOLATION = "database.isolation"
LOGIN = "database.login"


class DatabasePage(FormPage):
    """The questions of the kind, its data sources, and its isolation levels."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell, "database")
        self.found: Machine | None = None
        self._reading: Task | None = None
        self._asking: Task | None = None
        self._asked: Asked | None = None
        self._tested: object = None
        self._editor: SourceEditor | None = None
        self._pasted: Mapping[str, str] = {}
        self.paste = QPushButton(_("Paste connection..."))
        button_icon(self.paste, "import")
        self.paste.clicked.connect(lambda _checked=False: self.open_paste())
        self.sources = QPushButton(_("Data sources (DSN)..."))
        button_icon(self.sources, "open")
        self.sources.clicked.connect(self._open_sources)
        row = QHBoxLayout()
        row.addWidget(self.sources)
        row.addWidget(self.paste)
        row.addStretch(1)
        self.content.insertLayout(0, row)

    def show_state(self, state: flow.State) -> None:
        super().show_state(state)
        if self.found is None and self.isVisible():
            self.read_again()
        self._show_sources(state)
        self._show_levels(state)
        self._ask_levels(state)

    def showEvent(self, event: QShowEvent) -> None:
        """A data source may have been made meanwhile with the system's own program."""
        super().showEvent(event)
        self.read_again()

    def forget(self) -> None:
        # Whatever was under way has been dropped with the former profile; the machine stays what it is.
        self._reading = self._asking = self._asked = self._tested = None
        self._pasted = {}

    def take_over(self, former: DatabasePage) -> None:
        super().take_over(former)
        self._pasted, self._asked = former._pasted, i18n.retold(former._asked)
        self._tested = self.shell.state.results.get(LOGIN)

    def cancel_work(self) -> None:
        if self._asking:
            self._asking.cancel()

    # --- data sources --------------------------------------------------------------------------

    def read_again(self) -> None:
        """List the data sources, off the GUI thread: a home on a share or a slow registry would hold it up."""
        if self._reading is None:
            self._reading = self.shell.background.start(
                lambda _report: data_sources.machine(), on_done=self._listed, on_failed=self._not_listed
            )

    def _listed(self, found: Machine) -> None:
        self._reading = None
        self.take_listing(found)

    def _not_listed(self, error: Exception) -> None:
        self._reading = None
        text = _("The data sources of this machine cannot be listed ({reason}). The name can be typed all the same.")
        self.shell.banner.say("warn", text.format(reason=type(error).__name__))

    def take_listing(self, found: Machine) -> None:
        """Show another listing, as the dialog reads it after each change."""
        self.found = found
        self._show_sources(self.shell.state)
        self.shell.mark_letters()

    def _show_sources(self, state: flow.State) -> None:
        asked = any(field.path == DSN for field in self.form.fields)
        self.sources.setVisible(asked)
        if not asked:
            return
        editor = self.form.editor(DSN)
        if editor is not self._editor and isinstance(editor, SourceEditor):
            self._editor = editor
        if self.found is None or self._editor is None:
            return
        kind = str(flow.value_of(state.data, "database.kind") or "")
        name = str(flow.value_of(state.data, DSN) or "")
        self._editor.show_choices(data_sources.choices(self.found, kind, name))
        note = data_sources.note(self.found, kind, name)
        self._editor.show_proposal(note.use)
        self.form.show_note(DSN, note.state, note.text)

    def _open_sources(self) -> None:
        dialog = DataSourcesDialog(self, self.shell.background, self.shell.state, found=self.found, server=self._pasted)
        dialog.changed.connect(self.take_listing)
        dialog.taken.connect(lambda name: self.shell.change(lambda state: flow.edit(state, DSN, name)))
        dialog.open()

    # --- a pasted connection -------------------------------------------------------------------

    def open_paste(self, text: str = "") -> None:
        """Ask for a connection; a text that was dropped stands in it already."""
        kind = str(flow.value_of(self.shell.state.data, "database.kind") or "")
        dialog = PasteDialog(self, kind, self.found, text)
        dialog.pasted.connect(self._take)
        dialog.open()

    def _take(self, pasted: Pasted) -> None:
        self._pasted = dict(pasted.server)
        self.shell.change(lambda state: paste(state, pasted))
        text = _("The connection was filled in. Compare it, then test.")
        if pasted.password:
            text += " " + _("The password waits to be stored with the profile; it is not shown.")
        if any(field.path == DSN for field in self.form.fields) and not flow.value_of(self.shell.state.data, DSN):
            needed = {problem.path for problem in flow.problems(self.shell.state, "database")}
            if DSN in needed:
                create = ((_("Data sources (DSN)..."), self._open_sources),)
                text = _("The connection was filled in, but this kind goes through a DSN: choose or create one.")
                self.shell.banner.say("warn", text, create)
                return
        self.shell.banner.say("ok", text)

    # --- isolation levels ----------------------------------------------------------------------

    def _show_levels(self, state: flow.State) -> None:
        self.form.editor(ISOLATION).show_choices(isolation.choices(state.data, self._asked))
        self.form.editor(ISOLATION).show_value(flow.value_of(state.data, ISOLATION))
        self.form.show_note(ISOLATION, *isolation.note(state.data, self._asked))

    def _ask_levels(self, state: flow.State) -> None:
        """After a login that went well, ask the server once what levels it has; not again for the same result."""
        result = state.results.get(LOGIN)
        if result is self._tested or self._asking is not None:
            return
        self._tested = result
        if result is None or not result.passed:
            return
        try:
            subject = flow.test_subject(state, "database")
        except ProfileError:
            return
        section: dict[str, Any] = dict(state.data["database"])
        job = levels_job(subject)
        self._asking = self.shell.background.start(
            lambda _report: from_child(job.run()),
            on_done=lambda levels: self._levels_told(levels, section),
            on_failed=lambda _error: self._levels_told(None, section),
            cancel=job.cancel,
        )

    def _levels_told(self, levels: Levels | None, section: Mapping[str, Any]) -> None:
        self._asking = None
        if levels is not None:
            self._asked = Asked(levels, section)
        self._show_levels(self.shell.state)
        # It may have been tested again meanwhile.
        self._ask_levels(self.shell.state)


PAGE = DatabasePage
