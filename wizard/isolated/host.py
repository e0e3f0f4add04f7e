"""Run one function of the program in a child process, with a time limit and a cancel that ends it at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from wizard import i18n
from wizard.isolated import windows_job

ANSWER_LIMIT = 16 * 1024 * 1024
"""Bytes that a child may answer, and that it may say at once of its progress."""

_PROGRESS = b'{"progress": '

_NEVER_INHERITED: set[str] = set()


def never_inherit(names: Iterable[str]) -> None:
    """From now on no child of this process gets these variables of the environment: they hold secrets."""
    _NEVER_INHERITED.update(names)


_LAST_WORDS = 2
"""Seconds that a child has to end by itself after its answer."""

Ended = Literal["done", "timed_out", "cancelled", "crashed"]


@dataclass(frozen=True)
class Ending:
    """How a job ended. `answer` is set when done; `detail` says of a crash what is safe to say."""

    how: Ended
    answer: Any = None
    detail: str = ""


class Job:
    """One call of `module:function` with a JSON request, in a child process of its own.

    The request goes through standard input, so that a secret in it is in no argument and no
    environment. `run` blocks until the end; `cancel` may be called from any thread at any time.
    `withhold` names environment variables that the child must not see. `on_progress` is called in the
    thread of `run` with what the function says by `wizard.isolated.progress`, in its order, before the
    end; the child waits while it is busy. What it raises ends the child and comes out of `run`.
    """

    def __init__(
        self,
        target: str,
        request: Any,
        timeout: float,
        withhold: Iterable[str] = (),
        on_progress: Callable[[Any], None] | None = None,
    ) -> None:
        self._target = target
        self._request = request
        self._timeout = timeout
        self._withhold = frozenset(withhold)
        self._on_progress = on_progress
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._why: Ended | None = None
        self._ended = False

    def run(self) -> Ending:
        """Run the job to its end, whatever that is. At most `timeout` seconds, and a moment to end the process."""
        line = json.dumps({"target": self._target, "request": self._request}).encode() + b"\n"
        with self._lock:
            if self._why is not None:
                return Ending(self._why)
            try:
                process = self._process = spawn("wizard.isolated.child", self._withhold)
            except OSError as error:
                # No memory, no process left, or a guard of the machine that does not allow it.
                return Ending("crashed", detail=type(error).__name__)
        timer = threading.Timer(self._timeout, self._stop, ["timed_out"])
        timer.start()
        answer = b""
        try:
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are PIPE
            try:
                process.stdin.write(line)
                process.stdin.flush()
                # Standard input stays open until the answer is there: its end tells the child that we died.
                # To the answer, not to the end of the stream: a helper that a driver left behind may hold that open.
                while (answer := process.stdout.readline(ANSWER_LIMIT)).startswith(_PROGRESS):
                    self._tell(answer)
            except OSError:
                # The child is gone; Windows calls a broken pipe an invalid argument.
                answer = b""
        finally:
            timer.cancel()
            timer.join()
            close(process.stdin)
            try:
                code = process.wait(_LAST_WORDS)
            except subprocess.TimeoutExpired:
                kill(process)
                code = process.wait()
            with self._lock:
                self._ended = True
            kill(process)  # whatever the child started and left behind
            close(process.stdout)
        return self._ending(code, answer)

    def cancel(self) -> None:
        """End the child now; `run` then returns "cancelled". Without effect once the job has ended."""
        self._stop("cancelled")

    def _tell(self, line: bytes) -> None:
        """Pass on what the child says of its progress; after a cancel or a time-out nobody wants to know."""
        if self._on_progress is not None and self._why is None and line.endswith(b"\n"):
            self._on_progress(json.loads(line)["progress"])

    def _stop(self, why: Ended) -> None:
        """End the child; the first reason given is the one that counts."""
        with self._lock:
            # Not asked whether the child itself has gone: what it started may keep us waiting for its answer.
            if self._why is None and not self._ended:
                self._why = why
                if self._process is not None:
                    kill(self._process)

    def _ending(self, code: int, answer: bytes) -> Ending:
        try:
            reply = json.loads(answer, object_hook=i18n.unpacked)
        except ValueError:
            reply = None
        if isinstance(reply, dict) and "answer" in reply:
            return Ending("done", reply["answer"])
        if self._why is not None:
            return Ending(self._why)
        if isinstance(reply, dict):
            return Ending("crashed", detail=str(reply.get("crashed", "")))
        return Ending("crashed", detail=exit_text(code))


def spawn(module: str, withhold: Iterable[str]) -> subprocess.Popen[bytes]:
    """A child that runs a module of this program, in a session of its own, without the variables to be withheld."""
    options: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        options = {"creationflags": subprocess.CREATE_NO_WINDOW}
    process = subprocess.Popen(
        # -P: modules that lie in the folder where the user happens to be are not ours.
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # A driver may print whatever it likes, secrets among it.
        stderr=subprocess.DEVNULL,
        env=environment(withhold),
        **options,
    )
    windows_job.join(process)
    return process


def environment(withhold: Iterable[str] = ()) -> dict[str, str]:
    """The variables that a child may have: those of this process without the withheld ones, and without secrets."""
    withheld = {_variable(name) for name in {*withhold, *_NEVER_INHERITED}}
    return {name: value for name, value in os.environ.items() if _variable(name) not in withheld}


def _variable(name: str) -> str:
    """A name as the system tells variables apart: Windows does not by case."""
    return name.upper() if sys.platform == "win32" else name


def close(pipe: Any) -> None:
    """Close a pipe whose other side may be gone."""
    try:
        pipe.close()
    except OSError:
        return


def kill(process: subprocess.Popen[bytes]) -> None:
    """End the child and everything it started."""
    try:
        if sys.platform == "win32":
            windows_job.end(process)
            process.kill()
        else:
            # The child leads a session of its own, so its id is that of the group.
            os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def exit_text(code: int) -> str:
    """How a process ended that gave no answer."""
    if code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit code {code:#x}" if code > 255 else f"exit code {code}"
