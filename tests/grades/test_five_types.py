"""A site with five types, of which four mean trouble, imported again and again while people work in Logix."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from tests.grades import five_types
from tests.grades.five_types import COLOUR, HOSTILE, MANY, PRINT, PRINTS, SIZE, WASH, never_moved
from wizard.checklist.check import Subject
from wizard.grades import importer
from wizard.grades.difference import folded
from wizard.grades.import_result import Import, Wish
from wizard.grades.reference_store import backups, stored
from wizard.profile.load import profile_from_data


@pytest.fixture
def site(subject: Subject) -> Subject:
    """The site in the folder of the profile; the store is not made yet."""
    five_types.build(subject.file.with_name("logix.sqlite"), MANY)
    data = subject.profile.model_dump(mode="json", exclude_none=True) | {
        "database": {"kind": "sqlite", "file": "logix.sqlite"},
        "grades": {"types": [five_types.outgrown()]},
    }
    return Subject(profile_from_data(data), subject.file, subject.typed)


def told(found: Import) -> set[tuple[int, str, int]]:
    return {(finding.type, finding.kind, finding.count) for finding in found.findings}


@pytest.mark.seed("R-1.9-02", "R-1.9-03", "R-1.9-05", "R-GEN-04")
def test_every_type_is_imported_or_its_trouble_told(site: Subject) -> None:
    first = importer.run(site, Wish(apply=True))
    assert [(grade.code, grade.indicator, grade.size, grade.contents) for grade in first.grades.types] == [
        (COLOUR, "C", 5, MANY),
        (SIZE, "T", 3, 3),
        (PRINT, "E", 3, PRINTS),
        (WASH, "M", 3, 40),
    ]
    assert told(first) == {(SIZE, "blank", 1), (SIZE, "twin", 2), (HOSTILE, "refused", 0)}
    assert {finding.type: finding.examples for finding in first.findings if finding.kind == "twin"} == {
        SIZE: ("Gg", "p")
    }
    assert first.grades.combinations == ((1, 2), (1, 2, 3, 5))
    # The hostile name was asked for nothing.
    with closing(sqlite3.connect(site.file.with_name("logix.sqlite"))) as logix:
        assert logix.execute("SELECT count(*) FROM cor").fetchone() == (MANY,)
        logix.execute("INSERT INTO estampa VALUES ('MAIS UMA', 'a 1234ª')")
        logix.commit()
    before = stored(site).contents
    again = importer.run(site, Wish(apply=True))
    assert told(again) - told(first) == {(PRINT, "left_out", 0)}
    (left_out,) = (finding for finding in again.findings if finding.kind == "left_out")
    assert "needs 1,234 references, but size 3 holds 1,233. Choose size 4" in left_out.message
    # The type that no longer fits stays whole: a part of its contents would be worse than none.
    assert stored(site).contents[PRINT].equals(before[PRINT])
    assert again.changes.empty


@pytest.mark.seed("R-1.9-02", "R-1.9-11", "R-GEN-04")
def test_ten_re_imports_with_edits_between_them_never_change_a_reference(site: Subject) -> None:
    dice = random.Random(20260302)  # noqa: S311 - edits, not secrets
    logix = site.file.with_name("logix.sqlite")
    first = importer.run(site, Wish(apply=True))
    sizes = {grade.code: (grade.indicator, grade.size) for grade in first.grades.types}
    before = stored(site).contents
    seen: set[str] = set()
    for round_ in range(10):
        five_types.edit(logix, dice, round_)
        found = importer.run(site, Wish(apply=True))
        seen |= {kind for kind, count in found.changes.counts.items() if count}
        assert {grade.code: (grade.indicator, grade.size) for grade in found.grades.types} == sizes
        after = stored(site).contents
        never_moved(before, after)
        held = after[COLOUR].filter(after[COLOUR]["active"])
        with closing(sqlite3.connect(logix)) as database:
            there = {row[0].strip().casefold() for row in database.execute("SELECT cod_cor FROM cor")}
        assert set(folded(held["code"].combine_chunks()).to_pylist()) == there
        before = after
    assert seen == {"new", "renamed", "gone", "back"}
    assert backups(site) == ()
    generation = stored(site).generation
    assert importer.run(site, Wish(apply=True)).changes.empty
    assert stored(site).generation == generation


def test_types_that_cannot_be_read_for_once_are_not_gone(site: Subject) -> None:
    importer.run(site, Wish(apply=True))
    before = stored(site)
    with closing(sqlite3.connect(site.file.with_name("logix.sqlite"))) as logix:
        logix.execute("UPDATE ctr_grade SET nom_tabela_zoom = ?", [five_types.SQL])
        logix.commit()
    found = importer.run(site, Wish(apply=True))
    assert told(found) == {(code, "refused", 0) for code in (COLOUR, SIZE, PRINT, HOSTILE, WASH)}
    assert found.changes.empty
    assert stored(site).types == before.types
