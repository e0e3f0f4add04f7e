"""How an item stands: what checks found, what persons said, what the profile remembers; tables of cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.checklist.conftest import Make
from wizard.checklist import confirmations
from wizard.checklist.check import Outcome, Status
from wizard.checklist.confirmations import Confirmations
from wizard.checklist.items import BY_ID, ITEMS, Item
from wizard.checklist.registry import checks, engine_checks
from wizard.checklist.run import Result, validation
from wizard.checklist.standing import FILTERS, WORDS, Standing, overall, shown, stand, to_run_again
from wizard.engine.proof import Proof, keep
from wizard.profile.models import Profile

NOBODY = Confirmations()


def results(default: Status = "ok", **other: Status) -> Mapping[str, Result]:
    """Every check with an outcome; `database_login="fail"` gives another to one."""
    named = {id_.replace(".", "_"): id_ for id_ in checks()}
    told = {named[name]: status for name, status in other.items()}
    return {
        id_: Result(check, Outcome(told.get(id_, default), "x.y", f"{id_} said", "do it"), 5)
        for id_, check in checks().items()
    }


def of(standings: tuple[Standing, ...], id_: str) -> Standing:
    return next(standing for standing in standings if standing.item.id == id_)


@pytest.fixture
def profile(make: Make) -> Profile:
    return make().profile


@pytest.fixture
def informix(make: Make) -> Profile:
    return make(database={"kind": "informix", "dsn": "LOGIX"}).profile


def confirmed(folder: Path, profile: Profile, *items: str) -> Confirmations:
    file = folder / "serra-azul.yaml"
    for item in items:
        confirmations.confirm(file, profile, item, "Ana", "seen on the server")
    return confirmations.read(file).confirmations


def proved(folder: Path, profile: Profile, *failed: str) -> Confirmations:
    file = folder / "serra-azul.yaml"
    results = {
        id_: Result(check, Outcome("fail" if id_ in failed else "ok", "x.y", "", ""), 5)
        for id_, check in engine_checks().items()
    }
    keep(file, profile, Proof("svc-aps", datetime(2026, 3, 4, tzinfo=UTC), results, not failed))
    return confirmations.read(file).confirmations


# --- one item ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ({}, "ok"),
        ({"aps_store": "warn"}, "warn"),
        ({"aps_store": "fail"}, "fail"),
        ({"aps_store": "crashed"}, "fail"),
        ({"aps_store": "skipped"}, "open"),
    ],
)
@pytest.mark.seed("R-GEN-02")
def test_an_item_stands_as_its_check(profile: Profile, found: dict[str, Status], status: str) -> None:
    one = of(stand(profile, results(**found), NOBODY), "one_database")
    assert (one.status, one.message, one.asked) == (status, "aps.store said", False)
    assert one.hint == ("" if status == "ok" else "do it")


@pytest.mark.parametrize(
    ("found", "status", "said"),
    [
        ({}, "ok", "All 10 checks passed."),
        ({"database_login": "warn"}, "warn", "database.login said"),
        ({"database_login": "warn", "webservice_reachable": "fail"}, "fail", "webservice.reachable said"),
        ({"database_login": "fail", "database_company": "skipped"}, "fail", "database.login said"),
        ({"secret_readable": "skipped", "database_login": "warn"}, "open", "secret.readable said"),
    ],
)
@pytest.mark.seed("R-CHK-02", "R-PRE-05", "R-PRE-08")
def test_the_worst_check_speaks_for_the_item(
    profile: Profile, found: dict[str, Status], status: str, said: str
) -> None:
    one = of(stand(profile, results(**found), NOBODY), "parameters")
    if "All" in said:
        said = f"All {len(one.checks)} checks passed."
    assert (one.status, one.message) == (status, said)


@pytest.mark.seed("R-CHK-03", "R-PRE-10")
@pytest.mark.parametrize(
    ("enabled", "found", "status"),
    [
        (False, {}, "unused"),
        (False, {"grades_ctr_grade": "warn"}, "warn"),
        (False, {"grades_ctr_grade": "skipped"}, "unused"),
        (True, {}, "ok"),
        (True, {"grades_sizes": "fail"}, "fail"),
        (True, {"grades_references": "fail"}, "warn"),
    ],
)
def test_grades_count_only_where_they_are_used(
    make: Make, enabled: bool, found: dict[str, Status], status: str
) -> None:
    profile = make(grades={"enabled": enabled}).profile
    assert of(stand(profile, results(**found), NOBODY), "grades").status == status


@pytest.mark.seed("R-PRE-06", "R-PRE-07")
def test_dsn_and_isolation_count_for_informix(profile: Profile, informix: Profile) -> None:
    found = results(database_login="warn", database_data_source="fail")
    told = {id_: of(stand(informix, found, NOBODY), id_).status for id_ in ("system_dsn", "isolation", "bits")}
    assert told == {"system_dsn": "fail", "isolation": "warn", "bits": "fail"}
    told = {id_: of(stand(profile, results(), NOBODY), id_).status for id_ in ("system_dsn", "isolation", "bits")}
    assert told == {"system_dsn": "unused", "isolation": "unused", "bits": "ok"}


def test_without_a_run_everything_is_open_or_asked(profile: Profile) -> None:
    for one in stand(profile, {}, NOBODY):
        assert one.status in ("open", "unused"), one.item.id
        assert one.hint or one.status == "unused"


def test_what_the_profile_remembers_counts_until_it_is_edited(make: Make) -> None:
    subject = make()
    kept = validation(results(aps_store="fail"), subject, datetime.now(UTC))
    before = subject.profile.model_copy(update={"validation": kept})
    assert of(stand(before, {}, NOBODY), "one_database").status == "fail"
    assert "kept in the profile" in of(stand(before, {}, NOBODY), "one_database").message
    edited = before.model_copy(update={"company": before.company.model_copy(update={"logix": "02"})})
    assert of(stand(edited, {}, NOBODY), "one_database").status == "open"
    assert of(stand(before, results(), NOBODY), "one_database").status == "ok", "what ran now counts more"


# --- a person's word ---------------------------------------------------------------------------

ASKED = [item.id for item in ITEMS if item.ask and not item.proved_by(checks())]


@pytest.mark.seed("R-PRE-01", "R-PRE-02", "R-PRE-03", "R-PRE-04", "R-GEN-05", "R-GEN-06", "R-PRE-11", "R-1.27-05")
@pytest.mark.parametrize("item", ASKED)
def test_what_no_program_knows_is_open_until_a_person_confirms_it(tmp_path: Path, profile: Profile, item: str) -> None:
    if BY_ID[item].probe and BY_ID[item].probe() is not None:
        pytest.skip("found out on this machine")
    one = of(stand(profile, results(), NOBODY), item)
    assert (one.status, one.asked) == ("open", True)
    assert one.hint.startswith("Confirm that ")
    one = of(stand(profile, results(), confirmed(tmp_path, profile, item)), item)
    assert (one.status, one.stale) == ("ok", False)
    assert one.message.startswith("Confirmed by Ana on ")
    assert one.message.endswith(": seen on the server")


@pytest.mark.seed("R-CHK-01", "R-CFG-02", "R-CFG-03", "R-CFG-04")
def test_the_server_files_need_the_services_and_a_person(tmp_path: Path, profile: Profile) -> None:
    said = confirmed(tmp_path, profile, "server_files")
    cases = [
        (results(), said, "ok"),
        (results(), NOBODY, "open"),
        (results(webservice_purchase_order="fail"), said, "fail"),
        (results(webservice_purchase_order="fail"), NOBODY, "fail"),
        ({}, said, "open"),
    ]
    for found, known, status in cases:
        assert of(stand(profile, found, known), "server_files").status == status


@pytest.mark.parametrize(
    ("item", "edit", "stale"),
    [
        ("windows", {"company": {"logix": "02", "site": "01"}}, True),
        ("windows", {"engine_account": {"kind": "user", "name": "aps"}}, True),
        ("windows", {"environment": "production"}, True),
        ("windows", {"notes": "x"}, False),
        ("windows", {"webservice": {"url": "http://other/ws"}}, False),
        ("server_files", {"webservice": {"url": "http://other/ws"}}, True),
        ("licences", {"webservice": {"url": "http://other/ws"}}, True),
        ("releases", {"database": {"kind": "informix", "dsn": "LOGIX"}}, True),
        ("demand", {"database": {"kind": "informix", "dsn": "LOGIX"}}, True),
        ("license_server", {"database": {"kind": "informix", "dsn": "LOGIX"}}, False),
    ],
)
def test_a_confirmation_goes_stale_when_what_it_covers_changes(
    tmp_path: Path, make: Make, item: str, edit: dict[str, object], stale: bool
) -> None:
    said = confirmed(tmp_path, make().profile, item)
    one = of(stand(make(**edit).profile, results(), said), item)
    assert one.stale is stale
    assert one.status == ("stale" if stale else "ok")


def test_waiting_longer_for_a_database_makes_nothing_stale(tmp_path: Path, make: Make) -> None:
    before = make()
    said = confirmed(tmp_path, before.profile, "releases")
    patient = make(database={"kind": "sqlite", "file": before.profile.database.file, "query_timeout": 300})
    assert of(stand(patient.profile, results(), said), "releases").status == "ok"


def test_a_confirmation_of_an_item_that_covers_other_things_now_is_stale(tmp_path: Path, profile: Profile) -> None:
    said = confirmed(tmp_path, profile, "windows")
    older = said.confirmations[0].model_copy(update={"covers": ("environment",)})
    known = Confirmations(confirmations=(older,))
    assert of(stand(profile, results(), known), "windows").status in (
        "stale",
        "ok" if BY_ID["windows"].probe() else "stale",
    )


# --- all of them -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "everything", "expected"),
    [
        ({}, True, "ok"),
        ({"aps_store": "warn"}, True, "ok"),
        ({}, False, "open"),
        ({"aps_store": "skipped"}, True, "open"),
        ({"aps_store": "fail"}, False, "failed"),
        ({"aps_store": "crashed"}, True, "failed"),
        ({"grades_references": "fail"}, True, "ok"),
    ],
)
def test_how_it_stands_in_all(
    tmp_path: Path, profile: Profile, found: dict[str, Status], everything: bool, expected: str
) -> None:
    asked = [item.id for item in ITEMS if item.ask and item.mandatory] if everything else []
    assert overall(stand(profile, results(**found), confirmed(tmp_path, profile, *asked))) == expected


def test_what_is_only_advised_blocks_nothing(tmp_path: Path, profile: Profile) -> None:
    optional = Item("o", "Optional", "", ask="Confirm that", covers=("environment",), mandatory=False)
    needed = Item("m", "Mandatory", "", ask="Confirm that", covers=("environment",))
    assert overall(stand(profile, {}, NOBODY, (optional,))) == "ok"
    assert overall(stand(profile, {}, NOBODY, (optional, needed))) == "open"


def test_a_new_item_is_one_entry(profile: Profile) -> None:
    fresh = Item("new", "New", "Why", checks=("aps.*",), probe=lambda: Outcome("warn", "a.b", "Seen here.", "Look."))
    (one,) = stand(profile, results(), NOBODY, (fresh,))
    assert (one.status, one.message, one.hint, one.checks) == ("warn", "Seen here.", "Look.", ("aps.store",))


# --- "Prove it" ----------------------------------------------------------------------------------

SERVICE = {"kind": "service", "name": "svc-aps"}


def test_a_proof_is_told_with_who_and_when_and_goes_stale_when_the_profile_changes(tmp_path: Path, make: Make) -> None:
    profile = make(engine_account=SERVICE).profile
    before = of(stand(profile, results(), NOBODY), "engines")
    assert (before.status, before.blocks) == ("open", True)
    assert "Prove it" in before.hint
    said = proved(tmp_path, profile)
    found = of(stand(profile, results(), said), "engines")
    assert (found.status, found.asked, found.stale) == ("ok", False, False)
    assert "Proved as svc-aps on Mar" in found.message
    told = found.to_json()["proof"]
    assert told == {
        "account": "svc-aps",
        "at": "2026-03-04T00:00:00+00:00",
        "passed": True,
        "failed": [],
        "stale": False,
    }
    assert of(stand(make(engine_account=SERVICE, notes="x").profile, {}, said), "engines").status == "ok"
    for edit in (
        {"engine_account": {"kind": "service", "name": "other"}},
        {"engine_account": SERVICE, "webservice": {"url": "http://other/ws", "password": "env:X"}},
        {"engine_account": SERVICE, "database": {"kind": "informix", "dsn": "OTHER"}},
    ):
        stale = of(stand(make(**edit).profile, {}, said), "engines")
        assert (stale.status, stale.stale, stale.blocks) == ("stale", True, True)


def test_a_proof_that_failed_names_what_did_not_pass(tmp_path: Path, make: Make) -> None:
    profile = make(engine_account=SERVICE).profile
    found = of(stand(profile, results(), proved(tmp_path, profile, "engine.dsn", "engine.logs")), "engines")
    assert (found.status, found.blocks) == ("fail", True)
    assert found.message.endswith("not everything worked: DSN visible, Log folder writable.")
    again = of(stand(profile, results(), proved(tmp_path, profile)), "engines")
    assert again.status == "ok", "the last one counts"


def test_who_runs_the_engines_himself_needs_no_proof_and_may_have_one(tmp_path: Path, profile: Profile) -> None:
    assert of(stand(profile, results(), NOBODY), "engines").status == "unused"
    assert of(stand(profile, results(), proved(tmp_path, profile)), "engines").status == "ok"


def test_a_proof_of_an_account_of_before_keeps_nobody_back(tmp_path: Path, profile: Profile, make: Make) -> None:
    then = make(engine_account={"kind": "user", "name": "engine"}).profile
    found = of(stand(profile, results(), proved(tmp_path, then)), "engines")
    assert (found.status, found.blocks) == ("unused", False)


def test_a_proof_and_confirmations_keep_each_other(tmp_path: Path, profile: Profile) -> None:
    proved(tmp_path, profile)
    both = confirmed(tmp_path, profile, "demand")
    assert both.proof is not None
    assert proved(tmp_path, profile).of("demand") is not None
    assert confirmations.withdraw(tmp_path / "serra-azul.yaml", "demand").confirmations.proof is not None


def test_filters_show_what_they_say(profile: Profile) -> None:
    found = stand(profile, results(aps_store="fail", database_company="warn"), NOBODY)
    assert shown(found, "all") == found
    assert {one.status for one in shown(found, "open")} == {"open"}
    assert {one.item.id for one in shown(found, "failed")} == {"one_database"}
    assert set().union(*FILTERS.values()) == set(WORDS)


def test_only_what_did_not_pass_is_run_again(profile: Profile) -> None:
    found = results(webservice_reachable="fail", webservice_purchase_order="skipped", aps_store="warn")
    again = to_run_again(stand(profile, found, NOBODY))
    assert set(again) == {"webservice.reachable", "webservice.purchase_order"}
    assert to_run_again(stand(profile, results(), NOBODY)) == ()
    assert to_run_again(stand(profile, {}, NOBODY)) == ()


def test_what_failed_when_the_profile_was_proved_is_run_again(make: Make) -> None:
    subject = make()
    kept = validation(results(aps_store="fail", database_login="skipped"), subject, datetime.now(UTC))
    profile = subject.profile.model_copy(update={"validation": kept})
    assert set(to_run_again(stand(profile, {}, NOBODY))) == {"aps.store", "database.login"}
    assert to_run_again(stand(profile, results(), NOBODY)) == ()


def test_the_json_of_an_item_has_exactly_the_shape_of_the_contract(tmp_path: Path, profile: Profile) -> None:
    said = confirmed(tmp_path, profile, "server_files")
    told = of(stand(profile, results(), said), "server_files").to_json()
    assert list(told) == [
        "id", "status", "title", "why", "mandatory", "rules", "message", "hint", "asked", "checks", "confirmation",
        "proof",
    ]  # fmt: skip
    assert list(told["confirmation"]) == ["by", "at", "evidence", "stale"]
    assert [check["id"] for check in told["checks"]] == ["webservice.production_order", "webservice.purchase_order"]
    assert of(stand(profile, {}, NOBODY), "grades").to_json()["confirmation"] is None
