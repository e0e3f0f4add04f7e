"""What every page asks, held against the model: nothing that it does not have, nothing missing, nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flow.sessions import DATABASES, SITE
from wizard.flow.model_facts import facts, has_field
from wizard.flow.state import value_of, with_value
from wizard.flow.step import Field
from wizard.flow.steps import IDS, STEPS, form, step_of
from wizard.profile.database import KINDS
from wizard.profile.entities import ENTITIES
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_data
from wizard.secrets.references import SECRET_FIELDS

EVERY_FIELD = [
    pytest.param(kind, field, id=f"{kind}-{field.path}")
    for kind in KINDS
    for step in IDS
    if step == "database" or kind == "informix"
    for field in form(step, {"database": {"kind": kind}})
]

ASKED = {
    "informix": "kind dsn database user password isolation proof_table login_timeout query_timeout lock_wait",
    "oracle": "kind host port service tns dsn client_folder user password isolation"
    " login_timeout query_timeout lock_wait",
    "sqlserver": "kind dsn driver host port instance database authentication encrypt trust_server_certificate"
    " user password isolation login_timeout query_timeout lock_wait",
    "odbc": "kind dsn database user password isolation proof_table login_timeout query_timeout lock_wait",
    "sqlite": "kind file isolation query_timeout lock_wait",
}


def isolation(kind: str) -> Field:
    return next(field for field in form("database", _of(kind)) if field.path == "database.isolation")


def _of(kind: str) -> dict[str, Any]:
    return {"database": {"kind": kind}}


@pytest.mark.seed("R-PRE-05")
@pytest.mark.parametrize("kind", KINDS)
def test_the_database_step_asks_what_its_kind_needs(kind: str) -> None:
    asked = [field.path for field in form("database", _of(kind))]
    assert asked == [f"database.{name}" for name in ASKED[kind].split()]


@pytest.mark.parametrize("kind", ["", None, "progress"])
def test_an_unknown_kind_of_database_asks_for_the_usual_one(kind: str | None) -> None:
    assert form("database", {"database": {"kind": kind}}) == form("database", _of("informix"))


@pytest.mark.parametrize("data", [{}, {"database": None}, {"database": "text"}, {"database": []}])
def test_a_damaged_database_section_still_has_a_form(data: dict[str, Any]) -> None:
    assert form("database", data) == form("database", _of("informix"))


@pytest.mark.parametrize(("kind", "field"), EVERY_FIELD)
def test_every_question_has_its_place_in_the_model(kind: str, field: Field) -> None:
    assert has_field(field.path, _of(kind))


@pytest.mark.parametrize(("kind", "field"), EVERY_FIELD)
def test_every_question_stands_on_the_step_of_its_section(kind: str, field: Field) -> None:
    assert field in form(step_of(field.path), _of(kind))


@pytest.mark.parametrize(("kind", "field"), EVERY_FIELD)
def test_every_question_has_a_label_and_a_widget_that_fits_the_model(kind: str, field: Field) -> None:
    known = facts(field.path, _of(kind))
    assert field.label
    match field.widget:
        case "choice":
            allowed = tuple(KINDS) if field.path == "database.kind" else known.choices
            # The form may put the usual value first.
            assert sorted(value for value, _label in field.choices) == sorted(allowed)
            assert all(label for _value, label in field.choices)
        case "number":
            assert known.minimum is not None
            assert known.maximum is not None
            assert known.default is None or known.minimum <= known.default <= known.maximum
        case "switch":
            assert isinstance(known.default, bool)
        case "secret":
            assert field.path in SECRET_FIELDS
        case _:
            assert known.choices == ()


@pytest.mark.parametrize("kind", KINDS)
def test_no_question_is_asked_twice(kind: str) -> None:
    paths = [field.path for step in IDS for field in form(step, _of(kind))]
    assert sorted(paths) == sorted(set(paths))


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_that_the_model_requires_is_asked_for(kind: str) -> None:
    asked = {field.path for step in IDS for field in form(step, _of(kind))}
    model = KINDS[kind].model_fields
    required = {f"database.{name}" for name, field in model.items() if field.is_required()}
    required |= {"name", "environment", "company.logix", "company.site", "webservice.url"}
    assert required <= asked


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_forms_ask_is_enough_for_a_profile(kind: str) -> None:
    asked = {field.path for step in IDS for field in form(step, _of(kind))}
    data: dict[str, Any] = {}
    for path, value in {**SITE, "database.kind": kind, **DATABASES[kind]}.items():
        assert path in asked
        data = with_value(data, path, value)
    assert profile_from_data(data).database.kind == kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_secret_of_the_profile_is_asked_for_as_a_secret(kind: str) -> None:
    asked = {field.path for step in IDS for field in form(step, _of(kind)) if field.widget == "secret"}
    assert asked == {path for path in SECRET_FIELDS if has_field(path, _of(kind))}


def test_every_entity_of_the_update_has_its_switch_in_the_order_of_the_manual() -> None:
    switches = [field.path for field in form("options", {}) if field.path.startswith("update.entities.")]
    assert switches == [f"update.entities.{entity.key}" for entity in ENTITIES]


@pytest.mark.seed("R-1.10-05")
def test_updating_all_grades_warns_of_its_cost() -> None:
    (field,) = (field for field in form("options", {}) if field.path == "update.all_grades")
    assert "much larger update" in field.help
    assert "many planned orders" in field.help
    assert facts(field.path, {}).default is False


def test_a_step_without_sections_asks_nothing() -> None:
    assert [step.id for step in STEPS if not form(step.id, {})] == ["start", "prerequisites", "review", "checklist"]


# --- isolation ---------------------------------------------------------------------------------

LEVELS = {
    "informix": ("read_uncommitted", "read_committed", "repeatable_read", "serializable"),
    "oracle": ("read_committed", "serializable"),
    "sqlserver": ("read_uncommitted", "read_committed", "repeatable_read", "snapshot", "serializable"),
    "odbc": ("server_default", "read_uncommitted", "read_committed", "repeatable_read", "serializable"),
    "sqlite": ("serializable", "read_uncommitted"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_isolation_levels_of_the_kind_are_offered(kind: str) -> None:
    field = isolation(kind)
    assert tuple(value for value, _label in field.choices) == LEVELS[kind]
    assert facts("database.isolation", _of(kind)).default in LEVELS[kind]


@pytest.mark.seed("R-PRE-07")
def test_informix_starts_with_the_recommended_dirty_read_and_says_why() -> None:
    assert facts("database.isolation", _of("informix")).default == "read_uncommitted"
    assert "Recommended: Read Uncommitted" in isolation("informix").help
    assert "-244" in isolation("informix").help


@pytest.mark.seed("R-PRE-07")
def test_dirty_read_is_neither_offered_nor_recommended_for_oracle() -> None:
    assert "read_uncommitted" not in dict(isolation("oracle").choices)
    assert "not needed" in isolation("oracle").help


@pytest.mark.seed("R-PRE-07")
@pytest.mark.parametrize("kind", ["sqlserver", "odbc", "sqlite"])
def test_other_kinds_get_no_recommendation(kind: str) -> None:
    assert isolation(kind).help == ""
    assert facts("database.isolation", _of(kind)).default != "read_uncommitted"


# --- facts of the model ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        ("name", "informix", {"longest": 60, "required": True, "default": None}),
        ("notes", "informix", {"longest": 4000, "required": False, "default": ""}),
        ("environment", "informix", {"choices": ("production", "test"), "required": True}),
        ("database.dsn", "informix", {"longest": 32, "required": True}),
        ("database.dsn", "oracle", {"longest": 32, "required": False, "default": None}),
        ("database.port", "oracle", {"minimum": 1, "maximum": 65535, "default": 1521}),
        ("database.port", "sqlserver", {"minimum": 1, "maximum": 65535, "default": None}),
        ("database.user", "odbc", {"longest": 200, "required": False}),
        ("database.login_timeout", "odbc", {"minimum": 1, "maximum": 3600, "default": 15}),
        ("database.lock_wait", "sqlite", {"minimum": 0, "maximum": 600, "default": 30}),
        ("webservice.url", "informix", {"longest": 500, "required": True}),
        ("webservice.tls.verify", "informix", {"default": True, "required": False}),
        ("webservice.tls.ca_file", "informix", {"longest": 200, "default": None}),
        ("update.calendar_years_forward", "informix", {"minimum": 1, "maximum": 50, "default": 10}),
        ("update.entities.item", "informix", {"default": True}),
        ("confirmation.horizon_days", "informix", {"minimum": 0, "maximum": 3650, "default": None}),
        ("engine_account.kind", "informix", {"choices": ("current", "user", "service", "gmsa"), "default": "current"}),
    ],
)
def test_facts_are_those_of_the_model(path: str, kind: str, expected: dict[str, object]) -> None:
    known = facts(path, _of(kind))
    assert {name: getattr(known, name) for name in expected} == expected


@pytest.mark.parametrize("path", ["", "nothing", "database.file", "name.first", "webservice.tls.nothing", "a.b.c"])
def test_a_path_that_the_model_does_not_have_is_no_field(path: str) -> None:
    assert not has_field(path, _of("informix"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_at_its_limits_is_accepted_and_beyond_refused_as_the_facts_say(kind: str) -> None:
    base: dict[str, Any] = {}
    for path, value in {**SITE, "database.kind": kind, **DATABASES[kind]}.items():
        base = with_value(base, path, value)
    for field in form("database", base):
        if field.widget == "number":
            known = facts(field.path, base)
            assert known.minimum is not None
            assert known.maximum is not None
            for value in (known.minimum, known.maximum):
                written = profile_from_data(with_value(base, field.path, str(value))).model_dump()
                assert value_of(written, field.path) == value
            for value in (known.minimum - 1, known.maximum + 1):
                with pytest.raises(ProfileError, match=field.path):
                    profile_from_data(with_value(base, field.path, str(value)))
