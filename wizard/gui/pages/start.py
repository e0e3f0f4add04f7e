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
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from wizard.flow import draft_file, words
from wizard.flow import state as flow
from wizard.gui.pages.page import Page, Shell
from wizard.gui.parts import column, muted
from wizard.gui.restore_dialog import RestoreDialog
from wizard.gui.style import NARROW_FROM, SIDEBAR_WIDTH, SPACE, button_icon, state_icon
from wizard.gui.welcome import Welcome
from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.profile.validation import validation_state

ICONS = {"never": "pending", "failed": "failed", "stale": "warn", "passed": "passed"}


class StartPage(Page):
    """The profiles of the folder, and what can be done with them."""

    _before: Path | None = None
    """The profile that was selected in another language."""

    def __init__(self, shell: Shell) -> None:  # noqa: PLR0915 - one button after the other
        super().__init__(shell)
        self._entries: list[store.Entry] = []
        self._shown_folder: Path | None = None
        self.new = self._action("new", _("New profile"), self._new)
        self.open = self._action("open", _("Open"), lambda: self._open("company"))
        self.duplicate = self._action("copy", _("Duplicate for another company"), self._duplicate)
        self.reimport = self._action("import", _("Import grade types again"), self._reimport)
        self.verify = self._action("verify", _("Verify the checklist"), lambda: self._open("checklist", verify=True))
        self.former = self._action("restore", _("Former versions..."), lambda: self._with_selected(self._former))
        self.other = self._action("open", _("Open a file from elsewhere..."), self._browse_file)
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(_("Profiles"))
        self.table.setHorizontalHeaderLabels([_("Profile"), _("Company"), _("State"), _("Environment")])
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setIconSize(QSize(16, 16))
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.itemActivated.connect(lambda _item: self._open("company"))
        self.empty = muted("")
        self.welcome = Welcome(shell)
        self.welcome.hide()
        # A line to read and copy from: a long path scrolls in it instead of being cut.
        self.folder = QLineEdit()
        self.folder.setReadOnly(True)
        self.folder.setFrame(False)
        self.folder.setAccessibleName(_("Folder of the profiles"))
        self.change_folder = QPushButton(_("Other folder..."))
        self.change_folder.clicked.connect(self._browse_folder)

        actions, actions_layout = column()
        for button in (self.new, self.open, self.duplicate, self.reimport, self.verify, self.former, self.other):
            actions_layout.addWidget(button)
        actions_layout.addStretch(1)
        where = QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(self.change_folder)
        listing = QVBoxLayout()
        listing.setSpacing(SPACE)
        listing.addWidget(self.table, 1)
        listing.addWidget(self.welcome, 1)
        listing.addWidget(self.empty)
        listing.addLayout(where)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE * 2)
        layout.addWidget(actions)
        layout.addLayout(listing, 1)

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
        if not any(entry.path.parent == folder for entry in self._entries):
            self._entries = []
            self.table.setRowCount(0)
            self.empty.setText(_("Reading the profiles..."))
            self.empty.show()
        self.shell.background.start(
            lambda _report: (folder, store.entries(folder), draft_file.abandoned(draft_file.default_folder())),
            on_done=self._show_entries,
            on_failed=lambda error: self.empty.setText(str(error)),
        )

    def offer_drafts(self, found: list[draft_file.Found]) -> None:
        """Say that an earlier session left something that was not written."""
        # An error that is shown, as of a profile that could not be opened, comes first.
        if not found or self.shell.state.step != "start" or self.shell.banner.state == "fail":
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
        """Name and state come first when there is little room."""
        super().resizeEvent(event)
        self.table.setColumnHidden(3, event.size().width() < NARROW_FROM - SIDEBAR_WIDTH)

    def take_over(self, former: StartPage) -> None:
        super().take_over(former)
        selected = former.selected()
        self._before = selected.path if selected else None

    def enter(self) -> bool:
        self.open.click()
        return True

    def test_again(self) -> None:
        self.reload()

    def focus_first(self) -> None:
        (self.table if self.table.rowCount() else self.new).setFocus()

    def selected(self) -> store.Entry | None:
        """The profile that is selected in the table."""
        row = self.table.currentRow()
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def _action(self, icon: str, text: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName("action")
        button_icon(button, icon)
        button.clicked.connect(lambda _checked=False: action())
        return button

    def _show_entries(self, found: tuple[Path, list[store.Entry], list[draft_file.Found]]) -> None:
        folder, entries, drafts = found
        if folder != self.shell.state.folder:
            return
        selected = self.selected()
        before = selected.path if selected else self._before
        self._entries = entries
        self.table.setRowCount(len(entries))
        for row, entry in enumerate(entries):
            self._show_entry(row, entry)
        if entries:
            rows = [row for row, entry in enumerate(entries) if entry.path == before]
            self.table.setCurrentCell(rows[0] if rows else 0, 0)
            if self.new.hasFocus():
                self.focus_first()  # nothing was chosen yet; the likely wish is now in the list
        self.empty.hide()
        self.table.setVisible(bool(entries))
        self.welcome.setVisible(not entries)
        self.welcome.offer_way_back(folder)
        self.offer_drafts(drafts)
        self.shell.mark_letters()

    def _show_entry(self, row: int, entry: store.Entry) -> None:
        if entry.stored:
            profile = entry.stored.profile
            validation = validation_state(profile)
            icon = ICONS[validation]
            texts = (
                profile.name,
                profile.company.logix,
                words.validation(validation),
                words.environment(profile.environment),
            )
        else:
            icon = "failed"
            texts = (entry.path.name, "", _("cannot be read"), "")
        for column_, text in enumerate(texts):
            self.table.setItem(row, column_, QTableWidgetItem(text))
        self.table.item(row, 2).setIcon(state_icon(icon))
        self.table.item(row, 0).setToolTip(str(entry.path))

    def _new(self) -> None:
        self.shell.begin(flow.new_profile(self.shell.state.folder))

    def _with_selected(self, action: Callable[[Path], None]) -> None:
        entry = self.selected()
        if entry is None:
            self.shell.banner.say("info", _("Select a profile in the list first."))
            self.table.setFocus()
            return
        self._guarded(lambda: action(entry.path))

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
        except ProfileError as error:
            self.shell.banner.say("fail", str(error), code=error.problems[0].code)

    def _open(self, step: str, verify: bool = False) -> None:
        def open_it(path: Path) -> None:
            self.shell.begin(flow.open_profile(path, step))
            if verify:
                self.shell.run_checks((), None)

        self._with_selected(open_it)

    def _reimport(self) -> None:
        self._with_selected(lambda path: self.shell.begin(flow.reimport_grades(path)))

    def _former(self, path: Path) -> None:
        dialog = RestoreDialog(self, self.shell.background, path)
        dialog.restored.connect(self._restored)
        dialog.open()

    def _restored(self, path: Path) -> None:
        self.reload()
        text = _("The former version of {file} is back; what stood there is kept as the last version.")
        self.shell.banner.say("ok", text.format(file=path.name))

    def _duplicate(self) -> None:
        self._with_selected(lambda path: self.shell.begin(flow.duplicate_profile(path)))

    def _continue(self, draft: draft_file.Found) -> None:
        self.shell.resume(draft)

    def _discard(self, draft: draft_file.Found) -> None:
        draft.path.unlink(missing_ok=True)
        self.shell.banner.silence()

    def _browse_file(self) -> None:
        dialog = QFileDialog(self, _("Open a profile"), str(self.shell.state.folder), "*.yaml")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self._guarded(lambda: self.shell.begin(flow.open_profile(Path(name)))))
        dialog.open()

    def _browse_folder(self) -> None:
        dialog = QFileDialog(self, _("Folder of the profiles"), str(self.shell.state.folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.shell.choose_folder(Path(name)))
        dialog.open()


PAGE = StartPage
