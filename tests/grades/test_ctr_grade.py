"""The check of ctr_grade: readable, and in agreement with what the profile says of grades."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wizard.checklist.check import Subject
from wizard.grades.checks.ctr_grade import CHECK

Make = Callable[..., Subject]

ON = {"enabled": True}


def test_the_types_of_the_company_are_counted_and_no_others(make: Make) -> None:
    outcome = CHECK.run(make(grades=ON))
    assert (outcome.status, outcome.code, outcome.details["types"]) == ("ok", "grades.readable", "3")


@pytest.mark.seed("R-PRE-10")
def test_types_in_logix_and_none_in_the_profile_deserve_a_warning(make: Make) -> None:
    outcome = CHECK.run(make())
    assert (outcome.status, outcome.code) == ("warn", "grades.switched_off")
    assert outcome.hint


def test_a_company_without_types(make: Make) -> None:
    company = {"logix": "03", "site": "01"}
    outcome = CHECK.run(make(company=company, grades=ON))
    assert (outcome.status, outcome.code) == ("fail", "grades.none")
    assert outcome.hint
    assert CHECK.run(make(company=company)).code == "grades.unused"


def test_a_database_without_the_table(make: Make, own_database: Callable[..., Any]) -> None:
    database = own_database("DROP TABLE ctr_grade")
    outcome = CHECK.run(make(database=database, grades=ON))
    assert (outcome.status, outcome.code) == ("fail", "database.no_table")
    assert CHECK.run(make(database=database)).code == "grades.unused"
