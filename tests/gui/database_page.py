"""The database page on a machine of five drivers and ten data sources, and what tests of it and its dialogs share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from tests.connection.odbc_machine import Machine, build
from tests.gui.hands import click, settled
from wizard.demo import logix_db
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.data_sources_dialog import DataSourcesDialog
from wizard.gui.dsn_dialog import DsnDialog
from wizard.gui.sheet import Sheet
from wizard.gui.window import Window

MakeWindow = Callable[[Path], Window]
Dialog = TypeVar("Dialog", bound=Sheet)


@pytest.fixture(scope="session")
def logix_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("logix-of-the-page") / "logix.sqlite"
    logix_db.build(file)
    return file


@pytest.fixture
def machine(tmp_path: Path, logix_file: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return build(tmp_path / "odbc", logix_file, monkeypatch)


@pytest.fixture
def page(machine: Machine, tmp_path: Path, make_window: MakeWindow, qtbot: QtBot) -> Iterator[Any]:
    """The page of a profile that is complete but for its data source, with the machine listed."""
    QApplication.clipboard().clear()
    window = make_window(tmp_path)
    window.begin(start(tmp_path))
    settled(window, qtbot)
    yield window.page
    for dialog in [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Sheet)]:
        dialog.done(0)


def start(folder: Path, **answers: object) -> flow.State:
    state = replace(flow.new_profile(folder), visited=frozenset(IDS), walking=False)
    given = {
        "name": "Matriz",
        "environment": "test",
        "company.logix": "01",
        "company.site": "01",
        "webservice.url": "http://127.0.0.1:1/ws",
    }
    for path, value in {**given, **{name.replace("__", "."): value for name, value in answers.items()}}.items():
        state = flow.edit(state, path, value)
    return flow.go(state, "database")


def opened(kind: type[Dialog], qtbot: QtBot) -> Dialog:
    """The dialog of a kind that is open now."""

    def found() -> list[Dialog]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]

    qtbot.waitUntil(lambda: bool(found()))
    dialog = found()[-1]
    active(dialog, qtbot)
    return dialog


def active(dialog: Sheet, qtbot: QtBot) -> None:
    """Wait until a dialog has the keyboard; asked for before it is on the screen, it would not get it."""

    def is_active() -> bool:
        dialog.activateWindow()
        return dialog.isActiveWindow()

    qtbot.waitUntil(is_active)


@pytest.fixture
def sources(page: Any, qtbot: QtBot) -> DataSourcesDialog:
    click(page.sources)
    dialog = opened(DataSourcesDialog, qtbot)
    settled(page.shell, qtbot)
    return dialog


def select(dialog: DataSourcesDialog, name: str) -> None:
    rows = [dialog.sources.item(row, 0).text() for row in range(dialog.sources.rowCount())]
    dialog.sources.setCurrentCell(rows.index(name), 0)


def told(dialog: DataSourcesDialog) -> str:
    return "\n".join(label.text() for label in dialog.details.findChildren(QLabel))


def dsn(page: Any) -> str:
    return str(flow.value_of(page.shell.state.data, "database.dsn") or "")


def note(page: Any, path: str) -> tuple[str, str]:
    return page.form._notes[path].told


def field(dialog: DsnDialog, place: str) -> QLineEdit:
    found = dialog.fields[place]
    line = found.lineEdit() if isinstance(found, QComboBox) else found
    assert isinstance(line, QLineEdit)
    return line


def retype(dialog: DsnDialog, place: str, text: str) -> None:
    line = field(dialog, place)
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, text)
