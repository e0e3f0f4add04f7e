"""Importing grade types: from the demo database, and from databases as a bad day makes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.checklist.check import Outcome, Subject
from wizard.demo import logix_db
from wizard.grades import import_job, importer, logix_source
from wizard.grades.import_result import Given, Import, Progress, Wish
from wizard.grades.logix_source import LIMIT
from wizard.isolated.host import Job

Make = Callable[..., Subject]
OwnDatabase = Callable[..., dict[str, Any]]

BLANK = "Contents without a code, left out: 1."
TWINS = "Codes that repeat another one but for capitals: {}. APS takes the first of each."
TWICE = "Codes that stand twice: {}. The first of each is taken."


def row(code: int, *, name: str = "Cor", table: str | None = "cor", columns: tuple[Any, Any] = ("cod_cor", "den_cor"),
        per_company: str | None = "S", company: str = "01") -> tuple[Any, ...]:  # fmt: skip
    """A row of ctr_grade."""
    return company, code, name, table, *columns, per_company


def imported(make: Make, database: dict[str, Any], **sections: Any) -> Import:
    return importer.run(make(database=database, **sections), Wish())


def refused(found: Import) -> dict[int, str]:
    return {finding.type: finding.message for finding in found.findings if finding.serious}


# --- the demo ----------------------------------------------------------------------------------


@pytest.mark.seed("R-1.9-02", "R-1.9-03")
def test_the_types_of_the_demo_come_with_their_contents(make: Make) -> None:
    found = importer.run(make(), Wish()).grades
    assert [grade.model_dump() for grade in found.types] == [
        {
            "code": logix_db.COLOUR,
            "description": "Cor",
            "content_table": "cor_produto",
            "code_column": "cod_cor",
            "description_column": "den_cor",
            "per_company": True,
            "indicator": "C",
            "size": 4,
            "contents": logix_db.COLOURS - logix_db.COLOUR_CASE_TWINS - 1,
        },
        {
            "code": logix_db.SIZE,
            "description": "Tamanho",
            "content_table": "tamanho_produto",
            "code_column": "cod_tamanho",
            "description_column": "den_tamanho",
            "per_company": False,
            "indicator": "T",
            "size": 3,
            "contents": logix_db.SIZES - logix_db.SIZE_CASE_TWINS - 1,
        },
        {
            "code": logix_db.PRINT,
            "description": "Estampa",
            "content_table": "estampa_produto",
            "code_column": "cod_estampa",
            "description_column": "den_estampa",
            "per_company": True,
            "indicator": "E",
            "size": 3,
            "contents": logix_db.PRINTS - logix_db.PRINT_CASE_TWINS - 1,
        },
    ]
    assert found.enabled
    assert found.imported_from == "logix"
    assert found.imported_at is not None
    assert timedelta(0) <= datetime.now(UTC) - found.imported_at < timedelta(minutes=2)


def test_the_combinations_that_items_of_the_demo_use(make: Make) -> None:
    assert importer.run(make(), Wish()).grades.combinations == ((1, 2), (1, 2, 3), (2,))


@pytest.mark.seed("R-GEN-04")
def test_what_was_left_out_is_told_with_the_count(make: Make) -> None:
    found = importer.run(make(), Wish()).findings
    assert [(finding.type, finding.kind, finding.message, finding.count) for finding in found] == [
        (1, "blank", BLANK, 1),
        (1, "twin", TWINS.format(logix_db.COLOUR_CASE_TWINS), logix_db.COLOUR_CASE_TWINS),
        (2, "blank", BLANK, 1),
        (2, "twin", TWINS.format(logix_db.SIZE_CASE_TWINS), logix_db.SIZE_CASE_TWINS),
        (3, "blank", BLANK, 1),
        (3, "twin", TWINS.format(logix_db.PRINT_CASE_TWINS), logix_db.PRINT_CASE_TWINS),
    ]
    assert all(finding.examples for finding in found if finding.kind == "twin")


def test_the_types_of_another_company_are_its_own(make: Make) -> None:
    found = importer.run(make(company={"logix": logix_db.BRANCH, "site": "02"}), Wish()).grades
    assert [(grade.code, grade.description, grade.contents) for grade in found.types] == [
        (1, "Cor da malha", logix_db.BRANCH_COLOURS),
        (2, "Numeração", logix_db.BRANCH_NUMBERS),
        (4, "Lavagem", logix_db.BRANCH_WASHES),
    ]


def test_a_company_without_types_gives_none(make: Make) -> None:
    found = importer.run(make(company={"logix": "99", "site": "01"}), Wish())
    assert (found.grades.types, found.grades.combinations, found.findings) == ((), (), ())


@pytest.mark.seed("R-1.9-11")
def test_a_new_import_keeps_indicators_and_sizes(make: Make) -> None:
    first = importer.run(make(), Wish()).grades
    edited = [grade.model_dump() for grade in first.types]
    edited[0] |= {"indicator": "9", "size": 5, "contents": 1, "description": "Old name"}
    edited[1] |= {"indicator": "C", "size": 4}
    again = importer.run(make(grades={"types": edited}), Wish()).grades
    assert [(grade.indicator, grade.size) for grade in again.types] == [("9", 5), ("C", 4), ("E", 3)]
    # What Logix does send is taken anew.
    assert (again.types[0].description, again.types[0].contents) == ("Cor", first.types[0].contents)


@pytest.mark.seed("R-1.9-11")
def test_a_new_type_takes_no_indicator_that_an_old_one_has(make: Make, own_database: OwnDatabase) -> None:
    old = importer.run(make(), Wish()).grades.types[1].model_dump() | {"indicator": "C"}
    database = own_database(rows=[row(1), row(2, name="Tamanho")])
    found = imported(make, database, grades={"types": [old]}).grades
    assert [(grade.code, grade.indicator) for grade in found.types] == [(1, "O"), (2, "C")]


# --- names that come from data -----------------------------------------------------------------

HOSTILE = [
    "cor; DROP TABLE empresa",
    'x"y',
    "cor'--",
    "cor /* */",
    "(SELECT 1)",
    "a.b.c",
    "1cor",
    "ção",
    "cor\x00",
    "cor cor",
    "",
    "   ",
    None,
]


@pytest.mark.seed("R-1.9-03")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_type_with_a_name_that_is_none_is_refused_and_the_others_are_imported(
    make: Make, own_database: OwnDatabase, name: str | None
) -> None:
    database = own_database(
        rows=[row(1, table=name), row(2, columns=(name, "den_cor")), row(3, columns=("cod_cor", name)), row(4)]
    )
    found = imported(make, database)
    assert [(grade.code, grade.contents) for grade in found.grades.types] == [(4, 2)]
    assert refused(found) == {
        1: "The name of the table in ctr_grade is not a plain name.",
        2: "The name of the code column in ctr_grade is not a plain name.",
        3: "The name of the description column in ctr_grade is not a plain name.",
    }


@given(st.text(alphabet="abzAZ09_.;\"'`[]()-/* \n\tçé\x00", max_size=20))
def test_only_plain_identifiers_count_as_names(name: str) -> None:
    plain = all(part.isidentifier() and part.isascii() for part in name.split(".")) and name.count(".") <= 1
    assert bool(logix_source.OWNED.fullmatch(name)) is plain


def test_a_name_is_used_as_the_server_spells_it() -> None:
    query = logix_source.contents_query("logix.cor_produto", "COD_COR", "order", "01")
    text = " ".join(str(query).split())
    assert text == 'SELECT "COD_COR", "order" FROM logix.cor_produto WHERE cod_empresa = :cod_empresa_1'
    assert "WHERE" not in str(logix_source.contents_query("cor", "cod_cor", "den_cor", None))


def test_names_in_capitals_and_with_their_padding_are_found(make: Make, own_database: OwnDatabase) -> None:
    padded = ("COD_COR".ljust(20), "DEN_COR".ljust(20))
    database = own_database(rows=[row(1, name="Cor".ljust(48), table="COR".ljust(20), columns=padded)])
    (grade,) = imported(make, database).grades.types
    assert (grade.description, grade.content_table, grade.code_column, grade.contents) == ("Cor", "COR", "COD_COR", 2)


@pytest.mark.parametrize(
    "wrong",
    [
        row(1, table="nao_existe"),
        row(1, columns=("cod_nada", "den_cor")),
        row(1, columns=("cod_cor", "den_nada")),
    ],
)
def test_a_table_or_column_that_is_not_there_refuses_that_type_alone(
    make: Make, own_database: OwnDatabase, wrong: tuple[Any, ...]
) -> None:
    found = imported(make, own_database(rows=[wrong, row(2)]))
    assert [grade.code for grade in found.grades.types] == [2]
    (told,) = refused(found).values()
    assert next(name for name in ("nao_existe", "cod_nada", "den_nada") if name in str(wrong)) in told


def test_a_table_per_company_without_a_company_refuses_that_type_alone(make: Make, own_database: OwnDatabase) -> None:
    table = "CREATE TABLE tam (cod_tam, den_tam)"
    rows = [row(1, table="tam", columns=("cod_tam", "den_tam")), row(2)]
    found = imported(make, own_database(table, rows=rows))
    assert [grade.code for grade in found.grades.types] == [2]
    assert refused(found).keys() == {1}


def test_bytes_that_are_no_text_refuse_that_type_alone(make: Make, own_database: OwnDatabase) -> None:
    """In a column of texts they stop the driver, in one of numbers they came as bytes."""
    tables = (
        "CREATE TABLE tam (cod_tam, den_tam)",
        "INSERT INTO tam VALUES ('P', CAST(x'e7' AS TEXT))",
        "CREATE TABLE fio (cod_fio, den_fio)",
        "INSERT INTO fio VALUES (30, 'Trinta'), (x'e7', 'Nada')",
    )
    rows = [
        row(1, table="tam", columns=("cod_tam", "den_tam"), per_company="N"),
        row(2, table="fio", columns=("cod_fio", "den_fio"), per_company="N"),
        row(3),
    ]
    found = imported(make, own_database(*tables, rows=rows))
    assert [grade.code for grade in found.grades.types] == [3]
    told = refused(found)
    assert told.keys() == {1, 2}
    assert all("cannot be read in the character set" in text for text in told.values())


# --- contents ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("flag", "contents"), [("S", 2), ("s", 2), ("S ", 2), ("N", 3), (" ", 3), (None, 3)])
@pytest.mark.seed("R-1.9-03")
def test_contents_are_those_of_the_company_only_where_the_table_is_kept_per_company(
    make: Make, own_database: OwnDatabase, flag: str | None, contents: int
) -> None:
    (grade,) = imported(make, own_database(rows=[row(1, per_company=flag)])).grades.types
    assert grade.contents == contents


def test_a_code_counts_once_whatever_its_capitals_and_its_padding(make: Make, own_database: OwnDatabase) -> None:
    more = (
        "INSERT INTO cor VALUES ('01', 'azul  ', 'x'), ('01', 'AZUL  ', 'x'), ('01', ' AZUL', 'x'), ('01', 'Azul', 'x')"
    )
    blanks = "INSERT INTO cor VALUES ('01', '   ', 'x'), ('01', '', 'x'), ('01', NULL, 'x')"
    found = imported(make, own_database(more, blanks, rows=[row(1)]))
    assert found.grades.types[0].contents == 3
    assert [(finding.message, finding.examples) for finding in found.findings] == [
        (BLANK.replace("1.", "3."), ()),
        (TWICE.format(1), ("AZUL",)),
        (TWINS.format(2), ("Azul", "azul")),
    ]


def test_codes_that_are_numbers_count_as_they_are(make: Make, own_database: OwnDatabase) -> None:
    table = "CREATE TABLE num (cod_num DECIMAL(5,0), den_num)"
    values = "INSERT INTO num VALUES (0, 'zero'), (36, 'a'), (38, 'b')"
    rows = [row(1, table="num", columns=("cod_num", "den_num"), per_company="N")]
    assert imported(make, own_database(table, values, rows=rows)).grades.types[0].contents == 3


def test_an_empty_table_is_a_type_without_contents(make: Make, own_database: OwnDatabase) -> None:
    (grade,) = imported(make, own_database("DELETE FROM cor", rows=[row(1)])).grades.types
    assert (grade.contents, grade.size) == (0, 3)


# --- types -------------------------------------------------------------------------------------


def test_types_beyond_the_limit_are_told_and_stay_as_they_are(make: Make, own_database: OwnDatabase) -> None:
    base = make(database=own_database(rows=[row(1), row(2), row(700, name="Ultimo")]))
    first = importer.run(base, Wish(apply=True))
    assert first.changes.applied
    assert [grade.code for grade in first.grades.types] == [1, 2, 700]
    with_grades = base.profile.model_copy(update={"grades": first.grades})
    many = [row(1), row(2), *(row(code) for code in range(100, 99 + LIMIT)), row(700, name="Ultimo")]
    own_database(rows=many)
    found = importer.run(replace(base, profile=with_grades), Wish())
    told = [finding for finding in found.findings if finding.type == 0]
    assert [finding.kind for finding in told] == ["refused"]
    assert told[0].serious
    assert f"more than {LIMIT} rows" in told[0].message
    assert 700 in [grade.code for grade in found.grades.types], "it was not read, so nobody knows that it is gone"
    assert 700 not in [change.type for change in found.changes.types]
    own_database(rows=[row(1), row(2), *(row(code) for code in range(100, 98 + LIMIT))])
    again = importer.run(replace(base, profile=with_grades), Wish())
    assert not [finding for finding in again.findings if finding.type == 0], "as many as are read"
    assert 700 in [change.type for change in again.changes.types], "now it is gone"


def test_a_code_that_stands_twice_is_taken_once(make: Make, own_database: OwnDatabase) -> None:
    found = imported(make, own_database(rows=[row(1), row(1, name="Cor de novo")]))
    assert [grade.description for grade in found.grades.types] == ["Cor"]
    assert refused(found) == {1: "The code stands twice in ctr_grade."}


def test_more_types_than_there_are_indicators_leave_out_the_last(make: Make, own_database: OwnDatabase) -> None:
    found = imported(make, own_database(rows=[row(code) for code in range(1, 41)]))
    assert [grade.code for grade in found.grades.types] == list(range(1, 37))
    assert refused(found) == dict.fromkeys(range(37, 41), "All 36 indicator characters are taken by other types.")


def test_a_type_without_a_description_is_imported(make: Make, own_database: OwnDatabase) -> None:
    (grade,) = imported(make, own_database(rows=[("01", 1, None, "cor", "cod_cor", "den_cor", "S")])).grades.types
    assert (grade.description, grade.indicator) == ("", "A")


# --- combinations ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slots", "combination"),
    [
        ("1, 2, 0, 0, 0", (1, 2)),
        ("1, 0, 2, NULL, NULL", (1, 2)),
        ("'1', '2', '0', '0', '0'", (1, 2)),
    ],
)
def test_an_empty_slot_is_nothing_or_zero(
    make: Make, own_database: OwnDatabase, slots: str, combination: tuple[int, ...]
) -> None:
    items = (
        f"INSERT INTO item_ctr_grade VALUES ('01', 'X', {slots})",
        "INSERT INTO item_ctr_grade VALUES ('01', 'Y', 0, 0, 0, 0, 0)",
    )
    other = "INSERT INTO item_ctr_grade VALUES ('02', 'X', 2, 0, 0, 0, 0)"
    found = imported(make, own_database(*items, other, rows=[row(1), row(2)]))
    assert found.grades.combinations == (combination,)


def test_items_with_a_type_that_could_not_be_imported_are_told(make: Make, own_database: OwnDatabase) -> None:
    slots = ("1, 2, 0, 0, 0", "1, 0, 0, 0, 0", "9, 0, 0, 0, 0")
    items = "INSERT INTO item_ctr_grade VALUES " + ", ".join(f"('01', 'X', {codes})" for codes in slots)
    found = imported(make, own_database(items, rows=[row(1), row(2, table="x y")]))
    assert found.grades.combinations == ((1,),)
    assert refused(found) == {
        2: "The name of the table in ctr_grade is not a plain name.",
        9: "Items use this type, but ctr_grade does not have it for this company.",
    }


@pytest.mark.seed("R-1.9-09")
def test_types_of_items_with_five_grades_get_three_characters_each(make: Make, own_database: OwnDatabase) -> None:
    many = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) "
        "INSERT INTO cor SELECT '01', 'C' || i, 'x' FROM n"
    )
    items = "INSERT INTO item_ctr_grade VALUES ('01', 'X', 1, 2, 3, 4, 5), ('01', 'Y', 1, 6, 0, 0, 0)"
    found = imported(make, own_database(many, items, rows=[row(code) for code in range(1, 7)])).grades
    assert {grade.contents for grade in found.types} == {1102}
    assert [grade.size for grade in found.types] == [3, 3, 3, 3, 3, 4]


# --- in a child --------------------------------------------------------------------------------


def in_child(subject: Subject) -> Import | Outcome:
    ending = Job("wizard.grades.import_job:in_child", {"subject": subject.to_json(), "wish": asdict(Wish())}, 60).run()
    assert ending.how == "done", ending
    return import_job.from_child(json.loads(json.dumps(ending.answer)))


def test_an_import_in_a_child_gives_the_same(make: Make) -> None:
    found, here = in_child(make()), importer.run(make(), Wish())
    assert isinstance(found, Import)
    assert found.findings == here.findings
    assert found.grades.model_copy(update={"imported_at": here.grades.imported_at}) == here.grades


def test_applying_tells_its_phases_where_it_wrote_and_what_was_given(make: Make, own_database: OwnDatabase) -> None:
    subject = make(database=own_database(rows=[row(1)]))
    said: list[Progress] = []
    first = importer.run(subject, Wish(apply=True), said.append)
    assert [now.phase for now in said][-2:] == ["comparing", "writing"]
    assert first.given == {1: Given("C", 3, 2)}
    assert Path(first.changes.where).name == "serra-azul.aps.sqlite"
    larger = first.grades.model_copy(update={"types": (first.grades.types[0].model_copy(update={"size": 4}),)})
    again = Subject(subject.profile.model_copy(update={"grades": larger}), subject.file)
    assert importer.run(again, Wish()).given == first.given, "looking moves nothing"
    moved = importer.run(again, Wish(apply=True, confirmed={1: 2}))
    assert moved.given == {1: Given("C", 4, 2)}
    assert [name.rpartition("-")[0] for name in moved.changes.backup_names] == ["1-C3"]


def test_a_database_that_is_not_there_is_an_outcome(make: Make) -> None:
    outcome = in_child(make(database={"kind": "sqlite", "file": "missing.sqlite"}))
    assert isinstance(outcome, Outcome)
    assert (outcome.status, outcome.code) == ("fail", "database.no_file")
    assert outcome.hint


def test_the_outcome_of_a_failed_import_holds_no_secret(make: Make, own_database: OwnDatabase) -> None:
    # The message of the driver names the table, and the table is the password.
    subject = make(database=own_database("DROP TABLE ctr_grade"))
    outcome = in_child(Subject(subject.profile, subject.file, {"database.password": "ctr_grade"}))
    assert isinstance(outcome, Outcome)
    assert outcome.details == {"original": "no such table: ***"}
