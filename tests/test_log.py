"""The log: only what is allowed gets in, each account writes its own file, and nothing stops because of it."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.small_disk import held
from wizard import log

SECRET = "canary-51c9"
posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and links are of other systems")


@pytest.fixture(autouse=True)
def _closed(home: Path) -> Iterator[None]:
    log.close()
    yield
    log.close()


def lines(home: Path) -> list[dict[str, object]]:
    files = sorted((home / "logs").glob("*.log"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_an_event_has_its_code_its_fields_and_its_time(home: Path) -> None:
    log.event("check.done", check="aps.store", status="ok", code="aps.writable", elapsed_ms=12)
    (line,) = lines(home)
    assert line.pop("timestamp")
    fields = {"check": "aps.store", "status": "ok", "code": "aps.writable", "elapsed_ms": 12}
    assert line == {"event": "check.done", "pid": os.getpid(), **fields}


@pytest.mark.parametrize(
    "fields",
    [
        {"password": SECRET},
        {"message": f"PWD={SECRET}"},
        {SECRET: 1},
        {"code": {"typed": SECRET}},
        {"code": [SECRET]},
        {"code": f"PWD={SECRET};"},
        {"place": ValueError(SECRET)},
        {"kind": SECRET.encode()},
        {"exc_info": True},
    ],
)
def test_what_is_not_on_the_list_or_is_no_code_is_masked(home: Path, fields: dict[str, object]) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        log.event("a.b", **fields)
    text = json.dumps(lines(home))
    assert SECRET not in text
    assert log.MASK in text


def test_a_text_in_place_of_the_event_is_masked(home: Path) -> None:
    log.event(f"The password is {SECRET}")
    assert lines(home)[0]["event"] == log.MASK


@given(
    st.dictionaries(st.text(max_size=8), st.recursive(st.text() | st.binary() | st.integers(), st.lists), max_size=4)
)
def test_only_names_of_the_list_come_out(fields: dict[str, object]) -> None:
    kept = log.allowed(None, "info", {**fields, "event": "a.b"})
    assert set(kept) <= log.ALLOWED | {"event", "masked"}
    assert all(value is None or isinstance(value, int | float | str) for value in kept.values())
    json.dumps(kept)


def test_a_fault_is_logged_by_its_type_and_its_places_without_its_text(home: Path) -> None:
    def inner() -> None:
        held = SECRET
        raise KeyError(held)

    try:
        inner()
    except KeyError as error:
        log.fault(type(error), error.__traceback__)
    (line,) = lines(home)
    assert (line["event"], line["kind"]) == ("program.fault", "KeyError")
    assert str(line["place"]).count("test_log.py:") == 2
    assert SECRET not in json.dumps(line)


@posix
def test_the_folder_takes_files_of_every_account_and_each_file_is_its_owners(home: Path) -> None:
    before = os.umask(0o077)
    try:
        log.event("a.b")
    finally:
        os.umask(before)
    assert stat.S_IMODE((home / "logs").stat().st_mode) == 0o1777
    (file,) = (home / "logs").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@posix
def test_a_link_that_another_account_laid_is_not_followed(home: Path) -> None:
    target = home / "target"
    (home / "logs").mkdir()
    (home / "logs" / f"aps-wizard-{os.geteuid()}.log").symlink_to(target)
    log.event("a.b")
    assert not target.exists()


def test_files_rotate_and_the_oldest_go(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "FILE_BYTES", 2000)
    for number in range(300):
        log.event("a.b", elapsed_ms=number)
    files = list((home / "logs").iterdir())
    assert len(files) == log.FILES + 1
    assert all(file.stat().st_size <= 2000 for file in files)
    assert lines(home)[-1]["elapsed_ms"] == 299


def test_a_file_that_another_process_holds_keeps_growing_and_the_former_ones_stay(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "FILE_BYTES", 200)
    for number in range(12):
        log.event("x", elapsed_ms=number)
    folder = home / "logs"
    (current,) = folder.glob("*.log")
    before = {file.name: file.read_bytes() for file in folder.glob("*.log.*")}
    assert len(before) == log.FILES
    log.close()
    with held(current):
        for number in range(12, 20):
            log.event("x", elapsed_ms=number)
        log.close()
        assert {file.name: file.read_bytes() for file in folder.glob("*.log.*")} == before
        assert lines(home)[-1]["elapsed_ms"] == 19
    log.event("x", elapsed_ms=20)
    assert [line["elapsed_ms"] for line in lines(home)] == [20]
    assert json.loads((folder / f"{current.name}.1").read_bytes().splitlines()[-1])["elapsed_ms"] == 19
    assert len(list(folder.iterdir())) == log.FILES + 1


def test_a_folder_that_cannot_be_written_sends_the_log_to_the_account_s_own(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").touch()
    monkeypatch.setenv("APS_LOG_DIR", str(home / "file" / "logs"))
    log.event("a.b")
    place = log.folder()
    assert place is not None
    assert home in place.parents
    assert len(list(place.glob("*.log"))) == 1


def test_the_folder_of_the_environment_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APS_LOG_DIR", str(home / "there"))
    log.event("a.b")
    assert len(list((home / "there").glob("*.log"))) == 1
    monkeypatch.delenv("APS_LOG_DIR")
    monkeypatch.delenv("APS_PROFILE_DIR")
    assert "aps-wizard" in str(log.machine_folder())
