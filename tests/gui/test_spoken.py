"""What a screen reader is told: pages, results, failures, progress and wrong fields."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.hands import settled, typed
from tests.gui.reader import Heard, reader
from tests.patience import ENDLESS
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui import spoken
from wizard.gui.window import Window

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the handler is installed by its name in the library")

MakeWindow = Callable[[Path], Window]


@pytest.fixture(autouse=True)
def _nothing_for_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine everything takes long enough to be told of meanwhile."""
    monkeypatch.setattr(spoken, "EVERY", ENDLESS)


@pytest.fixture
def heard() -> Iterator[Heard]:
    with reader() as listening:
        yield listening


def test_each_page_says_which_it_is(opened: Callable[[str], Window], heard: Heard) -> None:
    window = opened("company")
    heard.clear()
    window.next_button.click()
    assert heard.all == [f"Step 3 of {len(IDS) - 1}: Database"]
    window.steps.setCurrentRow(0)
    assert heard.all[-1] == "Start"


def test_results_are_said_once_and_politely(opened: Callable[[str], Window], heard: Heard, qtbot: QtBot) -> None:
    window = opened("database")
    heard.clear()
    window.page.checks.test.click()
    settled(window, qtbot)
    begun, ended = heard.all
    assert begun.startswith("Checks are running: ")
    assert ended == "All checks passed."
    assert not heard.urgent


def test_a_failure_interrupts_and_says_which_and_why(
    opened: Callable[[str], Window], heard: Heard, qtbot: QtBot
) -> None:
    window = opened("database")
    typed(window, "database.file", "elsewhere.sqlite")
    heard.clear()
    window.page.checks.test.click()
    settled(window, qtbot)
    (told,) = heard.urgent
    assert told.startswith("Checks failed: ")
    assert "does not exist" in told


def test_a_cancelled_test_says_so(
    opened: Callable[[str], Window], heard: Heard, silent_server: int, qtbot: QtBot
) -> None:
    window = opened("webservice")
    typed(window, "webservice.url", f"http://127.0.0.1:{silent_server}/ws")
    window.page.checks.test.click()
    qtbot.waitUntil(lambda: window.page.checks.states()["webservice.reachable"] == "running")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    settled(window, qtbot)
    assert heard.all[-1] == "Cancelled."


def test_progress_is_said_now_and_then_and_not_for_each_check(
    opened: Callable[[str], Window], heard: Heard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened("review")
    heard.clear()
    window.page.checks.test.click()
    settled(window, qtbot)
    assert len(heard.all) == 2, "it began, and how it ended"
    monkeypatch.setattr(spoken, "EVERY", 0.0)
    heard.clear()
    window.page.checks.test.click()
    settled(window, qtbot)
    count = len(window.page.checks.states())
    assert f"Checks done: 1 of {count}." in heard.all
    assert not heard.urgent


def test_a_wrong_value_is_said_when_it_is_typed_and_once(opened: Callable[[str], Window], heard: Heard) -> None:
    window = opened("company")
    heard.clear()
    typed(window, "company.logix", "0123")
    (told,) = heard.all
    assert "one or two letters or digits" in told
    assert not heard.urgent, "who types is not interrupted"


def test_missing_values_interrupt_and_the_keyboard_is_in_the_first_one(
    tmp_path: Path, make_window: MakeWindow, heard: Heard
) -> None:
    window = make_window(tmp_path)
    window.begin(flow.new_profile(tmp_path))
    window.next_button.click()
    heard.clear()
    window.next_button.click()
    (told,) = heard.urgent
    assert told.startswith("Missing or wrong values on this page: 4.")
    assert "Name of this profile: This value is required." in told
    focused = QApplication.focusWidget()
    assert focused is window.page.form.editor("name").focus
    description = focused.accessibleDescription()
    assert "This value is required." in description
    assert "The file of a new profile" in description, "the help is said too"


def test_an_import_says_that_it_began_and_what_came_of_it(
    opened: Callable[[str], Window], heard: Heard, qtbot: QtBot
) -> None:
    window = opened("grades")
    heard.clear()
    window.page.import_button.click()
    settled(window, qtbot)
    assert heard.all[0] == "Connecting..."
    assert "Grade types imported: 3." in heard.all[-1]
    assert len(heard.all) == 2


def test_filtering_says_how_many_rows_are_left(opened: Callable[[str], Window], heard: Heard, qtbot: QtBot) -> None:
    window = opened("grades")
    page = window.page
    size = page.table.cellWidget(0, 3)
    size.setCurrentIndex(size.findData(5))
    page.difference.compare.click()
    settled(window, qtbot)
    heard.clear()
    QTest.keyClicks(page.difference.text, "no such content")
    qtbot.waitUntil(lambda: any("No row is like that." in text for text in heard.all))
