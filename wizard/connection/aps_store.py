"""The APS store that the update engine fills: its SQLAlchemy URL, and a SQLite file beside the profile by default."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wizard.profile.models import Profile

if TYPE_CHECKING:
    from sqlalchemy import URL

SUFFIX = ".aps.sqlite"


def default_file(profile_file: Path) -> Path:
    """logix-01.yaml -> logix-01.aps.sqlite, in the same folder."""
    return profile_file.with_name(profile_file.stem + SUFFIX)


def store_url(profile: Profile, profile_file: Path) -> URL:
    """The URL of the store without its password; relative SQLite files start at the profile's folder.

    Raises sqlalchemy.exc.ArgumentError for text that is not a URL.
    """
    from sqlalchemy import make_url

    if profile.aps.url is None:
        return make_url("sqlite://").set(database=str(default_file(profile_file)))
    url = make_url(profile.aps.url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return url.set(database=str(profile_file.parent / url.database))
    return url
