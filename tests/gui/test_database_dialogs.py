"""Every dialog of the database page in every language, also in a small window: nothing cut, all named, all reached."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.connection.odbc_machine import Machine
from tests.gui.database_page import active, field, opened, select, start
from tests.gui.hands import click, settled
from wizard import i18n
from wizard.gui.data_sources_dialog import DataSourcesDialog
from wizard.gui.delete_dialog import DeleteDialog
from wizard.gui.dsn_dialog import DsnDialog
from wizard.gui.login_dialog import LoginDialog
from wizard.gui.paste_dialog import PasteDialog
from wizard.gui.reading_order import widgets
from wizard.gui.sheet import Sheet
from wizard.gui.window import Window

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machine of the fixture is one of unixODBC")

MakeWindow = Callable[[Path], Window]


def every_dialog(page: Any, qtbot: QtBot) -> Iterator[Sheet]:
    click(page.paste)
    paste = opened(PasteDialog, qtbot)
    paste.line.setText("Driver={ODBC Driver 18 for SQL Server};Server=srv;Database=logix;UID=sa;PWD=x1")
    yield paste
    paste.reject()
    click(page.sources)
    sources = opened(DataSourcesDialog, qtbot)
    settled(page.shell, qtbot)
    select(sources, "LOST")
    yield sources
    sources.tabs.setCurrentIndex(1)
    yield sources
    sources.tabs.setCurrentIndex(0)
    for button, kind in (
        (sources.new, DsnDialog),
        (sources.repair, DsnDialog),
        (sources.delete, DeleteDialog),
        (sources.login, LoginDialog),
    ):
        click(button)
        dialog = opened(kind, qtbot)
        if isinstance(dialog, DsnDialog):
            field(dialog, "keywords.Server").clear()
            dialog._typed("Server", "")
            click(dialog.save)
            settled(page.shell, qtbot)
        yield dialog
        dialog.reject()
        active(sources, qtbot)


def shown(dialog: Sheet) -> list[QWidget]:
    return [widget for widget in widgets(dialog) if widget.isVisible()]


def cut(dialog: Sheet) -> list[str]:
    found = []
    for widget in shown(dialog):
        if isinstance(widget, QPushButton) and widget.width() < widget.sizeHint().width():
            found.append(f"{widget.text()!r} has {widget.width()} of {widget.sizeHint().width()}")
        if isinstance(widget, QLabel) and widget.wordWrap() and widget.text():
            needed = widget.heightForWidth(widget.width())
            if widget.height() < needed:
                found.append(f"{widget.text()[:40]!r} has {widget.height()} of {needed} in height")
        right = widget.mapTo(dialog, widget.rect().topRight()).x()
        if right > dialog.width():
            found.append(f"{widget} ends at {right}")
    return found


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("size", [(1024, 768), (683, 512)], ids=str)
def test_every_dialog_fits_is_named_and_reached_by_tab(
    machine: Machine,
    tmp_path: Path,
    make_window: MakeWindow,
    qtbot: QtBot,
    *,
    language: str,
    size: tuple[int, int],
) -> None:
    i18n.use(language)
    QApplication.clipboard().clear()
    window = make_window(tmp_path)
    window.resize(*size)
    window.begin(start(tmp_path))
    settled(window, qtbot)
    for dialog in every_dialog(window.page, qtbot):
        name = type(dialog).__name__
        assert dialog.width() <= window.width(), name
        assert dialog.height() <= window.height(), name
        qtbot.waitUntil(lambda dialog=dialog: cut(dialog) == [])
        # The dialog that was closed before takes the keyboard with it once the event loop comes round to its end.
        active(dialog, qtbot)
        stops = {w for w in shown(dialog) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled()}
        stops = {widget for widget in stops if not widget.focusProxy()}
        for widget in stops:
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface.text(QAccessible.Text.Name), f"{name}: {widget} has no name"
        reached = set()
        for _press in range(len(stops) + 3):
            reached.add(QApplication.focusWidget())
            dialog.focusNextChild()
        assert not [f"{name}: {widget}" for widget in stops - reached]
    for dialog in [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Sheet)]:
        dialog.done(0)
