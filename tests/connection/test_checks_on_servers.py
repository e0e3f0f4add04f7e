"""The checks of the database page on real servers: their owner, a user that may only read, what is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.connection.logix_server import logix_on, reader_of
from tests.connection.servers import Source
from wizard.checklist.check import Outcome, Subject
from wizard.checklist.registry import chosen
from wizard.checklist.run import Run

PAGE = (
    "database.isolation",
    "database.charset",
    "database.company",
    "database.tables",
    "database.keys",
    "database.read_only",
    "database.throughput",
)


@dataclass(frozen=True)
class Logix:
    """A server with a Logix database: its owner, a user that may only read, and how the owner says statements."""

    owner: Source
    reader: Source
    say: Callable[..., Any]


@pytest.fixture(scope="module", params=["mariadb", "postgresql"])
def logix(request: pytest.FixtureRequest) -> Iterator[Logix]:
    source: Source = request.getfixturevalue(request.param)
    with logix_on(source) as say, reader_of(source, say) as reader:
        yield Logix(source, reader, say)


Answers = Callable[..., dict[str, Outcome]]


@pytest.fixture
def answers(make: Callable[..., Subject], data_sources: Callable[..., object]) -> Answers:
    """What some checks answer of a data source, each in its child."""

    def asked(source: Source, *ids: str, lock_wait: int = 30, **sections: Any) -> dict[str, Outcome]:
        data_sources(source)
        database = {**source.settings(), "lock_wait": lock_wait}
        report = Run(make(source.typed, database=database, **sections), chosen(ids)).run()
        return {result.check.id: result.outcome for result in report.results if result.check.id in ids}

    return asked


def codes(found: dict[str, Outcome]) -> dict[str, str]:
    return {id_: outcome.code for id_, outcome in found.items()}


def test_every_check_of_the_page_passes_for_a_user_that_may_only_read(logix: Logix, answers: Answers) -> None:
    found = answers(logix.reader, *PAGE, grades={"enabled": True})
    assert codes(found) == {
        "database.isolation": "database.isolation_asked",
        "database.charset": "database.charset_ok",
        "database.company": "company.found",
        "database.tables": "database.tables_readable",
        "database.keys": "database.keys_capital",
        "database.read_only": "database.read_only",
        "database.throughput": "database.speed",
    }
    assert {outcome.status for outcome in found.values()} == {"ok"}
    assert found["database.tables"].details["rows"].startswith("item 300")
    assert found["database.throughput"].details["rows"] == "300"


def test_an_owner_may_write(logix: Logix, answers: Answers) -> None:
    outcome = answers(logix.owner, "database.read_only")["database.read_only"]
    assert (outcome.status, outcome.code) == ("warn", "database.can_write")


def test_a_right_on_one_table_is_found(logix: Logix, answers: Answers) -> None:
    logix.say(f"GRANT UPDATE ON recurso TO {logix.reader.user}")
    try:
        outcome = answers(logix.reader, "database.read_only")["database.read_only"]
        assert (outcome.status, outcome.code) == ("warn", "database.can_write")
        assert outcome.message.startswith("This user may write to 1 of 41 tables")
        assert "recurso" in outcome.message
        # What the update does not read is no concern of this check.
        off = {"entities": {"grupo_maquina": False}}
        assert answers(logix.reader, "database.read_only", update=off)["database.read_only"].status == "ok"
    finally:
        logix.say(f"REVOKE UPDATE ON recurso FROM {logix.reader.user}")


def test_a_right_through_a_role_is_found(logix: Logix, answers: Answers) -> None:
    user = logix.reader.user
    if logix.owner.dsn == "APS_MARIADB":
        start = ("CREATE ROLE escrita", "GRANT INSERT ON logix.ordens TO escrita", f"GRANT escrita TO {user}")
        start = (*start, f"SET DEFAULT ROLE escrita FOR {user}")
        end = ("DROP ROLE escrita",)
    else:
        start = ("CREATE ROLE escrita", "GRANT INSERT ON ordens TO escrita", f"GRANT escrita TO {user}")
        end = ("DROP OWNED BY escrita", "DROP ROLE escrita")
    logix.say(*start)
    try:
        outcome = answers(logix.reader, "database.read_only")["database.read_only"]
    finally:
        logix.say(*end)
    # One server tells what a role may do, the other one not even whether it may write.
    if logix.owner.dsn == "APS_MARIADB":
        assert (outcome.status, outcome.code) == ("warn", "database.rights_unknown")
    else:
        assert (outcome.status, outcome.code) == ("warn", "database.can_write")
        assert "ordens" in outcome.message


def test_missing_and_forbidden_tables_and_columns_are_named_together(logix: Logix, answers: Answers) -> None:
    user = logix.reader.user
    logix.say(
        "ALTER TABLE cfp_equi RENAME TO outro_equi",
        "ALTER TABLE item_man RENAME COLUMN pct_refug TO pct",
        f"REVOKE SELECT ON unid_med FROM {user}",
        f"REVOKE SELECT ON familia FROM {user}",
        f"GRANT SELECT (cod_empresa, cod_familia) ON familia TO {user}",
    )
    try:
        outcome = answers(logix.reader, "database.tables")["database.tables"]
    finally:
        logix.say(
            "ALTER TABLE outro_equi RENAME TO cfp_equi",
            "ALTER TABLE item_man RENAME COLUMN pct TO pct_refug",
            f"REVOKE SELECT (cod_empresa, cod_familia) ON familia FROM {user}",
            f"GRANT SELECT ON unid_med TO {user}",
            f"GRANT SELECT ON familia TO {user}",
        )
    assert (outcome.status, outcome.code) == ("fail", "database.tables_missing")
    assert outcome.message.startswith("4 of 41 tables")
    assert "Missing columns: familia (den_familia), item_man (pct_refug)." in outcome.message
    before = outcome.message.partition("Missing columns")[0]
    assert "cfp_equi" in before
    assert "unid_med" in before
    assert "Grupo de Máquina" in outcome.hint
    assert "Unidade de Medida" in outcome.hint


@pytest.mark.parametrize("logix", ["mariadb"], indirect=True)
def test_a_locked_table_is_named_and_the_level_in_force(logix: Logix, answers: Answers) -> None:
    before = logix.say("SELECT @@global.lock_wait_timeout")
    logix.say("SET GLOBAL lock_wait_timeout = 1", "LOCK TABLES recurso WRITE")
    try:
        found = answers(logix.reader, "database.tables", "database.keys", lock_wait=1)
    finally:
        logix.say("UNLOCK TABLES", f"SET GLOBAL lock_wait_timeout = {before}")
    for outcome in found.values():
        assert (outcome.status, outcome.code) == ("fail", "database.row_locked")
        assert "Table: recurso." in outcome.message
        assert "The isolation level is " in outcome.hint


@pytest.mark.seed("R-GEN-05")
def test_small_letters_are_found_whatever_the_server_thinks_of_capitals(logix: Logix, answers: Answers) -> None:
    logix.say("UPDATE item SET cod_item = LOWER(cod_item) WHERE cod_item LIKE 'CAL00%'")
    try:
        outcome = answers(logix.reader, "database.keys")["database.keys"]
    finally:
        logix.say("UPDATE item SET cod_item = UPPER(cod_item)")
    assert (outcome.status, outcome.code) == ("warn", "database.keys_lower_case")
    assert "item.cod_item cal00" in outcome.message


def test_a_user_without_any_right_gets_answers_and_no_crash(logix: Logix, answers: Answers) -> None:
    if logix.owner.dsn == "APS_MARIADB":
        start, end = ("CREATE USER nada IDENTIFIED BY 'nada'", "GRANT USAGE ON *.* TO nada"), ("DROP USER nada",)
    else:
        start, end = ("CREATE ROLE nada LOGIN PASSWORD 'nada'",), ("DROP ROLE nada",)
    logix.say(*start)
    try:
        found = answers(replace(logix.owner, user="nada", password="nada"), "database.login", *PAGE)
    finally:
        logix.say(*end)
    assert not {outcome.status for outcome in found.values()} & {"crashed"}
    if logix.owner.dsn == "APS_MARIADB":
        assert found["database.login"].status == "fail"  # it may not even open the database
    else:
        assert found["database.tables"].code == "database.tables_missing"
        assert found["database.company"].status == found["database.throughput"].status == "fail"
        assert found["database.read_only"].code == "database.read_only"
