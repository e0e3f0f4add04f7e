"""The kinds of text that fields of a profile hold, each with its limit and where the limit comes from."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

# Escapes alone, so that the file holds no invisible characters.
_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ud800-\\udfff]")


def _no_control(text: str) -> str:
    if _CONTROL.search(text):
        raise PydanticCustomError("control_character", "control character")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise PydanticCustomError("several_lines", "several lines")
    return _no_control(text)


def _trimmed(text: str) -> str:
    if text != text.strip():
        raise PydanticCustomError("outer_blanks", "blanks around the value")
    return _one_line(text)


Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_trimmed)]
"""A name on one line, without blanks around it."""

ProfileName = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_trimmed)]
"""The name of a profile, which its file is named after."""

Note = Annotated[str, Field(max_length=4000), AfterValidator(_no_control)]
"""Free text of several lines."""

CompanyCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,2}$")]
"""Logix `cod_empresa`, Char(2). Text: "01" is not 1."""

SiteCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,5}$")]
"""APS `cod-estabel`. Char(5) in 1.1 and 1.25 of the manual, Char(3) elsewhere; the longer never cuts (R-1.1-01)."""

Dsn = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[^\[\]{}(),;?*=!@\\]+$"), AfterValidator(_trimmed)]
"""An ODBC data source name: at most 32 characters, none of []{}(),;?*=!@\\ (SQLWriteDSNToIni)."""

ColumnName = Annotated[str, Field(min_length=1, max_length=61), AfterValidator(_trimmed)]
"""A table or column name as `ctr_grade` gives it. Kept as it is; the import proves it before it is used in SQL."""

ProofTable = Annotated[
    str,
    Field(max_length=61, pattern=r"^([A-Za-z_][A-Za-z0-9_]*\.)?[Aa][Pp][Ss]_[Ww][Ii][Zz][Aa][Rr][Dd][A-Za-z0-9_]*$"),
    AfterValidator(_trimmed),
]
"""A table that a site keeps for the wizard to try in; its name begins so that it can be none of Logix."""

SecretRef = Annotated[
    str,
    Field(max_length=400, pattern=r"^((keyring|dpapi):[^\s].*|env:[A-Za-z_][A-Za-z0-9_]*)$"),
    AfterValidator(_trimmed),
]
"""Where a secret is kept, never the secret: `keyring:SERVICE`, `dpapi:FILE` or `env:NAME`. The name of a variable
is letters, digits and underscores, so that most passwords typed in its place are refused."""


def whole_number(value: object) -> object:
    """The number that a text of digits means; a Literal of numbers takes no text by itself."""
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value) else value


def _iso_day(value: object) -> object:
    # A bare number would be taken as seconds since 1970.
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)):
        return value
    raise PydanticCustomError("date_parsing", "not YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(_iso_day)]
"""A date as YYYY-MM-DD."""


def _iso_moment(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[Tt ]", value)):
        return value
    raise PydanticCustomError("datetime_parsing", "not YYYY-MM-DDThh:mm:ss")


def _utc_second(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise PydanticCustomError("datetime_parsing", "outside of the calendar") from None


Moment = Annotated[AwareDatetime, BeforeValidator(_iso_moment), AfterValidator(_utc_second)]
"""Date and time with its zone; kept as UTC to the second, which is what the file holds."""

Seconds = Annotated[int, Field(ge=1, le=3600)]
Port = Annotated[int, Field(ge=1, le=65535)]


def _web_url(text: str) -> str:
    _no_control(text)  # urlsplit forgives them at the ends
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise PydanticCustomError("url", "not a URL") from None
    if parts.username is not None or parts.password is not None:
        raise PydanticCustomError("secret_in_url", "user or password in a URL")
    if parts.scheme not in ("http", "https") or not host:
        raise PydanticCustomError("url", "not an http(s) URL")
    if parts.query or parts.fragment or re.search(r"[\s<>\"\\]", text):
        raise PydanticCustomError("url_rest", "query or fragment in the URL")
    return text


WebUrl = Annotated[str, Field(max_length=500), AfterValidator(_web_url)]
"""http://host:port/path, without user, password, query or fragment."""


def _store_url(text: str) -> str:
    match = re.fullmatch(r"[a-z][a-z0-9_+]*://([^/@]*@)?[^@]*", _trimmed(text))
    if not match:
        raise PydanticCustomError("store_url", "not a SQLAlchemy URL")
    # odbc_connect= holds a whole connection string, percent-encoded.
    if ":" in (match[1] or "") or re.search(r"(?i)(pwd|pass|passwd|password|senha)\s*=", unquote(text)):
        raise PydanticCustomError("secret_in_url", "password in a URL")
    return text


StoreUrl = Annotated[str, Field(max_length=500), AfterValidator(_store_url)]
"""A SQLAlchemy URL without a password: the password stands beside it, as a reference."""


class Section(BaseModel):
    """A part of the profile: frozen, an unknown key is an error, and what was rejected is never printed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, data: Any) -> Any:
        """`key:` with nothing behind it says as much as no key at all."""
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}
        return data
