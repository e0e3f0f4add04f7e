"""From text to a profile and back: every error at once with its place, no rejected value, nothing lost."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile.samples import MINIMAL, problems_of, profiles, refused
from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.profile.load import HEADER, profile_from_data, profile_from_text, profile_to_data, profile_to_text
from wizard.profile.messages import TEXTS
from wizard.profile.models import Profile, Validation

CANARY = "hunter2"


@settings(max_examples=150)
@given(profiles)
def test_a_profile_survives_writing_and_reading_and_is_written_the_same_twice(profile: Profile) -> None:
    text = profile_to_text(profile)
    again = profile_from_text(text)
    assert again == profile
    assert profile_to_text(again) == text


@given(profiles)
def test_plain_data_gives_the_same_profile(profile: Profile) -> None:
    assert profile_from_data(profile_to_data(profile)) == profile


def test_a_moment_of_now_survives_writing_and_reading() -> None:
    now = datetime(2026, 1, 31, 12, 0, 0, 123456, UTC)
    profile = profile_from_text(MINIMAL).model_copy(update={"validation": Validation(at=now, version="0.1.0")})
    assert profile_from_text(profile_to_text(profile)) == profile


def test_the_text_is_in_the_order_of_the_model_with_codes_quoted_and_numbers_bare() -> None:
    text = profile_to_text(profile_from_text(MINIMAL))
    assert text.startswith(HEADER)
    assert 'company:\n  logix: "01"\n  site: "01"\n' in text
    assert "\nversion: 1\n" in text
    assert "  calendar_years_back: 10\n" in text
    keys = [line.partition(":")[0] for line in text.splitlines() if line[:1].isalpha()]
    assert keys == [key for key in Profile.model_fields if key in keys]


def test_what_is_not_set_is_not_written() -> None:
    text = profile_to_text(profile_from_text(MINIMAL))
    assert "null" not in text
    assert "validation" not in text
    assert "password" not in text


BROKEN = """\
version: 1
nome: "Matriz"
environment: "produção"
company:
  logix: "001"
  sita: "01"
database:
  kind: "oracle"
  hots: "h"
  port: "http"
webservice:
  url: "logix"
  production_order:
    nane: "X"
    version: "2"
  tls:
    verifi: true
grades:
  types:
    - code: 1
      description: "Cor"
      content_table: "cor"
      code_column: "a"
      description_colunm: "b"
      per_company: talvez
      indicator: "c"
      size: 6
update:
  entities:
    itens: false
confirmation:
  horizon: 3
"""


def test_all_errors_are_told_at_once_each_with_file_line_and_path(tmp_path: Path) -> None:
    file = tmp_path / "quebrado.yaml"
    file.write_text(BROKEN, "utf-8")
    with pytest.raises(ProfileError) as caught:
        store.read(file)
    found = [(problem.line, problem.path, problem.code) for problem in caught.value.problems]
    assert sorted(found, key=lambda each: (each[0] or 0, each[1])) == [
        (1, "name", "missing"),
        (2, "nome", "extra_forbidden"),
        (3, "environment", "literal_error"),
        (4, "company.site", "missing"),
        (5, "company.logix", "string_pattern_mismatch"),
        (6, "company.sita", "extra_forbidden"),
        (9, "database.hots", "extra_forbidden"),
        (10, "database.port", "int_parsing"),
        (12, "webservice.url", "url"),
        (13, "webservice.production_order.name", "missing"),
        (14, "webservice.production_order.nane", "extra_forbidden"),
        (15, "webservice.production_order.version", "string_pattern_mismatch"),
        (17, "webservice.tls.verifi", "extra_forbidden"),
        (20, "grades.types[0].description_column", "missing"),
        (24, "grades.types[0].description_colunm", "extra_forbidden"),
        (25, "grades.types[0].per_company", "bool_parsing"),
        (26, "grades.types[0].indicator", "string_pattern_mismatch"),
        (27, "grades.types[0].size", "literal_error"),
        (30, "update.entities.itens", "extra_forbidden"),
        (32, "confirmation.horizon", "extra_forbidden"),
    ]
    places = [problem.line or 0 for problem in caught.value.problems]
    assert places == sorted(places)
    shown = str(caught.value).splitlines()
    assert len(shown) == len(found)
    assert all(line.startswith(f"{file}, line ") for line in shown)


@pytest.mark.parametrize(
    ("wrong", "path", "known"),
    [
        ("databse: {}", "databse", "database"),
        ("company: {logix: '01', site: '01', logx: x}", "company.logx", "logix"),
        ("database: {kind: informix, dsn: X, dns: Y}", "database.dns", "dsn"),
        ("database: {kind: oracle, tns: X, servise: Y}", "database.servise", "service"),
        ("database: {kind: sqlserver, dsn: X, trust_server_certificat: no}",
         "database.trust_server_certificat", "trust_server_certificate"),
        ("database: {kind: odbc, dsn: X, isolaton: Y}", "database.isolaton", "isolation"),
        ("database: {kind: sqlite, file: X, fille: Y}", "database.fille", "file"),
        ("aps: {urll: x}", "aps.urll", "url"),
        ("webservice: {url: 'http://h/', tls: {verify_: no}}", "webservice.tls.verify_", "verify"),
        ("grades: {tipes: []}", "grades.tipes", "types"),
        ("update: {entities: {iten: no}}", "update.entities.iten", "item"),
        ("confirmation: {create_order: no}", "confirmation.create_order", "create_orders"),
        ("engine_account: {knd: user}", "engine_account.knd", "kind"),
        ("validation: {at: '2026-01-31T12:00:00Z', version: x, cheks: []}", "validation.cheks", "checks"),
        ("validation: {at: '2026-01-31T12:00:00Z', version: x, checks: [{idd: x}]}", "validation.checks[0].idd", "id"),
        ("grades: {types: [{codee: 1}]}", "grades.types[0].codee", "code"),
    ],
)  # fmt: skip
def test_an_unknown_key_names_the_nearest_known_one_at_every_level(wrong: str, path: str, known: str) -> None:
    key = wrong.partition(":")[0]
    kept = {
        "company": 'company:\n  logix: "01"\n  site: "01"\n',
        "database": 'database:\n  kind: "informix"\n  dsn: "LOGIX"\n',
        "webservice": 'webservice:\n  url: "http://logix:8080/ws"\n',
    }
    text = MINIMAL.replace(kept.get(key, "\0"), "") + wrong + "\n"
    (problem,) = [problem for problem in refused(text) if problem.code == "extra_forbidden"]
    assert problem.path == path
    assert problem.action == f"Did you mean '{known}'?"
    assert problem.line == len(text.splitlines())


def test_a_key_like_no_other_gets_no_guess() -> None:
    (problem,) = refused(MINIMAL + "xyzzy: 1\n")
    assert problem.action == ""


SECRETIVE = [
    f"senha: {CANARY}",
    f"senha: {{de: [{CANARY}]}}",
    f"aps: {CANARY}",
    f"aps: [{CANARY}]",
    f"aps: {{password: {CANARY}}}",
    f"aps: {{password: [{CANARY}]}}",
    f"aps: {{password: {{x: {CANARY}}}}}",
    f'aps: {{url: "postgresql://aps:{CANARY}@h/aps"}}',
    f'aps: {{url: "postgresql://aps@h/aps?password={CANARY}"}}',
    f'aps: {{url: "mssql+pyodbc:///?odbc_connect=PWD%3D{CANARY}"}}',
    f'aps: {{url: "{CANARY}"}}',
    f"grades: {{enabled: {CANARY}, imported_at: {CANARY}, types: {CANARY}, combinations: [{CANARY}, [{CANARY}]]}}",
    f"grades: {{types: [{CANARY}, {{code: {CANARY}, size: {CANARY}, indicator: {CANARY}, per_company: {CANARY}}}]}}",
    f"update: {{entities: {{item: {CANARY}}}, calendar_years_back: {CANARY}, reference_date: {CANARY}}}",
    f"update: {{entities: {CANARY}}}",
    f"confirmation: {{horizon_days: {CANARY}, cutoff_date: {CANARY}}}",
    f"engine_account: {{kind: {CANARY}, name: [{CANARY}]}}",
    f"validation: {{at: {CANARY}, version: [{CANARY}], checks: [{{status: {CANARY}, inputs: {CANARY}}}]}}",
    f"erp: {CANARY}",
    f"notes: [{CANARY}]",
    f'notes: "{CANARY}\\x07"',
    f'notes: "{CANARY}',
    f"{CANARY}\n",
    f"notes: &x {CANARY}",
    f"notes: *{CANARY}",
    f"notes: !{CANARY} x",
    f"notes: {CANARY}\x07",
    f"notes: [[[[[[[[[[[[[[[[[[[{CANARY}",
    f"erp: logix\nerp: {CANARY}",
]
DATABASES = [
    f"database: {CANARY}",
    f"database: [{CANARY}]",
    f"database: {{kind: {CANARY}}}",
    f"database: {{kind: [{CANARY}]}}",
    f"database: {{dsn: {CANARY}}}",
    f"database: {{kind: informix, dsn: LOGIX, pasword: {CANARY}}}",
    f'database: {{kind: informix, dsn: "LOGIX;PWD={CANARY}"}}',
    f"database: {{kind: informix, dsn: LOGIX, password: {CANARY}}}",
    f"database: {{kind: informix, dsn: LOGIX, password: 'env: {CANARY}'}}",
    f"database: {{kind: informix, dsn: LOGIX, user: [{CANARY}], isolation: {CANARY}, lock_wait: {CANARY}}}",
    f"database: {{kind: oracle, port: {CANARY}, host: '{CANARY} '}}",
    f"database: {{kind: oracle, password: {CANARY}}}",
    f"database: {{kind: sqlserver, trust_server_certificate: {CANARY}}}",
    f"database: {{kind: sqlite, password: {CANARY}}}",
]
WEBSERVICES = [
    f'webservice: {{url: "http://aps:{CANARY}@h/ws"}}',
    f'webservice: {{url: "http://h/ws?{CANARY}"}}',
    f'webservice: {{url: "{CANARY}", password: {CANARY}, read_timeout: {CANARY}}}',
    f"webservice: {{url: [{CANARY}], tls: {{verify: {CANARY}, ca_file: [{CANARY}]}}}}",
]
FIRST = [f"version: {CANARY}", f"version: [{CANARY}]", f"version: 1\n{CANARY}: &x 1"]


def _documents() -> list[str]:
    without = {
        "database": MINIMAL.replace('database:\n  kind: "informix"\n  dsn: "LOGIX"\n', ""),
        "webservice": MINIMAL.replace('webservice:\n  url: "http://logix:8080/ws"\n', ""),
        "version": MINIMAL.replace("version: 1\n", ""),
    }
    return [
        *(MINIMAL + text for text in SECRETIVE),
        *(without["database"] + text for text in DATABASES),
        *(without["webservice"] + text for text in WEBSERVICES),
        *(without["version"] + text for text in FIRST),
    ]


@pytest.mark.parametrize("text", _documents())
def test_a_rejected_value_is_never_repeated(text: str) -> None:
    """Neither where people read it nor in what a log would make of the error."""
    with pytest.raises(ProfileError) as caught:
        profile_from_text(text)
    error = caught.value
    assert CANARY not in str(error)
    assert CANARY not in repr(error)
    assert CANARY not in repr(error.problems)
    assert CANARY not in "".join(traceback.format_exception(error, limit=0))


WORDS = st.sampled_from(
    ["", "x", "-1", "1", "true", "2026-01-31", "1e9", "9" * 400, "\x07", " ", "a\nb", "²", "\ud800"]
)
JUNK: st.SearchStrategy[object] = st.recursive(
    WORDS | st.none() | st.integers() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["kind", "x"]), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=300)
@given(st.data())
def test_every_refusal_has_a_sentence_of_its_own(data: st.DataObject) -> None:
    """Whatever stands at whatever place: no value brings an exception, or a refusal that nobody put into words."""
    document = profile_to_data(data.draw(profiles))
    place: object = document
    while True:
        options = list(place) if isinstance(place, dict) else list(range(len(place))) if isinstance(place, list) else []
        key = data.draw(st.sampled_from(options))
        inner = place[key]  # type: ignore[index]
        if not (isinstance(inner, dict | list) and inner) or data.draw(st.booleans()):
            break
        place = inner
    place[key] = data.draw(JUNK)  # type: ignore[index]
    problems = problems_of(lambda: profile_from_data(document))
    assert {problem.code for problem in problems} <= set(TEXTS)
    assert not [problem for problem in problems if "{" in problem.message]


def test_a_fraction_is_no_port() -> None:
    data = profile_to_data(profile_from_text(MINIMAL)) | {
        "database": {"kind": "oracle", "host": "h", "service": "s", "port": 1.5}
    }
    (problem,) = problems_of(lambda: profile_from_data(data))
    assert (problem.code, problem.path) == ("int_from_float", "database.port")
    assert problem.message == "A whole number is expected here."


def test_a_newer_version_is_refused_with_its_line_and_nothing_else() -> None:
    (problem,) = refused("# topo\n" + MINIMAL.replace("version: 1", "version: 2") + "coisa_nova: 1\n")
    assert (problem.code, problem.path, problem.line) == ("newer_version", "version", 2)


def test_a_file_full_of_unknown_keys_is_answered_in_seconds() -> None:
    assert len(refused(MINIMAL + "".join(f"k{n}: 1\n" for n in range(10_000)))) == 10_000


@pytest.mark.parametrize("field", ["password", "key_password"])
def test_a_password_in_the_place_of_its_reference_is_told_where_passwords_are_kept(field: str) -> None:
    with pytest.raises(ProfileError) as caught:
        profile_from_text(MINIMAL.replace('ws"\n', f'ws"\n  {field}: {CANARY}\n'))
    (problem,) = caught.value.problems
    assert problem.path == f"webservice.{field}"
    assert "keyring:SERVICE, dpapi:FILE or env:NAME" in problem.message


@pytest.mark.parametrize("text", ['customer: ""', "grades: {combinations: [[]]}"])
def test_what_is_empty_is_told_as_missing(text: str) -> None:
    with pytest.raises(ProfileError) as caught:
        profile_from_text(f"{MINIMAL}{text}\n")
    (problem,) = caught.value.problems
    assert problem.message == "This value is required."


def test_of_the_aps_store_only_the_password_goes_out_of_the_address() -> None:
    with pytest.raises(ProfileError) as caught:
        profile_from_text(f'{MINIMAL}aps: {{url: "postgresql://aps:{CANARY}@server/aps"}}\n')
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("secret_in_url", "aps.url")
    assert problem.message.startswith("A password stands in the address.")
