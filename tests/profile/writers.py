"""Processes of the tests of the store, started as `python writers.py MODE FILE`; they answer by lines on stdout.

generations  for each line on stdin: a forked child that writes one generation after the other until it is killed
append       adds marks to the notes of a profile, again when another writer was faster
hold         holds the lock of the file until stdin ends
once         writes notes once, waiting for the lock for so many seconds
limited      writes with the size of files limited, as on a full disk
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_data, profile_to_data
from wizard.profile.locking import locked
from wizard.profile.models import Profile


def with_notes(profile: Profile, notes: str) -> Profile:
    return profile_from_data({**profile_to_data(profile), "notes": notes})


def tell(*words: object) -> None:
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


def generations(file: Path) -> None:
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            tell("started", os.getpid())
            stored = store.read(file)
            while True:
                number = int(stored.profile.notes) + 1
                stored = store.write(file, with_notes(stored.profile, str(number)), stored.digest)
                tell("written", number)
        os.waitpid(pid, 0)
        tell("ended", pid)


def append(file: Path) -> None:
    tell("ready")
    sys.stdin.readline()
    for number in range(int(sys.argv[3])):
        mark = f"{sys.argv[4]}{number}"
        while True:
            stored = store.read(file)
            try:
                store.write(file, with_notes(stored.profile, f"{stored.profile.notes} {mark}".strip()), stored.digest)
            except ProfileError as error:
                tell("refused", error.problems[0].code)
            else:
                tell("written", mark)
                break


def hold(file: Path) -> None:
    with locked(file, 10):
        tell("held")
        sys.stdin.read()


def once(file: Path) -> None:
    store.LOCK_SECONDS = float(sys.argv[4])
    stored = store.read(file)
    try:
        store.write(file, with_notes(stored.profile, sys.argv[3]), stored.digest)
    except ProfileError as error:
        tell("refused", error.problems[0].code, error)
    else:
        tell("written", sys.argv[3])


def limited(file: Path) -> None:
    import resource

    stored = store.read(file)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
    try:
        store.write(file, with_notes(stored.profile, "x" * 4000), stored.digest)
    except ProfileError as error:
        tell("refused", error.problems[0].code, error.problems[0].file)


MODES = {"generations": generations, "append": append, "hold": hold, "once": once, "limited": limited}

if __name__ == "__main__":
    MODES[sys.argv[1]](Path(sys.argv[2]))
