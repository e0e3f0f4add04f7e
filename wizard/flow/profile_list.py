"""The profiles that Start lists: those of the folder and those opened lately elsewhere, the last opened first."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wizard.flow import words
from wizard.flow.recent import Opened
from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.profile.models import Profile
from wizard.profile.validation import validation_state


@dataclass(frozen=True)
class Row:
    """One profile of the list. `profile` is None when the file cannot be read; `elsewhere` says another folder."""

    path: Path
    profile: Profile | None
    validation: str
    opened: datetime | None
    elsewhere: bool
    searched: str
    """Everything a search looks into, plain and small."""

    @property
    def name(self) -> str:
        """The name of the profile, else of its file."""
        return self.profile.name if self.profile else self.path.name

    @property
    def production(self) -> bool:
        """Whether the profile belongs to a production environment."""
        return self.profile is not None and self.profile.environment == "production"


def of_folder(folder: Path, opened: Sequence[Opened]) -> tuple[Row, ...]:
    """The profiles of a folder."""
    times = {one.path: one.at for one in opened}
    return _sorted(_row(entry, times.get(entry.path.absolute()), elsewhere=False) for entry in store.entries(folder))


def with_others(rows: Sequence[Row], folder: Path, opened: Sequence[Opened]) -> tuple[Row, ...]:
    """The same with the profiles opened lately in other folders; what is gone since is left out."""
    known = {row.path.absolute() for row in rows}
    others = []
    for one in opened:
        # A folder that may not be looked into any more is as good as gone; Path.is_file() would raise.
        gone = not os.path.isfile(one.path)  # noqa: PTH113
        if gone or one.path in known or one.path.parent == folder.absolute():
            continue
        try:
            entry = store.Entry(one.path, store.read(one.path), ())
        except ProfileError as error:
            entry = store.Entry(one.path, None, error.problems)
        others.append(_row(entry, one.at, elsewhere=True))
    return _sorted((*rows, *others))


def matching(rows: Iterable[Row], typed: str) -> tuple[Row, ...]:
    """The rows in which every typed word is found, whatever its accents and capitals."""
    wanted = plain(typed).split()
    return tuple(row for row in rows if all(word in row.searched for word in wanted))


def plain(text: str) -> str:
    """A text as it is compared: "São José" and "sao jose" are the same."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _row(entry: store.Entry, opened: datetime | None, elsewhere: bool) -> Row:
    if entry.stored is None:
        return Row(entry.path, None, "", opened, elsewhere, plain(entry.path.name))
    profile = entry.stored.profile
    validation = validation_state(profile)
    database = profile.database
    # A customer's name stands in its field, in the notes, or in the name of the folder.
    told = (
        *(entry.path.name, entry.path.parent.name, profile.name, profile.company.logix, profile.company.site),
        *(profile.customer or "", profile.notes, words.environment(profile.environment), words.validation(validation)),
        *(str(getattr(database, name, None) or "") for name in ("dsn", "host", "server", "database", "file")),
    )
    return Row(entry.path, profile, validation, opened, elsewhere, plain("\n".join(told)))


def _sorted(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The last opened first; those never opened after them, by file name."""
    return tuple(sorted(rows, key=lambda row: (-row.opened.timestamp() if row.opened else 0.0, row.path.name)))
