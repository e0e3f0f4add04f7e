"""Many imports with edits in Logix between them: a reference never changes and never stands for two contents."""

from __future__ import annotations

import random
import shutil
import string
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.grades.imports import AT, Import, content, fresh, grade, take_over
from wizard.checklist.check import Subject
from wizard.connection.aps_store import default_file
from wizard.grades.apply_references import Applied, RenumberingRefused, apply
from wizard.grades.capacity import CAPACITY, Size
from wizard.grades.difference import difference
from wizard.grades.reference_store import backups, stored
from wizard.profile.load import profile_from_data

NAMES = st.sampled_from(["AZUL", "azul", "Rosa", "ROSA", "VERDE", "ÁGUA", "água", "P", "M", "g", "G", "10", "1 0", "ß"])


@dataclass
class Logix:
    """The grade types of a company as Logix has them: code to description, and size and indicator of the profile."""

    types: dict[int, dict[str, str]] = field(default_factory=dict)
    sizes: dict[int, Size] = field(default_factory=dict)
    indicators: dict[int, str] = field(default_factory=dict)

    def imported(self, unread: set[int]) -> Import:
        """An import as the reading of Logix cleans it: of twins the first one, in the order of the codes."""
        found = []
        for code, contents in sorted(self.types.items()):
            first: dict[str, str] = {}
            for content_code in sorted(contents):
                first.setdefault(content_code.casefold(), content_code)
            pairs = [(content_code, contents[content_code]) for content_code in first.values()]
            if code not in unread:
                found.append((grade(code, self.indicators[code], self.sizes[code]), fresh(pairs)))
        return found


class Given:
    """Every reference that was ever given, and to what; `check` compares it with a store."""

    def __init__(self) -> None:
        self.now: dict[tuple[int, str], str] = {}
        self.ever: dict[str, tuple[int, str]] = {}

    def check(self, subject: Subject, moved: set[int]) -> None:
        held = stored(subject)
        now = {}
        for code, table in held.contents.items():
            keys = [(code, text.casefold()) for text in table["code"].to_pylist()]
            now |= dict(zip(keys, table["reference"].to_pylist(), strict=True))
            assert len(set(keys)) == len(keys)
        assert len(set(now.values())) == len(now), "one reference for two contents"
        for key, reference in self.now.items():
            assert key[0] in moved or now[key] == reference, f"{key} moved"
        for key, reference in now.items():
            assert self.ever.setdefault(reference, key) == key, f"{reference} stood for something else before"
        self.now = now


class ReImports(RuleBasedStateMachine):
    """Edits in Logix and in the profile, in any order, and imports between them."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.subject = subject_in(self.folder)
        shutil.copy(self.template, default_file(self.subject.file))
        self.logix, self.given = Logix(), Given()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        self.add_type(1, 3)

    @rule(code=st.integers(1, 4), size=st.sampled_from([3, 4]))
    def add_type(self, code: int, size: Size) -> None:
        self.logix.types.setdefault(code, {"AZUL": "Azul"})
        self.logix.sizes.setdefault(code, size)
        self.logix.indicators.setdefault(code, "ABCD"[code - 1])

    @rule(code=st.integers(1, 4))
    def remove_type(self, code: int) -> None:
        self.logix.types.pop(code, None)

    @rule(code=st.integers(1, 4), name=NAMES, text=st.sampled_from(["", "x", "Texto"]))
    def add_or_rename(self, code: int, name: str, text: str) -> None:
        if code in self.logix.types:
            self.logix.types[code][name] = text

    @rule(code=st.integers(1, 4), name=NAMES)
    def remove(self, code: int, name: str) -> None:
        self.logix.types.get(code, {}).pop(name, None)

    @rule(code=st.integers(1, 4), count=st.integers(1, 700), first=st.integers(0, 2000))
    def fill(self, code: int, count: int, first: int) -> None:
        if code in self.logix.types:
            self.logix.types[code] |= {f"{number:05}": "" for number in range(first, first + count)}

    @rule(code=st.integers(1, 4))
    def empty(self, code: int) -> None:
        if code in self.logix.types:
            self.logix.types[code].clear()

    @rule(unread=st.sets(st.integers(1, 4), max_size=2))
    def take_over(self, unread: set[int]) -> None:
        self._apply(unread)

    @precondition(lambda self: self.logix.types)
    @rule(code=st.integers(1, 4), size=st.sampled_from([3, 4, 5]), indicator=st.sampled_from("ABCDEF"))
    def renumber(self, code: int, size: Size, indicator: str) -> None:
        if code not in self.logix.types or indicator in self.logix.indicators.values():
            return
        self.logix.sizes[code], self.logix.indicators[code] = size, indicator
        self._apply(set())

    def _apply(self, unread: set[int]) -> None:
        imported = self.logix.imported(unread)
        found = difference(stored(self.subject), imported, unread)
        before = content(stored(self.subject))
        if found.moves:
            try:
                apply(self.subject, found, AT)
            except RenumberingRefused:
                assert content(stored(self.subject)) == before
            else:
                raise AssertionError("references moved without a confirmation")
        applied = apply(self.subject, found, AT, found.moves)
        assert len(applied.backups) == len(found.moves)
        self.given.check(self.subject, set(found.moves))
        again = difference(stored(self.subject), imported, unread)
        assert again.empty
        assert apply(self.subject, again, AT) == Applied()
        self._holds(imported, {left.code for left in found.left_out}, unread)

    def _holds(self, imported: Import, left_out: set[int], unread: set[int]) -> None:
        held = stored(self.subject)
        for kind, table in imported:
            if kind.code in left_out:
                continue
            rows = [row for row in held.contents[kind.code].to_pylist() if row["active"]]
            expected = {row["code"].casefold(): row["description"] for row in table.to_pylist()}
            assert {row["code"].casefold(): row["description"] for row in rows} == expected
            assert held.contents[kind.code].num_rows <= CAPACITY[kind.size]
        there = {kind.code for kind, _table in imported}
        for row in held.types:
            if row.code not in there | left_out | unread:
                assert not row.active
                assert not any(held.contents[row.code]["active"].to_pylist())

    @invariant()
    def sequences_have_no_gap(self) -> None:
        for table in stored(self.subject).contents.values():
            assert table["sequence"].to_pylist() == list(range(1, table.num_rows + 1))


def subject_in(folder: Path) -> Subject:
    data = {
        "name": "Serra Azul",
        "environment": "test",
        "company": {"logix": "01", "site": "01"},
        "database": {"kind": "sqlite", "file": "logix.sqlite"},
        "webservice": {"url": "http://127.0.0.1:1/ws"},
    }
    return Subject(profile_from_data(data), folder / "serra-azul.yaml")


@pytest.mark.seed("R-1.9-02", "R-GEN-04", "R-1.9-11")
def test_any_order_of_edits_and_imports(tmp_path: Path) -> None:
    # Tables made once and copied: making them takes longer than an import.
    maker = subject_in(tmp_path)
    take_over(maker, (grade(9, "Z"), fresh("")))

    class Machine(ReImports):
        template = default_file(maker.file)

    Machine.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Machine, settings=Machine.TestCase.settings)


@pytest.mark.seed("R-1.9-02", "R-GEN-04")
def test_ten_re_imports_with_random_edits_never_change_a_reference(subject: Subject) -> None:
    dice = random.Random(20260302)  # noqa: S311 - edits, not secrets
    logix, given = Logix(), Given()
    for code, size in ((1, 4), (2, 3), (3, 5), (4, 3), (5, 4)):
        logix.sizes[code], logix.indicators[code] = size, "CTENX"[code - 1]
        logix.types[code] = {f"{word(dice)}{number}": "x" for number in range(200)}
    for _again in range(10):
        take_over(subject, *logix.imported(set()))
        given.check(subject, set())
        for contents in logix.types.values():
            edit(dice, contents)
        away = dice.choice(sorted(logix.types))
        kept = logix.types.pop(away)
        take_over(subject, *logix.imported(set()))
        given.check(subject, set())
        logix.types[away] = kept
    assert backups(subject) == ()
    assert len(given.now) > 2000


def word(dice: random.Random) -> str:
    return "".join(dice.choices(string.ascii_uppercase, k=4))


def edit(dice: random.Random, contents: dict[str, str]) -> None:
    """New, gone, renamed, written in other capitals, and twins."""
    edits: list[Callable[[str], None]] = [
        lambda code: contents.update({word(dice) + str(len(contents)): "new"}),
        lambda code: contents.pop(code, None) and None,
        lambda code: contents.update({code: word(dice)}),
        lambda code: contents.update({code.lower(): contents.pop(code)}),
        lambda code: contents.update({code.lower(): "twin"}),
    ]
    for code in dice.sample(sorted(contents), 60):
        dice.choice(edits)(code)
    contents.update({f"{word(dice)}{number}": "new" for number in range(20)})
