"""One build and one Windows machine for all tests of a file; both cost half a minute."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from installer import build as building
from installer import nsis, sources
from tests.installer.machine import PROGRAM, Done, Machine, missing

CACHE = sources.ROOT / "build" / "installer" / "cache"


@dataclass(frozen=True)
class Build:
    """What was built, the older release to upgrade from, and what the manifest says."""

    built: building.Built
    older: nsis.Job
    manifest: dict[str, Any]

    @property
    def listed(self) -> dict[str, str]:
        """Installed paths and their hashes; the manifest itself has none."""
        return {file["path"]: file["sha256"] for file in self.manifest["files"]}


@pytest.fixture(scope="session")
def python() -> sources.Python:
    if lacking := missing():
        pytest.skip(f"Debian packages that build and try the Windows installer are missing: {lacking}")
    CACHE.mkdir(parents=True, exist_ok=True)
    return sources.python_for_windows(CACHE, None, None)


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory, python: sources.Python) -> Build:
    """Built with the quick compression: the size that is asserted is then that of the larger one."""
    out = tmp_path_factory.mktemp("built")
    built = building.build(out, CACHE, python, quick=True)
    return Build(built, _older(out, built), json.loads(built.manifest.read_text(encoding="utf-8")))


def _older(out: Path, built: building.Built) -> nsis.Job:
    """A release before this one: without the large packages, and with a file that this one no longer has."""
    stage, work = out / "older", out / "older-work"
    work.mkdir()
    for file in (*(built.stage / "runtime").glob("*.*"), *built.stage.glob("*.exe")):
        target = stage / file.relative_to(built.stage)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
    wizard = Path("runtime", "Lib", "site-packages", "wizard")
    shutil.copytree(built.stage / wizard, stage / wizard)
    (stage / "examples").mkdir()
    gone = stage / "examples" / "gone.yaml"
    gone.write_text("was: here\n")
    os.utime(gone, (building.source_date(),) * 2)
    paths = tuple(sorted(file.relative_to(stage).as_posix() for file in stage.rglob("*") if file.is_file()))
    icon = built.stage.parent / "work" / "aps-wizard.ico"
    job = nsis.Job(out / "older-setup.exe", stage, paths, icon, "0.0.1", building.source_date(), True, "")
    nsis.compile_installer(job, work)
    return job


class Windows:
    """The machine with the installer at hand: tests ask for the program to be there, or not to be there."""

    def __init__(self, machine: Machine, build: Build) -> None:
        self.machine = machine
        self.build = build
        self.bare_files = machine.files()
        self.bare_folders = machine.folders()
        self.bare_registry = machine.registry("HKEY_LOCAL_MACHINE")
        self.seconds: list[float] = []
        """How long each installation took that was done."""

    @property
    def program(self) -> Path:
        """The installed folder."""
        return self.machine.path(PROGRAM)

    def setup(self, *options: str, installer: Path | None = None) -> Done:
        began = time.monotonic()
        done = self.machine.run(str(installer or self.build.built.installer), "/S", *options)
        if installer is None and done.code == 0:
            self.seconds.append(time.monotonic() - began)
        return done

    def installed(self) -> Windows:
        """Install unless it is installed."""
        if not (self.program / "uninstall.exe").exists():
            assert self.setup().code == 0
        return self

    def removed(self, *options: str, program: str = PROGRAM) -> Done:
        """Remove it and wait for that: without _?= the uninstaller goes on as a copy."""
        # Word by word, which wine puts together with blanks: in quotes what follows _?= would be taken with them.
        done = self.machine.run(program + r"\uninstall.exe", "/S", *options, *f"_?={program}".split(" "))
        # As itself it cannot delete itself, which the copy does.
        if done.code == 0:
            (self.machine.path(program) / "uninstall.exe").unlink()
            self.machine.path(program).rmdir()
        return done

    def cli(self, *words: str, **more: str) -> Done:
        """The installed command line."""
        return self.machine.run(PROGRAM + r"\aps-wizard-cli.exe", *words, **more)

    def python(self, code: str, **more: str) -> Done:
        """A piece of Python, run by the installed one."""
        file = self.machine.drive / "piece.py"
        file.write_text(code, encoding="utf-8")
        try:
            return self.machine.run(PROGRAM + r"\runtime\python.exe", r"C:\piece.py", **more)
        finally:
            file.unlink()

    def stored(self, profile: str, store: str, secret: str, code: int = 0) -> Done:
        """Store a password of the web service by the command line, from its standard input."""
        program = (
            "import subprocess, sys\n"
            f"words = [r'{PROGRAM}\\aps-wizard-cli.exe', 'secret', 'set', r'{profile}', 'webservice.password']\n"
            f"done = subprocess.run([*words, '--store', '{store}'], input='{secret}\\n'.encode('cp1252'),\n"
            "                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)\n"
            "sys.stdout.buffer.write(done.stdout)\n"
            "sys.exit(done.returncode)\n"
        )
        done = self.python(program)
        assert done.code == code, done.out
        return done

    def expected_files(self) -> dict[str, str]:
        """What is installed by the manifest, and the two that it cannot name with their hashes."""
        manifest, uninstaller = self.build.built.manifest, self.program / "uninstall.exe"
        files = {"manifest.json": manifest, "uninstall.exe": uninstaller}
        return self.build.listed | {name: sources.sha256(file.read_bytes()) for name, file in files.items()}

    def started(self, code: str, python: str = PROGRAM + r"\runtime\python.exe") -> subprocess.Popen[bytes]:
        """A piece of Python that goes on; whoever starts it ends it."""
        words = ["wine", python, "-c", code]
        return subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=self.machine.environment(),
        )  # fmt: skip


@pytest.fixture(scope="session")
def windows(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    machine = Machine(tmp_path_factory.mktemp("windows"))
    try:
        machine.start()
        yield Windows(machine, build)
    finally:
        machine.stop()
