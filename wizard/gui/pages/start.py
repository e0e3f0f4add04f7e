"""Start: which profile to work on, and what for."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from wizard import i18n
from wizard.checklist.registry import checks
from wizard.flow import comparison, draft_file, profile_list, recent, second_company, words
from wizard.flow import state as flow
from wizard.flow.comparison import Line
from wizard.flow.profile_list import Row
from wizard.gui.background import Report, Task
from wizard.gui.comparison_dialog import ProfilesDialog, SinceDialog
from wizard.gui.copying import copies_rows
from wizard.gui.duplicate_dialog import DuplicateDialog
from wizard.gui.pages.page import Page, Shell
from wizard.gui.parts import StateLine, announce, column, muted
from wizard.gui.restore_dialog import RestoreDialog
from wizard.gui.style import NARROW_FROM, SIDEBAR_WIDTH, SPACE, button_icon, state_icon, tone
from wizard.gui.theme import theme
from wizard.gui.welcome import Welcome
from wizard.profile.errors import ProfileError

ICONS = {"never": "pending", "failed": "failed", "stale": "warn", "passed": "passed"}
COMPANY, STATE, ENVIRONMENT, OPENED = 1, 2, 3, 4
WIDE_FROM = 860
"""From this width of the page there is room for more than the names."""


class StartPage(Page):
    """The profiles of the folder and those opened lately, and what can be done with them."""

    _before: Path | None = None
    """The profile that was selected in another language."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._entries: tuple[Row, ...] = ()
        self._shown_folder: Path | None = None
        self._opening: Task | None = None
        self._listing: Task | None = None
        self.new = self._action("new", _("New profile"), self._new)
        self.open = self._action("open", _("Open"), lambda: self._open("company"))
        self.duplicate = self._action("copy", _("Duplicate for another company"), self._duplicate)
        self.compare = self._action("compare", _("Compare two profiles"), self._compare)
        self.since = self._action("info", _("What changed since validated"), self._tell_since)
        self.since.hide()
        self.reimport = self._action("import", _("Import grade types again"), self._reimport)
        self.verify = self._action("verify", _("Verify the checklist"), lambda: self._open("checklist", verify=True))
        self.former = self._action("restore", _("Former versions..."), self._show_former)
        self.other = self._action("open", _("Open a file from elsewhere..."), self._browse_file)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(_("name, company, customer, server"))
        self.search.setAccessibleName(_("Search the profiles"))
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search_label = QLabel(_("Search"))
        self.search_label.setBuddy(self.search)
        self.table = self._table()
        self.empty = muted("")
        self.unreadable = StateLine()
        self.unreadable.hide()
        self.welcome = Welcome(shell)
        self.welcome.hide()
        # A line to read and copy from: a long path scrolls in it instead of being cut.
        self.folder = QLineEdit()
        self.folder.setReadOnly(True)
        self.folder.setFrame(False)
        self.folder.setAccessibleName(_("Folder of the profiles"))
        self.change_folder = QPushButton(_("Other folder..."))
        self.change_folder.clicked.connect(self._browse_folder)

        self._lay_out()
        theme().changed.connect(self._fill)

    def show_state(self, state: flow.State) -> None:
        if state.folder != self._shown_folder:
            self._shown_folder = state.folder
            self.folder.setText(_("Folder: {folder}").format(folder=state.folder))
            self.folder.setCursorPosition(0)
            if self.isVisible():
                self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again each time: profiles and drafts come and go."""
        super().showEvent(event)
        self.reload()

    def reload(self) -> None:
        """Read the folder again, off the GUI thread: it may be a slow share."""
        folder = self.shell.state.folder
        if not any(row.path.parent == folder for row in self._entries):
            self._entries = ()
            self._fill()
            self.empty.setText(_("Reading the profiles..."))
            self.empty.show()

        def work(report: Report) -> tuple[Path, tuple[Row, ...], str]:
            # What was typed a moment ago is offered too, once it is a draft.
            self.shell.drafts.wait()
            opened = recent.read(recent.default_file())
            try:
                rows, refused = profile_list.of_folder(folder, opened), ""
            except ProfileError as error:
                rows, refused = (), str(error)
            drafts = draft_file.abandoned(draft_file.default_folder())
            # First what is here: a share of another customer may take its time.
            report((folder, rows, refused, drafts))
            # The next pages have checks: here nobody waits until their modules are loaded.
            checks()
            return folder, profile_list.with_others(rows, folder, opened), refused

        # One that began before may end after it, with what has gone since.
        self.shell.background.drop(self._listing)
        self._listing = self.shell.background.start(
            work,
            on_report=lambda found: self._show_folder(*found),
            on_done=lambda found: self._show_entries(*found),
            on_failed=lambda error: self.empty.setText(str(error)),
        )

    def offer_drafts(self, found: list[draft_file.Found]) -> None:
        """Say that an earlier session left something that was not written."""
        # An error that is shown, as of a profile that could not be opened, comes first.
        if not found or self.shell.state.step != "start" or self.shell.banner.state in ("ok", "fail"):
            return
        draft = found[0]
        name = flow.value_of(draft.state.data, "name") or _("a profile without a name")
        text = _("{name} has changes of {when} that were not written. Passwords have to be typed again.")
        self.shell.banner.say(
            "info",
            text.format(name=name, when=draft.saved_at),
            ((_("Continue draft"), lambda: self._continue(draft)), (_("Discard"), lambda: self._discard(draft))),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name comes first when there is little room; production is then said before it."""
        super().resizeEvent(event)
        self.table.setColumnHidden(OPENED, event.size().width() < WIDE_FROM)
        narrow = event.size().width() < NARROW_FROM - SIDEBAR_WIDTH
        if narrow != self.table.isColumnHidden(ENVIRONMENT):
            self.table.setColumnHidden(COMPANY, narrow)
            self.table.setColumnHidden(ENVIRONMENT, narrow)
            self._fill()

    def take_over(self, former: StartPage) -> None:
        super().take_over(former)
        selected = former.selected()
        self._before = selected.path if selected else None
        self.search.setText(former.search.text())

    def enter(self) -> bool:
        self.open.click()
        return True

    def test_again(self) -> None:
        self.reload()

    def focus_first(self) -> None:
        (self.table if self.table.rowCount() else self.new).setFocus()

    def selected(self) -> Row | None:
        """The profile that is selected in the table."""
        row = self.table.currentRow()
        there = 0 <= row < len(self._entries) and not self.table.isRowHidden(row)
        return self._entries[row] if there else None

    def cancel_work(self) -> None:
        if self._opening:
            self.shell.background.drop(self._opening)
            self._opening = None
            announce(self, _("Cancelled."))

    def forget(self) -> None:
        # What was being opened has been dropped.
        self._opening = None
        self.welcome.busy.hide()

    def _lay_out(self) -> None:
        actions, actions_layout = column()
        for button in (
            *(self.new, self.open, self.duplicate, self.compare, self.since),
            *(self.reimport, self.verify, self.former, self.other),
        ):
            actions_layout.addWidget(button)
        actions_layout.addStretch(1)
        finding = QHBoxLayout()
        finding.setSpacing(SPACE)
        finding.addWidget(self.search_label)
        finding.addWidget(self.search, 1)
        where = QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(self.change_folder)
        listing = QVBoxLayout()
        listing.setSpacing(SPACE)
        listing.addLayout(finding)
        listing.addWidget(self.unreadable)
        listing.addWidget(self.table, 1)
        listing.addWidget(self.welcome, 1)
        listing.addWidget(self.empty)
        listing.addLayout(where)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE * 2)
        layout.addWidget(actions)
        layout.addLayout(listing, 1)

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 5)
        table.setAccessibleName(_("Profiles"))
        table.setHorizontalHeaderLabels([_("Profile"), _("Company"), _("State"), _("Environment"), _("Last opened")])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setIconSize(QSize(16, 16))
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.currentCellChanged.connect(lambda *_cells: self._selected())
        copies_rows(table)
        table.itemActivated.connect(lambda _item: self._open("company"))
        return table

    def _action(self, icon: str, text: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName("action")
        button_icon(button, icon)
        button.clicked.connect(lambda _checked=False: action())
        return button

    # --- the list ------------------------------------------------------------------------------

    def _show_folder(self, folder: Path, rows: tuple[Row, ...], refused: str, drafts: list[draft_file.Found]) -> None:
        if folder == self.shell.state.folder:
            # Those from elsewhere stay until they have been looked at again: nothing jumps.
            known = {row.path for row in rows}
            others = tuple(row for row in self._entries if row.elsewhere and row.path not in known)
            self._show_entries(folder, (*rows, *others), refused)
            self.welcome.offer_way_back(folder)
            self.offer_drafts(drafts)

    def _show_entries(self, folder: Path, rows: tuple[Row, ...], refused: str) -> None:
        if folder != self.shell.state.folder:
            return
        if rows != self._entries:
            self._entries = rows
            self._fill()
        if refused != self.unreadable.told[1]:
            self.unreadable.show_state("fail" if refused else "", refused)
            if refused:
                announce(self, refused, urgent=True)
        # Of a folder that cannot be read nobody knows whether it has profiles.
        listed = bool(rows or refused)
        if listed != self.welcome.isHidden():
            for widget in (self.search, self.search_label, self.table):
                widget.setVisible(listed)
            self.welcome.setVisible(not listed)
            self.shell.mark_letters()
        if not rows:
            self.empty.hide()  # the welcome says more
        elif self.new.hasFocus():
            self.focus_first()  # nothing was chosen yet; the likely wish is now in the list

    def _fill(self) -> None:
        """Put the entries into the table. Columns are measured once, not with every cell."""
        selected = self.selected()
        before = selected.path if selected else self._before
        self.table.setRowCount(0)
        self.table.setRowCount(len(self._entries))
        for number, row in enumerate(self._entries):
            self._show_row(number, row)
        for index in (COMPANY, STATE, ENVIRONMENT, OPENED):
            if not self.table.isColumnHidden(index):
                self.table.resizeColumnToContents(index)
        places = [number for number, row in enumerate(self._entries) if row.path == before]
        if self._entries:
            self.table.setCurrentCell(places[0] if places else 0, 0)
        self._filter()

    def _filter(self) -> None:
        """Show the rows that the search finds; what was selected stays so while it is among them."""
        found = {row.path for row in profile_list.matching(self._entries, self.search.text())}
        for number, row in enumerate(self._entries):
            self.table.setRowHidden(number, row.path not in found)
        if found and self.selected() is None:
            first = next(number for number, row in enumerate(self._entries) if row.path in found)
            self.table.setCurrentCell(first, 0)
        self.empty.setText(_("No profile has these words. Clear the search to see all."))
        self.empty.setVisible(bool(self._entries) and not found)
        self._selected()

    def _selected(self) -> None:
        """What can be done only with some profiles is offered with those."""
        row = self.selected()
        stale = row is not None and row.validation == "stale"
        if stale == self.since.isHidden():
            self.since.setVisible(stale)
            if self.isVisible():
                self.shell.mark_letters()

    def _show_row(self, number: int, row: Row) -> None:
        profile = row.profile
        opened = i18n.day(row.opened) if row.opened else ""
        name = _("{name} (in {folder})").format(name=row.name, folder=row.path.parent) if row.elsewhere else row.name
        hidden = self.table.isColumnHidden(ENVIRONMENT)
        texts = (
            _("PRODUCTION: {name}").format(name=name) if hidden and row.production else name,
            profile.company.logix if profile else "",
            words.validation(row.validation) if profile else _("cannot be read"),
            words.environment(profile.environment) if profile else "",
            opened,
        )
        for index, text in enumerate(texts):
            self.table.setItem(number, index, QTableWidgetItem(text))
        self.table.item(number, STATE).setIcon(state_icon(ICONS.get(row.validation, "failed")))
        self.table.item(number, 0).setToolTip(str(row.path))
        if row.production:
            item = self.table.item(number, 0 if hidden else ENVIRONMENT)
            item.setForeground(tone("fail"))
            font = item.font()
            font.setBold(True)
            item.setFont(font)

    # --- what can be done ----------------------------------------------------------------------

    def _new(self) -> None:
        self.shell.begin(flow.new_profile(self.shell.state.folder))

    def _with_selected(self, action: Callable[[Row], None]) -> None:
        row = self.selected()
        if row is None:
            self.shell.banner.say("info", _("Select a profile in the list first."))
            self.table.setFocus()
            return
        action(row)

    def _read(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        """Read a profile off the GUI thread - it may lie on a share, or be large - and go on with it."""
        # Who presses again means what was pressed last.
        self.shell.background.drop(self._opening)

        def done(found: object) -> None:
            self._opening = None
            if self.shell.state.step == "start":  # who went on meanwhile has other things before the eyes
                then(found)

        self._opening = self.shell.background.start(lambda _report: work(), on_done=done, on_failed=self._not_read)

    def _not_read(self, error: Exception) -> None:
        self._opening = None
        if not isinstance(error, ProfileError):
            raise error
        self.shell.banner.say("fail", str(error), code=error.problems[0].code)

    def open_file(self, path: Path, step: str = "company", verify: bool = False) -> None:
        """Open a profile at a step."""

        def opened(state: object) -> None:
            assert isinstance(state, flow.State)  # noqa: S101 - it is what was read
            self.shell.begin(state)
            if verify:
                self.shell.checking.start((), None)

        self._read(lambda: flow.open_profile(path, step), opened)

    def _open(self, step: str, verify: bool = False) -> None:
        self._with_selected(lambda row: self.open_file(row.path, step, verify))

    def _reimport(self) -> None:
        self._with_selected(lambda row: self._read(lambda: flow.reimport_grades(row.path), self.shell.begin))

    def _show_former(self) -> None:
        def ask(row: Row) -> None:
            dialog = RestoreDialog(self, self.shell.background, row.path)
            dialog.restored.connect(self._restored)
            dialog.open()

        self._with_selected(ask)

    def _restored(self, path: Path) -> None:
        self.reload()
        text = _("The former version of {file} is back; what stood there is kept as the last version.")
        self.shell.banner.say("ok", text.format(file=path.name))

    def _duplicate(self) -> None:
        self._with_selected(lambda row: self._read(lambda: second_company.begin(row.path), self._ask_copy))

    def _ask_copy(self, copy: second_company.Copy) -> None:
        dialog = DuplicateDialog(self, copy)
        dialog.made.connect(self._begin_copy)
        dialog.open()

    def _begin_copy(self, copy: second_company.Copy) -> None:
        self.shell.begin(copy.state)
        self.shell.banner.say("info", second_company.still_to_do(copy))

    def _compare(self) -> None:
        self._with_selected(self._compare_with)

    def _compare_with(self, first: Row) -> None:
        others = [row for row in self._entries if row.profile is not None and row.path != first.path]
        if first.profile is None or not others:
            text = _("There is no other profile to compare with.") if first.profile else _("This file cannot be read.")
            self.shell.banner.say("info", text)
            return
        ProfilesDialog(self, first, others, _lines).open()

    def _tell_since(self) -> None:
        def ask(row: Row) -> None:
            self._read(
                lambda: comparison.since_validation(flow.open_profile(row.path)),
                lambda since: SinceDialog(self, since).open(),
            )

        self._with_selected(ask)

    def _continue(self, draft: draft_file.Found) -> None:
        self.shell.resume(draft)

    def _discard(self, draft: draft_file.Found) -> None:
        try:
            draft.path.unlink(missing_ok=True)
        except OSError as error:
            text = _("The draft could not be discarded: {reason}").format(reason=words.refusal(error))
            self.shell.banner.say("fail", text)
        else:
            self.shell.banner.silence()

    def _browse_file(self) -> None:
        dialog = QFileDialog(self, _("Open a profile"), str(self.shell.state.folder), "*.yaml")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open_file(Path(name)))
        dialog.open()

    def _browse_folder(self) -> None:
        dialog = QFileDialog(self, _("Folder of the profiles"), str(self.shell.state.folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.shell.choose_folder(Path(name)))
        dialog.open()


def _lines(first: Row, other: Row) -> tuple[Line, ...]:
    if first.profile is None or other.profile is None:
        return ()
    return comparison.compare(first.profile, other.profile)


PAGE = StartPage
