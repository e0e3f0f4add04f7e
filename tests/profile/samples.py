"""Profiles that the tests of this folder share: the smallest text, and strategies for every possible model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from wizard.profile.entities import ENTITIES, EntitySwitches
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.kinds.informix import InformixDatabase
from wizard.profile.kinds.odbc import OdbcDatabase
from wizard.profile.kinds.oracle import OracleDatabase
from wizard.profile.kinds.sqlite import SqliteDatabase
from wizard.profile.kinds.sqlserver import SqlServerDatabase
from wizard.profile.load import profile_from_text
from wizard.profile.models import (
    ApsStore,
    CheckMark,
    Company,
    Confirmation,
    EngineAccount,
    Grades,
    GradeType,
    Profile,
    Service,
    Tls,
    Update,
    Validation,
    Webservice,
)

MINIMAL = """\
version: 1
name: "Matriz"
environment: "test"
company:
  logix: "01"
  site: "01"
database:
  kind: "informix"
  dsn: "LOGIX"
webservice:
  url: "http://logix:8080/ws"
"""


def minimal(**sections: Any) -> dict[str, Any]:
    """The smallest valid document as plain data, with sections put in or replaced."""
    return {
        "version": 1,
        "name": "Matriz",
        "environment": "test",
        "company": {"logix": "01", "site": "01"},
        "database": {"kind": "informix", "dsn": "LOGIX"},
        "webservice": {"url": "http://logix:8080/ws"},
        **sections,
    }


def grade_type(**fields: Any) -> dict[str, Any]:
    return {
        "code": 1,
        "description": "Cor",
        "content_table": "cor",
        "code_column": "cod_cor",
        "description_column": "den_cor",
        "per_company": True,
        "indicator": "C",
        "size": 4,
        **fields,
    }


def problems_of(call: Callable[[], object]) -> tuple[Problem, ...]:
    """What a call refuses; nothing when it does not. Any other exception goes on."""
    try:
        call()
    except ProfileError as error:
        return error.problems
    return ()


def refused(text: str) -> tuple[Problem, ...]:
    """The problems of a text that has to be refused."""
    problems = problems_of(lambda: profile_from_text(text))
    assert problems, "the text was accepted"
    return problems


_VISIBLE = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff")
_AWKWARD = st.sampled_from(
    ["no", "yes", "null", "~", "01", "1e3", "12:30", "0x1F", "# x", "a: b", "- a", "'", '"', "%"]
)


def lines(limit: int = 30) -> st.SearchStrategy[str]:
    return _AWKWARD | st.text(_VISIBLE, min_size=1, max_size=limit).map(str.strip).filter(bool)


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


_code = st.from_regex(r"[0-9A-Za-z]{1,2}", fullmatch=True) | st.sampled_from(["01", "00", "1e", "no", "on"])
_site = st.from_regex(r"[0-9A-Za-z]{1,5}", fullmatch=True) | st.sampled_from(["001", "1e3", "0x1", "false"])
_dsn = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=32) | st.just("LOGIX TESTE")
_secret = st.one_of(
    st.builds("{}:{}".format, st.sampled_from(["keyring", "dpapi"]), lines()),
    st.from_regex(r"env:[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True),
)
_seconds = st.integers(1, 3600)
_wait = st.integers(0, 600)
_port = st.integers(1, 65535)
_days = st.dates(min_value=date(1, 1, 1))
_moments = st.datetimes(
    min_value=datetime.fromisoformat("0001-01-03"),
    max_value=datetime.fromisoformat("9999-12-29"),
    timezones=st.timezones() | st.just(UTC),
)
_login = {
    "user": _optional(lines()),
    "password": _optional(_secret),
    "login_timeout": _seconds,
    "query_timeout": _seconds,
    "lock_wait": _wait,
}
_line = _optional(lines())

databases = st.one_of(
    st.builds(
        InformixDatabase,
        dsn=_dsn,
        isolation=st.sampled_from(["read_uncommitted", "read_committed", "repeatable_read", "serializable"]),
        **dict.fromkeys(("driver", "host", "service", "server", "protocol", "database", "client_locale"), _line),
        **_login,
    ),
    st.builds(OracleDatabase, host=lines(), service=lines(), port=_port, client_folder=_line, **_login),
    st.builds(OracleDatabase, tns=lines(), isolation=st.just("serializable"), **_login),
    st.builds(OracleDatabase, dsn=_dsn, **_login),
    st.builds(
        SqlServerDatabase,
        driver=lines(),
        host=lines(),
        port=_optional(_port),
        instance=_line,
        authentication=st.sampled_from(["sql", "windows"]),
        encrypt=st.sampled_from(["optional", "mandatory", "strict"]),
        trust_server_certificate=st.booleans(),
        isolation=st.sampled_from(["read_uncommitted", "snapshot"]),
        **_login,
    ),
    st.builds(SqlServerDatabase, dsn=_dsn, **_login),
    st.builds(OdbcDatabase, dsn=_dsn, database=_line, **_login),
    st.builds(SqliteDatabase, file=lines(), query_timeout=_seconds, lock_wait=_wait),
)


@st.composite
def _grades(draw: st.DrawFn) -> Grades:
    codes = draw(st.lists(st.integers(0, 99999), max_size=6, unique=True))
    indicators = draw(st.permutations("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    types = [
        GradeType(
            code=code,
            description=draw(st.text(_VISIBLE, max_size=60)),
            content_table=draw(lines()),
            code_column=draw(lines()),
            description_column=draw(lines()),
            per_company=draw(st.booleans()),
            indicator=indicators[index],
            size=draw(st.sampled_from([3, 4, 5])),
            contents=draw(st.integers(0, 10**9)),
        )
        for index, code in enumerate(codes)
    ]
    slots = st.lists(st.sampled_from(codes), min_size=1, max_size=5).map(tuple) if codes else st.nothing()
    return Grades(
        enabled=draw(st.booleans()),
        types=tuple(types),
        combinations=tuple(draw(st.lists(slots, max_size=5))) if codes else (),
        imported_at=draw(_optional(_moments)),
        imported_from=draw(_line),
    )


_service = st.builds(
    Service,
    name=st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,63}", fullmatch=True),
    version=st.from_regex(r"[0-9]{1,2}\.[0-9]{3}", fullmatch=True),
)
_mark = st.builds(
    CheckMark,
    id=lines(),
    status=st.sampled_from(["ok", "warn", "fail", "skipped", "crashed"]),
    code=lines(),
    mandatory=st.booleans(),
    at=_moments,
    version=lines(),
    covers=st.lists(lines(), max_size=4).map(tuple),
    inputs=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
)

profiles = st.builds(
    Profile,
    name=lines(),
    environment=st.sampled_from(["production", "test"]),
    notes=st.text(_VISIBLE | st.sampled_from("\n\t"), max_size=200),
    company=st.builds(Company, logix=_code, site=_site),
    database=databases,
    aps=st.builds(
        ApsStore,
        url=_optional(st.sampled_from(["sqlite:///aps.sqlite", "postgresql+psycopg://aps@h:5432/a%20b?x=1"])),
        password=_optional(_secret),
    ),
    webservice=st.builds(
        Webservice,
        url=st.sampled_from(["http://logix:8080/ws", "https://[::1]/", "http://logix.empresa.com.br/ção/ws"]),
        production_order=_service,
        purchase_order=_service,
        connect_timeout=_seconds,
        read_timeout=_seconds,
        tls=st.builds(Tls, verify=st.booleans(), ca_file=_line),
        user=_line,
        password=_optional(_secret),
    ),
    grades=_grades(),
    update=st.builds(
        Update,
        all_grades=st.booleans(),
        entities=st.builds(EntitySwitches, **{entity.key: st.booleans() for entity in ENTITIES}),
        calendar_years_back=st.integers(0, 50),
        calendar_years_forward=st.integers(1, 50),
        reference_date=_optional(_days),
    ),
    confirmation=st.builds(Confirmation, create_orders=st.booleans(), cutoff_date=_optional(_days))
    | st.builds(Confirmation, delete_orders=st.booleans(), horizon_days=st.integers(0, 3650)),
    engine_account=st.just(EngineAccount())
    | st.builds(EngineAccount, kind=st.sampled_from(["user", "service", "gmsa"]), name=lines()),
    validation=_optional(
        st.builds(Validation, at=_moments, version=lines(), checks=st.lists(_mark, max_size=3).map(tuple))
    ),
)
