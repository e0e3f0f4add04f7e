"""A second local account, really made and removed again, and a program that it can run.

Needs root, as a server's administrator is. Checkout, packages and interpreter of the tests may lie in a home folder
that nobody else enters: what is started here then sees the first two at other places, in a mount namespace of its
own, and an interpreter of the system of the same version runs them from an environment of its own.
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
    places: tuple[tuple[Path, Path], ...]

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        """Run a program as the account, with a login's environment."""
        call = self.inside("runuser", "-u", self.name, "--", *words)
        env = {"PATH": os.environ["PATH"], "APS_LANG": "en"}
        return subprocess.run(call, capture_output=True, text=True, timeout=60, check=False, env=env, cwd="/")

    def wizard(self, *words: object, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run `aps-wizard` as this process's account, with the program that the other one can start too."""
        env = {**os.environ, "APS_LANG": "en", "PYTHONPATH": ""}
        call = self.inside(self.python, "-P", "-m", "wizard", *words)
        return subprocess.run(
            call, input=typed, capture_output=True, text=True, timeout=100, check=False, env=env, cwd=self.folder
        )

    def inside(self, *words: object) -> list[str]:
        """The call with every folder of `places` mounted at its second place, for it and what it starts."""
        if not self.places:
            return [*map(str, words)]
        mounts = "".join(f"mount --bind '{real}' '{seen}' && " for real, seen in self.places)
        return ["unshare", "-m", "sh", "-c", f'{mounts}exec "$@"', "sh", *map(str, words)]


@contextmanager
def second_account() -> Iterator[Account]:
    """Make the account, and take it and its folder away at the end."""
    missing = [name for name in ("useradd", "userdel", "runuser", "unshare") if not shutil.which(name)]
    if missing or os.name != "posix" or os.geteuid() != 0:
        pytest.skip("a second account needs root, useradd and runuser")
    name = f"apst{secrets.token_hex(4)}"
    subprocess.run(["useradd", "-r", "-M", "-s", "/usr/sbin/nologin", name], check=True, capture_output=True)
    folder = Path(tempfile.mkdtemp(prefix="aps-wizard-test-"))
    folder.chmod(0o755)
    try:
        yield _account(name, folder)
    finally:
        shutil.rmtree(folder)
        subprocess.run(["userdel", name], check=True, capture_output=True)


def _account(name: str, folder: Path) -> Account:
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
    real = [ROOT, *map(Path, packages)]
    seen = [place if _may_read(name, place) else folder / f"place-{number}" for number, place in enumerate(real)]
    places = tuple((place, other) for place, other in zip(real, seen, strict=True) if place != other)
    for _place, other in places:
        other.mkdir()
    Path(said.stdout.strip(), "tests.pth").write_text("".join(f"{place}\n" for place in seen), "utf-8")
    return Account(name, folder, python, places)


def _interpreters() -> list[Path]:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = [Path(getattr(sys, "_base_executable", sys.executable)), Path("/usr/bin") / version]
    return [path for path in found if path.exists() and stat.S_ISREG(path.stat().st_mode)]


def _may_read(name: str, place: Path) -> bool:
    return subprocess.run(["runuser", "-u", name, "--", "test", "-r", place], check=False).returncode == 0


def _may_run(name: str, python: Path) -> bool:
    done = subprocess.run(["runuser", "-u", name, "--", python, "-c", "import venv"], capture_output=True, check=False)
    return done.returncode == 0
