"""Sizes of grade types without the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard import cli
from wizard.profile import store

EXAMPLE = Path(__file__).resolve().parents[2] / "profiles" / "example-informix.yaml"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    file = tmp_path / "matriz.yaml"
    file.write_bytes(EXAMPLE.read_bytes())
    return file


def test_size_and_indicator_are_set_by_the_path_that_problems_name(profile: Path) -> None:
    assert cli.run(["profile", "set", str(profile), "grades.types[1].size=5", "grades.types[1].indicator=X"]) == 0
    grade = store.read(profile).profile.grades.types[1]
    assert (grade.size, grade.indicator) == (5, "X")


def test_an_entry_that_is_not_there_is_told_and_nothing_is_written(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = profile.read_bytes()
    assert cli.run(["profile", "set", str(profile), "grades.types[9].size=5"]) == 2
    assert "grades.types[9].size" in capsys.readouterr().err
    assert profile.read_bytes() == before
