"""The former versions of a profile: when each was written, what putting it back would change, and doing so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _
from pathlib import Path

from wizard.flow.review import DIFF_LINES
from wizard.flow.text_difference import difference
from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_text


@dataclass(frozen=True)
class Former:
    """One former version; `problem` says why it cannot be put back, "" when it can.

    `change` are the lines of the difference between the file as it is now and this version, or the whole version
    where there is nothing to compare it with. Of a version that cannot be read nothing is shown: it may hold anything.
    """

    number: int
    written: datetime
    digest: str
    change: tuple[str, ...]
    compared: bool
    problem: str = ""

    @property
    def same(self) -> bool:
        """Whether it says what the file says already."""
        return self.compared and not self.change and not self.problem


def former_versions(file: Path) -> tuple[Former, ...]:
    """The former versions of a profile, the last one first. Raises ProfileError."""
    try:
        now: str | None = store.read(file).text
    except ProfileError:
        now = None
    return tuple(_former(version.number, version.file, version.written, now) for version in store.former(file))


def put_back(file: Path, wanted: Former) -> None:
    """Put a version back; what stands there now is kept as the last one.

    Raises ProfileError, also when another program has written meanwhile and the number means another version.
    """
    store.restore(file, wanted.number, lambda text: bool(profile_from_text(text)), wanted.digest)


def _former(number: int, file: Path, written: datetime, now: str | None) -> Former:
    digest = ""
    try:
        text, digest = store.read_text(file)
        profile_from_text(text)
    except ProfileError as error:
        return Former(number, written, digest, (), compared=False, problem=error.problems[0].message)
    if now is None or max(now.count("\n"), text.count("\n")) > DIFF_LINES:
        return Former(number, written, digest, tuple(text.splitlines()), compared=False)
    change = difference(now, text, (_("now"), _("this version")))
    return Former(number, written, digest, change, compared=True)
