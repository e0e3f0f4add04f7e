"""Whether a profile was proved, and whether what was proved is still what it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Literal

from wizard.profile.load import profile_to_data
from wizard.profile.models import CheckMark, Profile

State = Literal["never", "failed", "stale", "passed"]


def inputs_hash(data: dict[str, Any], covers: Sequence[str]) -> str:
    """SHA-256 over the named sections of a plain document, independent of the order of its keys.

    When the grade types were imported does not count: importing the same again changes nothing.
    """
    chosen = {section: data.get(section) for section in sorted(covers)}
    grades = chosen.get("grades")
    if isinstance(grades, dict):
        chosen["grades"] = {key: value for key, value in grades.items() if key != "imported_at"}
    return hashlib.sha256(json.dumps(chosen, sort_keys=True, default=str).encode()).hexdigest()


def is_stale(mark: CheckMark, data: dict[str, Any]) -> bool:
    """True when a section that the check covered has changed since."""
    return inputs_hash(data, mark.covers) != mark.inputs


def validation_state(profile: Profile) -> State:
    """never: no check was run; failed: a mandatory one did not pass; stale: an edit came after; else passed."""
    if profile.validation is None or not profile.validation.checks:
        return "never"
    data = profile_to_data(profile)
    marks: Sequence[CheckMark] = profile.validation.checks
    if any(is_stale(mark, data) for mark in marks):
        return "stale"
    if any(mark.mandatory and mark.status not in ("ok", "warn") for mark in marks):
        return "failed"
    return "passed"
