"""What a person does in the window, as tests do it: press a button, fill a field, wait until all is quiet; and work
that is held, so that what is shown meanwhile is there to be looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tests.patience import PATIENCE, PATIENCE_MS
from wizard.gui.window import Window


def click(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def typed(window: Window, path: str, text: str) -> None:
    """Put a text in the place of what a field of the page has; an empty one empties it."""
    line = window.page.form.editor(path).focus
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text) if text else QTest.keyClick(line, Qt.Key.Key_Delete)


def settled(window: Window, qtbot: QtBot, timeout: int = 2 * PATIENCE_MS) -> None:
    """Wait until no work is under way in the background."""
    qtbot.waitUntil(lambda: not window.background.busy, timeout=timeout)


@contextmanager
def held(module: Any, name: str) -> Iterator[None]:
    """Until the end of the block no thread but that of the window comes further than to the call of this function,
    which is then done."""
    real: Callable[..., Any] = getattr(module, name)
    let_go = threading.Event()

    def waiting(*values: Any, **named: Any) -> Any:
        assert threading.current_thread() is threading.main_thread() or let_go.wait(2 * PATIENCE)
        return real(*values, **named)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, name, waiting)
        try:
            yield
        finally:
            let_go.set()
