"""The page Checklist on the real demo site: running, filtering, confirming, copying, saving."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.gui.hands import click, settled
from tests.patience import PATIENCE_MS
from tests.webservice.conftest import BadServer
from wizard import i18n
from wizard.checklist import confirmations
from wizard.checklist.items import ITEMS
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.window import Window

MakeWindow = Callable[[Path], Window]

PROVED = {"parameters", "grades", "bits", "capitals", "one_database"}
UNUSED = {"engines", "system_dsn", "isolation"}


@pytest.fixture
def opened(profile: Path, make_window: MakeWindow, qtbot: QtBot) -> Callable[[], Window]:
    def at_the_checklist() -> Window:
        window = make_window(profile.parent)
        window.begin(flow.open_profile(profile, "checklist"))
        settled(window, qtbot)
        return window

    return at_the_checklist


def confirm(window: Window, qtbot: QtBot, item: str, by: str = "Ana", evidence: str = "seen") -> None:
    click(window.page.checks.rows[item].confirm)
    dialog = window.page.dialog
    qtbot.waitUntil(dialog.isVisible)
    dialog.by.setText(by)
    dialog.evidence.setPlainText(evidence)
    click(dialog.ok)
    settled(window, qtbot)


def misfits(window: Window) -> list[tuple[str, str, int, int]]:
    """The rows that are not as high as what they say: item, state, height, and what it should be."""
    found = []
    for id_, row in window.page.checks.rows.items():
        needed = row.layout().totalHeightForWidth(row.width())
        # The layout of a page gives a pixel or two here and there.
        if row.isVisible() and abs(row.height() - needed) > 3:
            found.append((id_, row.state, row.height(), needed))
    return found


@pytest.mark.seed("R-CHK-01", "R-CHK-02", "R-CHK-03", "R-CHK-04")
def test_start_opens_the_checklist_and_runs_it(profile: Path, make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    qtbot.waitUntil(lambda: window.page.table.rowCount() == 1)
    click(window.page.verify)
    qtbot.waitUntil(lambda: window.state.step == "checklist")
    settled(window, qtbot)
    states = window.page.checks.states()
    assert list(states) == [item.id for item in ITEMS]
    assert {id_ for id_, state in states.items() if state == "ok"} == PROVED
    assert {id_ for id_, state in states.items() if state == "unused"} == UNUSED
    assert "open" in window.page.summary.text.text()
    # Where nothing stands like that, it is said.
    click(window.page.checks.filters["failed"])
    assert window.page.checks.states() == {}
    assert window.page.checks.nothing.isVisible()


def test_every_row_has_the_height_of_what_it_says_at_every_moment_of_a_run(
    profile: Path, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    """With details unfolded, in a small window: there the texts are longest."""
    text = profile.read_text("utf-8")
    profile.write_text(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:1", text), "utf-8")
    window = opened()
    window.resize(683, 512)
    for again in range(2):
        click(window.page.checks.test)
        seen = []
        while window.background.busy:
            QApplication.processEvents()
            seen += misfits(window)
        assert not seen, again
        for row in window.page.checks.rows.values():
            if row.more.isVisible() and not row.more.isChecked():
                row.more.click()
        qtbot.waitUntil(lambda: not misfits(window))


def test_what_the_profile_remembers_is_shown_before_anything_runs(opened: Callable[[], Window]) -> None:
    window = opened()
    assert window.page.checks.states()["grades"] == "ok"
    assert not window.state.results


def test_a_state_is_told_by_icon_and_word(opened: Callable[[], Window]) -> None:
    window = opened()
    for row in window.page.checks.rows.values():
        labels = [label for label in row.findChildren(QLabel) if not label.isHidden()]
        assert [label for label in labels if not label.pixmap().isNull()], row.item.id
        assert row.accessibleName().partition(": ")[2].split(" - ")[0], row.item.id


def test_filters_leave_only_what_stands_like_that(opened: Callable[[], Window], qtbot: QtBot) -> None:
    window = opened()
    window.change(lambda s: flow.edit(s, "database.file", "missing.sqlite"))
    click(window.page.checks.test)
    settled(window, qtbot)
    for wanted, state in (("open", "open"), ("failed", "fail")):
        click(window.page.checks.filters[wanted])
        shown = window.page.checks.states()
        assert set(shown.values()) == {state}
        assert f"({len(shown)})" in window.page.checks.filters[wanted].text().replace("&", "")
        click(window.page.checks.filters["all"])
        assert len(window.page.checks.states()) == len(ITEMS)


def test_one_item_is_run_again_alone_with_what_it_needs(opened: Callable[[], Window], qtbot: QtBot) -> None:
    window = opened()
    click(window.page.checks.rows["one_database"].again)
    settled(window, qtbot)
    assert set(window.state.results) == {"profile.valid", "aps.store"}


def test_only_what_failed_is_run_again(profile: Path, opened: Callable[[], Window], qtbot: QtBot) -> None:
    window = opened()
    assert not window.page.checks.test_failed.isEnabled()
    missing = profile.parent / "missing.sqlite"
    before = flow.value_of(window.state.data, "database.file")
    window.change(lambda s: flow.edit(s, "database.file", str(missing)))
    click(window.page.checks.test)
    settled(window, qtbot)
    assert window.page.checks.states()["parameters"] == "fail"
    assert window.page.checks.test_failed.isEnabled()
    missing.write_bytes(Path(before).read_bytes())
    at = {id_: result.at for id_, result in window.state.results.items()}
    click(window.page.checks.test_failed)
    settled(window, qtbot)
    assert window.page.checks.states()["parameters"] == "ok"
    again = {id_ for id_, result in window.state.results.items() if result.at != at.get(id_)}
    assert again >= {"database.reachable", "database.login", "database.company", "grades.ctr_grade"}
    assert "webservice.reachable" not in again
    assert not window.page.checks.test_failed.isEnabled()


def test_a_run_can_be_cancelled_and_says_which_item_runs(
    opened: Callable[[], Window], qtbot: QtBot, silent_server: int
) -> None:
    window = opened()
    window.change(lambda s: flow.edit(s, "webservice.url", f"http://127.0.0.1:{silent_server}/ws"))
    click(window.page.checks.test)
    qtbot.waitUntil(lambda: window.page.checks.states()["parameters"] == "running")
    assert window.page.checks.cancel.isVisible()
    assert not window.page.checks.rows["windows"].confirm.isEnabled()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    # Without an answer it would wait for a minute.
    settled(window, qtbot, PATIENCE_MS)
    assert window.page.checks.test.isVisible()
    assert "running" not in window.page.checks.states().values()


# --- confirming --------------------------------------------------------------------------------


def test_a_person_confirms_and_takes_it_back(profile: Path, opened: Callable[[], Window], qtbot: QtBot) -> None:
    window = opened()
    row = window.page.checks.rows["licences"]
    assert (row.state, row.withdraw.isVisible()) == ("open", False)
    confirm(window, qtbot, "licences", "Ana Lima", "License Server, foto.png")
    assert row.state == "ok"
    said = confirmations.read(profile).confirmations.of("licences")
    assert (said.by, said.evidence) == ("Ana Lima", "License Server, foto.png")
    click(row.confirm)
    assert window.page.dialog.by.text() == "Ana Lima", "who confirmed before is likely to confirm again"
    click(window.page.dialog.buttons.buttons()[0])
    click(row.withdraw)
    settled(window, qtbot)
    assert row.state == "open"
    assert confirmations.read(profile).confirmations.confirmations == ()


def test_the_dialog_wants_a_name_and_evidence(opened: Callable[[], Window], qtbot: QtBot) -> None:
    window = opened()
    click(window.page.checks.rows["licences"].confirm)
    dialog = window.page.dialog
    for by, evidence, enough in (("Ana", "", False), ("", "x", False), (" ", "x", False), ("Ana", "x", True)):
        dialog.by.setText(by)
        dialog.evidence.setPlainText(evidence)
        assert dialog.ok.isEnabled() is enough
    dialog.reject()


def test_evidence_that_could_not_be_written_is_not_typed_twice(
    profile: Path, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    window = opened()
    confirmations.file_of(profile).mkdir()
    confirm(window, qtbot, "licences", evidence="licences.pdf, page 2")
    assert window.banner.state == "fail"
    confirmations.file_of(profile).rmdir()
    click(window.page.checks.rows["licences"].confirm)
    assert window.page.dialog.evidence.toPlainText() == "licences.pdf, page 2"
    click(window.page.dialog.ok)
    settled(window, qtbot)
    assert window.page.checks.rows["licences"].state == "ok"
    click(window.page.checks.rows["licences"].withdraw)
    settled(window, qtbot)
    click(window.page.checks.rows["licences"].confirm)
    assert window.page.dialog.evidence.toPlainText() == ""
    window.page.dialog.reject()


def test_an_edit_of_what_is_covered_makes_it_stale_at_once(opened: Callable[[], Window], qtbot: QtBot) -> None:
    window = opened()
    confirm(window, qtbot, "licences")
    window.change(lambda s: flow.edit(s, "webservice.url", "http://other/ws"))
    assert window.page.checks.rows["licences"].state == "stale"
    window.change(lambda s: flow.edit(s, "notes", "x"))
    assert window.page.checks.rows["licences"].state == "stale"


def test_what_another_confirmed_is_seen_when_the_page_is_entered_again(
    profile: Path, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    window = opened()
    confirmations.confirm(profile, flow.profile_of(window.state), "demand", "Rui", "log2240")
    window.steps.setCurrentRow(IDS.index("review"))
    window.steps.setCurrentRow(IDS.index("checklist"))
    settled(window, qtbot)
    assert window.page.checks.rows["demand"].state == "ok"


def test_a_spoilt_file_of_confirmations_is_told(profile: Path, make_window: MakeWindow, qtbot: QtBot) -> None:
    confirmations.file_of(profile).write_text("version: 1\nconfirmation: x\n", "utf-8")
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile, "checklist"))
    settled(window, qtbot)
    assert window.banner.state == "fail"
    assert "line 2" in window.banner.text.text()


def test_another_profile_shows_nothing_of_the_former(profile: Path, opened: Callable[[], Window], qtbot: QtBot) -> None:
    window = opened()
    confirm(window, qtbot, "licences")
    other = profile.with_name("other.yaml")
    other.write_text(profile.read_text("utf-8"), "utf-8")
    window.begin(flow.open_profile(other, "checklist"))
    settled(window, qtbot)
    assert window.page.checks.rows["licences"].state == "open"


def test_an_incomplete_profile_is_named_instead(opened: Callable[[], Window]) -> None:
    window = opened()
    window.change(lambda s: flow.edit(s, "webservice.url", ""))
    assert window.page.summary.text.text() == "First complete: Web service."
    assert not window.page.checks.isVisible()


# --- copy and save -----------------------------------------------------------------------------


def test_the_list_can_be_copied(opened: Callable[[], Window]) -> None:
    window = opened()
    click(window.page.checks.copy)
    lines = QApplication.clipboard().text().splitlines()
    assert len([line for line in lines if line[:2].strip() in ("OK", "?", "-")]) == len(ITEMS)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_report_of_what_is_shown_is_saved(
    opened: Callable[[], Window], qtbot: QtBot, tmp_path: Path, language: str
) -> None:
    i18n.use(language)
    window = opened()
    click(window.page.checks.test)
    settled(window, qtbot)
    window.page.save_report(tmp_path / "r.html")
    settled(window, qtbot)
    page = html.parse(str(tmp_path / "r.html"))
    assert page.xpath("//section/@id") == [f"item-{item.id}" for item in ITEMS]
    assert page.getroot().get("lang") == language.replace("_", "-")
    assert window.banner.state == "ok"


def test_a_report_without_a_run_tells_when_the_profile_was_proved(
    profile: Path, opened: Callable[[], Window], qtbot: QtBot, tmp_path: Path
) -> None:
    text = profile.read_text("utf-8")
    when = re.search(r'validation:\n  at: "(20..)', text)
    profile.write_text(text.replace(f'at: "{when[1]}', 'at: "2021'), "utf-8")
    window = opened()
    window.page.save_report(tmp_path / "r.html")
    settled(window, qtbot)
    assert ", 2021 " in html.parse(str(tmp_path / "r.html")).xpath("string(//table[@class='facts'])")


def test_a_report_that_cannot_be_written_is_told(opened: Callable[[], Window], qtbot: QtBot, tmp_path: Path) -> None:
    window = opened()
    window.page.save_report(tmp_path / "missing" / "r.html")
    settled(window, qtbot)
    assert window.banner.state == "fail"
    assert "There is no such file or folder. Check the path." in window.banner.text.text()


def test_after_writing_a_profile_the_checklist_is_offered(profile: Path, make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile, "review"))
    window.change(lambda s: flow.edit(s, "notes", "changed"))
    click(window.next_button)
    settled(window, qtbot)
    offered = [button for button in window.banner.findChildren(type(window.next_button)) if button.isVisible()]
    click(offered[0])
    assert window.state.step == "checklist"
    assert not window.next_button.isVisible()


def test_a_hostile_banner_stays_text(opened: Callable[[], Window], qtbot: QtBot) -> None:
    banner = b"HTTP/1.1 500 <b>Oops</b>\r\nServer: <img src=x>\x1b[31m\r\nContent-Length: 0\r\n\r\n"
    server = BadServer(lambda _path, connection: connection.sendall(banner))
    try:
        window = opened()
        window.change(lambda s: flow.edit(s, "webservice.url", server.url))
        click(window.page.checks.rows["server_files"].again)
        settled(window, qtbot)
    finally:
        server.stop()
    assert server.heads
    row = window.page.checks.rows["server_files"]
    click(row.more)
    for label in row.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or not label.text()
        assert "\x1b" not in label.text()
