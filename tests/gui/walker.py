"""Visits every page and every dialog in one language, size and theme, and tells what breaks a rule.

`python -m tests.gui.walker --profile FILE --size 683x512 --theme dark`: a process of its own, since scale and texts
are those of the start. Writes JSON: {"visited": [...], "dialogs": [classes], "faults": [...]}.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from tests.gui.widget_rules import RULES, legible, whole
from tests.patience import PATIENCE
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.app import application
from wizard.gui.fault_net import FaultNet
from wizard.gui.grade_types import SIZE
from wizard.gui.theme import theme
from wizard.gui.window import Window

WAIT_SECONDS = 60
TALL = 2400
"""Pixels of a window in which nothing has to be scrolled into sight."""


class Walk:
    """The window, where it is, and what was found so far."""

    def __init__(self, window: Window, size: QSize, app: QApplication) -> None:
        self.window = window
        self.size = size
        self.app = app
        self.visited: list[str] = []
        self.dialogs: set[str] = set()
        self.faults: list[str] = []

    def settle(self) -> None:
        """Wait for what is under way and for layouts, which ask for room one after the other."""
        deadline = time.monotonic() + WAIT_SECONDS
        self.app.processEvents()
        while self.window.background.busy and time.monotonic() < deadline:
            self.app.processEvents()
            time.sleep(0.01)
        for _pass in range(6):
            self.app.processEvents()

    def look(self, place: str, root: QWidget | None = None) -> None:
        """Apply every rule to the window or a dialog."""
        self.settle()
        root = root or self.window
        self.visited.append(place)
        deadline = time.monotonic() + PATIENCE
        while any(whole(root)) and time.monotonic() < deadline:
            # A text that came last asks for its lines, and its page for room, one after the other.
            self.app.processEvents()
        self.faults += [f"{place}: {fault}" for rule in RULES if rule is not legible for fault in rule(root)]
        if root is self.window:
            # Contrast is measured where it is painted, and only what is in sight is.
            self.window.resize(self.size.width(), TALL)
            self.settle()
        self.faults += [f"{place}: {fault}" for fault in legible(root)]
        if root is self.window:
            self.window.resize(self.size)
            self.settle()

    def go(self, step: str) -> None:
        """Enter a step of the profile."""
        self.window.begin(flow.go(self.window.state, step))
        self.settle()

    def dialog(self, place: str, press: Callable[[], object], then: Callable[[Any], None] | None = None) -> None:
        """Open a dialog, look at it, do what `then` wants with it open, and close it."""
        before = set(self._open())
        press()
        self.settle()
        (opened,) = set(self._open()) - before
        opened.activateWindow()
        self.settle()
        self.dialogs.add(type(opened).__name__)
        limit = self.window.size()
        if opened.width() > limit.width() or opened.height() > limit.height():
            self.faults.append(f"{place}: larger than the window, {opened.size()} of {limit}")
        self.look(place, opened)
        if then:
            then(opened)
        opened.done(0)
        self.settle()

    def _open(self) -> Iterator[QDialog]:
        return (one for one in self.app.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible())


def walk(on: Walk, profile: Path) -> None:
    """Every page as it is opened, tested, and empty with complaints; then every dialog."""
    window = on.window
    on.look("start")
    former = profile.with_name(profile.name + ".bak")
    former.write_bytes(profile.read_bytes() + b"\n# as it was\n")
    on.dialog("former versions", window.page.former.click)
    _two_profiles(on, profile)
    on.dialog("help", window.show_help)
    window.begin(flow.open_profile(profile))
    for step in IDS:
        on.go(step)
        on.look(step)
        if window.page.checks is not None:
            window.page.checks.test.click()
            on.look(f"{step}, tested")
    grades(on)
    _checklist(on)
    _closing(on)
    nothing_filled_in(on)
    database(on)


def _two_profiles(on: Walk, profile: Path) -> None:
    """Start with a second profile that changed since it was proved, and what it is compared with."""
    second = profile.with_name("second.yaml")
    second.write_text(profile.read_text("utf-8").replace('site: "01"', 'site: "02"'), "utf-8")
    page: Any = on.window.page
    page.reload()
    on.settle()
    rows = [row for row in range(page.table.rowCount()) if page.table.item(row, 0).toolTip() == str(second)]
    page.table.setCurrentCell(rows[0], 0)
    on.look("start, two profiles")
    on.dialog("compared", page.compare.click, lambda dialog: _again(on, dialog, dialog.only.click))
    on.dialog("since validated", page.since.click)
    on.dialog("duplicate", page.duplicate.click, lambda dialog: _again(on, dialog, dialog.go.click))
    page.search.setText("nobody has this name")
    on.look("start, nothing found")
    page.search.clear()


def grades(on: Walk) -> None:
    """The page of the grade types with a difference, and the question before references move."""
    on.go("grades")
    page: Any = on.window.page
    size = page.table.cellWidget(0, SIZE)
    size.setCurrentIndex(size.findData(5))
    page.difference.compare.click()
    on.settle()
    page.findings_switch.click()
    on.look("grades, compared")
    on.dialog("renumbering", page.difference.apply.click, lambda dialog: _again(on, dialog, dialog.go.click))


def nothing_filled_in(on: Walk) -> None:
    """A new profile whose every page has complained."""
    window = on.window
    empty = flow.new_profile(window.state.folder)
    empty = flow.edit(flow.edit(empty, "webservice.url", "not an address"), "database.isolation", "none")
    for step in IDS[1:]:
        window.begin(flow.go(flow.replace(empty, visited=frozenset(IDS), walking=False), step))
        if step not in ("review", IDS[-1]):
            window.next_button.click()
            window.begin(flow.go(flow.replace(empty, visited=frozenset(IDS), walking=False), step))
        on.look(f"{step}, not filled in")


def database(on: Walk) -> None:
    """The page of every kind of database, and the dialogs behind it."""
    window = on.window
    for kind in ("sqlserver", "oracle", "informix"):
        _database(on, kind)
        on.look(f"database, {kind}")
        for store in ("env", "dpapi"):
            box: Any = window.page
            box = box.form.editor("database.password").store
            box.setCurrentIndex(box.findData(store))
            on.look(f"database, {kind}, password in {store}")
    page: Any = window.page
    on.dialog("paste", page.paste.click, lambda dialog: _paste(on, dialog))
    on.dialog("data sources", page.sources.click, lambda dialog: _sources(on, dialog))


def _database(on: Walk, kind: str) -> None:
    state = flow.replace(flow.new_profile(on.window.state.folder), visited=frozenset(IDS), walking=False)
    for path, value in {"name": "Matriz", "environment": "production", "database.kind": kind}.items():
        state = flow.edit(state, path, value)
    on.window.begin(flow.go(state, "database"))
    on.settle()


def _paste(on: Walk, dialog: Any) -> None:
    dialog.line.setText("Driver={SQLite3};Server=erp;Database=logix;UID=u;PWD=secret")
    on.look("paste, read", dialog)
    dialog.line.setText("what is this")
    dialog.fill_in.click()
    on.look("paste, not understood", dialog)


def _sources(on: Walk, dialog: Any) -> None:
    dialog.tabs.setCurrentIndex(1)
    on.look("data sources, drivers", dialog)
    dialog.tabs.setCurrentIndex(0)
    for row in range(dialog.sources.rowCount()):
        dialog.sources.setCurrentCell(row, 0)
        on.look(f"data sources, row {row}", dialog)
    on.dialog("new data source", dialog.new.click, lambda new: _again(on, new, new.save.click))
    on.dialog("repair", dialog.repair.click)
    on.dialog("login", dialog.login.click, lambda login: _again(on, login, login.test.click))
    on.dialog("delete", dialog.delete.click, lambda delete: _again(on, delete, delete.go.click))


def _again(on: Walk, dialog: Any, press: Callable[[], object]) -> None:
    press()
    on.look(f"{type(dialog).__name__}, answered", dialog)


def _checklist(on: Walk) -> None:
    on.go("checklist")
    page: Any = on.window.page
    row = next(row for row in page.checks.rows.values() if row.confirm.isVisible())
    on.dialog("confirm", row.confirm.click)


def _closing(on: Walk) -> None:
    window = on.window
    before = window.state
    window.change(lambda state: flow.edit(state, "environment", "production"))
    on.go("review")
    on.dialog("production", window.next_button.click)
    window.begin(before)
    window.change(lambda state: flow.edit(state, "notes", "half a thought"))
    on.dialog("closing", window.close)
    net = FaultNet(window)
    with contextlib.redirect_stderr(io.StringIO()):
        on.dialog("fault", lambda: net.caught(KeyError, None, None))


def main() -> int:
    """Walk and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--profile", type=Path, required=True)
    parser.add_argument("--size", default="1024x768")
    parser.add_argument("--theme", default="light")
    options = parser.parse_args()
    app = application(["walker"])
    theme().show(options.theme)
    width, height = (int(number) for number in options.size.split("x"))
    window = Window(options.profile.parent)
    window.resize(width, height)
    window.show()
    window.activateWindow()
    on = Walk(window, QSize(width, height), app)
    on.settle()
    if (window.width(), window.height()) != (width, height):
        on.faults.append(f"the window does not fit: {window.size()}")
    walk(on, options.profile)
    window.setProperty("closing", True)
    window.close()
    told = {"visited": on.visited, "dialogs": sorted(on.dialogs), "faults": on.faults}
    sys.stdout.write(json.dumps(told, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
