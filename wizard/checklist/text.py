"""Results as plain lines, for a terminal and for the clipboard. ASCII marks: consoles run in cp850."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from wizard import __version__, i18n
from wizard.checklist.details import told
from wizard.checklist.run import Result
from wizard.checklist.share import visible
from wizard.checklist.standing import OVERALL_WORDS, WORDS, Standing, overall

MARKS = {"ok": "OK", "warn": "!", "fail": "X", "skipped": "-", "crashed": "X"}


def results_text(results: Sequence[Result]) -> str:
    """The results as lines: mark, title, sentence, and what to do where something is wrong.

    What a server says of itself stays one line and cannot steer a terminal.
    """
    lines = []
    width = max((len(_(result.check.title)) for result in results), default=0)
    for result in results:
        outcome = result.outcome
        seconds = f"{i18n.number(result.elapsed_ms / 1000, 1):>5} s"
        lines.append(
            f"{MARKS[outcome.status]:>2}  {_(result.check.title):<{width}}  {seconds}  {_one_line(outcome.message)}"
        )
        if outcome.hint and outcome.status != "ok":
            lines.append(f"{'':>{width + 15}}{_one_line(outcome.hint)}")
    return "\n".join(lines)


def diagnostics_text(results: Sequence[Result]) -> str:
    """The results as lines, and below each that is not well its code and details: for a support ticket."""
    parts = [f"aps-wizard {__version__}", results_text(results)]
    for result in results:
        outcome = result.outcome
        if outcome.status in ("warn", "fail", "crashed"):
            at = result.at.isoformat(timespec="seconds")
            details = [f"    {title}: {_one_line(text)}" for title, text in told(outcome.details)]
            parts.append("\n".join([f"{result.check.id}: {outcome.code} ({at})", *details]))
    return "\n".join(parts)


ITEM_MARKS = {"ok": "OK", "warn": "!", "fail": "X", "open": "?", "stale": "?", "unused": "-"}


def standings_text(standings: Sequence[Standing]) -> str:
    """The checklist as lines: mark, title, state, sentence, and what to do; the last one says how it stands in all."""
    lines = []
    width = max((len(_(standing.item.title)) for standing in standings), default=0)
    for standing in standings:
        said = _one_line(f"{_(WORDS[standing.status])}. {standing.message}")
        lines.append(f"{ITEM_MARKS[standing.status]:>2}  {_(standing.item.title):<{width}}  {said}")
        if standing.hint and standing.status != "ok":
            lines.append(f"{'':>{width + 6}}{_one_line(standing.hint)}")
    lines.append(_(OVERALL_WORDS[overall(standings)]))
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return visible(" ".join(text.split("\n")))
