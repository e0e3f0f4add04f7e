"""How long what a check asks of the database may take, in seconds."""

from __future__ import annotations

from wizard.profile.models import Profile

MARGIN = 10
"""Seconds that a check has beyond the limits of the profile, to start and to say what it found."""


def login_seconds(profile: Profile) -> float:
    """The time that a login may take; several drivers ignore the limit that they are given."""
    return MARGIN + float(getattr(profile.database, "login_timeout", 0))


def query_seconds(profile: Profile) -> float:
    """The time that a login and a small query may take, a locked row waited for."""
    return login_seconds(profile) + locked_seconds(profile)


def locked_seconds(profile: Profile) -> float:
    """The time that a locked row may take: the last repeat may begin at the end of it and wait as long again."""
    return 2 * float(profile.database.lock_wait)
