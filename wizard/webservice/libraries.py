"""Loading of the large libraries: late, because they are slow to import, and by one thread at a time."""

from __future__ import annotations

import importlib
import threading

_LOCK = threading.Lock()


def load(*names: str) -> None:
    """Import modules. Two threads in packages that import each other in a circle would find them half loaded."""
    with _LOCK:
        for name in names:
            importlib.import_module(name)
