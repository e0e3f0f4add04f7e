"""A full disk, a read-only one, another account's folder, a file that is held: told, and the old content stays."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.profile.samples import MINIMAL
from tests.profile.writers import with_notes
from tests.second_account import second_account
from tests.small_disk import SmallDisk, small_disk
from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_text

PROFILE = profile_from_text(MINIMAL)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as made:
        yield made


def refusal(file: Path, expected: str | None, notes: str = "2") -> str:
    """What is told; the file and its versions have to be what they were, without a rest beside them."""
    before = {path.name: path.read_bytes() for path in file.parent.iterdir()}
    with pytest.raises(ProfileError) as caught:
        store.write(file, with_notes(PROFILE, notes), expected)
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("unwritable", file)
    assert problem.action
    after = {path.name: path.read_bytes() for path in file.parent.iterdir()}
    versions = ".bak" if file.exists() else ""
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed <= {f"{file.name}{versions}", f"{file.name}.bak2", f"{file.name}.bak3", f".{file.name}.lock"}
    assert file.name not in changed
    assert not [name for name in after if name.endswith((".tmp", ".holder"))]
    return problem.message


def test_a_full_disk_keeps_the_old_profile_and_takes_the_new_one_when_there_is_room(disk: SmallDisk) -> None:
    file = disk.folder / "x.yaml"
    stored = store.write(file, PROFILE, None)
    disk.fill()
    assert refusal(file, stored.digest) == "The disk is full."
    assert store.read(file) == stored
    disk.free()
    assert store.write(file, with_notes(PROFILE, "2"), stored.digest).profile.notes == "2"


def test_a_disk_that_fills_up_at_any_point_of_a_write_loses_nothing(disk: SmallDisk) -> None:
    """From no room at all to room for everything, page by page."""
    file = disk.folder / "x.yaml"
    stored = store.write(file, with_notes(PROFILE, "0" * 4000), None)
    for number in range(1, 4):
        stored = store.write(file, with_notes(PROFILE, str(number) * 4000), stored.digest)
    refused = written = 0
    for pages in range(12):
        disk.fill()
        with (disk.folder / "filler").open("r+b") as filler:
            filler.truncate((disk.folder / "filler").stat().st_size - pages * 4096)
        notes = chr(ord("a") + pages) * 4000
        kept = [store.read(version.file).profile.notes[0] for version in store.former(file)]
        told = ""
        try:
            stored = store.write(file, with_notes(PROFILE, notes), stored.digest)
        except ProfileError as error:
            told = error.problems[0].message
        assert told in ("", "The disk is full.")
        refused, written = refused + bool(told), written + (not told)
        now = [store.read(version.file).profile.notes[0] for version in store.former(file)]
        assert set(kept[:2]) <= {*now, stored.profile.notes[0]}
        assert store.read(file).profile == stored.profile
        disk.free()
    assert refused >= 2
    assert written >= 2


def test_a_new_profile_on_a_full_disk_is_told_and_leaves_nothing(disk: SmallDisk) -> None:
    disk.fill()
    assert refusal(disk.folder / "x.yaml", None) == "The disk is full."


def test_a_disk_that_can_only_be_read_is_told(disk: SmallDisk) -> None:
    file = disk.folder / "x.yaml"
    stored = store.write(file, PROFILE, None)
    disk.read_only(True)
    try:
        assert refusal(file, stored.digest) == "The folder can only be read."
    finally:
        disk.read_only(False)
    assert store.read(file) == stored


def test_a_folder_of_another_account_is_told() -> None:
    """The second account plays the person without the right to write."""
    with second_account() as account:
        folder = account.folder / "profiles"
        folder.mkdir()
        folder.chmod(0o755)
        stored = store.write(folder / "x.yaml", PROFILE, None)
        done = account.run(account.python, "-P", "-m", "wizard", "profile", "set", folder / "x.yaml", "notes=2")
        assert done.returncode == 1
        assert "This account may not use this file or its folder." in done.stderr
        assert store.read(folder / "x.yaml") == stored


def test_a_file_that_another_program_holds_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows says it; nothing else holds a file against a rename, so the refusal itself is a stand-in."""

    class Held(PermissionError):
        winerror = 32

    def refuse(self: Path, target: Path) -> Path:
        raise Held(errno.EACCES, "held")

    file = tmp_path / "x.yaml"
    stored = store.write(file, PROFILE, None)
    monkeypatch.setattr("wizard.profile.atomic.time.sleep", lambda seconds: None)
    monkeypatch.setattr(Path, "replace", refuse)
    assert refusal(file, stored.digest).startswith("Another program holds the file")


@pytest.mark.parametrize(
    "name", ["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM", "EIO", "ENOENT", "EISDIR", "ENOTDIR", "EEXIST"]
)
def test_every_refusal_has_a_sentence_and_an_action(name: str, tmp_path: Path) -> None:
    number = getattr(errno, name)
    problem = store.io_problem("unwritable", tmp_path, OSError(number, os.strerror(number)))
    assert problem.message.endswith(".")
    assert problem.action.endswith(".")
    assert name == "EIO" or os.strerror(number) not in problem.message
