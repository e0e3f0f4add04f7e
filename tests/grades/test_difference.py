"""What a new import changes in the references that are kept: computed on data alone."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.grades.imports import changes, fresh, grade, numbered
from wizard.grades.codes import codes
from wizard.grades.difference import COMPARED, Difference, Stored, TypeRow, difference, folded
from wizard.profile.models import GradeType


def held(*types: tuple[GradeType, list[tuple[str, str, bool]]], active: bool = True, **more: Any) -> Stored:
    """A store that gave references to these contents (code, description, active), in this order."""
    rows = {}
    for kind, contents in types:
        names = list(zip(*contents, strict=True)) or [[], [], []]
        given = codes(kind.indicator, kind.size, 1, len(contents))
        sequence = pa.array(range(1, len(contents) + 1), pa.int32())
        rows[kind.code] = pa.table([*names[:2], given, sequence, names[2]], schema=COMPARED)
    kinds = tuple(TypeRow.of(kind) for kind, _ in types)
    if not active:
        kinds = tuple(TypeRow(**{**kind.__dict__, "active": False}) for kind in kinds)
    return Stored("01", 7, kinds, rows, **more)


COLOURS = (grade(), [("AZUL", "Azul", True), ("ROSA", "Rosa", False), ("VERDE", "Verde", True)])


def counted(found: Difference) -> dict[str, int]:
    return {kind: count for kind, count in found.counts.items() if count}


# --- contents ----------------------------------------------------------------------------------


def test_the_first_import_gives_references_in_the_order_of_logix() -> None:
    found = difference(Stored("01"), [(grade(), fresh("AZUL ROSA VERDE"))])
    assert changes(found) == [
        (1, "new", "AZUL", None, "Azul", None, "C01"),
        (1, "new", "ROSA", None, "Rosa", None, "C02"),
        (1, "new", "VERDE", None, "Verde", None, "C03"),
    ]
    assert [change.what for change in found.types] == [("added",)]
    assert (found.company, found.generation, found.unchanged) == ("01", 0, 0)


@pytest.mark.parametrize(
    ("contents", "expected", "unchanged"),
    [
        ({"AZUL": "Azul", "VERDE": "Verde"}, [], 2),
        ({"VERDE": "Verde", "AZUL": "Azul"}, [], 2),
        ({"Azul": "Azul", "verde": "Verde"}, [], 2),
        (
            {"AZUL": "Azul claro", "VERDE": "Verde"},
            [(1, "renamed", "AZUL", "Azul", "Azul claro", "C01", "C01")],
            1,
        ),
        ({"AZUL": "Azul"}, [(1, "gone", "VERDE", "Verde", None, "C03", "C03")], 1),
        (
            {"AZUL": "Azul", "ROSA": "Rosa", "VERDE": "Verde"},
            [(1, "back", "ROSA", "Rosa", "Rosa", "C02", "C02")],
            2,
        ),
        (
            {"AZUL": "Azul", "rosa": "Pink", "VERDE": "Verde"},
            [(1, "back", "ROSA", "Rosa", "Pink", "C02", "C02")],
            2,
        ),
        (
            {"AMARELO": "Amarelo", "AZUL": "Azul", "BRANCO": "Branco", "VERDE": "Verde"},
            [
                (1, "new", "AMARELO", None, "Amarelo", None, "C04"),
                (1, "new", "BRANCO", None, "Branco", None, "C05"),
            ],
            2,
        ),
        (
            {},
            [
                (1, "gone", "AZUL", "Azul", None, "C01", "C01"),
                (1, "gone", "VERDE", "Verde", None, "C03", "C03"),
            ],
            0,
        ),
    ],
)
@pytest.mark.seed("R-GEN-04", "R-1.9-02")
def test_what_happens_to_contents(contents: dict[str, str], expected: list[object], unchanged: int) -> None:
    found = difference(held(COLOURS), [(grade(), fresh(contents))])
    assert changes(found) == expected
    assert found.unchanged == unchanged
    assert found.empty is not bool(expected)
    assert sum(found.counts.values()) == len(expected)
    assert [change.what for change in found.types] == ([()] if expected else [])


def test_a_description_that_is_null_or_too_long_is_kept_as_the_store_can() -> None:
    table = fresh([("A", None), ("B", "x" * 300), ("C", "é" * 255)])
    found = difference(Stored("01"), [(grade(), table)])
    assert found.rows["new_description"].to_pylist() == ["", "x" * 255, "é" * 255]


def test_columns_may_come_in_pieces_and_in_other_types_of_text() -> None:
    table = pa.concat_tables([fresh("AZUL"), fresh("ROSA")])
    table = table.cast(pa.schema([("code", pa.large_string()), ("description", pa.large_string())]))
    table = table.set_column(1, "description", table["description"].dictionary_encode())
    assert counted(difference(held(COLOURS), [(grade(), table)])) == {"back": 1, "gone": 1}


@pytest.mark.parametrize(
    "contents",
    [
        [("AZUL", "Azul"), ("azul", "Azul")],
        [("NOVO", "Novo"), ("Novo", "Novo")],
        [("ÁGUA", "Água"), ("água", "Água")],
        [("", "Vazio")],
        [(None, "Nada")],
        [("X" * 61, "Longo")],
    ],
)
def test_contents_that_are_not_clean_are_refused(contents: list[tuple[Any, str]]) -> None:
    with pytest.raises(ValueError, match="type 1"):
        difference(held(COLOURS), [(grade(), fresh(contents))])


def test_a_type_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="type 1 twice"):
        difference(Stored("01"), [(grade(), fresh("A")), (grade(), fresh("B"))])


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=20))
@pytest.mark.seed("R-GEN-04")
def test_codes_are_compared_as_casefold_does(texts: list[str]) -> None:
    assert folded(pa.array(texts, pa.string())).to_pylist() == [text.casefold() for text in texts]


# --- types -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"description": "Cores"}, ("description",)),
        ({"content_table": "cores"}, ("source",)),
        ({"code_column": "codigo", "description_column": "nome"}, ("source",)),
        ({"per_company": False}, ()),
    ],
)
def test_what_happens_to_a_type(changed: dict[str, Any], what: tuple[str, ...]) -> None:
    found = difference(held(COLOURS), [(grade(**changed), fresh("AZUL VERDE"))])
    assert [change.what for change in found.types] == ([what] if what else [])
    assert found.empty is (what == ())
    assert found.moves == {}


def test_a_type_that_logix_no_longer_has_goes_with_its_contents() -> None:
    found = difference(held(COLOURS), [])
    assert [(change.what, change.after.active) for change in found.types] == [(("removed",), False)]
    assert counted(found) == {"gone": 2}


def test_a_type_that_could_not_be_read_stays_as_it_is() -> None:
    assert difference(held(COLOURS), [], unread={1}).empty


def test_a_type_that_went_before_is_no_news() -> None:
    gone = (COLOURS[0], [(code, text, False) for code, text, _ in COLOURS[1]])
    assert difference(held(gone, active=False), []).empty


def test_a_type_comes_back_with_its_references() -> None:
    gone = (COLOURS[0], [(code, text, False) for code, text, _ in COLOURS[1]])
    found = difference(held(gone, active=False), [(grade(), fresh("ROSA PRETO"))])
    assert [change.what for change in found.types] == [("back",)]
    assert changes(found) == [
        (1, "back", "ROSA", "Rosa", "Rosa", "C02", "C02"),
        (1, "new", "PRETO", None, "Preto", None, "C04"),
    ]


# --- sizes and indicators ----------------------------------------------------------------------


@pytest.mark.seed("R-1.9-11")
@pytest.mark.parametrize(
    ("changed", "what", "references"),
    [
        ({"size": 4}, ("size",), ["C001", "C002", "C003"]),
        ({"indicator": "K"}, ("indicator",), ["K01", "K02", "K03"]),
        ({"size": 5, "indicator": "K"}, ("size", "indicator"), ["K0001", "K0002", "K0003"]),
    ],
)
def test_another_size_or_indicator_moves_every_reference_and_keeps_the_order(
    changed: dict[str, Any], what: tuple[str, ...], references: list[str]
) -> None:
    found = difference(held(COLOURS), [(grade(**changed), fresh("AZUL PRETO ROSA"))])
    change = found.types[0]
    assert (change.what, change.moves, found.moves, found.unchanged) == (what, 3, {1: 3}, 0)
    moved = found.rows.filter(pc.equal(found.rows["kind"], "moved"))
    assert moved["code"].to_pylist() == ["AZUL", "ROSA", "VERDE"]
    assert moved["old_reference"].to_pylist() == ["C01", "C02", "C03"]
    assert moved["reference"].to_pylist() == references
    others = {row[2]: row[5:] for row in changes(found) if row[1] != "moved"}
    following = codes(change.after.indicator, change.after.size, 4, 1)[0].as_py()
    assert others == {"VERDE": ("C03", references[2]), "ROSA": ("C02", references[1]), "PRETO": (None, following)}


def test_a_type_that_gave_nothing_may_change_freely() -> None:
    found = difference(held((grade(), [])), [(grade(size=4, indicator="K"), fresh("A"))])
    assert found.moves == {}
    assert found.rows["reference"].to_pylist() == ["K001"]


@pytest.mark.seed("R-1.9-05")
def test_what_no_longer_fits_is_named_and_the_other_types_go() -> None:
    full = [(f"C{number}", "", number % 2 == 0) for number in range(1233)]
    store = held((grade(), full))
    imported = [(grade(), fresh("C0 NOVO")), (grade(2, "T"), fresh("P M"))]
    found = difference(store, imported)
    (left,) = found.left_out
    assert (left.code, left.given, left.limit, left.problem.code) == (1, 1234, 1233, "references.too_many")
    assert "1 (Tipo 1)" in left.problem.message
    assert "1,234" in left.problem.message
    assert "size 4" in left.problem.action
    assert changes(found) == [(2, "new", "P", None, "P", None, "T01"), (2, "new", "M", None, "M", None, "T02")]
    larger = difference(store, [(grade(size=4), fresh("C0 NOVO"))])
    assert (larger.left_out, larger.moves) == ((), {1: 1233})


def test_the_last_reference_of_a_size_is_given() -> None:
    found = difference(Stored("01"), [(grade(), numbered(1233))])
    assert (found.left_out, found.rows["reference"][-1].as_py()) == ((), codes("C", 3, 1233, 1)[0].as_py())
    assert [left.given for left in difference(Stored("01"), [(grade(), numbered(1234))]).left_out] == [1234]


def test_a_type_does_not_shrink_below_what_it_gave() -> None:
    store = held((grade(size=4), [(f"C{number}", "", False) for number in range(1300)]))
    found = difference(store, [(grade(size=3), fresh("C1"))])
    assert [(left.given, left.limit) for left in found.left_out] == [(1300, 1233)]
    assert found.empty


def test_nothing_holds_more_than_size_5() -> None:
    found = difference(Stored("01"), [(grade(size=5), numbered(718_058))])
    assert "No size holds them" in found.left_out[0].problem.action


@pytest.mark.parametrize(
    "store",
    [
        held(COLOURS),
        held(COLOURS, active=False),
        held((grade(indicator="K"), COLOURS[1]), former={"C": frozenset({1})}),
    ],
)
def test_an_indicator_that_another_type_has_or_had_is_refused(store: Stored) -> None:
    found = difference(store, [(grade(2, "C"), fresh("P"))], unread={1})
    (left,) = found.left_out
    assert (left.code, left.problem.code) == (2, "references.indicator_taken")
    assert "grade type 1" in left.problem.message
    assert left.problem.action
    assert found.empty


def test_a_type_may_go_back_to_its_own_former_indicator() -> None:
    store = held((grade(indicator="K"), COLOURS[1]), former={"C": frozenset({1})})
    found = difference(store, [(grade(), fresh("AZUL VERDE"))])
    assert (found.left_out, found.moves) == ((), {1: 3})


def test_an_indicator_of_a_type_without_contents_is_free() -> None:
    found = difference(held((grade(), [])), [(grade(2, "C"), fresh("P"))])
    assert found.left_out == ()


# --- the digest --------------------------------------------------------------------------------


def test_the_digest_is_the_same_for_the_same_state_and_import() -> None:
    one = difference(held(COLOURS), [(grade(), fresh("AZUL PRETO"))])
    table = pa.concat_tables([fresh("AZUL"), fresh("PRETO")])
    other = difference(Stored(**{**held(COLOURS).__dict__, "generation": 9}), [(grade(), table)])
    assert one.digest == other.digest
    assert len(one.digest) == 64


def test_everything_that_would_be_written_changes_the_digest() -> None:
    imports: list[Any] = [
        [(grade(), fresh("AZUL PRETO"))],
        [(grade(), fresh("AZUL Preto"))],
        [(grade(), fresh("AZUL PRETA"))],
        [(grade(), fresh({"AZUL": "Azul", "PRETO": "Preta"}))],
        [(grade(), fresh({"AZUL": "Azu", "PRETO": "lPreto"}))],
        [(grade(), fresh("AZUL PRETO BEGE"))],
        [(grade(), fresh("PRETO AZUL BEGE"))],
        [(grade(description="Cores"), fresh("AZUL PRETO"))],
        [(grade(size=4), fresh("AZUL PRETO"))],
        [(grade(), fresh("AZUL PRETO")), (grade(2, "T"), fresh(""))],
        [(grade(), fresh("AZUL PRETO")), (grade(3, "T"), fresh(""))],
        [],
    ]
    digests = [difference(held(COLOURS), imported).digest for imported in imports]
    assert len(set(digests)) == len(digests) - 1, "the sixth and the seventh differ only in an old content"
    assert digests[5] == digests[6]


def test_the_digest_of_many_rows_does_not_depend_on_how_they_lie_in_memory() -> None:
    one = difference(Stored("01"), [(grade(size=5), numbered(40_000))])
    cut = pa.Table.from_batches(numbered(40_000).to_batches(max_chunksize=777))
    assert difference(Stored("01"), [(grade(size=5), cut)]).digest == one.digest
