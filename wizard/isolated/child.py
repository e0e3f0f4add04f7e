"""The child's side: one request from standard input, progress and then one answer on standard output, a line each."""

from __future__ import annotations

import importlib
import json
import os
import threading
import traceback
from pathlib import Path
from typing import BinaryIO

from wizard import i18n
from wizard.isolated.progress import tell


def main() -> None:
    """Read `{"target": "module:function", "request": ...}`, call the function, answer with JSON."""
    # Keep the answer's way to ourselves: a driver that prints must not spoil it.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # And the requests': on Windows a DLL that looks at standard input while it is loaded waits for whoever reads it.
    requests = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    line = requests.readline()
    if not line:
        return
    i18n.use()
    threading.Thread(target=_end_with_the_parent, args=[requests], daemon=True).start()
    reply: dict[str, object]
    tell(answers)
    try:
        call = json.loads(line)
        module, _, function = str(call["target"]).partition(":")
        if not module.startswith("wizard."):
            raise ValueError("not a function of this program")
        reply = {"answer": getattr(importlib.import_module(module), function)(call["request"])}
        text = json.dumps(reply)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a crash is a result; only its type and place are told
        text = json.dumps({"crashed": _place(error)})
    answers.write(text.encode() + b"\n")
    answers.close()
    # Not the ordinary end: a driver's clean-up may hang, and the answer is out already.
    os._exit(0)


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
