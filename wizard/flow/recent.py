"""The profiles that this user opened last: state of the person, kept beside the drafts. Only paths and times."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from wizard.profile.atomic import make_folder, replace_bytes

KEPT = 30
"""Enough for a consultant's customers of some months; each is looked at when Start is shown."""

DEMO_MARK = ".aps-wizard-demo"
"""Stands in the folder of a demo site, which has its profiles in a folder below."""

_VERSION = 1


@dataclass(frozen=True)
class Opened:
    """A profile and when it was opened or written last."""

    path: Path
    at: datetime


def default_file() -> Path:
    """Where this user's list is."""
    return Path(platformdirs.user_state_dir("aps-wizard", appauthor=False)) / "recent.json"


def read(file: Path) -> tuple[Opened, ...]:
    """The list, the last one first. One that is missing or damaged is empty: it is a convenience, nothing more."""
    try:
        raw = json.loads(file.read_text("utf-8"))
        if raw["version"] != _VERSION:
            return ()
        found = [Opened(Path(one["path"]), datetime.fromisoformat(one["at"]).astimezone(UTC)) for one in raw["opened"]]
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return ()
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))[:KEPT]


def note(file: Path, path: Path, at: datetime | None = None) -> None:
    """Put a profile at the head of the list; not one of a demo site, whose servers end with it. Raises OSError."""
    path = path.absolute()
    if (path.parent.parent / DEMO_MARK).exists():
        return
    now = Opened(path, at or datetime.now(UTC))
    kept = (now, *(one for one in read(file) if one.path != path))[:KEPT]
    opened = [{"path": str(one.path), "at": one.at.isoformat(timespec="seconds")} for one in kept]
    make_folder(file.parent, 0o700)
    replace_bytes(file, json.dumps({"version": _VERSION, "opened": opened}).encode(), mode=0o600)
