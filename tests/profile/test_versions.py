"""Former versions: three of them, whatever dies; put back byte by byte; and files that are links."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from tests.profile.samples import MINIMAL
from tests.profile.writers import with_notes
from wizard.profile import store, versions
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_text

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX")


def notes_of(file: Path) -> str:
    return profile_from_text(file.read_text("utf-8")).notes


def reads(text: str) -> bool:
    return bool(profile_from_text(text))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A profile that was written as 0, 1, 2, 3 and 4."""
    path = tmp_path / "x.yaml"
    profile = profile_from_text(MINIMAL)
    stored = store.write(path, with_notes(profile, "0"), None)
    for number in range(1, 5):
        stored = store.write(path, with_notes(profile, str(number)), stored.digest)
    return path


def kept(file: Path) -> list[str]:
    return [notes_of(version.file) for version in store.former(file)]


def write(file: Path, notes: str) -> None:
    stored = store.read(file)
    store.write(file, with_notes(stored.profile, notes), stored.digest)


def test_the_last_three_versions_are_kept(file: Path) -> None:
    assert kept(file) == ["3", "2", "1"]
    assert [version.number for version in store.former(file)] == [1, 2, 3]
    assert sorted(path.name for path in file.parent.iterdir() if not path.name.startswith(".")) == [
        "x.yaml",
        "x.yaml.bak",
        "x.yaml.bak2",
        "x.yaml.bak3",
    ]


def test_a_version_is_as_old_as_its_content(file: Path) -> None:
    os.utime(file, (1_700_000_000, 1_700_000_000))
    write(file, "5")
    assert store.former(file)[0].written.timestamp() == 1_700_000_000


def test_writing_what_stands_there_makes_no_version(file: Path) -> None:
    write(file, "4")
    assert kept(file) == ["3", "2", "1"]


def test_a_version_that_was_kept_before_a_death_is_not_kept_twice(file: Path) -> None:
    """As after a kill between keeping the version and replacing the file."""
    versions.keep(file, file.read_bytes())
    write(file, "5")
    assert kept(file) == ["4", "3", "2"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="being another account needs root")
def test_a_version_that_another_account_kept_in_a_shared_folder_does_not_stop_the_next_write() -> None:
    """As after a write of that account that was refused at the last moment, such as by a full credential store."""
    nobody = 65534
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        file = Path(folder, "x.yaml")
        profile = profile_from_text(MINIMAL)
        stored = store.write(file, with_notes(profile, "1"), None)
        versions.keep(file, file.read_bytes())
        os.seteuid(nobody)
        try:
            store.write(file, with_notes(profile, "2"), stored.digest)
        finally:
            os.seteuid(0)
        assert file.stat().st_uid == nobody
        assert kept(file) == ["1"]


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_place_that_a_death_left_empty_is_filled_and_nothing_older_goes(file: Path, missing: int) -> None:
    before = kept(file)
    versions.file_of(file, missing).unlink()
    write(file, "5")
    assert kept(file) == ["4", *(notes for number, notes in enumerate(before, 1) if number != missing)]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_version_is_put_back_byte_by_byte_and_what_stood_there_is_kept(file: Path, number: int) -> None:
    wanted = versions.file_of(file, number)
    wanted.write_bytes(wanted.read_bytes().replace(b"\n", b"\r\n") + b"# a hand\r\n")
    content, present = wanted.read_bytes(), file.read_bytes()
    digest = store.restore(file, number, reads)
    assert file.read_bytes() == content
    assert store.read(file).digest == digest
    assert versions.file_of(file, 1).read_bytes() == present
    store.restore(file, 1, reads)
    assert file.read_bytes() == present


@pytest.mark.parametrize("state", ["damaged", "gone"])
def test_a_file_that_cannot_be_read_is_put_back_too(file: Path, state: str) -> None:
    if state == "gone":
        file.unlink()
    else:
        file.write_bytes(b"\xff\x00")
    store.restore(file, 1, reads)
    assert notes_of(file) == "3"
    assert versions.file_of(file, 1).read_bytes() == b"\xff\x00" or state == "gone"


def test_a_version_that_is_none_is_not_put_back(file: Path) -> None:
    versions.file_of(file, 2).write_text("version: 1\nsenha: x\n", "utf-8")
    before = file.read_bytes()
    with pytest.raises(ProfileError) as caught:
        store.restore(file, 2, reads)
    assert {problem.file for problem in caught.value.problems} == {versions.file_of(file, 2)}
    assert file.read_bytes() == before
    assert kept_files(file) == 3


def kept_files(file: Path) -> int:
    return len(store.former(file))


@pytest.mark.parametrize("number", [0, 3, 4, -1])
def test_a_version_that_is_not_there_is_a_problem(file: Path, number: int) -> None:
    versions.file_of(file, 3).unlink()
    with pytest.raises(ProfileError) as caught:
        store.restore(file, number, reads)
    assert [(problem.code, problem.file) for problem in caught.value.problems] == [("no_version", file)]


@posix
def test_versions_are_no_more_readable_than_the_file(file: Path) -> None:
    file.chmod(0o600)
    write(file, "5")
    assert {stat.S_IMODE(version.file.stat().st_mode) for version in store.former(file)} == {0o600}


# --- links -------------------------------------------------------------------------------------


@posix
def test_a_link_stays_a_link_and_its_target_is_written(file: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder" / "link.yaml"
    link.symlink_to("../x.yaml")
    stored = store.read(link)
    written = store.write(link, with_notes(stored.profile, "5"), stored.digest)
    assert written.path == link
    assert link.is_symlink()
    assert notes_of(file) == "5"
    assert kept(link) == kept(file) == ["4", "3", "2"]
    store.restore(link, 1, reads)
    assert link.is_symlink()
    assert notes_of(file) == "4"
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["link.yaml"]


@posix
def test_writers_of_a_link_and_of_its_target_share_one_lock(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.1)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    with store.locked(file, 1), pytest.raises(ProfileError) as caught:
        write(link, "5")
    assert [(problem.code, problem.file) for problem in caught.value.problems] == [("locked", link)]


@posix
def test_a_link_to_nothing_makes_its_target_and_one_to_itself_is_told(tmp_path: Path) -> None:
    profile = profile_from_text(MINIMAL)
    (tmp_path / "a.yaml").symlink_to("b.yaml")
    store.write(tmp_path / "a.yaml", profile, None)
    assert (tmp_path / "a.yaml").is_symlink()
    assert (tmp_path / "b.yaml").is_file()
    (tmp_path / "c.yaml").symlink_to("c.yaml")
    with pytest.raises(ProfileError) as caught:
        store.write(tmp_path / "c.yaml", profile, None)
    assert [(problem.code, problem.file) for problem in caught.value.problems] == [("unwritable", tmp_path / "c.yaml")]
    assert (tmp_path / "c.yaml").is_symlink()
