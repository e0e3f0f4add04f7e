"""What people complain about most in connection dialogs, each shown to be impossible here.

1. A test hangs, says nothing, and cannot be cancelled; twenty clicks give twenty pop-ups; a cancel closes the wizard.
2. What was typed is lost when the connection fails.
3. A test saves what it tests, or wipes the stored password; afterwards OK cannot be pressed.
4. An error does not say what to do, or for which connection it is; it is carried over to another connection.
5. ODBC: the data source "is insufficient", works only after Edit and OK, or has the other bitness, and nobody says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.connection.odbc_machine import build
from tests.gui.hands import settled, typed
from tests.patience import PATIENCE_MS
from wizard.demo import logix_db
from wizard.flow import review
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.window import Window
from wizard.profile import store

MakeWindow = Callable[[Path], Window]
SECRET = "S3nha-da-Matriz"


def proved(window: Window, qtbot: QtBot) -> None:
    QTest.mouseClick(window.page.checks.test, Qt.MouseButton.LeftButton)
    settled(window, qtbot)


def dialogs() -> list[QDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]


def test_1_a_test_that_gets_no_answer_shows_so_and_ends_at_once_with_the_window_open(
    opened: Callable[[str], Window], silent_server: int, qtbot: QtBot
) -> None:
    window = opened("webservice")
    typed(window, "webservice.url", f"http://127.0.0.1:{silent_server}/ws")
    for _click in range(20):
        window.page.checks.test.click()
    assert len(window.background._threads) == 1, "twenty clicks are one test"
    assert not dialogs()
    qtbot.waitUntil(lambda: window.page.checks.states()["webservice.reachable"] == "running")
    assert window.page.checks.progress.isVisible()
    assert "Running now: " in window.page.checks.now.text()
    row = window.page.checks._rows["webservice.reachable"]
    qtbot.waitUntil(lambda: re.fullmatch("running - [1-9][0-9]* s", row._word.text()) is not None)

    QTest.keyClick(window, Qt.Key.Key_Escape)
    # Without an answer it would wait for a minute.
    settled(window, qtbot, PATIENCE_MS)
    assert row.state == "pending", "cancelled, not given up"
    assert window.isVisible()
    assert window.state.step == "webservice"
    assert not dialogs()


def test_2_what_was_typed_stays_when_the_connection_fails_and_when_the_program_ends(
    opened: Callable[[str], Window], make_window: MakeWindow, profile: Path, qtbot: QtBot
) -> None:
    window = opened("webservice")
    answers = {"webservice.url": "http://127.0.0.1:1/ws", "webservice.user": "aps"}
    for path, text in answers.items():
        typed(window, path, text)
    proved(window, qtbot)
    assert "fail" in window.page.checks.states().values()
    for path, text in answers.items():
        assert window.page.form.editor(path).focus.text() == text
    window.steps.setCurrentRow(IDS.index("company"))
    window.steps.setCurrentRow(IDS.index("webservice"))
    assert window.page.form.editor("webservice.user").focus.text() == "aps"
    window.setProperty("closing", True)
    window.close()

    again = make_window(profile.parent)
    qtbot.waitUntil(again.banner.isVisible)
    assert "not written" in again.banner.text.text()


def test_3_a_test_stores_nothing_keeps_the_stored_password_and_writing_goes_on(
    profile: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    state = flow.choose_store(flow.open_profile(profile), "webservice.password", "dpapi")
    state = flow.edit(flow.type_secret(state, "webservice.password", SECRET), "webservice.user", "aps")
    review.save(state)
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile, "webservice"))
    before = {file: file.read_bytes() for file in profile.parent.rglob("*") if file.is_file()}
    editor = window.page.form.editor("webservice.password")
    assert "stored" in editor.line.placeholderText()
    typed(window, "webservice.url", "http://127.0.0.1:1/ws")
    proved(window, qtbot)
    assert {file: file.read_bytes() for file in profile.parent.rglob("*") if file.is_file()} == before
    assert window.next_button.isEnabled()

    window.steps.setCurrentRow(IDS.index("review"))
    QTest.mouseClick(window.next_button, Qt.MouseButton.LeftButton)
    settled(window, qtbot)
    written = store.read(profile).profile
    assert written.webservice.url == "http://127.0.0.1:1/ws", "it can be written although the test failed"
    from wizard.secrets import references

    assert references.read(str(written.webservice.password), "webservice.password") == SECRET


def test_4_an_error_names_the_server_and_what_to_do_and_stays_with_its_connection(
    profile: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    other = store.read(profile).profile.model_copy(update={"name": "Outra"})
    second = store.write(profile.with_name("outra.yaml"), other, None).path
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile, "webservice"))
    typed(window, "webservice.url", "http://127.0.0.1:1/ws")
    proved(window, qtbot)
    rows = [row for row in window.page.checks._rows.values() if row.state == "fail"]
    assert rows
    for row in rows:
        assert "127.0.0.1" in row._message.text(), "which server"
        assert row._hint.isVisible()
        assert row._hint.text().endswith("."), "what to do"
    QTest.mouseClick(window.page.checks.copy, Qt.MouseButton.LeftButton)
    assert "127.0.0.1" in QApplication.clipboard().text()

    window.begin(flow.open_profile(second, "webservice"))
    assert set(window.page.checks.states().values()) == {"pending"}, "nothing of the first is shown with the second"
    assert not [row for row in window.page.checks._rows.values() if row._message.isVisible()]


@pytest.mark.seed("R-PRE-06")
def test_5_what_is_wrong_with_a_data_source_is_said_before_anybody_connects(
    tmp_path: Path, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    logix_db.build(tmp_path / "logix.sqlite")
    build(tmp_path / "odbc", tmp_path / "logix.sqlite", monkeypatch)
    window = make_window(tmp_path)
    state = flow.edit(flow.new_profile(tmp_path), "name", "Matriz")
    window.begin(flow.go(flow.replace(state, visited=frozenset(IDS)), "database"))
    settled(window, qtbot)
    page: Any = window.page
    assert page.form._notes["database.dsn"].told[0] == "info", "the one that fits is proposed"
    typed(window, "database.dsn", "GHOST")
    mark, text = page.form._notes["database.dsn"].told
    assert mark == "fail"
    assert "libghost.so" in text, "the library that is missing, by its name"
    typed(window, "database.dsn", "NOWHERE")
    assert page.form._notes["database.dsn"].told[0] != "ok", "a name that this machine does not have"
    QTest.mouseClick(page.form.editor("database.dsn").use, Qt.MouseButton.LeftButton)
    mark, text = page.form._notes["database.dsn"].told
    assert (mark, "64 bit" in text) == ("ok", True), "taken as it is, with its driver and bitness, without Edit and OK"
