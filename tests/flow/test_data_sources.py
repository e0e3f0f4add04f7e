"""What the page says of the data sources of a machine, and editing one: tables over the machine of the fixture."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.connection.odbc_machine import SECRET, Machine, build
from wizard.connection.data_sources import Listing, listing
from wizard.connection.dsn_installer import DsnError
from wizard.flow import data_sources, dsn_editing, state
from wizard.flow.dsn_editing import DsnDraft

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machine of the fixture is one of unixODBC")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    database = tmp_path / "logix.sqlite"
    database.touch()
    return build(tmp_path / "odbc", database, monkeypatch)


@pytest.fixture
def found(machine: Machine) -> Listing:
    return listing()


@pytest.fixture
def here(found: Listing) -> data_sources.Machine:
    return data_sources.machine(found)


# --- tables ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("LOGIX", ("ready", "IBM INFORMIX ODBC DRIVER", "ol_logix", "System DSN", "64 bit", "yes")),
        ("ERP", ("ready", "ODBC Driver 18 for SQL Server", "tcp:srv,1433", "System DSN", "64 bit", "yes")),
        ("ORA", ("broken", "Oracle 19 ODBC driver", "srv:1521/logix", "System DSN", "32 bit", "no")),
        ("GHOST", ("broken", "Ghost MariaDB", "srv", "System DSN", "-", "yes")),
        ("LOST", ("broken", "Informix of last year", "ol_old", "System DSN", "-", "yes")),
        ("STORED", ("ready, with a remark", "SQLite3", "", "System DSN", "64 bit", "yes")),
        ("MINE", ("ready, with a remark", "SQLite3", "", "user DSN", "64 bit", "no")),
    ],
)
def test_a_row_says_how_a_data_source_stands(here: data_sources.Machine, name: str, cells: tuple[str, ...]) -> None:
    (row,) = (row for row in here.rows if row.source.name == name)
    assert row.cells == (name, *cells)
    assert bool(row.told) == (row.state != "ok")


def test_what_is_told_of_a_driver_names_the_package(here: data_sources.Machine) -> None:
    told = {row.driver.name: " ".join(row.told) for row in here.drivers}
    assert "Oracle Instant Client" in told["Oracle 19 ODBC driver"]
    assert "64 bit" in told["Oracle 19 ODBC driver"]
    assert told["SQLite3"] == ""


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("informix", []),
        ("sqlserver", []),
        ("odbc", []),
        ("oracle", ["Oracle 19 ODBC driver", "32 bit", "64 bit", "Oracle Instant Client"]),
    ],
)
def test_a_missing_driver_says_which_one_for_which_bitness(
    here: data_sources.Machine, kind: str, words: list[str]
) -> None:
    told = data_sources.missing_driver(here, kind)
    assert bool(told) == bool(words)
    assert all(word in told for word in words), told


@pytest.mark.parametrize("kind", ["informix", "oracle", "sqlserver"])
def test_on_a_machine_without_any_driver_the_package_is_named(kind: str) -> None:
    package = {"informix": "Client SDK", "oracle": "Instant Client", "sqlserver": "msodbcsql18"}[kind]
    assert package in data_sources.missing_driver(data_sources.machine(Listing((), ())), kind)


def test_what_is_copied_holds_both_tables_and_no_password(here: data_sources.Machine) -> None:
    text = data_sources.copied(here)
    assert all(source.name in text for source in here.found.sources)
    assert all(driver.name in text for driver in here.found.drivers)
    assert SECRET not in text


# --- the field DSN -----------------------------------------------------------------------------


@pytest.mark.seed("R-PRE-06")
@pytest.mark.parametrize(
    ("kind", "first", "proposed"),
    [
        ("informix", ["LOGIX", "LOST"], ["LOGIX"]),
        ("sqlserver", ["ERP", "ERP_TEST"], []),
        ("oracle", ["ORA"], []),
        ("odbc", ["BYPATH", "DEMO", "ERP", "ERP_TEST", "LOGIX", "STORED", "MINE", "GHOST", "LOST", "ORA"], []),
    ],
)
def test_the_field_offers_system_dsns_that_fit_first(
    here: data_sources.Machine, kind: str, first: list[str], proposed: list[str]
) -> None:
    offered = data_sources.choices(here, kind)
    assert len(offered) == 10
    assert [choice.name for choice in offered][: len(first)] == first
    assert [choice.name for choice in offered if choice.proposed] == proposed
    assert all("proposed" in choice.text for choice in offered if choice.proposed)


@pytest.mark.seed("R-PRE-06")
@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("informix", "", ("info", "Proposed: LOGIX. It is the only System DSN", "LOGIX")),
        ("informix", "LOGIX", ("ok", "IBM INFORMIX ODBC DRIVER, ol_logix, System DSN, 64 bit", "")),
        ("informix", "logix", ("warn", "written LOGIX there", "LOGIX")),
        ("informix", "NOWHERE", ("fail", "There is no DSN named NOWHERE here. Proposed: LOGIX.", "LOGIX")),
        ("informix", "LOST", ("fail", "IBM Informix Client SDK", "")),
        ("informix", "ERP", ("warn", "not one for Informix", "")),
        ("sqlserver", "", ("", "", "")),
        ("sqlserver", "NOWHERE", ("fail", "ERP, ERP_TEST. Choose one.", "")),
        ("oracle", "", ("", "", "")),
        ("oracle", "ORA", ("fail", "32 bit", "")),
        ("odbc", "", ("info", "Several System DSNs", "")),
        ("odbc", "GHOST", ("fail", "libghost.so", "")),
        ("odbc", "MINE", ("warn", "user DSN", "")),
        ("odbc", "STORED", ("warn", "holds a password", "")),
    ],
)
def test_under_the_field_stands_what_is_to_be_said_of_the_name(
    here: data_sources.Machine, kind: str, name: str, expected: tuple[str, str, str]
) -> None:
    note = data_sources.note(here, kind, name)
    state_, words, use = expected
    assert (note.state, note.use) == (state_, use)
    assert words in note.text


def test_a_machine_with_nothing_says_what_to_do() -> None:
    note = data_sources.note(data_sources.machine(Listing((), ())), "informix", "")
    assert note.state == "warn"
    assert "Create one." in note.text
    assert data_sources.choices(data_sources.machine(Listing((), ())), "informix") == ()


def test_the_password_of_the_page_is_the_typed_one_then_the_kept_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = state.new_profile(tmp_path)
    assert data_sources.known_password(now) is None
    monkeypatch.setenv("APS_TRY", "kept")
    kept = state.edit(now, "database.password", "env:APS_TRY")
    assert data_sources.known_password(kept) == "kept"
    assert data_sources.known_password(state.type_secret(kept, "database.password", "typed")) == "typed"


# --- editing -----------------------------------------------------------------------------------


def draft_of(found: Listing, name: str) -> DsnDraft:
    source = found.named(name)
    assert source
    return dsn_editing.repair_draft(found, source)


def codes(draft: DsnDraft, found: Listing) -> list[str]:
    return sorted(problem.path for problem in dsn_editing.problems(draft, found))


def test_a_new_data_source_begins_with_what_the_profile_says(found: Listing) -> None:
    section = {"kind": "informix", "dsn": "LOGIX02", "host": "srv", "service": "1526", "server": "ol2", "database": "d"}
    draft = dsn_editing.new_draft(found, "informix", section)
    given = dsn_editing.keywords(draft, dsn_editing.form_of(draft, found))
    assert (draft.name, draft.driver, draft.scope) == ("LOGIX02", "IBM INFORMIX ODBC DRIVER", "system")
    assert {name: given[name] for name in ("Host", "Service", "Server", "Database")} == {
        "Host": "srv",
        "Service": "1526",
        "Server": "ol2",
        "Database": "d",
    }
    assert given["CLIENT_LOCALE"] == "en_us.8859-1"
    assert dsn_editing.problems(draft, found) == ()


@pytest.mark.parametrize(
    ("name", "driver", "wrong"),
    [
        ("LOST", "IBM INFORMIX ODBC DRIVER", ["keywords.Database"]),
        ("GHOST", "Ghost MariaDB", ["driver", "keywords.Database"]),
        ("ORA", "Oracle 19 ODBC driver", ["driver"]),
        ("DEMO", "SQLite3", []),
        ("BYPATH", None, []),
    ],
)
def test_a_repair_takes_a_driver_of_the_same_kind_that_works(
    found: Listing, name: str, driver: str | None, wrong: list[str]
) -> None:
    draft = draft_of(found, name)
    source = found.named(name)
    assert source
    assert draft.driver == (driver or source.driver)
    assert codes(draft, found) == wrong
    assert bool(dsn_editing.driver_note(draft, found)) == ("driver" in wrong)


def test_a_broken_one_is_repaired_and_reads_back(found: Listing) -> None:
    draft = dsn_editing.typed(draft_of(found, "LOST"), "Database", "logix")
    repaired = dsn_editing.save(draft, found)
    assert (repaired.driver, repaired.problem) == ("IBM INFORMIX ODBC DRIVER", "")
    assert (repaired.get("Server"), repaired.get("Database")) == ("ol_old", "logix")
    assert repaired.get("CLIENT_LOCALE") == "", "what it never held is not put into it"


def test_saving_takes_a_password_out(found: Listing, machine: Machine) -> None:
    assert dsn_editing.save(draft_of(found, "STORED"), found).problems == ()
    assert SECRET not in machine.system.read_text("utf-8")


def test_saving_keeps_what_the_form_does_not_know(found: Listing, machine: Machine) -> None:
    machine.system.write_text(machine.system.read_text("utf-8").replace("NoCreat=1", "NoCreat=1\nFKSupport=1"), "utf-8")
    fresh = listing()
    draft = draft_of(fresh, "DEMO")
    assert dsn_editing.kept_keywords(draft, dsn_editing.form_of(draft, fresh)) == ("FKSupport",)
    saved = dsn_editing.save(dsn_editing.typed(draft, "Description", "Logix"), fresh)
    assert (saved.get("FKSupport"), saved.description) == ("1", "Logix")


def test_what_is_wrong_stands_at_its_place_and_nothing_is_written(found: Listing, machine: Machine) -> None:
    before = machine.system.read_bytes()
    with pytest.raises(DsnError) as raised:
        dsn_editing.save(DsnDraft("a;b", "IBM INFORMIX ODBC DRIVER", values={"server": ""}), found)
    assert set(dsn_editing.by_place(raised.value)) == {"name", "keywords.Server", "keywords.Database"}
    assert machine.system.read_bytes() == before


def test_a_password_typed_anywhere_is_refused_without_a_place(found: Listing) -> None:
    draft = DsnDraft("NEW", "SQLite3", values={"database": "x", "description": "pwd=hunter2"})
    with pytest.raises(DsnError) as raised:
        dsn_editing.save(draft, found)
    told = dsn_editing.by_place(raised.value)
    assert "" in told
    assert "hunter2" not in str(told)


def test_values_survive_a_change_of_driver(found: Listing) -> None:
    draft = dsn_editing.typed(DsnDraft("X", "IBM INFORMIX ODBC DRIVER"), "Database", "logix")
    other: Mapping[str, str] = dsn_editing.keywords(
        dsn_editing.replace(draft, driver="ODBC Driver 18 for SQL Server"),
        dsn_editing.form_of(dsn_editing.replace(draft, driver="ODBC Driver 18 for SQL Server"), found),
    )
    assert (other["Database"], other["Encrypt"]) == ("logix", "yes")


def test_every_driver_is_offered_those_that_work_first(found: Listing) -> None:
    offered = dsn_editing.drivers(draft_of(found, "LOST"), found)
    assert [state_ for _name, state_, _word in offered] == ["ok", "ok", "ok", "fail", "fail"]
    assert all(word for _name, state_, word in offered if state_ == "fail")
    gone = dsn_editing.drivers(DsnDraft("X", "Not here"), found)
    assert gone[-1] == ("Not here", "fail", "not installed")
