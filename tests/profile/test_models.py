"""Every limit and every default of the sections."""

from __future__ import annotations

from typing import Any

import pytest

from tests.profile.samples import MINIMAL, grade_type, minimal, refused
from wizard.profile.database import KINDS
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.kinds.oracle import OracleDatabase
from wizard.profile.load import profile_from_data, profile_from_text
from wizard.profile.models import Grades, Profile

DATABASES: dict[str, dict[str, Any]] = {
    "informix": {"dsn": "LOGIX"},
    "oracle": {"host": "h", "service": "s"},
    "sqlserver": {"driver": "d", "host": "h"},
    "odbc": {"dsn": "LOGIX"},
    "sqlite": {"file": "logix.sqlite"},
}


def load(**sections: Any) -> Profile:
    return profile_from_data(minimal(**sections))


def problems(**sections: Any) -> list[tuple[str, str]]:
    """Path and code of each refusal."""
    with pytest.raises(ProfileError) as caught:
        load(**sections)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def database(kind: str, **values: Any) -> dict[str, Any]:
    return {"kind": kind, **DATABASES[kind], **values}


def nested(path: str, value: object) -> dict[str, Any]:
    """The section of a path, with what else it needs: "update.entities.item" as {"update": {"entities": ...}}."""
    first, *rest = path.split(".")
    base = minimal().get(first, {})
    inner: Any = value
    for part in reversed(rest[1:]):
        inner = {part: inner}
    return {first: {**base, rest[0]: inner} if rest else inner}


def test_the_smallest_profile_needs_six_keys() -> None:
    profile = load()
    for key in ("name", "environment", "company", "database", "webservice"):
        document = minimal()
        del document[key]
        with pytest.raises(ProfileError) as caught:
            profile_from_data(document)
        assert [(problem.path, problem.code) for problem in caught.value.problems] == [(key, "missing")]
    assert (profile.version, profile.erp, profile.notes, profile.validation) == (1, "logix", "", None)


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("name", ["M", "x" * 60, "Matriz São Paulo"], ["", "x" * 61, " M", "a\nb"]),
        ("erp", ["logix"], ["protheus", "datasul", "Logix", ""]),
        ("environment", ["production", "test"], ["produção", "Test", ""]),
        ("notes", ["", "a\nb", "x" * 4000], ["x" * 4001, "\x07"]),
        ("company.logix", ["1", "01", "00", "A1", "zz"], ["", "001", "0 ", "ç1", "0-", 1]),
        ("aps.url", ["sqlite:///x"], ["x", "p://u:p@h/d"]),
        ("aps.password", ["env:X"], ["hunter2", ""]),
        ("webservice.url", ["http://h/ws", "https://h/"], ["", "h/ws", "http://u:p@h/"]),
        ("webservice.connect_timeout", ["1", "3600"], ["0", "3601", "-1", "1.5", "x", "", "1e1"]),
        ("webservice.read_timeout", ["1", "3600"], ["0", "3601"]),
        ("webservice.user", ["x"], ["", " x"]),
        ("webservice.password", ["keyring:x"], ["x"]),
        ("webservice.tls.verify", ["true", "false", "no"], ["maybe", "2", ""]),
        ("webservice.tls.ca_file", ["C:\\ca.pem"], [""]),
        ("grades.enabled", ["true", "no"], ["talvez"]),
        ("grades.imported_at", ["2026-01-31T12:00:00Z"], ["2026-01-31", "x"]),
        ("update.all_grades", ["true"], ["x"]),
        ("update.entities.item", ["false"], ["x"]),
        ("update.calendar_years_back", ["0", "10", "50"], ["-1", "51"]),
        ("update.calendar_years_forward", ["1", "10", "50"], ["0", "51"]),
        ("update.reference_date", ["2026-01-31"], ["31/01/2026", "20260131"]),
        ("confirmation.create_orders", ["false"], ["x"]),
        ("confirmation.cutoff_date", ["2026-12-31"], ["2026-13-01", "0"]),
        ("confirmation.horizon_days", ["0", "3650"], ["-1", "3651"]),
        ("engine_account.kind", ["current"], ["root", ""]),
        ("engine_account.name", ["EMPRESA\\aps"], ["", "x" * 201]),
    ],
)
def test_a_value_is_taken_within_its_limits_and_refused_beyond(path: str, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        load(**nested(path, value))
    for value in bad:
        assert [place for place, _code in problems(**nested(path, value))] == [path], value


@pytest.mark.parametrize("kind", ["informix", "oracle", "sqlserver", "odbc"])
@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("user", ["aps"], ["", "a\tb"]),
        ("password", ["env:X", "keyring:a", "dpapi:b"], ["hunter2", "env:"]),
        ("login_timeout", ["1", "3600"], ["0", "3601"]),
        ("query_timeout", ["1", "3600"], ["0", "3601"]),
        ("lock_wait", ["0", "600"], ["-1", "601"]),
        ("dsn", ["LOGIX", "x" * 32], ["", "x" * 33, "LOGIX;PWD=x"]),
        ("isolation", ["read_committed", "serializable"], ["dirty", "READ_COMMITTED", ""]),
    ],
)
def test_a_database_login_has_limits(kind: str, field: str, good: list[str], bad: list[str]) -> None:
    for value in good:
        load(database=database(kind, **{field: value}))
    for value in bad:
        assert [path for path, _ in problems(database=database(kind, **{field: value}))] == [f"database.{field}"]


@pytest.mark.parametrize("kind", ["oracle", "sqlserver"])
def test_a_port_is_a_number_up_to_65535(kind: str) -> None:
    for port in ("1", "65535"):
        load(database=database(kind, port=port))
    for port in ("0", "65536", "http", "9" * 5000):
        assert [path for path, _ in problems(database=database(kind, port=port))] == ["database.port"]


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        pytest.param("informix", "read_uncommitted", marks=pytest.mark.seed("R-PRE-07")),
        ("oracle", "read_committed"),
        ("sqlserver", "read_committed"),
        ("odbc", "server_default"),
        ("sqlite", "serializable"),
    ],
)
def test_each_kind_has_its_own_default_isolation(kind: str, level: str) -> None:
    assert load(database=database(kind)).database.isolation == level


@pytest.mark.seed("R-PRE-07")
def test_another_isolation_than_the_recommended_one_is_no_refusal() -> None:
    assert load(database=database("informix", isolation="read_committed")).database.isolation == "read_committed"


def test_oracle_has_no_dirty_read() -> None:
    assert problems(database=database("oracle", isolation="read_uncommitted")) == [
        ("database.isolation", "literal_error")
    ]


@pytest.mark.seed("R-PRE-06")
def test_informix_needs_a_dsn_and_other_databases_do_not() -> None:
    assert problems(database={"kind": "informix", "host": "h", "service": "1526"}) == [("database.dsn", "missing")]
    for kind in ("oracle", "sqlserver", "sqlite"):
        assert getattr(load(database=database(kind)).database, "dsn", None) is None


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"kind": "oracle"}, ("database.host", "database_target")),
        ({"kind": "oracle", "host": "h"}, ("database.service", "database_target")),
        ({"kind": "oracle", "service": "s"}, ("database.host", "database_target")),
        ({"kind": "sqlserver"}, ("database.host", "database_target")),
        ({"kind": "sqlserver", "host": "h"}, ("database.driver", "database_target")),
        ({"kind": "sqlserver", "driver": "d"}, ("database.host", "database_target")),
        ({"kind": "odbc"}, ("database.dsn", "missing")),
        ({"kind": "sqlite"}, ("database.file", "missing")),
        ({"dsn": "LOGIX"}, ("database.kind", "union_tag_not_found")),
        ({"kind": "progress", "dsn": "LOGIX"}, ("database.kind", "union_tag_invalid")),
    ],
)
def test_a_database_without_a_way_to_it_names_the_field_to_fill(values: dict[str, str], found: tuple[str, str]) -> None:
    assert problems(database=values) == [found]


@pytest.mark.parametrize("way", [{"tns": "LOGIX"}, {"dsn": "LOGIX"}, {"host": "h", "service": "s"}])
def test_oracle_is_reached_in_three_ways(way: dict[str, str]) -> None:
    oracle = load(database={"kind": "oracle", **way}).database
    assert isinstance(oracle, OracleDatabase)
    assert oracle.port == 1521


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_field_of_another_kind_of_database_is_unknown(kind: str) -> None:
    foreign = "file" if kind != "sqlite" else "dsn"
    assert problems(database=database(kind, **{foreign: "x"})) == [(f"database.{foreign}", "extra_forbidden")]


@pytest.mark.parametrize("logix", ["01", '"01"', "'01'"])
def test_company_01_stays_01_however_it_is_written(logix: str) -> None:
    profile = profile_from_text(MINIMAL.replace('logix: "01"', f"logix: {logix}"))
    assert profile.company.logix == "01"


@pytest.mark.parametrize("logix", ["no", "1e", "00", "on", "0x"])
def test_a_company_code_that_looks_like_something_else_stays_text(logix: str) -> None:
    assert profile_from_text(MINIMAL.replace('logix: "01"', f"logix: {logix}")).company.logix == logix


@pytest.mark.seed("R-1.1-01")
def test_a_site_code_has_up_to_five_characters() -> None:
    for site in ("1", "01", "001", "ABCDE"):
        assert load(company={"logix": "01", "site": site}).company.site == site
    assert problems(company={"logix": "01", "site": "ABCDEF"}) == [("company.site", "string_pattern_mismatch")]
    assert problems(company={"logix": "01", "site": ""}) == [("company.site", "string_pattern_mismatch")]


@pytest.mark.seed("R-GEN-02")
def test_a_profile_serves_exactly_one_company() -> None:
    one = {"logix": "01", "site": "01"}
    assert problems(company=[one, {**one, "logix": "02"}]) == [("company", "model_type")]
    assert problems(company={"logix": ["01", "02"], "site": "01"}) == [("company.logix", "string_type")]


@pytest.mark.seed("R-1.2-03")
def test_the_calendar_runs_ten_years_each_way_by_default() -> None:
    update = load().update
    assert (update.calendar_years_back, update.calendar_years_forward) == (10, 10)
    assert update.reference_date is None


@pytest.mark.seed("R-CFG-06")
def test_the_services_have_the_names_and_message_versions_of_the_manual() -> None:
    webservice = load().webservice
    assert (webservice.production_order.name, webservice.production_order.version) == ("PRODUCTIONORDER", "2.000")
    assert (webservice.purchase_order.name, webservice.purchase_order.version) == ("PURCHASEORDER", "1.007")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "1X"),
        ("name", "A-B"),
        ("name", "X" * 65),
        ("version", "2"),
        ("version", "2.00"),
        ("version", "x"),
    ],
)
def test_a_service_name_is_an_identifier_and_its_version_has_three_decimals(field: str, value: str) -> None:
    service = {"name": "PRODUCTIONORDER", "version": "2.000", field: value}
    found = problems(webservice={"url": "http://h/ws", "production_order": service})
    assert found == [(f"webservice.production_order.{field}", "string_pattern_mismatch")]


def test_a_message_version_keeps_its_zeros_unquoted_too() -> None:
    service = "  production_order: {name: PRODUCTIONORDER, version: 2.000}\n"
    profile = profile_from_text(MINIMAL + service)
    assert profile.webservice.production_order.version == "2.000"


@pytest.mark.seed("R-PRE-08")
def test_the_address_of_the_web_service_is_required() -> None:
    assert problems(webservice={}) == [("webservice.url", "missing")]


def test_the_defaults_of_the_manual_stand_without_their_sections() -> None:
    profile = load()
    assert set(profile.confirmation.model_dump(exclude_none=True).values()) == {True}
    assert (profile.webservice.connect_timeout, profile.webservice.read_timeout) == (10, 60)
    assert profile.webservice.tls.verify is True
    assert (profile.aps.url, profile.aps.password) == (None, None)
    assert profile.engine_account.kind == "current"
    assert (profile.grades.enabled, profile.update.all_grades) == (False, False)


@pytest.mark.seed("R-1.9-04")
@pytest.mark.parametrize(("size", "fits"), [("2", False), ("3", True), ("4", True), ("5", True), ("6", False)])
def test_a_reference_has_3_4_or_5_characters(size: str, *, fits: bool) -> None:
    grades = {"types": [grade_type(size=size)]}
    if fits:
        assert load(grades=grades).grades.types[0].size == int(size)
    else:
        assert problems(grades=grades) == [("grades.types[0].size", "literal_error")]


@pytest.mark.parametrize("size", ["", "x", "3.0", "+3", " 3", "٣", "9" * 5000])
def test_a_size_is_nothing_but_its_digit(size: str) -> None:
    assert problems(grades={"types": [grade_type(size=size)]}) == [("grades.types[0].size", "literal_error")]


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("code", ["0", "99999"], ["-1", "100000", "x"]),
        ("description", ["", "x" * 60], ["x" * 61]),
        ("content_table", ["cor", "x" * 61], ["", "x" * 62, " cor"]),
        ("code_column", ["cod_cor"], ["", "a\nb"]),
        ("description_column", ["den_cor"], [""]),
        ("per_company", ["true", "no"], ["S"]),
        ("indicator", ["0", "9", "A", "Z"], ["", "a", "AB", "-", "Ç"]),
        ("contents", ["0", "718058"], ["-1", "x"]),
    ],
)
def test_a_grade_type_has_the_limits_of_its_columns(field: str, good: list[str], bad: list[str]) -> None:
    for value in good:
        load(grades={"types": [grade_type(**{field: value})]})
    for value in bad:
        found = problems(grades={"types": [grade_type(**{field: value})]})
        assert [path for path, _ in found] == [f"grades.types[0].{field}"], value


def test_a_combination_has_one_to_five_slots() -> None:
    assert load(grades={"types": [grade_type()], "combinations": [["1"] * 5]}).grades.combinations == ((1,) * 5,)
    for slots, code in ((["1"] * 6, "too_long"), ([], "too_short")):
        found = problems(grades={"types": [grade_type()], "combinations": [slots]})
        assert found == [("grades.combinations[0]", code)]


def test_every_repeated_code_and_indicator_and_every_unknown_type_is_told_at_once() -> None:
    types = [grade_type(), grade_type(indicator="T"), grade_type(code=2), grade_type(code=1, indicator="T")]
    assert problems(grades={"types": types, "combinations": [["1", "2"], ["2", "9"], ["8"]]}) == [
        ("grades.types[1].code", "code_twice"),
        ("grades.types[3].code", "code_twice"),
        ("grades.types[2].indicator", "indicator_twice"),
        ("grades.types[3].indicator", "indicator_twice"),
        ("grades.combinations[1]", "unknown_type"),
        ("grades.combinations[2]", "unknown_type"),
    ]


def test_grades_have_limits_on_their_lists() -> None:
    assert problems(grades={"types": [grade_type(code=n) for n in range(501)]})[0] == ("grades.types", "too_long")
    many = {"types": [grade_type()], "combinations": [[1]] * 5001}
    assert problems(grades=many) == [("grades.combinations", "too_long")]


@pytest.mark.seed("R-PRE-10")
def test_a_company_without_grades_leaves_them_out() -> None:
    assert load().grades == Grades(enabled=False)


def test_a_cut_off_date_and_a_horizon_exclude_each_other() -> None:
    assert load(confirmation={"cutoff_date": "2026-12-31"}).confirmation.horizon_days is None
    assert load(confirmation={"horizon_days": "0"}).confirmation.horizon_days == 0
    both = {"cutoff_date": "2026-12-31", "horizon_days": "60"}
    assert problems(confirmation=both) == [("confirmation.horizon_days", "two_limits")]


@pytest.mark.parametrize("kind", ["user", "service", "gmsa"])
def test_another_account_than_the_current_one_needs_its_name(kind: str) -> None:
    assert problems(engine_account={"kind": kind}) == [("engine_account.name", "missing")]
    assert load(engine_account={"kind": kind, "name": "EMPRESA\\aps$"}).engine_account.name == "EMPRESA\\aps$"


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("status", "maybe"),
        ("inputs", "0" * 63),
        ("inputs", "G" * 64),
        ("id", ""),
        ("mandatory", "x"),
        ("covers", "database"),
    ],
)
def test_a_mark_of_a_check_is_exact(field: str, bad: str) -> None:
    mark = {"id": "a", "status": "ok", "code": "ok", "mandatory": True, "covers": ["database"], "inputs": "0" * 64}
    mark |= {"at": "2026-01-31T12:00:00Z", "version": "0.1.0"}
    load(validation={"at": "2026-01-31T12:00:00Z", "version": "0.1.0", "checks": [mark]})
    found = problems(validation={"at": "2026-01-31T12:00:00Z", "version": "0.1.0", "checks": [{**mark, field: bad}]})
    assert [path for path, _ in found] == [f"validation.checks[0].{field}"]


def test_an_empty_key_counts_as_absent_where_it_is_known() -> None:
    text = MINIMAL + "grades:\nupdate:\n  reference_date:\n  entities: ~\nvalidation: null\n"
    assert profile_from_text(text) == profile_from_text(MINIMAL)


def test_an_empty_key_that_is_unknown_is_an_error_all_the_same() -> None:
    assert [(p.path, p.code) for p in refused(MINIMAL + "senha:\n")] == [("senha", "extra_forbidden")]


def test_an_empty_required_key_is_missing() -> None:
    problem = refused(MINIMAL.replace('name: "Matriz"', "name:"))[0]
    assert isinstance(problem, Problem)
    assert (problem.path, problem.code, problem.line) == ("name", "missing", 2)
