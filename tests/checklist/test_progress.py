"""How far a run of checks is, and how long it still takes."""

from __future__ import annotations

import pytest

from wizard.checklist.check import Check, Outcome, Subject
from wizard.checklist.progress import Course, seconds_left
from wizard.checklist.run import Result


def _ask(_subject: Subject) -> Outcome:
    raise AssertionError("nobody runs it")


def check(id_: str, *needs: str) -> Check:
    return Check(id=id_, title=id_.title(), mandatory=True, covers=("database",), run=_ask, needs=needs)


LOGIN, TABLES, SPEED, SERVICE = check("login"), check("tables", "login"), check("speed", "tables"), check("service")
CHECKS = (LOGIN, TABLES, SPEED, SERVICE)
TOOK = {"login": 2.0, "tables": 3.0, "speed": 10.0, "service": 4.0}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("done", "running", "left"),
    [
        ((), {}, 15.0),
        ((), {"login": 0.5, "service": 1.0}, 14.5),
        (("login",), {"tables": 1.0, "service": 3.0}, 12.0),
        (("login", "tables", "speed"), {"service": 1.5}, 2.5),
        (("login", "tables", "speed"), {"service": 60.0}, 0.0),
        (("login", "tables", "speed", "service"), {}, 0.0),
    ],
)
def test_what_is_left_is_the_longest_way_through_what_needs_what(done, running, left: float) -> None:
    assert seconds_left(CHECKS, TOOK, done, running) == left


def test_nothing_is_said_of_what_is_left_while_one_check_was_never_run() -> None:
    unknown = {id_: seconds for id_, seconds in TOOK.items() if id_ != "speed"}
    assert seconds_left(CHECKS, unknown, (), {}) is None
    assert seconds_left(CHECKS, unknown, ("speed",), {}) == 5.0


def test_a_run_tells_the_next_one_how_long_it_takes() -> None:
    clock, took = Clock(), {}
    first = Course((LOGIN, TABLES), took, clock)
    first.started("login")
    clock.now += 2
    assert first.text() == "0 of 2 done, 2 s. Running now: Login."
    first.ended(Result(LOGIN, Outcome("ok", "ok", "In."), 2000))
    first.started("tables")
    first.ended(Result(TABLES, Outcome("ok", "ok", "There."), 3000))
    second = Course((LOGIN, TABLES), took, clock)
    second.started("login")
    clock.now += 1
    assert second.text() == "0 of 2 done, 1 s, about 4 s left. Running now: Login."
    clock.now += 60
    assert second.text() == "0 of 2 done, 61 s, about 3 s left. Running now: Login."
    second.ended(Result(LOGIN, Outcome("fail", "x", "No."), 61_000))
    second.ended(Result(TABLES, Outcome("skipped", "needs_failed", "Not run."), 0))
    assert second.text() == "2 of 2 done, 61 s. Running now: -."
    assert took == {"login": 61.0, "tables": 3.0}
