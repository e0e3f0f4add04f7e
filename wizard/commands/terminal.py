"""How commands look at a terminal: rows as a table with colour, and one line that says what is going on.

Piped or redirected, commands answer the plain lines of `wizard.checklist.text` and of their own; rich is imported
only for a terminal. The line of what is going on stands on standard error, where redirected results do not meet it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import TYPE_CHECKING, Literal, TextIO

from wizard import i18n
from wizard.commands.call import say

if TYPE_CHECKING:
    from wizard.checklist.check import Check
    from wizard.checklist.run import Result
    from wizard.checklist.standing import Standing

NARROW = 60
"""Columns; in fewer the words of a table would stand one below the other."""

WORD = 24
"""Characters of a word, such as a path, beyond which it may be broken."""

GAP = 2
"""Columns that part one cell from the next."""

_UNDERLINED = "\n".join(("    ", "    ", " == ", *["    "] * 5))
"""A line below the headings and nothing else, in the notation of rich."""

TICK = 0.5
"""Seconds after which the line of what is going on is said again."""


@dataclass(frozen=True)
class Look:
    """How a state is marked: in colour, and where the console's encoding lacks the mark in ASCII."""

    mark: str
    plain: str
    colour: str


# The fonts of a console of Windows have a root and a times sign, but no check mark.
_YES, _NO = ("√", "×") if os.name == "nt" else ("✓", "✗")
_GOOD, _CARE, _BAD = Look(_YES, "OK", "green"), Look("!", "!", "yellow"), Look(_NO, "X", "red")
_OPEN, _QUIET = Look("?", "?", "cyan"), Look("-", "-", "bright_black")

LOOKS: Mapping[str, Look] = {
    "ok": _GOOD,
    "warn": _CARE,
    "fail": _BAD,
    "crashed": _BAD,
    "open": _OPEN,
    "stale": _OPEN,
    "skipped": _QUIET,
    "unused": _QUIET,
}


@dataclass(frozen=True)
class Row:
    """One row of a table. A cell may have several lines. `state` is one of LOOKS, `word` says it in words.

    Rows without a state stand in tables without that column.
    """

    cells: Sequence[str]
    state: str = ""
    word: str = ""


def capable(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal that can do more than print line after line."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def tables() -> bool:
    """Whether rows are shown as tables. Who sets NO_COLOR, or has a very narrow terminal, reads plain lines."""
    return capable(sys.stdout) and not os.environ.get("NO_COLOR") and _width(sys.stdout) >= NARROW


def show(headings: Sequence[str], rows: Sequence[Row], *, right: Collection[int] = ()) -> None:
    """Rows as a table on standard output, wrapped to its width; `right` are the columns of numbers.

    What a server or a file says of itself cannot steer the terminal.
    """
    from rich.box import Box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from wizard.checklist.share import visible

    stated = any(row.state for row in rows)
    lines: list[list[Text]] = [[Text(heading, "bold") for heading in ((_("State"), *headings) if stated else headings)]]
    for row in rows:
        cells = [Text(visible(cell)) for cell in row.cells]
        if stated:
            look = LOOKS[row.state]
            cells.insert(0, Text(f"{_known(look.mark, look.plain)} {row.word}", look.colour))
        lines.append(cells)
    columns = [[cell.plain for cell in column] for column in zip(*lines, strict=True)]
    widths = _widths(columns, _width(sys.stdout) - GAP * len(columns))
    table = Table(
        box=Box(_UNDERLINED.replace("=", _known("─", "-")), ascii=True),
        show_edge=False,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for number, (heading, width) in enumerate(zip(lines[0], widths, strict=True), -1 if stated else 0):
        justify: Literal["left", "right"] = "right" if number in right else "left"
        table.add_column(heading, justify=justify, overflow="fold", width=width)
    for cells in lines[1:]:
        table.add_row(*cells)
    console = Console(file=sys.stdout, force_terminal=True, width=_width(sys.stdout), markup=False, highlight=False)
    console.print(table)


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """The width of each column: words stay whole, and what is short stays on one line, as long as there is room."""
    natural = [max(max(map(len, cell.split("\n"))) for cell in column) for column in columns]
    words = [max((len(word) for cell in column for word in cell.split()), default=1) for column in columns]
    widths = [min(word, WORD) for word in words]
    if sum(widths) > room:
        widths = [max(1, room // len(columns))] * len(columns)
    for _one in range(room - sum(widths)):
        shorter = [number for number, width in enumerate(widths) if width < natural[number]]
        if not shorter:
            break
        widths[min(shorter, key=lambda number: widths[number])] += 1
    return widths


def lines_of(*texts: str) -> str:
    """Texts below each other, each on one line of its own; empty ones are left out."""
    return "\n".join(" ".join(text.split("\n")) for text in texts if text)


def _known(character: str, plain: str) -> str:
    """A character where the encoding of the console has it, else what stands for it in ASCII."""
    try:
        character.encode(sys.stdout.encoding or "ascii")
    except UnicodeError:
        return plain
    return character


def _width(stream: TextIO) -> int:
    """Columns of a terminal; 80 where it does not tell."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


# --- results of checks, the checklist ----------------------------------------------------------


def say_results(results: Sequence[Result]) -> None:
    """The results of checks, as a table at a terminal."""
    from wizard.checklist.text import results_text

    if not tables():
        say(results_text(results))
        return
    from wizard.checklist.report import CHECK_WORDS

    rows = [
        Row(
            (
                _(result.check.title),
                i18n.number(result.elapsed_ms / 1000, 1),
                lines_of(result.outcome.message, result.outcome.hint if result.outcome.status != "ok" else ""),
            ),
            result.outcome.status,
            CHECK_WORDS[result.outcome.status](),
        )
        for result in results
    ]
    show((_("Check"), _("Seconds"), _("Found")), rows, right={1})


def say_standings(standings: Sequence[Standing]) -> None:
    """The checklist and how it stands in all, as a table at a terminal."""
    from wizard.checklist.standing import OVERALL_WORDS, WORDS, overall
    from wizard.checklist.text import standings_text

    if not tables():
        say(standings_text(standings))
        return
    rows = [
        Row(
            (
                _(standing.item.title),
                lines_of(standing.message, standing.hint if standing.status != "ok" else ""),
            ),
            standing.status,
            _(WORDS[standing.status]),
        )
        for standing in standings
    ]
    show((_("Item"), _("Found")), rows)
    say(_(OVERALL_WORDS[overall(standings)]))


# --- what is going on --------------------------------------------------------------------------


@dataclass
class Running:
    """Checks as they run: which ones now, how many are done and for how long. Told of from any thread."""

    total: int
    done: int = 0
    changed: Callable[[], None] = lambda: None
    _now: dict[str, str] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def started(self, check: Check) -> None:
        """One check began."""
        with self._lock:
            self._now[check.id] = _(check.title)
        self.changed()

    def ended(self, result: Result) -> None:
        """One check ended, or was skipped."""
        with self._lock:
            self.done += 1
            self._now.pop(result.check.id, None)
        self.changed()

    def __str__(self) -> str:
        from wizard.checklist.progress import progress_text

        with self._lock:
            done, titles = self.done, list(self._now.values())
        return progress_text(done, self.total, time.monotonic() - self._began, titles)


@contextmanager
def running(total: int) -> Iterator[Running]:
    """Say on standard error how checks go while the body runs, where that is a terminal; gone when it ends."""
    now = Running(total)
    with line(now.__str__) as now.changed:
        yield now


@contextmanager
def line(told: Callable[[], str]) -> Iterator[Callable[[], None]]:
    """Say something again and again on standard error while the body runs, where that is a terminal.

    Gives what says it at once, when there is news; from any thread.
    """
    if not capable(sys.stderr):
        yield lambda: None
        return
    ended = threading.Event()
    lock = threading.Lock()

    def say_now() -> None:
        with lock:
            _over(told())

    def keep_saying() -> None:
        say_now()
        while not ended.wait(TICK):
            say_now()

    teller = threading.Thread(target=keep_saying, name="terminal line")
    teller.start()
    try:
        yield say_now
    finally:
        ended.set()
        teller.join()
        _over("")


def _over(text: str) -> None:
    """Write over the line where the progress stands. With blanks: not every console of Windows knows how to erase.

    One column stays free: a character in the last one would begin another line.
    """
    from wizard.checklist.share import visible

    room = _width(sys.stderr) - 1
    text = visible(text)
    shown = text if len(text) <= room else f"{text[: max(0, room - 3)]}..."
    # A terminal that went away must not end what is being done.
    with suppress(OSError):
        sys.stderr.write(f"\r{shown:{room}.{room}}\r")
        sys.stderr.flush()
