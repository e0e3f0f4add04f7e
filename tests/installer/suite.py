"""The project's own tests on the Windows machine: their packages are unpacked there, the program is the installed one.

What is skipped there is skipped on every Windows, but for tests that need a disk with access lists. Run are the files
whose subject Windows does in its own way: children and how they are ended, the credential store and the machine store,
locks and files that are replaced, read-only files and folders, the places of profiles, drafts and logs, data sources in
the registry, tasks of schtasks.

Not run, and why:
- tests/gui, and of tests/flow all but files and paths: the same on every system; pictures of all pages are taken and
  looked at by tests/installer itself. tests/connection, tests/webservice, tests/grades: their servers and drivers are
  those of Debian; the query of tests/installer goes through wine's odbc32.
- tests/cli, tests/checklist: a process for each test, two seconds on wine; tests/installer starts what is in them most.
- tests/profile but for files and locks: computation, 700 tests and two minutes on wine; all but a few passed there.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from installer import sources
from installer.contents import PYTHON
from tests.installer.machine import PROGRAM, Done, Machine

FILES = (
    "tests/connection/test_data_sources_windows.py",
    "tests/engine/test_windows_task.py",
    "tests/flow/test_draft_file.py",
    "tests/flow/test_paths.py",
    "tests/isolated",
    "tests/profile/test_atomic.py",
    "tests/profile/test_locking.py",
    "tests/profile/test_refused_writes.py",
    "tests/profile/test_store.py",
    "tests/profile/test_versions.py",
    "tests/secrets",
    "tests/test_log.py",
)

WITHOUT = ("fifty_jobs", "that_forgets", "cannot_be_loaded", "in_plain_text", "in_its_own_way", "gives_back_another")
"""Words in the names of tests in these files that are the same on every system and start many processes."""

_PACKAGES = (
    "pytest", "pluggy", "iniconfig", "packaging", "hypothesis", "sortedcontainers", "psutil", "pytest-timeout",
    "jsonschema", "jsonschema-specifications", "referencing", "rpds-py", "tzdata",
)  # fmt: skip

_ISOLATION = PROGRAM + r"\runtime\python311._pth"
_LENT = """# The installed Python is isolated, and so are its children: while tests run this gives them PYTHONPATH back.
import os, sys
places = [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
sys.path[:0] = places
for place in places:
    file = os.path.join(place, "sitecustomize.py")
    if os.path.exists(file):
        with open(file, encoding="utf-8") as text:
            exec(compile(text.read(), file, "exec"))
        break
"""

_GO = r"""
import os, sys
os.chdir(r"C:\suite")
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""

_SETTINGS = """[pytest]
addopts = --strict-markers --import-mode=importlib --tb=short -q -p no:cacheprovider
timeout = 60
filterwarnings = error
markers =
    seed(*ids): the rules that this test realises
"""


def put(machine: Machine, cache: Path) -> None:
    """Put the tests on the machine, and what they need beside the installed program."""
    place = machine.drive / "suite"
    for wheel in _wheels(cache / "test-wheels"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(place / "lib")
    for name in ("tests", "profiles", "resources"):
        shutil.copytree(sources.ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "go.py").write_text(_GO, encoding="utf-8")
    (place / "pytest.ini").write_text(_SETTINGS, encoding="utf-8")
    (place / "lent").mkdir()
    (place / "lent" / "sitecustomize.py").write_text(_LENT, encoding="utf-8")


def run(machine: Machine, *words: str) -> Done:
    """Run pytest there with the installed Python, which for so long is isolated but for the folders of the tests."""
    isolation = machine.path(_ISOLATION)
    before = isolation.read_bytes()
    chosen = " and ".join(f"not {words}" for words in WITHOUT)
    isolation.write_bytes(before.rstrip() + b"\nC:\\suite\\lent\nimport site\n")
    try:
        places = r"C:\suite\lib;C:\suite"
        program = (PROGRAM + r"\runtime\python.exe", r"C:\suite\go.py", "-k", chosen)
        return machine.run(*program, *words, timeout=540, PYTHONPATH=places)
    finally:
        isolation.write_bytes(before)


def _wheels(folder: Path) -> list[Path]:
    """The wheels for Windows of what the tests use, by the hashes of requirements/test.txt and core.txt."""
    lines: dict[str, str] = {}
    for group in ("test", "core"):
        text = (sources.PINS.parent / f"{group}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
        lines |= {re.split(r"==", line)[0]: line.partition(" ; ")[0] + _hashes(line) for line in text.splitlines()}
    folder.mkdir(parents=True, exist_ok=True)
    pins = folder / "pins.txt"
    wanted = "\n".join(lines[name] for name in (*_PACKAGES, "colorama"))
    if not pins.exists() or pins.read_text(encoding="utf-8") != wanted:
        for old in folder.iterdir():
            old.unlink()
        fresh = folder / "fresh.txt"
        fresh.write_text(wanted, encoding="utf-8")
        own = subprocess.run([sys.executable, "-m", "pip", "-V"], capture_output=True, check=False).returncode == 0
        subprocess.run([
            *([sys.executable, "-m", "pip"] if own else ["pip"]), "download", "-q", "--disable-pip-version-check",
            "--no-deps", "--require-hashes", "--only-binary=:all:", "--platform", "win_amd64",
            "--python-version", PYTHON, "--implementation", "cp", "-r", str(fresh), "-d", str(folder),
        ], check=True)  # fmt: skip
        fresh.rename(pins)
    return sorted(folder.glob("*.whl"))


def _hashes(line: str) -> str:
    """The hashes of a pin that is for some systems only: the condition before them is judged here, not there."""
    return "  " + " ".join(re.findall(r"--hash=\S+", line)) if " ; " in line else ""
