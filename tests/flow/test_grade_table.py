"""The grade types as the page shows them."""

from __future__ import annotations

import pytest

from tests.flow.sessions import GRADE_TYPE
from wizard.flow.grade_table import combination_texts, rows

SIZE_TYPE = {**GRADE_TYPE, "code": 2, "description": "Tamanho", "indicator": "T", "size": 3, "contents": 38}


@pytest.mark.seed("R-1.9-05", "R-1.9-06", "R-1.9-07")
@pytest.mark.parametrize(
    ("size", "contents", "state", "remark"),
    [
        (3, 0, "ok", ""),
        (3, 1009, "ok", ""),
        (3, 1010, "warn", "near the end; prefer 4"),
        (3, 1233, "warn", "near the end; prefer 4"),
        (3, 1234, "fail", "1 too many"),
        (4, 27233, "ok", ""),
        (4, 27234, "fail", "1 too many"),
        (5, 718057, "ok", ""),
        (5, 718060, "fail", "3 too many"),
    ],
)
def test_a_row_tells_whether_the_contents_fit_its_size(size: int, contents: int, state: str, remark: str) -> None:
    (row,) = rows({"grades": {"types": [{**GRADE_TYPE, "size": size, "contents": contents}]}})
    assert (row.state, row.remark) == (state, remark)
    assert row.used == contents / row.capacity
    assert (row.used > 1) is (state == "fail")


def test_rows_stand_in_the_order_of_the_document_and_name_their_table() -> None:
    found = rows({"grades": {"types": [SIZE_TYPE, GRADE_TYPE]}})
    assert [(row.code, row.description, row.table) for row in found] == [
        (2, "Tamanho", "cor_produto"),
        (1, "Cor", "cor_produto"),
    ]


@pytest.mark.seed("R-1.9-08", "R-1.9-10")
def test_combinations_show_their_sum_with_the_longest_first() -> None:
    grades = {"types": [GRADE_TYPE, SIZE_TYPE], "combinations": [[2], [1, 2]]}
    assert combination_texts({"grades": grades}) == (
        ("ok", "Cor 4 + Tamanho 3 = 7 of 15"),
        ("ok", "Tamanho 3 = 3 of 15"),
    )


@pytest.mark.seed("R-1.9-08", "R-1.9-09")
@pytest.mark.parametrize(("size", "state"), [(3, "ok"), (4, "fail")])
def test_five_grades_fit_only_with_three_characters_each(size: int, state: str) -> None:
    types = [{**GRADE_TYPE, "code": code, "description": "", "size": size} for code in range(1, 6)]
    ((found, text),) = combination_texts({"grades": {"types": types, "combinations": [[1, 2, 3, 4, 5]]}})
    assert found == state
    assert text == f"1 {size} + 2 {size} + 3 {size} + 4 {size} + 5 {size} = {5 * size} of 15"


@pytest.mark.parametrize("data", [{}, {"grades": {}}, {"grades": {"enabled": True, "types": []}}])
def test_without_types_there_are_no_rows(data: dict[str, object]) -> None:
    assert rows(data) == ()
    assert combination_texts(data) == ()
