"""Engine account in the window: which stores it reads, proving it, and by hand where that is not possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.patience import PATIENCE_MS
from tests.second_account import second_account
from wizard.checklist import confirmations
from wizard.engine import proof
from wizard.engine.account import own_name
from wizard.flow import review
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.window import Window
from wizard.secrets.references import read

MakeWindow = Callable[[Path], Window]
PASSWORD = "webservice.password"
SECRET = "canary-5b1e"


@pytest.fixture
def opened(make_window: MakeWindow, profile: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Window]:
    monkeypatch.setenv("APS_PROFILE_DIR", str(profile.parent))

    def open_at(step: str = "engine", **values: str) -> Window:
        state = flow.open_profile(profile, step)
        for path, value in values.items():
            state = flow.edit(state, path.replace("__", "."), value)
        if values:
            state = flow.go(flow.replace(review.save(state), visited=frozenset(IDS)), step)
        window = make_window(profile.parent)
        window.begin(state)
        return window

    return open_at


def items(window: Window, path: str) -> list[str]:
    box = window.page.form.editor(path).store
    return [box.itemText(index) for index in range(box.count())]


def test_the_stores_that_the_engines_read_are_offered_first_with_the_reason(opened: Callable[..., Window]) -> None:
    window = opened("webservice")
    own = ["None", "Credential store of this account", "Machine store", "Environment variable"]
    assert items(window, PASSWORD) == own
    window.change(lambda state: flow.edit(state, "engine_account.kind", "service"))
    window.change(lambda state: flow.edit(state, "engine_account.name", "svc-aps"))
    assert items(window, PASSWORD) == [own[0], own[2], own[3], own[1] + " - not for the engines"]
    box = window.page.form.editor(PASSWORD).store
    assert "svc-aps cannot read it" in box.itemData(3, 3)  # ToolTipRole


def test_a_password_for_the_machine_store_is_never_shown_and_cleared_after_writing(
    opened: Callable[..., Window], qtbot: QtBot
) -> None:
    window = opened("webservice")
    window.change(lambda state: flow.edit(state, "webservice.user", "aps"))
    editor = window.page.form.editor(PASSWORD)
    editor.store.setCurrentIndex(editor.store.findData("dpapi"))
    editor.line.setText(SECRET)
    editor.line.textEdited.emit(SECRET)
    assert editor.line.echoMode() == editor.line.EchoMode.Password
    editor.reveal.pressed.emit()
    assert editor.line.echoMode() == editor.line.EchoMode.Normal
    editor.reveal.released.emit()
    assert editor.line.echoMode() == editor.line.EchoMode.Password
    window._save()
    qtbot.waitUntil(lambda: not window.background.busy)
    assert (window.banner.state, editor.line.text()) == ("ok", "")
    assert "stored" in editor.line.placeholderText()
    assert not window.state.typed
    assert read(flow.value_of(window.state.data, PASSWORD), PASSWORD) == SECRET
    window.begin(flow.open_profile(window.state.file, "webservice"))
    assert window.page.form.editor(PASSWORD).line.text() == ""


def test_prove_it_as_this_account_shows_every_check(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened()
    page = window.page
    page.proving.test.click()
    assert page.proving.cancel.isVisible()
    qtbot.waitUntil(lambda: not window.background.busy, timeout=2 * PATIENCE_MS)
    assert set(page.proving.states().values()) == {"ok"}
    assert window.banner.state == "ok"
    kept = confirmations.read(window.state.file).confirmations.proof
    assert kept is not None
    assert (kept.account, kept.passed) == (own_name(), True)
    assert not page.hand.isVisible()
    window.change(lambda state: flow.edit(state, "notes", "x"))
    assert set(page.proving.states().values()) == {"pending"}, "what was typed is not what was proved"


def test_a_proof_that_the_checklist_cannot_take_over_is_shown_all_the_same(
    opened: Callable[..., Window], qtbot: QtBot
) -> None:
    window = opened()
    confirmations.file_of(window.state.file).mkdir()
    window.page.proving.test.click()
    qtbot.waitUntil(lambda: not window.background.busy, timeout=2 * PATIENCE_MS)
    assert set(window.page.proving.states().values()) == {"ok"}
    assert window.banner.state == "warn"
    assert "could not take the proof over" in window.banner.text.text()


def test_prove_it_runs_under_a_second_account_that_is_really_there(
    make_window: MakeWindow, profile: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with second_account() as account:
        folder = account.folder / "profiles"
        shutil.copytree(profile.parent, folder)
        file = folder / profile.name
        monkeypatch.setenv("APS_PROFILE_DIR", str(folder))
        monkeypatch.setattr(sys, "executable", str(account.python))
        # Where that Python sees its packages.
        as_account = proof._as_account
        monkeypatch.setattr(proof, "_as_account", lambda name, words: account.inside(*as_account(name, words)))
        (folder / "logix.sqlite").write_bytes(
            Path(flow.value_of(flow.open_profile(file).data, "database.file")).read_bytes()
        )
        state = flow.open_profile(file, "engine")
        for path, value in {
            "database.file": "logix.sqlite",
            "webservice.user": "aps",
            "engine_account.kind": "service",
            "engine_account.name": account.name,
            "aps.url": "sqlite:///store/aps.sqlite",
        }.items():
            state = flow.edit(state, path, value)
        (folder / "store").mkdir()
        (folder / "store").chmod(0o777)
        state = review.save(flow.type_secret(flow.choose_store(state, PASSWORD, "dpapi"), PASSWORD, SECRET))
        window = make_window(folder)
        window.begin(flow.go(flow.replace(state, visited=frozenset(IDS)), "engine"))
        window.page.proving.test.click()
        qtbot.waitUntil(lambda: not window.background.busy, timeout=2 * PATIENCE_MS)
        assert window.banner.text.text() == f"Proved as {account.name}: the engines will start."
        assert set(window.page.proving.states().values()) == {"ok"}


def test_what_was_not_written_cannot_be_proved(opened: Callable[..., Window]) -> None:
    window = opened()
    window.change(lambda state: flow.edit(state, "notes", "x"))
    window.page.proving.test.click()
    assert window.banner.state == "info"
    assert "Write the profile first" in window.banner.text.text()
    assert not window.background.busy


def test_a_proof_does_not_stand_for_what_was_typed_while_it_ran(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened()
    page = window.page
    page.proving.test.click()
    window.change(lambda state: flow.edit(state, "notes", "typed meanwhile"))
    qtbot.waitUntil(lambda: not window.background.busy, timeout=2 * PATIENCE_MS)
    assert set(page.proving.states().values()) == {"pending"}
    assert "changed while it was being proved" in window.banner.text.text()


def test_a_cancel_ends_the_proof(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened()
    window.page.proving.test.click()
    window._escape()
    qtbot.waitUntil(lambda: not window.background.busy, timeout=PATIENCE_MS)
    assert window.page.proving.test.isVisible()
    assert set(window.page.proving.states().values()) == {"pending"}


def test_where_it_cannot_be_run_the_command_is_shown_and_its_file_read(
    opened: Callable[..., Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = opened(engine_account__kind="service", engine_account__name=proof.own_name())
    page = window.page
    with monkeypatch.context() as elsewhere:
        # As where there is neither runuser nor sudo, and the account is another one.
        elsewhere.setattr(proof, "same", lambda one, other: False)
        elsewhere.setenv("PATH", str(tmp_path))
        page.proving.test.click()
        qtbot.waitUntil(lambda: not window.background.busy, timeout=PATIENCE_MS)
    assert window.banner.state == "fail"
    assert page.hand.isVisible()
    page.copy.click()
    command = QApplication.clipboard().text()
    assert "--as-engine" in command
    page.read.click()
    qtbot.waitUntil(lambda: not window.background.busy)
    assert "no result file" in window.banner.text.text()
    env = {**os.environ, "APS_LOG_DIR": str(tmp_path)}
    done = subprocess.run(["sh", "-c", command], env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    try:
        page.read.click()
        qtbot.waitUntil(lambda: not window.background.busy)
        assert window.banner.state == "ok", window.banner.text.text()
        assert set(page.proving.states().values()) == {"ok"}
    finally:
        page._result.unlink()


def test_a_password_that_the_engines_cannot_read_is_put_where_they_can(
    opened: Callable[..., Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened()
    page = window.page
    assert not page.move.isVisible()

    def kept_in_the_credential_store(state: flow.State) -> flow.State:
        state = flow.edit(state, PASSWORD, "keyring:x")
        return flow.replace(state, stored=frozenset({"keyring:x"}))

    window.change(kept_in_the_credential_store)
    assert [line.text.text().partition(":")[0] for line in page._lines] == ["Web service - Password"]
    assert not page.move.isVisible(), "the engines run as this account"
    window.change(lambda state: flow.edit(state, "engine_account.kind", "service"))
    window.change(lambda state: flow.edit(state, "engine_account.name", "svc-aps"))
    assert "svc-aps cannot read it" in page._lines[0].text.text()
    assert page.move.isVisible()
    window.change(lambda state: flow.type_secret(flow.choose_store(state, PASSWORD, "dpapi"), PASSWORD, SECRET))
    assert "Machine store" in page._lines[0].text.text()
    assert not page.move.isVisible()
