"""Two columns of answers, question by question: two profiles, or one before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from wizard import i18n
from wizard.flow.comparison import Line, Since, as_text, differences
from wizard.flow.profile_list import Row
from wizard.gui.copying import copies_rows
from wizard.gui.parts import column, wrapped
from wizard.gui.sheet import Sheet
from wizard.gui.style import SPACE, state_icon


class ComparisonDialog(Sheet):
    """Shows lines; only those that differ unless asked for all. What is shown can be copied as text."""

    def __init__(self, parent: QWidget, title: str, left: str, right: str) -> None:
        super().__init__(parent, title, (900, 600))
        self._names = (left, right)
        self._lines: tuple[Line, ...] = ()
        self.about = wrapped()
        self.only = QCheckBox(_("Only what differs"))
        self.only.setChecked(True)
        self.only.toggled.connect(lambda _on: self._show())
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(title)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setWordWrap(True)
        self.table.verticalHeader().hide()
        copies_rows(self.table)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for index in (1, 2, 3):
            header.setSectionResizeMode(index, QHeaderView.ResizeMode.Stretch)
        self.top = QHBoxLayout()
        self.top.setSpacing(SPACE)
        self.top.addWidget(self.only)
        self.top.addStretch(1)
        self.box, layout = column()
        layout.addWidget(self.about)
        layout.addLayout(self.top)
        layout.addWidget(self.table, 1)
        self.about.hide()
        self.copy = QPushButton(_("Copy as text"))
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(as_text(self._shown(), *self._names)))
        close = QPushButton(_("Close"))
        close.clicked.connect(self.reject)
        self.fill([self.box], [self.copy, close])

    def explain(self, text: str) -> None:
        """Say something above the table."""
        self.about.setText(text)
        self.about.setVisible(bool(text))

    def show_lines(self, lines: Sequence[Line], left: str, right: str) -> None:
        """Show lines under the names of the two sides."""
        self._lines, self._names = tuple(lines), (left, right)
        self.table.setHorizontalHeaderLabels([_("Page"), _("Question"), left, right])
        self._show()

    def _shown(self) -> tuple[Line, ...]:
        return differences(self._lines) if self.only.isChecked() else self._lines

    def _show(self) -> None:
        lines = self._shown()
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for index, text in enumerate((line.page, line.question, line.left, line.right)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if index > 1 and not line.same:
                    font = item.font()
                    font.setBold(True)
                    item.setFont(font)
                if index == 1 and not line.same:
                    # Not by bold type alone: the word is there for those who do not see it.
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, _("{question}, differs").format(question=text))
                if line.same:
                    item.setForeground(self.palette().brush(QPalette.ColorRole.WindowText))
                self.table.setItem(row, index, item)
            if not line.same:
                self.table.item(row, 1).setIcon(state_icon("warn"))
        self.table.resizeRowsToContents()
        self.only.setVisible(len(differences(self._lines)) != len(self._lines) or not self._lines)
        if self._lines and not differences(self._lines):
            self.say("ok", _("No difference."))
        elif self._lines:
            text = _("Differences: {count} of {total} answers.")
            self.say("info", text.format(count=len(differences(self._lines)), total=len(self._lines)))


class ProfilesDialog(ComparisonDialog):
    """A profile beside another one of the list, which is chosen in the dialog."""

    def __init__(
        self, parent: QWidget, first: Row, others: Sequence[Row], compare: Callable[[Row, Row], Sequence[Line]]
    ) -> None:
        super().__init__(parent, _("Compare “{name}” with another profile").format(name=first.name), first.name, "")
        self._first, self._others, self._compare = first, tuple(others), compare
        self.other = QComboBox()
        self.other.setAccessibleName(_("Compare with"))
        for row in self._others:
            company = row.profile.company.logix if row.profile else ""
            self.other.addItem(f"{row.name} ({company})", str(row.path))
        label = QLabel(_("Compare with"))
        label.setBuddy(self.other)
        self.top.insertWidget(0, self.other)
        self.top.insertWidget(0, label)
        self.other.currentIndexChanged.connect(self._chosen)
        self._chosen(0)
        self.mark_letters()
        self.other.setFocus()

    def _chosen(self, index: int) -> None:
        other = self._others[index]
        self.show_lines(self._compare(self._first, other), self._first.name, other.name)


class SinceDialog(ComparisonDialog):
    """What changed in a profile since it was proved, and which checks no longer hold."""

    def __init__(self, parent: QWidget, since: Since) -> None:
        then, now = _("when it was validated"), _("now")
        super().__init__(parent, _("What changed since the last validation"), then, now)
        self.show_lines(since.lines, then, now)
        self.explain(since_text(since))
        if not since.lines:
            self.say("", "")


def since_text(since: Since) -> str:
    """The sentences above the table."""
    if since.at is None:
        return _("This profile was never validated: run the checks on Review.")
    when = i18n.moment(since.at)
    told = [_("Last validated: {when}.").format(when=when)]
    if not since.stale:
        told.append(_("Nothing that was proved has changed since."))
    else:
        told.append(_("Checks to run again: {titles}.").format(titles="; ".join(since.stale)))
    if since.unknown:
        text = _("No former version of the file tells which values changed on: {pages}.")
        told.append(text.format(pages=", ".join(since.unknown)))
    return "\n".join(told)
