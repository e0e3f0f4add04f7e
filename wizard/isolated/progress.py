"""What a function that runs in a child says before its answer: how far it is."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

_way: BinaryIO | None = None


def progress(data: Any) -> None:
    """Tell `on_progress` of the job that runs this function. `data` is what JSON can say, and small.

    Any thread of the child may call it. Where nobody listens, as in a call in place, nothing happens.
    Blocks while the other side is busy with what was said before.
    """
    if _way is not None:
        # One call for the line: lines of several threads do not mix.
        _way.write(json.dumps({"progress": data}).encode() + b"\n")
        _way.flush()


def tell(way: BinaryIO) -> None:
    """Where progress goes from now on: the way of the answers. For `child` alone."""
    global _way  # noqa: PLW0603 - one process, one job
    _way = way
