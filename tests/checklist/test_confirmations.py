"""The file of confirmations: beside the profile, strict as the profile, and no confirmation is lost."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.checklist.conftest import Make
from wizard.checklist import confirmations
from wizard.checklist.confirmations import confirm, file_of, from_text, read, to_text, withdraw
from wizard.checklist.items import ITEMS
from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.profile.models import Profile

ASKED = [item.id for item in ITEMS if item.ask]


@pytest.fixture
def profile(make: Make) -> Profile:
    return make().profile


@pytest.fixture
def file(tmp_path: Path, profile: Profile) -> Path:
    path = tmp_path / "profiles" / "serra-azul.yaml"
    store.write(path, profile, None)
    return path


def codes(caught: pytest.ExceptionInfo[ProfileError]) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in caught.value.problems]


def test_without_a_file_nothing_is_confirmed(file: Path) -> None:
    found = read(file)
    assert (found.confirmations.confirmations, found.digest) == ((), None)
    assert not file_of(file).exists()


def test_a_confirmation_says_who_when_and_by_what(file: Path, profile: Profile) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    confirm(file, profile, "windows", " Ana Lima ", "SRV-RPW\nWindows Server 2022, foto.png")
    said = read(file).confirmations.of("windows")
    assert said is not None
    assert (said.by, said.evidence) == ("Ana Lima", "SRV-RPW\nWindows Server 2022, foto.png")
    assert before <= said.at <= datetime.now(UTC)
    assert file_of(file).name == "serra-azul.checklist.yaml"


def test_a_later_confirmation_takes_the_place_of_the_former(file: Path, profile: Profile) -> None:
    for by in ("Ana", "Rui"):
        confirm(file, profile, "windows", by, "x")
    confirm(file, profile, "licences", "Ana", "y")
    assert [(one.item, one.by) for one in read(file).confirmations.confirmations] == [
        ("windows", "Rui"),
        ("licences", "Ana"),
    ]


def test_a_confirmation_can_be_taken_back_once(file: Path, profile: Profile) -> None:
    confirm(file, profile, "windows", "Ana", "x")
    withdraw(file, "windows")
    assert read(file).confirmations.confirmations == ()
    with pytest.raises(ProfileError) as caught:
        withdraw(file, "windows")
    assert codes(caught) == [("not_confirmed", "")]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("parameters", "Ana", "x"), ("not_asked", "")),
        (("nothing", "Ana", "x"), ("not_asked", "")),
        (("windows", "", "x"), ("string_too_short", "by")),
        (("windows", "Ana\nRui", "x"), ("several_lines", "by")),
        (("windows", "Ana", "  "), ("missing", "evidence")),
        (("windows", "Ana", "a\x1b[31mred"), ("control_character", "evidence")),
        (("windows", "A" * 201, "x"), ("string_too_long", "by")),
        (("windows", "Ana", "x" * 4001), ("string_too_long", "evidence")),
    ],
)
def test_what_cannot_be_confirmed_is_refused_and_nothing_is_written(
    file: Path, profile: Profile, given: tuple[str, str, str], code: tuple[str, str]
) -> None:
    with pytest.raises(ProfileError) as caught:
        confirm(file, profile, *given)
    assert codes(caught) == [code]
    assert not file_of(file).exists()


@pytest.mark.parametrize("evidence", ["no", "01", "12:30", "<b>x</b>", '"quoted"', "- a\n- b", "ção €", "#", "{a: b}"])
def test_every_text_survives_the_file(file: Path, profile: Profile, evidence: str) -> None:
    confirm(file, profile, "windows", evidence.split("\n", maxsplit=1)[0], evidence)
    said = read(file).confirmations.of("windows")
    assert said is not None
    assert said.evidence == evidence
    assert from_text(to_text(read(file).confirmations)) == read(file).confirmations


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (lambda text: text.replace("version: 1", "version: 2"), "literal_error", 3),
        (lambda text: text.replace("by:", "bye:"), "extra_forbidden", 6),
        (lambda text: text.replace("    inputs:", "    inputs: x\n    inputs:"), "duplicate_key", 14),
        (lambda text: text + text[text.index("  - item") :], "item_twice", None),
        (lambda text: text.replace("Ana", "*a").replace('"*a"', "*a"), "alias", 6),
        (lambda text: "", "not_a_mapping", 1),
        (lambda text: text.replace('at: "', 'at: "x'), "datetime_parsing", 7),
        (lambda text: text.replace('evidence: "x"', 'evidence: ""'), "missing", 8),
    ],
)
def test_a_file_that_was_spoilt_is_refused_with_its_place(
    file: Path, profile: Profile, change: object, code: str, line: int | None
) -> None:
    confirm(file, profile, "windows", "Ana", "x")
    path = file_of(file)
    path.write_text(change(path.read_text("utf-8")), "utf-8")  # type: ignore[operator]
    with pytest.raises(ProfileError) as caught:
        read(file)
    found = {problem.code: problem for problem in caught.value.problems}
    assert code in found
    assert found[code].file == path
    if line:
        assert found[code].line == line
    with pytest.raises(ProfileError):
        confirm(file, profile, "windows", "Ana", "y")


def test_the_former_version_is_kept_and_leftovers_go(file: Path, profile: Profile) -> None:
    confirm(file, profile, "windows", "Ana", "x")
    before = file_of(file).read_bytes()
    left = file.parent / ".serra-azul.checklist.yaml.123-0badcafe.tmp"
    left.write_text("half")
    confirm(file, profile, "licences", "Ana", "x")
    assert (file.parent / "serra-azul.checklist.yaml.bak").read_bytes() == before
    assert not left.exists()


def test_it_is_no_profile_and_the_profile_stays_as_it_is(file: Path, profile: Profile) -> None:
    before = file.read_bytes()
    confirm(file, profile, "windows", "Ana", "x")
    assert [entry.path for entry in store.entries(file.parent)] == [file]
    assert file.read_bytes() == before


def test_two_who_confirm_at_the_same_moment_are_both_written(file: Path, profile: Profile) -> None:
    start = threading.Barrier(4)
    failed: list[Exception] = []

    def work(item: str) -> None:
        start.wait()
        try:
            confirm(file, profile, item, "Ana", item)
        except ProfileError as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=[item]) for item in ASKED[:4]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {one.item for one in read(file).confirmations.confirmations} == set(ASKED[:4])


def test_a_copy_beside_another_profile_does_not_count_for_it(file: Path, make: Make) -> None:
    confirm(file, make().profile, "windows", "Ana", "x")
    other = make(company={"logix": "02", "site": "01"}).profile
    said = read(file).confirmations.of("windows")
    assert said is not None
    assert confirmations.is_stale(said, other)
    assert not confirmations.is_stale(said, make(notes="other").profile)
