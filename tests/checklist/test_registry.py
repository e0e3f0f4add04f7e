"""Which checks there are, in which order, and that a new one is one file."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from wizard import i18n
from wizard.checklist import registry
from wizard.checklist.check import ok
from wizard.checklist.run import Result
from wizard.profile import store
from wizard.profile.models import Profile

IDS = {
    "profile.valid",
    "secret.readable",
    "aps.store",
    "database.address",
    "database.reachable",
    "database.driver",
    "database.login",
    "database.isolation",
    "database.charset",
    "database.company",
    "database.tables",
    "database.keys",
    "database.read_only",
    "database.throughput",
    "database.data_source",
    "webservice.name",
    "webservice.port",
    "webservice.tls",
    "webservice.reachable",
    "webservice.index",
    "webservice.production_order",
    "webservice.purchase_order",
    "webservice.addresses",
    "webservice.versions",
    "grades.ctr_grade",
    "grades.sizes",
    "grades.references",
}

NEW_CHECK = """
from wizard.checklist.check import Check, ok

CHECK = Check("{id}", "{id}", lambda subject: ok("new.ok", "Well."), ("company",), needs={needs}, isolated=False)
"""


ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def new_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose modules count as checks of the web service."""
    package = importlib.import_module("wizard.webservice.checks")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    registry.checks.cache_clear()
    yield tmp_path
    registry.checks.cache_clear()
    for file in tmp_path.glob("*.py"):
        sys.modules.pop(f"wizard.webservice.checks.{file.stem}", None)


def test_every_check_is_there_once_under_its_id() -> None:
    assert registry.checks().keys() == IDS
    assert all(id_ == check.id for id_, check in registry.checks().items())


def test_a_check_needs_only_checks_that_there_are() -> None:
    for check in registry.checks().values():
        assert set(check.needs) <= IDS, check.id


def test_every_check_stands_after_the_ones_it_needs() -> None:
    order = list(registry.checks())
    for check in registry.checks().values():
        assert all(order.index(need) < order.index(check.id) for need in check.needs), check.id


def test_what_a_check_covers_are_sections_of_the_profile() -> None:
    for check in registry.checks().values():
        assert check.covers, check.id
        assert set(check.covers) <= set(Profile.model_fields), check.id


def test_every_check_has_a_limit_and_every_one_that_leaves_the_program_is_isolated() -> None:
    profile = store.read(ROOT / "profiles" / "example-informix.yaml").profile
    for check in registry.checks().values():
        assert 0 < check.seconds(profile) <= 300, check.id
        concern = check.id.partition(".")[0]
        assert check.isolated or concern in ("profile", "grades") or check.id == "webservice.versions", check.id


def test_every_title_can_be_translated_where_it_is_shown(tmp_path: Path) -> None:
    catalogue = Catalog(locale="pt_BR", domain=i18n.DOMAIN)
    for check in registry.checks().values():
        catalogue.add(check.title, f"T:{check.id}")
    folder = tmp_path / "pt_BR" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / f"{i18n.DOMAIN}.mo").open("wb") as file:
        write_mo(file, catalogue)
    i18n.use("pt_BR", tmp_path)
    results = [Result(check, ok("a.b", ""), 0) for check in registry.checks().values()]
    assert [result.to_json()["title"] for result in results] == [f"T:{id_}" for id_ in registry.checks()]
    i18n.use("en")
    assert [result.to_json()["title"] for result in results] == [check.title for check in registry.checks().values()]


def test_the_chosen_ones_come_with_all_that_they_need_in_order() -> None:
    found = [check.id for check in registry.chosen(["database.company"])]
    assert found == [
        "profile.valid",
        "database.address",
        "database.reachable",
        "database.driver",
        "database.login",
        "database.company",
    ]


def test_none_named_means_all() -> None:
    assert [check.id for check in registry.chosen()] == list(registry.checks())


def test_a_check_named_twice_is_chosen_once() -> None:
    assert [check.id for check in registry.chosen(["profile.valid", "profile.valid"])] == ["profile.valid"]


def test_an_unknown_id_is_named() -> None:
    with pytest.raises(KeyError) as caught:
        registry.chosen(["profile.valid", "database.speed"])
    assert caught.value.args == ("database.speed",)


def test_a_new_check_is_one_file(new_checks: Path) -> None:
    text = NEW_CHECK.format(id="webservice.new", needs=("webservice.reachable",))
    (new_checks / "new_one.py").write_text(text, encoding="utf-8")
    assert registry.checks().keys() == IDS | {"webservice.new"}
    assert [check.id for check in registry.chosen(["webservice.new"])][-1] == "webservice.new"


def test_two_checks_of_one_id_are_a_fault_of_the_program(new_checks: Path) -> None:
    (new_checks / "second.py").write_text(NEW_CHECK.format(id="aps.store", needs=()), encoding="utf-8")
    with pytest.raises(ValueError, match=r"aps\.store"):
        registry.checks()


def test_checks_that_need_each_other_are_a_fault_of_the_program(new_checks: Path) -> None:
    for one, other in (("x.one", "x.two"), ("x.two", "x.one")):
        name = one.replace(".", "_") + ".py"
        (new_checks / name).write_text(NEW_CHECK.format(id=one, needs=(other,)), encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.one -> x\.two -> x\.one"):
        registry.checks()


def test_what_only_deserves_attention_holds_up_nobody() -> None:
    advisory = {check.id for check in registry.checks().values() if not check.mandatory}
    assert advisory == {
        "database.charset",
        "database.keys",
        "database.read_only",
        "database.throughput",
        "grades.references",
    }
    assert not advisory & {need for check in registry.checks().values() for need in check.needs}


def test_a_check_waits_as_long_as_the_profile_says() -> None:
    profile = store.read(ROOT / "profiles" / "example-informix.yaml").profile
    patient = profile.model_copy(update={"webservice": profile.webservice.model_copy(update={"read_timeout": 600})})
    known = registry.checks()
    for id_ in ("webservice.reachable", "webservice.production_order", "webservice.purchase_order"):
        assert known[id_].seconds(patient) > 600
    assert known["database.login"].seconds(profile) > profile.database.login_timeout
    assert known["database.company"].seconds(profile) > profile.database.login_timeout + profile.database.lock_wait
