"""A data source to be made or repaired: the fields of its driver, with what is wrong under each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from wizard.connection.data_sources import DataSource, Listing
from wizard.connection.dsn_form import Keyword
from wizard.connection.dsn_installer import DsnError
from wizard.flow import dsn_editing
from wizard.flow.data_sources import scope_text
from wizard.flow.dsn_editing import DsnDraft
from wizard.gui.background import Background, Task
from wizard.gui.editors import WheelGuard
from wizard.gui.pages.page import scrolled
from wizard.gui.parts import StateLine, add_question, column, muted, question_grid
from wizard.gui.sheet import Sheet
from wizard.gui.spoken import describe
from wizard.gui.style import SPACE, state_icon


class DsnDialog(Sheet):
    """`saved` carries the data source as it reads back. What is typed stays until then, whatever goes wrong."""

    help_section = "database#data-source"

    saved = Signal(object)

    def __init__(self, parent: QWidget, background: Background, found: Listing, draft: DsnDraft) -> None:
        repairs = draft.source is not None
        title = _("Repair {name}").format(name=draft.name) if repairs else _("New data source (DSN)")
        super().__init__(parent, title, (680, 640))
        self._background = background
        self._found = found
        self.draft = draft
        self._task: Task | None = None
        self._lines: dict[str, StateLine] = {}
        self.fields: dict[str, QWidget] = {}
        box, self._content = column(SPACE * 2)
        self._content.addLayout(self._make_head())
        self._keywords: QWidget | None = None
        self._area = scrolled(box)
        self.save = QPushButton(_("Repair") if repairs else _("Create"))
        self.save.setObjectName("forward")
        self.save.clicked.connect(self._save)
        self.enters = self.save
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.fill([self._area], [self.save, self.cancel])
        self._show_driver()
        if repairs:
            self._focus("driver" if self._lines["driver"].told[1] else next(iter(self._keyword_names()), "driver"))
        else:
            self._focus("name")
        QApplication.instance().focusChanged.connect(self._follow)

    # --- what stands in it ---------------------------------------------------------------------

    def _make_head(self) -> QGridLayout:
        grid = question_grid()
        name = QLineEdit(self.draft.name)
        name.setPlaceholderText("LOGIX")
        name.setReadOnly(self.draft.source is not None)
        name.textChanged.connect(lambda text: self._change(replace(self.draft, name=text.strip()), "name"))
        self._row(grid, "name", _("Name"), name, "" if self.draft.source else _("The profile needs exactly this name."))
        driver = _choice()
        for value, state, word in dsn_editing.drivers(self.draft, self._found):
            driver.addItem(state_icon(state), f"{value} - {word}" if word else value, value)
        driver.setCurrentIndex(driver.findData(self.draft.driver))
        driver.setPlaceholderText(_("Choose..."))
        driver.currentIndexChanged.connect(
            lambda _index: self._driver_chosen(str(driver.currentData() or ""))  # -1 while the list is made
        )
        self._row(grid, "driver", _("Driver"), driver)
        if self.draft.source is None:
            scope = _choice()
            scope.addItem(_("System DSN, which the engines see"), "system")
            scope.addItem(_("User DSN, for this account alone"), "user")
            scope.setCurrentIndex(scope.findData(self.draft.scope))
            scope.currentIndexChanged.connect(
                lambda _index: self._change(replace(self.draft, scope=scope.currentData()), "")
            )
            self._row(grid, "scope", _("Scope"), scope)
        else:
            add_question(grid, _label(_("Scope")), QLabel(scope_text(self.draft.scope)))
        return grid

    def _show_driver(self) -> None:
        """The fields of the chosen driver; values typed for another one come along where the keyword is the same."""
        if self._keywords is not None:
            self._content.removeWidget(self._keywords)
            self._keywords.hide()
            self._keywords.deleteLater()
            for place in self._keyword_names():
                del self._lines[place], self.fields[place]
        form_of = dsn_editing.form_of(self.draft, self._found)
        self._keywords = QWidget()
        column_ = QVBoxLayout(self._keywords)
        column_.setContentsMargins(0, 0, 0, 0)
        grid = question_grid()
        for keyword in form_of.keywords:
            self._row(
                grid,
                f"keywords.{keyword.name}",
                _(keyword.label),
                self._field(keyword),
                _(keyword.hint) if keyword.hint else "",
            )
        column_.addLayout(grid)
        texts = [_("A password never goes into a DSN; the profile names where it is kept.")]
        if self.draft.source is not None and "odbc.password_stored" in self.draft.source.problems:
            texts.append(_("This one holds a password: saving takes it out."))
        kept = dsn_editing.kept_keywords(self.draft, form_of)
        if kept:
            texts.append(_("Stay as they are: {names}.").format(names=", ".join(kept)))
        column_.addWidget(muted(" ".join(texts)))
        self._content.addWidget(self._keywords)
        self._keywords.show()
        self._line_up()
        self._show_lines({"driver": dsn_editing.driver_note(self.draft, self._found)})
        self.mark_letters()

    def _field(self, keyword: Keyword) -> QWidget:
        if keyword.choices:
            box = _choice()
            # Drivers know more values than a form.
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            box.setCompleter(None)
            box.addItems(list(keyword.choices))
            box.setCurrentText(self.draft.value(keyword))
            box.lineEdit().setPlaceholderText(keyword.example)
            box.currentTextChanged.connect(lambda text, name=keyword.name: self._typed(name, text))
            return box
        line = QLineEdit(self.draft.value(keyword))
        line.setPlaceholderText(keyword.example)
        line.textChanged.connect(lambda text, name=keyword.name: self._typed(name, text))
        return line

    def _row(self, grid: QGridLayout, place: str, text: str, field: QWidget, hint: str = "") -> None:
        cell, layout = column(2)
        layout.addWidget(field)
        if hint:
            layout.addWidget(muted(hint))
        line = StateLine()
        layout.addWidget(line)
        line.hide()
        label = _label(text)
        label.setBuddy(field)
        field.setAccessibleName(text)
        field.setProperty("hint", hint)
        describe(field, hint)
        add_question(grid, label, cell)
        self._lines[place], self.fields[place] = line, field

    def _line_up(self) -> None:
        """Both forms begin their fields at the same place."""
        labels = [label for label in self._area.findChildren(QLabel) if label.property("label")]
        width = max(label.sizeHint().width() for label in labels)
        for label in labels:
            label.setMinimumWidth(width)

    # --- typing and saving ---------------------------------------------------------------------

    def _keyword_names(self) -> list[str]:
        return [place for place in self.fields if place.startswith("keywords.")]

    def _change(self, draft: DsnDraft, place: str) -> None:
        self.draft = draft
        if place in self._lines:
            self._show_line(place, "")

    def _typed(self, keyword: str, text: str) -> None:
        self._change(dsn_editing.typed(self.draft, keyword, text), f"keywords.{keyword}")

    def _driver_chosen(self, driver: str) -> None:
        self._change(replace(self.draft, driver=driver), "driver")
        self._show_driver()

    def _show_line(self, place: str, text: str) -> None:
        if self._lines[place].told[1] == text:
            return
        self._lines[place].show_state("fail" if text else "", text)
        field = self.fields[place]
        describe(field, text, str(field.property("hint") or ""))

    def _show_lines(self, told: dict[str, str]) -> None:
        for place in self._lines:
            self._show_line(place, told.get(place, ""))

    def _save(self) -> None:
        if self._task is not None:
            return
        draft, found = self.draft, self._found
        self._run(lambda: dsn_editing.save(draft, found))

    def _run(self, work: Callable[[], DataSource]) -> None:
        self._task = self._background.start(lambda _report: work(), on_done=self._done, on_failed=self._failed)
        self._show_lines({})
        self.say("running", _("The data source is being written..."))
        self._enable(False)

    def _done(self, source: DataSource) -> None:
        self._task = None
        self.accept()
        self.saved.emit(source)

    def _failed(self, error: Exception) -> None:
        self._task = None
        self._enable(True)
        told = dsn_editing.by_place(error) if isinstance(error, DsnError) else {"": type(error).__name__}
        self._show_lines(told)
        elsewhere = "\n".join(text for place, text in told.items() if place not in self._lines)
        count = sum(place in self._lines for place in told)
        self.say("fail", elsewhere or _("Missing or wrong values: {count}.").format(count=count))
        self._focus(next((place for place in self.fields if told.get(place)), ""))

    def _enable(self, idle: bool) -> None:
        for widget in (self._area, self.save, self.cancel):
            widget.setEnabled(idle)

    def reject(self) -> None:
        """What is being written ends by itself, within the installer's limit; closing would hide how it ended."""
        if self._task is None:
            super().reject()

    def _focus(self, place: str) -> None:
        if place in self.fields:
            self.fields[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self, _old: object, now: object) -> None:
        """Keep the field with the keyboard in sight."""
        if isinstance(now, QWidget) and self.isVisible() and self._area.isAncestorOf(now):
            self._area.ensureWidgetVisible(now, SPACE * 2, SPACE * 6)


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("label", True)
    return label


def _choice() -> QComboBox:
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(16)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.installEventFilter(WheelGuard(box))
    return box
