"""The check that every secret of the profile can be read by this account."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wizard.checklist.check import Subject
from wizard.secrets.checks.readable import CHECK

Make = Callable[..., Subject]


def odbc(password: str) -> dict[str, str]:
    return {"kind": "odbc", "dsn": "LOGIX", "user": "aps", "password": password}


def test_a_profile_without_secrets_needs_none(make: Make) -> None:
    outcome = CHECK.run(make())
    assert (outcome.status, outcome.code) == ("ok", "secret.none")


def test_secrets_that_can_be_read_are_named_by_their_fields_only(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APS_TEST_SET", "canary-90ab-senha")
    webservice = {"url": "http://logix/ws", "user": "aps", "password": "env:APS_TEST_SET"}
    outcome = CHECK.run(make(database=odbc("env:APS_TEST_SET"), webservice=webservice))
    assert (outcome.status, outcome.code) == ("ok", "secret.readable")
    assert outcome.details == {"fields": "database.password, webservice.password"}
    assert "canary" not in repr(outcome)


@pytest.mark.parametrize(
    ("reference", "code"),
    [("env:APS_TEST_UNSET", "secret.env_missing"), ("dpapi:logix", "secret.not_found")],
)
def test_a_secret_that_cannot_be_read_is_named_by_its_field(
    make: Make, monkeypatch: pytest.MonkeyPatch, reference: str, code: str
) -> None:
    monkeypatch.delenv("APS_TEST_UNSET", raising=False)
    outcome = CHECK.run(make(database=odbc(reference)))
    assert (outcome.status, outcome.code) == ("fail", code)
    assert outcome.message.startswith("database.password: ")
    assert outcome.hint


def test_a_secret_that_is_typed_need_not_be_stored_yet(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APS_TEST_UNSET", raising=False)
    subject = make({"database.password": "typed-just-now"}, database=odbc("env:APS_TEST_UNSET"))
    assert CHECK.run(subject).code == "secret.readable"
