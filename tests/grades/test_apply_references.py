"""Applying a difference: all of it or nothing, by one program at a time, and nothing where nothing changed."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from tests.grades.imports import AT, LATER, Import, content, fresh, grade, numbered, references, take_over
from wizard.checklist.check import Subject
from wizard.connection.aps_store import default_file
from wizard.grades.apply_references import Applied, RenumberingRefused, apply
from wizard.grades.difference import CONTENTS, difference
from wizard.grades.reference_store import StoreFailed, backup_contents, backups, contents, stored

APPLIERS = Path(__file__).with_name("appliers.py")


def order(subject: Subject, imported: Import, batch: int = 40, die: int | None = None) -> str:
    return json.dumps(
        {
            "subject": subject.to_json(),
            "fresh": [
                [kind.model_dump(), [list(row.values()) for row in table.to_pylist()]] for kind, table in imported
            ],
            "moment": LATER.isoformat(),
            "batch": batch,
            "die": die,
        }
    )


def applier() -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, APPLIERS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    process.stdin.write(line + "\n")
    process.stdin.flush()


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


# --- what is written ---------------------------------------------------------------------------


@pytest.mark.seed("R-1.9-02")
def test_types_and_contents_are_kept_and_read_back(subject: Subject) -> None:
    colours, sizes = grade(description="Côr", size=4), grade(2, "T", per_company=False)
    applied = take_over(subject, (colours, fresh({"AZUL": "Azul-céu", "ROSA": ""})), (sizes, fresh("P M")))
    assert applied == Applied(contents=4, types=2)
    held = stored(subject)
    assert (held.company, held.generation) == ("01", 1)
    assert [(row.description, row.indicator, row.size, row.active) for row in held.types] == [
        ("Côr", "C", 4, True),
        ("Tipo 2", "T", 3, True),
    ]
    assert references(held) == {1: {"AZUL": "C001", "ROSA": "C002"}, 2: {"P": "T01", "M": "T02"}}
    table = contents(subject, 1)
    assert table.schema == CONTENTS
    assert table.to_pylist()[0] == {
        "code": "AZUL",
        "description": "Azul-céu",
        "reference": "C001",
        "sequence": 1,
        "active": True,
        "first_seen": AT,
        "last_seen": AT,
    }
    assert table["description"].to_pylist() == ["Azul-céu", ""]


def test_every_change_is_written_and_moments_say_until_when_a_content_was_there(subject: Subject) -> None:
    take_over(subject, (grade(), fresh("AZUL BEGE ROSA VERDE")))
    take_over(subject, (grade(), fresh("AZUL BEGE VERDE")), moment=AT + timedelta(days=1))
    imported = {"AZUL": "Azul", "PRETO": "Preto", "Rosa": "Pink", "VERDE": "Verde-mar"}
    brasilia = LATER.astimezone(timezone(-timedelta(hours=3))) + timedelta(microseconds=5)
    applied = take_over(subject, (grade(description="Cores"), fresh(imported)), moment=brasilia)
    assert applied == Applied(contents=4, types=1)
    rows = {row["code"]: tuple(row.values())[1:] for row in contents(subject, 1).to_pylist()}
    assert rows == {
        "AZUL": ("Azul", "C01", 1, True, AT, AT),
        "BEGE": ("Bege", "C02", 2, False, AT, LATER),
        "ROSA": ("Pink", "C03", 3, True, AT, LATER),
        "VERDE": ("Verde-mar", "C04", 4, True, AT, LATER),
        "PRETO": ("Preto", "C05", 5, True, LATER, LATER),
    }
    assert stored(subject).types[0].description == "Cores"
    assert stored(subject).generation == 3


def test_a_type_goes_and_comes_back(subject: Subject) -> None:
    take_over(subject, (grade(), fresh("AZUL ROSA")), (grade(2, "T"), fresh("P M")))
    before = references(stored(subject))
    take_over(subject, (grade(2, "T"), fresh("P M")))
    held = stored(subject)
    assert [row.active for row in held.types] == [False, True]
    assert held.contents[1]["active"].to_pylist() == [False, False]
    take_over(subject, (grade(), fresh("ROSA")), (grade(2, "T"), fresh("P M")))
    assert [row.active for row in stored(subject).types] == [True, True]
    assert references(stored(subject)) == before


def test_a_profile_of_another_company_is_a_fault_of_the_program(make: Callable[..., Subject]) -> None:
    found = difference(stored(make()), [(grade(), fresh("A"))])
    with pytest.raises(ValueError, match="company 01"):
        apply(make(company={"logix": "02", "site": "02"}), found, AT)


# --- nothing changed ---------------------------------------------------------------------------


def test_an_import_of_nothing_makes_no_store(make: Callable[..., Subject], tmp_path: Path) -> None:
    assert take_over(make()) == Applied()
    assert list(tmp_path.iterdir()) == []


def test_an_unchanged_import_writes_nothing(make: Callable[..., Subject]) -> None:
    subject = make()
    imported = [(grade(), numbered(300)), (grade(2, "T"), fresh("P M"))]
    take_over(subject, *imported)
    file = default_file(subject.file)
    with closing(sqlite3.connect(file)) as watcher:
        version = watcher.execute("PRAGMA data_version").fetchone()
        before = file.read_bytes(), file.stat().st_mtime_ns, sorted(file.parent.iterdir())
        for _again in range(3):
            assert take_over(subject, *imported, moment=LATER) == Applied()
        assert (file.read_bytes(), file.stat().st_mtime_ns, sorted(file.parent.iterdir())) == before
        assert watcher.execute("PRAGMA data_version").fetchone() == version
        take_over(subject, imported[0], moment=LATER)
        assert watcher.execute("PRAGMA data_version").fetchone() != version, "this watcher sees what is written"


def test_an_unchanged_import_leaves_a_server_alone(subject: Subject) -> None:
    imported = (grade(), numbered(300))
    take_over(subject, imported)
    before = content(stored(subject))
    assert take_over(subject, imported, moment=LATER) == Applied()
    assert content(stored(subject)) == before


# --- renumbering -------------------------------------------------------------------------------


@pytest.mark.seed("R-1.9-11")
@pytest.mark.parametrize("confirmed", [None, {}, {2: 3}, {1: 2}, {1: 4}])
def test_a_size_that_moves_references_is_refused_unless_it_is_confirmed_by_type_and_count(
    subject: Subject, confirmed: dict[int, int] | None
) -> None:
    take_over(subject, (grade(), fresh("AZUL ROSA VERDE")))
    before = content(stored(subject))
    found = difference(stored(subject), [(grade(size=4), fresh("AZUL ROSA")), (grade(2, "T"), fresh("P"))])
    with pytest.raises(RenumberingRefused) as refused:
        apply(subject, found, LATER, confirmed)
    (problem,) = refused.value.problems
    assert problem.code == "references.not_confirmed"
    assert problem.message == "Size 3 to 4 of grade type 1 (Tipo 1) would move references: 3."
    assert problem.action == "Set the size back to 3, or confirm the renumbering with this count: 3."
    assert content(stored(subject)) == before


def test_an_indicator_that_moves_references_is_refused_likewise(make: Callable[..., Subject]) -> None:
    subject = make()
    take_over(subject, (grade(), fresh("AZUL")), (grade(2, "T"), fresh("P")))
    changed = [(grade(indicator="K"), fresh("AZUL")), (grade(2, "W"), fresh("P"))]
    with pytest.raises(RenumberingRefused) as refused:
        apply(subject, difference(stored(subject), changed), LATER, {1: 1})
    assert [problem.message for problem in refused.value.problems] == [
        "Indicator T to W of grade type 2 (Tipo 2) would move references: 1."
    ]
    assert all(problem.action for problem in refused.value.problems)


def test_a_confirmed_renumbering_backs_up_first_and_keeps_the_order(subject: Subject) -> None:
    take_over(subject, (grade(), fresh("AZUL ROSA VERDE")), (grade(2, "T"), fresh("P M")))
    take_over(subject, (grade(), fresh("AZUL VERDE")), (grade(2, "T"), fresh("P M")))
    before = contents(subject, 1).to_pylist()
    found = difference(stored(subject), [(grade(size=4), fresh("BEGE VERDE ROSA")), (grade(2, "T"), fresh("P M"))])
    applied = apply(subject, found, LATER, {1: 3})
    assert applied == Applied(contents=3 + 3, types=1, backups=(1,))
    assert references(stored(subject)) == {
        1: {"AZUL": "C001", "ROSA": "C002", "VERDE": "C003", "BEGE": "C004"},
        2: {"P": "T01", "M": "T02"},
    }
    assert contents(subject, 1)["active"].to_pylist() == [False, True, True, True]
    assert contents(subject, 1)["last_seen"].to_pylist() == [LATER] * 4
    (backup,) = backups(subject)
    assert (backup.number, backup.type, backup.description, backup.moment) == (1, 1, "Tipo 1", LATER)
    assert (backup.indicator, backup.size, backup.new_indicator, backup.new_size) == ("C", 3, "C", 4)
    assert (backup.contents, backup.name) == (3, "1-C3-20260402T103000Z")
    assert backup_contents(subject, 1).to_pylist() == before
    assert stored(subject).former == {"C": frozenset({1})}


def test_backups_add_up_and_a_renumbering_can_be_taken_back(subject: Subject) -> None:
    table = fresh("AZUL ROSA VERDE")
    take_over(subject, (grade(), table))
    first = references(stored(subject))
    take_over(subject, (grade(indicator="K"), table))
    take_over(subject, (grade(), table))
    assert references(stored(subject)) == first
    assert [(backup.number, backup.indicator, backup.new_indicator) for backup in backups(subject)] == [
        (1, "C", "K"),
        (2, "K", "C"),
    ]
    found = difference(stored(subject), [(grade(), table), (grade(2, "K"), fresh("P"))])
    assert [left.problem.code for left in found.left_out] == ["references.indicator_taken"]


# --- one at a time -----------------------------------------------------------------------------


@pytest.mark.parametrize("made", [False, True])
def test_a_difference_of_an_older_state_is_refused(subject: Subject, made: bool) -> None:
    if made:
        take_over(subject, (grade(), fresh("AZUL")))
    found = difference(stored(subject), [(grade(), fresh("AZUL BEGE"))])
    take_over(subject, (grade(), fresh("AZUL ROSA")))
    before = content(stored(subject))
    with pytest.raises(StoreFailed) as failed:
        apply(subject, found, LATER)
    assert failed.value.outcome.code == "store.changed"
    assert failed.value.outcome.hint
    assert content(stored(subject)) == before


@pytest.mark.parametrize("made", [False, True])
def test_of_two_that_apply_at_once_one_wins_and_one_is_refused(subject: Subject, made: bool) -> None:
    if made:
        take_over(subject, (grade(), fresh("AZUL")))
    with applier() as one, applier() as other:
        for again in range(3):
            numbers = [numbered(500, 1 + 1000 * again), numbered(500, 501 + 1000 * again)]
            for process, table in zip((one, other), numbers, strict=True):
                say(process, order(subject, [(grade(size=5), table)], batch=20))
                assert heard(process) == "ready"
            for process in (one, other):
                say(process, "go")
            said = [heard(one), heard(other)]
            assert sorted(said) == ["applied", "store.changed"]
            held = stored(subject).contents[1]
            mine = set(numbers[said.index("applied")]["code"].to_pylist())
            active = {row["code"] for row in held.to_pylist() if row["active"]}
            assert active == mine


def test_a_program_that_holds_the_store_is_waited_for_and_named(
    make: Callable[..., Subject], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.grades.reference_store.LOCK_SECONDS", 0.2)
    subject = make()
    take_over(subject, (grade(), fresh("AZUL")))
    found = difference(stored(subject), [(grade(), fresh("AZUL BEGE"))])
    with closing(sqlite3.connect(default_file(subject.file), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFailed) as failed:
            apply(subject, found, LATER)
    outcome = failed.value.outcome
    assert (outcome.code, outcome.details) == ("store.locked", {"original": "database is locked"})
    assert apply(subject, found, LATER) == Applied(contents=1)


# --- interrupted -------------------------------------------------------------------------------


def everything() -> tuple[Import, Import]:
    """Two imports with every kind of change between them, a renumbering too."""
    before = [(grade(), numbered(200)), (grade(2, "T"), fresh("P M G")), (grade(3, "W", size=4), fresh("X Y"))]
    renamed = [(f"C{number:06}", f"Outro {number}") for number in range(1, 100)]
    after = [(grade(size=4), fresh([*renamed, *((f"N{n}", "") for n in range(90))])), (grade(2, "T"), fresh("M G GG"))]
    return before, after


def test_killed_before_any_statement_the_old_state_stands(subject: Subject) -> None:
    before, after = everything()
    take_over(subject, *before)
    old = content(stored(subject))
    deaths = 0
    # A server undoes what a lost connection leaves, whatever it was: a few places suffice there.
    step = 1 if subject.profile.aps.url is None else 5
    with applier() as process:
        for statement in (0, *range(1, 100, step)):
            say(process, order(subject, after, die=statement))
            ended = int(heard(process))
            if ended == 0:
                break
            assert ended == -signal.SIGKILL
            deaths += 1
            assert content(stored(subject)) == old, f"killed before statement {statement}"
            assert backups(subject) == ()
    assert deaths > 15 / step
    assert stored(subject).generation == 2
    assert len(backups(subject)) == 1
    assert difference(stored(subject), after).empty


def test_killed_at_any_moment_the_old_state_stands_or_the_new(make: Callable[..., Subject]) -> None:
    subject = make()
    take_over(subject, (grade(size=5), fresh("A")))
    seconds = random.Random(4)  # noqa: S311 - when to kill
    generation, killed, count = 1, 0, 1
    for again in range(12):
        process = applier()
        say(process, order(subject, [(grade(size=5), numbered(10_000, 1 + 10_000 * again))], batch=500))
        assert heard(process) == "ready"
        say(process, "go")
        time.sleep(seconds.uniform(0, 0.25))
        process.kill()
        process.communicate()
        held = stored(subject)
        killed += held.generation == generation
        assert held.generation in {generation, generation + 1}
        count += 10_000 * (held.generation - generation)
        generation = held.generation
        assert held.contents[1].num_rows == count
        with closing(sqlite3.connect(default_file(subject.file))) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert killed
