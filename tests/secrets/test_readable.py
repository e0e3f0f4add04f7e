"""The check that every secret of the profile can be read by this account."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

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


def key_pem() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the permissions of POSIX")
@pytest.mark.parametrize("field", ["client_key", "client_certificate"])
def test_a_key_that_every_account_can_read_is_a_finding(make: Make, tmp_path: Path, field: str) -> None:
    file = tmp_path / "own.pem"
    file.write_bytes(b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" + key_pem())
    file.chmod(0o644)
    subject = make(webservice={"url": "https://logix/ws", "tls": {field: str(file)}})
    outcome = CHECK.run(subject)
    assert (outcome.status, outcome.code) == ("warn", "secret.key_open")
    assert (outcome.details, "own.pem" in outcome.message) == ({"field": f"webservice.tls.{field}"}, True)
    file.chmod(0o600)
    assert CHECK.run(subject).code == "secret.none"


@pytest.mark.skipif(sys.platform == "win32", reason="the permissions of POSIX")
def test_a_certificate_without_its_key_may_be_read_by_all(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "own.pem"
    file.write_bytes(b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
    file.chmod(0o644)
    tls = {"client_certificate": str(file), "client_key": str(tmp_path / "missing.pem")}
    assert CHECK.run(make(webservice={"url": "https://logix/ws", "tls": tls})).code == "secret.none"
