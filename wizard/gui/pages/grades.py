"""Grade types: import from Logix, sizes with what they hold, and the combinations that items use."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
)

from wizard.checklist.check import Outcome
from wizard.flow import grade_table
from wizard.flow import state as flow
from wizard.grades import import_job
from wizard.grades.capacity import CAPACITY
from wizard.grades.import_result import Import, Wish
from wizard.gui.background import Task
from wizard.gui.editors import shown_date
from wizard.gui.pages.form_page import FormPage
from wizard.gui.pages.page import Shell
from wizard.gui.parts import StateLine, column, heading, muted
from wizard.gui.style import SPACE, state_icon, text_icon
from wizard.isolated.host import Ending
from wizard.profile.errors import ProfileError


class GradesPage(FormPage):
    """The switch, the table of types, the combinations, and the checks of the step."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell, "grades")
        self._task: Task | None = None
        self._shown: tuple[grade_table.GradeRow, ...] | None = None
        self.import_button = QPushButton(_("Import from Logix"))
        self.import_button.setIcon(text_icon("import"))
        self.import_button.clicked.connect(self._import)
        self.cancel_import = QPushButton(_("Cancel"))
        self.cancel_import.clicked.connect(self.cancel_work)
        self.cancel_import.hide()
        self.working = QProgressBar()
        self.working.setRange(0, 0)
        self.working.setTextVisible(False)
        self.working.setMaximumHeight(SPACE)
        self.working.setAccessibleName(_("Import is running"))
        self.working.hide()
        self.seen = muted("")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self.import_button)
        buttons.addWidget(self.cancel_import)
        buttons.addWidget(self.working)
        buttons.addWidget(self.seen, 1)
        self.table = QTableWidget(0, 6)
        self.table.setAccessibleName(_("Grade types"))
        self.table.setHorizontalHeaderLabels(
            [_("Type"), _("Contents"), _("Size"), _("Holds"), _("Used"), _("Indicator")]
        )
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + SPACE * 2)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setIconSize(QSize(16, 16))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.combinations, self._combination_lines = column(2)
        self.findings, self._finding_lines = column(2)
        self.problems, self._problem_lines = column(2)
        self.block, block = column()
        block.addLayout(buttons)
        block.addWidget(self.findings)
        block.addWidget(self.table)
        block.addWidget(self.problems)
        block.addWidget(self.combinations)
        self.content.insertWidget(1, self.block)

    def show_state(self, state: flow.State) -> None:
        super().show_state(state)
        enabled = flow.value_of(state.data, "grades.enabled") in (True, "true")
        self.block.setVisible(enabled)
        if not enabled:
            return
        imported = flow.value_of(state.data, "grades.imported_at")
        self.seen.setText(
            _("Imported on {when} from {source}.").format(
                when=shown_date(str(imported)[:10]), source=flow.value_of(state.data, "grades.imported_from") or "?"
            )
            if imported
            else _("Not imported yet. The page Database has to be filled in first.")
        )
        rows = grade_table.rows(state.data)
        if rows != self._shown:
            self._show_rows(rows)
        self._show_combinations(state)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        super().show_problems(problems)
        _clear(self._problem_lines)
        for path, text in problems.items():
            if path.startswith("grades.types"):
                index = int(path.partition("[")[2].partition("]")[0] or 0)
                name = self._shown[index].description if self._shown and index < len(self._shown) else path
                self._problem_lines.addWidget(_line("fail", f"{name}: {text}"))

    def focus_on(self, path: str) -> bool:
        if path.startswith("grades.types["):
            index = int(path.partition("[")[2].partition("]")[0])
            cell = self.table.cellWidget(index, 5 if path.endswith("indicator") else 2)
            if cell is not None:
                cell.setFocus()
                return True
        return super().focus_on(path)

    def cancel_work(self) -> None:
        if self._task:
            self._task.cancel()

    def forget(self) -> None:
        self._show_working(False)
        _clear(self._finding_lines)

    def _show_rows(self, rows: tuple[grade_table.GradeRow, ...]) -> None:
        same_types = self._shown is not None and [r.code for r in rows] == [r.code for r in self._shown]
        self._shown = rows
        self.table.setVisible(bool(rows))
        if not same_types:
            self.table.setRowCount(len(rows))
        for index, row in enumerate(rows):
            if not same_types:
                self._make_editors(index, row)
            self._show_row(index, row)
        height = self.table.horizontalHeader().sizeHint().height() + 4
        height += sum(self.table.rowHeight(index) for index in range(min(len(rows), 8)))
        self.table.setFixedHeight(height)

    def _make_editors(self, index: int, row: grade_table.GradeRow) -> None:
        size = QComboBox()
        size.setAccessibleName(_("Size of {type}").format(type=row.description))
        for characters in CAPACITY:
            size.addItem(str(characters), characters)
        size.setCurrentIndex(size.findData(row.size))
        size.currentIndexChanged.connect(
            lambda _index, code=row.code, box=size: self._edit(code, "size", box.currentData())
        )
        indicator = QLineEdit(row.indicator)
        indicator.setMaxLength(1)
        indicator.setMaximumWidth(SPACE * 8)
        indicator.setAccessibleName(_("Indicator of {type}").format(type=row.description))
        indicator.textEdited.connect(lambda text, code=row.code: self._edit(code, "indicator", text))
        self.table.setCellWidget(index, 2, size)
        self.table.setCellWidget(index, 5, indicator)

    def _show_row(self, index: int, row: grade_table.GradeRow) -> None:
        used = f"{row.used:.0%} {row.remark}".strip()
        number = f"{row.contents:,}".replace(",", ".")
        capacity = f"{row.capacity:,}".replace(",", ".")
        size, indicator = self.table.cellWidget(index, 2), self.table.cellWidget(index, 5)
        with QSignalBlocker(size):
            size.setCurrentIndex(size.findData(row.size))
        if indicator.text() != row.indicator:
            indicator.setText(row.indicator)
        for column_, text in ((0, f"{row.code} {row.description}"), (1, number), (3, capacity), (4, used)):
            self.table.setItem(index, column_, QTableWidgetItem(text))
        self.table.item(index, 0).setToolTip(row.table)
        self.table.item(index, 4).setIcon(state_icon(row.state))

    def _show_combinations(self, state: flow.State) -> None:
        texts = grade_table.combination_texts(state.data)
        _clear(self._combination_lines)
        if not texts:
            return
        self._combination_lines.addWidget(heading(_("Combinations that items use")))
        for mark, text in texts[:6]:
            self._combination_lines.addWidget(_line(mark, text))
        if len(texts) > 6:
            more = _("and {count} shorter ones").format(count=len(texts) - 6)
            self._combination_lines.addWidget(muted(more))

    def _edit(self, code: int, name: str, value: Any) -> None:
        self.shell.change(lambda state: flow.edit_grade_type(state, code, name, value))

    def _import(self) -> None:
        try:
            subject = flow.test_subject(self.shell.state, "grades")
        except ProfileError:
            self.shell.banner.say(
                "warn", _("The page Database is not complete; the import needs it. Fill it in and test it first.")
            )
            return
        job = import_job.import_job(subject, Wish())
        self._show_working(True)
        self._task = self.shell.background.start(
            lambda _report: job.run(), on_done=self._imported, on_failed=self._failed, cancel=job.cancel
        )

    def _imported(self, ending: Ending) -> None:
        self._show_working(False)
        if ending.how == "cancelled":
            self.shell.banner.say("info", _("The import was cancelled; nothing changed."))
            return
        found = import_job.from_child(ending.answer) if ending.how == "done" else None
        if not isinstance(found, Import):
            text = f"{found.message} {found.hint}" if isinstance(found, Outcome) else _("The import did not end well.")
            self.shell.banner.say("fail", text)
            return
        self.shell.change(lambda state: flow.set_grades(state, found.grades))
        _clear(self._finding_lines)
        for finding in found.findings[:20]:
            text = f"{finding.type} {finding.description}: {finding.message}"
            self._finding_lines.addWidget(_line("fail" if finding.serious else "warn", text))
        text = _("Grade types imported: {count}.").format(count=len(found.grades.types))
        self.shell.banner.say("warn" if found.findings else "ok", text)
        self.shell.mark_letters()

    def _failed(self, error: Exception) -> None:
        self._show_working(False)
        self.shell.banner.say("fail", type(error).__name__)

    def _show_working(self, working: bool) -> None:
        self.import_button.setVisible(not working)
        self.cancel_import.setVisible(working)
        self.working.setVisible(working)
        self.seen.setVisible(not working)


def _clear(layout: Any) -> None:
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.setParent(None)
            widget.deleteLater()


def _line(state: str, text: str) -> StateLine:
    line = StateLine()
    line.show_state(state, text)
    return line


PAGE = GradesPage
