"""What differs between kinds of database, as a declaration; one module in `kinds` per kind, found by its name."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.profile.models import Profile

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


@dataclass(frozen=True)
class Kind:
    """One kind of database.

    `driver` is the Python module that has to be importable; `engine` makes the SQLAlchemy engine out of
    the settings, the password and the profile's folder; `address` gives host and port where the
    settings name them; `product` reads name and version of the server; `isolation` reads back the
    level in force, or "" where the server does not tell.
    """

    key: str
    driver: str
    engine: Callable[[Any, str | None, Path], Engine]
    address: Callable[[Any], tuple[str, int] | None]
    product: Callable[[Connection], str]
    isolation: Callable[[Connection], str]


MARGIN = 10
"""Seconds that a check has beyond the limits of the profile, to start and to say what it found."""


def login_seconds(profile: Profile) -> float:
    """The time that a login may take; several drivers ignore the limit that they are given."""
    return MARGIN + float(getattr(profile.database, "login_timeout", 0))


def query_seconds(profile: Profile) -> float:
    """The time that a login and a small query may take, a locked row waited for."""
    return login_seconds(profile) + profile.database.lock_wait


def kind_of(key: str) -> Kind:
    """The kind that a profile names."""
    kind: Kind = importlib.import_module(f"wizard.connection.kinds.{key}").KIND
    return kind
