"""The window: steps at the side, one page, and the buttons that move. The rules are those of wizard.flow."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from gettext import gettext as _
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wizard.flow import draft_file, review, words
from wizard.flow import state as flow
from wizard.flow.steps import BY_ID, IDS, STEPS, label
from wizard.gui.background import Background
from wizard.gui.check_run import CheckRun
from wizard.gui.draft_keeper import DraftKeeper
from wizard.gui.drops import Drops
from wizard.gui.environment_strip import EnvironmentStrip
from wizard.gui.help_window import show_help
from wizard.gui.language import LanguageButton
from wizard.gui.language_change import LanguageChange
from wizard.gui.look_button import LookButton
from wizard.gui.mnemonics import assign
from wizard.gui.page_keeper import PageKeeper
from wizard.gui.pages.page import Page
from wizard.gui.parts import Banner, ShortLine, announce, heading
from wizard.gui.production_dialog import ProductionDialog
from wizard.gui.reading_order import set_tab_order, widgets
from wizard.gui.sheet import Sheet
from wizard.gui.style import (
    ICON_SIZE,
    NARROW_FROM,
    SHEET,
    SIDEBAR_NARROW,
    SIDEBAR_WIDTH,
    SPACE,
    button_icon,
    colour_text,
    icon,
    state_icon,
)
from wizard.gui.welcome import DemoSite
from wizard.profile.errors import Problem, ProfileError
from wizard.secrets.references import SecretError

STEP_WORDS = {
    "": lambda: "",
    "done": lambda: _("filled in"),
    "problem": lambda: _("incomplete"),
    "passed": lambda: _("tested"),
    "failed": lambda: _("test failed"),
}


def _steps() -> QListWidget:
    steps = QListWidget()
    steps.setObjectName("steps")
    steps.setFixedWidth(SIDEBAR_WIDTH)
    steps.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    steps.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    for _step in STEPS:
        steps.addItem(QListWidgetItem())
    return steps


def _help_button(act: Callable[[], None]) -> QPushButton:
    button = QPushButton()
    button.setObjectName("quiet")
    button.setToolTip("F1")
    button_icon(button, "ask")
    button.clicked.connect(lambda _checked=False: act())
    return button


class Window(QMainWindow):
    """The one window of the program."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.state = flow.State(folder)
        self.background = Background(self)
        self._complained: set[str] = set()
        self.checking = CheckRun(self)
        self.saving = False
        """Whether the profile is being written."""
        self._moves: list[Callable[[flow.State], flow.State]] = []
        self.drafts = DraftKeeper(self)
        self.keeper = PageKeeper(self)
        self._change_of_language = LanguageChange(self)
        self._drops = Drops(self)
        self._untouched: flow.Data | None = None
        self.setAcceptDrops(True)
        self.setStyleSheet(SHEET)
        self.setMinimumSize(640, 420)
        self.resize(1000, 700)

        self.steps = _steps()
        self._narrow: bool | None = None
        self.language = LanguageButton(self.speak)
        self.steps.currentRowChanged.connect(self._step_chosen)
        self.title = heading("", 1.45)
        self.where = ShortLine()
        colour_text(self.where, "muted")
        self.chip = QLabel()
        self.chip.setObjectName("chip")
        self.strip = EnvironmentStrip()
        self.banner = Banner()
        self.banner.leave = self._into_page
        self.stack = QStackedWidget()
        self.back_button, self.next_button = QPushButton(), QPushButton()
        self.next_button.setObjectName("forward")
        self.back_button.clicked.connect(lambda: self._move(flow.back(self.state)))
        self.next_button.clicked.connect(self._next)
        self.help_button = _help_button(self.show_help)
        self.look_button = LookButton()
        self.setCentralWidget(self._frame())
        self.label_frame()
        self._listen_to_keys()
        self.show_state()
        self.page.focus_first()

    def _listen_to_keys(self) -> None:
        for key, act in (
            ("F1", self.show_help),
            ("Esc", self._escape),
            ("Return", self._enter),
            ("Enter", self._enter),
            ("F5", self._test_again),
            ("F6", lambda: self._next_pane(1)),
            ("Shift+F6", lambda: self._next_pane(-1)),
        ):
            QShortcut(QKeySequence(key), self, activated=act)

    # --- what pages call -----------------------------------------------------------------------

    def change(self, move: Callable[[flow.State], flow.State]) -> None:
        """Make a move in the flow and show the state that follows; while the profile is written, right after that."""
        if self.saving:
            self._moves.append(move)
            return
        before = self.state
        self.state = move(before)
        if self.state.data is not before.data:
            if self.dirty:
                self.drafts.typed(self.state)
            else:
                self.drafts.discard()  # all is again as it was: there is nothing to offer at the next start
        if self.state is not before:
            self.show_state()

    def begin(self, state: flow.State) -> None:
        """Leave what is open and go on with another state."""
        if self.saving:
            # Dropping the write would leave the window waiting for it for ever.
            self.banner.say("info", _("The profile is being written; the window can be closed in a moment."))
            return
        kept = self.dirty
        if kept:
            self.drafts.leave()
        self.background.drop_all()
        self.checking.forget()
        for dialog in [sheet for sheet in self.findChildren(Sheet) if sheet.isVisible()]:
            # What it asks about is left; agreed to now, it would be done to what is begun.
            dialog.done(Sheet.DialogCode.Rejected)
        for page in self.keeper.every():
            page.drop_secrets()
            page.forget()
        # A copy has answers already, and stands nowhere yet.
        self._untouched = state.data if state.file or state.walking else None
        self._complained = set(IDS) if not state.walking else set()
        self.banner.silence()
        self._move(state)
        if self.dirty:
            self.drafts.typed(state)
        if state.file:
            self.drafts.opened(state.file)
        if kept:
            self.banner.say("info", _("What was typed before is kept as a draft; Start offers it."))

    def resume(self, draft: draft_file.Found) -> None:
        """Go on with what an earlier session left."""
        self.begin(draft.state)
        self._untouched = None
        self.drafts.take_over(draft)

    def show_help(self, section: str = "") -> None:
        """Show a section of the help, by default the page at hand."""
        show_help(self, section or self.state.step)

    def choose_folder(self, folder: Path) -> None:
        """Work with the profiles of another folder."""
        self.begin(flow.State(folder))

    def mark_letters(self) -> None:
        """Give every label and button of the page a letter of its own, those of the frame first, and Tab its way."""
        taken: set[str] = set()
        assign((self.back_button, self.next_button, self.help_button), taken)
        page = list(widgets(self.page))
        assign(page, taken)
        set_tab_order([self.steps, *widgets(self.banner), *page, *self._footer()])

    def _footer(self) -> tuple[QPushButton, ...]:
        return self.help_button, self.look_button, self.language, self.back_button, self.next_button

    # --- the language --------------------------------------------------------------------------

    def speak(self, language: str) -> None:
        """Say everything in another language, as soon as nothing is under way. Nothing typed or found is lost."""
        self._change_of_language.speak(language)

    @property
    def changing_language(self) -> bool:
        """Whether a change of language is under way."""
        return self._change_of_language.waiting or self.keeper.working

    def label_frame(self) -> None:
        """Say what stands around the page in the language in force."""
        self.steps.setAccessibleName(_("Steps"))
        self.back_button.setText(_("Back"))
        self.next_button.setText(_("Next"))
        self.help_button.setText(_("Help"))
        self.look_button.show_language()
        self.language.show_language()
        if self._narrow is not None:
            self._label_steps()

    def _label_steps(self) -> None:
        for number, step in enumerate(STEPS):
            title = "" if self._narrow else _(step.title)
            self.steps.item(number).setText(f"{number}  {title}".rstrip() if number else title)

    # --- moving --------------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        """The page of the current step; made when it is first entered."""
        return self.keeper.page(self.state.step)

    def _move(self, state: flow.State) -> None:
        """Enter the step of a state."""
        if state.step != self.state.step or state.folder != self.state.folder:
            self.checking.cancel()
            self.banner.silence()
        self.state = state
        self.show_state()
        if not self.steps.hasFocus():
            self.page.focus_first()
        announce(self, self._place_spoken())

    def _place_spoken(self) -> str:
        """Which page this is, for those who do not see the list of steps."""
        number, title = IDS.index(self.state.step), _(BY_ID[self.state.step].title)
        if not number:
            return title
        return _("Step {number} of {total}: {title}").format(number=number, total=len(IDS) - 1, title=title)

    def _next_pane(self, direction: int) -> None:
        """F6 goes from the steps to the banner, the page and the buttons below, Shift+F6 back: past many fields."""
        banner = next((one for one in widgets(self.banner) if isinstance(one, QPushButton)), None)
        forward = self.next_button if self.next_button.isVisible() else self.back_button
        panes = [(self.steps, self.steps), (self.stack, self.page.focusWidget()), (forward.parentWidget(), forward)]
        if banner is not None and self.banner.isVisible():
            panes.insert(1, (self.banner, banner))
        focused = self.focusWidget()
        here = next((i for i, (pane, _stop) in enumerate(panes) if focused and _within(focused, pane)), 0)
        stop = panes[(here + direction) % len(panes)][1]
        if stop is None or not stop.isVisible():
            self.page.focus_first()
        else:
            stop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _next(self) -> None:
        if self.state.step == "review":
            self._save()
        else:
            following, found = flow.advance(self.state)
            if found:
                self.complain(self.state.step, ProfileError(found))
            else:
                self._move(following)

    def _escape(self) -> None:
        """Esc ends what runs, never the window."""
        self.checking.cancel()
        self.page.cancel_work()

    def _enter(self) -> None:
        """Enter presses the button that has the keyboard, opens what is selected at Start, else goes on.

        In lists and texts it does nothing: only a person in a field means to go on. A check box is for the space bar.
        """
        focused = self.focusWidget()
        if isinstance(focused, QPushButton | QToolButton):
            focused.click()
        elif (
            not self.page.enter()
            and not isinstance(focused, QListWidget | QPlainTextEdit)
            and self.next_button.isEnabled()
            and self.next_button.isVisible()
        ):
            self.next_button.click()

    def _into_page(self) -> None:
        self.page.focus_first()

    def _test_again(self) -> None:
        self.page.test_again()

    def _step_chosen(self, row: int) -> None:
        step = IDS[row] if row >= 0 else self.state.step
        if step != self.state.step:
            self.go(step)

    def go(self, step: str) -> None:
        """Enter the page of a step."""
        self._move(flow.go(self.state, step))

    def complain(self, step: str, error: ProfileError) -> None:
        """Say what is missing, under the fields and above the page, and go to the first one."""
        self._complained.add(step)
        here = [problem for problem in error.problems if flow.step_of(problem.path) == step]
        elsewhere = [problem for problem in error.problems if problem not in here]
        self.show_state()
        if here:
            self.page.focus_on(here[0].path)
            text = _("Missing or wrong values on this page: {count}.").format(count=len(here))
            question = label(here[0].path, self.state.data)
            spoken = _("{summary} {question}: {problem}").format(
                summary=text, question=question, problem=f"{here[0].message} {here[0].action}".strip()
            )
        else:
            names = dict.fromkeys(_(BY_ID[flow.step_of(problem.path)].title) for problem in elsewhere)
            text = spoken = _("First complete: {pages}.").format(pages=", ".join(names))
        self.banner.say("fail", text, spoken=spoken)

    # --- showing -------------------------------------------------------------------------------

    def show_state(self) -> None:
        """Show the state in the frame and in the page of its step."""
        state = self.state
        step = BY_ID[state.step]
        page = self.page
        self.title.setText(_(step.instruction))
        name = flow.value_of(state.data, "name")
        number = IDS.index(state.step)
        total = len(IDS) - 1
        place = _("Step {number} of {total}").format(number=number, total=total) if number else _("TOTVS APS x Logix")
        self.where.setText(f"{place} - {name}" if name else place)
        self.setWindowTitle(f"{name} - aps-wizard" if name else "aps-wizard")
        environment = flow.value_of(state.data, "environment")
        self.chip.setText(_("Environment: {name}").format(name=words.environment(environment)))
        # Production has the strip instead.
        self.chip.setVisible(bool(words.environment(environment)) and environment != "production")
        colour_text(self.chip, "accent")
        self.strip.show_environment(environment)
        page.show_state(state)
        problems = flow.problems(state)
        self._show_problems(page, problems)
        # Now that it says what it has to say: of a page that is seen, all is laid out anew with every part of it.
        self.stack.setCurrentWidget(page)
        self._show_steps(problems)
        self.back_button.setVisible(number > 0)
        self.next_button.setVisible((number > 0 or bool(state.data)) and state.step != IDS[-1])
        # While it is being written nothing can be typed that would not be in it.
        for widget in (self.back_button, self.next_button, self.stack, self.steps):
            widget.setEnabled(not self.saving)
        if state.step == "review":
            self.next_button.setText(_("Write profile"))
        else:
            self.next_button.setText(_("Next"))
        self.mark_letters()

    def _show_problems(self, page: Page, problems: Sequence[Problem]) -> None:
        """Missing values are pointed out once Next was pressed; wrong ones as soon as they are typed."""
        state = self.state
        found = {}
        for problem in problems:
            if flow.step_of(problem.path) != state.step:
                continue
            typed = flow.value_of(state.data, problem.path) is not None
            if typed or state.step in self._complained:
                found[problem.path] = f"{problem.message} {problem.action}".strip()
        page.show_problems(found)

    def _show_steps(self, problems: tuple[Problem, ...]) -> None:
        self.steps.blockSignals(True)
        for row, step in enumerate(STEPS):
            item = self.steps.item(row)
            free = flow.can_enter(self.state, step.id)
            flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
            item.setFlags(flags if free else Qt.ItemFlag.NoItemFlags)
            mark = flow.step_mark(self.state, step.id, problems)
            item.setIcon(state_icon(mark) if step.id != "start" else icon("home", "accent"))
            word = STEP_WORDS[mark]()
            told = f"{_(step.title)}, {word}" if word else _(step.title)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
            item.setToolTip(told)
        self.steps.setCurrentRow(IDS.index(self.state.step))
        self.steps.blockSignals(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Number and state are enough of the steps when the window is narrow."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW_FROM
        if narrow != self._narrow:
            self._narrow = narrow
            self.steps.setFixedWidth(SIDEBAR_NARROW if narrow else SIDEBAR_WIDTH)
            self._label_steps()

    def _frame(self) -> QWidget:
        line = QFrame()
        line.setObjectName("line")
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self.where)
        titles.addWidget(self.title)
        head.addLayout(titles, 1)
        head.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignTop)
        footer = QHBoxLayout()
        footer.setSpacing(SPACE)
        footer.addWidget(self.help_button)
        footer.addWidget(self.look_button)
        footer.addWidget(self.language)
        footer.addStretch(1)
        footer.addWidget(self.back_button)
        footer.addWidget(self.next_button)
        right = QVBoxLayout()
        right.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        right.setSpacing(SPACE + SPACE // 2)
        right.addLayout(head)
        right.addWidget(self.banner)
        right.addWidget(self.stack, 1)
        right.addWidget(line)
        right.addLayout(footer)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.steps)
        body.addLayout(right, 1)
        frame = QWidget()
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addLayout(body, 1)
        return frame

    # --- what is dropped on the window ---------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Something is held over the window."""
        if not self.saving:
            self._drops.entered(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """It is dropped."""
        self._drops.taken(event)

    # --- saving --------------------------------------------------------------------------------

    def _save(self, agreed: bool = False) -> None:
        """Write the profile, after the questions that come before: what is missing, and whether production is meant."""
        found = flow.problems(self.state)
        if found:
            first = flow.step_of(found[0].path)
            self._complained.update(flow.step_of(problem.path) for problem in found)
            self.go(first)
            self.complain(first, ProfileError(found))
            return
        if flow.value_of(self.state.data, "environment") == "production" and not agreed:
            dialog = ProductionDialog(self, review.told_before_writing(self.state))
            dialog.agreed.connect(self._write)
            dialog.open()
        else:
            self._write()

    def _write(self) -> None:
        """Write the profile, off the GUI thread."""
        if self.saving:
            return
        self.saving = True
        self.banner.silence()  # its buttons are of the attempt before
        self.show_state()
        state = self.state
        self.background.start(lambda _report: review.save(state), on_done=self._saved, on_failed=self._not_saved)

    def _write_over(self) -> None:
        """Write although another program changed or removed the file: the person has been told and said so."""
        try:
            self.state = review.over_the_present_file(self.state)
        except ProfileError as error:
            self.banner.say("fail", str(error))
        else:
            self._save(agreed=True)

    def _saved(self, state: flow.State) -> None:
        self.saving = False
        self.checking.written(self.state, state)
        self.state = flow.written(self.state, state)
        self._untouched = state.data
        for page in self.keeper.entered():
            page.drop_secrets()
        assert state.file is not None  # noqa: S101 - it was written just now
        self.drafts.opened(state.file)
        self.drafts.discard()
        self.show_state()
        self._catch_up()
        self.next_button.setFocus()
        checklist = (_("Verify the checklist"), lambda: self.go("checklist"))
        self.banner.say("ok", _("The profile was written: {file}").format(file=state.file), (checklist,))

    def _catch_up(self) -> None:
        """Make the moves that came while the profile was written: of checks and readings that ended meanwhile."""
        moves, self._moves = self._moves, []
        for move in moves:
            self.change(move)

    def _not_saved(self, error: Exception) -> None:
        self.saving = False
        self.show_state()
        self._catch_up()
        self.next_button.setFocus()
        if isinstance(error, SecretError):
            self.banner.say("fail", str(error.problem), code=error.problem.code)
        elif isinstance(error, ProfileError):
            changed = any(problem.code == "changed_meanwhile" for problem in error.problems)
            actions = ((_("Write over it"), self._write_over),) if changed else ()
            self.banner.say("fail", str(error), actions, code=error.problems[0].code)
        else:
            self.banner.say("fail", _("The profile could not be written."))
            sys.excepthook(type(error), error, error.__traceback__)

    # --- nothing lost --------------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not on disk."""
        return flow.unsaved(self.state, self._untouched)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask only when something typed would be lost, and keep a draft unless told otherwise."""
        if self.saving:
            event.ignore()
            self.banner.say("info", _("The profile is being written; the window can be closed in a moment."))
            return
        if self.dirty and not self.property("closing"):
            event.ignore()
            self._ask_before_closing()
            return
        self.checking.cancel()
        self.background.close()
        self._change_of_language.close()
        for site in self.findChildren(DemoSite):
            site.close()
        self.keeper.close()
        self.drafts.close()
        event.accept()

    def _ask_before_closing(self) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("aps-wizard")
        box.setText(_("The profile was not written yet."))
        box.setInformativeText(_("A draft without passwords is kept and offered at the next start."))
        stay = box.addButton(_("Continue editing"), QMessageBox.ButtonRole.RejectRole)
        box.addButton(_("Keep draft and close"), QMessageBox.ButtonRole.AcceptRole)
        drop = box.addButton(_("Discard and close"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)

        def chosen_button(button: QAbstractButton) -> None:
            if button is stay:
                return
            if button is drop:
                self.drafts.discard()
            self.setProperty("closing", True)
            self.close()

        box.buttonClicked.connect(chosen_button)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def _within(widget: QWidget, pane: QWidget) -> bool:
    return widget is pane or pane.isAncestorOf(widget)
