"""The difference of an import: what it would write, every changed content in a table, and the buttons for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from wizard.flow import grade_import, grade_rows, words
from wizard.flow.grade_import import KIND_WORDS
from wizard.flow.grade_rows import COLUMNS, Choice
from wizard.flow.state import State
from wizard.grades.import_result import Changes
from wizard.gui.background import Background, Task
from wizard.gui.editors import WheelGuard, fill
from wizard.gui.grade_types import clear, cut, line, number
from wizard.gui.parts import StateLine, announce, column, heading, muted
from wizard.gui.style import SPACE

if TYPE_CHECKING:
    import pyarrow as pa

TYPES_SHOWN = 8
ROWS_SHOWN = 9
COPIED_ROWS = 100_000
"""More at once would hold the window: a clipboard takes its text in one piece."""

_KEPT_ROWS = 500
_TYPING_MS = 200
"""A person types on; rows are chosen when typing pauses."""

_NAMES = list(COLUMNS)

Index = QModelIndex | QPersistentModelIndex


class DifferenceModel(QAbstractTableModel):
    """The chosen rows of a difference. Only those that are looked at are ever made into texts."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: pa.Table | None = None
        self._places: pa.UInt64Array | None = None
        self._names: Mapping[int, str] = {}
        self._titles = [_(title) for title in COLUMNS.values()]
        self._cells: OrderedDict[int, tuple[str, ...]] = OrderedDict()

    def show_rows(
        self, rows: pa.Table | None, places: pa.UInt64Array | None, names: Mapping[int, str] | None = None
    ) -> None:
        """Show these places of these rows; None for nothing."""
        self.beginResetModel()
        self._rows, self._places, self._names = rows, places, names or {}
        self._cells.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() or self._places is None else len(self._places)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(_NAMES)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) or not index.isValid():
            return None
        return self.cells(index.row())[index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._titles[section]
        return super().headerData(section, orientation, role)

    def cells(self, row: int) -> tuple[str, ...]:
        """A row as texts."""
        known = self._cells.get(row)
        if known is None:
            assert self._rows is not None and self._places is not None  # noqa: S101, PT018 - there is a row
            known = grade_rows.cells(self._rows, self._places[row].as_py(), self._names)
            self._cells[row] = known
            if len(self._cells) > _KEPT_ROWS:
                self._cells.popitem(last=False)
        return known


class RowsView(QTableView):
    """The table of changed contents. Nothing of it takes longer when there are 700,000 of them."""

    def __init__(self, model: DifferenceModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(_("Changes of contents"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        vertical, header = self.verticalHeader(), self.horizontalHeader()
        vertical.hide()
        # All rows of one height, never asked for.
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(self.fontMetrics().height() + SPACE)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionsClickable(True)
        # A click on a title sorts; it does not also select all rows.
        header.sectionPressed.disconnect()
        header.sectionEntered.disconnect()
        # To draw itself a header asks each selected row, in Python: it gets a selection of its own, which stays empty.
        header.setSelectionModel(QItemSelectionModel(model, header))
        self._fitted = False
        height = header.sizeHint().height() + vertical.defaultSectionSize() * ROWS_SHOWN
        self.setFixedHeight(height + 2 * self.frameWidth())

    def showEvent(self, event: QShowEvent) -> None:
        """Give columns their first width: only now the style of the window is known to the titles."""
        super().showEvent(event)
        if self._fitted:
            return
        self._fitted = True
        header = self.horizontalHeader()
        for place, letters in enumerate((12, 0, 17, 22, 22, 15, 12)):
            room = self.fontMetrics().averageCharWidth() * letters
            self.setColumnWidth(place, max(room, header.sectionSizeHint(place)))
        kinds = [self.fontMetrics().horizontalAdvance(_(word)) for word in KIND_WORDS.values()]
        self.setColumnWidth(_NAMES.index("kind"), max(kinds) + SPACE + SPACE // 2)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: Qt would make texts of all rows to find one that begins like that. There is a field for it."""


def _more_types(count: int) -> str:
    return ngettext("and {count} more type", "and {count} more types", count)


class DifferencePanel(QFrame):
    """Compare and Apply, the difference in a sentence, and its rows with filters and an order."""

    compare_wanted = Signal()
    apply_wanted = Signal()

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._task: Task | None = None
        self._file: str | None = None
        self._changes: Changes | None = None
        self._before: Choice | None = None
        self._table: pa.Table | None = None
        self._places: pa.UInt64Array | None = None
        self._names: dict[int, str] = {}
        self.compare = QPushButton(_("Difference"))
        self.apply = QPushButton(_("Apply"))
        self.compare.clicked.connect(self.compare_wanted)
        self.apply.clicked.connect(self.apply_wanted)
        self.note = muted(
            _(
                "Apply writes the references into the APS store at once. "
                "The profile, with the sizes, is written on the last page."
            )
        )
        self.summary = StateLine()
        self.types, self._type_lines = column(2)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self.compare)
        buttons.addWidget(self.apply)
        buttons.addStretch(1)
        self.rows = self._make_rows()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(heading(_("Difference from the APS store")))
        layout.addLayout(buttons)
        layout.addWidget(self.note)
        layout.addWidget(self.summary)
        layout.addWidget(self.types)
        layout.addWidget(self.rows)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._choose)
        self.rows.hide()

    def show_state(self, state: State) -> None:
        """Show the difference of a session and whether it still holds."""
        found = state.grade_work.found
        changes = found.changes if found else None
        if changes is None:
            text = _("Not compared yet. Difference shows what Apply would write, and writes nothing itself.")
            self.summary.show_state("pending", text)
        elif state.grade_work.unsure:
            self.summary.show_state("warn", grade_import.why_not_apply(state))
        elif changes.applied:
            self.summary.show_state("ok", grade_import.applied_text(changes))
        elif not grade_import.is_current(state):
            self.summary.show_state("warn", grade_import.why_not_apply(state))
        elif changes.empty:
            self.summary.show_state("ok", grade_import.difference_text(changes))
        else:
            self.summary.show_state("info", grade_import.difference_text(changes))
        if changes is not self._changes:
            self._show_changes(changes, state.grade_work.rows)

    def take_over(self, former: DifferencePanel) -> None:
        """Show the rows as a former panel does: filtered and in the same order."""
        self._before = former._asked() if former._changes else None

    def forget(self) -> None:
        """Show nothing, and let go of the file."""
        self._show_changes(None, None)

    @property
    def shown(self) -> int:
        """How many rows are chosen now."""
        return self.model.rowCount()

    # --- the rows ------------------------------------------------------------------------------

    def _make_rows(self) -> QWidget:
        self.type = self._combo()
        self.kind = self._combo()
        self.order = self._combo()
        self.text = QLineEdit()
        self.text.setPlaceholderText(_("code, description or reference"))
        self.text.setClearButtonEnabled(True)
        self.text.textChanged.connect(lambda _text: self._typing.start())
        self.order.addItem(_("as found"), ("", False))
        for name, title in COLUMNS.items():
            for descending, title_of in ((False, _("{column}, ascending")), (True, _("{column}, descending"))):
                self.order.addItem(title_of.format(column=_(title)), (name, descending))
        for box in (self.type, self.kind, self.order):
            box.currentIndexChanged.connect(lambda _index: self._choose())
        self.model = DifferenceModel()
        self.view = RowsView(self.model)
        self.view.horizontalHeader().sectionClicked.connect(self._sort_by)
        copying = QShortcut(QKeySequence.StandardKey.Copy, self.view, context=Qt.ShortcutContext.WidgetShortcut)
        copying.activated.connect(lambda: self._copy(self._selected()))
        self.count = muted("")
        self.copy = QPushButton(_("Copy rows"))
        self.copy.clicked.connect(lambda: self._copy(self._places))
        below = QHBoxLayout()
        below.setSpacing(SPACE)
        below.addWidget(self.count, 1)
        below.addWidget(self.copy)
        box, layout = column()
        layout.addLayout(self._make_filters())
        layout.addWidget(self.view)
        layout.addLayout(below)
        return box

    def _make_filters(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(SPACE)
        asked = (
            (_("Type"), self.type),
            (_("Change"), self.kind),
            (_("Containing"), self.text),
            (_("Order"), self.order),
        )
        for place, (text, field) in enumerate(asked):
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(field)
            field.setAccessibleName(text)
            grid.addWidget(label, place // 2, place % 2 * 2)
            grid.addWidget(field, place // 2, place % 2 * 2 + 1)
        for place in (1, 3):
            grid.setColumnStretch(place, 1)
        return grid

    def _combo(self) -> QComboBox:
        box = QComboBox()
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.installEventFilter(WheelGuard(box))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        return box

    def _show_changes(self, changes: Changes | None, file: str | None) -> None:
        before, self._file, self._changes = self._file, file, changes
        self._background.drop(self._task)
        self._task = self._table = self._places = None
        self.model.show_rows(None, None)
        if before and file and before != file:
            # A large file takes its time to go. Windows keeps one that is still mapped; the folder goes in the end.
            self._background.start(
                lambda _report: Path(before).unlink(), on_done=lambda _gone: None, on_failed=lambda _error: None
            )
        clear(self._type_lines)
        changed = changes.types if changes else ()
        self.types.setVisible(bool(changed))
        lines: list[QWidget] = [line("warn" if one.moves else "info", grade_import.change_text(one)) for one in changed]
        cut(lines[:TYPES_SHOWN], len(lines), _more_types, self._type_lines)
        counts = {kind: count for kind, count in (changes.counts if changes else {}).items() if count}
        self.rows.setVisible(bool(counts))
        if changes is None or file is None or not counts:
            return
        self._names = {one.type: f"{one.type} {one.description}".rstrip() for one in changed}
        with QSignalBlocker(self.type), QSignalBlocker(self.kind), QSignalBlocker(self.order):
            self.type.clear()
            self.type.addItem(_("all types"), None)
            for code, name in self._names.items():
                self.type.addItem(name, code)
            self.kind.clear()
            self.kind.addItem(_("all changes ({count})").format(count=number(sum(counts.values()))), "")
            for kind, word in KIND_WORDS.items():
                if kind in counts:
                    self.kind.addItem(f"{_(word)} ({number(counts[kind])})", kind)
            self.order.setCurrentIndex(0)
        fill(self.text, "")
        self._ask_as_before()
        self._start(lambda wanted: self._chosen_of(grade_rows.load(file), wanted), self._loaded)

    def _ask_as_before(self) -> None:
        """Set the filters as in another language, once."""
        before, self._before = self._before, None
        if before is None:
            return
        wanted = (self.type, before.type), (self.kind, before.kind), (self.order, (before.column, before.descending))
        for box, value in wanted:
            places = [place for place in range(box.count()) if box.itemData(place) == value]
            with QSignalBlocker(box):
                box.setCurrentIndex(places[0] if places else 0)
        fill(self.text, before.text)

    def _choose(self) -> None:
        """Choose rows anew, off the GUI thread; what was under way is no longer wanted."""
        self._typing.stop()
        table = self._table
        if table is not None:
            self._start(lambda wanted: self._chosen_of(table, wanted), self._loaded)

    def _asked(self) -> Choice:
        name, descending = self.order.currentData() or ("", False)
        kind = self.kind.currentData() or ""
        return Choice(self.type.currentData(), kind, self.text.text().strip(), name, descending)

    def _chosen_of(self, table: pa.Table, wanted: Callable[[], bool]) -> tuple[pa.Table, pa.UInt64Array | None]:
        return table, grade_rows.chosen(table, self._choice, wanted)

    def _start(self, work: Callable[[Callable[[], bool]], Any], on_done: Callable[[Any], None]) -> None:
        self._background.drop(self._task)
        self._choice = self._asked()
        stopped = threading.Event()
        self.count.setText(_("Reading the rows..."))
        self._task = self._background.start(
            lambda _report: work(lambda: not stopped.is_set()),
            on_done=on_done,
            on_failed=self._not_read,
            cancel=stopped.set,
        )

    def _not_read(self, error: Exception) -> None:
        # What is no refusal of the system comes from the library of the file, which has words of its own.
        reason = words.refusal(error) if isinstance(error, OSError) and error.errno else error
        self.count.setText(_("The rows cannot be read: {reason}").format(reason=reason))

    def _loaded(self, found: tuple[pa.Table, pa.UInt64Array | None]) -> None:
        self._task = None
        filtered = found[0] is self._table
        self._table, self._places = found
        if self._places is None:
            return
        if self._asked() != self._choice:
            self._choose()  # something was typed while the file was read
            return
        self.model.show_rows(self._table, self._places, self._names)
        header = self.view.horizontalHeader()
        header.setSortIndicatorShown(bool(self._choice.column))
        if self._choice.column:
            order = Qt.SortOrder.DescendingOrder if self._choice.descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(_NAMES.index(self._choice.column), order)
        if len(self._places):
            text = _("Rows: {shown} of {all}. The titles of the columns sort them.")
        else:
            text = _("No row is like that. Rows: {shown} of {all}.")
        self.count.setText(text.format(shown=number(len(self._places)), all=number(self._table.num_rows)))
        if filtered:
            announce(self, self.count.text())

    def _sort_by(self, section: int) -> None:
        """A click on a title sorts by it, a second one the other way round."""
        ascending = 1 + 2 * section
        self.order.setCurrentIndex(ascending + (self.order.currentIndex() == ascending))

    # --- copying -------------------------------------------------------------------------------

    def _selected(self) -> pa.UInt64Array | None:
        """The places of the selected rows; as ranges, since all of them may be selected."""
        if self._places is None:
            return None
        import pyarrow as pa

        ranges = sorted((part.top(), part.height()) for part in self.view.selectionModel().selection())
        return pa.concat_arrays([self._places.slice(0, 0), *(self._places.slice(*part) for part in ranges)])

    def _copy(self, places: pa.UInt64Array | None) -> None:
        table, names = self._table, dict(self._names)
        if table is None or places is None or not len(places):
            return
        first = places.slice(0, COPIED_ROWS)
        self._background.start(
            lambda _report: grade_rows.as_text(table, first, names),
            on_done=lambda text: self._copied(text, len(first), len(places)),
            on_failed=lambda error: self.count.setText(str(error)),
        )

    def _copied(self, text: str, rows: int, wanted: int) -> None:
        QApplication.clipboard().setText(text)
        if rows < wanted:
            said = _("Only the first {count} of {all} rows were copied. Filter, and copy the rest in parts.")
        else:
            said = _("Rows copied: {count}.")
        self.count.setText(said.format(count=number(rows), all=number(wanted)))
        announce(self, self.count.text())
