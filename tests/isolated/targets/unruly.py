"""What no function of the program does: crash, hang, print. The children of these tests find it as wizard.unruly."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from wizard.isolated.progress import progress

WINDOWS = sys.platform == "win32"
ENDLESS = 300
"""Seconds; as in tests.patience, which a child does not find."""


def echo(request: Any) -> Any:
    return request


def fail_with(request: Any) -> Any:
    raise LookupError(request["text"])


def leave(request: Any) -> Any:
    sys.exit(request["code"])


def segfault(request: Any) -> Any:
    _crash()


def _crash() -> None:
    """Read where nothing is, as a driver does it: ctypes itself would make an exception of that on Windows."""
    faulthandler._read_null()


def end_at_once(request: Any) -> Any:
    os._exit(request["code"])


def hang(request: Any) -> Any:
    """Say that it runs, by its process id in a file, and refuse every polite request to end."""
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"):
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)
    if "helper" in request:
        helper = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({ENDLESS})"])
        _say(request["helper"], helper.pid)
    _say(request["file"], os.getpid())
    time.sleep(ENDLESS)


def _say(file: str, number: int) -> None:
    unfinished = Path(file + ".tmp")
    unfinished.write_text(str(number))
    unfinished.rename(file)


def print_much(request: Any) -> Any:
    """Print as a driver does, past Python's own streams, and as a careless function does."""
    c = ctypes.CDLL("ucrtbase" if WINDOWS else None)
    c.puts(b'{"answer": "from C"}')
    c.fflush(None)
    os.write(1, b"from the descriptor")
    print("from Python", flush=True)
    return "the answer"


def seen_from_outside(request: Any) -> dict[str, str]:
    """What every user of the machine, or of the account, can read of this process."""
    me = Path("/proc/self")
    return {name: me.joinpath(name).read_bytes().decode(errors="replace") for name in ("cmdline", "environ")}


def unsayable(request: Any) -> Any:
    return {1, 2}


def endless(request: Any) -> Any:
    return "x" * request["size"]


def one_of_many(request: Any) -> Any:
    """One call of a child that has several: what the request says, in its thread."""
    match request["do"]:
        case "say":
            return request
        case "fail":
            raise LookupError(request["text"])
        case "hang":
            _say(request["file"], os.getpid())
            time.sleep(ENDLESS)
        case "hang_for_all":
            # A driver that keeps Python's lock while it waits for its server.
            _say(request["file"], os.getpid())
            if WINDOWS:
                ctypes.PyDLL("kernel32").Sleep(1000 * ENDLESS)
            ctypes.PyDLL(None).sleep(ENDLESS)
        case "leave_a_helper":
            helper = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({ENDLESS})"])
            _say(request["file"], helper.pid)
        case "die":
            _crash()
        case "meet":
            # Gives the most calls that were at work at once.
            _MEETING.wait(ENDLESS)
            return os.getpid()
    return None


_MEETING = threading.Barrier(8)


def wait(request: Any) -> Any:
    time.sleep(request)


def count(request: Any) -> Any:
    """Say every number up to the one asked for, with noise between."""
    for number in range(request["to"]):
        progress({"at": number, "text": "São João"})
        print("noise", flush=True)
    return "counted"


def count_in_threads(request: Any) -> Any:
    """Eight threads talk at once."""
    threads = [threading.Thread(target=lambda: [progress("x" * 5000) for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return "all said"


def count_for_ever(request: Any) -> Any:
    """Say in a second file that more than one word was said."""
    _say(request["file"], os.getpid())
    progress(1)
    progress(1)
    _say(request["file"] + ".more", os.getpid())
    while True:
        progress(1)


def say_too_much(request: Any) -> Any:
    progress("x" * request["size"])
    return "said"


def say_and_die(request: Any) -> Any:
    progress("still here")
    _crash()


def look_like_progress(request: Any) -> Any:
    return {"progress": 1}


def talk_on(request: Any) -> Any:
    """Answer while a thread of this function is still talking."""
    threading.Thread(target=lambda: [progress(number) for number in range(1_000_000)], daemon=True).start()
    return "the answer"
