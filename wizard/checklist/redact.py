"""Last gate before a result is shown, logged or sent to a parent: no secret that the subject knows is in it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html import escape
from urllib.parse import quote, quote_plus

from wizard.checklist.check import Outcome, Subject
from wizard.secrets.references import seen

MASK = "***"
_ASSIGNED = re.compile(r"(?i)\b(pwd|password|senha)\s*=\s*(\{(?:[^}]|\}\})*\}|[^;\s]+)")
_NAMED = r"(?i:\b((?:user(?:name)?|role|login|account)s?:?\s+[\"'`(]{0,2}))"
_USER = re.compile(r"(?i)\b(uid|user id)\s*=\s*(\{(?:[^}]|\}\})*\}|[^;\s]+)")
"""A user where a driver names one; the same word may be a table or a database elsewhere."""


def redacted(outcome: Outcome, subject: Subject) -> Outcome:
    """The outcome with every known secret, whatever follows PWD=, and the user in a driver's words, replaced."""
    secrets = {*subject.typed.values(), *seen()}
    users = {getattr(subject.profile.database, "user", None), subject.profile.webservice.user}
    return without(outcome, secrets, users)


def without(outcome: Outcome, secrets: Iterable[str], users: Iterable[str | None]) -> Outcome:
    """The outcome without these secrets, also as part of a login of these users, what follows PWD=, and the users."""
    logins = {user for user in users if user}
    named = [re.compile(rf"{_NAMED}{re.escape(user)}(?!\w)") for user in logins]
    clean = cleaner(secrets, logins)

    def unnamed(text: str) -> str:
        for pattern in named:
            text = pattern.sub(rf"\g<1>{MASK}", text)
        return _USER.sub(rf"\1={MASK}", text)

    return replace(
        outcome,
        message=clean(outcome.message),
        hint=clean(outcome.hint),
        # What a driver said names the user too; our own sentences do so only on purpose.
        details={name: clean(unnamed(text) if name == "original" else text) for name, text in outcome.details.items()},
    )


def cleaner(secrets: Iterable[str], users: Iterable[str | None]) -> Callable[[str], str]:
    """What takes these secrets, also as part of a login of these users, and what follows PWD= out of any text."""
    logins = {user for user in users if user}
    values = sorted({form for secret in set(secrets) - {""} for form in _forms(secret, logins)}, key=len, reverse=True)
    patterns = [re.compile(_pattern(value)) for value in values if value]

    def clean(text: str) -> str:
        for pattern in patterns:
            text = pattern.sub(MASK, text)
        return _ASSIGNED.sub(rf"\1={MASK}", text)

    return clean


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
