"""The kinds of text that fields of a profile hold, each with its limit and where the limit comes from."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
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

SecretRef = Annotated[str, Field(max_length=400, pattern=r"^(keyring|dpapi|env):[^\s].*$"), AfterValidator(_one_line)]
"""Where a secret is kept, never the secret: `keyring:SERVICE`, `dpapi:FILE` or `env:NAME`."""

Seconds = Annotated[int, Field(ge=1, le=3600)]
Port = Annotated[int, Field(ge=1, le=65535)]


def _web_url(text: str) -> str:
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
    if ":" in (match[1] or "") or re.search(r"(?i)\b(pwd|password|senha)=", text):
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
            return {key: value for key, value in data.items() if value is not None}
        return data
