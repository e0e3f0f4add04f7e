"""The grade types as a table whose sizes and indicators are edited in place, and what is to be said of one of them."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase, QIcon, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from wizard import i18n
from wizard.flow.grade_table import GradeRow
from wizard.grades.capacity import CAPACITY
from wizard.gui.editors import WheelGuard, fill
from wizard.gui.parts import StateLine, heading, muted, wrapped
from wizard.gui.style import ICON_SIZE, SPACE, state_icon, state_tone

TYPE, SLOTS, CONTENTS, SIZE, HOLDS, USED, LEFT, INDICATOR, REMARKS, REFERENCES = range(10)

ROWS_SHOWN = 8
"""More types than that scroll inside the table."""

_USED_ROLE = Qt.ItemDataRole.UserRole
_STATE_ROLE = Qt.ItemDataRole.UserRole + 1

_BAR_WIDTH = SPACE * 7

_EDITOR_WIDTH = SPACE * 8
_NAME_LETTERS = 14

_SPARE = (REFERENCES, LEFT, SLOTS, HOLDS, REMARKS)
"""Columns that the page tells elsewhere too, in the order in which they make room."""

Index = QModelIndex | QPersistentModelIndex


def number(value: int) -> str:
    """A count as people of the language write it."""
    return i18n.number(value)


class CapacityDelegate(QStyledItemDelegate):
    """A state as icon, bar and words; the words hold everything, for those who see neither."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell."""
        self.initStyleOption(option, index)
        text, option.text, option.icon = option.text, "", QIcon()
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        state, used = index.data(_STATE_ROLE), min(float(index.data(_USED_ROLE)), 1.0)
        place = option.rect.adjusted(SPACE // 2, 0, -SPACE // 2, 0)
        state_icon(state).paint(painter, place.left(), place.top(), ICON_SIZE, place.height())
        bar = QRectF(place.left() + ICON_SIZE + SPACE, place.center().y() - SPACE / 2 + 1, _BAR_WIDTH, SPACE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(option.palette.color(QPalette.ColorRole.Mid))
        painter.setBrush(option.palette.color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(state_tone(state))
        # What is used at all is seen, however little it is.
        width = max(bar.width() * used, 2.0) if used else 0.0
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), width, bar.height()), 2, 2)
        painter.restore()
        place.setLeft(round(bar.right()) + SPACE)
        style.drawItemText(
            painter,
            place,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            option.palette,
            True,
            option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width()),
            QPalette.ColorRole.Text,
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for icon, bar and words."""
        self.initStyleOption(option, index)
        width = SPACE * 4 + ICON_SIZE + _BAR_WIDTH + option.fontMetrics.horizontalAdvance(option.text)
        return QSize(width, option.fontMetrics.height() + SPACE * 2)


class TypesTable(QTableWidget):
    """One row for each type. It shows rows and says what a person chose; `looked_at` is the row of the keyboard."""

    edited = Signal(int, str, object)
    looked_at = Signal(int)
    completed = Signal()
    """Editors of rows further down were made: not all at once, where they are many."""

    def __init__(self) -> None:
        super().__init__(0, 10)
        self._rows: tuple[GradeRow, ...] = ()
        self._made = 0
        """Rows that have their editors."""
        self._rest = QTimer(self, interval=0)
        self._rest.timeout.connect(self._make_more)
        self.setAccessibleName(_("Grade types"))
        self.setHorizontalHeaderLabels(
            [
                _("Type"),
                _("Slots"),
                _("Contents"),
                _("Size"),
                _("Holds"),
                _("Used"),
                _("Room left"),
                _("Indicator"),
                _("Remarks"),
                _("References"),
            ]
        )
        self.horizontalHeaderItem(SLOTS).setToolTip(_("Which of the five grades of an item use this type"))
        self.horizontalHeaderItem(SIZE).setToolTip(_("Characters of a reference in the item code"))
        self.horizontalHeaderItem(INDICATOR).setToolTip(_("First character of the references; one for each type"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + SPACE * 2)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegateForColumn(USED, CapacityDelegate(self))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(TYPE, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(SPACE * 4)
        self.currentCellChanged.connect(lambda row, *_rest: self.looked_at.emit(row))
        QApplication.instance().focusChanged.connect(self._follow)

    def show_rows(self, rows: tuple[GradeRow, ...]) -> None:
        """Show types; the editors of types that stay are kept, with the keyboard."""
        same = [row.code for row in rows] == [row.code for row in self._rows]
        self._rows = rows
        if not same:
            self.setRowCount(0)
            self.setRowCount(len(rows))
            self._made = 0
            self._make_rows(ROWS_SHOWN)
        for index, row in enumerate(rows):
            self._show_row(index, row)
        height = self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth()
        height += sum(self.rowHeight(index) for index in range(min(len(rows), ROWS_SHOWN)))
        self.setFixedHeight(height)
        self._fit()
        if rows and self.currentRow() < 0:
            self.setCurrentCell(0, TYPE)

    def sizeHintForColumn(self, column: int) -> int:
        """Room for the editors too, however short their heading is in a language."""
        needed = super().sizeHintForColumn(column)
        return max(needed, _EDITOR_WIDTH) if column in (SIZE, INDICATOR) else needed

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What matters most stays when there is little room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Hide what does not fit beside the rest and is told elsewhere too."""
        if not self._rows:
            return
        header = self.horizontalHeader()
        for column in _SPARE:
            self.setColumnHidden(column, False)  # a hidden one says that it needs no room
        widths = [
            max(self.sizeHintForColumn(column), header.sectionSizeHint(column)) for column in range(self.columnCount())
        ]
        widths[TYPE] = self.fontMetrics().averageCharWidth() * _NAME_LETTERS
        empty = self._unknown()
        room = self.viewport().width() - sum(width for column, width in enumerate(widths) if column not in empty)
        for column in _SPARE:
            self.setColumnHidden(column, room < 0 or column in empty)
            if room < 0 and column not in empty:
                room += widths[column]
        self.updateEditorGeometries()

    def _unknown(self) -> set[int]:
        """Columns that no row has anything for: only an import tells of slots and remarks, and the profile keeps
        neither."""
        found = {
            SLOTS: any(row.slots for row in self._rows),
            REMARKS: any(row.remarks is not None for row in self._rows),
        }
        return {column for column, known in found.items() if not known}

    def editor(self, index: int, name: str) -> QWidget | None:
        """The editor of the size or the indicator of a row."""
        if index >= self._made:
            self._make_rows(len(self._rows))
        return self.cellWidget(index, INDICATOR if name == "indicator" else SIZE)

    def _make_rows(self, count: int) -> None:
        """Make the editors of so many rows more; those after them with the next turns of the event loop."""
        end = min(self._made + count, len(self._rows))
        for index in range(self._made, end):
            self._make_editors(index, self._rows[index])
        self._made = end
        if end < len(self._rows):
            self._rest.start()
        else:
            self._rest.stop()

    def _make_more(self) -> None:
        self._make_rows(ROWS_SHOWN)
        if self._made == len(self._rows):
            self.completed.emit()

    def _make_editors(self, index: int, row: GradeRow) -> None:
        size = QComboBox()
        size.setAccessibleName(_("Size of {type}").format(type=row.description or row.code))
        for characters in CAPACITY:
            size.addItem(str(characters), characters)
        size.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        size.installEventFilter(WheelGuard(size))
        size.setMaximumWidth(_EDITOR_WIDTH)
        size.setCurrentIndex(size.findData(row.size))
        size.currentIndexChanged.connect(
            lambda _index, code=row.code, box=size: self.edited.emit(code, "size", box.currentData())
        )
        indicator = QLineEdit(row.indicator)
        indicator.setMaxLength(1)
        indicator.setMaximumWidth(_EDITOR_WIDTH)
        indicator.setAccessibleName(_("Indicator of {type}").format(type=row.description or row.code))
        indicator.textChanged.connect(lambda text, code=row.code: self.edited.emit(code, "indicator", text))
        self.setCellWidget(index, SIZE, size)
        self.setCellWidget(index, INDICATOR, indicator)

    def _show_row(self, index: int, row: GradeRow) -> None:
        if index < self._made:
            size, indicator = self.cellWidget(index, SIZE), self.cellWidget(index, INDICATOR)
            with QSignalBlocker(size):
                size.setCurrentIndex(size.findData(row.size))
            if indicator.text() != row.indicator:
                fill(indicator, row.indicator)
        texts = {
            TYPE: row.name,
            SLOTS: ", ".join(str(slot) for slot in row.slots),
            CONTENTS: number(row.contents),
            HOLDS: number(row.capacity),
            USED: used_text(row),
            LEFT: number(row.left),
            REMARKS: "" if row.remarks is None else number(row.remarks),
            REFERENCES: references_text(row),
        }
        for column, text in texts.items():
            item = self.item(index, column)
            if item is None:
                item = QTableWidgetItem()
                self.setItem(index, column, item)
            item.setText(text)
        self.item(index, TYPE).setToolTip(f"{row.name}\n{row.table}")
        self.item(index, USED).setData(_USED_ROLE, row.used)
        self.item(index, USED).setData(_STATE_ROLE, row.state)
        worst = "fail" if row.serious else "warn" if row.remarks else ""
        self.item(index, REMARKS).setIcon(state_icon(worst) if worst else QIcon())

    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        """The row whose editor has the keyboard is the one that is looked at."""
        for index in range(self.rowCount()):
            if now is not None and now in (self.cellWidget(index, SIZE), self.cellWidget(index, INDICATOR)):
                self.setCurrentCell(index, TYPE)


def used_text(row: GradeRow) -> str:
    """ "9% - fits"."""
    return f"{i18n.percent(row.used)} - {row.word}"


def references_text(row: GradeRow) -> str:
    """The first and the last reference; a type without contents has only the first to come."""
    return f"{row.first} - {row.last}" if row.last else row.first


def room_text(row: GradeRow) -> str:
    """Which references the type has, and how many more its size has room for."""
    if not row.first:
        return _("Without an indicator there are no references: give one digit or capital letter.")
    if not row.last:
        text = _("No contents yet; the first reference will be {first}. Size {size} holds {capacity}.")
    elif row.left < 0:
        text = _("References {first} to {last}. Size {size} holds {capacity}: {over} too many.")
    else:
        text = _("References {first} to {last}. Size {size} holds {capacity}: room for {left} more.")
    values = {"size": row.size, "capacity": number(row.capacity), "left": number(row.left), "over": number(-row.left)}
    return text.format(first=row.first, last=row.last, **values)


class TypeDetails(QFrame):
    """What is to be said of the type that is looked at: references, an example, each reason and what to do."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._title = heading("")
        self._room = wrapped()
        self._item = QLabel()
        self._item.setTextFormat(Qt.TextFormat.PlainText)
        self._item.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._item.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._item_label = muted("")
        self._notes = QVBoxLayout()
        self._notes.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE)
        layout.setSpacing(SPACE // 2)
        for widget in (self._title, self._room, self._item_label, self._item):
            layout.addWidget(widget)
        layout.addLayout(self._notes)
        self._shown: GradeRow | None = None

    def show_row(self, row: GradeRow) -> None:
        """Show a type."""
        if row == self._shown:
            return
        self._shown = row
        self._title.setText(row.name)
        self._room.setText(room_text(row))
        self._item_label.setText(_("An item code with it: 15 characters of the item, then the references"))
        self._item.setText(row.item)
        for widget in (self._item_label, self._item):
            widget.setVisible(bool(row.item))
        clear(self._notes)
        for note in row.notes:
            self._notes.addWidget(line(note.state, f"{note.text} {note.action}".rstrip()))


def clear(layout: QVBoxLayout) -> None:
    """Take everything out of a layout."""
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()


def line(state: str, text: str) -> StateLine:
    """A line with the icon of a state."""
    made = StateLine()
    made.show_state(state, text)
    return made


def cut(lines: list[QWidget], total: int, more: Callable[[int], str], layout: QVBoxLayout) -> None:
    """Show the first lines of many and how many more there are; `more` gives the text, with a place for the {count}."""
    for widget in lines:
        layout.addWidget(widget)
    left = total - len(lines)
    if left > 0:
        layout.addWidget(muted(more(left).format(count=left)))
