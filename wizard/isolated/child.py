"""The child's side: one request from standard input, progress and then one answer on standard output, a line each."""

from __future__ import annotations

import importlib
import json
import os
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from wizard import i18n
from wizard.isolated.progress import tell


def main() -> None:
    """Read `{"target": "module:function", "request": ...}`, call the function, answer with JSON."""
    requests, answers = own_pipes()
    line = requests.readline()
    if not line:
        return
    i18n.use()
    threading.Thread(target=_end_with_the_parent, args=[requests], daemon=True).start()
    tell(answers)
    answers.write(reply(lambda: _of_line(line)).encode() + b"\n")
    answers.close()
    # Not the ordinary end: a driver's clean-up may hang, and the answer is out already.
    os._exit(0)


def own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Where requests come from and answers go to, kept to ourselves."""
    # A driver that prints must not spoil an answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # And the requests': on Windows a DLL that looks at standard input while it is loaded waits for whoever reads it.
    requests = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    return requests, answers


def reply(work: Callable[[], Any]) -> str:
    """What `work` answers, or how it crashed, as a line of JSON."""
    try:
        return json.dumps({"answer": i18n.packed(work())})
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a crash is a result; only its type and place are told
        return json.dumps({"crashed": _place(error)})


def called(target: str, request: Any) -> Any:
    """What a function of the program gives, named as "module:function"."""
    module, _, function = target.partition(":")
    if not module.startswith("wizard."):
        raise ValueError("not a function of this program")
    return getattr(importlib.import_module(module), function)(request)


def _of_line(line: bytes) -> Any:
    call = json.loads(line)
    return called(str(call["target"]), call["request"])


def _end_with_the_parent(requests: BinaryIO) -> None:
    """The requests end when the parent closes its side or dies; there is then nobody to work for."""
    while requests.read(4096):
        pass
    os._exit(0)


def _place(error: BaseException) -> str:
    """Type and place of an exception. Its text may hold a secret and is left out."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + where


if __name__ == "__main__":
    main()
