"""The table of items beside the registry, the rules and the model: nothing in it points nowhere."""

from __future__ import annotations

from fnmatch import filter as filter_ids

import pytest

from tests.seeds import rules
from wizard.checklist.items import BY_ID, ITEMS, WHERE
from wizard.checklist.registry import checks
from wizard.profile.database import KINDS
from wizard.profile.models import Profile

MANNER = {
    "driver", "protocol", "client_locale", "db_locale", "client_folder", "authentication", "encrypt",
    "trust_server_certificate", "user", "password", "isolation", "login_timeout", "query_timeout", "lock_wait",
    "proof_table",
}  # fmt: skip
"""Fields of a database that say how it is asked, not which one it is."""

WIZARD_FACTS = {
    "R-GEN-02", "R-GEN-05", "R-GEN-06", "R-PRE-01", "R-PRE-02", "R-PRE-03", "R-PRE-04", "R-PRE-05", "R-PRE-06",
    "R-PRE-07", "R-PRE-08", "R-PRE-10", "R-PRE-11", "R-CFG-02", "R-CFG-03", "R-CFG-04", "R-CFG-05", "R-1.27-05",
}  # fmt: skip
"""The prerequisites of the manual that are not those of the program itself."""


def test_every_check_belongs_to_an_item() -> None:
    assert set(checks()) == {id_ for item in ITEMS for id_ in item.proved_by(checks())}


def test_every_pattern_names_a_check() -> None:
    assert not {pattern for item in ITEMS for pattern in item.checks if not filter_ids(list(checks()), pattern)}


def test_nobody_is_asked_to_confirm_what_would_not_count() -> None:
    for item in ITEMS:
        assert not item.ask or item.always_ask or not item.checks, item.id


def test_every_item_is_told_by_a_check_a_look_or_a_person() -> None:
    for item in ITEMS:
        assert item.proved_by(checks()) or item.probe or item.ask or item.proof, item.id
        if item.probe and not item.proved_by(checks()) and item.probe() is None:
            assert item.ask, item.id
    assert list(BY_ID) == [item.id for item in ITEMS]


@pytest.mark.seed("R-CHK-01", "R-CHK-02", "R-CHK-03", "R-CHK-04")
def test_the_three_items_of_the_manual_come_first_in_its_order() -> None:
    assert [item.id for item in ITEMS[:3]] == ["server_files", "parameters", "grades"]
    assert [set(item.rules) & {"R-CHK-01", "R-CHK-02", "R-CHK-03"} for item in ITEMS[:3]] == [
        {"R-CHK-01"},
        {"R-CHK-02"},
        {"R-CHK-03"},
    ]
    assert all(item.mandatory for item in ITEMS[:3])


@pytest.mark.seed("R-PRE-02", "R-PRE-03", "R-PRE-04", "R-PRE-11", "R-1.27-05")
def test_every_prerequisite_of_the_manual_is_an_item() -> None:
    known = {rule["id"] for rule in rules()}
    named = {rule for item in ITEMS for rule in item.rules}
    assert named <= known
    assert named >= WIZARD_FACTS


@pytest.mark.seed("R-CFG-01", "R-PRE-11")
def test_no_item_asks_for_a_file_of_the_aps_and_the_only_files_are_those_of_the_logix_server() -> None:
    files = {
        word.strip(".,;")
        for item in ITEMS
        for word in f"{item.why} {item.ask}".split()
        if ".ini" in word or ".pro" in word
    }
    assert files == {"Totvsprofile.pro", "TotvsAppServer.ini"}


@pytest.mark.seed("R-PRE-01", "R-GEN-05", "R-1.27-05")
def test_what_the_manual_advises_is_not_mandatory() -> None:
    assert [item.id for item in ITEMS if not item.mandatory] == ["releases", "capitals", "demand"]


def test_what_a_confirmation_covers_is_in_the_profile() -> None:
    for item in ITEMS:
        if item.ask:
            assert item.covers, item.id
        for path in item.covers:
            section, _dot, field = path.partition(".")
            assert section in Profile.model_fields, path
            if section == "database":
                assert any(field in kind.model_fields for kind in KINDS.values()), path
            elif field:
                assert field in Profile.model_fields[section].annotation.model_fields, path


def test_every_field_of_a_database_says_which_one_or_how_it_is_asked() -> None:
    fields = {name for kind in KINDS.values() for name in kind.model_fields}
    assert fields <= set(WHERE) | MANNER, "a new field: does another value mean another database?"
    assert not set(WHERE) & MANNER
