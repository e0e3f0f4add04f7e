"""Where the secrets of a profile are, and reading them at the last moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wizard.checklist.check import Subject
from wizard.secrets.references import (
    SecretError,
    environment_secrets,
    read,
    references,
    secret_for,
    seen,
    store,
)

Make = Callable[..., Subject]

CANARY = "canary-6e1d-senha"


def three(make: Make, *references_: str) -> Subject:
    """A subject with a reference for each of its three secrets."""
    database, aps, webservice = references_
    return make(
        database={"kind": "odbc", "dsn": "LOGIX", "user": "aps", "password": database},
        aps={"url": "postgresql://aps@h/aps", "password": aps},
        webservice={"url": "http://logix:8080/ws", "user": "aps", "password": webservice},
    )


def test_a_profile_without_secrets_refers_to_none(make: Make) -> None:
    assert list(references(make().profile)) == []
    sqlite = make(database={"kind": "sqlite", "file": "logix.sqlite"})
    assert list(references(sqlite.profile)) == []


def test_every_secret_of_a_profile_is_found(make: Make) -> None:
    subject = three(make, "keyring:a", "env:B", "dpapi:c")
    assert list(references(subject.profile)) == [
        ("database.password", "keyring:a"),
        ("aps.password", "env:B"),
        ("webservice.password", "dpapi:c"),
    ]


def test_those_of_the_environment_come_with_the_names_of_all_variables(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APS_TEST_SET", CANARY)
    monkeypatch.delenv("APS_TEST_UNSET", raising=False)
    subject = three(make, "env:APS_TEST_SET", "env:APS_TEST_UNSET", "keyring:c")
    assert environment_secrets(subject.profile) == ({"database.password": CANARY}, ["APS_TEST_SET", "APS_TEST_UNSET"])


def test_a_variable_that_is_set_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APS_TEST_SET", CANARY)
    assert read("env:APS_TEST_SET", "database.password") == CANARY


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APS_TEST_UNSET", raising=False)
    with pytest.raises(SecretError) as caught:
        read("env:APS_TEST_UNSET", "database.password")
    problem = caught.value.problem
    assert (problem.code, problem.path) == ("secret.env_missing", "database.password")
    assert "APS_TEST_UNSET" in problem.message
    assert problem.action


def test_a_variable_is_not_stored_by_this_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APS_TEST_UNSET", raising=False)
    with pytest.raises(SecretError) as caught:
        store("env:APS_TEST_UNSET", "database.password", CANARY)
    assert caught.value.problem.code == "secret.env_not_stored"
    assert "APS_TEST_UNSET" in caught.value.problem.action
    assert CANARY not in str(caught.value)


def test_what_is_typed_goes_before_what_is_stored(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APS_TEST_SET", "stored-before")
    subject = three(make, "env:APS_TEST_SET", "dpapi:x", "dpapi:x")
    assert secret_for(subject.profile, "database.password", {}) == "stored-before"
    assert secret_for(subject.profile, "database.password", {"database.password": CANARY}) == CANARY
    assert secret_for(subject.profile, "aps.password", {"aps.password": CANARY}) == CANARY


def test_a_field_without_a_reference_has_no_secret(make: Make) -> None:
    assert secret_for(make().profile, "database.password", {}) is None
    assert secret_for(make().profile, "database.password", {"aps.password": CANARY}) is None


def test_what_was_read_is_remembered_for_redaction(make: Make) -> None:
    secret = CANARY + "-remembered"
    assert secret not in seen()
    secret_for(make().profile, "database.password", {"database.password": secret})
    assert secret in seen()


def test_no_text_of_a_subject_holds_a_secret(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APS_TEST_SET", CANARY)
    subject = three(make, "env:APS_TEST_SET", "keyring:b", "keyring:c")
    typed = Subject(subject.profile, subject.file, {"aps.password": CANARY})
    assert CANARY not in repr(typed) + str(typed) + f"{typed}" + repr(typed.profile)
