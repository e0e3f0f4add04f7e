"""Moves of the page Grade types: taking an import over, proposing, when the difference may be applied, its texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.flow.sessions import GRADE_TYPE, paths, report, walked
from wizard.flow import grade_import, review, state
from wizard.flow.grade_import import Renumbering
from wizard.flow.state import State
from wizard.grades.import_result import Changes, Finding, Given, Import, TypeChange, Wish
from wizard.profile.errors import ProfileError
from wizard.profile.models import Grades, GradeType

COLOUR = GRADE_TYPE
SIZES = {**GRADE_TYPE, "code": 2, "description": "Tamanho", "indicator": "T", "size": 4, "contents": 38}

NEW = Changes("d1", (TypeChange(1, "Cor", ("added",), {"new": 2400}, 0),), {"new": 2400, "gone": 0}, 38)


def imported(
    *types: Mapping[str, Any],
    findings: tuple[Finding, ...] = (),
    changes: Changes = NEW,
    given: Mapping[int, Given] | None = None,
    at: datetime = datetime(2026, 3, 1, tzinfo=UTC),
) -> Import:
    grades = Grades(
        enabled=True,
        types=tuple(GradeType.model_validate(grade) for grade in types),
        combinations=(tuple(int(grade["code"]) for grade in types),),
        imported_at=at,
        imported_from="logix",
    )
    return Import(grades, findings, {1: (1,), 2: (2,)}, changes, given or {})


@pytest.fixture
def now(tmp_path: Path) -> State:
    return state.edit(walked(tmp_path), "grades.enabled", True)


def after(now: State, found: Import, wish: Wish | None = None, asked: State | None = None) -> State:
    return grade_import.take_import(now, found, wish or Wish(rows="rows.arrow"), asked or now)


# --- importing ---------------------------------------------------------------------------------


def test_an_import_fills_the_document_and_the_session(now: State) -> None:
    found = imported(COLOUR, SIZES)
    taken = after(now, found, Wish(csv="types.csv", rows="rows.arrow"))
    assert [grade["code"] for grade in taken.data["grades"]["types"]] == [1, 2]
    work = taken.grade_work
    assert (work.found, work.csv, work.rows, work.unsure) == (found, "types.csv", "rows.arrow", False)
    assert work.slots == {1: (1,), 2: (2,)}


@pytest.mark.seed("R-1.9-11")
def test_what_was_chosen_while_the_import_ran_stays_and_makes_its_difference_an_old_one(now: State) -> None:
    asked = after(now, imported(COLOUR, SIZES))
    meanwhile = state.edit_grade_type(asked, 2, "size", 5)
    taken = after(meanwhile, imported(COLOUR, SIZES), asked=asked)
    assert [grade["size"] for grade in taken.data["grades"]["types"]] == [4, 5]
    assert not grade_import.is_current(taken)


def test_an_import_that_finds_everything_as_it_is_leaves_document_and_checks(now: State) -> None:
    first = state.take_report(after(now, imported(COLOUR, SIZES)), report())
    again = after(first, imported(COLOUR, SIZES, at=datetime(2026, 4, 1, tzinfo=UTC)))
    assert again.data is first.data
    assert again.results == first.results
    changed = after(first, imported(COLOUR))
    assert "grades.sizes" not in changed.results


@pytest.mark.parametrize(
    ("wish", "missing"), [(Wish(), ["database.file"]), (Wish(csv="types.csv"), [])], ids=["logix", "csv"]
)
def test_a_file_needs_no_database_and_logix_does(now: State, wish: Wish, missing: list[str]) -> None:
    without = state.edit(now, "database.file", None)
    if missing:
        with pytest.raises(ProfileError) as caught:
            grade_import.subject_of(without, wish)
        assert paths(caught.value.problems) == missing
    else:
        assert grade_import.subject_of(without, wish).profile.company.logix == "01"


# --- proposing ---------------------------------------------------------------------------------


@pytest.mark.seed("R-1.9-10", "R-1.9-11")
@pytest.mark.parametrize(
    ("sizes", "given", "proposed", "changed"),
    [
        ((5, 5), {}, [4, 3], ("Cor 5 -> 4", "Tamanho 5 -> 3")),
        ((4, 3), {}, [4, 3], ()),
        ((4, 4), {2: Given("T", 4, 38)}, [4, 4], ()),
        ((3, 4), {2: Given("T", 4, 38)}, [4, 4], ("Cor 3 -> 4",)),
    ],
)
def test_a_proposal_gives_sizes_and_moves_no_reference(
    now: State,
    sizes: tuple[int, int],
    given: Mapping[int, Given],
    proposed: list[int],
    changed: tuple[str, ...],
) -> None:
    taken = after(now, imported({**COLOUR, "size": sizes[0]}, {**SIZES, "size": sizes[1]}, given=given))
    moved, said = grade_import.propose(state.take_report(taken, report()))
    assert [grade["size"] for grade in moved.data["grades"]["types"]] == proposed
    assert said == changed
    assert ("grades.sizes" in moved.results) is not bool(changed)


def test_more_growth_asks_for_a_larger_size(now: State) -> None:
    taken = after(now, imported({**COLOUR, "contents": 900, "size": 3}))
    assert grade_import.propose(grade_import.set_headroom(taken, 10))[1] == ()
    assert grade_import.propose(grade_import.set_headroom(taken, 50))[1] == ("Cor 3 -> 4",)


def test_before_an_import_nothing_is_proposed(now: State, tmp_path: Path) -> None:
    assert "Import them first" in grade_import.why_not_propose(now)
    file = review.save(after(now, imported(COLOUR))).file
    assert file is not None
    assert "Import first" in grade_import.why_not_propose(state.reimport_grades(file))
    assert grade_import.why_not_propose(after(now, imported(COLOUR))) == ""


# --- the difference ----------------------------------------------------------------------------


def _size(now: State) -> State:
    return state.edit_grade_type(now, 1, "size", 5)


def _size_and_back(now: State) -> State:
    return state.edit_grade_type(_size(now), 1, "size", 4)


@pytest.mark.parametrize(
    ("changes", "move", "why"),
    [
        (NEW, lambda now: now, ""),
        (NEW, _size, "Press Difference again"),
        (NEW, _size_and_back, ""),
        (NEW, lambda now: state.edit_grade_type(now, 1, "indicator", "K"), "Press Difference again"),
        (NEW, lambda now: state.edit(now, "database.file", "other.sqlite"), "Press Difference again"),
        (NEW, lambda now: state.edit(now, "company.logix", "02"), "Press Difference again"),
        (NEW, lambda now: state.edit(now, "aps.url", "sqlite:///other.sqlite"), "Press Difference again"),
        (NEW, lambda now: state.edit(now, "name", "Filial"), "Press Difference again"),
        (NEW, lambda now: state.edit(now, "notes", "a note"), ""),
        (NEW, grade_import.lose_track, "ended without an answer"),
        (replace(NEW, applied=True), lambda now: now, "written already"),
        (Changes("d0", unchanged=9), lambda now: now, "nothing to write"),
    ],
)
def test_only_the_difference_that_was_seen_can_be_applied(
    now: State, changes: Changes, move: Callable[[State], State], why: str
) -> None:
    moved = move(after(now, imported(COLOUR, SIZES, changes=changes)))
    found = grade_import.why_not_apply(moved)
    assert why in found
    assert bool(why) is bool(found)


def test_without_a_difference_nothing_is_applied(now: State) -> None:
    assert "Press Difference first" in grade_import.why_not_apply(now)


def test_an_answer_after_one_that_was_lost_is_believed(now: State) -> None:
    lost = grade_import.lose_track(after(now, imported(COLOUR)))
    assert grade_import.why_not_apply(after(lost, imported(COLOUR))) == ""


MOVES = Changes(
    "d2",
    (
        TypeChange(1, "Cor", ("size",), {"moved": 2400}, 2400),
        TypeChange(2, "Tamanho", ("indicator",), {"moved": 38, "new": 1}, 38),
        TypeChange(3, "Estampa", ("added",), {"new": 5}, 0),
    ),
    {"moved": 2438, "new": 6, "gone": 0},
)
GIVEN = {1: Given("C", 4, 2400), 2: Given("S", 4, 38)}


@pytest.mark.seed("R-1.9-11")
def test_every_renumbering_is_named_and_counted_and_only_the_confirmed_are_asked_for(now: State) -> None:
    taken = after(now, imported({**COLOUR, "size": 5}, SIZES, changes=MOVES, given=GIVEN), Wish(csv="types.csv"))
    asked = grade_import.renumberings(taken)
    assert asked == (
        Renumbering(1, "1 Cor", 2400, "Size 4 to 5: all its 2,400 references change."),
        Renumbering(2, "2 Tamanho", 38, "Indicator S to T: all its 38 references change."),
    )
    wish = grade_import.wish_to_apply(taken.grade_work, asked)
    assert (wish.apply, wish.csv, wish.expected, wish.confirmed) == (True, "types.csv", "d2", {1: 2400, 2: 38})
    assert grade_import.wish_to_apply(taken.grade_work).confirmed == {}
    assert grade_import.renumberings(after(now, imported(COLOUR))) == ()


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (Changes(unchanged=7), "No difference: the APS store has exactly these 7 contents."),
        (NEW, "New 2,400; unchanged 38. Types that change: 1."),
        (MOVES, "Renumbered 2,438, New 6; unchanged 0. Types that change: 3."),
        (
            Changes("d", (TypeChange(1, "Cor", ("description",), {}, 0),), {"new": 0}, 5),
            "no single content changes; unchanged 5. Types that change: 1.",
        ),
    ],
)
def test_a_difference_in_one_sentence(changes: Changes, text: str) -> None:
    assert grade_import.difference_text(changes) == text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (NEW.types[0], "1 Cor: new type; New 2,400"),
        (MOVES.types[1], "2 Tamanho: other indicator; Renumbered 38, New 1"),
        (TypeChange(4, "Lavagem", ("removed",), {"gone": 15}, 0), "4 Lavagem: no longer in Logix; Gone 15"),
        (
            TypeChange(4, "Lavagem", ("back", "description", "source"), {}, 0),
            "4 Lavagem: in Logix again, other name, other table or columns",
        ),
        (TypeChange(1, "Cor", (), {"renamed": 2, "back": 1}, 0), "1 Cor: Come back 1, Renamed 2"),
    ],
)
def test_a_type_that_changes_in_one_line(change: TypeChange, text: str) -> None:
    assert grade_import.change_text(change) == text


def test_what_was_applied_names_the_store_and_the_backups() -> None:
    done = replace(MOVES, applied=True, where="/srv/aps01.sqlite", backups=(1, 2), backup_names=("1-C4", "2-S4"))
    text = grade_import.applied_text(done)
    assert text == (
        "Written to /srv/aps01.sqlite: Renumbered 2,438, New 6. Types: 3. The former references are kept as 1-C4, 2-S4."
    )


# --- findings ----------------------------------------------------------------------------------


def test_findings_stand_by_type_the_serious_first_and_lose_nothing() -> None:
    findings = (
        Finding(2, "Tamanho", "twin", "Twins left out: 9.", 9, ("AZUL", "azul")),
        Finding(0, "", "long_items", "Long item codes: 1.", 1, ("ABCDEFGHIJKLMNOP",)),
        Finding(1, "Cor", "blank", "Blank: 3.", 3),
        Finding(1, "Cor", "refused", "No such table."),
        Finding(-1, "X1", "refused", "No number."),
        Finding(-1, "X2", "refused", "No number."),
    )
    assert grade_import.findings_text(findings).split("\n") == [
        "X  1 Cor",
        "   No such table.",
        "   Blank: 3.",
        "X  X1",
        "   No number.",
        "X  X2",
        "   No number.",
        "!  2 Tamanho",
        "   Twins left out: 9. (AZUL, azul, ...)",
        "!  All items",
        "   Long item codes: 1. (ABCDEFGHIJKLMNOP)",
    ]


# --- the way -----------------------------------------------------------------------------------


def test_an_errand_to_the_grade_types_ends_at_review(now: State) -> None:
    file = review.save(after(now, imported(COLOUR))).file
    assert file is not None
    errand = state.reimport_grades(file)
    assert errand.step == "grades"
    following, problems = state.advance(errand)
    assert (following.step, problems) == ("review", ())
    assert state.back(following).step == "grades"
    assert state.back(errand).step == "webservice", "before the errand the wizard goes on as ever"
    elsewhere = state.advance(state.go(errand, "company"))[0]
    assert elsewhere.step == "database"
