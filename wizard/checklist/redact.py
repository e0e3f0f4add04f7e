"""Last gate before a result is shown, logged or sent to a parent: no secret that the subject knows is in it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from urllib.parse import quote, quote_plus

from wizard.checklist.check import Outcome, Subject
from wizard.secrets.references import seen

MASK = "***"
_ASSIGNED = re.compile(r"(?i)\b(pwd|password|senha)\s*=\s*(\{(?:[^}]|\}\})*\}|[^;\s]+)")


def redacted(outcome: Outcome, subject: Subject) -> Outcome:
    """The outcome with every known secret, and whatever follows PWD=, replaced."""
    secrets = {*subject.typed.values(), *seen()}
    users = {getattr(subject.profile.database, "user", None), subject.profile.webservice.user}
    return without(outcome, secrets, users)


def without(outcome: Outcome, secrets: Iterable[str], users: Iterable[str | None]) -> Outcome:
    """The outcome with these secrets, also as part of a login of these users, and whatever follows PWD=, replaced."""
    named = {user for user in users if user is not None}
    values = sorted({form for secret in set(secrets) - {""} for form in _forms(secret, named)}, key=len, reverse=True)
    patterns = [re.compile(_pattern(value)) for value in values if value]

    def clean(text: str) -> str:
        for pattern in patterns:
            text = pattern.sub(MASK, text)
        return _ASSIGNED.sub(rf"\1={MASK}", text)

    return replace(
        outcome,
        message=clean(outcome.message),
        hint=clean(outcome.hint),
        details={name: clean(text) for name, text in outcome.details.items()},
    )


def _pattern(value: str) -> str:
    """Where a secret stands: anywhere; one so short that words hold it by chance, only where it stands alone."""
    found = re.escape(value)
    return rf"(?<!\w){found}(?!\w)" if len(value) < 4 else found


def _forms(secret: str, users: set[str]) -> Iterator[str]:
    """A secret as drivers and servers write it: in a URL, in XML, in quotes, in braces, in a Basic header."""
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield escape(secret)
    yield escape(secret, quote=False)
    yield repr(secret)[1:-1]
    yield secret.replace("}", "}}")
    for user in users:
        login = f"{user}:{secret}"
        yield base64.b64encode(login.encode()).decode()
        yield base64.b64encode(login.encode("latin-1", "ignore")).decode()
