"""What Start lists: the folder, what this person opened lately elsewhere, and what a search finds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.profile.samples import minimal
from wizard.demo.walk import claim
from wizard.flow import profile_list, recent
from wizard.profile import store
from wizard.profile.load import profile_from_data

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def written(folder: Path, name: str, **changes: object) -> Path:
    made = profile_from_data(minimal()).model_copy(update={"name": name, **changes})
    return store.write(folder / (store.file_stem(name) + store.SUFFIX), made, None).path


def test_what_was_opened_last_comes_first_and_the_rest_by_name(tmp_path: Path) -> None:
    for name in ("Alfa", "Beta", "Gama"):
        written(tmp_path, name)
    opened = (recent.Opened(tmp_path / "gama.yaml", AT), recent.Opened(tmp_path / "beta.yaml", AT + timedelta(1)))
    rows = profile_list.of_folder(tmp_path, opened)
    assert [row.name for row in rows] == ["Beta", "Gama", "Alfa"]
    assert [row.opened for row in rows] == [AT + timedelta(1), AT, None]


def test_profiles_of_other_folders_are_listed_while_they_exist(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    mine, other = written(here, "Alfa"), written(there, "Outra")
    opened = tuple(recent.Opened(path, AT) for path in (other, there / "gone.yaml", mine))
    rows = profile_list.with_others(profile_list.of_folder(here, opened), here, opened)
    assert {(row.name, row.elsewhere) for row in rows} == {("Alfa", False), ("Outra", True)}


def test_a_path_that_cannot_be_looked_at_takes_nobody_along(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    other = written(there, "Outra")
    opened = tuple(recent.Opened(path, AT) for path in (there / ("x" * 300), other))
    rows = profile_list.with_others(profile_list.of_folder(here, opened), here, opened)
    assert [row.name for row in rows] == ["Outra"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", 2),
        ("confeccoes", 1),
        ("CONFECÇÕES serra", 1),
        ("serra confecções", 1),
        ("malharia norte", 1),
        ("rio negro", 1),
        ("production", 1),
        ("confecções malharia", 0),
    ],
)
def test_a_search_finds_every_typed_word_whatever_its_accents(tmp_path: Path, typed: str, found: int) -> None:
    written(tmp_path, "Confecções Serra", environment="test")
    written(tmp_path, "Matriz", notes="Cliente: Malharia Norte", customer="Rio Negro", environment="production")
    assert len(profile_list.matching(profile_list.of_folder(tmp_path, ()), typed)) == found


def test_a_file_that_cannot_be_read_is_listed_and_found_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("version: 1\nsenha: hunter2\n", "utf-8")
    (row,) = profile_list.matching(profile_list.of_folder(tmp_path, ()), "BROKEN")
    assert (row.profile, row.name, row.production) == (None, "broken.yaml", False)
    assert not profile_list.matching([row], "hunter2")


def test_the_list_of_opened_profiles_keeps_the_last_ones_once_each(tmp_path: Path) -> None:
    file = tmp_path / "state" / "recent.json"
    for number in range(recent.KEPT + 5):
        recent.note(file, tmp_path / f"{number}.yaml", AT + timedelta(minutes=number))
    recent.note(file, tmp_path / "20.yaml", AT + timedelta(days=1))
    found = recent.read(file)
    assert len(found) == recent.KEPT
    assert found[0] == recent.Opened(tmp_path / "20.yaml", AT + timedelta(days=1))
    assert len({one.path for one in found}) == recent.KEPT


def test_a_profile_of_a_demo_site_is_not_listed_when_its_servers_are_gone(tmp_path: Path) -> None:
    file, site = tmp_path / "recent.json", tmp_path / "site"
    site.mkdir()
    claim(site)
    recent.note(file, site / "profiles" / "demo.yaml", AT)
    recent.note(file, tmp_path / "profiles" / "mine.yaml", AT)
    assert [one.path.name for one in recent.read(file)] == ["mine.yaml"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2, "opened": []}', '{"version": 1, "opened": [{"path": 3}]}']
)
def test_a_damaged_list_is_an_empty_one_and_is_written_anew(tmp_path: Path, text: str) -> None:
    file = tmp_path / "recent.json"
    file.write_text(text)
    assert recent.read(file) == ()
    recent.note(file, tmp_path / "a.yaml", AT)
    assert [one.path for one in recent.read(file)] == [tmp_path / "a.yaml"]
