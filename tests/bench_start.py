"""From the call of the program to its first painted page, to the page that can be used, and the memory that it takes.

The anchor is a bare PySide6 window with a stacked widget, started in the same way. Exit code 1: what is promised of the
first page or of the memory is not kept.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 7
SECONDS_AT_MOST = {"first": 1.5}
MEMORY_AT_MOST = {"first": 1.6}
"""Of the first painted page. What the models of a profile and its checks take comes after it: `usable` tells."""

_TELLING = """
import sys
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

def end():
    if not Painted.seen:
        QTimer.singleShot(5, end)
        return
    sys.stdin.readline()
    for window in QApplication.topLevelWidgets():
        window.setProperty("closing", True)
        window.close()
    QApplication.quit()

class Painted:
    seen = False

    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.seen:
            Painted.seen = True
            print("painted", time.process_time(), flush=True)
"""

_BARE = """
from PySide6.QtWidgets import QLabel, QStackedWidget

class Window(Painted, QMainWindow):
    pass

app = QApplication([])
window = Window()
stack = QStackedWidget()
stack.addWidget(QLabel("a page"))
window.setCentralWidget(stack)
window.resize(1000, 700)
window.show()
QTimer.singleShot(0, end)
app.exec()
"""

_OURS = """
import {module} as watched

class Seen(Painted, watched.{kind}):
    pass

watched.{kind} = Seen
import wizard.gui.first_page as first
real = first.give_way
first.give_way = lambda window: (real(window), QTimer.singleShot(0, end))
sys.argv = ["aps-wizard"]
from wizard.__main__ import main
main()
"""

PROGRAMS: Mapping[str, str] = {
    "first": _TELLING + _OURS.format(module="wizard.gui.first_page", kind="FirstPage"),
    "usable": _TELLING + _OURS.format(module="wizard.gui.window", kind="Window"),
    "bare": _TELLING + _BARE,
}


@dataclass(frozen=True)
class Started:
    """Seconds that a processor worked until the page was painted, and bytes of memory a moment later.

    Not those of the clock: what other programs take of the machine does not count.
    """

    seconds: float
    memory: int


def started(code: str, profiles: str, *, settled: bool) -> Started:
    """Start a program and wait for its word. Its memory is that of a second later, or of the same moment."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "APS_PROFILE_DIR": profiles, "APS_LOG_DIR": profiles}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program finds its modules compiled
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as child:
        assert child.stdin
        assert child.stdout
        told = child.stdout.readline().split()
        if told[:1] != ["painted"]:
            raise SystemExit("bench: a window did not start")
        if settled:
            time.sleep(1)
        memory = psutil.Process(child.pid).memory_info().rss
        child.stdin.write("\n")
        child.stdin.close()
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            raise
    return Started(float(told[1]), memory)


def start_ratios(rounds: int = ROUNDS) -> dict[str, Started]:
    """The least of every program, started in turn, after one round that warms all: what else runs here only adds."""
    found: dict[str, list[Started]] = {name: [] for name in PROGRAMS}
    with tempfile.TemporaryDirectory() as folder:
        for _round in range(rounds + 1):
            for name, code in PROGRAMS.items():
                found[name].append(started(code, folder, settled=name != "first"))

    return {
        name: Started(min(one.seconds for one in values[1:]), min(one.memory for one in values[1:]))
        for name, values in found.items()
    }


def main() -> int:
    """Print the ratios. Gives 1 when one is higher than what is promised."""
    found = start_ratios()
    bare = found.pop("bare")
    kept = True
    for name, value in found.items():
        seconds, memory = value.seconds / bare.seconds, value.memory / bare.memory
        slow = seconds > SECONDS_AT_MOST.get(name, math.inf)
        large = memory > MEMORY_AT_MOST.get(name, math.inf)
        kept = kept and not slow and not large
        print(
            f"{name}: {value.seconds * 1000:.0f} ms, bare window {bare.seconds * 1000:.0f}: "
            f"{seconds:.2f}{_told(slow, SECONDS_AT_MOST.get(name))}; {value.memory / 1e6:.0f} MB, "
            f"bare window {bare.memory / 1e6:.0f}: {memory:.2f}{_told(large, MEMORY_AT_MOST.get(name))}"
        )
    return 0 if kept else 1


def _told(missed: bool, at_most: float | None) -> str:
    return "" if at_most is None else f" (at most {at_most}{', NOT KEPT' if missed else ''})"


if __name__ == "__main__":
    sys.exit(main())
