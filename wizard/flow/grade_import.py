"""Moves of the page Grade types: importing, proposing sizes, looking at the difference, applying it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from gettext import gettext as _
from gettext import ngettext
from typing import Any

from wizard import i18n
from wizard.checklist.check import Subject
from wizard.flow.grade_table import demand, sizes
from wizard.flow.grade_work import GradeWork, fits, inputs_of, types_of
from wizard.flow.state import State, file_of, partial_subject, set_grades, with_value
from wizard.grades import plan
from wizard.grades.import_result import Changes, Finding, Import, Progress, TypeChange, Wish
from wizard.i18n import N_
from wizard.profile.models import Grades

_CSV_NEEDS_NOT = ("database",)
"""A file of contents is for a site that has no access to the database yet."""


def subject_of(state: State, wish: Wish) -> Subject:
    """What an import looks at. Raises ProfileError while a page that it needs is not complete."""
    return partial_subject(state, "grades", _CSV_NEEDS_NOT if wish.csv else ())


def take_import(state: State, found: Import, wish: Wish, asked: State) -> State:
    """Keep what an import found that was asked for in the state `asked`: the types go into the document.

    What was chosen while it ran stays; the difference is then an old one.
    """
    state = with_grades(state, found.grades)
    inputs = inputs_of(asked.data, file_of(asked))
    work = replace(state.grade_work, found=found, csv=wish.csv, rows=wish.rows, inputs=inputs, unsure=False)
    return replace(state, grade_work=work)


def with_grades(state: State, grades: Grades) -> State:
    """The state with imported types. An import that finds everything as it is does not touch the document."""
    fresh = set_grades(state, grades)
    return state if _but_moment(fresh.data) == _but_moment(state.data) else fresh


def lose_track(state: State) -> State:
    """Applying ended without an answer: only another comparison can tell whether it was written."""
    return replace(state, grade_work=replace(state.grade_work, unsure=True))


def set_headroom(state: State, percent: int) -> State:
    """Judge and propose sizes with this growth."""
    return replace(state, grade_work=replace(state.grade_work, headroom=percent / 100))


def progress_text(now: Progress, elapsed: float) -> str:
    """What an import is doing, in a sentence; `elapsed` are the seconds since it began."""
    if now.phase == "comparing":
        text = _("Comparing {contents} contents with the APS store... {elapsed}")
    elif now.phase == "writing":
        text = _("Writing into the APS store... {elapsed}")
    elif now.left is None:
        text = _("Reading type {number} of {of}, {type}: {contents} contents. {elapsed}")
    else:
        text = _("Reading type {number} of {of}, {type}: {contents} contents. Time left: {left}")
    return text.format(
        number=now.number,
        of=now.of,
        type=now.description,
        contents=now.contents,
        elapsed=clock(elapsed),
        left=clock(now.left or 0),
    )


def clock(seconds: float) -> str:
    """65.4 -> 1:05."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


def why_not_propose(state: State) -> str:
    """Why no sizes can be proposed; "" when they can."""
    if not types_of(state.data):
        return _("There are no grade types yet. Import them first.")
    if state.grade_work.found is None:
        return _("Import first: only then is known which types have references that must not move.")
    return ""


def propose(state: State) -> tuple[State, tuple[str, ...]]:
    """Give every type the proposed size. Gives the state and what changed: "Cor 5 -> 4"."""
    proposed = plan.propose(demand(state.data, state.grade_work)).sizes
    now = sizes(state.data)
    names = {int(grade["code"]): str(grade.get("description") or grade["code"]) for grade in types_of(state.data)}
    changed = tuple(f"{names[code]} {now[code]} -> {proposed[code]}" for code in now if now[code] != proposed[code])
    if not changed:
        return state, ()
    types = [{**grade, "size": proposed[int(grade["code"])]} for grade in types_of(state.data)]
    return with_types(state, types), changed


def with_types(state: State, types: Sequence[Mapping[str, Any]]) -> State:
    """The state with other grade types; checks that cover them are no longer valid."""
    kept = {id_: result for id_, result in state.results.items() if "grades" not in result.check.covers}
    return replace(state, data=with_value(state.data, "grades.types", list(types)), results=kept)


# --- the difference ----------------------------------------------------------------------------


def is_current(state: State) -> bool:
    """Whether the difference that was seen is still that of the answers as they are typed now."""
    work = state.grade_work
    return fits(state.data, work) and work.inputs == inputs_of(state.data, file_of(state))


def why_not_apply(state: State) -> str:
    """Why the difference cannot be applied; "" when it can."""
    work = state.grade_work
    if work.found is None:
        return _("Press Difference first: what will be written has to be seen before.")
    if work.unsure:
        return _("The last Apply ended without an answer. Press Difference to see what is written.")
    if not is_current(state):
        return _("Sizes, indicators or the connection changed since this difference. Press Difference again.")
    if work.found.changes.applied:
        return _("This difference is written already.")
    if work.found.changes.empty:
        return _("There is nothing to write: the APS store has exactly these references.")
    return ""


@dataclass(frozen=True)
class Renumbering:
    """A type whose references would move, all of them: it has to be confirmed by name and count."""

    code: int
    name: str
    moves: int
    text: str


def renumberings(state: State) -> tuple[Renumbering, ...]:
    """What has to be confirmed before the difference is applied."""
    found = state.grade_work.found
    if found is None:
        return ()
    now = {grade.code: grade for grade in found.grades.types}
    names = {change.type: change.description for change in found.changes.types}
    result = []
    for code, moves in found.changes.moves.items():
        given, grade = found.given[code], now[code]
        if given.size != grade.size:
            text = ngettext(
                "Size {before} to {after}: its {count} reference changes.",
                "Size {before} to {after}: all its {count} references change.",
                moves,
            )
            before, after = str(given.size), str(grade.size)
        else:
            text = ngettext(
                "Indicator {before} to {after}: its {count} reference changes.",
                "Indicator {before} to {after}: all its {count} references change.",
                moves,
            )
            before, after = given.indicator, grade.indicator
        name = f"{code} {names[code]}".rstrip()
        result.append(Renumbering(code, name, moves, text.format(before=before, after=after, count=moves)))
    return tuple(result)


def wish_to_apply(work: GradeWork, confirmed: Iterable[Renumbering] = ()) -> Wish:
    """Apply the difference that was seen, and no other."""
    assert work.found is not None  # noqa: S101 - `why_not_apply` was asked
    return Wish(
        csv=work.csv,
        apply=True,
        expected=work.found.changes.digest,
        confirmed={one.code: one.moves for one in confirmed},
    )


KIND_WORDS: Mapping[str, str] = {
    "moved": N_("Renumbered"),
    "gone": N_("Gone"),
    "back": N_("Come back"),
    "renamed": N_("Renamed"),
    "new": N_("New"),
}
"""What happens to a content, in the order in which people look at it: the most serious first."""

_WHAT_WORDS: Mapping[str, str] = {
    "added": N_("new type"),
    "removed": N_("no longer in Logix"),
    "back": N_("in Logix again"),
    "size": N_("other size"),
    "indicator": N_("other indicator"),
    "description": N_("other name"),
    "source": N_("other table or columns"),
}


def change_text(change: TypeChange) -> str:
    """One type that changes: "1 Cor: new type; New 2393"."""
    whats = [_(_WHAT_WORDS[what]) for what in change.what]
    parts = [", ".join(whats)] if whats else []
    parts += [counts_text(change.counts)] if any(change.counts.values()) else []
    return f"{change.type} {change.description}: {'; '.join(parts)}"


def counts_text(counts: Mapping[str, int]) -> str:
    """How many contents of each kind: "New 12, Renamed 3"."""
    return ", ".join(f"{_(word)} {i18n.number(counts[kind])}" for kind, word in KIND_WORDS.items() if counts.get(kind))


def difference_text(changes: Changes) -> str:
    """The difference in one sentence."""
    if changes.empty:
        text = ngettext(
            "No difference: the APS store has exactly this {count} content.",
            "No difference: the APS store has exactly these {count} contents.",
            changes.unchanged,
        )
        return text.format(count=changes.unchanged)
    counts = counts_text(changes.counts) or _("no single content changes")
    text = _("{counts}; unchanged {unchanged}. Types that change: {types}.")
    return text.format(counts=counts, unchanged=changes.unchanged, types=len(changes.types))


def applied_text(changes: Changes) -> str:
    """What was written, and where."""
    counts = counts_text(changes.counts) or _("no single content changes")
    text = _("Written to {where}: {counts}. Types: {types}.")
    text = text.format(where=changes.where, counts=counts, types=len(changes.types))
    if changes.backup_names:
        kept = _("The former references are kept as {names}.").format(names=", ".join(changes.backup_names))
        return f"{text} {kept}"
    return text


# --- findings ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class FindingGroup:
    """What an import found about one type (0: about all items)."""

    title: str
    serious: bool
    lines: tuple[str, ...]


def finding_groups(findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """Findings by type, those with something that was not imported first."""
    by_type: dict[tuple[int, str], list[Finding]] = {}
    for finding in findings:
        # A type whose code is no number is known by its name alone.
        by_type.setdefault((finding.type, finding.description if finding.type < 0 else ""), []).append(finding)
    groups = [
        FindingGroup(
            _title(members[0]),
            any(finding.serious for finding in members),
            tuple(_finding_line(finding) for finding in sorted(members, key=lambda one: not one.serious)),
        )
        for members in by_type.values()
    ]
    return tuple(sorted(groups, key=lambda group: not group.serious))


def findings_text(findings: Iterable[Finding]) -> str:
    """All findings as lines of text."""
    lines = []
    for group in finding_groups(findings):
        lines.append(f"{'X' if group.serious else '!'}  {group.title}")
        lines += [f"   {line}" for line in group.lines]
    return "\n".join(lines)


def _title(finding: Finding) -> str:
    if finding.type < 0:
        return finding.description or "?"
    return f"{finding.type} {finding.description}".rstrip() if finding.type else _("All items")


def _finding_line(finding: Finding) -> str:
    if not finding.examples:
        return finding.message
    more = finding.count - len(finding.examples)
    examples = ", ".join(finding.examples)
    return f"{finding.message} ({examples}, ...)" if more > 0 else f"{finding.message} ({examples})"


def _but_moment(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (data.get("grades") or {}).items() if name != "imported_at"}
