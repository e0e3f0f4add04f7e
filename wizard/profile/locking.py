"""One writer at a time, and whoever has to wait is told for whom.

The lock is the system's: it goes with its process, on a share with the connection of its machine. Who holds it
stands in a file beside it. That one is a courtesy: it is read as a claim of somebody, shown only as far as nothing
speaks against it, and it never decides who may write.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import socket
import stat
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

import filelock

from wizard.profile.errors import Problem, ProfileError

_CLAIM_BYTES = 2048
_NAME_LENGTH = 64


@dataclass(frozen=True)
class Holder:
    """Who claims to hold a lock, and since when. `began` tells a process from a later one of the same number."""

    user: str
    host: str
    pid: int
    since: datetime
    began: str


@contextlib.contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock of a file, waiting for at most `seconds`. Raises ProfileError that says who holds it, and OSError.

    A disk that knows no locks (some shares) gets a lock file that exists while it is held, with the process and the
    machine in it. What a dead process of this machine left is taken over; whether one of another machine still
    lives cannot be proved from here, so that its file is named instead.
    """
    # Who may write into the folder may wait for the others: the first one to come would shut them out for good.
    mode = 0o644 | (path.parent.stat().st_mode & 0o022)
    lock = filelock.FileLock(_lock_file(path), timeout=seconds, mode=mode)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "flock not supported", UserWarning)
            lock.acquire()
    except filelock.Timeout:
        raise ProfileError([_held(path, marked=isinstance(lock, filelock.SoftFileLock))]) from None
    try:
        _claim(path)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                _claim_file(path).unlink()
    finally:
        lock.release()


def holder(path: Path) -> Holder | None:
    """Who claims to hold the lock of a file; None without a claim, or with one that cannot be true."""
    try:
        # Neither through a link nor from a pipe that somebody else laid there.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(_claim_file(path), flags), "rb") as file:
            raw = file.read(_CLAIM_BYTES) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""
        claim = _read(json.loads(raw))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return None if _is_gone(claim) else claim


def _held(path: Path, *, marked: bool) -> Problem:
    found = holder(path)
    if found:
        message = _("{user} on {host} is writing this profile, since {moment} (process {pid}).").format(
            user=found.user,
            host=found.host,
            moment=found.since.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
            pid=found.pid,
        )
    else:
        message = _("Another program is writing this profile.")
    action = _("Close it there and try again.")
    if marked:
        action = _("Close it there and try again. If no such program runs any more, remove {file}.")
        action = action.format(file=_lock_file(path))
    return Problem("locked", message, action=action)


def _lock_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _claim_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.holder")


def _claim(path: Path) -> None:
    """Say who holds the lock; what a former holder left goes. Not being able to say so prevents nothing."""
    claim = {
        "user": _user(),
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
        "began": _began(os.getpid()),
    }
    with contextlib.suppress(OSError):
        file = _claim_file(path)
        file.unlink(missing_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(json.dumps(claim).encode())


def _read(claim: Any) -> Holder:
    """A claim as it was read. Raises ValueError, KeyError or TypeError for anything but what `_claim` writes."""
    since = datetime.fromisoformat(claim["since"])
    if since.tzinfo is None or type(claim["pid"]) is not int or not 0 < claim["pid"] < 2**31:
        raise ValueError("no moment or no process")
    for name in ("user", "host", "began"):
        # It is shown: no control characters, no screenful.
        if not (isinstance(claim[name], str) and claim[name].isprintable() and len(claim[name]) <= _NAME_LENGTH):
            raise ValueError(name)
    return Holder(claim["user"], claim["host"], claim["pid"], since, claim["began"])


def _is_gone(claim: Holder) -> bool:
    """True when the process is one of this machine and provably ended. Of other machines nothing is known."""
    if claim.host != socket.gethostname():
        return False
    if not _is_running(claim.pid):
        return True
    began = _began(claim.pid)
    return bool(claim.began and began and claim.began != began)


def _is_running(pid: int) -> bool:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
        if handle:
            kernel.CloseHandle(ctypes.c_void_p(handle))
            return True
        return ctypes.get_last_error() != 87  # ERROR_INVALID_PARAMETER: no such process
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _began(pid: int) -> str:
    """When a process began, as the system counts; "" where it does not tell."""
    try:
        # The name of the program, which may hold blanks and brackets, stands before the last bracket.
        return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        # An account without a name, as in a container.
        return "?"
