"""The draft: nothing typed is lost by a crash, and no secret is ever in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.flow.sessions import report, typed, walked
from wizard.flow import review, state
from wizard.flow.draft_file import Draft, abandoned, default_folder
from wizard.flow.state import State
from wizard.profile.errors import ProfileError

CANARY = "S3cret-c4nary"

_SESSION = """
import sys
from pathlib import Path
from wizard.flow import state
from wizard.flow.draft_file import Draft
now = state.edit(state.new_profile(Path("profiles")), "name", sys.argv[2])
draft = Draft(Path(sys.argv[1]))
draft.save(now)
print("saved", flush=True)
sys.stdin.read()
"""


@contextmanager
def session(folder: Path, name: str = "Matriz") -> Iterator[subprocess.Popen[str]]:
    """Another session of the wizard, which saved a draft and goes on."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SESSION, str(folder), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "saved\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def draft(folder: Path, now: State) -> Iterator[Draft]:
    own = Draft(folder)
    try:
        own.save(now)
        yield own
    finally:
        own.close()


def names(folder: Path) -> list[str]:
    return [found.state.data["name"] for found in abandoned(folder)]


def everything_in(folder: Path) -> bytes:
    return b"".join(path.name.encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file())


# --- what it keeps -----------------------------------------------------------------------------


def test_a_draft_gives_back_where_the_session_stood(tmp_path: Path) -> None:
    now = typed(
        walked(tmp_path / "profiles", "informix", until="webservice"),
        {"database.kind": "oracle", "database.host": "não sei", "webservice.url": "half an addr"},
    )
    with draft(tmp_path / "drafts", now):
        pass
    (found,) = abandoned(tmp_path / "drafts")
    assert found.state == now
    assert datetime.now(UTC) - found.saved_at < timedelta(minutes=1)


def test_a_draft_of_an_existing_profile_can_be_saved_into_it(tmp_path: Path) -> None:
    saved = review.save(state.take_report(walked(tmp_path / "profiles"), report()))
    assert saved.file is not None
    now = state.edit(state.open_profile(saved.file), "notes", "typed before the crash")
    with draft(tmp_path / "drafts", now):
        pass
    (found,) = abandoned(tmp_path / "drafts")
    assert (found.state.file, found.state.digest) == (now.file, now.digest)
    assert review.save(found.state).data["notes"] == "typed before the crash"


def test_a_draft_of_a_profile_that_changed_meanwhile_does_not_overwrite_it(tmp_path: Path) -> None:
    saved = review.save(walked(tmp_path / "profiles"))
    with draft(tmp_path / "drafts", state.edit(saved, "notes", "mine")):
        review.save(state.edit(saved, "notes", "theirs"))
    (found,) = abandoned(tmp_path / "drafts")
    with pytest.raises(ProfileError, match="changed or removed"):
        review.save(found.state)


def test_saving_again_replaces_the_draft(tmp_path: Path) -> None:
    now = walked(tmp_path)
    with draft(tmp_path / "drafts", now) as own:
        own.save(state.edit(now, "name", "Filial"))
    assert names(tmp_path / "drafts") == ["Filial"]


def test_results_are_not_kept_because_the_world_may_have_changed(tmp_path: Path) -> None:
    with draft(tmp_path / "drafts", state.take_report(walked(tmp_path), report())):
        pass
    (found,) = abandoned(tmp_path / "drafts")
    assert found.state.results == {}


# --- secrets -----------------------------------------------------------------------------------


def test_no_secret_reaches_the_disk(tmp_path: Path) -> None:
    now = walked(tmp_path / "profiles", "informix")
    for path in ("database.password", "aps.password", "webservice.password"):
        now = state.type_secret(now, path, CANARY)
    with draft(tmp_path / "drafts", now):
        assert CANARY.encode() not in everything_in(tmp_path)
    (found,) = abandoned(tmp_path / "drafts")
    assert found.state.typed == {}
    assert found.state.data == now.data


WRONG_PLACES = [
    ("aps.url", f"postgresql://aps:{CANARY}@server/aps"),
    ("webservice.url", f"http://logix:{CANARY}@server/ws"),
    # With a sign in it that ends the place of user and password, it is no address any more.
    ("aps.url", f"postgresql://aps:x@{CANARY}@server/aps"),
    ("aps.url", f"postgresql://aps:x/{CANARY}@server/aps"),
    ("aps.url", f"jdbc:mysql://server/aps?user=aps&passwd={CANARY}"),
    ("webservice.url", f"http://logix:x/{CANARY}@server/ws"),
    ("webservice.url", f"http://logix:x#{CANARY}@server/ws"),
    ("database.password", CANARY),
    ("webservice.password", CANARY),
    ("webservice.key_password", CANARY),
    ("database.dsn", f"DSN=LOGIX;UID=logix;PWD={CANARY}"),
]


@pytest.mark.parametrize(("path", "value"), WRONG_PLACES)
def test_a_secret_typed_in_the_wrong_place_does_not_reach_the_disk_either(
    tmp_path: Path, path: str, value: str
) -> None:
    now = state.edit(walked(tmp_path / "profiles", "informix"), path, value)
    with draft(tmp_path / "drafts", now):
        assert CANARY.encode() not in everything_in(tmp_path)
    (found,) = abandoned(tmp_path / "drafts")
    assert found.state.data["name"] == "Matriz"
    assert [problem.path for problem in state.problems(now)] == [path]


def test_a_secret_typed_for_another_kind_of_database_does_not_reach_the_disk(tmp_path: Path) -> None:
    now = state.edit(walked(tmp_path / "profiles", "informix"), "database.password", CANARY)
    now = typed(now, {"database.kind": "sqlite", "database.file": "logix.sqlite"})
    with draft(tmp_path / "drafts", now):
        assert CANARY.encode() not in everything_in(tmp_path)
    (found,) = abandoned(tmp_path / "drafts")
    assert found.state.other_kinds["informix"]["dsn"] == "LOGIX"


@pytest.mark.skipif(sys.platform == "win32", reason="the permissions of Windows are inherited from the folder")
def test_only_its_owner_can_read_a_draft(tmp_path: Path) -> None:
    with draft(tmp_path / "drafts", walked(tmp_path)):
        (file,) = (tmp_path / "drafts").glob("*.json")
        assert file.stat().st_mode & 0o777 == 0o600


# --- sessions ----------------------------------------------------------------------------------


def test_a_draft_survives_the_kill_of_its_session(tmp_path: Path) -> None:
    with session(tmp_path) as process:
        assert names(tmp_path) == []
        process.kill()
        process.wait()
        assert names(tmp_path) == ["Matriz"]


def test_two_sessions_do_not_take_each_others_draft(tmp_path: Path) -> None:
    with session(tmp_path, "Matriz") as first, session(tmp_path, "Filial"):
        assert names(tmp_path) == []
        first.kill()
        first.wait()
        assert names(tmp_path) == ["Matriz"]
        with draft(tmp_path, walked(tmp_path / "profiles", name="Own")):
            assert names(tmp_path) == ["Matriz"]
    assert sorted(names(tmp_path)) == ["Filial", "Matriz", "Own"]


def test_looking_for_drafts_takes_none_away(tmp_path: Path) -> None:
    with draft(tmp_path, walked(tmp_path / "profiles")):
        pass
    assert names(tmp_path) == names(tmp_path) == ["Matriz"]


def test_the_newest_draft_comes_first(tmp_path: Path) -> None:
    for name, saved_at in (("old", "2026-01-01T10:00:00+00:00"), ("new", "2026-01-01T09:00:00-03:00")):
        with draft(tmp_path, walked(tmp_path / "profiles", name=name)):
            pass
        file = max(tmp_path.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        raw = json.loads(file.read_text("utf-8"))
        file.write_text(json.dumps({**raw, "saved_at": saved_at}), "utf-8")
    assert names(tmp_path) == ["new", "old"]


def test_a_discarded_draft_is_gone(tmp_path: Path) -> None:
    with draft(tmp_path, walked(tmp_path / "profiles")) as own:
        own.discard()
        own.discard()
    assert abandoned(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_closed_session_leaves_only_its_draft(tmp_path: Path) -> None:
    with draft(tmp_path, walked(tmp_path / "profiles")):
        pass
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]


UNREADABLE = {
    "empty": b"",
    "not JSON": b"{",
    "not text": b"\xff\xfe\x00",
    "not an object": b"[1, 2]",
    "another version": b'{"version": 2, "step": "company"}',
    "nothing else": b'{"version": 1}',
    "another step": b'{"version": 1, "step": "nowhere"}',
    "no moment": b"""{"version": 1, "step": "company", "folder": "x", "data": {}, "file": null, "digest": null,
        "walking": true, "visited": [], "other_kinds": {}, "saved_at": "yesterday"}""",
    "data of another form": b"""{"version": 1, "step": "company", "folder": "x", "data": [1], "file": null,
        "digest": null, "walking": true, "visited": [], "other_kinds": {}, "saved_at": "2026-01-01"}""",
    "a moment before all time": b"""{"version": 1, "step": "company", "folder": "x", "data": {}, "file": null,
        "digest": null, "walking": true, "visited": [], "stored": [], "other_kinds": {},
        "saved_at": "0001-01-01T00:00:00+14:00"}""",
    "too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_draft_that_cannot_be_read_is_left_alone_and_hides_no_other(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "0000.json"
    broken.write_bytes(content)
    with draft(tmp_path, walked(tmp_path / "profiles")):
        pass
    assert names(tmp_path) == ["Matriz"]
    assert broken.read_bytes() == content


def test_a_draft_without_a_time_zone_is_read_like_any_other(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with draft(tmp_path, walked(tmp_path / "profiles", name=name)):
            pass
    file = next(tmp_path.glob("*.json"))
    raw = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**raw, "saved_at": "2026-01-01T10:00:00"}), "utf-8")
    assert sorted(names(tmp_path)) == ["one", "two"]


def test_a_folder_that_does_not_exist_has_no_drafts(tmp_path: Path) -> None:
    assert abandoned(tmp_path / "nowhere") == []
    assert not (tmp_path / "nowhere").exists()


def test_drafts_belong_to_the_person_and_not_to_the_machine(home: Path) -> None:
    assert default_folder().is_relative_to(home)
    assert default_folder().name == "drafts"


def test_a_character_that_no_file_can_hold_does_not_stop_the_draft(tmp_path: Path) -> None:
    now = state.edit(walked(tmp_path / "profiles"), "notes", "half of an emoji: \ud83d")
    with draft(tmp_path / "drafts", now):
        pass
    (found,) = abandoned(tmp_path / "drafts")
    assert found.state.data == now.data
