"""How the reference codes refuse: an exception that carries the problem as data."""

from __future__ import annotations

from wizard.profile.errors import Problem


class Refused(Exception):
    """What was asked for cannot be; `problem` says what and what to do.

    Its message may repeat a reference or an indicator: they are codes of the company's items, never secrets.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def refused(code: str, message: str, action: str = "") -> Refused:
    """The exception for one problem, without a place in a document."""
    return Refused(Problem(code, message, action=action))
