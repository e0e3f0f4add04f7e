"""Handing a subject to a child process: secrets go through standard input, never through its environment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wizard.checklist.check import Subject
from wizard.secrets.references import environment_secrets


def handed_over(subject: Subject) -> tuple[dict[str, Any], list[str]]:
    """The subject as JSON with the values of its `env:` references, and the variables that the child must not see."""
    values, names = environment_secrets(subject.profile)
    return replace(subject, typed={**values, **subject.typed}).to_json(), names
