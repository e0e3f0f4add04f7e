"""Former versions from Start: what differs is seen, one click puts one back, and what stood there is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.profile.test_locking import holding
from tests.small_disk import held
from wizard.flow import former_versions, review
from wizard.flow import state as flow
from wizard.gui.restore_dialog import RestoreDialog
from wizard.gui.window import Window
from wizard.profile import store

MakeWindow = Callable[[Path], Window]


@pytest.fixture
def changed(profile: Path) -> Path:
    """A profile that was written three times."""
    for notes in ("first", "second"):
        review.save(flow.edit(flow.open_profile(profile), "notes", notes))
    return profile


def opened(window: Window, qtbot: QtBot) -> RestoreDialog:
    qtbot.waitUntil(lambda: window.page.table.rowCount() == 1)
    window.page.former.click()
    dialog = window.findChild(RestoreDialog)
    qtbot.waitUntil(lambda: not window.background.busy)
    return dialog


def rows(dialog: RestoreDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def test_a_version_is_put_back_with_one_click_and_the_present_one_is_kept(
    changed: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(changed.parent)
    dialog = opened(window, qtbot)
    assert len(rows(dialog)) == 2
    assert re.match(r"[A-Z][a-z]{2} \d{1,2}, 20\d\d \d\d:\d\d", rows(dialog)[0])
    assert '-notes: "second"' in dialog.text.toPlainText()
    assert '+notes: "first"' in dialog.text.toPlainText()
    before = changed.read_bytes()
    with qtbot.waitSignal(dialog.restored):
        dialog.go.click()
    qtbot.waitUntil(lambda: not window.background.busy)
    assert store.read(changed).profile.notes == "first"
    assert store.former(changed)[0].file.read_bytes() == before
    assert window.banner.state == "ok"
    assert changed.name in window.banner.text.text()
    # And back again: the way is the same.
    again = opened(window, qtbot)
    assert '+notes: "second"' in again.text.toPlainText()
    again.reject()


def test_the_chosen_version_looks_like_the_chosen_row_of_a_table(
    changed: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    dialog = opened(make_window(changed.parent), qtbot)
    row = dialog.list.visualItemRect(dialog.list.currentItem())
    seen = dialog.list.viewport().grab().toImage().pixelColor(row.right() - 5, row.center().y())
    assert seen == dialog.list.palette().color(QPalette.ColorRole.Midlight)
    dialog.reject()


def test_without_former_versions_there_is_nothing_to_press(
    profile: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    dialog = opened(make_window(profile.parent), qtbot)
    assert (rows(dialog), dialog.go.isEnabled()) == ([], False)
    assert "no former versions" in dialog.said.accessibleName() + dialog.said.told[1]
    dialog.reject()


def test_what_cannot_be_read_is_not_shown_and_not_put_back(
    changed: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    changed.with_name(changed.name + ".bak").write_text("senha: hunter2\n", "utf-8")
    dialog = opened(make_window(changed.parent), qtbot)
    assert rows(dialog)[0].endswith("cannot be read")
    assert dialog.list.currentRow() == 1, "the first one that can be put back"
    dialog.list.setCurrentRow(0)
    assert (dialog.text.toPlainText(), dialog.go.isEnabled()) == ("", False)
    assert "hunter2" not in dialog.about.text()
    dialog.reject()


def test_a_profile_that_cannot_be_read_any_more_comes_back(
    changed: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    changed.write_bytes(b"\x00")
    window = make_window(changed.parent)
    dialog = opened(window, qtbot)
    assert 'notes: "first"' in dialog.text.toPlainText()
    dialog.go.click()
    qtbot.waitUntil(lambda: not window.background.busy)
    assert store.read(changed).profile.notes == "first"


def test_a_refusal_is_told_in_the_dialog_and_nothing_is_lost(
    changed: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(changed.parent)
    dialog = opened(window, qtbot)
    with held(changed):
        dialog.go.click()
        qtbot.waitUntil(lambda: not window.background.busy)
    assert "Another program holds the file" in dialog.said.told[1]
    assert dialog.go.isEnabled()
    assert store.read(changed).profile.notes == "second"
    dialog.reject()


def test_the_dialog_stays_while_a_version_is_put_back_and_goes_with_what_it_is_about(
    changed: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(changed.parent)
    dialog = opened(window, qtbot)
    with holding(changed):
        dialog.go.click()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible(), "how it ended is still to be told"
        with qtbot.waitSignal(dialog.destroyed):
            window.begin(flow.open_profile(changed))
    qtbot.waitUntil(lambda: not window.background.busy)
    assert store.read(changed).profile.notes == "first", "what was asked for is done"


def test_a_number_that_means_another_version_by_now_is_refused(changed: Path) -> None:
    shown = former_versions.former_versions(changed)
    review.save(flow.edit(flow.open_profile(changed), "notes", "third"))
    with pytest.raises(store.ProfileError, match="changed or removed by another program"):
        former_versions.put_back(changed, shown[0])
    assert store.read(changed).profile.notes == "third"


def test_a_version_that_says_what_the_file_says_is_told_as_such(changed: Path) -> None:
    first = former_versions.former_versions(changed)[0]
    assert (first.same, first.problem) == (False, "")
    changed.with_name(changed.name + ".bak").write_bytes(changed.read_bytes())
    assert former_versions.former_versions(changed)[0].same
