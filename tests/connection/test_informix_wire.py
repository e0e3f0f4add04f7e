"""What an Informix session says on the wire, seen by a stand-in behind a real ODBC driver (`stand_in`).

The checks run as they do everywhere: each in its child, through the driver manager, by a data source.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.connection.stand_in import LOCKED, USER, Refused, StandIn, Table, data_source, stand_in
from wizard.checklist.check import Outcome, Subject
from wizard.checklist.registry import checks, chosen
from wizard.checklist.run import Result, Run
from wizard.grades import import_job
from wizard.grades.import_result import Import, Wish

ROOT = Path(__file__).resolve().parents[2]

# The driver says the level in words of its own before ours.
ATTRIBUTE = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL "
OPENED = [f"{ATTRIBUTE}READ UNCOMMITTED", "SET ISOLATION TO DIRTY READ", "SET LOCK MODE TO WAIT 30"]
READ_BACK = (
    "SELECT isolevel FROM sysmaster:sysrstcb r, sysmaster:systxptab t "
    "WHERE r.sid = DBINFO('sessionid') AND t.address = r.txp"
)
COMPANIES = "SELECT empresa.cod_empresa, empresa.den_empresa FROM empresa"


@dataclass
class Logix:
    """A few rows of Logix. `locked` says how many queries of a table meet a locked row before one is answered."""

    locked: dict[str, int] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)

    def answer(self, sql: str) -> Table:
        if "cod_item" in sql:
            return Table(("cod_item",), [["CAMISA         "]])
        if sql.startswith("SELECT count(*)"):
            return Table(("count_1",), [[len(self.tables[_table(sql)].rows)]])
        return self.tables.get(_table(sql)) or Table(("cod_empresa", "den_empresa"), [["01", "Serra Azul   "]])

    def met(self, sql: str) -> None:
        left = self.locked.get(_table(sql), 0)
        if left:
            self.locked[_table(sql)] = left - 1
            raise Refused(LOCKED)


def _table(sql: str) -> str:
    return sql.partition("FROM ")[2].split()[0]


Site = Callable[..., tuple[StandIn, Subject]]


@pytest.fixture
def site(make: Callable[..., Subject], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Start the stand-in and make a profile of kind informix that leads to it; extra fields are the database's."""
    with ExitStack() as stack:

        def opened(logix: Logix, *, pooling: bool = False, **database: Any) -> tuple[StandIn, Subject]:
            server = stack.enter_context(stand_in(logix.answer, logix.met))
            try:
                variables = data_source(tmp_path / "odbc", server.port, pooling=pooling)
            except LookupError as error:
                pytest.skip(str(error))
            for name, value in variables.items():
                monkeypatch.setenv(name, value)
            monkeypatch.delenv("ODBCINSTINI", raising=False)
            section = {"kind": "informix", "dsn": "LOGIX", "user": USER, **database}
            return server, make({"database.password": "any"}, database=section)

        yield opened


def run(subject: Subject, id_: str) -> dict[str, Result]:
    return {result.check.id: result for result in Run(subject, chosen([id_])).run().results}


def said(server: StandIn, session: int) -> list[str]:
    """What a session said on one line each, but for what the driver asks for itself while it logs in."""
    lines = [" ".join(sql.split()) for sql in server.of_session(session)]
    first = next((at for at, line in enumerate(lines) if line.startswith((ATTRIBUTE, "SET ISOLATION"))), len(lines))
    return [line for line in lines[first:] if not line.startswith("DEALLOCATE")]


@pytest.mark.seed("R-PRE-07")
def test_the_level_is_said_before_anything_is_asked_and_then_read_back(site: Site) -> None:
    server, subject = site(Logix())
    results = run(subject, "database.company")
    assert results["database.company"].outcome.message == "Company 01 is Serra Azul."
    assert server.sessions == 2
    assert said(server, 1) == OPENED
    assert said(server, 2) == [*OPENED, READ_BACK, COMPANIES]


@pytest.mark.seed("R-PRE-07")
def test_the_level_in_force_is_told_as_it_was_read_back(site: Site) -> None:
    _server, subject = site(Logix())
    outcome = run(subject, "database.isolation")["database.isolation"].outcome
    assert (outcome.status, outcome.code) == ("ok", "database.isolation_read_back")
    assert outcome.details["isolation"] == "Read Uncommitted (dirty read)"


class WithOwnTable(Logix):
    """A site that keeps a table for the proof: a row in it is seen once, and gone when it was taken back."""

    def answer(self, sql: str) -> Table:
        if sql.startswith(("SELECT COUNT(*) FROM aps_wizard", "select COUNT(*) FROM aps_wizard")):
            self.locked["counts"] = self.locked.get("counts", 0) + 1
            return Table(("count",), [[1 if self.locked["counts"] == 1 else 0]])
        if "aps_wizard" in sql:
            return Table(("a",), [])
        return super().answer(sql)


@pytest.mark.seed("R-PRE-07")
def test_the_row_of_the_proof_is_taken_back_and_never_waited_for(site: Site) -> None:
    server, subject = site(WithOwnTable(), proof_table="aps_wizard")
    outcome = run(subject, "database.isolation")["database.isolation"].outcome
    assert outcome.code == "database.isolation_proved", outcome
    assert "an uncommitted row is seen" in outcome.message
    heard = [line for session in range(1, server.sessions + 1) for line in said(server, session)]
    about = [line for line in heard if "aps_wizard" in line or line.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK"))]
    insert = next(at for at, line in enumerate(about) if line.startswith("INSERT INTO aps_wizard VALUES ("))
    assert about[insert - 1].startswith("BEGIN")
    assert about[insert + 1].startswith("ROLLBACK")
    assert not [line for line in heard if line.upper().startswith(("COMMIT", "CREATE", "DROP", "DELETE", "UPDATE"))]
    assert "SET LOCK MODE TO NOT WAIT" in heard


def test_another_level_and_no_wait_are_said_as_the_profile_has_them(site: Site) -> None:
    server, subject = site(Logix(), isolation="read_committed", lock_wait=0)
    outcome = run(subject, "database.isolation")["database.isolation"].outcome
    assert outcome.code == "database.isolation_advice"
    # What the driver asks for itself, for the default of its server, comes behind.
    assert said(server, 2)[:4] == [
        f"{ATTRIBUTE}READ COMMITTED",
        "SET ISOLATION TO COMMITTED READ",
        "SET LOCK MODE TO NOT WAIT",
        READ_BACK,
    ]


# --- a row locked by another -------------------------------------------------------------------


def test_a_query_that_meets_a_locked_row_is_repeated_and_the_repeats_are_counted(site: Site) -> None:
    server, subject = site(Logix({"empresa": 2}))
    outcome = run(subject, "database.company")["database.company"].outcome
    assert (outcome.status, outcome.code) == ("ok", "company.found")
    assert outcome.details == {"companies": "1", "repeats": "2"}
    # Asked three times, all in one session.
    assert said(server, 2) == [*OPENED, READ_BACK, COMPANIES, COMPANIES, COMPANIES]
    first, second, third = server.times("FROM empresa")
    assert 0.2 <= second - first < third - second


STAYS_LOCKED = [
    ("read_uncommitted", "Read Uncommitted (dirty read). Test again"),
    ("read_committed", "Read Committed. Choose Read Uncommitted (dirty read), as the manual recommends"),
]


@pytest.mark.seed("R-PRE-07")
@pytest.mark.parametrize(("isolation", "hint"), STAYS_LOCKED)
def test_a_row_that_stays_locked_is_explained_with_the_level(site: Site, isolation: str, hint: str) -> None:
    server, subject = site(Logix({"empresa": 1000}), lock_wait=2, isolation=isolation)
    outcome = run(subject, "database.company")["database.company"].outcome
    assert (outcome.status, outcome.code) == ("fail", "database.row_locked")
    asked = server.times("FROM empresa")
    assert len(asked) >= 3
    assert outcome.details["repeats"] == str(len(asked) - 1)
    assert f"{len(asked)} attempts" in outcome.message
    assert hint in outcome.hint
    assert "(-244)" in outcome.details["original"]
    assert "(-107)" in outcome.details["original"]
    # The row stays locked for far more queries; the check was not cut off, which would be told by another code.
    assert len(asked) < 100


def test_a_level_that_was_not_taken_is_named_when_a_row_is_locked(site: Site) -> None:
    server, subject = site(Logix({"empresa": 1000}), lock_wait=1)
    server.deaf = True
    assert run(subject, "database.isolation")["database.isolation"].outcome.code == "database.isolation_differs"
    hint = run(subject, "database.company")["database.company"].outcome.hint
    assert "Read Committed, although Read Uncommitted (dirty read) was chosen" in hint


def test_a_server_that_waits_itself_leaves_the_check_time_to_say_so(site: Site) -> None:
    class Waiting(Logix):
        def met(self, sql: str) -> None:  # noqa: ARG002 - every query
            # Within SET LOCK MODE TO WAIT 4; the repeat begins late and waits as long again.
            time.sleep(2.2)
            raise Refused(LOCKED)

    server, subject = site(Waiting(), lock_wait=4, login_timeout=1)
    outcome = run(subject, "database.company")["database.company"].outcome
    assert (outcome.code, outcome.details["repeats"]) == ("database.row_locked", "1")
    assert len(server.times("FROM empresa")) == 2
    known = checks()
    least = known["database.login"].seconds(subject.profile) + 2 * 4
    assert known["database.company"].seconds(subject.profile) >= least


CTR_GRADE = Table(
    ("cod_grade", "descr_cabec_zoom", "nom_tabela_zoom", "descr_col_1_zoom", "descr_col_2_zoom", "ies_ctr_empresa"),
    [[1, "Cor   ", "cor", "cod_cor", "den_cor", "S"], [2, "Dono", "cor", "user", "den_cor", "S"]],
)
COR = Table(("cod_cor", "den_cor"), [["AZUL ", "Azul"], ["VERDE", "Verde"], ["azul ", "Azul"]])
ITEMS = Table(tuple(f"num_grade_{slot}" for slot in range(1, 6)), [[1, 0, 0, 0, 0]])
SYSTABLES = Table(("tabid", "tabtype"), [[100, "T"]])
# CHAR(15) NOT NULL, CHAR(30), CHAR(2).
SYSCOLUMNS = Table(
    ("colname", "coltype", "collength", "extended"),
    [["cod_cor", 256, 15, ""], ["den_cor", 0, 30, ""], ["cod_empresa", 0, 2, ""], ["user", 0, 8, ""]],
)
GRADES = {"ctr_grade": CTR_GRADE, "item_ctr_grade": ITEMS, "cor": COR, "systables": SYSTABLES, "syscolumns": SYSCOLUMNS}


def imported(subject: Subject) -> Import | Outcome:
    ending = import_job.import_job(subject, Wish()).run()
    assert ending.how == "done", ending
    return import_job.from_child(ending.answer)


@pytest.mark.seed("R-1.9-02", "R-1.9-03")
def test_the_import_of_grade_types_asks_in_the_words_of_informix_and_repeats(site: Site) -> None:
    server, subject = site(Logix({"ctr_grade": 1, "cor": 3}, GRADES))
    found = imported(subject)
    assert isinstance(found, Import)
    assert [(grade.code, grade.contents) for grade in found.grades.types] == [(1, 2)]
    assert found.grades.combinations == ((1,),)
    # The count, which only serves the progress, met the first locked row of cor.
    # `user` without quotes would be the name of whoever logged in.
    assert [(finding.type, finding.kind) for finding in found.findings if finding.serious] == [(2, "refused")]
    slots = ", ".join(f"item_ctr_grade.num_grade_{slot}" for slot in range(1, 6))
    types = (
        "SELECT ctr_grade.cod_grade, ctr_grade.descr_cabec_zoom, ctr_grade.nom_tabela_zoom, "
        "ctr_grade.descr_col_1_zoom, ctr_grade.descr_col_2_zoom, ctr_grade.ies_ctr_empresa "
        "FROM ctr_grade WHERE ctr_grade.cod_empresa = $1 ORDER BY ctr_grade.cod_grade"
    )
    first = said(server, 1)
    assert first[:5] == [*OPENED, READ_BACK, types]
    assert first.count(types) == 2
    assert first.count(f"SELECT DISTINCT {slots} FROM item_ctr_grade WHERE item_ctr_grade.cod_empresa = $1") == 1
    # Contents are read by sessions of their own, one for each time that is needed.
    contents = "SELECT cod_cor, den_cor FROM cor WHERE cod_empresa = '01'"
    reads = [lines for number in range(2, server.sessions + 1) if contents in (lines := said(server, number))]
    assert len(reads) == 3
    for lines in reads:
        assert lines[:2] == ["SET ISOLATION TO DIRTY READ", "SET LOCK MODE TO WAIT 30"]


def test_an_import_that_stays_locked_gives_no_half_of_the_types(site: Site) -> None:
    _server, subject = site(Logix({"cor": 1000}, GRADES), lock_wait=1)
    found = imported(subject)
    assert isinstance(found, Outcome)
    assert found.code == "database.row_locked"
    assert "Read Uncommitted" in found.hint


# --- one session after another -----------------------------------------------------------------

TWO_SESSIONS = """
from pathlib import Path
from wizard.connection.session import engine
from wizard.profile.kinds.informix import InformixDatabase
from wizard.profile.kinds.odbc import OdbcDatabase

QUERY = InformixDatabase.ISOLATION_QUERY
for settings in (InformixDatabase(dsn="LOGIX", user="aps"), OdbcDatabase(dsn="LOGIX", user="aps")):
    with engine(settings.session("any", Path())).connect() as connection:
        print(connection.exec_driver_sql(QUERY).scalar_one())
"""


def test_a_session_does_not_inherit_the_level_of_the_one_before(site: Site) -> None:
    # The driver manager is told to keep connections and to give them out again.
    server, _subject = site(Logix(), pooling=True)
    done = subprocess.run(
        [sys.executable, "-c", TWO_SESSIONS],
        cwd=ROOT,
        env=os.environ.copy(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # 1 is dirty read, 2 what a session has that was told nothing.
    assert done.stdout.split() == ["1", "2"]
    assert server.sessions == 2
    assert said(server, 1) == [*OPENED, READ_BACK]
    assert [line for line in server.of_session(2) if "ISOLATION LEVEL" in line or "SET ISOLATION" in line] == []
