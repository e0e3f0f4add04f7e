"""Processes of the soak, `python -m tests.soak_processes MODE PLACE [MORE...]`; they answer by lines on stdout.

profile, secret, keyring, apply
                        for each line on stdin: a forked child that writes one generation after the other until it is
                        killed; it says `started PID`, `written N` for each that was acknowledged, and, when it is
                        gone, `ended PID`
count                   counts its own place in the notes of a profile on, for some seconds, with other counters
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.grades.imports import AT, Import, fresh, grade
from tests.profile.writers import tell, with_notes
from wizard.checklist.check import Subject
from wizard.grades import apply_references
from wizard.grades.difference import difference
from wizard.grades.reference_store import stored
from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.secrets import keyring_store, references

FIELD = "database.password"
CONTENTS = 60
RENUMBERED = 10
"""Every so many imports the size of the references changes, with a backup of all former ones."""


def imported(generation: int) -> Import:
    """What the import of this generation finds: each content is called after it."""
    contents = ((f"C{number:04}", f"{number} / {generation}") for number in range(CONTENTS))
    return [(grade(size=4 + generation // RENUMBERED % 2), fresh(contents))]


def secret(generation: int) -> str:
    """The secret of a generation: of many bytes, so that half of it would show."""
    return f"{generation}-" + str(generation % 10) * 2000


def write_profiles(place: str) -> None:
    file = Path(place)
    at = store.read(file)
    while True:
        number = int(at.profile.notes) + 1
        at = store.write(file, with_notes(at.profile, str(number)), at.digest)
        tell("written", number)


def write_secrets(reference: str) -> None:
    number = int(references.fetch(reference, FIELD).partition("-")[0])
    while True:
        number += 1
        references.store(reference, FIELD, secret(number))
        tell("written", number)


def write_keyring(service: str) -> None:
    """What the child does that the program starts to store a secret: it is that one which is killed."""
    number = int(keyring_store.in_child({**asked(service), "fetch": "yes"})["value"].partition("-")[0])
    while True:
        number += 1
        if not keyring_store.in_child({**asked(service), "value": secret(number)[:1200]}):
            tell("written", number)


def asked(service: str) -> dict[str, str]:
    """A request to the credential store, which names its entry and the field it is for."""
    return {"service": service, "path": FIELD}


def apply_imports(place: str) -> None:
    file = Path(place)
    subject = Subject(store.read(file).profile, file)
    while True:
        held = stored(subject)
        number = held.generation + 1
        found = difference(held, imported(number))
        apply_references.apply(subject, found, AT + timedelta(minutes=number), found.moves)
        tell("written", number)


def until_killed(write: Callable[[str], None], place: str) -> None:
    if write is apply_imports:
        # What is imported here is not imported by each child anew: nearly all of them would die of that.
        difference(stored(Subject(store.read(Path(place)).profile, Path(place))), imported(1))
    if write is write_keyring:
        keyring_store.usable(FIELD)  # the same: what it loads
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            tell("started", os.getpid())
            write(place)
        os.waitpid(pid, 0)
        tell("ended", pid)


def count(place: str, own: int, seconds: float) -> None:
    """Says `done` with how many writes were acknowledged, refused and waited for in vain, and found lost."""
    file = Path(place)
    acknowledged = lost = 0
    told = {"changed_meanwhile": 0, "locked": 0}
    tell("ready")
    sys.stdin.readline()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        at = store.read(file)
        counters = [int(word) for word in at.profile.notes.split()]
        lost += counters[own] != acknowledged
        counters[own] = acknowledged + 1
        try:
            store.write(file, with_notes(at.profile, " ".join(map(str, counters))), at.digest)
        except ProfileError as error:
            told[error.problems[0].code] += 1
        else:
            acknowledged += 1
    tell("done", acknowledged, *told.values(), lost)


KILLED = {"profile": write_profiles, "secret": write_secrets, "keyring": write_keyring, "apply": apply_imports}

if __name__ == "__main__":
    mode, where, *more = sys.argv[1:]
    if mode in KILLED:
        until_killed(KILLED[mode], where)
    else:
        count(where, int(more[0]), float(more[1]))
