"""What a person chose for the window itself, kept per user in a small JSON file; nothing of a profile is here."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs

from wizard.profile.atomic import make_folder, replace_bytes


def file() -> Path:
    """The file of this user."""
    return Path(platformdirs.user_config_dir("aps-wizard", appauthor=False)) / "settings.json"


def read() -> Mapping[str, Any]:
    """All that was chosen; nothing where the file is missing, damaged or not readable: it is never worth an error."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(file().read_bytes())
        if isinstance(found, dict):
            return found
    return {}


def keep(name: str, value: Any) -> bool:
    """Remember a choice. False when it cannot be written: it holds for this session then."""
    data = json.dumps({**read(), name: value}, indent=2, ensure_ascii=False) + "\n"
    try:
        make_folder(file().parent, 0o700)
        replace_bytes(file(), data.encode(), mode=0o600)
    except OSError:
        return False
    return True
