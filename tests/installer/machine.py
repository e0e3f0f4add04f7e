"""A Windows machine of its own for the tests: a prefix of wine in a folder, whose server ends with it.

Not in it, and not to be had here: real accounts and their rights, real access lists, the desktop. What wine 8 lacks
of a Windows that the installer accepts is put in (`shims`); the product never contains it.
"""

from __future__ import annotations

import hashlib
import os
import re
import select
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

SHIMS = Path(__file__).resolve().parent / "shims"
NEEDS = {"wine": "wine wine64", "makensis": "nsis", "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64-win32"}
"""Programs that these tests run, and the Debian packages that bring them."""

PROGRAM = r"C:\Program Files\aps-wizard"


def missing() -> str:
    """The Debian packages that these tests lack; empty when everything is there."""
    return " ".join(package for program, package in NEEDS.items() if not shutil.which(program))


@dataclass(frozen=True)
class Done:
    """How a program ended, and what it said."""

    code: int
    out: str


_hashes: dict[Path, tuple[tuple[int, int, int], str]] = {}
"""Of each file that was looked into, what the disk said of it then, and its hash."""


def _hash(file: Path) -> str:
    """The hash of a file. It is read again when it was written to: half a gigabyte is installed."""
    said = file.stat()
    mark = (said.st_ino, said.st_size, said.st_ctime_ns)
    if file not in _hashes or _hashes[file][0] != mark:
        _hashes[file] = (mark, hashlib.sha256(file.read_bytes()).hexdigest())
    return _hashes[file][1]


@dataclass(frozen=True)
class Machine:
    """The machine: `run` starts a Windows program on it and waits for its end."""

    folder: Path

    @property
    def drive(self) -> Path:
        """What is C: there."""
        return self.folder / "prefix" / "drive_c"

    def environment(self, **more: str) -> dict[str, str]:
        """Nothing of this process: neither its display nor the folders that tests are given."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # No debugger at a crash, and no offers to download Mono and Gecko.
            "WINEDLLOVERRIDES": "winedbg.exe=d;mscoree,mshtml=",
            "LANG": "C.UTF-8",
            "APS_LANG": "en",
            **more,
        }

    def run(self, *words: str, timeout: float = 300, **more: str) -> Done:
        """Run a program of Windows. Its end is awaited, not that of what it leaves running."""
        # Python for Windows needs a pipe for its output under wine, and nothing for its input. The end of the pipe is
        # not waited for: services of wine that the program was the first to need hold it open for as long as they run.
        out, end = b"", time.monotonic() + timeout
        with subprocess.Popen(
            ["wine", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=self.environment(**more),
        ) as process:  # fmt: skip
            assert process.stdout is not None
            while select.select([process.stdout], [], [], 0.1)[0] or process.poll() is None:
                if time.monotonic() > end:
                    process.kill()
                    raise TimeoutError(out.decode("cp1252", errors="replace"))
                if select.select([process.stdout], [], [], 0)[0]:
                    part = os.read(process.stdout.fileno(), 65536)
                    if not part:
                        break
                    out += part
        # Into a pipe programs of Windows write the code page of the system.
        return Done(process.returncode, out.decode("cp1252", errors="replace").replace("\r\n", "\n"))

    def path(self, windows: str) -> Path:
        """Where a path of C: is here."""
        return self.drive / windows.removeprefix("C:\\").replace("\\", "/")

    def registry(self, root: str) -> dict[str, str]:
        """Keys and values below a root as regedit writes them, names in small letters: {'[key] "name"': value}."""
        self.run("regedit", "/E", r"C:\registry.txt", root)
        file = self.path(r"C:\registry.txt")
        text = file.read_bytes().decode("utf-16")
        file.unlink()
        found: dict[str, str] = {}
        key = ""
        for line in text.replace("\\\r\n", "").splitlines():
            if line.startswith("["):
                key = line.lower()
                found[key] = ""
            elif "=" in line:
                name, _, value = line.partition("=")
                found[f"{key} {name.lower()}"] = value
        return found

    def value(self, key: str, name: str, *options: str) -> str | None:
        """One value of the registry; None where there is none."""
        done = self.run("reg", "query", key, "/v", name, *options)
        found = re.search(rf"^\s+{re.escape(name)}\s+REG_\w+\s+(.*?)\s*$", done.out, re.MULTILINE | re.IGNORECASE)
        return found[1] if found else None

    def files(self) -> dict[str, str]:
        """Every file of C: with its hash, but for those of wine itself."""
        found: dict[str, str] = {}
        for folder, _names, files in os.walk(self.drive):
            for name in files:
                file = Path(folder) / name
                path = file.relative_to(self.drive).as_posix()
                if not path.startswith("windows/") and file.is_file():
                    found[path] = _hash(file)
        return found

    def folders(self) -> set[str]:
        """Every folder of C:, but for those of wine itself."""
        found = {Path(folder).relative_to(self.drive).as_posix() for folder, _names, _files in os.walk(self.drive)}
        return {path for path in found if path.split("/")[0] != "windows"}

    def windows(self, version: str) -> None:
        """Be another Windows: win10 (build 18362 in wine 8), win81 (9600)."""
        assert self.run("winecfg", "-v", version).code == 0

    def start(self) -> None:
        """Make the prefix. Its server stays until `stop`, and a minute where that is never reached."""
        (self.folder / "prefix").mkdir()
        assert subprocess.run(["wineserver", "-p60"], env=self.environment(), check=False).returncode == 0
        # It starts what goes on for as long as the server does; nobody may wait for the end of its output.
        boot = subprocess.run(
            ["wine", "wineboot", "-i"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=self.environment(), timeout=120, check=False,
        )  # fmt: skip
        assert boot.returncode == 0
        for source in SHIMS.glob("*.c"):
            target = self.drive / "windows" / "system32" / source.with_suffix(".dll").name
            subprocess.run(
                ["x86_64-w64-mingw32-gcc", "-shared", "-Os", "-s", "-o", str(target), str(source), "-ladvapi32"],
                check=True,
            )
        self.windows("win10")

    def stop(self) -> None:
        """End the server and everything that runs on the machine."""
        subprocess.run(["wineserver", "-k"], env=self.environment(), check=False)
        subprocess.run(["wineserver", "-w"], env=self.environment(), check=False, timeout=60)
