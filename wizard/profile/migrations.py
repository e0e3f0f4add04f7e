"""From the document of an older version to the current one; a newer one is refused.

A migration takes the plain document of its version and returns that of the next. Version 1 is the
first, so the table is still empty; `migrate` takes the table as an argument so that the way is tested.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wizard.profile.errors import Problem, ProfileError
from wizard.profile.fields import whole_number
from wizard.profile.messages import explain
from wizard.profile.models import CURRENT_VERSION

Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: Mapping[int, Migration] = {}


def migrate(
    data: dict[str, Any], migrations: Mapping[int, Migration] = MIGRATIONS, current: int = CURRENT_VERSION
) -> dict[str, Any]:
    """The document in the current version. Raises ProfileError for a newer or unreadable version."""
    found = data.get("version")
    number = whole_number(found)
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ProfileError([Problem("version_unknown", explain("version_unknown", "version", {}), "version")])
    if number > current:
        raise ProfileError([Problem("newer_version", explain("newer_version", "version", {}), "version")])
    while number < current:
        data = {**migrations[number](data), "version": number + 1}
        number += 1
    return data
