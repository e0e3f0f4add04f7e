"""A second local account, really made and removed again, and a program that it can run.

Needs root, as a server's administrator is. The interpreter of the tests may lie in a home folder that nobody
else enters; then one of the system of the same version runs the same packages from an environment of its own.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Account:
    """The account, a folder that it may enter, and a Python of ours that it may start."""

    name: str
    folder: Path
    python: Path

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        """Run a program as the account, with a login's environment."""
        call = ["runuser", "-u", self.name, "--", *map(str, words)]
        env = {"PATH": os.environ["PATH"], "APS_LANG": "en"}
        return subprocess.run(call, capture_output=True, text=True, timeout=60, check=False, env=env, cwd="/")

    def wizard(self, *words: object, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run `aps-wizard` as this process's account, with the program that the other one can start too."""
        env = {**os.environ, "APS_LANG": "en", "PYTHONPATH": ""}
        call = [str(self.python), "-P", "-m", "wizard", *map(str, words)]
        return subprocess.run(
            call, input=typed, capture_output=True, text=True, timeout=100, check=False, env=env, cwd=self.folder
        )


@contextmanager
def second_account() -> Iterator[Account]:
    """Make the account, and take it and its folder away at the end."""
    missing = [name for name in ("useradd", "userdel", "runuser") if not shutil.which(name)]
    if missing or os.name != "posix" or os.geteuid() != 0:
        pytest.skip("a second account needs root, useradd and runuser")
    name = f"apst{secrets.token_hex(4)}"
    subprocess.run(["useradd", "-r", "-M", "-s", "/usr/sbin/nologin", name], check=True, capture_output=True)
    folder = Path(tempfile.mkdtemp(prefix="aps-wizard-test-"))
    folder.chmod(0o755)
    try:
        yield Account(name, folder, _python(name, folder))
    finally:
        shutil.rmtree(folder)
        subprocess.run(["userdel", name], check=True, capture_output=True)


def _python(name: str, folder: Path) -> Path:
    base = next((path for path in _interpreters() if _may_run(name, path)), None)
    if base is None:
        pytest.skip("no Python of this version that every account may start")
    subprocess.run([base, "-m", "venv", "--without-pip", folder / "venv"], check=True, capture_output=True)
    python = folder / "venv" / "bin" / "python"
    said = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    packages = [sysconfig.get_path("purelib"), *(path for path in os.environ.get("PYTHONPATH", "").split(":") if path)]
    lines = [str(ROOT), *packages]
    Path(said.stdout.strip(), "tests.pth").write_text("\n".join(lines) + "\n", "utf-8")
    return python


def _interpreters() -> list[Path]:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = [Path(getattr(sys, "_base_executable", sys.executable)), Path("/usr/bin") / version]
    return [path for path in found if path.exists() and stat.S_ISREG(path.stat().st_mode)]


def _may_run(name: str, python: Path) -> bool:
    done = subprocess.run(["runuser", "-u", name, "--", python, "-c", "import venv"], capture_output=True, check=False)
    return done.returncode == 0
