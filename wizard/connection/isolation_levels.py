"""Which isolation levels a connection can have: what the driver offers, its default, and what is in force now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from wizard.checklist.check import Subject
from wizard.connection import server
from wizard.connection.limits import login_seconds
from wizard.connection.session import ConnectionFailed, logix
from wizard.isolated.host import Ending, Job
from wizard.secrets.handover import handed_over


@dataclass(frozen=True)
class Levels:
    """Levels by their names in the profile. `offered` is empty, the others are "", where nobody tells."""

    offered: tuple[str, ...] = ()
    default: str = ""
    in_force: str = ""


def levels_job(subject: Subject) -> Job:
    """The question as a job, for whoever wants to cancel it: a login, as the checks do it."""
    data, withhold = handed_over(subject)
    target = "wizard.connection.isolation_levels:in_child"
    return Job(target, {"subject": data}, login_seconds(subject.profile), withhold)


def in_child(request: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the child does: `{"subject"}`, answers Levels, or None where the login fails."""
    subject = Subject.from_json(request["subject"])
    try:
        with logix(subject) as connection:
            found = Levels(
                server.offered_levels(connection),
                server.default_level(connection),
                server.isolation(connection, subject.profile.database),
            )
    except ConnectionFailed:
        return None
    return asdict(found)


def from_child(ending: Ending) -> Levels | None:
    """The levels that a job found; None where it was ended or could not log in."""
    if ending.how != "done" or ending.answer is None:
        return None
    return Levels(tuple(ending.answer["offered"]), ending.answer["default"], ending.answer["in_force"])
