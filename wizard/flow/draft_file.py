"""A draft on disk, so that a crash, a dead battery or a closed remote session loses nothing typed. Never a secret."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import filelock
import platformdirs

from wizard.flow.state import Data, State, value_of, with_value
from wizard.flow.steps import IDS
from wizard.profile.atomic import make_folder, replace_bytes
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_data

_VERSION = 1
_MAY_HOLD_ONE = re.compile(r"(?i)@|\b(pwd|pass(wd|word)?|senha)\s*=")
"""What is refused and has one of these may hold a password: user:password@server, PWD=password."""


def default_folder() -> Path:
    """The drafts of this user: state of the person, not of the machine."""
    return Path(platformdirs.user_state_dir("aps-wizard", appauthor=False)) / "drafts"


@dataclass(frozen=True)
class Found:
    """A draft that a session left behind."""

    path: Path
    state: State
    saved_at: datetime


class Draft:
    """The draft of one session. Its lock tells other sessions that it is in use; `close` gives it up."""

    def __init__(self, folder: Path) -> None:
        make_folder(folder, 0o700)
        self._path = folder / f"{secrets.token_hex(8)}.json"
        # Taken by the thread that writes drafts, given up by whichever ends the session.
        self._lock = filelock.FileLock(self._path.with_suffix(".lock"), mode=0o600, thread_local=False)
        self._lock.acquire(timeout=1)

    def save(self, state: State) -> None:
        """Write the draft. Raises OSError."""
        text = json.dumps(
            {
                "version": _VERSION,
                "saved_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "folder": str(state.folder),
                "step": state.step,
                "data": _without_secrets(state.data),
                "file": str(state.file) if state.file else None,
                "digest": state.digest,
                "walking": state.walking,
                "visited": sorted(state.visited),
                "stored": sorted(state.stored),
                "other_kinds": {kind: _database_without_secrets(data) for kind, data in state.other_kinds.items()},
            },
            default=str,
        )
        replace_bytes(self._path, text.encode(), mode=0o600)

    def discard(self) -> None:
        """Remove the draft: what it held was written or is not wanted."""
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """End the session; a draft that was not discarded can be found by the next one."""
        self._lock.release()
        self._path.with_suffix(".lock").unlink(missing_ok=True)


def abandoned(folder: Path) -> list[Found]:
    """Drafts that no living session holds, newest first. A draft that cannot be read is left alone."""
    found = []
    for path in folder.glob("*.json") if folder.is_dir() else ():
        lock = filelock.FileLock(path.with_suffix(".lock"), mode=0o600)
        try:
            with lock.acquire(timeout=0):
                found.append(_read(path))
        except (filelock.Timeout, OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            continue
        finally:
            with contextlib.suppress(OSError):
                if not lock.is_locked and any(item.path == path for item in found):
                    path.with_suffix(".lock").unlink(missing_ok=True)
    return sorted(found, key=lambda draft: draft.saved_at, reverse=True)


def _read(path: Path) -> Found:
    raw = json.loads(path.read_text("utf-8"))
    if raw["version"] != _VERSION or raw["step"] not in IDS:
        raise ValueError("another version wrote this draft")
    state = State(
        Path(raw["folder"]),
        raw["step"],
        dict(raw["data"]),
        file=Path(raw["file"]) if raw["file"] else None,
        digest=raw["digest"],
        walking=bool(raw["walking"]),
        visited=frozenset(raw["visited"]),
        other_kinds=dict(raw["other_kinds"]),
        stored=frozenset(raw["stored"]),
    )
    return Found(path, state, datetime.fromisoformat(raw["saved_at"]).astimezone(UTC))


def _without_secrets(data: Data) -> Data:
    """What is typed, less what the model refuses and may hold a password: an address with one in it, a connection
    string, a password in place of its reference. The form still shows it; the disk never does.
    """
    try:
        profile_from_data(data)
    except ProfileError as error:
        for problem in error.problems:
            secret = problem.code == "secret_in_url" or problem.path.endswith("password")
            if secret or _MAY_HOLD_ONE.search(str(value_of(data, problem.path))):
                data = with_value(data, problem.path, None)
    return data


def _database_without_secrets(database: Mapping[str, object]) -> object:
    return _without_secrets({"database": dict(database)})["database"]
