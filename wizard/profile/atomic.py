"""Writing a file so that whatever dies leaves the old content or the new, never neither and never half."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

_REPLACE_TRIES = 8
"""Windows: a virus scanner holds a fresh file for a moment; 8 tries wait up to 1.3 s in all."""


def replace_bytes(
    path: Path,
    data: bytes,
    prove: Callable[[bytes], None] | None = None,
    mode: int = 0o644,
    like: Path | None = None,
    *,
    protect: Callable[[Path], None] | None = None,
) -> None:
    """Put `data` into `path`: temporary file in the same folder, fsync, read back, replace, fsync of the folder.

    `prove` gets the bytes that were read back and raises to stop before the old file is touched.
    The file gets the permissions that it had, or those of `like`; without either, `mode`: all accounts may read and
    only the owner write, since no profile holds a secret and the engines have to read it. With `protect`, the
    file is its owner's alone until that gave it its access list, before anything is in it. Raises OSError;
    the old content then still stands.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        kept = None if protect else _permissions(like or path)
        mode = 0o600 if protect else mode if kept is None else kept
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(descriptor, "wb") as file:
            if protect:
                protect(temporary)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if kept is not None:
            temporary.chmod(kept)  # the umask took bits off
        written = temporary.read_bytes()
        if written != data:
            raise OSError(f"{path.name}: what was read back differs from what was written")
        if prove:
            prove(written)
        move(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def make_folder(path: Path, mode: int = 0o755) -> None:
    """Make a folder and those above it that are missing; none that others may write, whatever the account's umask.

    Raises OSError.
    """
    if not path.is_dir():
        if not path.parent.exists():
            make_folder(path.parent, mode)
        path.mkdir(mode, exist_ok=True)


def remove_leftovers(path: Path) -> None:
    """Remove temporary files that a killed writer left beside `path`. Only with the lock of `path` held."""
    ours = re.compile(rf"\.{re.escape(path.name)}(\.bak)?\.\d+-[0-9a-f]{{8}}\.tmp")
    for left in path.parent.iterdir():
        if ours.fullmatch(left.name):
            left.unlink(missing_ok=True)


def _permissions(path: Path) -> int | None:
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return None


def move(temporary: Path, path: Path) -> None:
    """Put a file in the place of another, again for a moment where a third program holds it. Raises OSError."""
    for attempt in range(_REPLACE_TRIES):
        try:
            temporary.replace(path)
        except PermissionError:
            if attempt == _REPLACE_TRIES - 1:
                raise
            time.sleep(0.01 * 2**attempt)
        else:
            return


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    # The new file stands already; some network file systems refuse to sync a folder.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
