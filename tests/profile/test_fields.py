"""The kinds of text that fields hold: what each takes and what it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from wizard.profile import fields


def kind_of_refusal(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    return caught.value.errors()[0]["type"]


def taken(kind: Any, value: object) -> object:
    return TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "string_too_short"),
        ("x" * 201, "string_too_long"),
        (" x", "outer_blanks"),
        ("x\u00a0", "outer_blanks"),
        ("x\ny", "several_lines"),
        ("x\ty", "several_lines"),
        ("x\ry", "control_character"),
        ("x\x00y", "control_character"),
        ("x\x85y", "control_character"),
        ("x\u2028y", "control_character"),
        ("\ufeffx", "control_character"),
        (1, "string_type"),
    ],
)
def test_a_line_is_visible_text_on_one_line(value: object, code: str) -> None:
    assert kind_of_refusal(fields.Line, value) == code
    assert taken(fields.Line, "São Paulo – 1º") == "São Paulo – 1º"
    assert taken(fields.Line, "x" * 200) == "x" * 200


def test_a_note_has_several_lines_and_up_to_4000_characters() -> None:
    assert taken(fields.Note, "a\n\tb\n") == "a\n\tb\n"
    assert taken(fields.Note, "x" * 4000)
    assert kind_of_refusal(fields.Note, "x" * 4001) == "string_too_long"
    assert kind_of_refusal(fields.Note, "\x1b[2J") == "control_character"


@pytest.mark.parametrize("value", ["LOGIX", "LOGIX TESTE", "logix_2-a.b", "ç" * 32])
def test_a_dsn_has_up_to_32_characters(value: str) -> None:
    assert taken(fields.Dsn, value) == value


@pytest.mark.parametrize("value", ["", "x" * 33, " LOGIX", "LOGIX\n", *(f"LO{c}GIX" for c in "[]{}(),;?*=!@\\")])
def test_a_dsn_has_no_character_that_odbc_forbids(value: str) -> None:
    assert kind_of_refusal(fields.Dsn, value)


@pytest.mark.parametrize("value", ["keyring:aps/01", "env:APS_PASSWORD", "dpapi:C:\\x\\y.bin", "keyring:a b:c"])
def test_a_secret_is_a_reference(value: str) -> None:
    assert taken(fields.SecretRef, value) == value


@pytest.mark.parametrize(
    "value",
    ["", "hunter2", "keyring:", "env: X", "env:X ", "ENV:X", "file:x", "env:X\nY", "x env:Y", "env:" + "x" * 400],
)
def test_anything_else_is_no_secret_reference(value: str) -> None:
    assert kind_of_refusal(fields.SecretRef, value)


@pytest.mark.parametrize(
    "value",
    ["http://logix:8080/ws", "https://logix.empresa.com.br/a/b@c", "http://10.0.0.1", "http://[::1]:80/", "HTTP://h/"],
)
def test_a_web_address_is_http_with_a_host(value: str) -> None:
    assert taken(fields.WebUrl, value) == value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "url"),
        ("logix:8080/ws", "url"),
        ("ftp://logix/ws", "url"),
        ("http://", "url"),
        ("http:///ws", "url"),
        ("http://logix:99999/ws", "url"),
        ("http://logix:porta/ws", "url"),
        ("http://[::1/ws", "url"),
        ("http://user@logix/ws", "secret_in_url"),
        ("http://user:hunter2@logix/ws", "secret_in_url"),
        ("http://@logix/ws", "secret_in_url"),
        ("http://logix/ws?senha=x", "url_rest"),
        ("http://logix/ws#x", "url_rest"),
        ("http://logix/a b", "url_rest"),
        ("http://logix/<ws>", "url_rest"),
        (" http://logix/ws", "url_rest"),
        ("\x00http://logix/ws", "control_character"),
        ("http://logix/ws\x01", "control_character"),
        ("http://logix/" + "x" * 500, "string_too_long"),
    ],
)
def test_another_web_address_is_refused(value: str, code: str) -> None:
    assert kind_of_refusal(fields.WebUrl, value) == code


@pytest.mark.parametrize(
    "value",
    [
        "sqlite:///aps.sqlite",
        "sqlite:///C:/aps/01.sqlite",
        "postgresql+psycopg://aps@servidor:5432/aps",
        "mssql+pyodbc://aps@cpsql01/aps?driver=ODBC+Driver+18+for+SQL+Server",
        "oracle+oracledb://aps@servidor:1521/?service_name=APS",
    ],
)
def test_an_aps_store_is_a_sqlalchemy_url(value: str) -> None:
    assert taken(fields.StoreUrl, value) == value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("aps.sqlite", "store_url"),
        ("", "store_url"),
        ("sqlite:///a\nb", "several_lines"),
        ("postgresql://aps:hunter2@servidor/aps", "secret_in_url"),
        ("postgresql://:hunter2@servidor/aps", "secret_in_url"),
        ("postgresql://aps:hun@ter2@servidor/aps", "store_url"),
        ("postgresql://aps:hunt/er2@servidor/aps", "store_url"),
        ("postgresql://aps@servidor/aps?password=hunter2", "secret_in_url"),
        ("mysql://aps@servidor/aps?passwd=hunter2", "secret_in_url"),
        ("mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BUID%3Dsa%3BPWD%3Dhunter2", "secret_in_url"),
        ("mssql+pyodbc:///?odbc_connect=DRIVER=x;pwd =hunter2", "secret_in_url"),
    ],
)
def test_a_store_url_with_a_password_is_refused(value: str, code: str) -> None:
    assert kind_of_refusal(fields.StoreUrl, value) == code


@pytest.mark.parametrize("value", ["0", "86400", "20260131", "31/01/2026", "2026-1-31", "2026-02-30", "hoje", 0, 1.5])
def test_a_day_is_never_guessed_from_another_form(value: object) -> None:
    assert taken(fields.Day, "2026-01-31") == date(2026, 1, 31)
    assert kind_of_refusal(fields.Day, value).startswith("date_")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1700000000", "datetime_parsing"),
        (1700000000, "datetime_parsing"),
        ("2026-01-31", "datetime_parsing"),
        ("2026-01-31T12:00:00", "timezone_aware"),
        ("0001-01-01T00:00:00+14:00", "datetime_parsing"),
        ("9999-12-31T23:59:59-14:00", "datetime_parsing"),
    ],
)
def test_a_moment_needs_its_date_time_and_zone(value: object, code: str) -> None:
    assert kind_of_refusal(fields.Moment, value) == code


def test_a_moment_is_kept_as_utc_to_the_second() -> None:
    assert taken(fields.Moment, "2026-01-31T09:00:00.75-03:00") == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert taken(fields.Moment, datetime(2026, 1, 31, 12, 0, 0, 5, UTC)) == datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_a_section_cannot_be_changed_in_place() -> None:
    class Sample(fields.Section):
        value: int = 1

    sample = Sample()
    with pytest.raises(ValidationError, match="frozen"):
        sample.value = 2  # type: ignore[misc]
    assert sample == Sample(value=1)
