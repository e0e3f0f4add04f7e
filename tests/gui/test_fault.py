"""A fault anywhere in the window: told once, the draft is saved, the window lives on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from wizard import __version__
from wizard.flow import draft_file
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.fault_net import FaultNet
from wizard.gui.window import Window
from wizard.profile import store

pytestmark = pytest.mark.qt_no_exception_capture

SECRET = "hunter" + "2"


@pytest.fixture
def window(
    profile: Path, make_window: Callable[[Path], Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Window:
    for hooks, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(hooks, name, getattr(hooks, name))
    # Only the fault can have written a draft then.
    monkeypatch.setattr("wizard.gui.draft_keeper.DELAY_MS", 60_000)
    made = make_window(profile.parent)
    FaultNet(made).install()
    made.begin(flow.open_profile(profile, "company"))
    qtbot.waitUntil(made.page.isVisible)
    return made


def broken() -> None:
    raise ValueError(SECRET)


def boxes(window: Window) -> list[QMessageBox]:
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def box_of(window: Window, qtbot: QtBot) -> QMessageBox:
    qtbot.waitUntil(lambda: bool(boxes(window)))
    (box,) = boxes(window)
    return box


def close(window: Window, qtbot: QtBot) -> None:
    box_of(window, qtbot).close()
    qtbot.waitUntil(lambda: not boxes(window))


def drafts() -> list[Path]:
    return list(draft_file.default_folder().glob("*.json"))


def test_a_fault_in_a_slot_saves_the_draft_at_once_and_shows_no_value(
    window: Window, qtbot: QtBot, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    QTest.keyClicks(window.page.form.editor("notes").focus, "half a thought")
    QTimer.singleShot(0, broken)
    box = box_of(window, qtbot)
    assert f"ValueError test_fault.py:{broken.__code__.co_firstlineno + 1} ({__version__})" in box.informativeText()
    qtbot.waitUntil(lambda: bool(drafts()))
    window.drafts.close()
    (found,) = draft_file.abandoned(draft_file.default_folder())
    assert flow.value_of(found.state.data, "notes") == "half a thought"
    (logged,) = (home / "logs").glob("*.log")
    assert '"kind": "ValueError"' in logged.read_text("utf-8")
    for text in (logged.read_text("utf-8"), capsys.readouterr().err, box.text() + box.informativeText()):
        assert SECRET not in text


def test_the_window_goes_on_and_writes_what_was_typed(window: Window, qtbot: QtBot, profile: Path) -> None:
    QTimer.singleShot(0, broken)
    close(window, qtbot)
    QTest.keyClicks(window.page.form.editor("notes").focus, "after the fault")
    window.steps.setCurrentRow(IDS.index("review"))
    window.next_button.click()
    qtbot.waitUntil(lambda: not window.background.busy)
    assert store.read(profile).profile.notes == "after the fault"


def test_the_same_fault_again_and_again_is_shown_once(window: Window, qtbot: QtBot, home: Path) -> None:
    timer = QTimer(window, interval=1)
    timer.timeout.connect(broken)
    timer.start()
    box_of(window, qtbot)
    (logged,) = (home / "logs").glob("*.log")

    def again() -> None:
        """Wait for more of them; each is in the log."""
        before = logged.read_text("utf-8").count("program.fault")
        qtbot.waitUntil(lambda: logged.read_text("utf-8").count("program.fault") > before + 5)

    again()
    close(window, qtbot)
    again()
    assert not boxes(window)
    timer.stop()

    def elsewhere() -> None:
        raise KeyError(SECRET)

    QTimer.singleShot(0, elsewhere)
    assert "KeyError" in box_of(window, qtbot).informativeText(), "another one is another"


def test_the_diagnostics_hold_every_fault_so_far_and_nothing_typed(window: Window, qtbot: QtBot) -> None:
    def consequence() -> None:
        raise RuntimeError(SECRET)

    QTimer.singleShot(0, broken)
    box = box_of(window, qtbot)
    QTimer.singleShot(0, consequence)
    net = window.findChild(FaultNet)
    assert net is not None
    qtbot.waitUntil(lambda: "RuntimeError" in net.diagnostics())
    assert boxes(window) == [box]
    next(button for button in box.buttons() if button.text().replace("&", "") == "Copy diagnostics").click()
    copied = QApplication.clipboard().text()
    assert copied.startswith(f"aps-wizard {__version__}\nPython ")
    assert f"ValueError test_fault.py:{broken.__code__.co_firstlineno + 1}" in copied
    assert "RuntimeError test_fault.py" in copied
    assert SECRET not in copied
    assert "clipboard" in window.banner.text.text()


def test_a_fault_while_painting_or_in_a_thread_is_shown_too(window: Window, qtbot: QtBot) -> None:
    class Broken(QWidget):
        def paintEvent(self, _event: QPaintEvent) -> None:
            raise LookupError(SECRET)

    widget = Broken(window)
    widget.resize(20, 20)
    widget.show()
    assert "LookupError" in box_of(window, qtbot).informativeText()
    widget.deleteLater()
    close(window, qtbot)
    thread = threading.Thread(target=broken)
    thread.start()
    assert "ValueError" in box_of(window, qtbot).informativeText()
    thread.join()
    close(window, qtbot)
    assert window.isVisible()


def test_a_fault_after_the_window_is_gone_does_no_more_harm(
    window: Window, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    window.setProperty("closing", True)
    window.close()
    QTimer.singleShot(0, broken)
    qtbot.waitUntil(lambda: "ValueError" in capsys.readouterr().err)
