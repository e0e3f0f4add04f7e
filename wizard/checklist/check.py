"""What a check is, what it looks at and what it answers. Three users: Test buttons, `check`, the engines' preflight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any, Literal

from wizard.profile.load import profile_from_text, profile_to_text
from wizard.profile.models import Profile

Status = Literal["ok", "warn", "fail", "skipped", "crashed"]


@dataclass(frozen=True)
class Subject:
    """What the checks look at: a profile, the folder it lives in, and secrets typed but not stored yet.

    `typed` maps the path of a secret field ("database.password") to its value; it is never written.
    `as_engine` says that the account that runs this is the one of the engines.
    """

    profile: Profile
    file: Path
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    as_engine: bool = False

    def resolve(self, name: str) -> Path:
        """A path of the profile; a relative one starts at the profile's folder."""
        return self.file.parent / name

    def to_json(self) -> dict[str, Any]:
        """The subject for a child process, to be handed over by standard input only."""
        return {
            "profile": profile_to_text(self.profile),
            "file": str(self.file),
            "typed": dict(self.typed),
            "as_engine": self.as_engine,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Subject:
        """The subject as `to_json` gave it."""
        return cls(profile_from_text(data["profile"]), Path(data["file"]), data["typed"], data.get("as_engine", False))


@dataclass(frozen=True)
class Outcome:
    """What a check found: a stable code, a sentence, what to do, and details that are safe to show."""

    status: Status
    code: str
    message: str
    hint: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain data for a parent process."""
        return asdict(self)


def ok(code: str, message: str, **details: object) -> Outcome:
    """It holds."""
    return Outcome("ok", code, message, details={name: str(value) for name, value in details.items()})


def warn(code: str, message: str, hint: str, **details: object) -> Outcome:
    """It holds, and something deserves attention."""
    return Outcome("warn", code, message, hint, {name: str(value) for name, value in details.items()})


def fail(code: str, message: str, hint: str, **details: object) -> Outcome:
    """It does not hold; the hint says what to do."""
    return Outcome("fail", code, message, hint, {name: str(value) for name, value in details.items()})


def cancelled() -> Outcome:
    """A person ended it, or did not let it begin."""
    return Outcome("skipped", "cancelled", _("Cancelled."))


def timed_out(seconds: float) -> Outcome:
    """It was ended after so many seconds, whatever it was doing."""
    text = ngettext(
        "No answer within {seconds} second; the attempt was ended.",
        "No answer within {seconds} seconds; the attempt was ended.",
        round(seconds),
    )
    hint = _("Check VPN, firewall and whether the server is up; then test again.")
    return fail("timed_out", text.format(seconds=seconds), hint)


@dataclass(frozen=True)
class Check:
    """One check.

    `title` is marked for translation with N_ and translated where it is shown. `needs` are the checks
    that must have passed before. `covers` are the sections of the profile whose edit makes the result
    stale. A check that does input or output is `isolated`: it runs in a child that is ended after
    `timeout` seconds, which may depend on the time limits of the profile; one that only computes runs in place.
    Isolated checks with the same word in `shares` load the same driver: they may run in one child, side by side.
    """

    id: str
    title: str
    run: Callable[[Subject], Outcome]
    covers: tuple[str, ...]
    needs: tuple[str, ...] = ()
    mandatory: bool = True
    timeout: float | Callable[[Profile], float] = 30
    isolated: bool = True
    shares: str = ""

    def seconds(self, profile: Profile) -> float:
        """The time limit for a profile."""
        return self.timeout(profile) if callable(self.timeout) else self.timeout
