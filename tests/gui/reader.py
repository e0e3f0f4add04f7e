"""Hears what the window tells screen readers: a handler in Qt where a platform's bridge stands."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import PySide6
import shiboken6
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

_INSTALL = "_ZN11QAccessible20installUpdateHandlerEPFvP16QAccessibleEventE"
_Handler = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


@dataclass
class Heard:
    """Announcements in their order, those that interrupt apart."""

    all: list[str] = field(default_factory=list)
    urgent: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Forget what was said."""
        self.all.clear()
        self.urgent.clear()


@contextmanager
def reader() -> Iterator[Heard]:
    """Listen as long as this lasts. Linux only: the function has no name in Python."""
    heard = Heard()
    library = ctypes.CDLL(str(Path(PySide6.__file__).parent / "Qt" / "lib" / "libQt6Gui.so.6"))
    install = getattr(library, _INSTALL)
    install.restype, install.argtypes = ctypes.c_void_p, [ctypes.c_void_p]

    def take(pointer: int) -> None:
        # Its type is told by every event; what it says, only by one that is an announcement.
        event = shiboken6.wrapInstance(pointer, QAccessibleAnnouncementEvent)
        if event.type() == QAccessible.Event.Announcement:
            heard.all.append(event.message())
            if event.politeness() == QAccessible.AnnouncementPoliteness.Assertive:
                heard.urgent.append(event.message())

    handler = _Handler(take)
    QAccessible.setActive(True)
    before = install(ctypes.cast(handler, ctypes.c_void_p))
    try:
        yield heard
    finally:
        install(before)
        QAccessible.setActive(False)
