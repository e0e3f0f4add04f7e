"""The last step: exactly the text that will be written, what it changes, and writing it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace

from wizard.checklist.run import validation
from wizard.flow.state import State, file_of, profile_of, subject
from wizard.profile import store
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.load import profile_to_data, profile_to_text
from wizard.profile.models import CheckMark, Profile, Validation
from wizard.profile.validation import State as ValidationState
from wizard.profile.validation import is_stale, validation_state


@dataclass(frozen=True)
class Preview:
    """The text to be written and its difference from the file, or the problems that prevent it."""

    text: str
    diff: tuple[str, ...]
    problems: tuple[Problem, ...]
    validation: ValidationState
    changed: bool


def preview(state: State) -> Preview:
    """What saving would write now."""
    try:
        profile = final_profile(state)
    except ProfileError as error:
        return Preview("", (), error.problems, "never", True)
    text = profile_to_text(profile)
    before = state.file.read_text("utf-8") if state.file and state.file.exists() else ""
    diff = tuple(difflib.unified_diff(before.splitlines(), text.splitlines(), "antes", "depois", lineterm="", n=2))
    return Preview(text, diff if before else (), (), validation_state(profile), text != before)


def final_profile(state: State) -> Profile:
    """The profile with the validation of this session, and marks of an earlier one that still hold.

    Raises ProfileError while the document is not complete.
    """
    profile = profile_of(state)
    marks = _earlier_marks(profile)
    if state.results and state.proved_at:
        fresh = validation(state.results, subject(state), state.proved_at)
        marks = {**marks, **{mark.id: mark for mark in fresh.checks}}
        found: Validation | None = fresh.model_copy(update={"checks": tuple(marks.values())})
    else:
        found = profile.validation
    return profile.model_copy(update={"validation": found})


def _earlier_marks(profile: Profile) -> dict[str, CheckMark]:
    if profile.validation is None:
        return {}
    data = profile_to_data(profile)
    return {mark.id: mark for mark in profile.validation.checks if not is_stale(mark, data)}


def save(state: State) -> State:
    """Store typed secrets, then write the profile. Raises ProfileError or SecretError; nothing typed is lost then.

    Secrets first: a profile must not name a secret that is not there.
    """
    from wizard.secrets import references

    profile = final_profile(state)
    for path, reference in references.references(profile):
        if path in state.typed:
            references.store(reference, path, state.typed[path])
    stored = store.write(file_of(state), profile, state.digest)
    data = profile_to_data(profile)
    return replace(state, file=stored.path, digest=stored.digest, data=data, saved_data=data, typed={}, walking=False)
