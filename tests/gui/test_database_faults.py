"""Every class of fault that can be provoked, from the cause to the person: in the window and in `check --json`.

One profile is written for a fault, tested by the button of the page, and meanwhile checked by the command in a process
of its own. Of the rows of the table that tell one fault, the quickest to provoke stands for all: the others are proved
at the connection (tests/connection/test_faults_*). Where a check looks before any driver is asked, it tells the fault
in its own words, which name what it found.
"""

from __future__ import annotations

import socket
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.cli.calling import answer, start
from tests.connection import peers
from tests.connection.proving import PASSWORD, ROW, USER, Driver, installed, maria, oracle, postgres
from tests.connection.servers import Source
from tests.connection.sites import Site, demands_encryption, opened
from tests.gui.heart import Heart, stall_seconds
from tests.patience import PATIENCE, PATIENCE_MS
from wizard.connection.causes import Fault
from wizard.connection.fault_table import ROWS
from wizard.flow import state as flow
from wizard.gui.window import Window
from wizard.profile.load import profile_from_data, profile_to_text
from wizard.profile.models import Profile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="drivers and network of Linux")

HOST = "127.0.0.1"
LIMIT = 1
"""Seconds that a login may take; the check has a margin beyond it."""

Section = Mapping[str, Any]


@dataclass(frozen=True)
class Bench:
    """What faults are provoked with."""

    folder: Path
    write: Callable[..., Path]
    fixture: Callable[[str], Any]

    def by_dsn(self, source: Source, **fields: Any) -> Section:
        """The section of a profile that goes to a source by its DSN, which is the only one of this machine."""
        self.write(source)
        return source.settings(**{"login_timeout": LIMIT, **fields})

    def site(self, name: str) -> Site:
        """A real server, with the table of companies."""
        found: Site = self.fixture(name)
        return found


Provoked = Callable[[Bench], AbstractContextManager[Section]]


@dataclass(frozen=True)
class Case:
    """A fault: how it is provoked, the row that knows it, the one that knows what a look met, and who tells it.

    `own` is the code, a word of the cause and a word of the action, of a check that looks for itself.
    """

    row: str
    provoked: Provoked
    met: str = ""
    check: str = "database.login"
    own: tuple[str, str, str] | None = None

    @property
    def fault(self) -> Fault:
        """What it is."""
        return ROW[self.met or self.row].fault

    @property
    def code(self) -> str:
        """What people may quote."""
        return self.own[0] if self.own else self.fault.code


# --- ways to provoke ---------------------------------------------------------------------------


def settings(make: Callable[[Bench], Section]) -> Provoked:
    """By settings that nobody has to stand by for."""

    @contextmanager
    def provoked(bench: Bench) -> Iterator[Section]:
        yield make(bench)

    return provoked


def library(change: Callable[[bytes], bytes | None]) -> Provoked:
    """By a data source whose driver is SQLite's with a change; None takes it away."""

    def make(bench: Bench) -> Section:
        content = change(installed("libsqlite3odbc.so", "libsqliteodbc").read_bytes())
        file = bench.folder / "libchanged.so"
        if content is not None:
            file.write_bytes(content)
        return bench.by_dsn(Source("LOGIX", file, {}, USER))

    return settings(make)


def talking(driver: Driver, talk: peers.Talk, **parts: object) -> Provoked:
    """By somebody at the port who talks so."""

    @contextmanager
    def provoked(bench: Bench) -> Iterator[Section]:
        with peers.peer(talk) as port:
            source = driver(HOST, port)
            yield bench.by_dsn(replace(source, parts={**source.parts, **parts}))

    return provoked


def refusing(server: str, words: str, **parts: object) -> Provoked:
    """By what the administrator of a real server did, or by what the data source asks of it."""

    @contextmanager
    def provoked(bench: Bench) -> Iterator[Section]:
        site = bench.site(server)
        site.admin.execute(words)
        yield bench.by_dsn(replace(site.source, parts={**site.source.parts, **parts}), login_timeout=5)

    return provoked


def vanishing(address: str) -> Provoked:
    """By a network that does not lead to the server."""

    @contextmanager
    def provoked(bench: Bench) -> Iterator[Section]:
        section = bench.by_dsn(postgres(address, 5432))
        with peers.in_black_hole():
            yield section

    return provoked


def lite(*statements: str) -> Provoked:
    """By a file of SQLite that somebody prepared so; without a statement it is none."""

    @contextmanager
    def provoked(bench: Bench) -> Iterator[Section]:
        file = bench.folder / "other.sqlite"
        if not statements:
            file.write_text("This is no database. " * 200, encoding="utf-8")
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            for statement in statements:
                database.execute(statement)
            yield {"kind": "sqlite", "file": str(file), "lock_wait": 0}

    return provoked


@contextmanager
def encrypted(bench: Bench) -> Iterator[Section]:
    """By a server that takes nobody unencrypted."""
    site = bench.site("pg_site")
    with demands_encryption(site):
        yield bench.by_dsn(site.source, login_timeout=5)


@contextmanager
def stranger(bench: Bench) -> Iterator[Section]:
    """By a server whose certificate nobody has signed."""
    with peers.peer(peers.postgresql_tls(peers.own_certificate(bench.folder))) as port:
        source = postgres(HOST, port)
        yield bench.by_dsn(replace(source, parts={**source.parts, "SSLmode": "verify-full"}))


@contextmanager
def taking_long(bench: Bench) -> Iterator[Site]:
    """A server where reading the companies takes twenty seconds."""
    site = bench.site("pg_site")
    for words in (
        "DROP TABLE empresa",
        "CREATE VIEW empresa AS SELECT '01' AS cod_empresa, pg_sleep(20)::text AS den_empresa",
        f"GRANT SELECT ON empresa TO {USER}",
    ):
        site.admin.execute(words)
    try:
        yield site
    finally:
        site.admin.execute("DROP VIEW empresa")


@contextmanager
def slow(bench: Bench) -> Iterator[Section]:
    """By a query that takes longer than the server lets this user."""
    with taking_long(bench) as site:
        site.admin.execute(f"ALTER ROLE {USER} SET statement_timeout = '300ms'")
        yield bench.by_dsn(site.source, login_timeout=5)


@contextmanager
def killed(bench: Bench) -> Iterator[Section]:
    """By an administrator who ends every session that reads the companies."""
    ended = threading.Event()

    def kill(session: Any) -> None:
        query = f"FROM pg_stat_activity WHERE usename = '{USER}' AND state = 'active' AND query LIKE '%empresa%'"
        while not ended.wait(0.1):
            session.execute(f"SELECT pg_terminate_backend(pid) {query}").fetchall()

    with taking_long(bench) as site, closing(opened(site.admins)) as session:
        thread = threading.Thread(target=kill, args=[session])
        thread.start()
        try:
            yield bench.by_dsn(site.source, login_timeout=5)
        finally:
            ended.set()
            thread.join(10)


def unregistered(bench: Bench) -> Section:
    """A data source that names a driver of which nobody knows here."""
    (bench.write() / "odbc.ini").write_text("[LOGIX]\nDriver=Informix Nope\n", encoding="utf-8")
    return {"kind": "odbc", "dsn": "LOGIX", "user": USER}


def nowhere(bench: Bench) -> Section:
    """A data source that is not there."""
    bench.write()
    return {"kind": "odbc", "dsn": "LOGIX", "user": USER}


def alias(bench: Bench) -> Section:
    """A TNS alias that no tnsnames.ora has."""
    return oracle(HOST, 1, tns="LOGIX")


NEEDED = b"libsqlite3.so.0\0"

CASES = (
    # This machine.
    Case("manager.open_lib", library(lambda content: None), "loader.missing", "database.driver",
         ("odbc.library_missing", "libchanged.so", "64 bit")),
    Case("manager.open_lib", library(lambda content: content[:4] + b"\1" + content[5:]), "loader.bitness",
         "database.driver", ("odbc.other_bitness", "32 bit", "64 bit")),
    Case("manager.open_lib", library(lambda content: content.replace(NEEDED, b"libsqliteX.so.0\0")), "loader.needs",
         "database.driver"),
    Case("manager.open_lib", library(lambda content: b"This is no library. " * 50), "loader.damaged",
         "database.driver", ("odbc.library_unusable", "no library", "again")),
    Case("manager.no_driver", settings(lambda bench: bench.by_dsn(
        Source("LOGIX", next(Path("/usr/lib").glob("*/libm.so.6")), {}, USER)))),
    Case("manager.driver_unregistered",
         settings(lambda bench: {"kind": "sqlserver", "driver": "Informix Nope", "host": HOST}),
         check="database.driver", own=("database.driver_unregistered", "Informix Nope", "64 bit")),
    Case("manager.dsn", settings(unregistered), "dsn.driver_unregistered", "database.driver",
         ("odbc.driver_not_registered", "Informix Nope", "64 bit")),
    Case("manager.dsn", settings(nowhere), check="database.reachable", own=("database.dsn_unknown", "LOGIX", "System")),
    Case("oracle.no_alias", settings(alias)),
    Case("oracle.no_client", settings(lambda bench: oracle(HOST, 1, tns="LOGIX", client_folder=str(bench.folder))),
         check="database.driver"),
    Case("sqlite.no_file", lite()),
    Case("sqlite.row_locked", lite("CREATE TABLE empresa (cod_empresa, den_empresa)", "BEGIN EXCLUSIVE")),
    # The way to the server.
    Case("postgresql.name", settings(lambda bench: bench.by_dsn(postgres("no-such-host.invalid", 5432)))),
    Case("mariadb.connect", settings(lambda bench: bench.by_dsn(maria(HOST, bench.fixture("closed_port")))),
         "tcp.refused"),
    Case("postgresql.timeout", vanishing(peers.SILENT_ADDRESS), "tcp.silent"),
    Case("postgresql.unreachable", vanishing(peers.BARRED_ADDRESS)),
    Case("postgresql.timeout", talking(postgres, peers.silent)),
    Case("postgresql.other_product", talking(postgres, peers.http)),
    Case("postgresql.closed", talking(postgres, peers.closing)),
    Case("postgresql.certificate", stranger),
    # The server.
    Case("mariadb.machine", talking(maria, peers.mysql_error(1130, "Host '127.0.0.1' is not allowed to connect"))),
    Case("mariadb.expired", refusing("maria_site", f"ALTER USER {USER} PASSWORD EXPIRE")),
    Case("postgresql.tls_required", encrypted),
    Case("postgresql.no_tls", refusing("pg_site", "SELECT 1", SSLmode="require")),
    Case("postgresql.login", refusing("pg_site", f"ALTER ROLE {USER} PASSWORD 'another'")),
    Case("postgresql.no_login", refusing("pg_site", f"ALTER ROLE {USER} NOLOGIN")),
    Case("postgresql.too_many_of_user", refusing("pg_site", f"ALTER ROLE {USER} CONNECTION LIMIT 0")),
    Case("postgresql.no_database", refusing("pg_site", "SELECT 1", DATABASE="no_such")),
    Case("postgresql.database_closed",
         refusing("pg_site", "ALTER DATABASE other ALLOW_CONNECTIONS false", DATABASE="other")),
    Case("postgresql.database_denied",
         refusing("pg_site", "REVOKE CONNECT ON DATABASE other FROM PUBLIC", DATABASE="other")),
    # The tables.
    Case("postgresql.no_table", refusing("pg_site", "DROP TABLE empresa"), check="database.company"),
    Case("postgresql.table_denied", refusing("pg_site", f"REVOKE SELECT ON empresa FROM {USER}"),
         check="database.company"),
    Case("postgresql.no_column", refusing("pg_site", "ALTER TABLE empresa DROP COLUMN den_empresa"),
         check="database.company"),
    Case("postgresql.query_time", slow, check="database.company"),
    Case("postgresql.killed", killed, check="database.company"),
)  # fmt: skip


# --- the tests ---------------------------------------------------------------------------------


UNREACHABLE = {"database.option_wrong"}
"""No field of a profile leads there: what a driver does not know in a connection string, it passes over in a DSN."""


def test_no_class_of_fault_that_can_be_provoked_is_missed() -> None:
    assert {case.fault.code for case in CASES} == {row.fault.code for row in ROWS if row.test} - UNREACHABLE
    told = {(case.code, case.fault.code) for case in CASES}
    assert len({code for code, _fault in told}) == len(told), "each by a code of its own"


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def bench(
    tmp_path: Path,
    data_sources: Callable[..., Path],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Bench:
    monkeypatch.setenv("APS_TEST_PASSWORD", PASSWORD)
    for name in ("TNS_ADMIN", "ORACLE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return Bench(tmp_path, data_sources, request.getfixturevalue)


def written(folder: Path, section: Section) -> tuple[Path, Profile]:
    """The profile over this section `database`; its password is the one of these tests."""
    secret = {"password": "env:APS_TEST_PASSWORD"} if "user" in section else {}
    profile = profile_from_data(
        {
            "name": "Serra Azul",
            "environment": "test",
            "company": {"logix": "01", "site": "01"},
            "database": {**section, **secret},
            "webservice": {"url": "http://127.0.0.1:1/ws"},
        }
    )
    file = folder / "serra-azul.yaml"
    file.write_text(profile_to_text(profile), encoding="utf-8")
    return file, profile


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.row}-{case.code}")
def test_a_fault_leads_to_its_own_cause_and_action(
    case: Case, bench: Bench, make_window: Callable[[Path], Window], qtbot: QtBot
) -> None:
    with case.provoked(bench) as section:
        file, _profile = written(bench.folder, section)
        command = start("check", file, "--only", case.check, "--json")
        try:
            window = make_window(bench.folder)
            window.begin(flow.open_profile(file, "database"))
            panel = window.page.checks
            QTest.mouseClick(panel.test, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda: panel.states()[case.check] not in ("pending", "running"), timeout=PATIENCE_MS)
            shown = panel._rows[case.check]
            window.checking.cancel()
            qtbot.waitUntil(lambda: not window.background.busy, timeout=PATIENCE_MS)
            out, err = command.communicate(timeout=PATIENCE)
        finally:
            command.kill()
            command.wait()
    result = window.state.results[case.check]
    told = [shown._message.text(), shown._hint.text()]
    assert shown.state == result.outcome.status == "fail"
    assert shown._details.text().splitlines()[0] == case.code
    assert (command.returncode, err) == (1, "")
    found = next(one for one in answer(out)["checks"] if one["id"] == case.check)
    assert (found["status"], found["code"]) == ("fail", case.code)
    assert [found["message"], found["hint"]] == told
    if case.own:
        assert case.own[1] in told[0]
        assert case.own[2] in told[1]
    else:
        assert told == [case.fault.cause, case.fault.action]
    for text in (out, shown._details.text(), *told):
        assert PASSWORD not in text
        assert USER not in text


# --- the window meanwhile ----------------------------------------------------------------------


def hanging(bench: Bench) -> AbstractContextManager[Section]:
    """MariaDB's driver at a server that never speaks: it knows no limit."""
    return talking(maria, peers.silent)(bench)


@contextmanager
def beating(bench: Bench) -> Iterator[Section]:
    """A server that answers everything, with as many checks as there are."""
    yield bench.by_dsn(bench.site("pg_site").source, login_timeout=5)


@pytest.mark.parametrize(
    "provoked", [hanging, vanishing(peers.SILENT_ADDRESS), beating], ids=["hanging", "black hole", "answering"]
)
def test_the_window_never_stalls_while_the_checks_of_the_page_run(
    provoked: Provoked, bench: Bench, make_window: Callable[[Path], Window], qtbot: QtBot
) -> None:
    with provoked(bench) as section:
        file, _profile = written(bench.folder, section)
        window = make_window(bench.folder)
        window.begin(flow.open_profile(file, "database"))
        qtbot.waitUntil(lambda: not window.background.busy)
        panel, heart = window.page.checks, Heart()
        QTest.mouseClick(panel.test, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not window.background.busy, timeout=2 * PATIENCE_MS)
        heart.stop()
    assert panel.states()["database.login"] == ("ok" if provoked is beating else "fail")
    assert heart.beats > 10
    assert heart.longest < stall_seconds()


def test_a_hung_check_ends_with_escape_and_leaves_no_process(
    bench: Bench, make_window: Callable[[Path], Window], qtbot: QtBot
) -> None:
    with hanging(bench) as section:
        file, _profile = written(bench.folder, section)
        window = make_window(bench.folder)
        window.begin(flow.open_profile(file, "database"))
        panel = window.page.checks
        QTest.mouseClick(panel.test, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: panel.states()["database.login"] == "running", timeout=PATIENCE_MS)
        QTest.keyClick(window, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not window.background.busy)
        assert panel.states()["database.login"] == "pending", "not tested, as before, and not given up"
        assert [child for child in psutil.Process().children(recursive=True) if child.is_running()] == []
