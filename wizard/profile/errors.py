"""What can be wrong with a profile, as data: collected, shown together, each with its place and an action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    `code` is stable and language-free; `path` is the place in the document ("grades.types[0].size",
    empty for the whole file); `line` counts from 1 where a file was read. The message never repeats
    a value of the document: a mistyped key may hold a password.
    """

    code: str
    message: str
    path: str = ""
    line: int | None = None
    file: Path | None = None
    action: str = ""

    def __str__(self) -> str:
        place = [str(self.file)] if self.file else []
        if self.line is not None:
            place.append(_("line {line}").format(line=self.line))
        if self.path:
            place.append(self.path)
        text = f"{', '.join(place)}: {self.message}" if place else self.message
        return f"{text} {self.action}" if self.action else text


class ProfileError(Exception):
    """All problems of one operation on a profile; raised once, where the operation ends."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
