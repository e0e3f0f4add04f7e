"""Draws the questions of a step and shows what is wrong with an answer right under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext as _
from itertools import groupby
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from wizard.flow.model_facts import facts
from wizard.flow.state import State, value_of
from wizard.flow.step import Field
from wizard.flow.stores import offers
from wizard.gui.editors import Editor, SecretEditor, editor_for
from wizard.gui.parts import StateLine, add_question, announce, column, heading, muted, question_grid
from wizard.gui.spoken import describe
from wizard.gui.style import SPACE

GRID_FROM = 7
"""A group of at least so many switches stands in two columns."""


class FormView(QWidget):
    """The questions of one page. Rebuilt when the questions change, as with another kind of database."""

    edited = Signal(str, object)
    secret_typed = Signal(str, str)
    store_chosen = Signal(str, str)
    rebuilt = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._fields: tuple[Field, ...] = ()
        self._editors: dict[str, Editor] = {}
        self._problems: dict[str, StateLine] = {}
        self._notes: dict[str, StateLine] = {}
        self._groups: dict[tuple[Field, ...], QWidget] = {}
        self._typing = ""
        """The field that is being changed: what is wrong with it is said at once."""
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE * 2)
        self._layout.addStretch(1)

    def show_form(self, fields: tuple[Field, ...], state: State) -> None:
        """Show questions and answers. Groups of questions that stay the same stay as they are, with the keyboard."""
        data = state.data
        if fields != self._fields:
            self._build(fields, data)
            self.rebuilt.emit()
        for path, editor in self._editors.items():
            if isinstance(editor, SecretEditor):
                editor.show_offers(offers(data))
                editor.typed, editor.stored = path in state.typed, value_of(data, path) in state.stored
            editor.show_value(value_of(data, path))

    def drop_secrets(self) -> None:
        """Empty every field that a password was typed into."""
        for editor in self._editors.values():
            if isinstance(editor, SecretEditor):
                editor.drop()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show a sentence under each field that has one, and nothing under the others."""
        for path, line in self._problems.items():
            text = problems.get(path, "")
            new = bool(text) and line.told[1] != text
            line.show_state("fail" if text else "", text)
            self._describe(path)
            if new and path == self._typing:
                announce(self, text)

    def show_note(self, path: str, state: str, text: str) -> None:
        """Say something of what a field holds, under it; a state of "" says nothing. KeyError: not on this page."""
        line = self._notes[path]
        if line.told != (state, text):
            line.show_state(state, text)
            self._describe(path)

    def focus_on(self, path: str) -> bool:
        """Put the keyboard into a field; False when this page has none of that path."""
        editor = self._editors.get(path)
        if editor is None:
            return False
        editor.focus.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        if self._fields:
            self.focus_on(self._fields[0].path)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The questions that are shown."""
        return self._fields

    def editor(self, path: str) -> Editor:
        """The editor of a field. KeyError: not on this page."""
        return self._editors[path]

    def _edited(self, path: str, value: object) -> None:
        self._typing = path
        self.edited.emit(path, value)
        self._typing = ""

    def _describe(self, path: str) -> None:
        lines = (self._problems[path], self._notes[path])
        focus = self._editors[path].focus
        describe(focus, *(line.told[1] for line in lines), str(focus.property("help") or ""))

    def _build(self, fields: tuple[Field, ...], data: Mapping[str, Any]) -> None:
        wanted = [tuple(members) for _key, members in groupby(fields, key=lambda field: (field.leads, field.group))]
        for group in [group for group in self._groups if group not in wanted]:
            box = self._groups.pop(group)
            self._layout.removeWidget(box)
            box.hide()
            box.deleteLater()
            for field in group:
                self._editors.pop(field.path).deleteLater()
                self._problems.pop(field.path)
                self._notes.pop(field.path)
        for index, group in enumerate(wanted):
            if group not in self._groups:
                self._groups[group] = self._group(group[0].group, group, data)
                self._layout.insertWidget(index, self._groups[group])
                # Not only when the event loop comes round: Tab may be pressed before.
                self._groups[group].show()
        self._fields = fields
        self._editors = {field.path: self._editors[field.path] for field in fields}

    def _group(self, title: str, fields: Sequence[Field], data: Mapping[str, Any]) -> QWidget:
        box, layout = column()
        if title:
            layout.addWidget(heading(_(title)))
        if all(field.widget == "switch" for field in fields) and len(fields) >= GRID_FROM:
            layout.addLayout(self._grid(fields, data))
        elif len(fields) > 1 and all(field.widget == "number" for field in fields):
            layout.addLayout(self._numbers(fields, data))
        else:
            layout.addLayout(self._rows(fields, data))
        return box

    def _rows(self, fields: Sequence[Field], data: Mapping[str, Any]) -> QGridLayout:
        grid = question_grid()
        for field in fields:
            editor = self._editor(field, data)
            cell = self._cell(field, editor)
            if field.widget == "switch":
                add_question(grid, None, cell)
            else:
                add_question(grid, self._label(field, editor), cell)
        return grid

    def _numbers(self, fields: Sequence[Field], data: Mapping[str, Any]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE * 2)
        for field in fields:
            editor = self._editor(field, data)
            box, layout = column(SPACE // 2)
            layout.addWidget(self._label(field, editor))
            layout.addWidget(self._cell(field, editor))
            row.addWidget(box)
        row.addStretch(1)
        return row

    def _grid(self, fields: Sequence[Field], data: Mapping[str, Any]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE * 3)
        grid.setVerticalSpacing(SPACE // 2)
        rows = -(-len(fields) // 2)
        for index, field in enumerate(fields):
            grid.addWidget(self._cell(field, self._editor(field, data)), index % rows, index // rows)
        return grid

    def _editor(self, field: Field, data: Mapping[str, Any]) -> Editor:
        editor = editor_for(field, facts(field.path, data))
        editor.setParent(self)
        editor.edited.connect(lambda value, path=field.path: self._edited(path, value))
        editor.secret_typed.connect(lambda secret, path=field.path: self.secret_typed.emit(path, secret))
        if isinstance(editor, SecretEditor):
            editor.store_chosen.connect(lambda kind, path=field.path: self.store_chosen.emit(path, kind))
        editor.focus.setProperty("help", _(field.help) if field.help else "")
        if not editor.focus.accessibleName():
            editor.focus.setAccessibleName(_(field.label))
        self._editors[field.path] = editor
        return editor

    def _label(self, field: Field, editor: Editor) -> QLabel:
        label = QLabel(_(field.label))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setBuddy(editor.focus)
        return label

    def _cell(self, field: Field, editor: Editor) -> QWidget:
        cell, layout = column(2)
        # An editor keeps its height when a complaint appears under it.
        policy = editor.widget.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Fixed)
        editor.widget.setSizePolicy(policy)
        if field.widget in ("number", "choice", "date"):
            # As wide as what goes in: a number across the whole page is hard to find.
            layout.addWidget(editor.widget, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            layout.addWidget(editor.widget)
        if field.help:
            layout.addWidget(muted(_(field.help)))
        for lines in (self._notes, self._problems):
            line = StateLine()
            line.show_state("", "")
            lines[field.path] = line
            layout.addWidget(line)
            line.hide()
        return cell
