"""Whether a profile was proved, and whether the proof still covers what it says."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from tests.profile.samples import MINIMAL, grade_type
from wizard.profile.load import profile_from_data, profile_from_text, profile_to_data, profile_to_text
from wizard.profile.models import CheckMark, Profile
from wizard.profile.validation import inputs_hash, is_stale, validation_state

AT = "2026-01-31T12:00:00Z"
Status = Literal["ok", "warn", "fail", "skipped", "crashed"]


def mark(profile: Profile, *covers: str, status: Status = "ok", mandatory: bool = True) -> CheckMark:
    inputs = inputs_hash(profile_to_data(profile), covers)
    return CheckMark(
        id="x", status=status, code=status, mandatory=mandatory, at=AT, version="0.1.0", covers=covers, inputs=inputs
    )


def proved(*marks: CheckMark, profile: Profile | None = None) -> Profile:
    data = profile_to_data(profile or profile_from_text(MINIMAL))
    checks = [one.model_dump() for one in marks]
    return profile_from_data({**data, "validation": {"at": AT, "version": "0.1.0", "checks": checks}})


def edited(profile: Profile, **sections: Any) -> Profile:
    return profile_from_data({**profile_to_data(profile), **sections})


@pytest.fixture
def profile() -> Profile:
    return profile_from_text(MINIMAL)


def test_without_checks_it_was_never_proved(profile: Profile) -> None:
    assert validation_state(profile) == "never"
    assert validation_state(proved()) == "never"


@pytest.mark.parametrize(
    ("status", "mandatory", "state"),
    [
        ("ok", True, "passed"),
        ("warn", True, "passed"),
        ("fail", True, "failed"),
        ("skipped", True, "failed"),
        ("crashed", True, "failed"),
        ("fail", False, "passed"),
        ("crashed", False, "passed"),
    ],
)
def test_only_mandatory_checks_fail_it(profile: Profile, status: Status, *, mandatory: bool, state: str) -> None:
    good = mark(profile, "webservice")
    assert validation_state(proved(good, mark(profile, "database", status=status, mandatory=mandatory))) == state


EDITS: dict[str, dict[str, Any]] = {
    "company": {"logix": "02", "site": "01"},
    "database": {"kind": "informix", "dsn": "OUTRO"},
    "webservice": {"url": "http://outro:8080/ws"},
    "grades": {"enabled": True, "types": [grade_type()]},
    "update": {"entities": {"item": False}},
    "aps": {"url": "sqlite:///outro.sqlite"},
}


@pytest.mark.parametrize("covered", list(EDITS))
def test_an_edit_makes_it_stale_only_where_a_check_covered_it(profile: Profile, covered: str) -> None:
    before = proved(mark(profile, covered))
    assert validation_state(before) == "passed"
    for section, value in EDITS.items():
        after = edited(before, **{section: value})
        assert validation_state(after) == ("stale" if section == covered else "passed"), section


def test_a_check_over_two_sections_is_stale_when_either_changes(profile: Profile) -> None:
    both = mark(profile, "company", "database")
    data = profile_to_data(profile)
    assert not is_stale(both, data)
    assert is_stale(both, {**data, "company": EDITS["company"]})
    assert is_stale(both, {**data, "database": EDITS["database"]})
    assert not is_stale(both, {**data, "webservice": EDITS["webservice"]})


def test_taking_the_edit_back_makes_it_fresh_again(profile: Profile) -> None:
    before = proved(mark(profile, "database"))
    after = edited(edited(before, database=EDITS["database"]), database=profile_to_data(profile)["database"])
    assert validation_state(after) == "passed"


def test_an_edit_after_a_failure_is_stale_not_failed(profile: Profile) -> None:
    before = proved(mark(profile, "database", status="fail"))
    assert validation_state(before) == "failed"
    assert validation_state(edited(before, database=EDITS["database"])) == "stale"


def test_writing_and_reading_keeps_the_state(profile: Profile) -> None:
    before = proved(mark(profile, "company", "database", "webservice", "grades", "update"))
    assert validation_state(profile_from_text(profile_to_text(before))) == "passed"


def test_writing_a_default_out_is_no_edit(profile: Profile) -> None:
    before = proved(mark(profile, "database"))
    section = {"kind": "informix", "dsn": "LOGIX", "isolation": "read_uncommitted", "login_timeout": "15"}
    assert validation_state(edited(before, database=section)) == "passed"


def test_importing_the_same_grade_types_again_is_no_edit(profile: Profile) -> None:
    grades = {"enabled": True, "types": [grade_type()], "imported_at": AT}
    company = edited(profile, grades=grades)
    before = proved(mark(company, "grades"), profile=company)
    assert validation_state(edited(before, grades={**grades, "imported_at": "2026-02-01T12:00:00Z"})) == "passed"
    assert validation_state(edited(before, grades={**grades, "types": [grade_type(size=3)]})) == "stale"


def test_the_hash_does_not_depend_on_the_order_of_keys_or_sections() -> None:
    one = {"a": {"x": 1, "y": [1, 2]}, "b": "ç"}
    two = {"b": "ç", "a": {"y": [1, 2], "x": 1}, "c": 3}
    assert inputs_hash(one, ("a", "b")) == inputs_hash(two, ("b", "a"))
    assert inputs_hash(one, ("a",)) != inputs_hash(one, ("a", "b"))
    assert inputs_hash(one, ("a",)) != inputs_hash({"a": {"x": 1, "y": [2, 1]}}, ("a",))
