"""Whatever dies while a file is written: the old content or the new stands, never neither and never half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.profile.samples import MINIMAL
from tests.profile.writers import with_notes
from wizard.profile import store
from wizard.profile.atomic import replace_bytes
from wizard.profile.load import profile_from_text

KILLS = 200
WRITERS = Path(__file__).with_name("writers.py")


def test_content_is_put_in_place_without_rests(tmp_path: Path) -> None:
    file = tmp_path / "x"
    replace_bytes(file, b"one")
    replace_bytes(file, b"two\r\n\x00")
    assert file.read_bytes() == b"two\r\n\x00"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_proof_that_fails_leaves_the_old_content(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"old")
    seen = []

    def prove(back: bytes) -> None:
        seen.append((back, file.read_bytes()))
        raise ValueError("not good")

    with pytest.raises(ValueError, match="not good"):
        replace_bytes(file, b"new", prove)
    assert seen == [(b"new", b"old")]
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_folder_in_the_way_is_an_os_error_and_stays(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(OSError, match="x"):
        replace_bytes(tmp_path / "x", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_file_that_is_held_for_a_moment_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows while a virus scanner looks at the fresh file."""
    held = [PermissionError(13, "held")] * 3
    real = Path.replace

    def sometimes(self: Path, target: Path) -> Path:
        if held:
            raise held.pop()
        return real(self, target)

    monkeypatch.setattr(Path, "replace", sometimes)
    replace_bytes(tmp_path / "x", b"new")
    assert (tmp_path / "x").read_bytes() == b"new"
    assert held == []


def test_a_file_that_is_held_for_good_is_an_os_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(b"old")
    waits: list[float] = []

    def never(self: Path, target: Path) -> Path:
        raise PermissionError(13, "held")

    monkeypatch.setattr(Path, "replace", never)
    monkeypatch.setattr("wizard.profile.atomic.time.sleep", waits.append)
    with pytest.raises(PermissionError):
        replace_bytes(tmp_path / "x", b"new")
    assert (tmp_path / "x").read_bytes() == b"old"
    assert 1 < sum(waits) < 1.5
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="one process is forked per kill")
def test_killing_a_writer_at_any_moment_leaves_one_whole_generation(tmp_path: Path) -> None:
    """The file is as old as the last write that was acknowledged, or one write newer: the one that was under way."""
    file = tmp_path / "x.yaml"
    combinations = "    - [1]\n" * 300
    grade = "{code: 1, description: Cor, content_table: cor, code_column: a, description_column: b, per_company: no, "
    text = (
        f'{MINIMAL}notes: "0"\ngrades:\n  types:\n    - {grade}indicator: C, size: 4}}\n  combinations:\n{combinations}'
    )
    profile = profile_from_text(text)
    store.write(file, profile, None)
    chance = random.Random(20260131)  # noqa: S311 - moments, no secret
    last = interrupted = renewed = 0
    with subprocess.Popen(
        [sys.executable, str(WRITERS), "generations", str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writers:
        assert writers.stdin is not None
        assert writers.stdout is not None
        for _ in range(KILLS):
            writers.stdin.write("go\n")
            writers.stdin.flush()
            word, number = writers.stdout.readline().split()
            assert word == "started"
            time.sleep(chance.random() * 0.03)
            os.kill(int(number), signal.SIGKILL)
            while (answer := writers.stdout.readline().split())[0] == "written":
                last = int(answer[1])
            assert answer == ["ended", number]

            left = [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]
            interrupted += bool(left)
            stored = store.read(file)
            generation = int(stored.profile.notes)
            assert stored.profile == with_notes(profile, str(generation))
            assert last <= generation <= last + 1
            renewed += generation > last
            backup = tmp_path / "x.yaml.bak"
            if backup.exists():
                assert generation - 1 <= int(profile_from_text(backup.read_text("utf-8")).notes) <= generation

            last = generation + 1
            store.write(file, with_notes(profile, str(last)), stored.digest)
            assert not [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]
    # The moments were such that something could have gone wrong.
    assert interrupted + renewed >= 5
