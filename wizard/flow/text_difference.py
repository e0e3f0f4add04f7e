"""What a person sees of the difference between two texts of a profile."""

from __future__ import annotations

import difflib
import re
from gettext import gettext as _

_MOMENT = re.compile(r"(\s+at: ).*")


def difference(before: str, after: str, names: tuple[str, str]) -> tuple[str, ...]:
    """Lines as of `diff -u`; none when the texts are the same.

    When the checks ran is left out: after every run it differs in each of them, and would hide what a person changed.
    Where nothing else differs, one sentence says so.
    """
    found = tuple(difflib.unified_diff(_without_moments(before), _without_moments(after), *names, lineterm="", n=2))
    if is_run_alone(before, after) and before.splitlines() != after.splitlines():
        return (_("Only when the checks ran differs."),)
    return found


def is_run_alone(before: str, after: str) -> bool:
    """Whether nothing differs but when the checks ran."""
    return _without_moments(before) == _without_moments(after)


def _without_moments(text: str) -> list[str]:
    lines, inside = [], False
    for line in text.splitlines():
        if not line.startswith((" ", "#")):
            inside = line.startswith("validation:")
        lines.append(_MOMENT.sub(r"\1...", line) if inside else line)
    return lines
