"""Nothing that is shown holds a secret, however a driver or a server wrote it."""

from __future__ import annotations

import ast
import base64
from collections.abc import Callable
from html import escape
from string import Formatter
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.calling import ROOT
from wizard.checklist.check import Subject, fail, ok
from wizard.checklist.details import DETAILS
from wizard.checklist.redact import MASK, chosen_words, redacted
from wizard.connection.odbc_session import connection_string
from wizard.profile.load import profile_from_data
from wizard.secrets.references import secret_for
from wizard.webservice.faults import FAULTS

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
        ("User 'logix' has exceeded; user logixtest has not", "User '***' has exceeded; user logixtest has not"),
        ("DSN=LOGIX;UID=logix;DATABASE=logix", "DSN=LOGIX;UID=***;DATABASE=logix"),
    ],
)
def test_the_user_is_masked_where_a_driver_names_one_and_nowhere_else(
    make: Callable[..., Subject], text: str, clean: str
) -> None:
    subject = make(database={"kind": "odbc", "dsn": "LOGIX", "user": "logix"})
    outcome = redacted(fail("a.b", "The user logix.", "", original=text, driver="user logix"), subject)
    assert clean in outcome.details["original"]
    assert (outcome.message, outcome.details["driver"]) == ("The user logix.", "user logix")


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


# --- the allow-list --------------------------------------------------------------------------------


def test_a_detail_that_is_not_declared_is_replaced(make: Callable[..., Subject]) -> None:
    outcome = redacted(fail("a.b", "No.", "", server="PostgreSQL 16", banner="hello"), make())
    assert outcome.details == {"server": "PostgreSQL 16", "banner": MASK}


@pytest.mark.parametrize(
    "text",
    [
        "[08001][unixODBC][FreeTDS][SQL Server]Unable to connect to data source (0) (SQLDriverConnect)",
        "[HY000] [Informix][Informix ODBC Driver][Informix]Database locale information mismatch. (-23197)",
        "[01000] [unixODBC][Driver Manager]Can't open lib '/usr/lib/x86_64-linux-gnu/odbc/libmyodbc8a.so' : not found",
        "ORA-12541: TNS:no listener",
        "SQL30081N  A communication error has been detected.  SQLSTATE=08001",
        "Lost connection to MySQL server at 'handshake', system error: 111 \"Connection refused\" (2013)",
        'FATAL:  password authentication failed for user "***"',
        "variável NCOD não existe em U_FUNC(FILE.PRW) 12/05/2020 13:10:01 line : 33",
        "[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate (_ssl.c:1006)",
        "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3",
        "PostgreSQL 15.8 (Debian 15.8-1.pgdg120+1)",
        "MariaDB 10.11.6-MariaDB-0+deb12u1",
        "Informix 14.10.FC9W1",
        "Microsoft SQL Server 15.00.2000",
        "Oracle Database 19c 19.3.0.0.0",
        "Apache/2.4.57 (Debian) PHP/8.2.20",
        "HTTP/1.1 500 Internal Server Error, TLSv1.2, UTF-8",
        "2026-03-04T12:30:00.123456Z",
    ],
)
def test_what_drivers_and_servers_say_as_a_rule_passes_as_it_is(text: str) -> None:
    assert chosen_words(text) == text


MIXED = (
    *("P@ssw0rd!", "Tr0ub4dor&3", "xK9z", "hunter2", "Totvs@2024", "a1b2c3d4e5", "c2VjcmV0LXdvcmQx", "9" * 11),
    *("senha-2024", "Totvs_01", "maria.2024", "aps&1&logix", "2024+Logix"),
)


@pytest.mark.parametrize("secret", MIXED)
@pytest.mark.parametrize("around", ["{}", "the word '{}' is wrong", "X={};Y=1", "<b>{}</b>", "/path/{}", "{}."])
def test_a_mixture_that_nobody_chose_is_replaced_although_nothing_knows_it(secret: str, around: str) -> None:
    assert secret not in chosen_words(around.format(secret))


def test_what_the_profile_says_of_the_place_passes(make: Callable[..., Subject]) -> None:
    subject = make(
        database={"kind": "odbc", "dsn": "LGX12P", "user": "u5er"}, webservice={"url": "http://srv01.net/ws7"}
    )
    text = "no LGX12P at srv01.net:8080, /ws7/index, nor srv02 for u5er"
    outcome = redacted(fail("a.b", f"It says: {text}!", "", original=text), subject)
    shown = "no LGX12P at srv01.net:8080, /ws7/index, nor *** for ***"
    assert (outcome.details["original"], outcome.message) == (shown, f"It says: {shown}!")


def test_the_banner_of_a_server_passes_the_same_gate(make: Callable[..., Subject]) -> None:
    banner = "PostgreSQL 15.8 Unkn0wn#secret"
    outcome = redacted(ok("a.b", f"Logged in to {banner}.", server=banner), make())
    assert outcome.details["server"] == f"PostgreSQL 15.8 {MASK}"
    assert outcome.message == f"Logged in to PostgreSQL 15.8 {MASK}."


def test_a_secret_is_taken_out_before_words_are_chosen(make: Callable[..., Subject]) -> None:
    """Else only a part of it would be known again."""
    subject = make({"database.password": "open sesame x9"})
    text = "refused: open sesame x9"
    assert redacted(fail("a.b", "No.", "", original=text), subject).details == {"original": f"refused: {MASK}"}


def _details_given() -> dict[str, set[str]]:
    """The names of details that are given somewhere in the program, each with the files that do."""
    given: dict[str, set[str]] = {}
    makers = {"ok", "warn", "fail", "fault", "_failed", "known_as", "judged"}
    for file in (ROOT / "wizard").rglob("*.py"):
        if file.parent.name in ("gui", "pages", "flow"):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in makers:
                for keyword in node.keywords:
                    if keyword.arg:
                        given.setdefault(keyword.arg, set()).add(file.name)
    return given


def test_every_detail_that_a_check_gives_is_declared() -> None:
    undeclared = {name: files for name, files in _details_given().items() if name not in DETAILS}
    assert len(_details_given()) > 30
    assert undeclared == {}


def test_every_word_in_braces_of_a_fault_of_the_web_service_is_declared() -> None:
    fields = {
        name for fault in FAULTS.values() for _t, name, _f, _c in Formatter().parse(fault.cause + fault.action) if name
    }
    assert fields - set(DETAILS) == set()
