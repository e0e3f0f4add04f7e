"""Profiles on disk: found, read, written without loss, and never two writers at once."""

from __future__ import annotations

import errno
import io
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

import platformdirs
import psutil
import pytest

from tests.profile.samples import MINIMAL
from tests.profile.writers import with_notes
from wizard.flow import carry
from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_text, profile_to_text
from wizard.profile.models import Profile
from wizard.profile.yaml_text import SIZE_LIMIT

WRITERS = Path(__file__).with_name("writers.py")

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and limits of POSIX")


@pytest.fixture
def profile() -> Profile:
    return profile_from_text(MINIMAL)


def writer(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITERS), *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _raise(error: Exception) -> NoReturn:
    raise error


def code_of(error: pytest.ExceptionInfo[ProfileError], file: Path) -> str:
    (problem,) = error.value.problems
    assert problem.file == file
    assert problem.action
    return problem.code


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def temporary(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.endswith(".tmp"))


# Where profiles are


def test_the_folder_is_the_one_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APS_PROFILE_DIR")
    folder = store.default_folder()
    assert folder.name == "profiles"
    assert folder.parent == Path(platformdirs.site_config_dir("aps-wizard", appauthor=False))
    assert folder.is_absolute()
    assert Path.home() not in folder.parents


def test_aps_profile_dir_overrides_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("APS_PROFILE_DIR", str(tmp_path))
    assert store.default_folder() == tmp_path
    monkeypatch.setenv("APS_PROFILE_DIR", "")
    assert store.default_folder() != Path()


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Matriz São Paulo", "matriz-sao-paulo"),
        ("  Confecções & Cia. (01) ", "confeccoes-cia-01"),
        ("ÀÉÎÕÜÇ", "aeiouc"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\temp", "c-temp"),
        ("CON", "perfil-con"),
        ("nul", "perfil-nul"),
        ("Aux", "perfil-aux"),
        ("COM1", "perfil-com1"),
        ("com¹", "perfil-com1"),
        ("LPT9", "perfil-lpt9"),
        ("com10", "com10"),
        ("console", "console"),
        ("", "perfil"),
        ("...", "perfil"),
        ("東京", "perfil"),
        ("x" * 300, "x" * 60),
        ("x" * 59 + " yz", "x" * 59),
    ],
)
def test_a_file_name_is_one_that_every_system_takes(name: str, stem: str) -> None:
    assert store.file_stem(name) == stem


def test_a_profile_is_found_by_name_file_name_or_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "perfis"
    assert store.locate("Matriz São Paulo", folder) == folder / "matriz-sao-paulo.yaml"
    assert store.locate("matriz-sao-paulo", folder) == folder / "matriz-sao-paulo.yaml"
    assert store.locate("matriz-sao-paulo.yaml", folder) == folder / "matriz-sao-paulo.yaml"
    assert store.locate("Outro.YAML", folder) == folder / "Outro.YAML"
    assert store.locate("x/y.yaml", folder) == Path("x/y.yaml")
    assert store.locate(str(tmp_path / "y.yaml"), folder) == tmp_path / "y.yaml"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aqui.yaml").touch()
    assert store.locate("aqui.yaml", folder) == Path("aqui.yaml")


@pytest.mark.parametrize(
    ("name", "file"),
    [("Malharia S.A.", "malharia-s-a.yaml"), ("Filial v1.2", "filial-v1-2.yaml"), ("CON", "perfil-con.yaml")],
)
def test_a_name_with_a_dot_is_still_a_name(name: str, file: str, tmp_path: Path) -> None:
    assert store.locate(name, tmp_path) == tmp_path / file
    assert store.file_stem(name) + store.SUFFIX == file


def test_a_folder_of_the_same_name_does_not_hide_a_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matriz").mkdir()
    assert store.locate("matriz", tmp_path / "perfis") == tmp_path / "perfis" / "matriz.yaml"


# Reading


def test_a_profile_that_is_not_there_is_a_problem_with_an_action(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        store.read(tmp_path / "x.yaml")
    assert code_of(caught, tmp_path / "x.yaml") == "not_found"


@pytest.mark.parametrize("system", ["posix", "windows"])
def test_a_folder_is_not_a_profile(
    tmp_path: Path, profile: Profile, system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows opens no folder and calls it a missing permission, for which there is no other way to be had here."""
    if system == "windows":
        refuse = PermissionError(errno.EACCES, "Permission denied")
        monkeypatch.setattr(io, "open", lambda *_arguments, **_more: _raise(refuse))
    folder = tmp_path / "x.yaml"
    folder.mkdir()

    def write(path: Path) -> None:
        store.write(path, profile, None)

    for work in (store.read, carry.read_file, write):
        with pytest.raises(ProfileError) as caught:
            work(folder)
        (problem,) = caught.value.problems
        assert (problem.file, problem.message) == (folder, "This is a folder, not a file."), work


def read_so_far() -> int:
    """Bytes that this process has read from anywhere."""
    counted = psutil.Process().io_counters()
    return int(getattr(counted, "read_chars", counted.read_bytes))


def test_a_file_of_gigabytes_is_refused_without_reading_it(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    with file.open("wb") as handle:
        handle.truncate(SIZE_LIMIT * 20_000)
    before = read_so_far()
    with pytest.raises(ProfileError) as caught:
        store.read(file)
    assert caught.value.problems[0].code == "too_large"
    assert read_so_far() - before < 2 * SIZE_LIMIT


def test_entries_hold_also_what_cannot_be_read(tmp_path: Path, profile: Profile) -> None:
    store.write(tmp_path / "a.yaml", profile, None)
    (tmp_path / "b.yaml").write_text("nome: x\n", "utf-8")
    (tmp_path / "c.yaml").mkdir()
    (tmp_path / "leia-me.txt").touch()
    if os.name == "posix":
        (tmp_path / "d.yaml").symlink_to(tmp_path / "a.yaml")
        (tmp_path / "e.yaml").symlink_to(tmp_path / "nada.yaml")
        (tmp_path / "f.yaml").symlink_to(tmp_path / "f.yaml")
    found = {entry.path.name: entry for entry in store.entries(tmp_path)}
    assert found["a.yaml"].stored is not None
    assert found["a.yaml"].stored.profile == profile
    assert [problem.code for problem in found["b.yaml"].problems] == ["version_unknown"]
    assert [problem.code for problem in found["c.yaml"].problems] == ["unreadable"]
    if os.name == "posix":
        assert found["d.yaml"].stored is not None
        assert [problem.code for problem in found["e.yaml"].problems] == ["not_found"]
        assert [problem.code for problem in found["f.yaml"].problems] == ["unreadable"]
    assert list(found) == sorted(found)
    assert all((entry.stored is None) == bool(entry.problems) for entry in found.values())


def test_a_folder_that_is_not_there_has_no_entries(tmp_path: Path) -> None:
    assert store.entries(tmp_path / "x") == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("y", "There is a file"),
        ("y/below", "There is a file"),
        pytest.param("z" * 300, "long", marks=pytest.mark.skipif(os.name == "nt", reason="Windows says: not there")),
    ],
)
def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path, name: str, told: str) -> None:
    """Not as one without profiles; for permissions see the command `profile list`."""
    (tmp_path / "y").touch()
    with pytest.raises(ProfileError) as caught:
        store.entries(tmp_path / name)
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("unreadable", tmp_path / name)
    assert told in problem.message
    assert problem.action


def test_locks_backups_and_temporary_files_are_no_entries(tmp_path: Path, profile: Profile) -> None:
    stored = store.write(tmp_path / "a.yaml", profile, None)
    store.write(tmp_path / "a.yaml", profile, stored.digest)
    (tmp_path / ".a.yaml.1-0123abcd.tmp").touch()
    assert [entry.path.name for entry in store.entries(tmp_path)] == ["a.yaml"]


# Writing


def test_a_new_profile_makes_its_folder_and_reads_back(tmp_path: Path, profile: Profile) -> None:
    file = tmp_path / "a" / "b" / "x.yaml"
    stored = store.write(file, profile, None)
    assert store.read(file) == stored
    assert file.read_text("utf-8") == stored.text == profile_to_text(profile)
    assert visible(file.parent) == ["x.yaml"]


def test_a_new_profile_never_takes_the_place_of_another(tmp_path: Path, profile: Profile) -> None:
    file = tmp_path / "x.yaml"
    store.write(file, profile, None)
    with pytest.raises(ProfileError) as caught:
        store.write(file, with_notes(profile, "outro"), None)
    assert code_of(caught, file) == "exists"
    assert store.read(file).profile == profile
    assert visible(tmp_path) == ["x.yaml"]


def test_the_previous_version_is_kept_byte_by_byte(tmp_path: Path, profile: Profile) -> None:
    file = tmp_path / "x.yaml"
    by_hand = MINIMAL.replace("\n", "\r\n") + "# à mão\r\n"
    file.write_bytes(by_hand.encode())
    first = store.write(file, with_notes(profile, "1"), store.read(file).digest)
    assert (tmp_path / "x.yaml.bak").read_bytes() == by_hand.encode()
    store.write(file, with_notes(profile, "2"), first.digest)
    assert (tmp_path / "x.yaml.bak").read_bytes() == first.text.encode()
    assert (tmp_path / "x.yaml.bak2").read_bytes() == by_hand.encode()
    assert visible(tmp_path) == ["x.yaml", "x.yaml.bak", "x.yaml.bak2"]


def test_a_file_that_was_changed_meanwhile_is_left_as_it_is(tmp_path: Path, profile: Profile) -> None:
    file = tmp_path / "x.yaml"
    stored = store.write(file, profile, None)
    file.write_bytes(file.read_bytes() + b"# outro\n")
    with pytest.raises(ProfileError) as caught:
        store.write(file, with_notes(profile, "meu"), stored.digest)
    assert code_of(caught, file) == "changed_meanwhile"
    assert file.read_bytes().endswith(b"# outro\n")


def test_a_file_that_was_removed_meanwhile_stays_removed(tmp_path: Path, profile: Profile) -> None:
    file = tmp_path / "x.yaml"
    stored = store.write(file, profile, None)
    file.unlink()
    with pytest.raises(ProfileError) as caught:
        store.write(file, profile, stored.digest)
    assert code_of(caught, file) == "changed_meanwhile"
    assert not file.exists()


def test_a_model_that_would_not_read_back_is_never_put_in_place(tmp_path: Path, profile: Profile) -> None:
    file = tmp_path / "x.yaml"
    stored = store.write(file, profile, None)
    with pytest.raises(ProfileError) as caught:
        store.write(file, profile.model_copy(update={"name": " blanks "}), stored.digest)
    assert [(problem.code, problem.file) for problem in caught.value.problems] == [("outer_blanks", file)]
    assert store.read(file) == stored
    assert temporary(tmp_path) == []


def test_what_a_killed_writer_left_is_removed_and_nothing_else(tmp_path: Path, profile: Profile) -> None:
    ours = [".x.yaml.1-0123abcd.tmp", ".x.yaml.bak.77-89abcdef.tmp"]
    others = [
        ".x.yaml.y.yaml.1-0123abcd.tmp",
        ".y.yaml.1-0123abcd.tmp",
        ".x.yaml.tmp",
        "x.yaml.tmp",
        ".xayaml.1-0123abcd.tmp",
    ]
    for name in ours + others:
        (tmp_path / name).touch()
    store.write(tmp_path / "x.yaml", profile, None)
    assert temporary(tmp_path) == sorted(others)


def test_a_file_name_with_brackets_is_cleaned_up_too(tmp_path: Path, profile: Profile) -> None:
    (tmp_path / ".x[1].yaml.1-0123abcd.tmp").touch()
    (tmp_path / ".x1.yaml.1-0123abcd.tmp").touch()
    store.write(tmp_path / "x[1].yaml", profile, None)
    assert temporary(tmp_path) == [".x1.yaml.1-0123abcd.tmp"]


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o666])
def test_permissions_are_kept_and_given_to_the_backup(tmp_path: Path, profile: Profile, mode: int) -> None:
    file = tmp_path / "x.yaml"
    stored = store.write(file, profile, None)
    file.chmod(mode)
    before = os.umask(0o077)
    try:
        store.write(file, with_notes(profile, "2"), stored.digest)
    finally:
        os.umask(before)
    for name in ("x.yaml", "x.yaml.bak"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == mode


@posix
def test_a_new_profile_can_be_read_by_every_account(tmp_path: Path, profile: Profile) -> None:
    before = os.umask(0o022)
    try:
        store.write(tmp_path / "x.yaml", profile, None)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x.yaml").stat().st_mode) == 0o644


def test_the_largest_grades_that_the_model_takes_fit_in_a_file(tmp_path: Path) -> None:
    indicators = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    types = "".join(
        f'    - {{code: {99964 + n}, description: "{"é" * 60}", content_table: "{"t" * 61}", code_column: "{"c" * 61}",'
        f' description_column: "{"d" * 61}", per_company: true, indicator: "{indicator}", size: 5}}\n'
        for n, indicator in enumerate(indicators)
    )
    combinations = "    - [99999, 99998, 99997, 99996, 99995]\n" * 5000
    text = f'{MINIMAL}notes: "{"é" * 4000}"\ngrades:\n  types:\n{types}  combinations:\n{combinations}'
    profile = profile_from_text(text)
    assert store.write(tmp_path / "x.yaml", profile, None).profile == profile


# When the system refuses


def test_a_lock_held_by_another_process_is_waited_for_and_then_told(
    tmp_path: Path, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.yaml"
    stored = store.write(file, profile, None)
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.3)
    with writer("hold", file) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        start = time.monotonic()
        with pytest.raises(ProfileError) as caught:
            store.write(file, with_notes(profile, "2"), stored.digest)
        assert time.monotonic() - start >= 0.3
        assert code_of(caught, file) == "locked"
        assert f"(process {other.pid})" in str(caught.value)
        assert store.read(file) == stored
        other.communicate()
    assert store.write(file, with_notes(profile, "2"), stored.digest).profile.notes == "2"


def test_a_writer_waits_for_the_lock_and_then_writes(tmp_path: Path, profile: Profile) -> None:
    file = tmp_path / "x.yaml"
    with writer("hold", file) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        other.stdin.close()
        store.write(file, profile, None)
    assert store.read(file).profile == profile


def test_a_folder_that_cannot_be_made_is_a_problem_of_the_file(tmp_path: Path, profile: Profile) -> None:
    (tmp_path / "perfis").write_text("um arquivo", "utf-8")
    for file in (tmp_path / "perfis" / "x.yaml", tmp_path / "perfis" / "y" / "x.yaml"):
        with pytest.raises(ProfileError) as caught:
            store.write(file, profile, None)
        assert code_of(caught, file) == "unwritable"
    assert (tmp_path / "perfis").read_text("utf-8") == "um arquivo"


def test_a_folder_in_place_of_the_file_or_its_lock_is_a_problem_of_the_file(tmp_path: Path, profile: Profile) -> None:
    for name in ("x.yaml", ".y.yaml.lock"):
        (tmp_path / name).mkdir()
    for file in (tmp_path / "x.yaml", tmp_path / "y.yaml"):
        with pytest.raises(ProfileError) as caught:
            store.write(file, profile, "0" * 64)
        assert code_of(caught, file) == "unwritable"


@posix
def test_a_folder_that_refuses_new_files_leaves_the_old_profile(tmp_path: Path, profile: Profile) -> None:
    """A file name of the greatest length leaves no room for that of the temporary file, for root as well."""
    file = tmp_path / ("x" * 244 + ".yaml")
    file.write_text(MINIMAL, "utf-8")
    with pytest.raises(ProfileError) as caught:
        store.write(file, with_notes(profile, "2"), store.read(file).digest)
    assert code_of(caught, file) == "unwritable"
    assert file.read_text("utf-8") == MINIMAL


@posix
def test_a_full_disk_leaves_the_old_profile_and_no_rest(tmp_path: Path, profile: Profile) -> None:
    file = tmp_path / "x.yaml"
    stored = store.write(file, profile, None)
    with writer("limited", file) as other:
        answer, _ = other.communicate(timeout=30)
    assert answer == f"refused unwritable {file}\n"
    assert store.read(file) == stored
    assert temporary(tmp_path) == []
    assert store.write(file, with_notes(profile, "x" * 4000), stored.digest).profile.notes == "x" * 4000


def test_two_writers_lose_nothing(tmp_path: Path, profile: Profile) -> None:
    """Each write was made upon what was read: when all acknowledged marks stand in the end, none was overwritten."""
    file = tmp_path / "x.yaml"
    store.write(file, profile, None)
    with writer("append", file, 40, "a") as one, writer("append", file, 40, "b") as two:
        for each in (one, two):
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in (one, two):
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        answers = [one.communicate(timeout=60)[0], two.communicate(timeout=60)[0]]
    words = [line.split() for answer in answers for line in answer.splitlines()]
    written = [mark for word, mark in words if word == "written"]
    assert len(written) == 80
    assert sorted(store.read(file).profile.notes.split()) == sorted(written)
    refusals = {code for word, code in words if word == "refused"}
    assert "changed_meanwhile" in refusals
    assert refusals <= {"changed_meanwhile", "locked"}
    assert temporary(tmp_path) == []
