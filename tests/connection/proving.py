"""How a test proves a fault: the drivers, ways to ask them, and what has to come out for a row of the table."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.connection.servers import Source, library
from wizard.checklist.check import Outcome, Subject
from wizard.checklist.redact import redacted, without
from wizard.checklist.registry import checks
from wizard.connection.fault_table import ROWS, row_for
from wizard.connection.faults import explain
from wizard.connection.limits import login_seconds
from wizard.connection.said import heard
from wizard.isolated.host import Job

Make = Callable[..., Subject]
DataSources = Callable[..., Path]
Driver = Callable[[str, int], Source]
Ask = Callable[..., Outcome]
ProveAtOnce = Callable[..., list[Outcome]]

ROW = {row.name: row for row in ROWS}

USER, PASSWORD = "canario", "k4nar-13nv0gel"
TYPED = {"database.password": PASSWORD}

# --- the drivers -------------------------------------------------------------------------------


def _in_wheel(package: str, pattern: str) -> Path:
    """A driver as a wheel of the test requirements carries it; nothing of the wheel is imported."""
    if sys.platform != "linux":
        pytest.skip("the wheels' drivers are those of Linux here")
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    found = [file for folder in folders for file in sorted(Path(folder).glob(pattern))]
    if not found:
        pytest.skip(f"{package} is not installed: its distribution is one of installer/requirements/test.txt")
    return found[0]


def installed(name: str, package: str) -> Path:
    """A driver of a Debian package."""
    try:
        return library(name, package)
    except LookupError as error:
        pytest.skip(str(error))


def maria(host: str, port: int) -> Source:
    parts = {"SERVER": host, "PORT": port, "DATABASE": "logix"}
    return Source("MARIA", installed("libmaodbc.so", "odbc-mariadb"), parts, USER, PASSWORD)


def postgres(host: str, port: int) -> Source:
    parts = {"Servername": host, "Port": port, "Database": "logix"}
    return Source("POSTGRES", installed("psqlodbcw.so", "odbc-postgresql"), parts, USER, PASSWORD)


def freetds(host: str, port: int) -> Source:
    parts = {"Server": host, "Port": port, "TDS_Version": "7.4", "Database": "logix"}
    return Source("FREETDS", installed("libtdsodbc.so", "tdsodbc"), parts, USER, PASSWORD)


def mssql(host: str, port: int, encrypt: str = "yes") -> Source:
    """Microsoft's own driver; "strict" is the protocol of its version 18 that encrypts from the first byte."""
    driver = _in_wheel("mssql_python_odbc", "libs/linux/debian_ubuntu/x86_64/lib/libmsodbcsql-18*")
    return Source(f"MSSQL_{encrypt}", driver, {"Server": f"{host},{port}", "Encrypt": encrypt}, USER, PASSWORD)


def db2(host: str, port: int) -> Source:
    """The CLI driver of Db2. Under unixODBC it looks for its data sources in a file of its own (`_db2_sources`)."""
    parts = {"HOSTNAME": host, "PORT": port, "DATABASE": "logix"}
    return Source(f"DB2_{port}", _in_wheel("clidriver", "lib/libdb2.so"), parts, USER, PASSWORD)


def _db2_sources(*sources: Source) -> str:
    places = [
        f'<dsn alias="{source.dsn}" name="logix" host="{source.parts["HOSTNAME"]}" port="{source.parts["PORT"]}"/>'
        for source in sources
        if "HOSTNAME" in source.parts
    ]
    return f"<configuration><dsncollection>{''.join(places)}</dsncollection></configuration>"


def by_address(source: Source, host: str, port: int, **fields: Any) -> dict[str, Any]:
    """The section `database` of a profile that names driver, host and port."""
    driver = {"kind": "sqlserver", "driver": str(source.driver), "host": host, "port": port}
    return {**driver, "user": USER, "login_timeout": 5, **fields}


def oracle(host: str, port: int, **fields: Any) -> dict[str, Any]:
    """The section `database` of a profile for oracledb without a client."""
    target = {"kind": "oracle", "host": host, "port": port, "service": "logix", "user": USER}
    return {**target, "login_timeout": 1, **fields}


# --- asking ------------------------------------------------------------------------------------


def login_in_child(subject: Subject) -> Outcome:
    """What the check of the login says, in its child and within its limit."""
    request = {"check": "database.login", "subject": subject.to_json()}
    ending = Job("wizard.checklist.run:in_child", request, login_seconds(subject.profile)).run()
    assert ending.how == "done", ending
    return Outcome(**ending.answer)


@dataclass(frozen=True)
class Case:
    """A login -> the row that knows what comes of it, and the one that knows what a look met where there is a look.

    `database` is a source, to be asked by its DSN, or the section of a profile. `code` is that of the
    outcome where neither row has it (`Row.if_open`).
    """

    database: Source | Mapping[str, Any]
    row: str
    met: str = ""
    code: str = ""


@pytest.fixture
def prove_at_once(make: Make, data_sources: DataSources, monkeypatch: pytest.MonkeyPatch) -> ProveAtOnce:
    """Logins side by side, each in a child of its own: the time that they take is spent waiting."""

    def proved(*cases: Case) -> list[Outcome]:
        sources = [case.database for case in cases if isinstance(case.database, Source)]
        if sources:
            file = data_sources(*sources) / "db2dsdriver.cfg"
            file.write_text(_db2_sources(*sources), encoding="utf-8")
            monkeypatch.setenv("DB2DSDRIVER_CFG_PATH", str(file))

        def login(case: Case) -> Outcome:
            section = case.database
            if isinstance(section, Source):
                # The driver of Db2 tries a second time after five seconds, whatever limit it is given.
                section = section.settings(login_timeout=5 if "HOSTNAME" in section.parts else 1)
            return login_in_child(make(TYPED, database=section))

        with ThreadPoolExecutor(len(cases)) as pool:
            outcomes = list(pool.map(login, cases))
        for case, outcome in zip(cases, outcomes, strict=True):
            proves(outcome, case.row, met=case.met, code=case.code)
        return outcomes

    return proved


@pytest.fixture
def ask(make: Make) -> Ask:
    """What a check says of a section `database`, here and now: for drivers that answer at once."""

    def asked(database: Mapping[str, Any], id_: str = "database.login", typed: Mapping[str, str] = TYPED) -> Outcome:
        subject = make(dict(typed), database=database)
        return redacted(checks()[id_].run(subject), subject)

    return asked


def explained(run: Callable[[], Any]) -> Outcome:
    """What the error of a driver means, as a check would say it."""
    import pyodbc

    with pytest.raises(pyodbc.Error) as caught:
        run()
    return without(explain(str(caught.value)), [PASSWORD], [USER])


# --- what has to come out ----------------------------------------------------------------------


def proves(outcome: Outcome, name: str, *, met: str = "", code: str = "") -> None:
    """The outcome comes from this row, and from what the look met where one is named; it holds no secret."""
    row = ROW[name]
    assert row.test, f"{name} names no test, so it says that it is known from a manual only"
    assert outcome.status == "fail"
    found = row_for(*heard(outcome.details["original"]))
    assert (found and found.name) == name, (name, outcome)
    fault = ROW[met].fault if met else row.fault
    assert outcome.code == (code or fault.code), outcome
    assert outcome.message
    assert outcome.hint
    shown = json.dumps([outcome.message, outcome.hint, dict(outcome.details)])
    assert PASSWORD not in shown
    assert USER not in shown
