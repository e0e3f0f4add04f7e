"""The commented examples in profiles/: they load, cover every kind, and show what they promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from wizard.profile import store
from wizard.profile.database import KINDS
from wizard.profile.load import profile_to_data
from wizard.profile.models import Profile
from wizard.profile.yaml_text import parse

FOLDER = Path(__file__).resolve().parents[2] / "profiles"
FILES = sorted(FOLDER.glob("*.yaml"))

each_example = pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)


def example(kind: str) -> Profile:
    return store.read(FOLDER / f"example-{kind}.yaml").profile


def test_there_is_one_example_for_each_kind_of_database_and_no_other_profile() -> None:
    assert [file.name for file in FILES] == sorted(f"example-{kind}.yaml" for kind in KINDS)


@each_example
def test_an_example_loads_and_its_name_tells_the_kind(file: Path) -> None:
    assert file.stem == f"example-{store.read(file).profile.database.kind}"


@each_example
def test_an_example_starts_with_its_schema_and_explains_itself(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=profile.schema.json"
    assert sum(line.lstrip().startswith("#") for line in lines) >= 20


@each_example
def test_every_reader_sees_the_same_values_in_an_example(file: Path) -> None:
    """What YAML 1.1 would turn into a number, a date or a switch is quoted wherever the model takes it as text."""
    typed = profile_to_data(store.read(file).profile)
    plain = yaml.safe_load(file.read_text("utf-8"))

    def compare(ours: object, theirs: object, path: str) -> None:
        if isinstance(theirs, dict):
            assert isinstance(ours, dict)
            for key, value in theirs.items():
                compare(ours[key], value, f"{path}.{key}")
        elif isinstance(theirs, list):
            assert isinstance(ours, list)
            for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
                compare(one, other, f"{path}[{index}]")
        else:
            assert (type(ours), ours) == (type(theirs), theirs), path

    compare(typed, plain, "")


@each_example
def test_codes_in_an_example_are_quoted(file: Path) -> None:
    text = file.read_text("utf-8")
    for key in ("logix", "site", "dsn", "indicator", "version"):
        values = re.findall(rf"(?m)^ +{key}: (.*)$", text)
        assert all(value.startswith('"') for value in values), key


def test_the_examples_show_every_way_to_keep_a_secret() -> None:
    references = re.findall(r'(?m)^ *password: "(\w+):', "".join(file.read_text("utf-8") for file in FILES))
    assert set(references) == {"keyring", "env", "dpapi"}


def test_the_examples_together_show_every_switch_of_the_update() -> None:
    shown = parse((FOLDER / "example-informix.yaml").read_text("utf-8")).data["update"]["entities"]
    assert list(shown) == list(type(example("informix").update.entities).model_fields)


def test_the_calendar_is_off_for_informix_only() -> None:
    for kind in KINDS:
        entities = example(kind).update.entities
        assert (entities.calendario, entities.datas_calendario) == ((kind != "informix"),) * 2


@pytest.mark.seed("R-1.9-10")
@pytest.mark.parametrize("kind", ["informix", "sqlite"])
def test_the_examples_with_two_grades_take_4_characters_for_cor_and_3_for_tamanho(kind: str) -> None:
    assert {grade.description: grade.size for grade in example(kind).grades.types} == {"Cor": 4, "Tamanho": 3}


@pytest.mark.seed("R-1.9-09")
def test_the_example_with_five_grades_takes_3_characters_for_each() -> None:
    assert [grade.size for grade in example("sqlserver").grades.types] == [3] * 5


@pytest.mark.seed("R-PRE-06", "R-PRE-07")
def test_the_informix_example_has_a_dsn_and_the_recommended_isolation() -> None:
    database = example("informix").database
    assert (database.kind, database.isolation) == ("informix", "read_uncommitted")
    assert getattr(database, "dsn", None) == "LOGIX"


def test_the_readme_names_every_file_of_the_folder() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert all(f"`{path.name}`" in readme for path in FOLDER.iterdir() if path.name != "README.md")
