"""What keys do: Enter, Esc, F5 and F6, where the keyboard is on a page, and where it is after a dialog."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.connection.odbc_machine import build
from tests.gui.hands import settled
from wizard.demo import logix_db
from wizard.flow import draft_file
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.data_sources_dialog import DataSourcesDialog
from wizard.gui.delete_dialog import DeleteDialog
from wizard.gui.dsn_dialog import DsnDialog
from wizard.gui.window import Window

Key = Qt.Key
MakeWindow = Callable[[Path], Window]


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None, "the keyboard is nowhere"
    return found


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifier)


def dialog(qtbot: QtBot, kind: type[QDialog] = QDialog) -> Any:
    """The dialog on top, once it has the keyboard."""

    def found() -> list[QDialog]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]

    qtbot.waitUntil(lambda: bool(found()))

    def active() -> bool:
        found()[-1].activateWindow()
        return found()[-1].isActiveWindow()

    qtbot.waitUntil(active)
    return found()[-1]


# --- the window --------------------------------------------------------------------------------


@pytest.mark.parametrize("step", IDS)
def test_every_page_begins_with_the_keyboard_in_it(opened: Callable[[str], Window], step: str) -> None:
    window = opened("company" if step != "company" else "database")
    window.begin(flow.go(window.state, step))
    assert window.page.isAncestorOf(focused())
    assert focused().isVisible()
    assert focused().isEnabled()


def test_f6_goes_round_the_panes_and_comes_back_to_the_same_field(opened: Callable[[str], Window]) -> None:
    window = opened("company")
    field = window.page.form.editor("company.site").focus
    field.setFocus()
    seen = []
    for _pane in range(3):
        press(Key.Key_F6)
        seen.append(focused())
    assert seen == [window.next_button, window.steps, field]
    press(Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert focused() is window.steps


def test_f6_comes_to_the_buttons_of_the_banner(opened: Callable[[str], Window]) -> None:
    window = opened("company")
    window.banner.say("info", "What now?", (("Do it", lambda: None),))
    window.steps.setFocus()
    press(Key.Key_F6)
    assert window.banner.isAncestorOf(focused())


def test_f5_tests_the_page_and_on_start_reads_the_folder_again(
    opened: Callable[[str], Window], profile: Path, qtbot: QtBot
) -> None:
    window = opened("database")
    press(Key.Key_F5)
    assert window.background.busy
    settled(window, qtbot)
    assert set(window.page.checks.states().values()) == {"ok"}
    window.begin(flow.State(profile.parent))
    settled(window, qtbot)
    (profile.parent / "second.yaml").write_bytes(profile.read_bytes())
    press(Key.Key_F5)
    settled(window, qtbot)
    assert window.page.table.rowCount() == 2


@pytest.mark.parametrize(
    ("step", "path"),
    [
        ("company", "name"),
        ("company", "environment"),
        ("grades", "grades.enabled"),
        ("options", "update.calendar_years_back"),
    ],
)
def test_enter_in_a_field_goes_on(opened: Callable[[str], Window], step: str, path: str) -> None:
    window = opened(step)
    window.page.form.editor(path).focus.setFocus()
    press(Key.Key_Return)
    assert window.state.step == IDS[IDS.index(step) + 1]


def test_escape_closes_nothing(opened: Callable[[str], Window]) -> None:
    window = opened("company")
    for widget in (window.page.form.editor("name").focus, window.steps, window.next_button):
        widget.setFocus()
        press(Key.Key_Escape)
        assert window.isVisible()
        assert window.state.step == "company"


def test_the_keyboard_stays_somewhere_when_a_button_of_the_banner_is_gone(
    opened: Callable[[str], Window], profile: Path, qtbot: QtBot, home: Path
) -> None:
    window = opened("company")
    QTest.keyClicks(window.page.form.editor("notes").focus, "half a thought")
    window.steps.setCurrentRow(0)
    window.page.new.click()
    # Its thread writes it in its own time; Start looks once, when it is entered.
    qtbot.waitUntil(lambda: bool(draft_file.abandoned(draft_file.default_folder())))
    window.steps.setCurrentRow(0)
    settled(window, qtbot)
    discard = next(one for one in window.banner.findChildren(QPushButton) if "Discard" in one.text().replace("&", ""))
    discard.setFocus()
    press(Key.Key_Space)
    assert not window.banner.isVisible()
    assert not draft_file.abandoned(draft_file.default_folder())
    assert focused().isVisible()
    assert window.page.isAncestorOf(focused())


def test_enter_in_the_list_of_profiles_opens_the_one_that_is_selected(
    opened: Callable[[str], Window], profile: Path, qtbot: QtBot
) -> None:
    window = opened("company")
    (profile.parent / "second.yaml").write_bytes(profile.read_bytes())
    window.begin(flow.State(profile.parent))
    settled(window, qtbot)
    names = [Path(window.page.table.item(row, 0).toolTip()).name for row in range(2)]
    window.page.table.setFocus()
    window.page.table.setCurrentCell(0, 0)
    press(Key.Key_Down)
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.state.file is not None)
    assert window.state.file.name == names[1]
    assert window.state.step == "company"


# --- dialogs -----------------------------------------------------------------------------------


def back_at(window: QWidget, widget: QWidget, qtbot: QtBot) -> None:
    """Wait for the keyboard; that the window below a dialog is the active one again is up to the window system."""

    def is_back() -> bool:
        window.activateWindow()
        return QApplication.focusWidget() is widget

    qtbot.waitUntil(is_back)


def widget_of(window: Window, name: str) -> QWidget:
    found: Any = window.page
    for part in name.split("."):
        found = getattr(found, part)
    return found


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("start", "other"),
        ("start", "change_folder"),
        ("database", "paste"),
        ("webservice", "read_ini"),
        ("grades", "csv_button"),
        ("checklist", "checks.save"),
    ],
)
def test_the_keyboard_is_back_where_a_dialog_was_opened(
    opened: Callable[[str], Window], qtbot: QtBot, step: str, name: str
) -> None:
    window = opened(step)
    button = widget_of(window, name)
    button.setFocus()
    press(Key.Key_Space)
    top = dialog(qtbot)
    QTest.keyClick(QApplication.focusWidget() or top, Key.Key_Escape)
    qtbot.waitUntil(lambda: not top.isVisible())
    back_at(window, button, qtbot)


def test_the_keyboard_is_back_after_an_item_was_confirmed(opened: Callable[[str], Window], qtbot: QtBot) -> None:
    window = opened("checklist")
    row = next(row for row in window.page.checks.rows.values() if row.confirm.isVisible())
    row.confirm.setFocus()
    press(Key.Key_Space)
    top = dialog(qtbot)
    QTest.keyClicks(top.by, "Ana")
    QTest.keyClicks(top.evidence, "seen")
    QTest.keyClick(top.by, Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.dialog is None)
    settled(window, qtbot)
    back_at(window, row.confirm, qtbot)
    row.withdraw.setFocus()
    press(Key.Key_Space)
    settled(window, qtbot)
    assert focused().isVisible()
    assert row.isAncestorOf(focused())


@pytest.mark.skipif(sys.platform == "win32", reason="the machine of the test is one of unixODBC")
def test_data_sources_by_keys_alone(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    logix_db.build(tmp_path / "logix.sqlite")
    build(tmp_path / "odbc", tmp_path / "logix.sqlite", monkeypatch)
    window = make_window(tmp_path / "profiles")
    state = flow.replace(flow.new_profile(tmp_path / "profiles"), visited=frozenset(IDS), walking=False)
    window.begin(flow.go(flow.edit(state, "database.kind", "informix"), "database"))
    settled(window, qtbot)
    window.page.sources.setFocus()
    press(Key.Key_Space)
    sources = dialog(qtbot, DataSourcesDialog)
    settled(window, qtbot)
    assert focused() is sources.sources
    press(Key.Key_Delete)
    delete = dialog(qtbot, DeleteDialog)
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: not delete.isVisible())
    back_at(sources, sources.sources, qtbot)
    press(Key.Key_F5)
    assert window.background.busy
    settled(window, qtbot)

    sources.new.setFocus()
    press(Key.Key_Space)
    new = dialog(qtbot, DsnDialog)
    assert focused() is new.fields["name"]
    new.fields["name"].clear()
    press(Key.Key_Return)
    settled(window, qtbot)
    assert new.said.isVisible(), "Enter in a field means Create, which says what is missing"
    assert focused() is new.fields["name"]
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: not new.isVisible())
    back_at(sources, sources.new, qtbot)

    sources.sources.setFocus()
    name = sources.selected.source.name
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not sources.isVisible())
    assert flow.value_of(window.state.data, "database.dsn") == name
    assert window.isVisible()
