"""The JSON Schema that editors use: generated, fresh, and of one mind with the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings

from tests.profile.samples import grade_type, minimal, profiles
from wizard.profile.load import profile_to_data
from wizard.profile.models import Profile
from wizard.profile.schema import schema_text

FILE = Path(__file__).resolve().parents[2] / "profiles" / "profile.schema.json"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(schema_text()))


def test_the_file_is_the_one_that_the_model_gives_now() -> None:
    """When it is stale: python3 run.py schema."""
    assert FILE.read_bytes().decode() == schema_text()


def test_it_is_a_valid_json_schema_and_generated_the_same_twice() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))
    assert schema_text() == schema_text()


def test_no_section_takes_unknown_keys() -> None:
    sections = [json.loads(schema_text()), *json.loads(schema_text())["$defs"].values()]
    assert all(section["additionalProperties"] is False for section in sections if section.get("type") == "object")


def test_the_smallest_profile_is_valid(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(minimal())


@pytest.mark.parametrize(
    "wrong",
    [
        {"senha": "x"},
        {"company": {"logix": "001", "site": "01"}},
        {"company": {"logix": 1, "site": "01"}},
        {"database": {"kind": "informix"}},
        {"database": {"kind": "informix", "dsn": "LOGIX;PWD=x"}},
        {"database": {"kind": "progress", "dsn": "LOGIX"}},
        {"database": {"kind": "sqlite", "file": "x", "dsn": "LOGIX"}},
        {"aps": {"password": "hunter2"}},
        {"grades": {"types": [grade_type(size=6)]}},
        {"update": {"entities": {"itens": True}}},
        {"environment": "produção"},
    ],
)
def test_an_editor_marks_what_the_model_refuses(
    validator: jsonschema.Draft202012Validator, wrong: dict[str, Any]
) -> None:
    assert not validator.is_valid(minimal(**wrong))


def test_what_the_wizard_writes_is_valid_to_an_editor(validator: jsonschema.Draft202012Validator) -> None:
    @settings(max_examples=40)
    @given(profiles)
    def proved(profile: Profile) -> None:
        validator.validate(profile_to_data(profile))

    proved()


@pytest.mark.parametrize("example", sorted(FILE.parent.glob("*.yaml")), ids=lambda path: path.stem)
def test_an_example_is_valid_to_an_editor(validator: jsonschema.Draft202012Validator, example: Path) -> None:
    """Editors type YAML by themselves: what is valid to them only because it is quoted has to be quoted."""
    validator.validate(yaml.safe_load(example.read_text("utf-8")))
