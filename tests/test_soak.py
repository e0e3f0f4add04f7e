"""The soak, a small part of it: what `run.py soak` does a thousand times and for minutes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import soak
from tests.malformed import DOORS, Door, Tally, feed
from wizard.profile import store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="one process is forked per kill")


@pytest.fixture
def folder(home: Path) -> Path:
    made = home / "profiles"
    made.mkdir()
    return made


@pytest.mark.parametrize("kills", [soak.profile_kills, soak.secret_kills, soak.apply_kills])
def test_writers_that_are_killed_lose_and_tear_nothing(kills: Callable[[Path, int], soak.Kills], folder: Path) -> None:
    found = kills(folder, 12)
    assert (found.kills, found.lost, found.torn) == (12, 0, 0)
    assert found.rests + found.finished + found.acknowledged > 0, "nothing was under way"


@pytest.mark.skipif(not shutil.which("gnome-keyring-daemon"), reason="gnome-keyring is not installed")
def test_a_writer_to_the_credential_store_that_is_killed_loses_nothing(folder: Path) -> None:
    check = "found = soak.keyring_kills(6); assert (found.kills, found.lost, found.torn) == (6, 0, 0), found; "
    assert soak.in_a_session(folder, check + "assert found.acknowledged + found.finished, found") == 0


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_malformed_files_are_told_with_their_place(door: Door, folder: Path) -> None:
    found = feed(door, folder, 300, seed=1)
    assert (found.files, found.crashes, found.hangs, found.without_place) == (300, [], 0, [])
    assert found.told > 30


def test_the_fuzzer_counts_what_it_is_there_for(folder: Path) -> None:
    """A door that falls, one that waits, and one that says nothing of the place."""

    def fed(read: Callable[[bytes], list[str] | None]) -> Tally:
        return feed(Door("broken", DOORS[0].samples, lambda _folder: read, 1), folder, 2, seed=1)

    def falls(_raw: bytes) -> list[str]:
        raise IndexError("x")

    def waits(_raw: bytes) -> list[str]:
        while True:
            pass

    assert len(fed(falls).crashes) == 2
    assert len(fed(lambda _raw: [""]).without_place) == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.malformed.HANG_SECONDS", 0.1)
        assert fed(waits).hangs == 2


def test_many_writers_are_acknowledged_or_told(folder: Path) -> None:
    found = soak.many_writers(folder, 3, 1.5)
    assert found.lost == 0
    assert found.acknowledged > 3
    assert found.changed_meanwhile > 0


def test_a_writer_that_lost_a_write_would_be_counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that forgets: the counter of an acknowledged write is set back behind the writers' backs."""
    file = folder / "x.yaml"
    real = soak._process

    def set_back(*arguments: object) -> object:
        if int(str(arguments[2])) == 1:
            stored = store.read(file)
            store.write(file, stored.profile.model_copy(update={"notes": "7 7"}), stored.digest)
        return real(*arguments)

    monkeypatch.setattr(soak, "_process", set_back)
    assert soak.many_writers(folder, 2, 0.5).lost > 0
