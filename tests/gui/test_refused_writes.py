"""Writing is refused: told in the window, and what was typed stays in it until it can be written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.profile.test_locking import holding
from tests.small_disk import SmallDisk, held, small_disk
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.window import Window
from wizard.profile import store
from wizard.secrets.references import read

TYPED = "typed by hand"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as made:
        yield made


@pytest.fixture
def window(disk: SmallDisk, profile: Path, make_window: Callable[[Path], Window], qtbot: QtBot) -> Window:
    """A profile on the small disk, opened, with something typed and the last page before the eyes."""
    file = disk.folder / profile.name
    shutil.copy(profile, file)
    made = make_window(disk.folder)
    made.begin(flow.open_profile(file, "company"))
    qtbot.waitUntil(made.page.isVisible)
    QTest.keyClicks(made.page.form.editor("notes").focus, TYPED)
    made.steps.setCurrentRow(IDS.index("review"))
    return made


def save(window: Window, qtbot: QtBot) -> str:
    """Press the button and give what the window says then."""
    window.next_button.click()
    qtbot.waitUntil(lambda: not window.background.busy)
    return window.banner.text.text()


def still_typed(window: Window, qtbot: QtBot) -> bool:
    """What was typed stands in the document and in its field."""
    window.steps.setCurrentRow(IDS.index("company"))
    qtbot.waitUntil(window.page.isVisible)
    shown = window.page.form.editor("notes").focus.toPlainText()
    window.steps.setCurrentRow(IDS.index("review"))
    return shown == flow.value_of(window.state.data, "notes") == TYPED and window.dirty


def test_a_full_disk(window: Window, disk: SmallDisk, qtbot: QtBot) -> None:
    file = window.state.file
    assert file is not None
    before = file.read_bytes()
    disk.fill()
    assert "The disk is full." in save(window, qtbot)
    assert file.read_bytes() == before
    assert still_typed(window, qtbot)
    disk.free()
    assert "was written" in save(window, qtbot)
    assert store.read(file).profile.notes == TYPED


def test_a_disk_that_can_only_be_read(window: Window, disk: SmallDisk, qtbot: QtBot) -> None:
    file = window.state.file
    assert file is not None
    disk.read_only(True)
    try:
        assert "can only be read" in save(window, qtbot)
    finally:
        disk.read_only(False)
    assert still_typed(window, qtbot)
    assert "was written" in save(window, qtbot)


def test_a_password_typed_stays_in_its_field_and_out_of_its_store_until_the_profile_is_written(
    window: Window, disk: SmallDisk, qtbot: QtBot
) -> None:
    path = "webservice.password"
    window.steps.setCurrentRow(IDS.index("webservice"))
    qtbot.waitUntil(window.page.isVisible)
    editor = window.page.form.editor(path)
    editor.store.setCurrentIndex(editor.store.findData("dpapi"))
    QTest.keyClicks(editor.line, "Typ3d!")
    window.steps.setCurrentRow(IDS.index("review"))
    disk.fill()
    assert "The disk is full." in save(window, qtbot)
    assert not (disk.folder / "secrets").exists()
    assert (editor.line.text(), window.state.typed) == ("Typ3d!", {path: "Typ3d!"})
    disk.free()
    file = window.state.file
    assert file is not None
    with held(file):
        assert "Another program holds the file" in save(window, qtbot)
        assert not list((disk.folder / "secrets").iterdir())
        assert editor.line.text() == "Typ3d!"
    assert "was written" in save(window, qtbot)
    assert (editor.line.text(), window.state.typed) == ("", {})
    assert read(store.read(file).profile.webservice.password or "", path) == "Typ3d!"


def test_a_profile_that_another_program_writes(window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.3)
    file = window.state.file
    assert file is not None
    with holding(file) as other:
        assert f"(process {other.pid})" in save(window, qtbot)
        assert still_typed(window, qtbot)
    assert "was written" in save(window, qtbot)
