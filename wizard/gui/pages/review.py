"""Review: every check of the profile, and exactly the text that will be written."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QResizeEvent, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QPushButton, QSplitter, QVBoxLayout

from wizard.checklist.registry import checks
from wizard.flow import review
from wizard.flow import state as flow
from wizard.flow.comparison import Since, since_validation
from wizard.flow.steps import label
from wizard.gui.checks_panel import ChecksPanel
from wizard.gui.comparison_dialog import SinceDialog
from wizard.gui.pages.page import Page, Shell, scrolled
from wizard.gui.parts import StateLine, column
from wizard.gui.style import NARROW_FROM, SIDEBAR_WIDTH, SPACE, tone
from wizard.gui.theme import theme

VALIDATION = {
    "never": ("warn", lambda: _("Not validated yet: no check was run. It can be written all the same.")),
    "failed": ("fail", lambda: _("A mandatory check failed. The profile is written as not validated.")),
    "stale": ("warn", lambda: _("Changed since the last validation. Run the checks again.")),
    "passed": ("passed", lambda: _("All mandatory checks passed. The profile is written as validated.")),
}


class DiffColours(QSyntaxHighlighter):
    """Colours the lines of a difference; plus and minus stay, for those who do not see colours."""

    active = False

    def highlightBlock(self, text: str) -> None:
        if not self.active or not text or text[0] not in "+-":
            return
        style = QTextCharFormat()
        style.setForeground(tone("ok" if text[0] == "+" else "fail"))
        self.setFormat(0, len(text), style)


class ReviewPage(Page):
    """Checks at the left, text at the right, what it means above."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._preview: review.Preview | None = None
        self._wanted: flow.State | None = None
        self.summary = StateLine()
        self.since = QPushButton(_("What changed..."))
        self.since.clicked.connect(self._tell_since)
        self.checks = ChecksPanel(list(checks().values()), _("Run all checks"))
        self.checks.test_wanted.connect(lambda: shell.checking.start((), None))
        self.checks.cancel_wanted.connect(shell.checking.cancel)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(_("Text of the profile"))
        self._colours = DiffColours(self.text.document())
        theme().changed.connect(self._colours.rehighlight)
        self.switch = QPushButton()
        self.switch.setCheckable(True)
        self.switch.toggled.connect(lambda _on: self._show_text())
        self.copy = QPushButton(_("Copy text"))
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(self.text.toPlainText()))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self.switch)
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        right, right_layout = column()
        right_layout.addLayout(buttons)
        right_layout.addWidget(self.text, 1)
        self.splitter = splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(scrolled(self.checks))
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([470, 300])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        top = QHBoxLayout()
        top.setSpacing(SPACE)
        top.addWidget(self.summary, 1)
        top.addWidget(self.since)
        layout.addLayout(top)
        layout.addWidget(splitter, 1)

    def show_state(self, state: flow.State) -> None:
        self.checks.show_results(state.results)
        if not review.is_large(state):
            self._wanted = None
            self._show_preview(review.preview(state))
        elif self._wanted is None:
            self._wanted = state
            self._make_preview()
        else:
            self._wanted = state

    def forget(self) -> None:
        # What was being made has been dropped.
        self._wanted = self._preview = None
        self.text.clear()
        self.since.hide()

    def _make_preview(self) -> None:
        """The text of a large profile is made off the GUI thread; what was typed meanwhile, right after it."""
        state = self._wanted
        assert state is not None  # noqa: S101 - somebody wants it
        if self._preview is None:
            self.summary.show_state("running", _("The text is being made..."))

        def made(found: review.Preview) -> None:
            wanted, self._wanted = self._wanted, None
            if wanted is state:
                self._show_preview(found)
            elif wanted is not None:
                self._wanted = wanted
                self._make_preview()

        def failed(error: Exception) -> None:
            self._wanted = None
            raise error

        self.shell.background.start(lambda _report: review.preview(state), on_done=made, on_failed=failed)

    def _show_preview(self, found: review.Preview) -> None:
        self._preview = found
        if self._preview.problems:
            text = _("Missing or wrong values: {count}. The steps at the side show where.")
            self.summary.show_state("fail", text.format(count=len(self._preview.problems)))
        else:
            mark, words = VALIDATION[self._preview.validation]
            self.summary.show_state(mark, words())
        self.since.setVisible(not self._preview.problems and self._preview.validation == "stale")
        self._show_text()

    def take_over(self, former: ReviewPage) -> None:
        super().take_over(former)
        self.switch.setChecked(former.switch.isChecked())
        self.splitter.setSizes(former.splitter.sizes())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room, else one above the other."""
        super().resizeEvent(event)
        wide = event.size().width() >= NARROW_FROM - SIDEBAR_WIDTH
        self.splitter.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)

    def focus_first(self) -> None:
        self.checks.test.setFocus()

    def _tell_since(self) -> None:
        """Former versions are read off the GUI thread."""
        state = self.shell.state

        def done(since: Since) -> None:
            if self.shell.state.step == "review":
                SinceDialog(self, since).open()

        self.shell.background.start(
            lambda _report: since_validation(state),
            on_done=done,
            on_failed=lambda error: self.shell.banner.say("fail", str(error)),
        )

    def _show_text(self) -> None:
        found = self._preview
        if found is None:
            return
        # The unmarked state shows what matters: the changes of an existing file, else the whole new one.
        has_diff = bool(found.diff)
        self.switch.setVisible(has_diff)
        whole = not has_diff or self.switch.isChecked()
        self.switch.setText(_("Show only the changes") if whole else _("Show the whole file"))
        self._colours.active = not whole
        if found.problems:
            data = self.shell.state.data
            lines = (f"{label(p.path, data)}: {p.message} {p.action}".rstrip() for p in found.problems)
            text = "\n".join(lines)
        else:
            text = found.text if whole else "\n".join(found.diff)
        if self.text.toPlainText() != text:
            self.text.setPlainText(text)


PAGE = ReviewPage
