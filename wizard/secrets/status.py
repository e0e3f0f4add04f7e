"""Which secrets of a profile this account can read, each by itself; the secrets themselves stay in the child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.isolated.host import Job
from wizard.profile.errors import Problem
from wizard.profile.models import Profile
from wizard.secrets.keyring_store import STORE_SECONDS, silent
from wizard.secrets.references import SecretError, read, references


@dataclass(frozen=True)
class Status:
    """One secret: its field, where the profile says that it is, and what keeps this account from reading it."""

    path: str
    reference: str
    problem: Problem | None


def statuses(profile: Profile) -> tuple[Status, ...]:
    """The state of every secret that the profile refers to. A store that hangs is a problem of its entry."""
    found = []
    for path, reference in references(profile):
        request = {"path": path, "reference": reference}
        if reference.startswith("env:"):
            # Nothing that can hang; and the child would have to be given the variable.
            found.append(Status(path, reference, _problem(reference, path)))
            continue
        ending = Job("wizard.secrets.status:in_child", request, STORE_SECONDS).run()
        if ending.how != "done":
            problem: Problem | None = silent(path)
        else:
            problem = Problem(**ending.answer) if ending.answer else None
        found.append(Status(path, reference, problem))
    return tuple(found)


def in_child(request: Mapping[str, str]) -> dict[str, str] | None:
    """What the child does: read one secret and forget it. Gives None, or the problem as data."""
    problem = _problem(request["reference"], request["path"])
    if problem is None:
        return None
    return {"code": problem.code, "message": problem.message, "path": problem.path, "action": problem.action}


def _problem(reference: str, path: str) -> Problem | None:
    try:
        read(reference, path)
    except SecretError as error:
        return error.problem
    return None
