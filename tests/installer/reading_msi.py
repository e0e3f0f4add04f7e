"""What is in an MSI, as msiinfo and msiextract of msitools tell it."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path


def table(database: Path, name: str) -> list[list[str]]:
    """The rows of a table; the three lines before them tell names, types and keys of its columns."""
    told = subprocess.run(["msiinfo", "export", database, name], capture_output=True, check=True)
    # Not splitlines: a cell may hold what that takes for the end of a line.
    return [line.split("\t") for line in told.stdout.decode().replace("\r\n", "\n").strip("\n").split("\n")[3:]]


def files_of(database: Path, folder: Path) -> dict[str, str]:
    """The files that would be installed and their hashes, by their paths below the folder of the program."""
    folder.mkdir()
    subprocess.run(["msiextract", "-C", folder, database], capture_output=True, check=True)
    top = folder / "aps-wizard"
    return {
        file.relative_to(top).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in top.rglob("*")
        if file.is_file()
    }
