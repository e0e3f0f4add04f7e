"""Two profiles side by side, question by question, and what changed in one since it was proved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _
from typing import Any

from wizard.checklist.registry import checks
from wizard.flow.review import NOT_RUN
from wizard.flow.state import State, file_of, profile_of
from wizard.flow.steps import BY_ID, form, step_of
from wizard.i18n import N_
from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_data, profile_from_text, profile_to_data
from wizard.profile.models import CheckMark, Profile
from wizard.profile.validation import inputs_hash, is_stale


@dataclass(frozen=True)
class Line:
    """One question and its two answers, in words; "" where there is none."""

    page: str
    question: str
    left: str
    right: str

    @property
    def same(self) -> bool:
        """Whether both answers are the same."""
        return self.left == self.right


@dataclass(frozen=True)
class Since:
    """What happened to a profile after it was proved.

    `at` is when it was, None when never; `stale` are the titles of the checks that no longer hold or were never run;
    `lines` the values that changed; `unknown` the pages of which no former version tells what stood there.
    """

    at: datetime | None
    stale: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    unknown: tuple[str, ...] = ()


def compare(left: Profile, right: Profile) -> tuple[Line, ...]:
    """Every question that one of the two answers, in the order of the pages."""
    return _compare(profile_to_data(left), profile_to_data(right))


def differences(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Only the lines whose answers differ."""
    return tuple(line for line in lines if not line.same)


def as_text(lines: Sequence[Line], left: str, right: str) -> str:
    """The lines for the clipboard: columns by tabs, as a spreadsheet and a mail take them."""
    head = (_("Page"), _("Question"), left, right)
    rows = (head, *((line.page, line.question, line.left, line.right) for line in lines))
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)


def since_validation(state: State) -> Since:
    """What changed since the profile was proved, found in the former versions beside it.

    Raises ProfileError while the document is not complete.
    """
    profile = profile_of(state)
    if profile.validation is None or not profile.validation.checks:
        return Since(None)
    now = profile_to_data(profile)
    stale = [mark for mark in profile.validation.checks if is_stale(mark, now) or mark.code == NOT_RUN]
    documents = tuple(_former(state)) if stale else ()
    lines: dict[tuple[str, str], Line] = {}
    unknown: dict[str, None] = {}
    for mark in stale:
        if not is_stale(mark, now):
            continue
        before = next((data for data in documents if inputs_hash(data, mark.covers) == mark.inputs), None)
        if before is None:
            unknown |= dict.fromkeys(_pages(mark))
            continue
        covered = ({section: data[section] for section in mark.covers if section in data} for data in (before, now))
        lines |= {(line.page, line.question): line for line in differences(_compare(*covered))}
    told = {page for page, _question in lines}
    known = checks()
    titles = tuple(_(known[mark.id].title) if mark.id in known else mark.id for mark in stale)
    return Since(
        profile.validation.at, titles, tuple(lines.values()), tuple(page for page in unknown if page not in told)
    )


def _pages(mark: CheckMark) -> Iterator[str]:
    for section in mark.covers:
        yield _(BY_ID[step_of(section)].title)


def _former(state: State) -> Iterator[dict[str, Any]]:
    """The documents that may be the one that was proved: as saved, and the former versions, the last one first."""
    if state.saved_data is not None:
        yield profile_to_data(profile_from_data(state.saved_data))
    for version in store.former(file_of(state)):
        try:
            yield profile_to_data(profile_from_text(store.read_text(version.file)[0]))
        except ProfileError:
            continue


# --- a document as questions and answers -------------------------------------------------------

_LEFT_OUT = ("version", "erp", "validation")
"""Not asked, or about the proof instead of the profile."""

COMBINATIONS_SHOWN = 12

_LABELS = {
    "webservice.production_order.name": N_("Name of the service of production orders"),
    "webservice.production_order.version": N_("Message version of production orders"),
    "webservice.purchase_order.name": N_("Name of the service of purchase orders"),
    "webservice.purchase_order.version": N_("Message version of purchase orders"),
    "grades.long_items": N_("Items whose code is too long"),
    "grades.imported_at": N_("Grade types imported at"),
    "grades.imported_from": N_("Grade types imported from"),
}
"""What the profile holds and no page asks."""


def _compare(left: Mapping[str, Any], right: Mapping[str, Any]) -> tuple[Line, ...]:
    answers = [_answers(data) for data in (left, right)]
    questions = dict.fromkeys((*answers[0], *answers[1]))
    order = list(BY_ID)
    lines = [
        (
            order.index(step),
            Line(_(BY_ID[step].title), question, *(found.get((step, question), "") for found in answers)),
        )
        for step, question in questions
    ]
    return tuple(line for _place, line in sorted(lines, key=lambda pair: pair[0]))


def _answers(data: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Step and question to the answer in words."""
    asked = {field.path: field for step in BY_ID for field in form(step, data)}
    found: dict[tuple[str, str], str] = {}
    for path, step, value in _leaves(data):
        field = asked.get(path)
        shown = _word(value)
        if field and field.choices:
            word = dict(field.choices).get(value)
            shown = _(word) if word else shown
        elif field and field.unit and shown:
            shown = f"{shown} {_(field.unit)}"
        title = field.label if field else _LABELS.get(path, path)
        label = _(title)
        if field and field.group and field.group != field.label and step in ("webservice", "options"):
            label = f"{_(field.group)}: {label}"
        found[step, label] = shown
    return found


def _leaves(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    """Path or own title, step and value of everything that is compared."""
    for key, value in data.items():
        path = f"{prefix}{key}"
        if path in _LEFT_OUT:
            continue
        if path == "grades.types":
            for grade in value:
                name = _("Grade type {code}").format(code=grade["code"])
                yield name, "grades", _grade(grade)
        elif path == "grades.combinations":
            yield _("Combinations in use"), "grades", _combinations(value)
        elif isinstance(value, Mapping):
            yield from _leaves(value, f"{path}.")
        else:
            yield path, step_of(path), value


def _combinations(value: Sequence[Sequence[int]]) -> str:
    """All of a few; of many their number and a mark that differs when one of them does."""
    texts = ["+".join(map(str, codes)) for codes in value]
    if len(texts) <= COMBINATIONS_SHOWN:
        return "; ".join(texts)
    mark = hashlib.sha256("; ".join(texts).encode()).hexdigest()[:8]
    return f"{len(texts)} (#{mark})"


def _grade(grade: Mapping[str, Any]) -> str:
    text = _("{name}, size {size}, indicator {indicator}, {count} contents")
    told = text.format(
        name=grade["description"], size=grade["size"], indicator=grade["indicator"], count=grade.get("contents", 0)
    )
    source = [grade[key] for key in ("content_table", "code_column", "description_column") if grade.get(key)]
    if grade.get("per_company"):
        source.append("cod_empresa")
    return f"{told}; {', '.join(source)}" if source else told


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)
