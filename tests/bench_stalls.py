"""The longest time that the event loop of the window is busy with itself, per piece of work, and what memory does.

Measured as processor time of the GUI thread between two turns of the loop: what other programs take does not count.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.app import application
from wizard.gui.window import Window
from wizard.profile import store
from wizard.profile.load import profile_from_data
from wizard.profile.models import Grades, Profile

LIMIT_MS = 50
PROFILES = 500
TYPES, COMBINATIONS = 36, 5000
PAGE_CHANGES = 1000
WARM = 300
"""Page changes after which every page was made and every cache filled."""


class Heart(QTimer):
    """Beats with every turn of the loop, and remembers the longest work between two beats."""

    def __init__(self) -> None:
        super().__init__()
        self.setInterval(0)
        self.timeout.connect(self._beat)
        self.reset()
        self.start()

    def reset(self) -> None:
        self._last = time.thread_time()
        self.longest = 0.0

    def _beat(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self._last = now


def huge() -> Profile:
    """A profile as large as any: 36 types and 5,000 combinations of them."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    types = [
        {
            "code": code,
            "description": f"Tipo de grade {code:02}",
            "content_table": f"conteudo_{code:02}",
            "code_column": "cod_conteudo",
            "description_column": "den_conteudo",
            "per_company": True,
            "indicator": letters[code],
            "size": 3,
            "contents": 100,
        }
        for code in range(TYPES)
    ]
    combinations = [
        [n % TYPES, (n // TYPES) % TYPES, (n // TYPES**2) % TYPES, n % 7, n % 11] for n in range(COMBINATIONS)
    ]
    return profile_from_data(
        {
            "name": "Enorme",
            "environment": "test",
            "company": {"logix": "01", "site": "01"},
            "database": {"kind": "sqlite", "file": "logix.sqlite"},
            "webservice": {"url": "http://127.0.0.1:1/ws"},
            "grades": {"enabled": True, "types": types, "combinations": combinations},
        }
    )


def small(number: int) -> Profile:
    """One of many profiles."""
    return _PLAIN.model_copy(update={"name": f"Empresa {number:03}"})


_PLAIN = huge().model_copy(update={"grades": Grades()})


class Stage:
    """A window, and its loop turned until it rests."""

    def __init__(self, folder: Path) -> None:
        self.app = application(["bench"])
        self.window = Window(folder)
        self.window.resize(1024, 768)
        self.window.show()
        self.heart = Heart()
        self.rest()

    def rest(self, at_least: float = 0.2) -> None:
        until = time.monotonic() + at_least
        while time.monotonic() < until or self.window.background.busy:
            QApplication.processEvents()

    def longest(self, work: Callable[[], object]) -> float:
        """Milliseconds of the longest turn while something is done."""
        self.rest()
        gc.collect()
        self.heart.reset()
        work()
        self.rest()
        return self.heart.longest * 1000

    def close(self) -> None:
        self.heart.stop()
        self.window.setProperty("closing", True)
        self.window.close()


def stalls(folder: Path) -> Iterator[tuple[str, float]]:
    """Pieces of work, and the milliseconds of their longest turn."""
    many, few = folder / "many", folder / "few"
    file = store.write(few / "enorme.yaml", huge(), None).path
    for number in range(PROFILES):
        made = small(number)
        store.write(many / f"{store.file_stem(made.name)}.yaml", made, None)
    stage = Stage(few)
    window = stage.window
    try:
        yield "open a huge profile", stage.longest(window.page.open.click)
        if window.state.file != file:
            raise SystemExit("bench: the profile was not opened")
        yield "type a letter in a huge profile", stage.longest(lambda: QTest.keyClicks(window.focusWidget(), "x"))
        yield "enter Grade types, huge", stage.longest(lambda: window.steps.setCurrentRow(IDS.index("grades")))
        yield "enter Review, huge", stage.longest(lambda: window.steps.setCurrentRow(IDS.index("review")))
        yield (
            "enter Review again, huge",
            stage.longest(lambda: (window.steps.setCurrentRow(1), window.steps.setCurrentRow(IDS.index("review")))),
        )
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}/ws"
            made = small(0).model_copy(update={"name": "Silencio"})
            made = made.model_copy(update={"webservice": made.webservice.model_copy(update={"url": url})})
            dead = store.write(few / "silencio.yaml", made, None).path
            window.begin(flow.open_profile(dead, "review"))

            def black_hole() -> None:
                window.page.checks.test.click()
                until = time.monotonic() + 5
                while time.monotonic() < until and window.background.busy:
                    QApplication.processEvents()
                QTest.keyClick(window, Qt.Key.Key_Escape)

            yield "all checks, black hole", stage.longest(black_hole)
        yield f"list {PROFILES} profiles", stage.longest(lambda: window.choose_folder(many))
        yield "search them", stage.longest(lambda: QTest.keyClicks(window.page.search, "empresa 1"))
        yield "clear the search", stage.longest(window.page.search.clear)
    finally:
        stage.close()


def page_changes(folder: Path) -> tuple[float, float]:
    """Memory after the first of many page changes and after all of them, in MB."""
    file = store.write(folder / "um.yaml", small(1), None).path
    stage = Stage(folder)
    stage.window.begin(flow.open_profile(file))
    me, found = psutil.Process(), []
    for change in range(PAGE_CHANGES):
        stage.window.steps.setCurrentRow(change % len(IDS))
        QApplication.processEvents()
        if change + 1 in (WARM, PAGE_CHANGES):
            stage.rest(0.5)
            gc.collect()
            found.append(me.memory_info().rss / 1e6)
    stage.close()
    return found[0], found[1]


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_STATE_HOME", "LOCALAPPDATA", "APS_LOG_DIR"):
            os.environ[name] = folder
        early, late = page_changes(Path(folder) / "pages")
        changes = f"memory after {WARM} page changes {early:.1f} MB, after {PAGE_CHANGES}"
        print(f"{changes} {late:.1f}: {late / early:.3f}")
        for title, milliseconds in stalls(Path(folder)):
            print(f"{title:<34} {milliseconds:8.1f} ms  {milliseconds / LIMIT_MS:5.2f} of the limit", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
