"""The grade types as the page shows them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flow.sessions import GRADE_TYPE
from wizard.flow.grade_table import GradeRow, alone, table
from wizard.flow.grade_work import GradeWork
from wizard.grades.import_result import Changes, Finding, Given, Import
from wizard.profile.models import Grades, GradeType

SIZE_TYPE = {**GRADE_TYPE, "code": 2, "description": "Tamanho", "indicator": "T", "size": 3, "contents": 38}


def one(**fields: Any) -> GradeRow:
    (row,) = table({"grades": {"types": [{**GRADE_TYPE, **fields}]}}).rows
    return row


def work(*findings: Finding, **fields: Any) -> GradeWork:
    """A session after an import of Cor."""
    grades = Grades(enabled=True, types=(GradeType.model_validate(GRADE_TYPE),))
    return GradeWork(found=Import(grades, findings, fields.pop("slots", {}), Changes(), **fields))


@pytest.mark.seed("R-1.9-05", "R-1.9-06", "R-1.9-07")
@pytest.mark.parametrize(
    ("size", "contents", "state", "word", "left"),
    [
        (3, 0, "ok", "fits", 1233),
        (3, 986, "ok", "fits", 247),
        (3, 987, "warn", "no room to grow", 246),
        (3, 1009, "warn", "no room to grow", 224),
        (3, 1233, "warn", "no room to grow", 0),
        (3, 1234, "fail", "does not fit", -1),
        (4, 21786, "ok", "fits", 5447),
        (4, 27233, "warn", "no room to grow", 0),
        (4, 27234, "fail", "does not fit", -1),
        (5, 574445, "ok", "fits", 143612),
        (5, 718060, "fail", "does not fit", -3),
    ],
)
def test_a_row_tells_whether_the_contents_and_their_growth_fit_its_size(
    size: int, contents: int, state: str, word: str, left: int
) -> None:
    row = one(size=size, contents=contents)
    assert (row.state, row.word, row.left) == (state, word, left)
    assert row.used == contents / row.capacity
    assert (row.used > 1) is (state == "fail")
    assert row.notes[0].state == state, "the worst reason comes first"


@pytest.mark.seed("R-1.9-05")
def test_above_the_scheme_of_the_manual_size_4_is_preferred() -> None:
    grades = {"types": [{**GRADE_TYPE, "size": 3, "contents": 1010}]}
    (row,) = table({"grades": grades}, GradeWork(headroom=0.0)).rows
    assert (row.state, row.word) == ("warn", "prefer 4")


@pytest.mark.seed("R-1.9-04")
@pytest.mark.parametrize(
    ("indicator", "size", "contents", "shown"),
    [
        ("C", 4, 2400, ("C001", "CO15", "ITEM-0001      C001")),
        ("C", 3, 1, ("C01", "C01", "ITEM-0001      C01")),
        ("C", 3, 0, ("C01", "", "ITEM-0001      C01")),
        ("C", 3, 5000, ("C01", "C9P", "ITEM-0001      C01")),
        ("", 3, 10, ("", "", "")),
        ("?", 3, 10, ("", "", "")),
    ],
)
def test_a_row_shows_its_first_and_last_reference_and_an_item_code(
    indicator: str, size: int, contents: int, shown: tuple[str, str, str]
) -> None:
    row = one(indicator=indicator, size=size, contents=contents)
    assert (row.first, row.last, row.item) == shown


def test_rows_stand_in_the_order_of_the_document_and_name_their_table() -> None:
    found = table({"grades": {"types": [SIZE_TYPE, GRADE_TYPE]}}).rows
    assert [(row.name, row.table) for row in found] == [("2 Tamanho", "cor_produto"), ("1 Cor", "cor_produto")]


def test_each_type_can_be_judged_by_itself_before_the_combinations_are() -> None:
    tight = [{**GRADE_TYPE, "code": code, "size": 5, "contents": 1234} for code in (1, 2, 3, 4)]
    data = {"grades": {"types": tight, "combinations": [[1, 2, 3, 4]]}}
    first, then = alone(data), table(data)
    assert {row.word for row in first.rows} == {"fits"}
    assert {row.word for row in then.rows} == {"too long together"}
    assert (first.combinations, first.notes) == ((), ())
    assert [(row.code, row.left, row.first) for row in first.rows] == [(r.code, r.left, r.first) for r in then.rows]


@pytest.mark.seed("R-1.9-08", "R-1.9-10", "R-1.10-08")
def test_combinations_show_their_sum_with_the_longest_first_which_is_the_example_of_its_types() -> None:
    grades = {"types": [GRADE_TYPE, SIZE_TYPE], "combinations": [[2], [1, 2]]}
    found = table({"grades": grades})
    assert [(row.state, row.text, row.remedies) for row in found.combinations] == [
        ("ok", "Cor 4 + Tamanho 3 = 7 of 15", ()),
        ("ok", "Tamanho 3 = 3 of 15", ()),
    ]
    assert {row.item for row in found.rows} == {"ITEM-0001      C001T01"}


@pytest.mark.seed("R-1.9-08", "R-1.9-09")
@pytest.mark.parametrize(("size", "state"), [(3, "ok"), (4, "fail")])
def test_five_grades_fit_only_with_three_characters_each(size: int, state: str) -> None:
    types = [
        {**GRADE_TYPE, "code": code, "indicator": str(code), "description": "", "size": size, "contents": 9}
        for code in range(1, 6)
    ]
    found = table({"grades": {"types": types, "combinations": [[1, 2, 3, 4, 5]]}})
    (combination,) = found.combinations
    assert combination.state == state
    assert combination.text == f"1 {size} + 2 {size} + 3 {size} + 4 {size} + 5 {size} = {5 * size} of 15"
    assert bool(combination.remedies) is (state == "fail")
    references = "101201301401501" if state == "ok" else "1001"
    assert found.rows[0].item == f"ITEM-0001      {references}", "one that is too long is no example"


@pytest.mark.seed("R-1.9-11")
def test_references_that_were_given_count_with_those_of_contents_that_are_gone() -> None:
    data = {"grades": {"types": [{**GRADE_TYPE, "size": 3, "contents": 10}]}}
    known = table(data, work(given={1: Given("C", 4, 2400)})).rows[0]
    assert (known.contents, known.state, known.word) == (2400, "fail", "does not fit")
    assert {note.code for note in known.notes} >= {"overflow", "moves"}
    assert table(data).rows[0].state == "ok", "before an import nothing is known of them"


@pytest.mark.parametrize(
    ("findings", "remarks", "serious"),
    [
        ((), 0, False),
        ((Finding(1, "Cor", "twin", "Twins: 2."), Finding(1, "Cor", "blank", "Blank: 1.")), 2, False),
        ((Finding(1, "Cor", "refused", "No such table."),), 1, True),
        ((Finding(2, "Tamanho", "refused", "No such table."), Finding(0, "", "long_items", "Long: 1.")), 0, False),
    ],
)
def test_a_row_counts_what_the_import_found_about_it(
    findings: tuple[Finding, ...], remarks: int, serious: bool
) -> None:
    data = {"grades": {"types": [GRADE_TYPE]}}
    (row,) = table(data, work(*findings, slots={1: (1, 3)})).rows
    assert (row.remarks, row.serious, row.slots) == (remarks, serious, (1, 3))
    assert table(data).rows[0].remarks is None


def test_each_type_has_an_example_however_many_combinations_there_are() -> None:
    types = [
        {**GRADE_TYPE, "code": code, "indicator": "ABCDEFGHIJKLMNOPQRST"[code], "description": f"T{code}"}
        for code in range(20)
    ]
    every = [[a, b, c] for a in range(20) for b in range(20) for c in range(20) if a < b < c]
    found = table({"grades": {"types": types, "combinations": every}})
    assert len(found.combinations) == 1140
    assert [found.rows[code].item for code in (0, 9, 19)] == [
        f"ITEM-0001      {references}" for references in ("A001B001C001", "A001B001J001", "A001B001T001")
    ]


@pytest.mark.parametrize("data", [{}, {"grades": {}}, {"grades": {"enabled": True, "types": []}}])
def test_without_types_there_are_no_rows(data: dict[str, object]) -> None:
    found = table(data)
    assert (found.rows, found.combinations, found.notes) == ((), (), ())
