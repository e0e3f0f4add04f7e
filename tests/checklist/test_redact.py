"""Nothing that is shown holds a secret, however a driver or a server wrote it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from html import escape
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.checklist.check import Subject, fail
from wizard.checklist.redact import MASK, redacted
from wizard.connection.odbc_session import connection_string
from wizard.profile.load import profile_from_data
from wizard.secrets.references import secret_for

SECRET = "s3nha }{;&<'ç é+"
PATHS = ("message", "hint", "details")


def shown(text: str, subject: Subject) -> str:
    """A text as message, hint and detail of an outcome, after redaction."""
    outcome = redacted(fail("a.b", f"1 {text} 2", f"3 {text} 4", original=f"5 {text} 6"), subject)
    return " ".join((outcome.message, outcome.hint, *outcome.details.values()))


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        escape(SECRET),
        escape(SECRET, quote=False),
        repr(SECRET),
        connection_string({"UID": "logix", "PWD": SECRET}),
        base64.b64encode(f"aps:{SECRET}".encode()).decode(),
        base64.b64encode(f"aps:{SECRET}".encode("latin-1")).decode(),
    ],
)
def test_a_typed_secret_is_masked_in_every_form(make: Callable[..., Subject], form: str) -> None:
    webservice = {"url": "http://logix/ws", "user": "aps", "password": "keyring:x"}
    text = shown(form, make({"webservice.password": SECRET}, webservice=webservice))
    assert form not in text
    assert "s3nha" not in text
    assert text.count(MASK) >= 3
    assert all(f"{number}" in text for number in range(1, 7))


def test_a_secret_that_was_read_is_masked(make: Callable[..., Subject], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APS_TEST_READ", "canary-0d9e-lida")
    subject = make(webservice={"url": "http://logix/ws", "password": "env:APS_TEST_READ"})
    assert secret_for(subject.profile, "webservice.password", {}) == "canary-0d9e-lida"
    assert "canary-0d9e-lida" not in shown("the password is canary-0d9e-lida!", subject)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("DSN=LOGIX;UID=aps;PWD=abc;X=1", f"DSN=LOGIX;UID=aps;PWD={MASK};X=1"),
        ("pwd={a;b}}c};X=1", f"pwd={MASK};X=1"),
        ("Senha = abc def", f"Senha={MASK} def"),
        ("http://h/x?password=abc", f"http://h/x?password={MASK}"),
    ],
)
def test_what_follows_the_word_password_is_masked_even_when_it_is_unknown(
    make: Callable[..., Subject], text: str, clean: str
) -> None:
    assert redacted(fail("a.b", text, ""), make()).message == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            "Access denied for user 'logix'@'10.0.0.1' to database 'logix'",
            "for user '***'@'10.0.0.1' to database 'logix'",
        ),
        ('FATAL: role "logix" is not permitted to log in', 'role "***" is'),
        ("Incorrect password or user logix is not known on the database server.", "user *** is not"),
        ("User 'logix' has exceeded; user logix2 has not", "User '***' has exceeded; user logix2 has not"),
        ("DSN=LOGIX;UID=logix;DATABASE=logix", "DSN=LOGIX;UID=***;DATABASE=logix"),
    ],
)
def test_the_user_is_masked_where_a_driver_names_one_and_nowhere_else(
    make: Callable[..., Subject], text: str, clean: str
) -> None:
    subject = make(database={"kind": "odbc", "dsn": "LOGIX", "user": "logix"})
    outcome = redacted(fail("a.b", "The user logix.", "", original=text, server="user logix"), subject)
    assert clean in outcome.details["original"]
    assert (outcome.message, outcome.details["server"]) == ("The user logix.", "user logix")


def test_an_empty_secret_masks_nothing(make: Callable[..., Subject]) -> None:
    assert shown("Well.", make({"database.password": ""})) == "1 Well. 2 3 Well. 4 5 Well. 6"


def test_a_secret_that_is_part_of_another_leaves_no_rest(make: Callable[..., Subject]) -> None:
    subject = make({"database.password": "canary", "webservice.password": "canary-and-more"})
    assert "more" not in shown("canary-and-more", subject)


@given(secret=st.text(st.characters(codec="utf-8"), min_size=4).filter(str.strip))
def test_no_secret_of_four_characters_survives(secret: str) -> None:
    profile = profile_from_data(
        {
            "name": "x",
            "environment": "test",
            "company": {"logix": "01", "site": "01"},
            "database": {"kind": "sqlite", "file": "x"},
            "webservice": {"url": "http://logix/ws"},
        }
    )
    from pathlib import Path

    subject = Subject(profile, Path("x.yaml"), {"database.password": secret})
    assert secret not in redacted(fail("a.b", f"<{secret}>", ""), subject).message.replace(MASK, "")
