"""The MSI of a small stage, read back by other tools than made it; test_installer.py installs the real one."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from installer import msi
from installer.sources import sha256
from tests.installer.reading_msi import files_of, table

FILES = {
    "aps-wizard.exe": b"MZ the window",
    "aps-wizard-cli.exe": b"MZ the command line",
    "manifest.json": b"{}",
    "examples/one & two.yaml": b"version: 1\n",
    "runtime/python.exe": b"MZ python",
    "runtime/on_machine.py": b"print()\n",
    "runtime/Lib/site-packages/a/__init__.py": b"",
    "runtime/Lib/site-packages/b/__init__.py": b"b = 'the same name again'\n",
}


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    if lacking := [tool for tool in (*msi.TOOLS, "msiextract") if not shutil.which(tool)]:
        pytest.skip(f"Debian packages that make and read an MSI are missing: {lacking}")
    for path, data in FILES.items():
        file = tmp_path / "stage" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return tmp_path / "stage"


def made(stage: Path, name: str = "one", version: str = "1.2.3", manifest: bytes = b"one") -> Path:
    work = stage.parent / name
    work.mkdir()
    target = work / "made.msi"
    msi.compile_msi(msi.Job(target, stage, tuple(FILES), version, sha256(manifest), 1_700_000_000), work)
    return target


def test_every_file_comes_out_as_it_went_in(stage: Path, tmp_path: Path) -> None:
    found = files_of(made(stage), tmp_path / "out")
    assert found == {path: hashlib.sha256(data).hexdigest() for path, data in FILES.items()}


def test_a_release_replaces_the_one_before_and_no_newer_one(stage: Path) -> None:
    first, second = made(stage, "first", "1.2.3"), made(stage, "second", "1.3.0", b"two")
    properties = [dict(row[:2] for row in table(file, "Property")) for file in (first, second)]
    assert [each["ProductVersion"] for each in properties] == ["1.2.3", "1.3.0"]
    assert {each["UpgradeCode"] for each in properties} == {msi.UPGRADE_CODE}
    assert properties[0]["ProductCode"] != properties[1]["ProductCode"]
    assert properties[0]["ALLUSERS"] == "1"
    older, newer = sorted(table(second, "Upgrade"), key=lambda row: row[4])
    assert (older[0], older[2], newer[1]) == (msi.UPGRADE_CODE, "1.3.0", "1.3.0")
    assert [row[0] for row in table(second, "LaunchCondition") if "WIX" in row[0]] == ["NOT WIX_DOWNGRADE_DETECTED"]
    # The same file is the same component in every release, or the older one would take it along.
    assert [row[:2] for row in table(first, "Component")] == [row[:2] for row in table(second, "Component")]


def test_the_same_files_give_the_same_bytes_at_any_time(stage: Path) -> None:
    first = made(stage, "first")
    time.sleep(1.1)
    for file in stage.rglob("*"):
        file.touch()
    assert made(stage, "second").read_bytes() == first.read_bytes()
    told = subprocess.run(["msiinfo", "suminfo", first], capture_output=True, text=True, check=True).stdout
    assert msi.code_of(f"package {sha256(b'one')}") in told


def test_the_folders_are_made_after_the_files_are_there_and_with_the_rights_for_it(stage: Path) -> None:
    database = made(stage)
    ((action, kind, file, words, *_),) = table(database, "CustomAction")
    program, deferred, as_the_system = 0x12, 0x400, 0x800
    assert int(kind) == program | deferred | as_the_system
    assert words == r'"[INSTALLDIR]runtime\on_machine.py" install --engines "[ENGINES]"'
    assert next(row[2] for row in table(database, "File") if row[0] == file) == "python.exe"
    order = {row[0]: int(row[2]) for row in table(database, "InstallExecuteSequence")}
    assert order["InstallFiles"] < order[action] < order["InstallFinalize"]


def test_the_start_menu_and_the_registry_are_those_of_the_installer(stage: Path) -> None:
    database = made(stage)
    assert [(row[2], row[4], row[5]) for row in table(database, "Shortcut")] == list(msi.ENTRIES)
    keys = {(row[2], row[3]) for row in table(database, "Registry")}
    assert keys == {(key, name) for key, name, _kind, _value in msi.REGISTRY}
    installer = (Path(msi.__file__).parent / "installer.nsi").read_text(encoding="utf-8")
    for text in (
        r"Software\aps-wizard",
        "aps-wizard.profile",
        r"EventLog\Application\aps-engine",
        str(msi.LEAST_BUILD),
    ):
        assert text in installer
        assert text in msi.source(msi.Job(database, stage, tuple(FILES), "1.2.3", "", 0), stage)
