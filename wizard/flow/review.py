"""The last step: exactly the text that will be written, what it changes, and writing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

from wizard import __version__
from wizard.checklist.check import Check
from wizard.checklist.registry import checks
from wizard.checklist.run import validation
from wizard.flow import words
from wizard.flow.state import State, file_of, problems, profile_of, subject, value_of
from wizard.flow.steps import BY_ID, IDS, step_of
from wizard.flow.text_difference import difference, is_run_alone
from wizard.profile import store
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.load import profile_to_data, profile_to_text
from wizard.profile.models import CheckMark, Profile, Validation
from wizard.profile.validation import State as ValidationState
from wizard.profile.validation import inputs_hash, is_stale, validation_state

DIFF_LINES = 3000
"""A difference of longer texts takes seconds and nobody reads it: the whole text is shown instead."""

LARGE_FROM = 200
"""Combinations of grade types. Most companies use some dozens; five thousand are some 30,000 lines."""

NOT_RUN = "not_run"
"""The code of a mandatory check that nobody ran."""


@dataclass(frozen=True)
class Preview:
    """The text to be written and its difference from the file, or the problems that prevent it."""

    text: str
    diff: tuple[str, ...]
    problems: tuple[Problem, ...]
    validation: ValidationState
    changed: bool


def is_large(state: State) -> bool:
    """Whether the text of a profile takes so long to make that a window should not wait for it."""
    return len(value_of(state.data, "grades.combinations") or ()) > LARGE_FROM


def preview(state: State) -> Preview:
    """What saving would write now."""
    found = problems(state)
    if found:
        return Preview("", (), found, "never", True)
    profile = final_profile(state)
    text = profile_to_text(profile)
    before = _on_disk(state.file) if state.file else ""
    if max(before.count("\n"), text.count("\n")) > DIFF_LINES:
        return Preview(text, (), (), validation_state(profile), text != before)
    # Where nothing was changed by a person, the text itself says more than that checks ran again.
    shown = bool(before) and not is_run_alone(before, text)
    diff = difference(before, text, (_("before"), _("after"))) if shown else ()
    return Preview(text, diff, (), validation_state(profile), text != before)


def _on_disk(file: Path) -> str:
    """The text of the file now, "" where there is none: another program may have written anything since it was opened,
    or have taken it away; saving will tell.
    """
    try:
        return file.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def final_profile(state: State) -> Profile:
    """The profile with the validation of this session, and marks of an earlier one that still hold.

    A mandatory check that nobody ran is marked as skipped: a profile of which only a part was proved
    is not a proved one. The marks stand in the order of the registry, whatever the order of the tests.
    Raises ProfileError while the document is not complete.
    """
    profile = profile_of(state)
    found: Validation | None = profile.validation
    if state.results and state.proved_at:
        data = profile_to_data(profile)
        fresh = validation(state.results, subject(state), state.proved_at)
        earlier = profile.validation.checks if profile.validation else ()
        marks = {check.id: _not_run(check, data, fresh.at) for check in checks().values() if check.mandatory}
        marks |= {mark.id: mark for mark in earlier if not is_stale(mark, data)}
        marks |= {mark.id: mark for mark in fresh.checks}
        order = list(checks())
        known = sorted((mark for mark in marks.values() if mark.id in order), key=lambda mark: order.index(mark.id))
        found = fresh.model_copy(update={"checks": tuple(known)})
    return profile.model_copy(update={"validation": found})


def told_before_writing(state: State) -> tuple[str, ...]:
    """What a person has to know before a profile of production is written: which one, for whom, proved or not."""
    data = state.data
    saved = data if state.saved_data is None else state.saved_data
    before = [key for key in {**saved, **data} if data.get(key) != saved.get(key)]
    pages = dict.fromkeys(_(BY_ID[step_of(key)].title) for key in before if key != "validation")
    changes = _("Changed pages: {pages}.").format(pages=", ".join(pages)) if pages else ""
    proved = words.validation(validation_state(final_profile(state)))
    whom = _("{name}: Logix company {company}, APS site {site}.")
    told = (
        whom.format(
            name=value_of(data, "name"), company=value_of(data, "company.logix"), site=value_of(data, "company.site")
        ),
        _("File: {file}").format(file=file_of(state)),
        _("State: {state}.").format(state=proved),
        changes,
    )
    return tuple(line for line in told if line)


def _not_run(check: Check, data: Mapping[str, Any], at: datetime) -> CheckMark:
    return CheckMark(
        id=check.id,
        status="skipped",
        code=NOT_RUN,
        mandatory=True,
        at=at,
        version=__version__,
        covers=check.covers,
        inputs=inputs_hash(dict(data), check.covers),
    )


def save(state: State) -> State:
    """Store typed secrets and write the profile: both, or neither.

    The secrets go into their stores when the new file is on the disk already and only has to take the place of the
    old one: a full disk, a folder that can only be read, a lock or a file changed by another is told before. A
    profile never names a secret that is not there; where the last move fails, the stores get back what they held.
    Raises ProfileError or SecretError; nothing typed is lost then.
    """
    from wizard.secrets import references
    from wizard.secrets.together import both_or_neither

    profile = final_profile(state)
    account = references.engine_account(profile)
    moved = value_of(state.saved_data or {}, "engine_account") != value_of(state.data, "engine_account")
    with both_or_neither(lambda: _stands_now(profile, state)) as secrets:

        def store_secrets() -> None:
            for path, reference in references.references(profile):
                if path in state.typed:
                    secrets.store(reference, path, state.typed[path], account)
                elif moved and reference in state.stored:
                    secrets.let_in(reference, path, account)

        stored = store.write(file_of(state), profile, state.digest, store_secrets)
    data = profile_to_data(profile)
    stored_now = frozenset(reference for _path, reference in references.references(profile))
    return replace(
        state,
        file=stored.path,
        digest=stored.digest,
        data=data,
        saved_data=data,
        typed={},
        walking=False,
        visited=frozenset(IDS),
        stored=stored_now,
    )


def _stands_now(profile: Profile, state: State) -> bool:
    """Whether the file holds this profile, and held another one when it was opened."""
    try:
        digest = store.digest_of(file_of(state))
        return digest != state.digest and store.read(file_of(state)).profile == profile
    except (OSError, ProfileError):
        return False


def over_the_present_file(state: State) -> State:
    """The state with leave to replace the file as it is now, or to make it anew when it is gone.

    Raises ProfileError.
    """
    path = file_of(state)
    try:
        return replace(state, digest=store.digest_of(path) if path.exists() else None)
    except OSError as error:
        raise ProfileError([store.io_problem("unreadable", path, error)]) from None
