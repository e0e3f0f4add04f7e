"""What may leave the house: a profile without secrets, and text without characters that are not shown as they are."""

from __future__ import annotations

import re
from typing import Any

from wizard.profile.load import profile_to_data
from wizard.profile.models import Profile
from wizard.profile.yaml_text import dump
from wizard.secrets.references import SECRET_FIELDS

_SECRETS = frozenset(path.rpartition(".")[2] for path in SECRET_FIELDS)

TEXT_LIMIT = 2000
"""Characters of one text. A server's banner may be as long as it likes."""

_INVISIBLE = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ufff9-\\ufffb\\ud800-\\udfff]"
)
"""Control characters, what turns the direction of writing around, and halves of characters; not tab and line feed."""


def visible(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text with every character that would not be seen as its number, cut at a limit."""
    text = text.replace("\r\n", "\n")
    cut = text if len(text) <= limit else text[:limit] + " [...]"
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", cut)


def profile_text(profile: Profile) -> str:
    """The profile as YAML for others: of a password only the kind of its store, without notes and results of checks.

    Notes are free text: anything may be in them.
    """
    data = profile_to_data(profile)
    data.pop("validation", None)
    data.pop("notes", None)
    return dump(_without_references(data))


def _without_references(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: str(item).partition(":")[0] if key in _SECRETS and item else _without_references(item)
            for key, item in value.items()
        }
    return [_without_references(item) for item in value] if isinstance(value, list) else value
