"""`aps-wizard profile restore`: what was written before, put back by hand."""

from __future__ import annotations

from pathlib import Path

from tests.cli.calling import Command, answer
from wizard.checklist import confirmations
from wizard.profile import store


def test_a_profile_that_never_was_is_told_as_such_and_leaves_nothing(command: Command, profile: Path) -> None:
    before = sorted(profile.parent.iterdir())
    for words in ((), ("--list",), ("--checklist",)):
        found = command("profile", "restore", "matris", *words)
        assert (found.code, found.out) == (2, "")
        assert "profile list" in found.err
    assert sorted(profile.parent.iterdir()) == before


def test_a_change_is_taken_back_and_comes_again(command: Command, profile: Path) -> None:
    before = profile.read_bytes()
    assert command("profile", "set", "serra-azul", "notes=changed").code == 0
    after = profile.read_bytes()
    found = command("profile", "restore", "serra-azul")
    assert (found.code, found.err) == (0, "")
    assert str(profile) in found.out
    assert profile.read_bytes() == before
    assert command("profile", "restore", profile, "--version", "1").code == 0
    assert profile.read_bytes() == after


def test_the_versions_are_listed_with_what_can_be_put_back(command: Command, profile: Path) -> None:
    assert "no former versions" in command("profile", "restore", profile, "--list").out
    for notes in "abc":
        assert command("profile", "set", profile, f"notes={notes}").code == 0
    profile.with_name(profile.name + ".bak2").write_text("nome: x\n", "utf-8")
    lines = command("profile", "restore", profile, "--list").out.splitlines()
    assert [line[0] for line in lines] == ["1", "2", "3"]
    assert [line.endswith("cannot be read") for line in lines] == [False, True, False]
    listed = answer(command("profile", "restore", profile, "--list", "--json").out)["versions"]
    assert [(row["version"], row["valid"]) for row in listed] == [(1, True), (2, False), (3, True)]
    before = profile.read_bytes()
    found = command("profile", "restore", profile, "--version", "2")
    assert found.code == 2
    assert ".bak2" in found.err
    assert profile.read_bytes() == before


def test_a_version_that_is_not_there_is_told_in_one_line(command: Command, profile: Path) -> None:
    found = command("profile", "restore", profile, "--version", "3")
    assert (found.code, found.out) == (2, "")
    assert "--list" in found.err
    assert command("profile", "restore", profile, "--version", "4").code == 2


def test_a_damaged_and_a_removed_profile_come_back(command: Command, profile: Path) -> None:
    before = profile.read_bytes()
    assert command("profile", "set", profile, "notes=x").code == 0
    profile.write_bytes(b"\x00")
    assert command("profile", "show", profile).code == 2
    assert command("profile", "restore", profile).code == 0
    assert profile.read_bytes() == before
    profile.unlink()
    assert command("profile", "restore", "serra-azul", "--version", "2").code == 0
    assert profile.read_bytes() == before


def test_confirmations_are_put_back_too(command: Command, profile: Path) -> None:
    stored = store.read(profile)
    item = next(known.id for known in confirmations.BY_ID.values() if known.ask)
    confirmations.confirm(profile, stored.profile, item, "Ana", "seen")
    confirmations.withdraw(profile, item)
    assert confirmations.read(profile).confirmations.of(item) is None
    assert command("profile", "restore", profile, "--checklist").code == 0
    assert confirmations.read(profile).confirmations.of(item) is not None
    assert store.read(profile) == stored
