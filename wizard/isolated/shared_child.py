"""The side of a shared child: calls one a line from standard input, each in a thread, answers as they come."""

from __future__ import annotations

import json
import os
import threading
from typing import Any, BinaryIO

from wizard import i18n
from wizard.isolated.child import called, own_pipes, reply


def main() -> None:
    """Read `{"target": "module:function", "common": {...}}`, then `{"call": number, "request": {...}}` each."""
    requests, answers = own_pipes()
    line = requests.readline()
    if not line:
        return
    i18n.use()
    opening = json.loads(line)
    lock = threading.Lock()

    def work(call: dict[str, Any]) -> None:
        text = reply(lambda: called(str(opening["target"]), {**opening["common"], **call["request"]}))
        _write(answers, f'{{"call": {call["call"]}, "reply": {text}}}', lock)

    for line in iter(requests.readline, b""):
        threading.Thread(target=work, args=[json.loads(line)], daemon=True).start()
    # The parent closed its side or died; there is nobody to work for.
    os._exit(0)


def _write(answers: BinaryIO, text: str, lock: threading.Lock) -> None:
    with lock:
        answers.write(text.encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
