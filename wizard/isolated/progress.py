"""What a function that runs in a child says before its answer: how far it is."""

from __future__ import annotations

import json
import threading
from typing import Any, BinaryIO

_lock = threading.Lock()
_way: BinaryIO | None = None


def progress(data: Any) -> None:
    """Tell `on_progress` of the job that runs this function. `data` is what JSON can say, and small.

    Any thread of the child may call it. Where nobody listens, as in a call in place, nothing happens.
    Blocks while the other side is busy with what was said before.
    """
    text = json.dumps({"progress": data}).encode() + b"\n"
    with _lock:
        if _way is not None:
            _way.write(text)
            _way.flush()


def tell(way: BinaryIO | None) -> None:
    """Where progress goes from now on: the way of the answers, or nowhere. For `child` alone."""
    global _way  # noqa: PLW0603 - one process, one job
    with _lock:
        _way = way
