"""The longest time that the event loop of the window is busy with itself, per piece of work, and what memory does.

Measured as processor time of the GUI thread between two turns of the loop: what other programs take does not count.
A time over the limit is marked. Exit code 1 is for memory that grows, which is a ratio, and for an Esc that takes
longer than the second that is promised, many times what it takes.
"""

from __future__ import annotations

import gc
import os
import socket
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import psutil

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.app import application
from wizard.gui.renumbering_dialog import RenumberingDialog
from wizard.gui.theme import theme
from wizard.gui.window import Window
from wizard.profile import store
from wizard.profile.load import profile_from_data
from wizard.profile.models import Grades, Profile

LIMIT_MS = 50
PROFILES = 500
TYPES, COMBINATIONS = 36, 5000
PAGE_CHANGES = 1000
GROWTH_AT_MOST = 1.03
"""Memory after all page changes beside that after the first of them: flat, but for what an allocator keeps."""
ROUNDS = 3
"""How often a change of language or theme, or Esc, is measured; the least counts: a machine that others hold makes
every turn longer, and nothing makes one shorter."""
ESCAPE_AT_MOST = 1.0
"""Seconds from Esc to a quiet window: what the READMEs promise of a check that hangs, whatever it waits for."""
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
        """A loop of its own: single turns delete nothing of what a page left."""
        until = time.monotonic() + at_least
        loop = QEventLoop()

        def look() -> None:
            if time.monotonic() >= until and not self.window.background.busy and not self.window.changing_language:
                loop.quit()

        watch = QTimer(interval=1)
        watch.timeout.connect(look)
        watch.start()
        loop.exec()

    def turn(self, seconds: float) -> None:
        """Turn the loop for so long, whatever is under way."""
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

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
        # A theme is told to every widget: those of a former part are none of the window that is measured next.
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def of_huge(folder: Path) -> Iterator[tuple[str, float]]:
    """A profile as large as any."""
    file = store.write(folder / "enorme.yaml", huge(), None).path
    stage = Stage(folder)
    window = stage.window
    try:
        yield "open a huge profile", stage.longest(window.page.open.click)
        if window.state.file != file:
            raise SystemExit("bench: the profile was not opened")
        yield "type a letter in a huge profile", stage.longest(lambda: QTest.keyClicks(window.focusWidget(), "x"))
        yield "enter Grade types, huge", stage.longest(lambda: window.steps.setCurrentRow(IDS.index("grades")))
        indicator = window.page.table.editor(0, "indicator")
        indicator.selectAll()
        yield "type an indicator, huge", stage.longest(lambda: QTest.keyClicks(indicator, "1"))
        size = window.page.table.editor(0, "size")
        yield "choose a size, huge", stage.longest(lambda: size.setCurrentIndex(1))
        yield "leave Grade types, huge", stage.longest(lambda: window.steps.setCurrentRow(1))
        yield "enter it again, huge", stage.longest(lambda: window.steps.setCurrentRow(IDS.index("grades")))
        QTest.keyClicks(indicator, "0")
        yield "enter Review, huge", stage.longest(lambda: window.steps.setCurrentRow(IDS.index("review")))
        stage.longest(lambda: window.steps.setCurrentRow(1))
        yield "enter Review again, huge", stage.longest(lambda: window.steps.setCurrentRow(IDS.index("review")))
    finally:
        stage.close()


@contextmanager
def silence(folder: Path) -> Iterator[Path]:
    """A profile whose service never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/ws"
        made = small(0).model_copy(update={"name": "Silencio"})
        made = made.model_copy(update={"webservice": made.webservice.model_copy(update={"url": url})})
        yield store.write(folder / "silencio.yaml", made, None).path


def escape(folder: Path) -> float:
    """Seconds from Esc, while a check hangs, until nothing runs and the window is as before."""
    stage = Stage(folder)
    window = stage.window
    times = []
    with silence(folder) as dead:
        window.begin(flow.open_profile(dead, "webservice"))
        checks = window.page.checks
        for _round in range(ROUNDS):
            stage.rest()
            checks.test.click()
            while checks.states()["webservice.reachable"] != "running":
                QApplication.processEvents()
            stage.turn(0.5)
            began = time.monotonic()
            QTest.keyClick(window, Qt.Key.Key_Escape)
            stage.rest(0)
            times.append(time.monotonic() - began)
            if checks.states()["webservice.reachable"] != "pending":
                raise SystemExit("bench: the check was not cancelled")
    stage.close()
    return min(times)


def of_checks(folder: Path) -> Iterator[tuple[str, float]]:
    """All checks against a service that never answers."""
    stage = Stage(folder)
    window = stage.window
    with silence(folder) as dead:
        window.begin(flow.open_profile(dead, "review"))

        def black_hole() -> None:
            window.page.checks.test.click()
            until = time.monotonic() + 5
            while time.monotonic() < until and window.background.busy:
                QApplication.processEvents()
            QTest.keyClick(window, Qt.Key.Key_Escape)

        try:
            yield "all checks, black hole", stage.longest(black_hole)
        finally:
            stage.close()


def of_lists(folder: Path) -> Iterator[tuple[str, float]]:
    """A folder of many profiles."""
    for number in range(PROFILES):
        made = small(number)
        store.write(folder / "many" / f"{store.file_stem(made.name)}.yaml", made, None)
    (folder / "none").mkdir()
    stage = Stage(folder / "none")
    window = stage.window
    try:
        yield f"list {PROFILES} profiles", stage.longest(lambda: window.choose_folder(folder / "many"))
        yield "search them", stage.longest(lambda: QTest.keyClicks(window.page.search, "empresa 1"))
        yield "clear the search", stage.longest(window.page.search.clear)
    finally:
        stage.close()


def of_looks(folder: Path) -> Iterator[tuple[str, float]]:
    """Another language and another theme on every page, when all pages were entered: the first time and again."""
    file = store.write(folder / "um.yaml", small(1), None).path
    stage = Stage(folder)
    window = stage.window
    try:
        for step in IDS:
            window.begin(flow.open_profile(file, step))
            stage.rest()
        for step in IDS:
            window.steps.setCurrentRow(IDS.index(step))
            found = [
                {one: stage.longest(partial(window.speak, one)) for one in ("pt_BR", "en")} for _round in range(ROUNDS)
            ]
            for language in ("pt_BR", "en"):
                yield f"change to {language} on {step}", min(one[language] for one in found)
        for step in IDS:
            enter = partial(window.steps.setCurrentRow, IDS.index(step))
            times = []
            for language in ("es", "en", "pt_BR")[:ROUNDS]:
                # Entered for the first time since it changed.
                window.steps.setCurrentRow(0)
                stage.rest()
                window.speak(language)
                times.append(stage.longest(enter))
            yield f"enter {step} in another language", min(times)
        window.speak("en")
        for step in ("start", "company", "database", "review"):
            window.steps.setCurrentRow(IDS.index(step))
            found = [
                {one: stage.longest(partial(theme().show, one)) for one in ("dark", "light")}
                for _round in range(ROUNDS)
            ]
            for name in ("dark", "light"):
                yield f"theme {name} on {step}", min(one[name] for one in found)
    finally:
        stage.close()


_LOGIX = """
CREATE TABLE empresa (cod_empresa, den_empresa);
INSERT INTO empresa VALUES ('01', 'x');
CREATE TABLE ctr_grade (
    cod_empresa, cod_grade, descr_cabec_zoom, nom_tabela_zoom, descr_col_1_zoom, descr_col_2_zoom, ies_ctr_empresa
);
CREATE TABLE item_ctr_grade (
    cod_empresa, cod_item, num_grade_1, num_grade_2, num_grade_3, num_grade_4, num_grade_5
);
CREATE TABLE cor (cod_cor, den_cor);
CREATE TABLE des (cod, den);
INSERT INTO cor VALUES ('AZUL', 'Azul'), ('VERDE', 'Verde');
INSERT INTO ctr_grade VALUES
    ('01', 1, 'Cor', 'cor', 'cod_cor', 'den_cor', 'N'), ('01', 5, 'Desenho', 'des', 'cod', 'den', 'N');
INSERT INTO item_ctr_grade VALUES ('01', 'CAMISA', 1, 5, 0, 0, 0);
"""


def of_contents(folder: Path, count: int) -> Iterator[tuple[str, float]]:
    """So many contents imported, their difference filtered and sorted, written, and all of them renumbered."""
    folder.mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / "logix.sqlite")) as logix, logix:
        logix.executescript(_LOGIX)
        logix.executemany("INSERT INTO des VALUES (?, ?)", ((f"D{n:07}", f"Desenho numero {n}") for n in range(count)))
    made = small(0).model_copy(update={"grades": Grades(enabled=True)})
    made = made.model_copy(update={"database": made.database.model_copy(update={"file": str(folder / "logix.sqlite")})})
    file = store.write(folder / "um.yaml", made, None).path
    stage = Stage(folder)
    window = stage.window
    window.begin(flow.open_profile(file, "grades"))
    page = window.page
    panel = page.difference
    which = f"{count:,}".replace(",", " ")

    def confirm() -> None:
        dialog = window.findChild(RenumberingDialog)
        for box in dialog.boxes:
            box.setChecked(True)
        dialog.go.click()

    def renumber() -> None:
        indicator = page.table.editor(1, "indicator")
        indicator.selectAll()
        QTest.keyClicks(indicator, "z")

    try:
        yield f"import {which} contents", stage.longest(page.import_button.click)
        if window.state.grade_work.found is None:
            raise SystemExit("bench: nothing was imported")
        panel.text.setFocus()
        yield "filter them by text", stage.longest(lambda: QTest.keyClicks(panel.text, "numero 69"))
        yield "filter them by type", stage.longest(lambda: panel.type.setCurrentIndex(1))
        yield "sort them", stage.longest(lambda: panel.order.setCurrentIndex(6))
        yield "clear the filter", stage.longest(panel.text.clear)
        panel.view.setFocus()
        yield "scroll to the end", stage.longest(panel.view.scrollToBottom)
        yield "select all of them", stage.longest(panel.view.selectAll)
        copy = Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier
        yield "copy all of them", stage.longest(lambda: QTest.keyClick(panel.view, *copy))
        yield "apply", stage.longest(panel.apply.click)
        yield "another indicator", stage.longest(renumber)
        yield "difference, all moved", stage.longest(panel.compare.click)
        yield "ask before renumbering", stage.longest(panel.apply.click)
        yield "apply the renumbering", stage.longest(confirm)
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


PARTS: dict[str, Callable[[Path], Iterator[tuple[str, float]]]] = {
    "huge": of_huge,
    "checks": of_checks,
    "lists": of_lists,
    "looks": of_looks,
    "ten": partial(of_contents, count=10_000),
    "contents": partial(of_contents, count=700_000),
}


def main(*wanted: str) -> int:
    """Print the table; by default all of its parts. Gives 1 when memory grows or Esc takes too long."""
    missed = False
    for part in wanted or ("pages", "escape", *PARTS):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            # Each part for itself: what one opened is not offered to the next.
            for name in ("XDG_STATE_HOME", "LOCALAPPDATA", "APS_LOG_DIR", "XDG_CONFIG_HOME"):
                os.environ[name] = folder
            place = Path(folder) / part
            if part == "pages":
                early, late = page_changes(place)
                grows = late / early > GROWTH_AT_MOST
                missed |= grows
                changes = f"memory after {WARM} page changes {early:.1f} MB, after {PAGE_CHANGES} {late:.1f}"
                limit = f"at most {GROWTH_AT_MOST}{', NOT KEPT' if grows else ''}"
                print(f"{changes}: {late / early:.3f} ({limit})", flush=True)
                continue
            place.mkdir()
            if part == "escape":
                seconds = escape(place)
                missed |= seconds > ESCAPE_AT_MOST
                limit = f"at most {ESCAPE_AT_MOST:.0f} s{', NOT KEPT' if seconds > ESCAPE_AT_MOST else ''}"
                print(f"Esc during a hanging check to a quiet window: {seconds:.2f} s ({limit})", flush=True)
                continue
            for title, milliseconds in PARTS[part](place):
                over = "  OVER" if milliseconds > LIMIT_MS else ""
                print(
                    f"{title:<40} {milliseconds:7.1f} ms  {milliseconds / LIMIT_MS:5.2f} of the limit{over}", flush=True
                )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
