"""What a file that is dropped on the window is for: to be opened, read out, or pasted as a connection."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from wizard.flow import dbt_profile
from wizard.flow.pasted_connection import LONGEST, PastedError, read
from wizard.profile import store

Purpose = Literal["yaml", "server_files", ""]

_SERVER_FILES = frozenset({".ini", ".pro"})
_YAML = frozenset({".yaml", ".yml"})


def purpose(paths: Sequence[Path]) -> Purpose:
    """What dropped files are for, by their names alone: they are not read while they are dragged."""
    endings = {path.suffix.casefold() for path in paths}
    if endings and endings <= _SERVER_FILES:
        return "server_files"
    if len(paths) == 1 and endings <= _YAML:
        # dbt's profile has the ending of ours on some disks; what it is shows when it is read.
        return "yaml"
    return ""


def connection_in(path: Path) -> str:
    """The text of a dropped file when it is a connection, such as dbt's profiles.yml; else "". Raises ProfileError."""
    text = store.read_text(path)[0][:LONGEST]
    return text if dbt_profile.output_of(text) is not None else ""


def is_connection(text: str) -> bool:
    """Whether a dropped text is a connection that can be pasted."""
    try:
        read(text)
    except PastedError:
        return False
    return True
