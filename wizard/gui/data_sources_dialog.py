"""The list of data sources and drivers of this machine, and everything that can be done with one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QGridLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from wizard.connection.data_sources import DataSource, Listing, Scope
from wizard.connection.dsn_installer import DsnError, administrator, as_system, delete
from wizard.connection.library_file import PROGRAM_BITS, Bits
from wizard.flow import data_sources as words
from wizard.flow import dsn_editing
from wizard.flow import state as flow
from wizard.flow.model_facts import has_field
from wizard.gui.background import Background, Task
from wizard.gui.copying import copies_rows
from wizard.gui.delete_dialog import DeleteDialog
from wizard.gui.dsn_dialog import DsnDialog
from wizard.gui.login_dialog import LoginDialog
from wizard.gui.parts import StateLine, column, muted
from wizard.gui.sheet import Sheet
from wizard.gui.style import ICON_SIZE, SPACE, state_icon
from wizard.gui.table_and_details import TableAndDetails

PER_ROW = 4
"""Buttons that stand side by side on a screen of 1024 pixels at 150 %."""


class DataSourcesDialog(Sheet):
    """Reads the machine by itself, again after each change; `changed` carries what it read, `taken` a chosen name."""

    help_section = "database#data-source"

    changed = Signal(object)
    taken = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        background: Background,
        state: flow.State,
        *,
        found: words.Machine | None = None,
        server: Mapping[str, str] | None = None,
        administrators: Mapping[Bits, Path] | None = None,
    ) -> None:
        super().__init__(parent, _("Data sources (DSN)"), (920, 620))
        self._background = background
        self._state = state
        self._kind = str(flow.value_of(state.data, "database.kind") or "")
        self._server = dict(server or {})
        self._administrators = _administrators() if administrators is None else administrators
        self._task: Task | None = None
        self.found = found
        headers = (_("Name"), _("State"), _("Driver"), _("Server"), _("Scope"), _("Bitness"), _("Engines see it"))
        self.sources = _table(_("Data sources"), headers, 2)
        self.sources.currentCellChanged.connect(lambda *_cells: self._show_selected())
        self.sources.cellActivated.connect(lambda *_cells: self._use())
        self.details, self._detail_lines = column(SPACE // 2)
        headers = (_("Name"), _("State"), _("Version"), _("Bitness"), _("Library"))
        self.drivers = _table(_("Drivers"), headers, 4)
        self.drivers.currentCellChanged.connect(lambda *_cells: self._show_driver())
        self.driver_details, self._driver_lines = column(SPACE // 2)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("Data sources and drivers"))
        self.tabs.addTab(_page(self.sources, self.details, self._make_actions()), _("Data sources"))
        self.tabs.addTab(_page(self.drivers, self.driver_details, None), _("Drivers"))
        self.tabs.currentChanged.connect(lambda _index: self.mark_letters())
        self.use = QPushButton(_("Use in this profile"))
        self.use.setObjectName("forward")
        self.use.clicked.connect(self._use)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.reject)
        for key, button in ((Qt.Key.Key_Delete, self.delete), (Qt.Key.Key_F5, self.again)):
            within = Qt.ShortcutContext.WidgetShortcut
            QShortcut(QKeySequence(key), self.sources, context=within, activated=button.click)
        self.fill([self.tabs], [self.use, close])
        self.use.setVisible(self._takes_dsn)
        self.sources.setFocus()
        if found:
            self._show(found, self._wished())
        self.read_again(self._wished())

    @property
    def _rows(self) -> tuple[words.SourceRow, ...]:
        return self.found.rows if self.found else ()

    @property
    def _drivers(self) -> tuple[words.DriverRow, ...]:
        return self.found.drivers if self.found else ()

    @property
    def _takes_dsn(self) -> bool:
        return has_field("database.dsn", self._state.data)

    def _wished(self) -> tuple[str, Scope | None]:
        return str(flow.value_of(self._state.data, "database.dsn") or ""), None

    def _make_actions(self) -> QWidget:
        self.new = self._action(_("New..."), self._new)
        self.repair = self._action(_("Repair..."), self._repair)
        self.login = self._action(_("Test login..."), self._login)
        self.delete = self._action(_("Delete..."), self._delete)
        self.system = self._action(_("Make it a System DSN"), self._as_system)
        self.copy = self._action(_("Copy list"), self._copy)
        self.again = self._action(_("Read again"), lambda: self.read_again(self._key()))
        self.admin = self._action(_("ODBC administrator"), self._open_administrator)
        actions = [self.new, self.repair, self.login, self.delete, self.system, self.copy, self.again]
        if self._administrators:
            actions.append(self.admin)
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE)
        for index, button in enumerate(actions):
            grid.addWidget(button, index // PER_ROW, index % PER_ROW)
        self.admin.setVisible(bool(self._administrators))
        return box

    def _action(self, text: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: action())
        # Without a parent it would be a window of its own.
        button.setParent(self)
        return button

    # --- reading and showing -------------------------------------------------------------------

    def read_again(self, select: tuple[str, Scope | None] = ("", None), told: tuple[str, str] = ("", "")) -> None:
        """List the machine off the GUI thread, select one, and say what came of the work before."""
        if self._task is not None:
            return
        if self.found is None:
            self.say("info", _("The data sources of this machine are being read..."))

        def done(found: words.Machine) -> None:
            self._task = None
            self._show(found, select)
            self.say(*told)
            self.changed.emit(found)

        self._start(words.machine, done)

    def _start(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._task = self._background.start(lambda _report: work(), on_done=done, on_failed=self._failed)
        self._enable()

    def _failed(self, error: Exception) -> None:
        self._task = None
        self._enable()
        told = words.sentences(error.problems) if isinstance(error, DsnError) else type(error).__name__
        self.say("fail", told)

    def done(self, result: int) -> None:
        """Closing: what is still under way is nobody's concern any more."""
        self._background.drop(self._task)
        self._task = None
        super().done(result)

    def _show(self, found: words.Machine, select: tuple[str, Scope | None]) -> None:
        before = self._key()
        self.found = found
        _fill(self.sources, [(row.cells, row.state, row.told) for row in self._rows], mark=1)
        for index, row in enumerate(self._rows):
            self.sources.item(index, 6).setIcon(state_icon("ok" if row.source.seen_by_engines else "warn"))
        _fill(self.drivers, [(row.cells, row.state, row.told) for row in self._drivers], mark=1)
        for key in (select, before):
            place = next((i for i, row in enumerate(self._rows) if _is(row.source, key)), None)
            if place is not None:
                break
        if self._rows:
            self.sources.setCurrentCell(place or 0, 0)
        if self._drivers and self.drivers.currentRow() < 0:
            self.drivers.setCurrentCell(0, 0)
        self._show_selected()
        self._show_driver()

    @property
    def selected(self) -> words.SourceRow | None:
        """The data source that is selected."""
        index = self.sources.currentRow()
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def _key(self) -> tuple[str, Scope | None]:
        row = self.selected
        return (row.source.name, row.source.scope) if row else ("", None)

    def _show_selected(self) -> None:
        _clear(self._detail_lines)
        row = self.selected
        if row is None:
            if self.found is not None:
                self._detail_lines.addWidget(_line("info", _("There is no data source on this machine. Create one.")))
        else:
            for text in row.told:
                self._detail_lines.addWidget(_line("fail" if row.state == "fail" else "warn", text))
            source = row.source
            facts = (
                (_("Description"), source.description),
                (_("Database"), source.database),
                (_("Library"), source.library),
                (_("Place"), source.place),
                (_("Seen by the engines"), source.reason),
            )
            for label, text in facts:
                if text and text not in row.told:
                    self._detail_lines.addWidget(muted(f"{label}: {text}"))
        for problem in self.found.found.problems if self.found else ():
            self._detail_lines.addWidget(_line("fail", words.sentence(problem)))
        self._enable()

    def _show_driver(self) -> None:
        _clear(self._driver_lines)
        missing = words.missing_driver(self.found, self._kind) if self.found else ""
        index = self.drivers.currentRow()
        told = self._drivers[index].told if 0 <= index < len(self._drivers) else ()
        for text in told:
            self._driver_lines.addWidget(_line("fail", text))
        if missing and missing not in told:
            self._driver_lines.addWidget(_line("warn", missing))

    def _enable(self) -> None:
        row, idle = self.selected, self._task is None
        for button in (self.repair, self.login, self.delete, self.use):
            button.setEnabled(row is not None and idle)
        for button in (self.new, self.again):
            button.setEnabled(idle and (button is self.again or self.found is not None))
        self.system.setEnabled(row is not None and row.source.scope == "user" and idle)
        self.copy.setEnabled(self.found is not None)
        text = _("ODBC administrator ({bits} bit)").format(bits=self._bits())
        if self.admin.text().replace("&", "") != text:
            self.admin.setText(text)
        self.admin.setEnabled(self._bits() in self._administrators)

    # --- what can be done ----------------------------------------------------------------------

    def _use(self) -> None:
        row = self.selected
        if row is not None and self._takes_dsn:
            self.taken.emit(row.source.name)
            self.accept()

    def _new(self) -> None:
        section = self._state.data.get("database")
        given = {**(section if isinstance(section, Mapping) else {}), **self._server}
        if self.found and any(_is(row.source, (str(given.get("dsn") or ""), None)) for row in self._rows):
            given.pop("dsn", None)
        self._edit(lambda found: dsn_editing.new_draft(found, self._kind, given))

    def _repair(self) -> None:
        row = self.selected
        if row is not None:
            self._edit(lambda found: dsn_editing.repair_draft(found, row.source))

    def _edit(self, draft: Callable[[Listing], dsn_editing.DsnDraft]) -> None:
        if self.found is None:
            return
        dialog = DsnDialog(self, self._background, self.found.found, draft(self.found.found))
        dialog.saved.connect(self._saved)
        dialog.open()

    def _saved(self, source: DataSource) -> None:
        text = _("The DSN {name} was written and read back. Test its login now.").format(name=source.name)
        self.read_again((source.name, source.scope), ("ok", text))

    def _delete(self) -> None:
        row = self.selected
        if row is None:
            return
        source = row.source
        dialog = DeleteDialog(self, source.name, row.scope)
        dialog.accepted.connect(lambda: self._carry_out_delete(source))
        dialog.open()

    def _carry_out_delete(self, source: DataSource) -> None:
        def done(_nothing: object) -> None:
            self._task = None
            self.read_again(told=("ok", _("The DSN {name} was deleted.").format(name=source.name)))

        self._start(lambda: delete(source.name, source.scope), done)

    def _as_system(self) -> None:
        row = self.selected
        if row is None:
            return

        def done(made: DataSource) -> None:
            self._task = None
            text = _("{name} is a System DSN now. Delete the user DSN: it hides the new one from this account.")
            self.read_again((made.name, "system"), ("ok", text.format(name=made.name)))

        self._start(lambda: as_system(row.source), done)

    def _login(self) -> None:
        row = self.selected
        if row is not None:
            LoginDialog(self, self._background, self._state, row.source.name).open()

    def _copy(self) -> None:
        if self.found is not None:
            QApplication.clipboard().setText(words.copied(self.found))
            self.say("ok", _("Both lists are on the clipboard."))

    def _bits(self) -> Bits:
        """Where the selected data source is edited: each bitness has an administrator of its own."""
        row = self.selected
        return (row.source.bits if row else None) or PROGRAM_BITS

    def _open_administrator(self) -> None:
        path = self._administrators.get(self._bits())
        if path is not None and QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.say("info", _("After changing something there, press “Read again” here."))
        else:
            self.say("fail", _("The ODBC administrator could not be started. Start it from the Windows menu."))


def _administrators() -> dict[Bits, Path]:
    """The ODBC administrators of this machine; only Windows has them."""
    found: tuple[tuple[Bits, Path | None], ...] = ((64, administrator(64)), (32, administrator(32)))
    return {bits: path for bits, path in found if path is not None}


def _is(source: DataSource, key: tuple[str, Scope | None]) -> bool:
    return source.name.casefold() == key[0].casefold() and key[1] in (None, source.scope)


def _page(table: QTableWidget, details: QWidget, actions: QWidget | None) -> QWidget:
    """Table, what there is to say of its row, and the buttons."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
    layout.setSpacing(SPACE)
    layout.addWidget(TableAndDetails(table, details), 1)
    if actions is not None:
        layout.addWidget(actions)
    return page


def _table(name: str, headers: Sequence[str], stretched: int) -> QTableWidget:
    table = QTableWidget(0, len(headers))
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(list(headers))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + SPACE)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    table.setMinimumHeight(SPACE * 14)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    # What may be long gives way, and is whole in the tool tip.
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
    header.setMinimumSectionSize(SPACE * 8)
    copies_rows(table)
    return table


def _fill(table: QTableWidget, rows: Sequence[tuple[Sequence[str], str, Sequence[str]]], mark: int) -> None:
    """Show rows; the column `mark` carries the icon of the state, and a screen reader hears the row as a whole."""
    table.setUpdatesEnabled(False)
    table.setRowCount(len(rows))
    for index, (cells, state, told) in enumerate(rows):
        for column_, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(index, column_, item)
        table.item(index, mark).setIcon(state_icon(state))
        table.item(index, 0).setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, cells)))
        table.item(index, 0).setData(Qt.ItemDataRole.AccessibleDescriptionRole, " ".join(told))
    table.setUpdatesEnabled(True)


def _clear(layout: Any) -> None:
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.setParent(None)
            widget.deleteLater()


def _line(state: str, text: str) -> StateLine:
    line = StateLine()
    line.show_state(state, text)
    return line
