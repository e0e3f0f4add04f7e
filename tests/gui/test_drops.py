"""Files and texts dropped on the window, on whatever page, come to the page that they are for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from wizard.demo.site import Site
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.paste_dialog import PasteDialog
from wizard.gui.window import Window

DBT = "logix:\n  target: prod\n  outputs:\n    prod:\n      type: oracle\n      host: srv\n      service: logix\n"


def drop(window: Window, *paths: Path, text: str = "") -> bool:
    """Drop something; False when the window does not want it."""
    data = QMimeData()
    if paths:
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    if text:
        data.setText(text)
    place, actions = QPoint(5, 5), Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    enter = QDragEnterEvent(place, actions, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(place), actions, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)
    assert event.dropAction() == Qt.DropAction.CopyAction, "never moved: the file manager would delete the file"
    return True


def pasting(window: Window, qtbot: QtBot) -> PasteDialog:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(PasteDialog)))
    return next(one for one in window.findChildren(PasteDialog) if one.isVisible())


@pytest.fixture
def opened(profile: Path, make_window: Callable[[Path], Window]) -> Window:
    QApplication.clipboard().clear()
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile))
    window.change(lambda state: flow.edit(state, "webservice.url", "http://x/ws"))
    return window


@pytest.mark.parametrize("step", ["company", "grades", "review", "start"])
def test_the_servers_files_fill_the_address_from_every_page(
    opened: Window, site: Site, step: str, qtbot: QtBot
) -> None:
    opened.steps.setCurrentRow(IDS.index(step))
    assert drop(opened, site.appserver_ini, site.totvsprofile)
    qtbot.waitUntil(lambda: not opened.background.busy)
    assert opened.state.step == "webservice"
    assert flow.value_of(opened.state.data, "webservice.url") == site.webservice_url
    assert opened.page.findings.isVisible()


@pytest.mark.skipif(os.name != "posix", reason="a pipe stands for a share that is slow")
def test_files_that_are_dropped_later_count_though_the_former_ones_are_read_later(
    opened: Window, site: Site, tmp_path: Path, qtbot: QtBot
) -> None:
    slow = tmp_path / "TotvsAppServer.ini"
    os.mkfifo(slow)
    assert drop(opened, slow)
    assert drop(opened, site.appserver_ini)
    url = site.webservice_url
    qtbot.waitUntil(lambda: flow.value_of(opened.state.data, "webservice.url") == url)
    slow.write_text("[WebServices]\nEnable=1\nURLLocation=http://former/ws\n", "utf-8")
    qtbot.waitUntil(lambda: not opened.background.busy)
    assert flow.value_of(opened.state.data, "webservice.url") == url


def test_a_profile_is_opened_and_what_was_typed_is_kept(opened: Window, profile: Path, qtbot: QtBot) -> None:
    other = profile.with_name("outra.yaml")
    other.write_bytes(profile.read_bytes())
    assert drop(opened, other)
    qtbot.waitUntil(lambda: opened.state.file == other)
    assert "kept as a draft" in opened.banner.text.text()


def test_a_file_that_is_no_profile_says_so(opened: Window, tmp_path: Path, qtbot: QtBot) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("version: 1\nsenha: hunter2\n")
    before = opened.state
    assert drop(opened, broken)
    qtbot.waitUntil(opened.banner.isVisible)
    assert "hunter2" not in opened.banner.text.text()
    assert opened.state is before


def test_a_profile_of_dbt_and_a_connection_as_text_are_shown_before_they_fill_anything(
    opened: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "profiles.yml"
    file.write_text(DBT)
    before = opened.state.data
    assert drop(opened, file)
    dialog = pasting(opened, qtbot)
    assert opened.state.step == "database"
    assert "Kind of database: Oracle" in dialog.preview.text()
    assert opened.state.data == before
    dialog.reject()
    qtbot.waitUntil(lambda: not opened.findChildren(PasteDialog))

    opened.steps.setCurrentRow(IDS.index("review"))
    assert drop(opened, text="jdbc:sqlserver://srv:1444;databaseName=logix")
    dialog = pasting(opened, qtbot)
    dialog.fill_in.click()
    assert flow.value_of(opened.state.data, "database.kind") == "sqlserver"


def test_without_a_profile_it_is_said_what_to_do_first(
    tmp_path: Path, site: Site, make_window: Callable[[Path], Window]
) -> None:
    window = make_window(tmp_path)
    assert drop(window, site.appserver_ini)
    assert "begin a new one" in window.banner.text.text()
    window.begin(flow.new_profile(tmp_path))
    assert drop(window, site.appserver_ini)
    assert "page Web service" in window.banner.text.text()


def test_what_is_for_no_page_is_not_taken(opened: Window, tmp_path: Path, profile: Path) -> None:
    assert not drop(opened, tmp_path / "photo.png")
    assert not drop(opened, profile, profile)
    assert not drop(opened, text="good morning")
