"""Takes a picture of every page, with its checks run: `python -m wizard.gui.pictures --profile FILE --out FOLDER`.

With `--scenes` also of what is seen now and then: no profile yet, checks that fail, dialogs, the help. In the font of
the program, so that pictures are the same wherever they are taken.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from wizard.gui.window import Window

WAIT_SECONDS = 60
COLOURS = 256
SMALLEST = 0
"""Qt's quality of a PNG: the less, the harder it is packed. Nothing of the picture is lost."""
TONES = ("ok", "warn", "fail", "accent")


def main() -> int:
    """Write NN-page.png for every page. Exit code 1 when the profile cannot be opened."""
    parser = argparse.ArgumentParser(description="Pictures of every page.")
    parser.add_argument("--profile", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scale", default="1")
    parser.add_argument("--size", default="1024x768", help="logical pixels of the window")
    parser.add_argument("--theme", default="light", choices=("light", "dark"))
    parser.add_argument("--scenes", action="store_true", help="also dialogs and rare states")
    parser.add_argument("--only", nargs="*", help="names of pages and scenes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        # Neither what a person opened lately nor what was chosen belongs into a picture.
        os.environ |= dict.fromkeys(("XDG_STATE_HOME", "XDG_CONFIG_HOME"), home)
        return _take(options)


def _take(options: argparse.Namespace) -> int:
    os.environ["QT_SCALE_FACTOR"] = options.scale
    os.environ["APS_FONT"] = "own"
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    from wizard.flow.steps import IDS
    from wizard.gui.app import application, make_window
    from wizard.gui.theme import theme

    app = application()
    theme().show(options.theme)
    window = make_window(options.profile.parent, options.profile)
    if not window.state.data:
        sys.stderr.write(window.banner.text.text() + "\n")
        return 1
    width, height = (int(number) for number in options.size.split("x"))
    window.resize(width, height)
    window.show()
    options.out.mkdir(parents=True, exist_ok=True)
    settle = settler(app, window)
    names = (*IDS, *SCENES)
    wanted = set(options.only or names)
    with tempfile.TemporaryDirectory() as empty:
        for name, widget in _pages(window, settle, wanted):
            _save(widget, options.out / f"{names.index(name):02}-{name}.png")
        for name, widget in scenes(window, settle, Path(empty), wanted) if options.scenes else ():
            _save(widget, options.out / f"{names.index(name):02}-{name}.png")
    window.setProperty("closing", True)
    window.close()
    return 0


def _save(widget: QWidget, file: Path) -> None:
    """Write a picture in its 256 commonest colours, which is plenty for a window and a third of the size."""
    from PySide6.QtGui import QImage

    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    common = Counter(memoryview(image.constBits()).cast("B").cast("I")).most_common(COLOURS)
    table = dict.fromkeys([*_blends(), *(colour for colour, _count in common)])
    image.convertToFormat(QImage.Format.Format_Indexed8, list(table)[:COLOURS]).save(str(file), quality=SMALLEST)


def _blends() -> list[int]:
    """The tones of the scheme and their edges on every ground: small icons would lose theirs to much text."""
    from PySide6.QtGui import QColor

    from wizard.gui.style import SCHEMES, in_force

    scheme = {name: QColor(colour) for name, colour in SCHEMES[in_force()].items()}
    pairs = ((scheme[tone], scheme[ground]) for tone in TONES for ground in ("window", "base", "alternate"))
    return [_between(tone, ground, share) for tone, ground in pairs for share in (1.0, 0.7, 0.4)]


def _between(one: Any, other: Any, share: float) -> int:
    from PySide6.QtGui import QColor

    parts = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return QColor(*(round(a * share + b * (1 - share)) for a, b in parts)).rgba()


def settler(app: Any, window: Window) -> Callable[[], None]:
    """What waits until nothing is under way in a window and everything has its place."""

    def settle() -> None:
        # Pictures are taken outside any event loop; this program has no user who could act meanwhile.
        deadline = time.monotonic() + WAIT_SECONDS
        app.processEvents()
        while window.background.busy and time.monotonic() < deadline:
            app.processEvents()
            time.sleep(0.01)
        for _pass in range(20):
            # A text that came last asks for its lines, and its page for room, one after the other.
            app.processEvents()

    return settle


def _pages(window: Window, settle: Callable[[], None], wanted: set[str]) -> Iterator[tuple[str, QWidget]]:
    from wizard.flow.state import go
    from wizard.flow.steps import IDS

    for step in (step for step in IDS if step in wanted):
        window.begin(go(window.state, step))
        if window.page.checks is not None:
            window.page.checks.test.click()
        settle()
        yield step, window


SCENES = (
    "failing", "running", "wrong", "informix", "paste", "data-sources", "data-source", "help", "glossary",
    "start-empty",
)  # fmt: skip
LONG = "Confecções e Comércio de Artigos do Vestuário da Serra Azul do Norte Catarinense " * 2
"""A name as long as nobody expects."""


def scenes(window: Window, settle: Callable[[], None], empty: Path, wanted: set[str]) -> Iterator[tuple[str, QWidget]]:
    """Those of SCENES that are wanted, each by name and what to look at. The window is changed."""
    from wizard.checklist.progress import Course
    from wizard.checklist.registry import chosen
    from wizard.flow import state as flow

    before = window.state

    def asked(step: str, **values: object) -> None:
        now = flow.go(before, step)
        for path, value in values.items():
            now = flow.edit(now, path.replace("__", "."), value)
        window.begin(now)

    if "failing" in wanted:
        asked("database", database__file="nowhere/logix.sqlite")
        window.page.checks.test.click()
        settle()
        yield "failing", window
    if "running" in wanted:
        asked("database")
        panel = window.page.checks
        ids = tuple(panel.states())
        course = Course(chosen(ids))
        panel.show_running(course)
        for check in ids[:3]:
            course.started(check)
            panel.started(check)
        settle()
        yield "running", window
        panel.show_running(None)
    if "wrong" in wanted:
        asked("company", name=LONG, company__logix="", company__site="123456789", environment="production")
        window.next_button.click()
        settle()
        yield "wrong", window
    asked("database", database__kind="informix")
    settle()
    if "informix" in wanted:
        yield "informix", window
    yield from _dialogs(window, settle, wanted)
    for name, section in (("help", "database#driver"), ("glossary", "glossary")):
        if name in wanted:
            window.show_help(section)
            settle()
            yield name, _help(window)
            _help(window).close()
            settle()
    if "start-empty" in wanted:
        # The profile of the other pictures is one of those opened lately by now.
        os.environ["XDG_STATE_HOME"] = str(empty)
        window.begin(flow.State(empty))
        settle()
        yield "start-empty", window


def _dialogs(window: Window, settle: Callable[[], None], wanted: set[str]) -> Iterator[tuple[str, QWidget]]:
    from wizard.gui.data_sources_dialog import DataSourcesDialog
    from wizard.gui.dsn_dialog import DsnDialog
    from wizard.gui.paste_dialog import PasteDialog

    if "paste" in wanted:
        window.page.paste.click()
        settle()
        yield "paste", window.findChild(PasteDialog)
        window.findChild(PasteDialog).close()
        settle()
    if {"data-sources", "data-source"} & wanted:
        window.page.sources.click()
        settle()
        dialog = window.findChild(DataSourcesDialog)
        yield "data-sources", dialog
        dialog.new.click()
        settle()
        yield "data-source", dialog.findChild(DsnDialog)
        dialog.findChild(DsnDialog).close()
        dialog.close()
        settle()


def _help(window: Window) -> QWidget:
    from wizard.gui.help_window import HelpWindow

    return window.findChildren(HelpWindow)[-1]


if __name__ == "__main__":
    sys.exit(main())
