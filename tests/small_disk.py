"""A disk of a few pages, really mounted and taken away again: for what happens when it is full or read-only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class SmallDisk:
    """A mounted folder."""

    folder: Path

    def fill(self) -> None:
        """Leave not one byte free."""
        with (self.folder / "filler").open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 4096):
                    pass
            except OSError:
                return

    def free(self) -> None:
        """Take the filler away."""
        (self.folder / "filler").unlink()

    def read_only(self, value: bool) -> None:
        """Refuse every write, or take them again."""
        _mount("-o", f"remount,{'ro' if value else 'rw'}", str(self.folder))


@contextmanager
def small_disk(folder: Path, kilobytes: int = 256) -> Iterator[SmallDisk]:
    """Mount a disk of that size on a folder that is made. Needs root on Linux."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("a disk of its own needs root and mount")
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=755", "aps-wizard-test", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"a disk of its own could not be mounted: {done.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def held(file: Path) -> Iterator[None]:
    """A file that can be read and written, but not replaced by another: mounted upon itself. Needs root on Linux."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("holding a file needs root and mount")
    command = ["mount", "--bind", str(file), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a file could not be held: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(file)], check=True)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
