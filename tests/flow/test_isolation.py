"""Which isolation levels are offered once the server was asked, and what is said of the one in force."""

from __future__ import annotations

from typing import Any

import pytest

from wizard.connection.isolation_levels import Levels
from wizard.flow.isolation import Asked, choices, known, note
from wizard.flow.steps import form
from wizard.profile.database import KINDS

ALL = ("read_uncommitted", "read_committed", "repeatable_read", "serializable")


def data(kind: str, isolation: str | None = None, **fields: Any) -> dict[str, Any]:
    level = {"isolation": isolation} if isolation else {}
    return {"database": {"kind": kind, **fields, **level}}


def asked(document: dict[str, Any], levels: Levels) -> Asked:
    return Asked(levels, dict(document["database"]))


def names(document: dict[str, Any], answer: Asked | None) -> list[str]:
    return [level for level, _label in choices(document, answer)]


@pytest.mark.parametrize("kind", KINDS)
def test_before_a_test_all_levels_of_the_kind_are_offered_and_nothing_is_said(kind: str) -> None:
    (field,) = (field for field in form("database", data(kind)) if field.path == "database.isolation")
    assert names(data(kind), None) == [level for level, _label in field.choices]
    assert note(data(kind), None) == ("", "")


@pytest.mark.parametrize(
    ("kind", "offered", "expected"),
    [
        ("informix", ALL, ["read_uncommitted", "read_committed", "repeatable_read", "serializable"]),
        (
            "informix",
            ("read_uncommitted", "read_committed", "serializable"),
            ["read_uncommitted", "read_committed", "serializable"],
        ),
        ("oracle", ALL, ["read_committed", "serializable"]),
        ("sqlserver", ("read_uncommitted", "read_committed"), ["read_uncommitted", "read_committed", "snapshot"]),
        ("odbc", ("serializable",), ["server_default", "serializable"]),
        ("odbc", (), ["server_default", *ALL]),
    ],
)
def test_after_a_test_only_what_driver_and_kind_allow_is_offered(
    kind: str, offered: tuple[str, ...], expected: list[str]
) -> None:
    document = data(kind)
    assert names(document, asked(document, Levels(offered))) == expected


def test_the_chosen_level_is_never_taken_away_silently() -> None:
    document = data("odbc", "read_uncommitted")
    answer = asked(document, Levels(("serializable",)))
    assert dict(choices(document, answer))["read_uncommitted"].endswith("not offered by the driver")
    state, text = note(document, answer)
    assert state == "warn"
    assert "It offers: Serializable." in text


@pytest.mark.seed("R-PRE-07")
@pytest.mark.parametrize(
    ("document", "levels", "state", "words"),
    [
        (
            data("informix"),
            Levels(ALL, "read_committed", "read_uncommitted"),
            "ok",
            ["In force after the test: Read Uncommitted", "Default of the server: Read Committed."],
        ),
        (
            data("informix"),
            Levels(ALL, "", "read_committed"),
            "warn",
            ["Chosen is Read Uncommitted", "in force after the test is Read Committed", "does not tell the default"],
        ),
        (
            data("informix", "read_committed"),
            Levels(ALL, "", "read_committed"),
            "warn",
            ["In force after the test: Read Committed", "Recommended: Read Uncommitted", "-244"],
        ),
        (data("informix"), Levels(), "info", ["Asked for: Read Uncommitted", "does not tell what is in force"]),
        (data("odbc"), Levels(ALL, "read_committed", "read_committed"), "ok", ["In force after the test"]),
        (data("sqlserver", "snapshot"), Levels(ALL, "read_committed", "snapshot"), "ok", ["Snapshot"]),
    ],
)
def test_what_took_effect_is_told_with_the_default_and_the_advice(
    document: dict[str, Any], levels: Levels, state: str, words: list[str]
) -> None:
    found, text = note(document, asked(document, levels))
    assert found == state
    assert all(word in text for word in words), text


def test_another_level_chosen_after_the_test_has_not_been_tested() -> None:
    answer = asked(data("odbc", "read_committed", dsn="A"), Levels(ALL, "", "read_committed"))
    _state, text = note(data("odbc", "serializable", dsn="A"), answer)
    assert "not tested yet" in text
    assert "In force" not in text


@pytest.mark.parametrize("other", [data("odbc", dsn="B"), data("informix", dsn="A"), {"database": None}, {}])
def test_an_answer_holds_only_for_the_connection_that_was_asked(other: dict[str, Any]) -> None:
    answer = asked(data("odbc", dsn="A"), Levels(("serializable",), "serializable", "serializable"))
    assert known(data("odbc", "read_committed", dsn="A"), answer) is not None
    assert known(other, answer) is None
    assert note(other, answer) == ("", "")
