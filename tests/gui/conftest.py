"""The real window on the real demo site."""

from __future__ import annotations

import gc
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.connection.servers import data_sources, mariadb, postgresql  # noqa: F401 - fixtures
from tests.connection.sites import maria_site, pg_site  # noqa: F401 - fixtures
from tests.gui.database_page import logix_file, machine, page, sources  # noqa: F401 - fixtures
from tests.gui.hands import settled
from tests.patience import PATIENCE_MS
from wizard.demo import walk
from wizard.demo.site import Site, open_site
from wizard.flow import state as flow
from wizard.gui.app import application
from wizard.gui.window import Window

CHECK_MS = 2 * PATIENCE_MS


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the program makes it, with its style and palette."""
    return application(["tests"])


class Patient(QtBot):
    """Waits as long as a busy machine needs, where nothing else is said: what passes by is held, not hoped for."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitExposed(self, widget: QWidget, *, timeout: int = PATIENCE_MS) -> Any:
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> Patient:
    return Patient(request)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as built:
        yield built


@pytest.fixture(scope="session")
def demo_files(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the headless demo fills for this site: the profile, and the APS store beside it."""
    final, _report = walk.walk(site, tmp_path_factory.mktemp("demo-profile"))
    assert final.file is not None
    return final.file.parent


@pytest.fixture
def profile(demo_files: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "profiles"
    folder.mkdir()
    for file in demo_files.glob(f"{Path(walk.FILE).stem}.*"):
        shutil.copy(file, folder)
    return folder / walk.FILE


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[Callable[[Path], Window]]:
    made: list[Window] = []

    def make(folder: Path) -> Window:
        window = Window(folder)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(lambda: not window.background.busy)
        made.append(window)
        return window

    yield make
    for window in made:
        window.setProperty("closing", True)
        window.close()


@pytest.fixture
def opened(profile: Path, make_window: Callable[[Path], Window], qtbot: QtBot) -> Callable[[str], Window]:
    """The window with the demo site's profile at a step, once all that it does at first is done."""

    def open_at(step: str) -> Window:
        window = make_window(profile.parent)
        window.begin(flow.open_profile(profile, step))
        qtbot.waitUntil(window.page.isVisible)
        settled(window, qtbot)
        return window

    return open_at


class Keyboard:
    """Types into whatever has the keyboard, as a person does."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        # A page just entered is shown when the event loop comes round.
        self.qtbot.waitUntil(lambda: self.focused().isVisible())
        QTest.keyClick(self.focused(), key, modifier)

    def type(self, text: str) -> None:
        self.qtbot.waitUntil(lambda: self.focused().isVisible())
        QTest.keyClicks(self.focused(), text)

    def letter(self, text: str) -> None:
        """Press Alt and the letter that the label of this text carries now."""
        for widget in (*self.window.findChildren(QAbstractButton), *self.window.findChildren(QLabel)):
            label = widget.text()
            if label.replace("&", "") == text and "&" in label and widget.isVisible():
                key = Qt.Key(ord(label[label.index("&") + 1].upper()))
                self.press(key, Qt.KeyboardModifier.AltModifier)
                # A button pressed by its letter shows itself pressed for a moment before it acts.
                self.qtbot.waitUntil(lambda pressed=widget: not (isValid(pressed) and _is_down(pressed)))
                return
        pytest.fail(f"no letter for {text!r} on page {self.window.state.step}")

    def focused(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def settled(self) -> None:
        self.qtbot.waitUntil(lambda: not self.window.background.busy, timeout=CHECK_MS)


def _is_down(widget: QWidget) -> bool:
    return isinstance(widget, QAbstractButton) and widget.isDown()


@pytest.fixture
def keyboard(qtbot: QtBot) -> Callable[[Window], Keyboard]:
    return lambda window: Keyboard(window, qtbot)


@pytest.fixture
def own_garbage() -> Iterator[None]:
    """Python looks through what this test makes, not what others left here: that would be long for one turn."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


class Silent:
    """A server that accepts and never answers."""

    def __init__(self, listener: socket.socket) -> None:
        self.port = int(listener.getsockname()[1])
        self._listener = listener
        self._callers: list[socket.socket] = []

    def called(self) -> bool:
        """Whether somebody waits for an answer. Does not wait itself."""
        with suppress(BlockingIOError):
            self._callers.append(self._listener.accept()[0])
        return bool(self._callers)

    def close(self) -> None:
        for caller in self._callers:
            caller.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        server = Silent(listener)
        yield server
        server.close()


@pytest.fixture
def silent_server(silent: Silent) -> int:
    """The port of a server that accepts and never answers."""
    return silent.port
