"""The state of one session of the wizard, and every move it can make. A move gives a new state."""

from __future__ import annotations

import copy
import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

from wizard import i18n
from wizard.checklist.check import Subject
from wizard.checklist.run import Report, Result
from wizard.flow.grade_work import GradeWork
from wizard.flow.steps import BY_ID, IDS, normal, step_of
from wizard.profile import store
from wizard.profile.database import DEFAULT_KIND, KINDS
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.load import profile_from_data, profile_to_data
from wizard.profile.models import CURRENT_VERSION, Grades, Profile
from wizard.secrets import machine_store
from wizard.secrets.references import SECRET_FIELDS, references

Data = dict[str, Any]


@dataclass(frozen=True)
class State:
    """Where the session stands.

    `data` is the document as typed, valid or not. `file` and `digest` are set when a profile on disk is
    edited. `typed` holds secrets by field path until they are stored; it is in no draft and no repr.
    `results` are the checks of this session that no later edit has touched. `walking` is True while a
    new profile goes through the steps in order.
    """

    folder: Path
    step: str = "start"
    data: Data = field(default_factory=dict)
    file: Path | None = None
    digest: str | None = None
    walking: bool = False
    visited: frozenset[str] = frozenset({"start"})
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    replaced: Mapping[str, Any] = field(default_factory=dict)
    """For each typed secret the reference that stood in its place before: what comes back when it is emptied again."""
    results: Mapping[str, Result] = field(default_factory=dict)
    proved_at: datetime | None = None
    other_kinds: Mapping[str, Data] = field(default_factory=dict)
    """What was typed for kinds of database that are not chosen now, so that a change of kind loses nothing."""
    saved_data: Data | None = None
    """The document as it is on disk."""
    stored: frozenset[str] = frozenset()
    """References of secrets that are in their store already."""
    grade_work: GradeWork = field(default_factory=GradeWork)
    errand: tuple[str, ...] = ()
    """The few steps that a session was opened for: Next and Back go along them. Empty: all steps in their order."""


# --- beginning ---------------------------------------------------------------------------------


def new_profile(folder: Path) -> State:
    """A new, empty profile; the steps are walked in order."""
    data = {"version": CURRENT_VERSION, "erp": "logix", "database": {"kind": DEFAULT_KIND}}
    return State(folder, "prerequisites", data, walking=True, visited=frozenset({"start", "prerequisites"}))


def open_profile(path: Path, step: str = "company") -> State:
    """An existing profile with every step free to enter. Raises ProfileError."""
    stored = store.read(path)
    data = profile_to_data(stored.profile)
    return State(
        path.parent,
        step,
        data,
        file=path,
        digest=stored.digest,
        visited=frozenset(IDS),
        saved_data=data,
        stored=frozenset(reference for _path, reference in references(stored.profile)),
    )


def reimport_grades(path: Path) -> State:
    """An existing profile, opened to import its grade types again: from their page straight to Review.

    Raises ProfileError.
    """
    return replace(open_profile(path, "grades"), errand=("grades", "review"))


def duplicate_profile(path: Path, name: str = "", company: str = "", site: str = "") -> State:
    """A copy for another company, not written yet. Raises ProfileError.

    Left out of the copy, because they belong to the first company: the APS store (R-GEN-02), the
    grade types (R-1.9-02) and the validation.
    """
    original = open_profile(path)
    data = copy.deepcopy(original.data)
    data["name"] = name
    for section in ("aps", "validation"):
        data.pop(section, None)
    data["grades"] = {"enabled": data.get("grades", {}).get("enabled", False)}
    state = State(path.parent, "company", data, visited=frozenset(IDS), stored=original.stored)
    for where, value in (("company.logix", company), ("company.site", site)):
        state = edit(state, where, value or None)
    return state


# --- typing ------------------------------------------------------------------------------------


def _parts(path: str) -> list[str | int]:
    """ "grades.types[0].size" as ["grades", "types", 0, "size"]: the form in which problems name their place."""
    found: list[str | int] = []
    for part in path.split("."):
        name, *indexes = part.replace("]", "").split("[")
        found.append(name)
        found.extend(int(index) if index.isascii() and index.isdigit() else index for index in indexes)
    return found


def value_of(data: Mapping[str, Any], path: str) -> Any:
    """What is typed at a path, None when nothing is."""
    here: Any = data
    for part in _parts(path):
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
        else:
            here = here.get(part) if isinstance(here, Mapping) else None
    return here


def with_value(data: Data, path: str, value: Any) -> Data:
    """A copy of the document with a value at a path; None or "" takes the key out.

    An index names an entry that is there already: a path beyond the end of a list changes nothing. What the path does
    not touch is shared with the document before, which may be large: nobody changes a document in place.
    """
    fresh = dict(data)
    here: Any = fresh
    *parents, last = parts = _parts(path)
    for part, following in zip(parents, parts[1:], strict=True):
        if isinstance(part, int):
            if not (isinstance(here, list) and part < len(here)):
                return fresh
            here[part] = here = copy.copy(here[part])
        elif not isinstance(here, dict):
            return fresh
        else:
            child = copy.copy(here.get(part))
            if isinstance(following, str) and not isinstance(child, dict | list):
                child = {}
            if part in here or child is not None:
                here[part] = child
            here = child
    if not isinstance(here, dict) or isinstance(last, int):
        return fresh
    if value is None or value == "":
        here.pop(last, None)
    else:
        here[last] = value
    return fresh


def edit(state: State, path: str, value: Any) -> State:
    """Type a value, kept in its normal form. Results of checks that cover its section are dropped; a validation in
    the file goes stale.
    """
    value = normal(path, value)
    if value_of(state.data, path) == (None if value == "" else value):
        return state
    if path == "database.kind":
        state = _change_kind(state, str(value))
    else:
        state = replace(state, data=with_value(state.data, path, value))
    if path == "name":
        # A secret that waits to be stored moves along: another profile may have or get the former name.
        for secret_path in state.typed:
            reference = value_of(state.data, secret_path)
            if reference is not None:
                state = edit(state, secret_path, secret_reference(state, secret_path, _store_of(reference)))
    return _without_results(state, str(_parts(path)[0]))


def type_secret(state: State, path: str, secret: str) -> State:
    """Keep a typed secret in memory and name the place where saving will store it; "" forgets it again, and the
    document names what it named before.

    The place is always this profile's own: a copy still names the secret of its original, which
    a password typed for the copy must not overwrite.
    """
    typed = {field_path: value for field_path, value in state.typed.items() if field_path != path}
    replaced = {field_path: value for field_path, value in state.replaced.items() if field_path != path}
    now = value_of(state.data, path)
    before = state.replaced.get(path) if path in state.typed else now
    if secret:
        typed[path], replaced[path] = secret, before
        state = edit(state, path, secret_reference(state, path, _store_of(now)))
    else:
        state = edit(state, path, before)
    return _without_results(replace(state, typed=typed, replaced=replaced), path.partition(".")[0])


def choose_store(state: State, path: str, kind: str) -> State:
    """Keep a secret elsewhere: "keyring", "dpapi", "env", or "" for none.

    What was typed for the former place is forgotten. The document says at once what was chosen; without
    a password or the name of a variable it is incomplete.
    """
    state = replace(state, typed={known: value for known, value in state.typed.items() if known != path})
    before = value_of(state.saved_data or {}, path)
    if isinstance(before, str) and kind and before.startswith(kind + ":"):
        reference: str | None = before
    else:
        reference = None if kind == "" else secret_reference(state, path, kind)
    return edit(state, path, reference)


def secret_reference(state: State, path: str, kind: str = "keyring") -> str:
    """Where a store keeps a secret of this profile: the entry or the file names the profile and the field.

    Entries of all folders are together: one for a profile outside the machine's folder names its folder too, by a few
    digits, so that a profile of the same name elsewhere keeps its password. A variable has no name yet.
    """
    match kind:
        case "keyring":
            file = file_of(state).absolute()
            mark = "" if file.parent == store.default_folder().absolute() else "-" + _mark(file.parent)
            return f"keyring:aps-wizard/{file.stem}{mark}/{path}"
        case "dpapi":
            return f"dpapi:{machine_store.file_for(file_of(state), path)}"
        case _:
            return f"{kind}:"


def _mark(folder: Path) -> str:
    # Two spellings of a folder on Windows are one folder.
    return hashlib.sha256(os.path.normcase(folder).encode()).hexdigest()[:6]


def _in_store(reference: object) -> bool:
    """Whether a reference names a place that this program fills."""
    return isinstance(reference, str) and reference.startswith(("keyring:", "dpapi:"))


def _store_of(reference: object) -> str:
    """The store of a typed secret: the one that its reference names, else the credential store."""
    return "dpapi" if str(reference).startswith("dpapi:") else "keyring"


def set_grades(state: State, grades: Grades) -> State:
    """Take imported grade types over. Sizes and indicators chosen meanwhile stay (R-1.9-11)."""
    fresh = grades.model_dump(mode="json", exclude_none=True)
    chosen = {int(grade["code"]): grade for grade in value_of(state.data, "grades.types") or []}
    for grade in fresh["types"]:
        kept = chosen.get(grade["code"], {})
        grade.update({name: kept[name] for name in ("size", "indicator") if kept.get(name)})
    data = with_value(state.data, "grades", fresh)
    return _without_results(replace(state, data=data), "grades")


def edit_grade_type(state: State, code: int, field_name: str, value: Any) -> State:
    """Change size or indicator of one grade type; an indicator is one capital letter or digit."""
    if field_name == "indicator":
        value = str(value).upper()[:1]
    types = [
        {**grade, field_name: value} if int(grade["code"]) == code else grade
        for grade in state.data.get("grades", {}).get("types", [])
    ]
    return edit(state, "grades.types", types)


def _change_kind(state: State, kind: str) -> State:
    typed = state.data.get("database")
    now = dict(typed) if isinstance(typed, Mapping) else {}
    others = {**state.other_kinds, str(now.get("kind")): now}
    # What every kind asks for goes along the first time; later each kind finds its own again.
    shared = {name: now[name] for name in ("user", "password", "host", "database", "dsn") if name in now}
    fresh = others.get(kind) or {"kind": kind, **_fitting(kind, shared)}
    state = replace(state, data={**state.data, "database": {**fresh, "kind": kind}}, other_kinds=others)
    if "password" in fresh and not _in_store(fresh["password"]):
        # A password typed for the other kind has no place in a variable that this one reads.
        state = replace(state, typed={path: one for path, one in state.typed.items() if path != "database.password"})
    return state


def _fitting(kind: str, values: Data) -> Data:
    known = KINDS[kind].model_fields if kind in KINDS else {}
    return {name: value for name, value in values.items() if name in known}


def _without_results(state: State, section: str) -> State:
    kept = {id_: result for id_, result in state.results.items() if section not in result.check.covers}
    return replace(state, results=kept)


# --- moving ------------------------------------------------------------------------------------


def can_enter(state: State, step: str) -> bool:
    """In a new profile the steps already seen; in an existing one all. Without a profile only Start."""
    return step == "start" or (bool(state.data) and step in state.visited)


def go(state: State, step: str) -> State:
    """Enter a step that is free to enter; else the state stays."""
    return replace(state, step=step) if can_enter(state, step) else state


def back(state: State) -> State:
    """One step back. Everything typed stays."""
    return replace(state, step=_neighbour(state, -1))


def advance(state: State) -> tuple[State, tuple[Problem, ...]]:
    """One step on, or the problems of this step when it is not complete."""
    found = problems(state, state.step)
    if found:
        return state, found
    following = _neighbour(state, 1)
    return replace(state, step=following, visited=state.visited | {following}), ()


def _neighbour(state: State, offset: int) -> str:
    for steps in (state.errand, IDS):
        if state.step in steps:
            index = steps.index(state.step) + offset
            # Before the first step of an errand, and after its last, the wizard goes on as ever.
            if 0 <= index < len(steps):
                return steps[index]
    return state.step


_EMPTY_SECTIONS: Mapping[str, Data] = {"company": {}, "database": {}, "webservice": {}}


def problems(state: State, step: str | None = None) -> tuple[Problem, ...]:
    """What is wrong with the document, all of it or only what a step asks for."""
    if not state.data:
        return ()
    found = list(_problems_of(state.data))
    if state.file is None and value_of(state.data, "name") and file_of(state).exists():
        message = _("A profile with this name exists already.")
        found.append(Problem("exists", message, "name", action=_("Open it, or choose another name.")))
    found.extend(_secrets_to_type(state))
    if step in (None, "review"):
        return tuple(found)
    return tuple(problem for problem in found if step_of(problem.path) == step)


_judged: list[tuple[Data, str, tuple[Problem, ...]]] = []
"""The last document that was judged, in which language, and what is wrong with it."""


def _problems_of(data: Data) -> tuple[Problem, ...]:
    """What is wrong with a document by itself. It is asked again with every page, and may be large."""
    language = i18n.in_force()
    for before, spoken, found in _judged:
        if before is data and spoken == language:
            return found
    try:
        # A section that nobody typed into yet is missing its values, one by one, not as a whole.
        profile_from_data({**_EMPTY_SECTIONS, **data})
    except ProfileError as error:
        found = error.problems
    else:
        found = ()
    _judged[:] = [(data, language, found)]
    return found


def _secrets_to_type(state: State) -> Iterator[Problem]:
    for path in SECRET_FIELDS:
        reference = value_of(state.data, path)
        if _in_store(reference) and reference not in state.stored and path not in state.typed:
            message = _("The password is not stored yet.")
            yield Problem("secret_missing", message, path, action=_("Type it, or choose another place for it."))


def unsaved(state: State, untouched: Data | None) -> bool:
    """Whether something was typed that is not on disk; `untouched` is the document as the session began."""
    return bool(state.typed) or (bool(state.data) and state.data != untouched)


def written(now: State, saved: State) -> State:
    """The state after saving; `now` may have moved to another page meanwhile."""
    return replace(saved, step=now.step)


def profile_of(state: State) -> Profile:
    """The typed profile. Raises ProfileError."""
    return profile_from_data(state.data)


def file_of(state: State) -> Path:
    """The file that saving will write."""
    if state.file:
        return state.file
    return state.folder / (store.file_stem(str(value_of(state.data, "name") or "")) + store.SUFFIX)


# --- checking ----------------------------------------------------------------------------------


def subject(state: State) -> Subject:
    """What the checks of this session look at. Raises ProfileError while the document is not complete."""
    return Subject(profile_of(state), file_of(state), dict(state.typed))


def test_subject(state: State, step: str) -> Subject:
    """What the Test button of a step looks at: pages not filled in yet get a placeholder, so that one can be
    tested alone. Raises ProfileError when the sections up to and including this step are not complete.
    """
    return partial_subject(state, step)


def partial_subject(state: State, step: str, unneeded: Collection[str] = ()) -> Subject:
    """As `test_subject`, for work that does without the `unneeded` sections: these may be incomplete too."""
    data = copy.deepcopy(state.data)
    for problem in problems(state):
        section = problem.path.partition(".")[0].partition("[")[0]
        later = IDS.index(step_of(problem.path)) > IDS.index(step)
        if (later or section in unneeded) and section in _PLACEHOLDERS:
            data[section] = _PLACEHOLDERS[section]
    return Subject(profile_from_data(data), file_of(state), dict(state.typed))


_PLACEHOLDERS: Mapping[str, Any] = {
    "database": {"kind": "sqlite", "file": "none"},
    "webservice": {"url": "http://localhost/ws"},
    "grades": {},
    "update": {},
    "confirmation": {},
    "engine_account": {},
    "aps": {},
}


def take_report(state: State, report: Report, tested: State | None = None) -> State:
    """Keep the results of a run over the state `tested`, but for those cancelled or of what was edited since."""
    tested = tested or state
    names = {*tested.data, *state.data}
    changed = {name for name in names if tested.data.get(name) != state.data.get(name)}
    paths = {*tested.typed, *state.typed}
    changed |= {path.partition(".")[0] for path in paths if tested.typed.get(path) != state.typed.get(path)}
    fresh = {
        result.check.id: result
        for result in report.results
        if result.outcome.code != "cancelled" and not changed.intersection(result.check.covers)
    }
    return replace(state, results={**state.results, **fresh}, proved_at=report.at) if fresh else state


def retold(state: State) -> State:
    """The state with what checks and imports found said again in the language that is in force now."""
    work = state.grade_work
    if work.found:
        work = replace(work, found=replace(work.found, findings=i18n.retold(work.found.findings)))
    return replace(state, results=i18n.retold(state.results), grade_work=work)


def step_mark(state: State, step: str, found: tuple[Problem, ...] | None = None) -> str:
    """How a step stands, for the list at the side: "", "done", "problem", "passed" or "failed".

    `found` are the problems of the whole document, for a caller that has them already.
    """
    if not state.data or step not in state.visited:
        return ""
    found = problems(state) if found is None else found
    if step != "review" and any(step_of(problem.path) == step for problem in found):
        # A step of a new profile that was never left is not wrong, only unfinished.
        return "" if state.walking and step == state.step else "problem"
    if not BY_ID[step].sections:
        return ""
    results = [state.results[id_] for id_ in BY_ID[step].checks if id_ in state.results]
    if any(result.outcome.status in ("fail", "crashed") for result in results):
        return "failed"
    if results and len(results) == len(BY_ID[step].checks) and all(result.passed for result in results):
        return "passed"
    return "" if state.walking and step == state.step else "done"
