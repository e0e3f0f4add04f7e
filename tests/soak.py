"""`python3 run.py soak [NAME...]`: what takes minutes. Kills, malformed files, many writers; the numbers are printed.

`--part 100` does a hundredth of everything. Exit code 1 when anything was lost, torn, crashed or hung.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.grades.imports import AT
from tests.malformed import DOORS, feed
from tests.soak_processes import CONTENTS, FIELD, RENUMBERED, asked, imported, secret
from wizard.checklist.check import Subject
from wizard.connection.aps_store import default_file
from wizard.grades.apply_references import apply
from wizard.grades.difference import difference
from wizard.grades.reference_store import backups, stored
from wizard.profile import store, versions
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_text
from wizard.profile.models import Profile
from wizard.secrets import keyring_store, machine_store, references

ROOT = Path(__file__).resolve().parent.parent
PROFILE = ROOT / "profiles" / "example-sqlite.yaml"
KILLS, FILES, WRITERS, WRITING_SECONDS = 1000, 120_000, 10, 60.0


@dataclass(frozen=True)
class Kills:
    """What kills did: how many, at how many a write was under way, and what was lost or torn."""

    kills: int = 0
    acknowledged: int = 0
    """Writes that were acknowledged before the kills."""
    finished: int = 0
    """The write under way stood after the kill although nobody could be told."""
    rests: int = 0
    """The kill left a temporary file or an open transaction: it struck in the middle."""
    lost: int = 0
    torn: int = 0


Judge = Callable[[], int | None]
"""The generation that stands now; None when what stands is no whole generation."""


LONGEST = {"profile": 0.08, "secret": 0.1, "keyring": 0.25, "apply": 0.3}
"""Seconds after which a writer is killed at the latest: the time of a few writes."""


def killed(mode: str, place: Path | str, kills: int, judge: Judge, rests: Callable[[], bool]) -> Kills:
    """Kill a writer so often, each time at a random moment."""
    chance = random.Random(f"{mode} {kills}")  # noqa: S311 - moments, no secret
    found = Kills()
    with _process(mode, place) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        last = judge() or 0
        for _n in range(kills):
            process.stdin.write("go\n")
            process.stdin.flush()
            _started, number = process.stdout.readline().split()
            time.sleep(chance.random() * LONGEST[mode])
            os.kill(int(number), signal.SIGKILL)
            told = 0
            while (answer := process.stdout.readline().split())[0] == "written":
                told, last = told + 1, int(answer[1])
            struck, stands = rests(), judge()
            found = replace(
                found,
                kills=found.kills + 1,
                acknowledged=found.acknowledged + told,
                finished=found.finished + (stands == last + 1),
                rests=found.rests + struck,
                lost=found.lost + (stands is not None and stands not in (last, last + 1)),
                torn=found.torn + (stands is None),
            )
            last = last if stands is None else stands
    return found


@contextmanager
def _process(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.soak_processes", *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=ROOT, **pipes) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def profile_kills(folder: Path, kills: int) -> Kills:
    """Kills of a writer of profiles; the former versions have to be whole and of the generations before, too."""
    file = folder / "x.yaml"
    first = profile_from_text(PROFILE.read_text("utf-8")).model_copy(update={"notes": "0"})
    store.write(file, first, None)

    def generation(path: Path) -> int | None:
        try:
            profile: Profile = store.read(path).profile
        except ProfileError:
            return None
        return int(profile.notes) if profile == first.model_copy(update={"notes": profile.notes}) else None

    def judge() -> int | None:
        now = generation(file)
        kept = [generation(version.file) for version in store.former(file)]
        if now is None or None in kept:
            return None
        # The last one may be the present one already; before it, one after the other without a gap.
        newest = kept[0] if kept else now
        expected = list(range(newest or 0, -1, -1))[: len(kept)]
        whole = kept == expected and newest in (now, now - 1) and len(kept) >= min(now - 1, versions.KEPT - 1)
        return now if whole else None

    return killed("profile", file, kills, judge, lambda: _temporary(folder))


def secret_kills(folder: Path, kills: int) -> Kills:
    """Kills of a writer of secrets in the machine store."""
    file = machine_store.file_for(folder / "x.yaml", FIELD)
    reference = f"dpapi:{file}"
    references.store(reference, FIELD, secret(0))

    def judge() -> int | None:
        value = references.fetch(reference, FIELD)
        number = int(value.partition("-")[0])
        return number if value == secret(number) else None

    return killed("secret", reference, kills, judge, lambda: _temporary(file.parent))


def keyring_kills(kills: int) -> Kills:
    """Kills of a writer of secrets in the credential store of the session, which has to be there and unlocked."""
    service = f"aps-wizard/soak-{os.getpid()}/{FIELD}"
    keyring_store.in_child({**asked(service), "value": secret(0)[:1200]})

    def judge() -> int | None:
        value = keyring_store.in_child({**asked(service), "fetch": "yes"}).get("value", "")
        number = value.partition("-")[0]
        return int(number) if number and value == secret(int(number))[:1200] else None

    return killed("keyring", service, kills, judge, lambda: False)


def in_a_session(folder: Path, code: str) -> int:
    """Run a statement in a session of its own with an unlocked gnome-keyring. Gives the exit code."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    own = {"XDG_RUNTIME_DIR": str(runtime), "XDG_DATA_HOME": str(runtime), "HOME": str(runtime)}
    text = f"from tests import soak\nfrom tests.secrets import ask_store\nwith ask_store.unlocked('x'):\n    {code}"
    command = ["dbus-run-session", "--", sys.executable, "-c", text]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, check=False).returncode


def apply_kills(folder: Path, kills: int) -> Kills:
    """Kills of an import of grades that is applied to the APS store, renumberings with their backups among them."""
    file = folder / "x.yaml"
    profile = profile_from_text(PROFILE.read_text("utf-8"))
    profile = profile.model_copy(update={"aps": profile.aps.model_copy(update={"url": None})})
    store.write(file, profile, None)
    subject = Subject(profile, file)
    apply(subject, difference(stored(subject), imported(1)), AT)
    database = default_file(file)

    def judge() -> int | None:
        held = stored(subject)
        rows = next(iter(held.contents.values())).to_pylist()
        named = Counter(row["description"].partition(" / ")[2] for row in rows)
        references_of = {row["reference"] for row in rows}
        with closing(sqlite3.connect(database)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = backups(subject)
        whole = (
            sound
            and named == {str(held.generation): CONTENTS}
            and len(references_of) == CONTENTS
            and len(kept) == held.generation // RENUMBERED
            and all(backup.contents == CONTENTS for backup in kept)
        )
        return held.generation if whole else None

    return killed("apply", file, kills, judge, database.with_name(database.name + "-journal").exists)


def _temporary(folder: Path) -> bool:
    return any(path.name.endswith(".tmp") for path in folder.iterdir())


@dataclass(frozen=True)
class Written:
    """What writers of one profile were told: acknowledged, or one of two refusals; and what they then missed."""

    acknowledged: int
    changed_meanwhile: int
    locked: int
    lost: int


def many_writers(folder: Path, count: int, seconds: float) -> Written:
    """So many processes write the same profile for so long, each its own counter in the notes."""
    file = folder / "x.yaml"
    first = profile_from_text(PROFILE.read_text("utf-8"))
    store.write(file, first.model_copy(update={"notes": " ".join(["0"] * count)}), None)
    with ExitStack() as stack:
        processes = [stack.enter_context(_process("count", file, own, seconds)) for own in range(count)]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        answers = []
        for process in processes:
            assert process.stdout is not None
            answers.append([int(word) for word in process.stdout.readline().split()[1:]])
    counters = [int(word) for word in store.read(file).profile.notes.split()]
    missing = sum(counter != answer[0] for counter, answer in zip(counters, answers, strict=True))
    acknowledged, changed, locked, lost = (sum(column) for column in zip(*answers, strict=True))
    return Written(acknowledged, changed, locked, lost + missing)


# --- the table ---------------------------------------------------------------------------------


def _say_kills(name: str, found: Kills) -> bool:
    # What a store of the system leaves in its middle is not seen from here.
    middle = f"{found.rests} in the middle of a write, " if name != "keyring" else ""
    print(
        f"{name}: {found.kills} kills, {middle}{found.finished} between writing and"
        f" telling, {found.acknowledged} writes acknowledged: {found.lost} lost, {found.torn} torn",
        flush=True,
    )
    return not found.lost and not found.torn


def soak_profile(folder: Path, part: int) -> bool:
    return _say_kills("profile", profile_kills(folder, KILLS // part))


def soak_apply(folder: Path, part: int) -> bool:
    return _say_kills("apply", apply_kills(folder, KILLS // part))


def soak_secret(folder: Path, part: int) -> bool:
    return _say_kills("secret", secret_kills(folder, KILLS // part))


def soak_keyring(folder: Path, part: int) -> bool:
    if not all(map(shutil.which, ("dbus-run-session", "gnome-keyring-daemon"))):
        print("keyring: left out, there is no gnome-keyring here", flush=True)
        return True
    return in_a_session(folder, f"raise SystemExit(not soak.say_keyring_kills({KILLS // part}))") == 0


def say_keyring_kills(kills: int) -> bool:
    """What runs in the session."""
    return _say_kills("keyring", keyring_kills(kills))


def soak_malformed(folder: Path, part: int) -> bool:
    good = True
    for door in DOORS:
        tally = feed(door, folder, FILES * door.share // 100 // part, seed=20260131)
        good &= not (tally.crashes or tally.hangs or tally.without_place)
        print(
            f"malformed {door.name}: {tally.files} files, {tally.told} told with their place, {tally.still_good} still"
            f" good: {len(tally.crashes)} crashes, {tally.hangs} hangs, {len(tally.without_place)} without a place;"
            f" the slowest took {tally.slowest * 1000:.0f} ms",
            flush=True,
        )
        for text in (*tally.crashes[:3], *tally.without_place[:3]):
            print("   " + text)
    return good


def soak_writers(folder: Path, part: int) -> bool:
    seconds = WRITING_SECONDS / part
    found = many_writers(folder, WRITERS, seconds)
    print(
        f"writers: {WRITERS} processes, {seconds:g} s, {found.acknowledged} writes acknowledged, "
        f"{found.changed_meanwhile} told that the file had changed, {found.locked} told who holds it: "
        f"{found.lost} lost",
        flush=True,
    )
    return not found.lost


COMMANDS: dict[str, Callable[[Path, int], bool]] = {
    "profile": soak_profile,
    "apply": soak_apply,
    "secret": soak_secret,
    "keyring": soak_keyring,
    "malformed": soak_malformed,
    "writers": soak_writers,
}


def main(arguments: list[str]) -> int:
    """Run what was named, or everything."""
    parser = argparse.ArgumentParser(prog="run.py soak")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(COMMANDS))
    parser.add_argument("--part", type=int, default=1, help="do only this part of everything: 100 is a hundredth")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(COMMANDS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(COMMANDS)}")
    good = True
    for name in options.names or COMMANDS:
        with tempfile.TemporaryDirectory(prefix="aps-wizard-soak-") as folder:
            os.environ["APS_PROFILE_DIR"] = str(Path(folder) / "profiles")
            os.environ["APS_LOG_DIR"] = str(Path(folder) / "logs")
            (Path(folder) / "profiles").mkdir()
            began = time.monotonic()
            good &= COMMANDS[name](Path(folder) / "profiles", options.part)
            print(f"   {time.monotonic() - began:.0f} s", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
