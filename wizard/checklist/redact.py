"""Last gate before a result is shown, logged or sent to a parent: no secret that the subject knows is in it."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.checklist.check import Outcome, Subject
from wizard.secrets.references import seen

MASK = "***"
_ASSIGNED = re.compile(r"(?i)\b(pwd|password|senha)\s*=\s*(\{[^}]*\}|[^;\s]+)")


def redacted(outcome: Outcome, subject: Subject) -> Outcome:
    """The outcome with every known secret, and whatever follows PWD=, replaced."""
    values = sorted({*filter(None, subject.typed.values()), *seen()}, key=len, reverse=True)

    def clean(text: str) -> str:
        for value in values:
            text = text.replace(value, MASK)
        return _ASSIGNED.sub(rf"\1={MASK}", text)

    return replace(
        outcome,
        message=clean(outcome.message),
        hint=clean(outcome.hint),
        details={name: clean(text) for name, text in outcome.details.items()},
    )
