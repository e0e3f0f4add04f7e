"""A site with five types, a large one among them and three in trouble, by the commands alone."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import Command, answer
from tests.connection.servers import Source, postgresql  # noqa: F401 - a fixture
from tests.grades import five_types
from tests.grades.five_types import COLOUR, HOSTILE, MANY, PRINT, PRINTS, SIZE, never_moved
from tests.grades.stores import Stores
from wizard.checklist.check import Subject
from wizard.connection.aps_store import default_file
from wizard.grades.codes import codes
from wizard.grades.reference_store import stored
from wizard.profile import store
from wizard.profile.load import profile_from_data

HOSTILE_TOLD = "The name of the table in ctr_grade is not a plain name."


def written(home: Path, colours: int, **sections: Any) -> Path:
    """The profile of the site in its folder; nothing was imported yet."""
    folder = home / "profiles"
    folder.mkdir()
    five_types.build(folder / "logix.sqlite", colours)
    data = {
        "name": "Matriz",
        "environment": "test",
        "company": {"logix": "01", "site": "01"},
        "database": {"kind": "sqlite", "file": "logix.sqlite"},
        "webservice": {"url": "http://logix/ws"},
        "grades": {"enabled": True, "types": [five_types.outgrown()]},
    }
    return store.write(folder / "matriz.yaml", profile_from_data(data | sections), None).path


def goes_through(command: Command, file: Path, colours: int, days: int) -> None:
    """Import, apply, and import again every day; what people do in Logix meanwhile changes no code that was given."""
    first = command("grades", "import", file, "--json")
    assert first.code == 3, first.err
    shown = answer(first.out)
    assert told(shown) == [(SIZE, "blank", 1, False), (SIZE, "twin", 2, False), (HOSTILE, "refused", 0, True)]
    assert next(row["message"] for row in shown["findings"] if row["type"] == HOSTILE) == HOSTILE_TOLD
    new = colours + 3 + PRINTS + 40
    assert (shown["counts"]["new"], len(shown["changes"])) == (new, min(new, 10_000))
    assert shown["changes_left_off"] == new - len(shown["changes"])

    # What could be imported is written; the exit code says that something could not.
    done = command("grades", "import", file, "--apply", "--json")
    assert (done.code, answer(done.out)["applied"]) == (1, True)
    profile = store.read(file).profile
    sizes = {grade.code: (grade.indicator, grade.size) for grade in profile.grades.types}
    reference = codes("C", profile.grades.types[0].size, 1, 1)[0]
    listed = command("grades", "codes", file, "--type", COLOUR, "--csv").out.splitlines()
    assert (listed[1], len(listed)) == (f"{reference};C0000000;cor nº 0;1", colours + 1)

    subject = Subject(profile, file)
    dice = random.Random(718057)  # noqa: S311 - edits, not secrets
    before = stored(subject)
    for day in range(days):
        five_types.edit(file.with_name("logix.sqlite"), dice, day)
        done = command("grades", "import", file, "--apply", "--json")
        assert done.code == 1, done.err
        now = answer(done.out)
        assert {(HOSTILE, "refused", 0, True), (PRINT, "left_out", 0, True)} <= set(told(now))
        assert now["counts"]["moved"] == 0
        assert all(now["counts"][kind] for kind in ("new", "renamed", "gone"))
        after = stored(subject)
        never_moved(before.contents, after.contents)
        before = after
    assert {grade.code: (grade.indicator, grade.size) for grade in store.read(file).profile.grades.types} == sizes

    again = command("grades", "import", file, "--apply", "--json")
    assert (again.code, answer(again.out)["types"]) == (1, [])
    assert stored(subject).generation == before.generation


def told(answered: Any) -> list[tuple[int, str, int, bool]]:
    return [(row["type"], row["kind"], row["count"], row["serious"]) for row in answered["findings"]]


@pytest.mark.seed("R-1.9-02", "R-1.9-03", "R-1.9-05", "R-1.9-07", "R-GEN-04")
def test_a_site_with_very_many_colours_keeps_every_code(command: Command, home: Path) -> None:
    """As tests/grades/test_volumes.py with 700,000, by the commands."""
    file = written(home, MANY)
    goes_through(command, file, MANY, 1)
    assert store.read(file).profile.grades.types[0].size == 5
    written_at = default_file(file).stat().st_mtime_ns
    assert command("grades", "import", file, "--apply", "--json").code == 1
    assert default_file(file).stat().st_mtime_ns == written_at


@pytest.mark.seed("R-1.9-02", "R-1.9-11")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_days_of_edits_change_no_code(
    command: Command, home: Path, kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    sections = {}
    if kind == "postgresql":
        server: Source = request.getfixturevalue("postgresql")
        stores = Stores(server)
        monkeypatch.setenv("APS_TEST_STORE", stores.password)
        sections["aps"] = {"url": stores.database(), "password": "env:APS_TEST_STORE"}
    # Ten of them, in both stores, are those of tests/grades; here they go through the command.
    goes_through(command, written(home, 5000, **sections), 5000, 3)
