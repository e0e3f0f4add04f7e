"""A fault anywhere in the window: told once, the draft is saved, the window lives on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from wizard.flow import draft_file
from wizard.flow import state as flow
from wizard.gui import app
from wizard.gui.window import Window


@pytest.mark.qt_no_exception_capture
def test_a_fault_in_a_slot_saves_the_draft_and_shows_no_value(  # noqa: PLR0917
    tmp_path: Path,
    make_window: Callable[[Path], Window],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    window = make_window(tmp_path)
    app._install_net(window)
    window.begin(flow.new_profile(tmp_path))
    window.change(lambda state: flow.edit(state, "name", "Matriz"))

    def broken() -> None:
        raise ValueError("hunter" + "2")

    QTimer.singleShot(0, broken)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None)
    box = window.findChild(QMessageBox)
    assert "ValueError test_fault.py" in box.informativeText()
    assert "hunter2" not in box.text() + box.informativeText()
    box.close()
    qtbot.waitUntil(lambda: bool(list(draft_file.default_folder().glob("*.json"))))
    assert window.isVisible()
    (logged,) = (home / "logs").glob("*.log")
    assert '"kind": "ValueError"' in logged.read_text("utf-8")
    assert "hunter2" not in logged.read_text("utf-8")
    assert "hunter2" not in capsys.readouterr().err
