"""The project's own tests on the Windows machine: their packages are unpacked there, the program is the installed one.

What is skipped there is skipped on every Windows. A test takes half a second more than here, since Windows of wine is
slow to say which processes and ports there are; so these are the files that Windows concerns most.
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
from tests.installer.machine import Machine

FILES = (
    "tests/connection/test_data_sources_windows.py",
    "tests/engine/test_windows_task.py",
)

_PACKAGES = ("pytest", "pluggy", "iniconfig", "packaging", "hypothesis", "sortedcontainers", "psutil", "pytest-timeout")

_GO = r"""
import os, sys
# The installed Python is isolated: what the tests need is lent to this one process.
sys.path[:0] = [r"C:\suite\lib", r"C:\suite"]
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


def put(machine: Machine, cache: Path) -> tuple[str, ...]:
    """Put the tests on the machine. Gives the words after python.exe that run them."""
    place = machine.drive / "suite"
    wheels = _wheels(cache / "test-wheels")
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(place / "lib")
    shutil.copytree(sources.ROOT / "tests", place / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    (place / "go.py").write_text(_GO, encoding="utf-8")
    (place / "pytest.ini").write_text(_SETTINGS, encoding="utf-8")
    return (r"C:\suite\go.py", *FILES)


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
