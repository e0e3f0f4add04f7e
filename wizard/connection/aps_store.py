"""The APS store that the update engine fills: its SQLAlchemy URL, and a SQLite file beside the profile by default."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.profile.models import Profile

if TYPE_CHECKING:
    from sqlalchemy import URL

SUFFIX = ".aps.sqlite"
_PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521}


def default_file(profile_file: Path) -> Path:
    """logix-01.yaml -> logix-01.aps.sqlite, in the same folder."""
    return profile_file.with_name(profile_file.stem + SUFFIX)


def store_url(profile: Profile, profile_file: Path) -> URL:
    """The URL of the store without its password; relative SQLite files start at the profile's folder.

    Raises sqlalchemy.exc.ArgumentError, or ValueError for the port, for text that is not a URL.
    """
    from sqlalchemy import make_url

    if profile.aps.url is None:
        return make_url("sqlite://").set(database=str(default_file(profile_file)))
    url = make_url(profile.aps.url)
    if url.get_backend_name() == "sqlite" and not is_in_memory(url):
        return url.set(database=str(profile_file.parent / str(url.database)))
    return url


def is_in_memory(url: URL) -> bool:
    """True for a SQLite URL without a file."""
    return url.database in (None, "", ":memory:")


def identity(url: URL) -> tuple[str, ...]:
    """What makes two URLs the same store: the file, or server and database, whatever driver and user."""
    backend = url.get_backend_name()
    if backend == "sqlite":
        return backend, os.path.normcase(Path(url.database or "").resolve())
    port = url.port or _PORTS.get(backend, 0)
    return backend, (url.host or "").casefold(), str(port), url.database or ""
