"""What the data update takes of items with grades: combinations, the fields that are kept, shared components."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.grades.capacity import Size
from wizard.grades.item_code import ItemCode, split
from wizard.grades.refusal import Refused
from wizard.grades.update_rows import ComponentRow, ItemRow, components, extension, taken

COLOURS, SIZES = ("AMARELO", "VERMELHO", "PRETO", "BRANCO"), ("P", "M", "G", "GG")

POSSIBLE = [ItemRow("CAMISA", pair, origin="2", safety_stock=10) for pair in product(COLOURS, SIZES)]
"""The example of the manual: 4 colours by 4 sizes."""

SOLD = ItemRow("CAMISA", ("PRETO", "M"), has_demand=True)
BUILT = ItemRow("CAMISA", ("PRETO", "G"), in_structure=True)
STOCKED = ItemRow("CAMISA", ("BRANCO", "P"), safety_stock=50)
PLAIN_STOCKED = ItemRow("PARAFUSO", safety_stock=50)


@pytest.mark.seed("R-1.10-03")
def test_with_the_parameter_every_combination_and_every_item_is_taken() -> None:
    rows = [*POSSIBLE, SOLD, BUILT, STOCKED, PLAIN_STOCKED, ItemRow("PARADO")]
    assert list(taken(rows, every_combination=True)) == rows
    assert len(list(taken(POSSIBLE, every_combination=True))) == 16


@pytest.mark.seed("R-1.10-04")
def test_without_it_only_what_has_demand_or_is_part_of_a_structure() -> None:
    rows = [*POSSIBLE, SOLD, BUILT, ItemRow("PARADO")]
    assert list(taken(rows, every_combination=False)) == [SOLD, BUILT]
    # A combination that stands only in the list is none, whatever else the row says.
    listed = ItemRow("CAMISA", ("PRETO", "GG"), origin="2 ", has_demand=True, in_structure=True)
    assert list(taken([listed], every_combination=False)) == []


@pytest.mark.seed("R-1.10-06")
def test_a_safety_stock_alone_is_not_planned_without_it() -> None:
    rows = [STOCKED, PLAIN_STOCKED]
    assert list(taken(rows, every_combination=False)) == []
    assert list(taken(rows, every_combination=True)) == rows


# --- the extension -----------------------------------------------------------------------------

TYPE_SIZES: dict[str, Size] = {"C": 4, "T": 3}
GIVEN = {(1, "azul"): "C001", (1, "rosa"): "C002", (2, "gg"): "T01"}


@pytest.mark.seed("R-1.10-07")
def test_item_and_grades_are_kept_in_fields_of_their_own() -> None:
    row = extension("CAMISA         ", [(1, "Azul           "), (0, ""), (2, "GG")], GIVEN, TYPE_SIZES)
    assert row == {
        "cod-item": "CAMISA         C001T01",
        "cod-item-erp": "CAMISA",
        "cod-grade-1": "C001", "cod-grade-1-erp": "Azul",
        "cod-grade-2": "", "cod-grade-2-erp": "",
        "cod-grade-3": "T01", "cod-grade-3-erp": "GG",
        "cod-grade-4": "", "cod-grade-4-erp": "",
        "cod-grade-5": "", "cod-grade-5-erp": "",
    }  # fmt: skip
    assert split(row["cod-item"], TYPE_SIZES) == ItemCode("CAMISA", ("C001", "T01"))


def test_an_item_without_grades_has_only_its_code() -> None:
    row = extension("PARAFUSO", [], GIVEN, TYPE_SIZES)
    assert {name: value for name, value in row.items() if value} == {"cod-item": "PARAFUSO", "cod-item-erp": "PARAFUSO"}


@pytest.mark.parametrize("grade", [(1, "VERDE"), (2, "AZUL"), (7, "AZUL")])
def test_a_content_that_was_never_imported_is_refused(grade: tuple[int, str]) -> None:
    with pytest.raises(Refused) as caught:
        extension("CAMISA", [grade], GIVEN, TYPE_SIZES)
    assert caught.value.problem.code == "item.no_reference"
    assert grade[1] in caught.value.problem.message


# --- shared components -------------------------------------------------------------------------

STRUCTURE = [
    ComponentRow("LINHA"),
    ComponentRow("TECIDO VERDE", ("VERDE", "")),
    ComponentRow("TECIDO AZUL", ("AZUL", "")),
    ComponentRow("ETIQUETA M", ("", "M")),
    ComponentRow("BOLSO", ("VERDE", "G")),
    ComponentRow("LINHA", ("VERDE", "M", " ", " ", " ")),
]


@pytest.mark.seed("R-1.12-02")
def test_the_structure_is_the_union_of_all_levels_of_sharing() -> None:
    """The shirt of the manual: green in M has those of the green one, of M, and of the shirt without grades."""
    found = [row.component for row in components(("VERDE", "M"), STRUCTURE)]
    assert found == ["LINHA", "TECIDO VERDE", "ETIQUETA M", "LINHA"]
    assert [row.component for row in components(("AZUL ", "G"), STRUCTURE)] == ["LINHA", "TECIDO AZUL"]
    # Who asks without grades gets what was registered without.
    assert components((), STRUCTURE) == STRUCTURE[:1]


@pytest.mark.seed("R-1.12-01")
@given(st.lists(st.sampled_from(["", "AZUL", "VERDE", "P", "M"]), max_size=5).map(tuple))
def test_a_component_without_grades_is_repeated_for_every_grade(parent: tuple[str, ...]) -> None:
    assert ComponentRow("LINHA") in components(parent, STRUCTURE)


def test_the_structures_of_the_demo(logix_file: Path) -> None:
    grades = ", ".join(f"cod_grade_{slot}" for slot in range(1, 6))
    query = f"SELECT cod_item_pai, cod_item_compon, {grades} FROM estrut_grade WHERE cod_empresa = '01'"
    with closing(sqlite3.connect(logix_file)) as logix:
        structure: dict[str, list[ComponentRow]] = {}
        for item, component, *contents in logix.execute(query):
            structure.setdefault(item, []).append(ComponentRow(component, tuple(contents)))
    shared = {item: [row for row in rows if not any(c.strip() for c in row.parent)] for item, rows in structure.items()}
    own = [(item, row) for item, rows in structure.items() for row in rows if row not in shared[item]]
    assert own
    for item, row in own:
        found = components(row.parent, structure[item])
        assert row in found
        assert [one for one in found if one in shared[item]] == shared[item]
