"""What the window does with the flow: complaints, moving, saving, closing. Always on the real demo site."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.hands import click, settled, typed
from tests.patience import PATIENCE_MS
from wizard.checklist.registry import checks
from wizard.demo.site import Site
from wizard.flow import draft_file
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.duplicate_dialog import DuplicateDialog
from wizard.gui.production_dialog import ProductionDialog
from wizard.gui.window import Window
from wizard.profile import store
from wizard.profile.validation import validation_state

MakeWindow = Callable[[Path], Window]


def test_next_stays_enabled_and_explains_what_is_missing(tmp_path: Path, make_window: MakeWindow) -> None:
    window = make_window(tmp_path)
    window.begin(flow.new_profile(tmp_path))
    click(window.next_button)
    assert window.state.step == "company"
    assert not window.banner.isVisible(), "nothing is wrong before Next was pressed"
    click(window.next_button)
    assert window.state.step == "company"
    assert window.next_button.isEnabled()
    assert "on this page: 4" in window.banner.text.text()
    assert QApplication.focusWidget() is window.page.form.editor("name").focus
    assert window.page.form._problems["name"].text.text() == "This value is required."
    typed(window, "name", "Matriz")
    assert not window.page.form._problems["name"].isVisible(), "the complaint goes when the value comes"


def test_a_wrong_value_is_told_as_soon_as_it_is_typed(tmp_path: Path, make_window: MakeWindow) -> None:
    window = make_window(tmp_path)
    window.begin(flow.new_profile(tmp_path))
    click(window.next_button)
    typed(window, "company.logix", "012")
    line = window.page.form._problems["company.logix"]
    assert line.isVisible()
    assert "one or two letters or digits" in line.text.text()
    assert "one or two" in window.page.form.editor("company.logix").focus.accessibleDescription()


def test_back_keeps_everything_and_a_new_profile_cannot_jump_ahead(tmp_path: Path, make_window: MakeWindow) -> None:
    window = make_window(tmp_path)
    window.begin(flow.new_profile(tmp_path))
    click(window.next_button)
    typed(window, "name", "Matriz")
    window.steps.setCurrentRow(IDS.index("webservice"))
    assert window.state.step == "company"
    click(window.back_button)
    click(window.next_button)
    assert window.page.form.editor("name").focus.text() == "Matriz"


def test_an_existing_profile_opens_with_every_step_free_and_marked(opened: Callable[[str], Window]) -> None:
    window = opened("company")
    for row, step in enumerate(IDS):
        assert window.steps.item(row).flags() & Qt.ItemFlag.ItemIsEnabled
        window.steps.setCurrentRow(row)
        assert window.state.step == step
    told = window.steps.item(IDS.index("database")).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Database, filled in"


def test_test_saves_nothing_and_an_edit_clears_the_mark(
    opened: Callable[[str], Window], profile: Path, qtbot: QtBot
) -> None:
    before = profile.read_bytes()
    window = opened("database")
    click(window.page.checks.test)
    settled(window, qtbot)
    assert set(window.page.checks.states().values()) == {"ok"}
    assert flow.step_mark(window.state, "database") == "passed"
    assert profile.read_bytes() == before
    typed(window, "database.file", "elsewhere.sqlite")
    states = window.page.checks.states()
    assert states["database.login"] == "pending"
    assert flow.step_mark(window.state, "database") == "done"


def test_escape_ends_a_hanging_test_and_the_wizard_goes_on(
    opened: Callable[[str], Window], silent_server: int, qtbot: QtBot
) -> None:
    window = opened("webservice")
    typed(window, "webservice.url", f"http://127.0.0.1:{silent_server}/ws")
    click(window.page.checks.test)
    qtbot.waitUntil(lambda: window.page.checks.states()["webservice.reachable"] == "running")
    assert window.page.checks.cancel.isVisible()
    assert QApplication.focusWidget() is window.page.checks.cancel
    QTest.keyClick(window, Qt.Key.Key_Escape)
    # Without an answer it would wait for a minute.
    settled(window, qtbot, PATIENCE_MS)
    assert window.isVisible()
    assert window.page.checks.test.isVisible()
    assert window.page.checks.states()["webservice.reachable"] == "pending"
    assert window.page.form.editor("webservice.url").focus.text().endswith("/ws"), "what was typed stays"


def test_leaving_the_page_ends_its_test_and_drops_what_it_still_reports(
    opened: Callable[[str], Window], silent_server: int, qtbot: QtBot
) -> None:
    window = opened("webservice")
    typed(window, "webservice.url", f"http://127.0.0.1:{silent_server}/ws")
    click(window.page.checks.test)
    qtbot.waitUntil(lambda: window.page.checks.states()["webservice.reachable"] == "running")
    window.steps.setCurrentRow(IDS.index("company"))
    settled(window, qtbot, PATIENCE_MS)
    assert "webservice.reachable" not in window.state.results


def test_a_second_click_starts_no_second_run(opened: Callable[[str], Window], qtbot: QtBot) -> None:
    window = opened("aps")
    test = window.page.checks.test
    for _n in range(20):
        test.click()
    assert len(window.background._threads) == 1
    settled(window, qtbot)


def test_a_failing_check_says_what_to_do(opened: Callable[[str], Window], qtbot: QtBot) -> None:
    window = opened("database")
    typed(window, "database.file", "elsewhere.sqlite")
    click(window.page.checks.test)
    settled(window, qtbot)
    row = window.page.checks._rows["database.reachable"]
    assert row.state == "fail"
    assert "does not exist" in row._message.text()
    assert row._hint.isVisible()
    assert window.page.checks.states()["database.login"] == "skipped"
    click(window.page.checks.copy)
    assert "does not exist" in QApplication.clipboard().text()


def test_failed_checks_do_not_prevent_writing_but_the_profile_is_not_validated(
    opened: Callable[[str], Window], profile: Path, qtbot: QtBot
) -> None:
    window = opened("database")
    typed(window, "database.file", "elsewhere.sqlite")
    window.steps.setCurrentRow(IDS.index("review"))
    click(window.page.checks.test)
    settled(window, qtbot)
    assert "not validated" in window.page.summary.text.text()
    click(window.next_button)
    settled(window, qtbot)
    assert validation_state(store.read(profile).profile) == "failed"
    assert profile.with_name(profile.name + ".bak").exists()


def test_review_shows_the_difference_and_then_the_whole_file(opened: Callable[[str], Window]) -> None:
    window = opened("company")
    typed(window, "company.site", "A1")
    window.steps.setCurrentRow(IDS.index("review"))
    shown = window.page.text.toPlainText()
    assert '-  site: "01"' in shown
    assert '+  site: "A1"' in shown
    click(window.page.switch)
    assert window.page.text.toPlainText().startswith("# Perfil do aps-wizard")


def test_writing_with_a_problem_leads_to_it(opened: Callable[[str], Window], profile: Path) -> None:
    window = opened("webservice")
    typed(window, "webservice.url", "not an address")
    window.steps.setCurrentRow(IDS.index("review"))
    before = profile.read_bytes()
    click(window.next_button)
    assert window.state.step == "webservice"
    assert window.banner.isVisible()
    assert QApplication.focusWidget() is window.page.form.editor("webservice.url").focus
    assert profile.read_bytes() == before


def test_nothing_else_is_begun_while_the_profile_is_written(
    opened: Callable[[str], Window], profile: Path, qtbot: QtBot
) -> None:
    window = opened("company")
    typed(window, "company.site", "A1")
    window.steps.setCurrentRow(IDS.index("review"))
    click(window.next_button)
    window.begin(flow.State(profile.parent))
    settled(window, qtbot)
    assert store.read(profile).profile.company.site == "A1"
    assert window.state.file == profile
    assert window.next_button.isEnabled()
    assert not window.dirty


def test_what_is_read_while_the_profile_is_written_is_not_lost(
    opened: Callable[[str], Window], profile: Path, qtbot: QtBot
) -> None:
    window = opened("review")
    window.change(lambda state: flow.edit(state, "company.site", "A1"))
    click(window.next_button)
    window.change(lambda state: flow.edit(state, "webservice.url", "http://read/ws"))
    settled(window, qtbot)
    assert store.read(profile).profile.company.site == "A1"
    assert flow.value_of(window.state.data, "webservice.url") == "http://read/ws"
    assert window.dirty


def test_checks_that_run_while_the_profile_is_written_hold_for_it(
    opened: Callable[[str], Window], qtbot: QtBot
) -> None:
    window = opened("review")
    window.change(lambda state: flow.edit(state, "database.query_timeout", "60"))
    click(window.page.checks.test)
    click(window.next_button)
    settled(window, qtbot)
    assert window.state.saved_data is window.state.data
    assert window.page.checks.states()["database.login"] == "ok"


def test_what_a_dialog_asks_about_a_profile_is_not_done_to_another(
    opened: Callable[[str], Window], profile: Path, qtbot: QtBot
) -> None:
    window = opened("review")
    window.change(lambda state: flow.edit(state, "environment", "production"))
    window.next_button.click()
    (dialog,) = window.findChildren(ProductionDialog)
    qtbot.waitUntil(dialog.isVisible)
    window.begin(flow.open_profile(profile))
    qtbot.waitUntil(lambda: not window.findChildren(ProductionDialog))
    assert store.read(profile).profile.environment == "test"


def test_a_copy_for_the_second_company_is_a_draft_before_it_is_edited(
    opened: Callable[[str], Window], profile: Path
) -> None:
    window = opened("company")
    window.begin(flow.duplicate_profile(profile, "Filial", "02", "02"))
    assert window.dirty


def test_a_file_changed_by_another_is_not_overwritten_and_nothing_typed_is_lost(
    opened: Callable[[str], Window], profile: Path, qtbot: QtBot
) -> None:
    window = opened("company")
    typed(window, "company.site", "A1")
    other = store.read(profile)
    store.write(profile, other.profile.model_copy(update={"notes": "by another"}), other.digest)
    window.steps.setCurrentRow(IDS.index("review"))
    click(window.next_button)
    settled(window, qtbot)
    assert "changed" in window.banner.text.text()
    assert store.read(profile).profile.notes == "by another"
    assert flow.value_of(window.state.data, "company.site") == "A1"
    assert window.next_button.isEnabled()


def test_closing_asks_only_when_something_would_be_lost_and_the_draft_is_offered_again(
    opened: Callable[[str], Window], make_window: MakeWindow, profile: Path, qtbot: QtBot, home: Path
) -> None:
    window = opened("company")
    window.close()
    assert not window.isVisible(), "nothing was typed"

    window = opened("company")
    typed(window, "notes", "half a thought")
    window.close()
    assert window.isVisible()
    box = window.findChild(QMessageBox)
    assert box is not None
    keep = next(button for button in box.buttons() if "Keep draft" in button.text())
    click(keep)
    assert not window.isVisible()
    assert draft_file.abandoned(draft_file.default_folder())

    again = make_window(profile.parent)
    qtbot.waitUntil(again.banner.isVisible)
    assert "not written" in again.banner.text.text()
    click(next(button for button in again.banner.findChildren(QPushButton) if "Continue" in button.text()))
    assert again.state.step == "company"
    assert flow.value_of(again.state.data, "notes") == "half a thought"


def test_what_was_typed_and_taken_back_is_no_draft(opened: Callable[[str], Window], qtbot: QtBot, home: Path) -> None:
    window = opened("company")
    site = window.page.form.editor("company.site").focus.text()
    typed(window, "company.site", "A1")
    window.drafts.write_now()
    typed(window, "company.site", site)
    window.close()
    assert not window.isVisible(), "nothing is asked"
    assert not draft_file.abandoned(draft_file.default_folder())


def test_start_lists_profiles_and_what_is_wrong_with_them(profile: Path, make_window: MakeWindow, qtbot: QtBot) -> None:
    (profile.parent / "broken.yaml").write_text("version: 1\nsenha: hunter2\n", "utf-8")
    window = make_window(profile.parent)
    table = window.page.table
    qtbot.waitUntil(lambda: table.rowCount() == 2)
    assert [table.item(row, 2).text() for row in range(2)] == ["cannot be read", "validated"]
    table.setCurrentCell(0, 0)
    click(window.page.open)
    settled(window, qtbot)
    assert "senha" in window.banner.text.text()
    assert "hunter2" not in window.banner.text.text()
    assert window.state.step == "start"


def test_start_leads_to_grades_and_to_the_checklist(profile: Path, make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    qtbot.waitUntil(lambda: window.page.table.rowCount() == 1)
    start = window.page
    click(start.reimport)
    qtbot.waitUntil(lambda: window.state.step == "grades")
    window.steps.setCurrentRow(0)
    click(start.verify)
    qtbot.waitUntil(lambda: window.state.step == "checklist")
    settled(window, qtbot)
    assert set(window.state.results) == set(checks())


def test_a_duplicate_is_another_file_and_starts_without_what_belongs_to_the_first(
    profile: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(profile.parent)
    qtbot.waitUntil(lambda: window.page.table.rowCount() == 1)
    click(window.page.duplicate)
    qtbot.waitUntil(lambda: window.findChild(DuplicateDialog) is not None)
    dialog = window.findChild(DuplicateDialog)
    assert dialog.form.editor("name").focus.text() == ""
    assert not any(line.isVisible() for line in dialog.form._problems.values()), "nothing was typed yet"
    QTest.keyClicks(dialog.form.editor("name").focus, "Serra Azul")
    assert dialog.form._problems["name"].isVisible(), "the first one has this name"
    for path, text in (("name", "Filial"), ("company.logix", "01"), ("company.site", "02")):
        dialog.form.editor(path).focus.selectAll()
        QTest.keyClicks(dialog.form.editor(path).focus, text)
    QTest.keyClick(dialog.form.editor("company.site").focus, Qt.Key.Key_Return)
    assert dialog.isVisible(), "the company is that of the first"
    assert QApplication.focusWidget() is dialog.form.editor("company.logix").focus
    dialog.form.editor("company.logix").focus.selectAll()
    QTest.keyClicks(dialog.form.editor("company.logix").focus, "02")
    click(dialog.go)
    assert window.state.step == "company"
    assert window.page.form.editor("name").focus.text() == "Filial"
    assert flow.value_of(window.state.data, "company") == {"logix": "02", "site": "02"}
    assert flow.value_of(window.state.data, "grades.types") is None
    assert window.state.file is None
    assert [file.name for file in profile.parent.glob("*.yaml")] == [profile.name], "nothing is written by that"


def test_enter_in_the_notes_begins_a_line(opened: Callable[[str], Window]) -> None:
    window = opened("company")
    notes = window.page.form.editor("notes").focus
    notes.setFocus()
    QTest.keyClicks(notes, "a")
    QTest.keyClick(notes, Qt.Key.Key_Return)
    QTest.keyClicks(notes, "b")
    assert notes.toPlainText() == "a\nb"
    assert window.state.step == "company"


def test_changing_the_kind_of_database_keeps_what_was_typed_for_each(tmp_path: Path, make_window: MakeWindow) -> None:
    window = make_window(tmp_path)
    state = flow.new_profile(tmp_path)
    window.begin(flow.go(flow.replace(state, visited=frozenset(IDS)), "database"))
    kind = window.page.form.editor("database.kind").focus
    typed(window, "database.dsn", "LOGIX")
    kind.setCurrentIndex(kind.findData("sqlite"))
    typed(window, "database.file", "a.sqlite")
    kind.setCurrentIndex(kind.findData("informix"))
    assert window.page.form.editor("database.dsn").focus.text() == "LOGIX"
    kind.setCurrentIndex(kind.findData("sqlite"))
    assert window.page.form.editor("database.file").focus.text() == "a.sqlite"


def test_a_password_is_never_shown_kept_in_a_draft_or_left_in_its_field(
    tmp_path: Path, make_window: MakeWindow, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APS_PROFILE_DIR", str(tmp_path))
    window = make_window(tmp_path)
    state = flow.edit(flow.new_profile(tmp_path), "name", "Matriz")
    window.begin(flow.go(flow.replace(state, visited=frozenset(IDS)), "database"))
    editor = window.page.form.editor("database.password")
    editor.store.setCurrentIndex(editor.store.findData("keyring"))
    QTest.keyClicks(editor.line, "hunter2")
    assert editor.line.echoMode() == editor.line.EchoMode.Password
    assert flow.value_of(window.state.data, "database.password") == "keyring:aps-wizard/matriz/database.password"
    window.drafts.write_now()
    qtbot.waitUntil(lambda: bool(list(draft_file.default_folder().glob("*.json"))))
    for file in home.rglob("*"):
        assert not file.is_file() or b"hunter2" not in file.read_bytes()
    window.begin(flow.go(flow.replace(flow.new_profile(tmp_path), visited=frozenset(IDS)), "company"))
    assert (editor.line.text(), editor.line.isUndoAvailable()) == ("", False), "not even on a page that is not shown"
    window.steps.setCurrentRow(IDS.index("database"))
    assert window.page.form.editor("database.password").line.text() == "", "it belongs to the former profile"
    assert not window.state.typed


def test_the_address_comes_out_of_the_servers_file(
    opened: Callable[[str], Window], site: Site, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opened("webservice")
    typed(window, "webservice.url", "http://x/ws")
    window.page.take_files([site.appserver_ini])
    settled(window, qtbot)
    assert window.page.form.editor("webservice.url").focus.text() == site.webservice_url
    assert not window.page.findings.lines.isVisible()
    empty = tmp_path / "empty.ini"
    empty.write_text("[General]\n")
    window.page.take_files([empty])
    settled(window, qtbot)
    assert "URLLocation" in window.banner.text.text()
    assert window.page.findings.lines.isVisible()
    assert "URLLocation=http://<SERVER>:<PORT>/ws" in window.page.findings.lines.toPlainText()
    assert "To be confirmed" in window.page.findings.lines.toPlainText()
    click(window.page.findings.copy)
    assert QApplication.clipboard().text() == window.page.findings.lines.toPlainText()
    window.page.take_files([tmp_path / "nowhere.ini"])
    settled(window, qtbot)
    assert "no file" in window.banner.text.text()


def test_files_that_were_being_read_for_another_profile_do_not_close_the_button(
    opened: Callable[[str], Window], site: Site, qtbot: QtBot
) -> None:
    window = opened("webservice")
    window.page.take_files([site.appserver_ini])
    assert not window.page.read_ini.isEnabled()
    window.begin(window.state)
    settled(window, qtbot)
    assert window.page.read_ini.isEnabled()


def test_files_that_are_dropped_on_the_page_are_read_and_never_moved(
    opened: Callable[[str], Window], site: Site, qtbot: QtBot
) -> None:
    window = opened("webservice")
    typed(window, "webservice.url", "http://x/ws")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(site.appserver_ini)), QUrl.fromLocalFile(str(site.totvsprofile))])
    place = QPoint(5, 5)
    moves = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    enter = QDragEnterEvent(place, moves, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window.page, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(place), moves, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window.page, drop)
    assert drop.dropAction() == Qt.DropAction.CopyAction
    settled(window, qtbot)
    assert window.state.data["webservice"]["url"] == site.webservice_url
    assert [row.text.text() for row in window.page.findings.rows if "customerCode" in row.text.text()]


def test_an_address_is_shown_in_the_form_that_is_used(opened: Callable[[str], Window]) -> None:
    window = opened("webservice")
    editor = window.page.form.editor("webservice.url")
    editor.focus.setFocus()
    editor.focus.selectAll()
    QTest.keyClicks(editor.focus, "Srv:8080/ws/wsindex.apw ")
    assert editor.focus.text() == "Srv:8080/ws/wsindex.apw ", "what is being typed is left alone"
    assert editor.kept.text() == "Will be used: http://srv:8080/ws"
    assert editor.kept.isVisible()
    assert window.state.data["webservice"]["url"] == "http://srv:8080/ws"
    QTest.keyClick(editor.focus, Qt.Key.Key_Tab)
    assert editor.focus.text() == "http://srv:8080/ws"
    assert not editor.kept.isVisible()


def test_no_widget_is_ever_shown_as_a_window_of_its_own(
    opened: Callable[[str], Window], qtbot: QtBot, qapp: QApplication
) -> None:
    window = opened("start")
    for row in range(len(IDS)):
        window.steps.setCurrentRow(row)
        qtbot.waitUntil(lambda: not window.background.busy, timeout=30_000)
        others = [widget for widget in qapp.topLevelWidgets() if widget.isVisible() and widget is not window]
        assert not others


def test_numbers_of_a_form_are_those_of_the_model(opened: Callable[[str], Window]) -> None:
    window = opened("options")
    back = window.page.form.editor("update.calendar_years_back").focus
    assert (back.minimum(), back.maximum(), back.value()) == (0, 50, 10)
    horizon = window.page.form.editor("confirmation.horizon_days").focus
    assert horizon.text() == "-"
    horizon.setValue(30)
    assert flow.value_of(window.state.data, "confirmation.horizon_days") == 30
    typed(window, "confirmation.cutoff_date", "31/12/2026")
    assert flow.value_of(window.state.data, "confirmation.cutoff_date") == "2026-12-31"
    assert any(re.search("not both", line.text.text()) for line in window.page.form._problems.values())


def test_review_of_an_incomplete_profile_names_page_and_question(tmp_path: Path, make_window: MakeWindow) -> None:
    window = make_window(tmp_path)
    state = flow.edit(flow.new_profile(tmp_path), "name", "Matriz")
    window.begin(flow.go(flow.replace(state, visited=frozenset(IDS)), "review"))
    assert "Database - Data source name (DSN): This value is required." in window.page.text.toPlainText()


def test_opening_another_profile_keeps_what_was_typed_as_a_draft(
    opened: Callable[[str], Window], profile: Path, qtbot: QtBot
) -> None:
    window = opened("company")
    typed(window, "notes", "half a thought")
    window.steps.setCurrentRow(0)
    click(window.page.new)
    assert window.state.step == "prerequisites"
    assert "kept as a draft" in window.banner.text.text()
    window.steps.setCurrentRow(0)
    qtbot.waitUntil(lambda: "not written" in window.banner.text.text())
    click(next(button for button in window.banner.findChildren(QPushButton) if "Continue" in button.text()))
    assert flow.value_of(window.state.data, "notes") == "half a thought"
    assert window.dirty, "a draft is not written by being continued"


def test_closing_right_after_the_last_key_loses_nothing(
    opened: Callable[[str], Window], qtbot: QtBot, home: Path
) -> None:
    window = opened("company")
    typed(window, "notes", "last words")
    window.setProperty("closing", True)
    window.close()
    (found,) = draft_file.abandoned(draft_file.default_folder())
    assert flow.value_of(found.state.data, "notes") == "last words"


def test_a_password_typed_in_place_of_a_stored_one_is_asked_about_before_closing(
    opened: Callable[[str], Window],
) -> None:
    window = opened("webservice")
    editor = window.page.form.editor("webservice.password")
    editor.store.setCurrentIndex(editor.store.findData("keyring"))
    QTest.keyClicks(editor.line, "hunter2")
    assert window.dirty


def test_the_password_field_always_shows_what_will_be_written(opened: Callable[[str], Window]) -> None:
    window = opened("webservice")
    editor = window.page.form.editor("webservice.password")
    path = "webservice.password"
    editor.store.setCurrentIndex(editor.store.findData("env"))
    assert flow.value_of(window.state.data, path) == "env:", "chosen and incomplete"
    click(window.next_button)
    assert window.state.step == "webservice"
    QTest.keyClicks(editor.line, "APS_WS")
    assert flow.value_of(window.state.data, path) == "env:APS_WS"
    editor.store.setCurrentIndex(editor.store.findData("keyring"))
    assert "keyring:" in flow.value_of(window.state.data, path)
    assert "not stored" in window.page.form._problems[path].text.text()
    editor.store.setCurrentIndex(0)
    assert flow.value_of(window.state.data, path) is None
    assert not window.page.form._problems[path].isVisible()


def test_a_file_changed_by_another_can_be_written_over_when_the_person_says_so(
    opened: Callable[[str], Window], profile: Path, qtbot: QtBot
) -> None:
    window = opened("company")
    typed(window, "company.site", "A1")
    profile.unlink()
    window.steps.setCurrentRow(IDS.index("review"))
    click(window.next_button)
    settled(window, qtbot)
    click(next(button for button in window.banner.findChildren(QPushButton) if "Write over" in button.text()))
    settled(window, qtbot)
    assert store.read(profile).profile.company.site == "A1"


def test_what_may_not_be_written_over_is_told(opened: Callable[[str], Window], profile: Path, qtbot: QtBot) -> None:
    window = opened("company")
    typed(window, "company.site", "A1")
    profile.unlink()
    window.steps.setCurrentRow(IDS.index("review"))
    click(window.next_button)
    settled(window, qtbot)
    profile.mkdir()
    click(next(button for button in window.banner.findChildren(QPushButton) if "Write over" in button.text()))
    assert window.banner.text.text() == f"{profile}: This is a folder, not a file. Name a file."


def test_enter_in_a_list_or_a_text_writes_nothing(opened: Callable[[str], Window], profile: Path) -> None:
    window = opened("company")
    typed(window, "company.site", "A1")
    window.steps.setCurrentRow(IDS.index("review"))
    before = profile.read_bytes()
    for widget in (window.steps, window.page.text):
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Return)
        assert not window.background.busy
    assert profile.read_bytes() == before


def test_the_list_of_steps_can_be_walked_with_the_arrows(opened: Callable[[str], Window]) -> None:
    window = opened("company")
    window.steps.setFocus()
    for _press in range(3):
        QTest.keyClick(window.steps, Qt.Key.Key_Down)
    assert window.state.step == IDS[IDS.index("company") + 3]
    assert QApplication.focusWidget() is window.steps


def test_a_test_asked_for_while_another_ends_is_run_then(opened: Callable[[str], Window], qtbot: QtBot) -> None:
    window = opened("database")
    click(window.page.checks.test)
    window.steps.setCurrentRow(IDS.index("aps"))
    click(window.page.checks.test)
    settled(window, qtbot)
    qtbot.waitUntil(lambda: window.page.checks.states()["aps.store"] == "ok", timeout=20_000)


@pytest.mark.parametrize("leave", ["escape", "step", "profile"])
def test_a_test_that_waits_for_another_to_end_is_ended_with_it(
    opened: Callable[[str], Window], silent_server: int, profile: Path, leave: str, qtbot: QtBot
) -> None:
    window = opened("webservice")
    typed(window, "webservice.url", f"http://127.0.0.1:{silent_server}/ws")
    click(window.page.checks.test)
    window.steps.setCurrentRow(IDS.index("review"))
    click(window.page.checks.test)
    if leave == "escape":
        QTest.keyClick(window, Qt.Key.Key_Escape)
    elif leave == "step":
        window.steps.setCurrentRow(IDS.index("company"))
    else:
        window.begin(flow.open_profile(profile, "review"))
    settled(window, qtbot)
    assert not window.checking.running
    assert window.state.results == {}
