"""Older documents come to the current version step by step; newer and unreadable versions are refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.profile.samples import minimal
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_data
from wizard.profile.migrations import MIGRATIONS, migrate
from wizard.profile.models import CURRENT_VERSION


def code_of(version: object) -> str:
    with pytest.raises(ProfileError) as caught:
        migrate({"version": version})
    (problem,) = caught.value.problems
    assert problem.path == "version"
    return problem.code


@pytest.mark.parametrize("version", [CURRENT_VERSION + 1, str(CURRENT_VERSION + 1), "999999999"])
def test_a_newer_version_is_refused(version: object) -> None:
    assert code_of(version) == "newer_version"


@pytest.mark.parametrize(
    "version", [None, "", "0", 0, "-1", -1, "1.0", 1.0, "one", True, ["1"], {"x": "1"}, "²", "١", " 1", "1" * 5000]
)
def test_a_version_that_is_no_whole_number_is_refused(version: object) -> None:
    assert code_of(version) == "version_unknown"


def test_a_document_without_a_version_is_refused() -> None:
    with pytest.raises(ProfileError, match="version"):
        migrate({"name": "Matriz"})


@pytest.mark.parametrize("version", [1, "1"])
def test_the_current_version_is_left_as_it_is(version: object) -> None:
    document = minimal(version=version)
    assert migrate(document) == minimal(version=version)


def test_there_is_a_migration_for_every_older_version() -> None:
    assert sorted(MIGRATIONS) == list(range(1, CURRENT_VERSION))


def _second(data: dict[str, Any]) -> dict[str, Any]:
    """In this imagined version 2 the company moved into a section."""
    return {**{k: v for k, v in data.items() if k != "empresa"}, "company": {"logix": data["empresa"], "site": "?"}}


def _third(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "company": {**data["company"], "site": data["company"]["logix"]}}


@pytest.mark.parametrize("version", [1, "1"])
def test_two_migrations_run_one_after_the_other_and_the_version_follows(version: object) -> None:
    old = {"version": version, "empresa": "01"}
    new = migrate(old, {1: _second, 2: _third}, current=3)
    assert new == {"version": 3, "company": {"logix": "01", "site": "01"}}
    assert old == {"version": version, "empresa": "01"}


def test_a_migration_starts_at_the_version_that_was_found() -> None:
    middle = {"version": "2", "company": {"logix": "07", "site": "?"}}
    assert migrate(middle, {1: _second, 2: _third}, current=3)["company"]["site"] == "07"


def test_what_migrations_give_is_typed_like_any_document() -> None:
    old = {key: value for key, value in minimal().items() if key != "company"} | {"version": 0, "empresa": "01"}
    with pytest.raises(ProfileError):
        migrate(old)
    moved = migrate({**old, "version": 1}, {1: _second, 2: _third}, current=3)
    assert profile_from_data({**moved, "version": CURRENT_VERSION}).company.site == "01"
