"""Permissions of everything the program creates, even by an account that would open everything to all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.cli.calling import ROOT, Command, aps, environment
from wizard import log
from wizard.checklist import confirmations
from wizard.flow import draft_file
from wizard.flow import state as flow
from wizard.profile import store
from wizard.secrets import access, machine_store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX; Windows inherits access lists")

READ_BY_ALL, OWN = 0o644, 0o600
CREATED = {
    "config/profiles": 0o755,
    "config/profiles/*.yaml": READ_BY_ALL,
    "config/profiles/*.yaml.bak*": READ_BY_ALL,
    "config/profiles/.*.yaml.lock": READ_BY_ALL,
    "config/profiles/*.aps.sqlite": READ_BY_ALL,
    "config/profiles/secrets": 0o711,
    "config/profiles/secrets/*.sealed": OWN,
    "config/machine.key": OWN,
    "config/logs": 0o1777,
    "config/logs/*.log": OWN,
    "config": 0o755,
    "state": 0o700,
    "state/drafts": 0o700,
    "state/drafts/*.json": OWN,
    "state/drafts/*.lock": OWN,
    "out": 0o755,
    "out/export.yaml": READ_BY_ALL,
    "out/backup": OWN,
    "out/report.html": READ_BY_ALL,
    "out/diagnostics.zip": OWN,
    "out/grades": 0o755,
    "out/grades/*.csv": READ_BY_ALL,
}
"""Profiles and the APS store are for every account of the machine, the engines' among them, and hold no secret."""


@pytest.fixture
def open_habit() -> Iterator[None]:
    """An account whose umask takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_everything_that_is_created_is_as_open_as_it_has_to_be(
    command: Command, profile: Path, home: Path, open_habit: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home / "config" / "profiles"
    out = home / "out"
    out.mkdir(mode=0o755)
    monkeypatch.setenv("APS_PROFILE_DIR", str(folder))
    assert command("profile", "import", profile).code == 0
    file = folder / profile.name
    calls = (
        ("profile", "set", file, "notes=x"),
        ("profile", "set", file, "notes=y"),
        ("profile", "restore", file),
        ("profile", "export", file, "--out", out / "export.yaml"),
        ("grades", "import", file, "--apply"),
        ("grades", "export", file, out / "grades"),
        ("checklist", file, "--html", out / "report.html"),
        ("diagnostics", file, "--out", out / "diagnostics.zip"),
        ("check", file, "--only", "profile.valid", "--save"),
    )
    for call in calls:
        found = command(*call)
        assert found.code in (0, 1), found.err
    item = next(known.id for known in confirmations.BY_ID.values() if known.ask)
    confirmations.confirm(file, store.read(file).profile, item, "Ana", "seen")
    stored = aps("secret", "set", file, "webservice.password", "--store", "dpapi", input="canary-1\n")
    assert stored.returncode == 0, stored.stderr
    backup = aps("profile", "export", file, "--backup", "--out", out / "backup", input="a long passphrase\n")
    assert backup.returncode == 0, backup.stderr
    draft = draft_file.Draft(home / "state" / "drafts")
    draft.save(flow.open_profile(file))

    created = [path for path in home.rglob("*") if path != profile.parent and profile.parent not in path.parents]
    open_to = {str(path.relative_to(home)): stat.S_IMODE(path.stat().st_mode) for path in created}
    draft.close()
    log.close()
    unknown = [name for name in open_to if not any(fnmatch(name, pattern) for pattern in CREATED)]
    assert not unknown, "decide who may read it, and add it"
    for pattern, mode in CREATED.items():
        found = {name: oct(open_to[name]) for name in open_to if fnmatch(name, pattern) and _same_depth(name, pattern)}
        assert found, pattern
        assert set(found.values()) == {oct(mode)}, pattern
    for path in created:
        assert not path.is_file() or not access.readers(path) or stat.S_IMODE(path.stat().st_mode) == READ_BY_ALL


def _same_depth(name: str, pattern: str) -> bool:
    return name.count("/") == pattern.count("/")


def test_a_key_or_a_sealed_file_that_others_read_is_found(profile: Path, home: Path) -> None:
    """Somebody opened it by hand afterwards: reading the secret still works, and it is a finding."""
    reference = f"dpapi:{machine_store.file_for(profile, 'webservice.password')}"
    machine_store.store(reference.partition(":")[2], "webservice.password", "canary-1")
    sealed, key = Path(reference.partition(":")[2]), machine_store.key_file()
    for file in (sealed, key):
        assert machine_store.exposed(str(sealed), "webservice.password", None) is None
        file.chmod(0o644)
        found = machine_store.exposed(str(sealed), "webservice.password", None)
        assert found is not None
        assert found.code == "secret.exposed"
        file.chmod(0o600)


def test_what_the_system_refuses_is_said_in_words_of_this_program(command: Command, profile: Path) -> None:
    gone, folder = profile.parent / "no" / "such", profile.parent
    asked = {
        ("profile", "export", profile, "--out", gone): "There is no such file or folder.",
        ("profile", "schema", "--out", gone): "There is no such file or folder.",
        ("checklist", profile, "--html", gone): "There is no such file or folder.",
        ("diagnostics", profile, "--out", gone): "There is no such file or folder.",
        ("grades", "export", profile, profile): "There is a file where a folder is needed.",
        ("grades", "import", profile, "--from-csv", gone): "There is no such file or folder.",
        ("profile", "import", folder): "This is a folder, not a file.",
        ("profile", "list", "--profiles-dir", profile): "There is a file where a folder is needed.",
    }
    for words, said in asked.items():
        found = command(*words)
        assert (found.code != 0, said in found.err) == (True, True), (words, found)


def told(stdout: int, unbuffered: str) -> tuple[int, str]:
    """The exit code of a command whose output goes there, and what it says on standard error."""
    command = [sys.executable, "-m", "wizard", "grades", "capacity"]
    env = environment(PYTHONUNBUFFERED=unbuffered)
    done = subprocess.run(command, env=env, cwd=ROOT, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_who_reads_no_more_is_told_nothing(unbuffered: str) -> None:
    """As `head` does."""
    read, write = os.pipe()
    os.close(read)
    found = told(write, unbuffered)
    os.close(write)
    assert found == (1, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_output_is_said(unbuffered: str) -> None:
    with open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123 - a device
        assert told(full.fileno(), unbuffered) == (1, "The disk is full. Free some space and try again.\n")
