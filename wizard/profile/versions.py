"""The former versions of a file, beside it: `x.yaml.bak` is the last one, `.bak2` and `.bak3` are older."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wizard.profile.atomic import move, replace_bytes

KEPT = 3


@dataclass(frozen=True)
class Version:
    """A former version: its number, 1 being the last one, its file, and when it was written."""

    number: int
    file: Path
    written: datetime


def file_of(path: Path, number: int) -> Path:
    """Where a former version of a file is."""
    return path.with_name(f"{path.name}.bak{number if number > 1 else ''}")


def versions(path: Path) -> tuple[Version, ...]:
    """The former versions that there are, the last one first. Raises OSError."""
    files = [(number, file_of(path, number)) for number in range(1, KEPT + 1)]
    return tuple(
        Version(number, file, datetime.fromtimestamp(file.stat().st_mtime, UTC))
        for number, file in files
        if file.is_file()
    )


def keep(path: Path, content: bytes) -> None:
    """Keep the present content of a file as its last version. Only with the lock of `path` held; raises OSError.

    Whatever dies meanwhile, a content goes only when three newer ones are on the disk: the others move on when the
    new version is written already, a place that an interruption left empty is filled, and a content that was kept
    is not kept twice.
    """
    last = file_of(path, 1)
    written = path.stat().st_mtime_ns
    if not (last.is_file() and last.read_bytes() == content):
        replace_bytes(last, content, lambda _back: _move_on(path), like=path)
    _as_open_as(path, written)


def _move_on(path: Path) -> None:
    empty = next((number for number in range(1, KEPT + 1) if not file_of(path, number).exists()), KEPT)
    for number in range(empty, 1, -1):
        move(file_of(path, number - 1), file_of(path, number))


def _as_open_as(path: Path, written: int) -> None:
    """Former versions are no more readable than the file; the last one is as old as its content."""
    mode = path.stat().st_mode & 0o777
    for version in versions(path):
        if version.file.stat().st_mode & 0o777 != mode:
            version.file.chmod(mode)
    last = file_of(path, 1)
    # One that another account kept already has its time, and only that account may set it.
    if last.stat().st_mtime_ns != written:
        os.utime(last, ns=(written, written))
