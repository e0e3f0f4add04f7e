"""The APS store: where it is, that it can be written, and that it belongs to one company alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.small_disk import small_disk
from wizard.checklist.check import Outcome, Subject
from wizard.connection.aps_store import default_file, identity, is_in_memory, store_url
from wizard.profile import store

Check = Callable[..., Outcome]
Make = Callable[..., Subject]

ID = "aps.store"


def failed(outcome: Outcome) -> str:
    """The code of an outcome that has to be a failure with something to do."""
    assert outcome.status == "fail"
    assert outcome.hint
    return outcome.code


# --- where it is -------------------------------------------------------------------------------


def test_without_an_address_it_is_a_file_beside_the_profile(make: Make, tmp_path: Path) -> None:
    subject = make()
    assert store_url(subject.profile, subject.file).database == str(tmp_path / "serra-azul.aps.sqlite")
    assert default_file(Path("/x/logix.01.yaml")) == Path("/x/logix.01.aps.sqlite")


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("sqlite:///aps.sqlite", "aps.sqlite"),
        ("sqlite:///../aps.sqlite", "../aps.sqlite"),
        ("sqlite:////x/a.db", "/x/a.db"),
    ],
)
def test_a_file_starts_at_the_folder_of_the_profile(make: Make, tmp_path: Path, url: str, database: str) -> None:
    subject = make(aps={"url": url})
    assert store_url(subject.profile, subject.file).database == str(tmp_path / database)


def test_a_server_stays_as_it_is_named(make: Make) -> None:
    subject = make(aps={"url": "postgresql+psycopg://aps@h/aps"})
    assert str(store_url(subject.profile, subject.file)) == "postgresql+psycopg://aps@h/aps"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("postgresql+psycopg://a@H/aps", "postgresql://b@h:5432/aps", True),
        ("postgresql://h/aps", "postgresql://h/aps2", False),
        ("postgresql://h/aps", "postgresql://h:5433/aps", False),
        ("postgresql://h/aps", "mysql://h/aps", False),
        ("sqlite:////x/y/../a.db", "sqlite+pysqlite:////x/a.db", True),
        ("sqlite:////x/a.db", "sqlite:////x/b.db", False),
    ],
)
def test_two_addresses_of_one_store_are_known_as_such(one: str, other: str, same: bool) -> None:
    assert (identity(make_url(one)) == identity(make_url(other))) is same


def test_a_store_in_memory_is_known_as_such() -> None:
    assert is_in_memory(make_url("sqlite://"))
    assert is_in_memory(make_url("sqlite:///:memory:"))
    assert not is_in_memory(make_url("sqlite:///a.db"))


# --- a file ------------------------------------------------------------------------------------


def test_the_check_does_not_make_the_store(check: Check, tmp_path: Path) -> None:
    outcome = check(ID)
    assert (outcome.status, outcome.code) == ("ok", "aps.will_be_made")
    assert "serra-azul.aps.sqlite" in outcome.message
    assert list(tmp_path.iterdir()) == []


def test_the_check_leaves_an_existing_store_as_it_is(check: Check, tmp_path: Path) -> None:
    file = tmp_path / "serra-azul.aps.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE item (a)")
        database.commit()
    before = file.read_bytes()
    assert check(ID).code == "aps.writable"
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_the_profile_will_make_is_no_fault(make: Make, tmp_path: Path) -> None:
    from wizard.checklist.registry import checks

    subject = Subject(make().profile, tmp_path / "new" / "deep" / "x.yaml")
    assert checks()[ID].run(subject).code == "aps.will_be_made"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(check: Check) -> None:
    assert failed(check(ID, aps={"url": "sqlite:///no/such/aps.sqlite"})) == "aps.no_folder"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody can write to")
def test_a_folder_that_cannot_be_written(check: Check) -> None:
    outcome = check(ID, aps={"url": "sqlite:////proc/aps.sqlite"})
    assert failed(outcome) == "aps.unwritable"
    assert outcome.details["original"]


def test_a_store_that_can_only_be_read(make: Make, tmp_path: Path) -> None:
    from wizard.checklist.registry import checks

    with small_disk(tmp_path / "disk") as disk:
        file = disk.folder / "serra-azul.aps.sqlite"
        with closing(sqlite3.connect(file)) as database:
            database.execute("CREATE TABLE item (a)")
        run = checks()[ID].run
        subject = Subject(make(aps={"url": f"sqlite:///{file}"}).profile, tmp_path / "x.yaml")
        assert run(subject).code == "aps.writable"
        disk.read_only(True)
        outcome = run(subject)
    assert failed(outcome) == "aps.unwritable"
    assert outcome.details == {"original": "attempt to write a readonly database"}


def test_a_store_that_another_program_holds(check: Check, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "serra-azul.aps.sqlite", isolation_level=None)) as holder:
        holder.execute("CREATE TABLE item (a)")
        holder.execute("BEGIN IMMEDIATE")
        outcome = check(ID)
    assert failed(outcome) == "aps.unwritable"
    assert outcome.details == {"original": "database is locked"}


def test_a_file_that_is_no_database(check: Check, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Anotações. " * 500, encoding="utf-8")
    outcome = check(ID, aps={"url": "sqlite:///notes.txt"})
    assert failed(outcome) == "aps.unwritable"
    assert outcome.details == {"original": "file is not a database"}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_store_that_would_be_gone_at_the_end_of_the_update(check: Check, tmp_path: Path, url: str) -> None:
    assert failed(check(ID, aps={"url": url})) == "aps.in_memory"
    assert list(tmp_path.iterdir()) == []


# --- one company, one store --------------------------------------------------------------------


def neighbour(make: Make, folder: Path, **sections: object) -> Path:
    """Another profile, written in the same folder."""
    return store.write(folder / "filial.yaml", make(name="Filial", **sections).profile, None).path


@pytest.mark.seed("R-GEN-02")
@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ("sqlite:///aps.sqlite", "sqlite:///aps.sqlite"),
        ("sqlite:///aps.sqlite", "sqlite:///x/../aps.sqlite"),
        (None, "sqlite:///serra-azul.aps.sqlite"),
        ("postgresql://h/aps", "postgresql+psycopg://aps@h:5432/aps"),
    ],
)
def test_a_store_that_another_profile_fills_is_refused(
    check: Check, make: Make, tmp_path: Path, mine: str | None, other: str
) -> None:
    neighbour(make, tmp_path, company={"logix": "02", "site": "02"}, aps={"url": other})
    outcome = check(ID, aps={"url": mine} if mine else {})
    assert failed(outcome) == "aps.shared"
    assert "filial.yaml" in outcome.message


@pytest.mark.seed("R-GEN-02")
def test_two_companies_by_default_have_two_stores(check: Check, make: Make, tmp_path: Path) -> None:
    neighbour(make, tmp_path, company={"logix": "02", "site": "02"})
    assert check(ID).status == "ok"


def test_the_profile_itself_is_no_other_profile(make: Make, tmp_path: Path) -> None:
    from wizard.checklist.registry import checks

    subject = make(aps={"url": "sqlite:///aps.sqlite"})
    store.write(subject.file, subject.profile, None)
    assert checks()[ID].run(subject).status == "ok"


def test_a_neighbour_that_cannot_be_read_or_has_a_wrong_address_is_no_fault_of_this_profile(
    check: Check, make: Make, tmp_path: Path
) -> None:
    (tmp_path / "broken.yaml").write_text("version: [", encoding="utf-8")
    neighbour(make, tmp_path, aps={"url": "postgresql://h:port/aps"})
    assert check(ID).status == "ok"


# --- a server ----------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["nosuchdb://h/aps", "postgresql+nosuch://h/aps", "postgresql://h:port/aps"])
def test_an_address_that_is_none(check: Check, url: str) -> None:
    assert failed(check(ID, aps={"url": url})) == "aps.url"


@pytest.mark.parametrize("url", ["mysql+mysqldb://aps@h/aps", "postgresql+pg8000://aps@h/aps"])
def test_a_driver_that_is_not_installed(check: Check, url: str) -> None:
    outcome = check(ID, aps={"url": url})
    assert failed(outcome) == "aps.driver_missing"
    assert outcome.details["original"]


def test_a_server_that_refuses(check: Check, closed_port: int) -> None:
    typed = {"aps.password": "any-password"}
    url = f"oracle+oracledb://aps@127.0.0.1:{closed_port}/?service_name=aps"
    assert failed(check(ID, typed, aps={"url": url})) == "database.port_refused"


def test_a_password_that_cannot_be_read(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APS_TEST_STORE", raising=False)
    aps = {"url": "oracle+oracledb://aps@h/aps", "password": "env:APS_TEST_STORE"}
    assert failed(check(ID, aps=aps)) == "secret.env_missing"
