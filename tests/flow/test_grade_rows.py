"""The changes of single contents as a table: filtered, sorted, copied. Files as an import writes them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from tests.grades.imports import fresh, grade
from wizard.flow.grade_rows import COLUMNS, Choice, as_text, cells, chosen, load
from wizard.grades.difference import ROWS, Stored, difference

CHANGES = (
    (2, "moved", "P", "Pequeno", None, "T01", "T001"),
    (2, "moved", "M", "Medio", None, "T02", "T002"),
    (1, "gone", "ROSA", "Rosa", None, "C02", "C02"),
    (1, "renamed", "AZUL", "Azul", "Azul céu", "C01", "C01"),
    (1, "new", "VERDE", None, "Verde.*", None, "C03"),
    (2, "new", "G", None, None, None, "T003"),
)


@pytest.fixture
def rows(tmp_path: Path) -> pa.Table:
    file = str(tmp_path / "rows.arrow")
    columns = [list(column) for column in zip(*CHANGES, strict=True)]
    table = pa.table([*columns, [1, 2, 2, 1, 3, 3]], schema=ROWS)
    with pa.OSFile(file, "wb") as sink, pa.ipc.new_file(sink, ROWS) as writer:
        writer.write_table(table, max_chunksize=2)
    return load(file)


@pytest.mark.parametrize(
    ("choice", "codes"),
    [
        (Choice(), ["P", "M", "ROSA", "AZUL", "VERDE", "G"]),
        (Choice(type=1), ["ROSA", "AZUL", "VERDE"]),
        (Choice(kind="new"), ["VERDE", "G"]),
        (Choice(type=2, kind="new"), ["G"]),
        (Choice(type=3), []),
        (Choice(text="azul"), ["AZUL"]),
        (Choice(text="CÉU"), ["AZUL"]),
        (Choice(text=".*"), ["VERDE"]),
        (Choice(text="t00"), ["P", "M", "G"]),
        (Choice(text="c01"), ["AZUL"]),
        (Choice(text="nothing like that"), []),
        (Choice(type=2, text="p"), ["P"]),
        (Choice(column="code"), ["AZUL", "G", "M", "P", "ROSA", "VERDE"]),
        (Choice(column="code", descending=True), ["VERDE", "ROSA", "P", "M", "G", "AZUL"]),
        (Choice(type=1, column="reference"), ["AZUL", "ROSA", "VERDE"]),
        (Choice(column="old_description"), ["AZUL", "M", "P", "ROSA", "VERDE", "G"]),
        (Choice(column="kind", descending=True, type=1), ["VERDE", "AZUL", "ROSA"]),
        (Choice(column="kind", type=2), ["P", "M", "G"]),
    ],
)
def test_rows_are_chosen_by_type_kind_and_text_and_stand_in_the_order_asked_for(
    rows: pa.Table, choice: Choice, codes: list[str]
) -> None:
    places = chosen(rows, choice)
    assert places is not None
    assert rows["code"].take(places).to_pylist() == codes


def test_what_nobody_wants_any_more_is_given_up(rows: pa.Table) -> None:
    assert chosen(rows, Choice(text="a"), lambda: False) is None


def test_a_row_is_shown_with_names_and_words_and_nothing_for_what_it_has_not(rows: pa.Table) -> None:
    names = {1: "1 Cor"}
    assert cells(rows, 3, names) == ("1 Cor", "Renamed", "AZUL", "Azul", "Azul céu", "C01", "C01")
    assert cells(rows, 5, names) == ("2", "New", "G", "", "", "", "T003")


def test_copied_rows_stand_with_titles_in_the_chosen_order_and_all_of_them(rows: pa.Table) -> None:
    many = pa.concat_tables([rows] * 400)
    places = chosen(many, Choice(kind="new", column="reference"))
    assert places is not None
    head, *lines = as_text(many, places, {1: "1 Cor", 2: "2 Tamanho"}).split("\n")
    assert head.split("\t") == list(COLUMNS.values())
    assert len(lines) == 800
    assert lines[0] == "1 Cor\tNew\tVERDE\t\tVerde.*\t\tC03"
    assert lines[-1] == "2 Tamanho\tNew\tG\t\t\t\tT003"


def test_the_columns_are_those_that_a_difference_gives(tmp_path: Path) -> None:
    found = difference(Stored("01", 0, (), {}, {}), [(grade(), fresh("AZUL VERDE"))])
    assert set(COLUMNS) <= set(found.rows.column_names)
    places = chosen(found.rows, Choice())
    assert places is not None
    assert [cells(found.rows, place.as_py(), {})[2] for place in places] == ["AZUL", "VERDE"]
