"""The catalogue of rules, and what the tests cite of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import seeds


def test_every_id_that_a_test_cites_stands_in_the_catalogue() -> None:
    assert seeds.unknown(seeds.rules(), seeds.citations()) == []


def test_the_tests_of_this_checkout_cite_rules() -> None:
    assert len({citation.id for citation in seeds.citations()}) > 10


def test_no_id_of_the_catalogue_stands_twice() -> None:
    ids = [rule["id"] for rule in seeds.rules()]
    assert sorted(set(ids)) == sorted(ids)


def test_every_rule_has_known_fields_with_something_in_them() -> None:
    for rule in seeds.rules():
        assert {"id", "section", "part", "rule"} <= rule.keys() <= {"id", "section", "part", "rule", "reading"}, rule
        assert re.fullmatch(r"R-[A-Z0-9]+(\.\d+)?-\d\d", rule["id"])
        assert rule["part"] in seeds.PARTS
        assert all(isinstance(text, str) and text.strip() for text in rule.values()), rule["id"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('@pytest.mark.seed("R-1.9-05")\ndef test_x(): ...', ["R-1.9-05"]),
        ('@pytest.mark.seed("R-1.9-05", "R-1.9-06")\ndef test_x(): ...', ["R-1.9-05", "R-1.9-06"]),
        ('pytestmark = pytest.mark.seed("R-PRE-07")', ["R-PRE-07"]),
        ('from pytest import mark\n@mark.seed("R-PRE-07")\nclass TestX: ...', ["R-PRE-07"]),
        ('pytest.param(3, marks=pytest.mark.seed("R-1.9-04"))', ["R-1.9-04"]),
        ("@pytest.mark.seed(RULE)\ndef test_x(): ...", ["RULE"]),
        ('# pytest.mark.seed("R-1.9-05")\nTEXT = \'@pytest.mark.seed("R-1.9-05")\'', []),
    ],
)
def test_marks_are_read_wherever_they_stand(tmp_path: Path, source: str, found: list[str]) -> None:
    (tmp_path / "test_it.py").write_text(source, "utf-8")
    assert [citation.id for citation in seeds.citations(tmp_path)] == found


def test_an_unknown_id_is_named_with_the_place_that_cites_it(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text('\n@pytest.mark.seed("R-9.99-99")\ndef test_x(): ...', "utf-8")
    (wrong,) = seeds.unknown(seeds.rules(), seeds.citations(tmp_path))
    assert (wrong.id, wrong.place) == ("R-9.99-99", "test_it.py:2")


def test_the_report_counts_by_part_and_lists_what_has_no_test() -> None:
    catalogue = [
        {"id": "R-1.9-04", "part": "grades", "rule": "A size has 3, 4 or 5 characters."},
        {"id": "R-1.9-05", "part": "grades", "rule": "word " * 40},
        {"id": "R-PRE-06", "part": "wizard", "rule": "An ODBC data source must exist."},
    ]
    lines = seeds.report(catalogue, [seeds.Citation("R-1.9-04", "x:1"), seeds.Citation("R-PRE-06", "x:2")])
    assert lines[0] == "wizard: 1 of 1 rules have tests"
    assert lines[1] == "grades: 1 of 2 rules have tests"
    assert lines[2].startswith("  R-1.9-05    word word")
    assert lines[2].endswith(" ...")
    assert len(lines) == 3
