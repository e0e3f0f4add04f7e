"""A profile from nothing, and results of checks kept in it, without the window."""

from __future__ import annotations

from pathlib import Path

from tests.cli.calling import Command, answer
from wizard.demo.site import Site
from wizard.profile import store
from wizard.profile.validation import validation_state

GIVEN = ("environment=test", "company.logix=01", "company.site=01", "webservice.url=http://logix:8080/ws")


def test_a_profile_is_made_from_nothing(command: Command, home: Path) -> None:
    done = command("profile", "new", "Matriz", *GIVEN, "database.dsn=LOGIX", "--profiles-dir", home / "new")
    assert done.code == 0, done.err
    profile = store.read(home / "new" / "matriz.yaml").profile
    assert (profile.name, profile.company.logix, profile.database.kind) == ("Matriz", "01", "informix")


def test_everything_that_is_missing_is_told_at_once_and_nothing_is_written(command: Command, home: Path) -> None:
    done = command("profile", "new", "Matriz", "database.kind=oracle", "--profiles-dir", home / "new")
    assert done.code == 2
    for path in ("environment", "company.logix", "company.site", "webservice.url", "database.host"):
        assert path in done.err
    assert not (home / "new").exists()


def test_a_name_that_is_taken_overwrites_nothing(command: Command, home: Path) -> None:
    call = ("profile", "new", "Matriz", *GIVEN, "--profiles-dir", home / "new")
    assert command(*call, "database.dsn=LOGIX").code == 0
    before = (home / "new" / "matriz.yaml").read_bytes()
    assert command(*call, "database.dsn=OTHER").code != 0
    assert (home / "new" / "matriz.yaml").read_bytes() == before


def test_a_section_that_is_none_is_told_with_those_there_are(command: Command, home: Path) -> None:
    done = command("profile", "new", "Matriz", *GIVEN, "engine.name=segredo", "--profiles-dir", home / "new")
    assert done.code == 2
    assert "engine_account" in done.err
    assert "validation" not in done.err
    assert "segredo" not in done.err


def test_a_place_that_is_none_is_told(command: Command, home: Path) -> None:
    done = command("profile", "new", "Matriz", *GIVEN, "database.dns=LOGIX", "--profiles-dir", home / "new")
    assert done.code == 2
    assert "dsn" in done.err


def test_results_are_kept_only_when_asked(command: Command, profile: Path, site: Site) -> None:
    command("profile", "set", profile, "database.lock_wait=7")
    assert validation_state(store.read(profile).profile) == "stale"
    before = profile.read_bytes()
    assert command("check", profile).code == 0
    assert profile.read_bytes() == before
    done = command("check", profile, "--save", "--json")
    assert (done.code, answer(done.out)["status"]) == (0, "ok")
    assert validation_state(store.read(profile).profile) == "passed"


def test_failed_results_are_kept_as_failed(command: Command, profile: Path) -> None:
    command("profile", "set", profile, "database.file=missing.sqlite")
    assert command("check", profile, "--save").code == 1
    assert validation_state(store.read(profile).profile) == "failed"


def test_a_part_of_the_checks_proves_no_profile(command: Command, home: Path) -> None:
    folder = home / "new"
    (home / "x.sqlite").write_bytes(b"")
    call = ("profile", "new", "Matriz", *GIVEN, "database.kind=sqlite", f"database.file={home / 'x.sqlite'}")
    assert command(*call, "--profiles-dir", folder).code == 0
    assert command("check", folder / "matriz.yaml", "--only", "profile.valid", "--save").code == 0
    assert validation_state(store.read(folder / "matriz.yaml").profile) == "failed"
