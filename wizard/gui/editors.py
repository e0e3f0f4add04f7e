"""One editor per kind of question: shows a value, says when a person changed it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QStyledItemDelegate,
    QToolButton,
    QWidget,
)

from wizard.flow.data_sources import SourceChoice
from wizard.flow.model_facts import Facts
from wizard.flow.step import Field
from wizard.flow.stores import Offer, offers
from wizard.gui.parts import column, muted
from wizard.gui.style import SPACE, state_icon, text_icon


class Editor(QObject):
    """What every editor offers. `edited` carries the new value; `widget` goes on the page; `focus` takes the keys."""

    edited = Signal(object)
    secret_typed = Signal(str)
    widget: QWidget
    focus: QWidget

    def show_value(self, value: Any) -> None:
        """Show a value without reporting a change."""
        raise NotImplementedError


class WheelGuard(QObject):
    """Leaves the wheel to the page until a widget has the keyboard: scrolling must not turn what the pointer passes."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallow a wheel event that was meant for the page."""
        if event.type() == QEvent.Type.Wheel and not self._widget.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def fill(line: QLineEdit, text: str) -> None:
    """Put a text into a line without a change being reported.

    Changes are heard by `textChanged`, not `textEdited`: what a screen reader or a dictation program enters is not
    an edit for Qt.
    """
    with QSignalBlocker(line):
        line.setText(text)


class TextEditor(Editor):
    """A line of text; blanks around it, which pasting brings along, are left out of the value."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setPlaceholderText(field.example)
        self.line.textChanged.connect(lambda text: self.edited.emit(text.strip()))
        self.widget = self.focus = self.line

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if self.line.text().strip() != text:
            fill(self.line, text)


class NormalEditor(TextEditor):
    """A line of text that is kept in a form of its own: the form is shown below while somebody types, then in place."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._normal = field.normal or str.strip
        self.kept = muted("")
        self.kept.hide()
        self.widget, layout = column(2)
        layout.addWidget(self.line)
        layout.addWidget(self.kept)
        self.line.textChanged.connect(self._show_kept)
        self.line.editingFinished.connect(self._settle)

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        # What somebody is typing is not changed under the hands.
        if not (self.line.hasFocus() and self._normal(self.line.text().strip()) == text):
            super().show_value(value)
            self.kept.hide()

    def _show_kept(self, text: str) -> None:
        normal = self._normal(text.strip())
        self.kept.setText(_("Will be used: {value}").format(value=normal))
        self.kept.setVisible(normal != text.strip())

    def _settle(self) -> None:
        super().show_value(self._normal(self.line.text().strip()))
        self.kept.hide()


class DateEditor(TextEditor):
    """A date as people type it, 31/12/2026, or as the profile writes it, 2026-12-31."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.line.textChanged.disconnect()
        self.line.setPlaceholderText(_("DD/MM/YYYY"))
        self.line.setFixedWidth(self.line.fontMetrics().averageCharWidth() * 24)
        self.line.textChanged.connect(lambda text: self.edited.emit(iso_date(text.strip())))

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if iso_date(self.line.text().strip()) != text:
            fill(self.line, shown_date(text))


def iso_date(text: str) -> str:
    """31/12/2026 -> 2026-12-31; anything else stays as it is and the model says what is wrong with it."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else text


def shown_date(text: str) -> str:
    """2026-12-31 -> 31/12/2026."""
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return f"{match[3]}/{match[2]}/{match[1]}" if match else text


class NotesEditor(Editor):
    """Free text of several lines; Tab leaves it."""

    def __init__(self, field: Field) -> None:  # noqa: ARG002 - the shape of every editor
        super().__init__()
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * 3 + 2 * SPACE)
        self.text.textChanged.connect(lambda: self.edited.emit(self.text.toPlainText()))
        self.widget = self.focus = self.text

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if self.text.toPlainText() != text:
            with QSignalBlocker(self.text):
                self.text.setPlainText(text)


class NumberEditor(Editor):
    """A whole number within the limits of the model; a number that may be left out shows a dash then."""

    def __init__(self, field: Field, facts: Facts) -> None:
        super().__init__()
        self.spin = QSpinBox()
        self._default = facts.default
        self._none = None if facts.default is not None else (facts.minimum or 0) - 1
        self.spin.setRange((facts.minimum or 0) if self._none is None else self._none, facts.maximum or 999_999)
        if self._none is not None:
            self.spin.setSpecialValueText("-")
        if field.unit:
            self.spin.setSuffix(" " + _(field.unit))
        self.spin.setMinimumWidth(self.spin.fontMetrics().averageCharWidth() * 18)
        self.spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.spin.installEventFilter(WheelGuard(self.spin))
        self.spin.valueChanged.connect(lambda value: self.edited.emit(None if value == self._none else value))
        self.widget = self.focus = self.spin

    def show_value(self, value: Any) -> None:
        fallback = self._default if self._none is None else self._none
        number = int(value) if isinstance(value, int) or str(value or "").isdigit() else fallback
        with QSignalBlocker(self.spin):
            self.spin.setValue(int(number))


class ChoiceEditor(Editor):
    """One of a few values; nothing is chosen where the model has no default."""

    def __init__(self, field: Field, facts: Facts) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setPlaceholderText(_("Choose..."))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for value, label in field.choices:
            self.box.addItem(_(label), value)
        self._default = facts.default
        self.box.setMinimumWidth(self.box.fontMetrics().averageCharWidth() * 24)
        self.box.setCurrentIndex(-1)
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.installEventFilter(WheelGuard(self.box))
        self.box.currentIndexChanged.connect(lambda _index: self.edited.emit(self.box.currentData()))
        self.widget = self.focus = self.box

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self.box.findData(self._default if value is None else value))

    def show_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other values; labels are shown as they are. What is chosen stays chosen where it is among them."""
        shown = [(self.box.itemData(index), self.box.itemText(index)) for index in range(self.box.count())]
        if list(choices) == shown:
            return
        chosen = self.box.currentData()
        with QSignalBlocker(self.box):
            self.box.clear()
            for value, label in choices:
                self.box.addItem(label, value)
            self.box.setCurrentIndex(self.box.findData(chosen))


class SwitchEditor(Editor):
    """On or off, with its label beside the box."""

    def __init__(self, field: Field, facts: Facts) -> None:
        super().__init__()
        self.box = QCheckBox(_(field.label))
        self._default = bool(facts.default)
        self.box.toggled.connect(self.edited.emit)
        self.widget = self.focus = self.box

    def show_value(self, value: Any) -> None:
        on = self._default if value is None else value in (True, "true", "yes", "on", "1")
        with QSignalBlocker(self.box):
            self.box.setChecked(bool(on))


class PathEditor(TextEditor):
    """A file or folder: typed, or picked."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._folder = field.widget == "folder"
        self.browse = QPushButton(_("Browse..."))
        # Several stand on one page: Tab reaches them, letters are for what is there once.
        self.browse.setProperty("no_letter", True)
        self.browse.clicked.connect(self._pick)
        self.widget = QWidget()
        layout = QHBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.browse)

    def _pick(self) -> None:
        dialog = QFileDialog(self.line)
        dialog.setFileMode(QFileDialog.FileMode.Directory if self._folder else QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._picked)
        dialog.open()

    def _picked(self, path: str) -> None:
        self.line.setText(path)


class SourceModel(QAbstractListModel):
    """Data sources: the name is what goes into the field, the list shows what it leads to under it."""

    def __init__(self) -> None:
        super().__init__()
        self.choices: tuple[SourceChoice, ...] = ()

    def show(self, choices: tuple[SourceChoice, ...]) -> None:
        """Offer other ones."""
        self.beginResetModel()
        self.choices = choices
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # noqa: ARG002 - Qt gives it
        """How many are offered."""
        return len(self.choices)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One of them, as Qt asks for it."""
        choice = self.choices[index.row()]
        match role:
            case Qt.ItemDataRole.EditRole:
                return choice.name
            case Qt.ItemDataRole.DisplayRole:
                return f"{choice.name}\n{choice.text}"
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return f"{choice.name} - {choice.text}"
            case Qt.ItemDataRole.DecorationRole:
                return state_icon(choice.state)
        return None


class SourceEditor(Editor):
    """The name of a data source: typed, or chosen from those of this machine. Typing completes nothing by itself."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setDuplicatesEnabled(True)
        self.box.setCompleter(None)
        self.model = SourceModel()
        self.box.setModel(self.model)
        self.box.setItemDelegate(QStyledItemDelegate(self.box))
        self.box.setMinimumContentsLength(12)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setAccessibleName(_(field.label))
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.installEventFilter(WheelGuard(self.box))
        self.box.activated.connect(self._chosen)
        self.line = self.box.lineEdit()
        self.line.setPlaceholderText(field.example)
        self.line.textChanged.connect(lambda text: self.edited.emit(text.strip()))
        self.use = QPushButton()
        self.use.clicked.connect(lambda: self.edited.emit(self.use.property("name")))
        self.widget = QWidget()
        self.focus = self.line
        layout = QHBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self.box, 1)
        layout.addWidget(self.use)
        self.show_proposal("")

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if self.line.text().strip() != text:
            with QSignalBlocker(self.box), QSignalBlocker(self.line):
                self.box.setCurrentIndex(self.box.findData(text, Qt.ItemDataRole.EditRole))
                self.box.setEditText(text)

    def show_choices(self, choices: tuple[SourceChoice, ...]) -> None:
        """Offer data sources; what is typed stays, with the place where it is being typed."""
        if choices == self.model.choices:
            return
        text, place = self.line.text(), self.line.cursorPosition()
        with QSignalBlocker(self.box), QSignalBlocker(self.line):
            self.model.show(choices)
            self.box.setCurrentIndex(self.box.findData(text.strip(), Qt.ItemDataRole.EditRole))
            self.box.setEditText(text)
        self.line.setCursorPosition(place)
        # The list may be wider than the field: what a data source leads to is to be read.
        longest = max((choice.text for choice in choices), key=len, default="")
        width = self.box.fontMetrics().horizontalAdvance(longest) + SPACE * 8
        self.box.view().setMinimumWidth(min(width, SPACE * 76))

    def show_proposal(self, name: str) -> None:
        """Offer one press that takes a name; "" offers nothing."""
        self.use.setProperty("name", name)
        if self.use.text().replace("&", "") != _("Use {name}").format(name=name):
            self.use.setText(_("Use {name}").format(name=name).replace("&", "&&"))
        self.use.setVisible(bool(name) and self.use.parent() is not None)

    def _chosen(self, index: int) -> None:
        if 0 <= index < len(self.model.choices):
            self.edited.emit(self.model.choices[index].name)


class _Beside(QWidget):
    """A list and its line side by side where there is room for what both say, else one above the other."""

    def __init__(self, store: QComboBox, line: QLineEdit, reveal: QToolButton) -> None:
        super().__init__()
        self._parts = (store, line, reveal)
        below = QHBoxLayout()
        below.setSpacing(SPACE)
        below.addWidget(line, 1)
        below.addWidget(reveal)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE)
        self._layout.addWidget(store)
        self._layout.addLayout(below, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Choose the direction for what the line says now."""
        store, line, reveal = self._parts
        needed = store.sizeHint().width() + line.fontMetrics().horizontalAdvance(line.placeholderText()) + SPACE * 4
        needed += 0 if reveal.isHidden() else reveal.sizeHint().width() + SPACE
        narrow = needed > self.width() and not line.isHidden()
        self._layout.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


class SecretEditor(Editor):
    """Where a password is kept, and typing it. Shows what the state says; never the stored password itself."""

    store_chosen = Signal(str)
    widget: _Beside

    def __init__(self, field: Field) -> None:  # noqa: ARG002 - the shape of every editor
        super().__init__()
        self.typed = False
        """Whether the state holds a typed password for this field; told before `show_value`, as `stored`."""
        self.stored = False
        self.store = QComboBox()
        self._offers: tuple[Offer, ...] = ()
        self.show_offers(offers({}))
        self.store.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.store.installEventFilter(WheelGuard(self.store))
        self.line = QLineEdit()
        self.reveal = QToolButton()
        self.reveal.setIcon(text_icon("reveal"))
        self.reveal.setAccessibleName(_("Show the password while pressed"))
        self.reveal.setToolTip(self.reveal.accessibleName())
        self.reveal.pressed.connect(lambda: self.line.setEchoMode(QLineEdit.EchoMode.Normal))
        self.reveal.released.connect(lambda: self.line.setEchoMode(QLineEdit.EchoMode.Password))
        self.store.currentIndexChanged.connect(lambda _index: self.store_chosen.emit(self.store.currentData()))
        self.line.textChanged.connect(self._typed)
        self.widget = _Beside(self.store, self.line, self.reveal)
        self.focus = self.store
        self.show_value(None)

    def show_offers(self, found: tuple[Offer, ...]) -> None:
        """Offer the places in this order; one that the engines' account cannot read says so."""
        if found == self._offers:
            return
        self._offers = found
        with QSignalBlocker(self.store):
            chosen = self.store.currentData()
            self.store.clear()
            self.store.addItem(_("None"), "")
            for offer in found:
                title = offer.title if offer.fits else _("{store} - not for the engines").format(store=offer.title)
                self.store.addItem(title, offer.kind)
                self.store.setItemData(self.store.count() - 1, offer.reason, Qt.ItemDataRole.ToolTipRole)
            self.store.setCurrentIndex(max(self.store.findData(chosen), 0))

    def show_value(self, value: Any) -> None:
        kind, _colon, name = ("" if value is None else str(value)).partition(":")
        if self.store.findData(kind) < 0:
            self.store.addItem(kind, kind)  # a store that another version writes
        with QSignalBlocker(self.store):
            self.store.setCurrentIndex(self.store.findData(kind))
        secret = kind in ("keyring", "dpapi")
        self.line.setVisible(secret or kind == "env")
        self.reveal.setVisible(secret)
        self.line.setEchoMode(QLineEdit.EchoMode.Password if secret else QLineEdit.EchoMode.Normal)
        self.line.setAccessibleName(_("Password") if secret else _("Name of the variable"))
        if kind == "env":
            if self.line.text().strip() != name:
                fill(self.line, name)
            # An example alone: beside the list there is little room.
            self.line.setPlaceholderText("APS_DB_PASSWORD")
        else:
            if not self.typed:
                fill(self.line, "")
            kept = _("stored - type to change") if self.stored else _("type the password")
            self.line.setPlaceholderText(_("typed - type to change") if self.typed else kept)
        self.widget.fit()

    def drop(self) -> None:
        """Forget what was typed, and what undoing the typing would bring back."""
        self.typed = False
        if self.store.currentData() != "env":
            fill(self.line, "")

    def _typed(self, text: str) -> None:
        if self.store.currentData() == "env":
            self.edited.emit(f"env:{text.strip()}")
        else:
            self.secret_typed.emit(text)


def editor_for(field: Field, facts: Facts) -> Editor:
    """The editor of a question."""
    match field.widget:
        case "choice":
            return ChoiceEditor(field, facts)
        case "number":
            return NumberEditor(field, facts)
        case "switch":
            return SwitchEditor(field, facts)
        case "secret":
            return SecretEditor(field)
        case "notes":
            return NotesEditor(field)
        case "date":
            return DateEditor(field)
        case "file" | "folder":
            return PathEditor(field)
        case "source":
            return SourceEditor(field)
        case "text":
            return NormalEditor(field) if field.normal else TextEditor(field)
