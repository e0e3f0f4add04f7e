"""Start as a list to work with: search, last opened first, comparing, and what changed; and the guard of production."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.patience import PATIENCE
from wizard.flow import draft_file, recent, review
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.comparison_dialog import ProfilesDialog, SinceDialog
from wizard.gui.pages.start import ENVIRONMENT
from wizard.gui.production_dialog import ProductionDialog
from wizard.gui.style import tone
from wizard.gui.window import Window
from wizard.profile import store

MakeWindow = Callable[[Path], Window]


def another(profile: Path, name: str, **changes: object) -> Path:
    made = store.read(profile).profile.model_copy(update={"name": name, **changes})
    return store.write(profile.with_name(store.file_stem(name) + ".yaml"), made, None).path


def names(window: Window) -> list[str]:
    table = window.page.table
    return [table.item(row, 0).text() for row in range(table.rowCount()) if not table.isRowHidden(row)]


def dialog_of(window: Window, kind: type[QDialog], qtbot: QtBot) -> QDialog:
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in window.findChildren(kind)))
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def cells(dialog: ProfilesDialog | SinceDialog) -> list[tuple[str, ...]]:
    table = dialog.table
    return [tuple(table.item(row, column).text() for column in range(4)) for row in range(table.rowCount())]


def test_typing_in_the_search_narrows_the_list_and_enter_opens_what_is_left(
    profile: Path, make_window: MakeWindow, keyboard: Callable, qtbot: QtBot
) -> None:
    another(profile, "Malharia São José", notes="Cliente: Rio Negro")
    another(profile, "Tecelagem")
    window = make_window(profile.parent)
    qtbot.waitUntil(lambda: len(names(window)) == 3)
    keys = keyboard(window)
    keys.letter("Search")
    keys.type("sao rio")
    assert names(window) == ["Malharia São José"]
    keys.type("x")
    assert names(window) == []
    assert "Clear the search" in window.page.empty.text()
    keys.press(Qt.Key.Key_Backspace)
    keys.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.state.step == "company")
    assert flow.value_of(window.state.data, "name") == "Malharia São José"


def test_what_was_opened_last_stands_first_also_from_another_folder(
    profile: Path, tmp_path: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    another(profile, "Aaa")
    window = make_window(profile.parent)
    qtbot.waitUntil(lambda: names(window) == ["Aaa", "Serra Azul"])
    window.page.table.setCurrentCell(1, 0)
    window.page.open.click()
    qtbot.waitUntil(lambda: window.state.step == "company")
    qtbot.waitUntil(lambda: bool(recent.read(recent.default_file())))
    window.steps.setCurrentRow(0)
    qtbot.waitUntil(lambda: names(window) == ["Serra Azul", "Aaa"])

    empty = tmp_path / "elsewhere"
    empty.mkdir()
    window.choose_folder(empty)
    qtbot.waitUntil(lambda: [name.partition(" (in ")[0] for name in names(window)] == ["Serra Azul"])
    window.page.open.click()
    qtbot.waitUntil(lambda: window.state.file == profile)


def test_a_folder_that_cannot_be_read_is_told_and_not_called_empty(
    profile: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(profile.parent)
    window.begin(flow.open_profile(profile))
    no_folder = profile.with_name("no-folder")
    no_folder.touch()
    window.choose_folder(no_folder)
    page = window.page
    qtbot.waitUntil(page.unreadable.isVisible)
    assert str(no_folder) in page.unreadable.text.text()
    assert "There is a file where a folder is needed." in page.unreadable.text.text()
    assert not page.welcome.isVisible()
    qtbot.waitUntil(lambda: names(window) == [f"Serra Azul (in {profile.parent})"])
    assert page.unreadable.isVisible(), "the profiles of other folders are listed all the same"
    no_folder.unlink()
    no_folder.mkdir()
    page.test_again()
    qtbot.waitUntil(lambda: not page.unreadable.isVisible())


def test_two_profiles_stand_side_by_side_and_can_be_copied_as_text(
    profile: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    another(profile, "Outra", notes="nothing", environment="production")
    window = make_window(profile.parent)
    qtbot.waitUntil(lambda: len(names(window)) == 2)
    window.page.table.setCurrentCell(names(window).index("Serra Azul"), 0)
    window.page.compare.click()
    dialog = dialog_of(window, ProfilesDialog, qtbot)
    assert dialog.other.currentText() == "Outra (01)"
    assert cells(dialog) == [
        ("Company", "Name of this profile", "Serra Azul", "Outra"),
        ("Company", "Environment", "Testing", "Production"),
        ("Company", "Notes", "", "nothing"),
    ]
    dialog.copy.click()
    assert QApplication.clipboard().text().splitlines()[2] == "Company\tEnvironment\tTesting\tProduction"
    dialog.only.click()
    assert ("Company", "Logix company", "01", "01") in cells(dialog)
    dialog.reject()


def test_a_profile_alone_has_nothing_to_be_compared_with(profile: Path, make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    qtbot.waitUntil(lambda: len(names(window)) == 1)
    window.page.compare.click()
    assert "no other profile" in window.banner.text.text()


def test_what_changed_since_the_validation_is_told_at_start_and_on_review(
    profile: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    before = flow.value_of(flow.open_profile(profile).data, "webservice.url")
    review.save(flow.edit(flow.open_profile(profile), "webservice.url", "http://other:8080/ws"))
    window = make_window(profile.parent)
    qtbot.waitUntil(lambda: len(names(window)) == 1)
    window.page.since.click()
    dialog = dialog_of(window, SinceDialog, qtbot)
    changed = ("Web service", "Address (URL)", before, "http://other:8080/ws")
    assert cells(dialog) == [changed]
    assert "Checks to run again: " in dialog.about.text()
    dialog.reject()

    window.begin(flow.open_profile(profile, "review"))
    window.page.since.click()
    assert cells(dialog_of(window, SinceDialog, qtbot)) == [changed]


def test_what_is_validated_offers_no_list_of_changes(profile: Path, make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    qtbot.waitUntil(lambda: len(names(window)) == 1)
    assert not window.page.since.isVisible()


def test_production_is_said_by_word_and_colour_on_every_page_and_in_the_list(
    profile: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    file = another(profile, "Real", environment="production")
    window = make_window(profile.parent)
    qtbot.waitUntil(lambda: len(names(window)) == 2)
    item = window.page.table.item(names(window).index("Real"), ENVIRONMENT)
    assert (item.text(), item.foreground().color(), item.font().bold()) == ("Production", tone("fail"), True)
    window.resize(683, 512)
    qtbot.waitUntil(lambda: "PRODUCTION: Real" in names(window))

    window.begin(flow.open_profile(file))
    for row, step in enumerate(IDS):
        window.steps.setCurrentRow(row)
        assert window.state.step == step
        assert window.strip.isVisible()
        assert window.strip.text().startswith("PRODUCTION")
        palette = window.strip.palette()
        assert palette.color(palette.ColorRole.Window) == tone("fail")
    window.begin(flow.open_profile(profile))
    assert not window.strip.isVisible()
    assert window.chip.text() == "Environment: Testing"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_production_is_written_only_after_it_was_agreed_to(
    profile: Path, make_window: MakeWindow, qtbot: QtBot, key: Qt.Key
) -> None:
    file = another(profile, "Real", environment="production")
    window = make_window(profile.parent)
    window.begin(flow.edit(flow.open_profile(file, "review"), "notes", "new"))
    before = file.read_bytes()
    window.next_button.click()
    dialog = dialog_of(window, ProductionDialog, qtbot)
    told = dialog.text.text()
    assert "Real: Logix company 01" in told
    assert str(file) in told
    assert "Company" in told
    QTest.keyClick(dialog.focusWidget(), key)
    qtbot.waitUntil(lambda: not window.findChildren(ProductionDialog))
    assert not window.background.busy
    assert file.read_bytes() == before

    window.next_button.click()
    dialog_of(window, ProductionDialog, qtbot).go.click()
    qtbot.waitUntil(lambda: not window.background.busy)
    assert store.read(file).profile.notes == "new"


def waits(answer: threading.Event, then: Callable[[], object]) -> Callable[[], object]:
    """Work that ends when a share answers, which the test says."""

    def work() -> object:
        answer.wait(PATIENCE)
        return then()

    return work


def test_a_profile_on_a_slow_share_holds_up_no_other(profile: Path, make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(profile.parent)
    slow, answer = another(profile, "Lenta"), threading.Event()
    start = window.page
    start._read(waits(answer, lambda: flow.open_profile(slow)), window.begin)
    start.open_file(profile)
    qtbot.waitUntil(lambda: window.state.file == profile)
    answer.set()
    qtbot.waitUntil(lambda: not window.background.busy)
    assert window.state.file == profile


def test_escape_gives_up_what_is_being_opened(profile: Path, make_window: MakeWindow, qtbot: QtBot) -> None:
    window, answer = make_window(profile.parent), threading.Event()
    window.page._read(waits(answer, lambda: flow.open_profile(profile)), window.begin)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    answer.set()
    qtbot.waitUntil(lambda: not window.background.busy)
    assert window.state.step == "start"


def test_who_went_on_meanwhile_is_not_taken_to_what_was_being_opened(
    profile: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(profile.parent)
    slow, answer = another(profile, "Lenta"), threading.Event()
    window.begin(flow.open_profile(profile))
    window.steps.setCurrentRow(IDS.index("start"))
    window.page._read(waits(answer, lambda: flow.open_profile(slow)), window.begin)
    window.steps.setCurrentRow(IDS.index("company"))
    answer.set()
    qtbot.waitUntil(lambda: not window.background.busy)
    assert (window.state.file, window.state.step) == (profile, "company")


def test_a_draft_that_cannot_be_discarded_is_told(profile: Path, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window(profile.parent)
    held = tmp_path / "draft.json"
    held.mkdir()
    window.page._discard(draft_file.Found(held, flow.open_profile(profile), datetime.now(UTC)))
    assert "could not be discarded: This is a folder, not a file. Name a file." in window.banner.text.text()
