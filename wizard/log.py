"""The log: what happened, by code, in rotating files of the machine; never a text that somebody typed.

By allow-list: an event is a code, and of its fields only the ones named here are kept, and these only while they
look like a code, a number or a place in the program. Whatever else is handed in, by mistake or by an exception,
becomes "***". Other libraries do not write here.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import threading
import traceback
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

import platformdirs

from wizard import __version__
from wizard.profile.atomic import make_folder

ALLOWED = frozenset(
    "check status code elapsed_ms command exit_code kind place field store version pid".split()  # noqa: SIM905
)
"""Names of fields that are kept. None of them is ever filled from what a person typed."""

MASK = "***"
FILES, FILE_BYTES = 5, 1024 * 1024

_CODE = re.compile(r"[A-Za-z0-9_.\-:<> ]{1,120}")
_EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)*")
_FRAMES = 12

_lock = threading.Lock()
_open: dict[Path, tuple[logging.Logger, Any]] = {}


def machine_folder() -> Path:
    """Where the logs of the machine are: APS_LOG_DIR; beside the profiles of APS_PROFILE_DIR; else the system's."""
    if given := os.environ.get("APS_LOG_DIR"):
        return Path(given)
    if profiles := os.environ.get("APS_PROFILE_DIR"):
        return Path(profiles).absolute().parent / "logs"
    return Path(platformdirs.site_log_dir("aps-wizard", appauthor=False))


def folder() -> Path | None:
    """The folder this account writes to: the machine's, else its own. None: it can write to neither."""
    for candidate in (machine_folder(), Path(platformdirs.user_log_dir("aps-wizard", appauthor=False))):
        with contextlib.suppress(OSError):
            if not candidate.is_dir():
                make_folder(candidate)
                if candidate == machine_folder() and os.name == "posix":
                    # As the folder for temporary files: each account writes files of its own.
                    candidate.chmod(0o1777)
            if os.access(candidate, os.W_OK | os.X_OK):
                return candidate
    return None


def event(name: str, /, **fields: object) -> None:
    """Write one event. Fields that are not in ALLOWED, or hold anything but a code, are masked. Never raises."""
    try:
        with _lock:
            logger = _logger()
            if logger is not None:
                logger.info(name, **fields)
    except Exception:  # noqa: BLE001, S110 - a log that cannot be written must not stop the work
        pass


def fault(error_kind: type[BaseException], trace: TracebackType | None) -> None:
    """Write a fault of the program: its type and its places, without its text, which may hold anything."""
    event("program.fault", kind=error_kind.__name__, place=places(trace), version=__version__)


def places(trace: TracebackType | None) -> str:
    """Where an exception went, the innermost last: "window.py:210 < state.py:44". Names of files, not paths."""
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))


def allowed(_logger: object, _method: str, fields: Any) -> Any:
    """Keep what is on the list and looks like a code; mask the rest. The processor of every event."""
    kept: dict[str, object] = {}
    for name, value in fields.items():
        if name == "event":
            kept[name] = value if isinstance(value, str) and _EVENT.fullmatch(value) else MASK
        elif name in ALLOWED:
            kept[name] = _plain(value)
        else:
            # Not even the name: a dictionary that was splatted by mistake may have secrets for keys.
            kept["masked"] = MASK
    return kept


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else ""
    return text if _CODE.fullmatch(text) else MASK


class _OwnFile(RotatingFileHandler):
    """A log file of this account. Never through a link that another account laid, and going on when a file that
    another process of this account has open cannot be moved away.
    """

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(self.baseFilename, flags, 0o600)
        if os.name == "posix" and os.fstat(descriptor).st_uid != os.geteuid():
            os.close(descriptor)
            raise PermissionError(self.baseFilename)
        return os.fdopen(descriptor, "a", encoding="utf-8")

    def doRollover(self) -> None:
        aside = Path(f"{self.baseFilename}.tmp")
        if self.stream is not None:
            self.stream.close()
            self.stream = None
        with contextlib.suppress(OSError):
            # First of all the file itself: while it cannot be moved, the former ones keep their places.
            Path(self.baseFilename).replace(aside)
            super().doRollover()
            aside.replace(f"{self.baseFilename}.1")
        if self.stream is None:
            self.stream = self._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk is told by what was to be written, not by its log."""


def _logger() -> Any:
    place = folder()
    if place is None:
        return None
    if place not in _open:
        close()
        import structlog

        logger = logging.Logger("aps-wizard", logging.INFO)
        handler = _OwnFile(place / f"aps-wizard-{_account()}.log", maxBytes=FILE_BYTES, backupCount=FILES, delay=True)
        logger.addHandler(handler)
        bound = structlog.wrap_logger(
            logger,
            processors=[
                allowed,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(),
            ],
            wrapper_class=structlog.stdlib.BoundLogger,
        )
        _open[place] = (logger, bound.bind(pid=os.getpid()))
    return _open[place][1]


def close() -> None:
    """Close the files; the next event opens them again."""
    for logger, _bound in _open.values():
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
    _open.clear()


def _account() -> str:
    """The account, as part of a file name."""
    if sys.platform == "win32":
        name = os.environ.get("USERNAME", "")
    else:
        name = str(os.geteuid())
    return re.sub(r"[^A-Za-z0-9]+", "-", name) or "account"
