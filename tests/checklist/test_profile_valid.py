"""The check of the profile itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from wizard.checklist.check import Subject
from wizard.checklist.checks.profile_valid import CHECK

INFORMIX = {"kind": "informix", "dsn": "LOGIX"}


def test_a_profile_of_the_demo_is_sound(make: Callable[..., Subject]) -> None:
    outcome = CHECK.run(make())
    assert (outcome.status, outcome.code) == ("ok", "profile.ok")


@pytest.mark.seed("R-GEN-05")
def test_a_company_code_in_small_letters_deserves_a_warning(make: Callable[..., Subject]) -> None:
    outcome = CHECK.run(make(company={"logix": "a1", "site": "01"}))
    assert (outcome.status, outcome.code) == ("warn", "profile.lower_case")
    assert "a1" in outcome.message
    assert outcome.hint


@pytest.mark.seed("R-1.2-06")
@pytest.mark.parametrize("entity", ["calendario", "datas_calendario"])
def test_the_calendar_cannot_come_from_informix(make: Callable[..., Subject], entity: str) -> None:
    entities = {"calendario": False, "datas_calendario": False} | {entity: True}
    outcome = CHECK.run(make(database=INFORMIX, update={"entities": entities}))
    assert (outcome.status, outcome.code) == ("warn", "profile.not_offered")
    assert "Informix" in outcome.message
    assert {"calendario": "Calendário", "datas_calendario": "Datas Calendário"}[entity] in outcome.message


def test_informix_without_the_calendar_is_sound(make: Callable[..., Subject]) -> None:
    entities = {"calendario": False, "datas_calendario": False}
    assert CHECK.run(make(database=INFORMIX, update={"entities": entities})).status == "ok"


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize(
    ("folder", "file", "found"),
    [(0o755, 0o644, False), (0o755, 0o664, False), (0o755, 0o646, True), (0o777, 0o644, True), (0o1777, 0o644, False)],
)
def test_a_profile_that_every_account_can_change_is_a_finding(
    make: Callable[..., Subject], tmp_path: Path, folder: int, file: int, found: bool
) -> None:
    place = tmp_path / "profiles"
    place.mkdir()
    (place / "x.yaml").touch()
    (place / "x.yaml").chmod(file)
    place.chmod(folder)
    outcome = CHECK.run(replace(make(), file=place / "x.yaml"))
    assert (outcome.code == "profile.writable_by_all") == found
    assert outcome.hint or not found
