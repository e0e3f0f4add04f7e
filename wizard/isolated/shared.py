"""Calls that share one child process, for work of one kind: the libraries are loaded once, not once a call."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswer
from itertools import count
from queue import SimpleQueue
from typing import Any

from wizard import i18n
from wizard.isolated.host import ANSWER_LIMIT, Ending, close, exit_text, kill, spawn

_LAST_WORDS = 2
"""Seconds for the end of the child's output after its end; a helper that a driver left behind may hold it open."""


class SharedChild:
    """A child process for many calls of one `module:function`, side by side in threads of it.

    What all requests have in `common` goes over once, the rest of each with its call; both through standard
    input. The process starts with the first call. `call` and `cancel` may come from any thread; `close` is
    called when all calls have returned. `withhold` names environment variables that the child must not see.

    A call that takes too long is given up, and its thread stays: others of the same child may be at work. So
    whoever calls asks first whether the child is still `sound`.
    """

    def __init__(self, target: str, common: Mapping[str, Any], withhold: Iterable[str] = ()) -> None:
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        self._lines.put(_line({"target": target, "common": dict(common)}))
        self._withhold = frozenset(withhold)
        self._lock = threading.Lock()
        self._numbers = count()
        self._waiting: dict[int, Future[Ending]] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._ended: Ending | None = None
        self._sound = True

    @property
    def sound(self) -> bool:
        """False once a call took too long or the process ended: further calls are better off elsewhere."""
        return self._sound and self._ended is None

    @property
    def ended(self) -> bool:
        """True when the process ended or was ended, whatever the reason."""
        return self._ended is not None

    def call(self, request: Mapping[str, Any], timeout: float) -> Ending:
        """One call; blocks at most `timeout` seconds. When the process ends, all calls under way are "crashed"."""
        answer: Future[Ending] = Future()
        with self._lock:
            if self._ended is not None:
                return self._ended
            number = next(self._numbers)
            self._waiting[number] = answer
            self._lines.put(_line({"call": number, "request": dict(request)}))
            if self._process is None:
                self._start()
        try:
            return answer.result(timeout)
        except NoAnswer:
            self._sound = False
            return Ending("timed_out")
        finally:
            with self._lock:
                self._waiting.pop(number, None)

    def cancel(self) -> None:
        """End the child and all calls under way now; they and all later ones return "cancelled"."""
        with self._lock:
            if self._ended is None:
                self._end(Ending("cancelled"))
                if self._process is not None:
                    kill(self._process)

    def close(self) -> None:
        """End the process and everything it started."""
        self.cancel()
        self._lines.put(None)
        if self._process is not None:
            self._process.wait()
            for thread, pipe in ((self._writer, self._process.stdin), (self._reader, self._process.stdout)):
                thread.join(_LAST_WORDS)
                if not thread.is_alive():
                    close(pipe)

    def _start(self) -> None:
        """Start the process. The lock is held."""
        try:
            self._process = spawn("wizard.isolated.shared_child", self._withhold)
        except OSError as error:
            self._end(Ending("crashed", detail=type(error).__name__))
            return
        self._reader.start()
        self._writer.start()

    def _write(self) -> None:
        """Say the lines to the child. In a thread: what all calls have in common may be more than a pipe holds, and a
        child that is slow to start, or does not start at all, must keep neither a limit nor a cancel waiting.
        """
        assert self._process is not None and self._process.stdin is not None  # noqa: S101, PT018 - it is PIPE
        try:
            while (line := self._lines.get()) is not None:
                self._process.stdin.write(line)
                self._process.stdin.flush()
        except OSError:
            # Windows calls a broken pipe an invalid argument. The reader finds the end, and tells how it was.
            self._sound = False

    def _read(self) -> None:
        """Hand the answers to those who wait, until the end of the process."""
        process = self._process
        assert process is not None and process.stdout is not None  # noqa: S101, PT018 - it is PIPE
        try:
            while line := process.stdout.readline(ANSWER_LIMIT):
                self._answered(json.loads(line, object_hook=i18n.unpacked))
        except (OSError, ValueError):
            # No answer of ours, or too long a one.
            kill(process)
        code = process.wait()
        kill(process)  # whatever the child started and left behind
        with self._lock:
            self._end(Ending("crashed", detail=exit_text(code)))

    def _answered(self, line: Mapping[str, Any]) -> None:
        reply = line["reply"]
        ending = Ending("done", reply["answer"]) if "answer" in reply else Ending("crashed", detail=reply["crashed"])
        with self._lock:
            answer = self._waiting.get(line["call"])
            if answer is not None and not answer.done():
                answer.set_result(ending)

    def _end(self, how: Ending) -> None:
        """The first reason is the one that counts. The lock is held."""
        if self._ended is None:
            self._ended = how
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_result(how)


def _line(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data).encode() + b"\n"
