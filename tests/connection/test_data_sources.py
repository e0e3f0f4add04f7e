"""Which data sources and drivers are found, what is said to be wrong with them, and which one is proposed."""

from __future__ import annotations

import ctypes
import itertools
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.cli.calling import environment, without
from tests.connection.odbc_machine import ELF32, ELF64, SECRET, Machine, build, pe
from tests.patience import PATIENCE
from wizard.connection import data_sources_unix, ini_file
from wizard.connection.data_sources import (
    DataSource,
    Listing,
    address_of,
    by_severity,
    explain,
    explain_driver,
    library_state,
    listing,
    propose,
)
from wizard.connection.library_file import bits_of, version_in_name

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="unixODBC's files; the registry has tests of its own")


@pytest.fixture
def machine(tmp_path: Path, logix_file: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return build(tmp_path / "odbc", logix_file, monkeypatch)


def found() -> dict[str, DataSource]:
    return {source.name: source for source in listing().sources}


# --- listing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LOGIX", ("system", 64, True, ())),
        ("DEMO", ("system", 64, True, ())),
        ("ERP", ("system", 64, True, ())),
        ("ERP_TEST", ("system", 64, True, ())),
        ("BYPATH", ("system", 64, True, ())),
        ("ORA", ("system", 32, False, ("odbc.other_bitness",))),
        ("GHOST", ("system", None, True, ("odbc.library_missing",))),
        ("LOST", ("system", None, True, ("odbc.driver_not_registered",))),
        ("STORED", ("system", 64, True, ("odbc.password_stored",))),
        ("MINE", ("user", 64, False, ("odbc.user_dsn",))),
    ],
)
def test_each_of_the_ten_is_listed_rightly(
    machine: Machine, name: str, expected: tuple[str, int | None, bool, tuple[str, ...]]
) -> None:
    assert len(found()) == 10
    source, problems = found()[name], expected[-1]
    assert (source.scope, source.bits, source.seen_by_engines, source.problems) == expected
    assert source.problem == (problems[0] if problems else "")
    assert len(explain(source)) == len(problems)
    assert all(problem.message and problem.action for problem in explain(source))
    assert source.reason


def test_what_a_data_source_leads_to_is_told(machine: Machine) -> None:
    logix = found()["LOGIX"]
    assert (logix.driver, logix.description) == ("IBM INFORMIX ODBC DRIVER", "Logix produção")
    assert (logix.server, logix.database) == ("ol_logix", "logix")
    assert found()["ORA"].server == "srv:1521/logix"
    # The registered spelling, whatever the data source says.
    assert found()["DEMO"].driver == "SQLite3"


def test_the_five_drivers_are_listed_with_bitness_and_version(machine: Machine) -> None:
    drivers = {driver.name: driver for driver in listing().drivers}
    assert {name: (d.bits, d.problem) for name, d in drivers.items()} == {
        "SQLite3": (64, ""),
        "IBM INFORMIX ODBC DRIVER": (64, ""),
        "ODBC Driver 18 for SQL Server": (64, ""),
        "Oracle 19 ODBC driver": (32, "odbc.other_bitness"),
        "Ghost MariaDB": (None, "odbc.library_missing"),
    }
    assert drivers["ODBC Driver 18 for SQL Server"].version == "18.3.2.1"
    assert drivers["Oracle 19 ODBC driver"].version == "19.1"
    assert explain_driver(drivers["SQLite3"]) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ORA", ["32 bit", "64 bit", "Oracle Instant Client"]),
        ("GHOST", ["Ghost MariaDB", "libghost.so", "64 bit", "MariaDB Connector/ODBC"]),
        ("LOST", ["Informix of last year", "64 bit", "IBM Informix Client SDK"]),
    ],
)
def test_a_missing_driver_is_named_with_its_bitness_and_the_vendors_package(
    machine: Machine, name: str, words: list[str]
) -> None:
    told = str(explain(found()[name])[0])
    assert all(word in told for word in words), told


@pytest.mark.seed("R-PRE-06")
@pytest.mark.parametrize("where", ["system", "user", "drivers"])
def test_the_driver_of_informix_has_to_be_told_how_unicode_is_written(machine: Machine, where: str) -> None:
    said = "[ODBC]\nUNICODE=UCS-2\n"
    machine.drivers.write_text(machine.drivers.read_text("utf-8").replace(said, "[ODBC]\nTrace=0\n"), "utf-8")
    assert found()["LOGIX"].problems == ("odbc.unicode_unset",)
    assert found()["LOST"].problems == ("odbc.driver_not_registered", "odbc.unicode_unset")
    assert found()["DEMO"].problems == ()
    assert found()["LOGIX"].usable
    (told,) = explain(found()["LOGIX"])
    assert "-11060" in told.message
    assert told.action == f"Put a section [ODBC] with UNICODE=UCS-2 into {machine.system}."
    file: Path = getattr(machine, where)
    text = file.read_text("utf-8").replace("[ODBC]\nTrace=0\n", "")
    file.write_text(f"{said}{text}", "utf-8")
    assert found()["LOGIX"].problems == ()


def test_a_stored_password_is_never_returned(machine: Machine) -> None:
    everything = listing()
    assert SECRET not in repr(everything)
    assert SECRET not in json.dumps([source.to_json() for source in everything.sources])
    stored = found()["STORED"]
    assert (stored.get("password"), stored.get("UID")) == ("", "aps")


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PWD", "x1"),
        ("pwd", "x1"),
        ("Password", "x1"),
        ("SSL Key Password", "x1"),
        ("Senha", "x1"),
        ("UserID", "scott/x1"),
        ("Options", "a=1;PWD=x1"),
        ("AccessToken", "x1"),
    ],
)
def test_whatever_holds_a_password_is_told_and_left_out(machine: Machine, keyword: str, value: str) -> None:
    machine.system.write_text(f"[A]\nDriver=SQLite3\n{keyword}={value}\nDescription=d\n", encoding="utf-8")
    source = found()["A"]
    assert source.problems == ("odbc.password_stored",)
    assert source.keywords == (("Driver", "SQLite3"), ("Description", "d"))


def test_an_empty_password_keyword_is_nothing_to_complain_about(machine: Machine) -> None:
    machine.system.write_text("[A]\nDriver=SQLite3\nPWD=\n", encoding="utf-8")
    assert found()["A"].problems == ()


def test_a_system_dsn_that_a_user_dsn_hides_is_marked(machine: Machine) -> None:
    machine.user.write_text("[demo]\nDriver=SQLite3\n", encoding="utf-8")
    sources = {(source.name, source.scope): source.problems for source in listing().sources}
    assert sources["DEMO", "system"] == ("odbc.shadowed",)
    assert sources["demo", "user"] == ("odbc.user_dsn",)


def test_a_file_that_is_the_users_and_the_systems_counts_once_and_for_all(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODBCINI", f"{machine.folder}/../odbc/odbc.ini")
    assert len(listing().sources) == 9
    assert {source.scope for source in listing().sources} == {"system"}


def test_a_second_section_of_one_name_is_marked_and_does_not_count(machine: Machine) -> None:
    machine.system.write_text("[A]\nDriver=SQLite3\n[B]\n[a]\nDriver=Ghost MariaDB\n", encoding="utf-8")
    assert found()["A"].problems == ("odbc.twice",)
    assert found()["B"].problems == ("odbc.no_driver",)
    assert found()["A"].driver == "SQLite3"


def test_text_of_old_windows_programs_is_read(machine: Machine) -> None:
    machine.system.write_bytes("[A]\r\nDRIVER=sqlite3\r\ndescription = Produção\r\n".encode("cp1252"))
    assert (found()["A"].description, found()["A"].problem) == ("Produção", "")


def test_a_file_that_only_some_accounts_may_read_is_not_seen_by_the_engines(machine: Machine) -> None:
    machine.system.chmod(0o640)
    source = found()["DEMO"]
    assert not source.seen_by_engines
    assert str(machine.system) in source.reason


# --- as unixODBC finds them --------------------------------------------------------------------

ASK = "import json, pyodbc\nprint(json.dumps([sorted(pyodbc.dataSources()), sorted(pyodbc.drivers())]))\n"


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"ODBCINI": ""},
        {"ODBCINI": "{folder}/odbc.ini"},
        {"ODBCINI": "{folder}/no/such.ini"},
        {"ODBCINSTINI": "more.ini"},
        {"ODBCINSTINI": "{folder}/more.ini"},
        {"ODBCINSTINI": "../odbc/more.ini"},
        {"ODBCSYSINI": "{folder}/elsewhere"},
    ],
    ids=str,
)
def test_the_driver_manager_finds_the_same(
    machine: Machine, home: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    (machine.folder / "more.ini").write_text("[Another]\nDriver=/nowhere.so\n", encoding="utf-8")
    (machine.folder / "elsewhere").mkdir()
    (home / ".odbcinst.ini").write_text("[Of the user]\nDriver=/nowhere.so\n[ghost mariadb]\n", encoding="utf-8")
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(folder=machine.folder))
    here = listing()
    answer = subprocess.run([sys.executable, "-c", ASK], capture_output=True, check=True, timeout=30).stdout
    sources, drivers = json.loads(answer)
    assert sorted({source.name for source in here.sources}) == sources
    assert sorted(driver.name for driver in here.drivers) == drivers


_numbers = itertools.count()
_LINES = st.lists(
    st.one_of(
        st.sampled_from([
            "[A]", "[ B ]", "[a]", "[A", " [C]", "[]", "k=1", "K=2", " k = 3 ", "k", "=v", "# c", "; c", " # c",
            "k=a=b", "k=a;b", "k= # x", "", "   ", "k=[A]", "\tk=4", "k =", "[A] x", "k={a b}",
        ]),
        st.text("aAkK=[]#; \t.", max_size=12),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=300)
@given(lines=_LINES)
@example(lines=["k=1", "[A]"])
@example(lines=["[A]", "k=" + "x" * 990])
def test_keywords_are_read_as_the_driver_manager_reads_them(
    lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Its own reading of a file, asked of the library that is installed."""
    library = ctypes.CDLL("libodbcinst.so.2")
    # A name of its own each time: the library remembers what it read.
    path = tmp_path_factory.getbasetemp() / f"lines-{os.getpid()}-{next(_numbers)}.ini"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        file = ini_file.read(path)
    except ini_file.IniUnreadable:
        file = ini_file.EMPTY
    for section, keyword in itertools.product(("A", "B", "C"), ("k",)):
        buffer = ctypes.create_string_buffer(2000)
        library.SQLGetPrivateProfileString(section.encode(), keyword.encode(), b"", buffer, 2000, str(path).encode())
        ours = file.section(section)
        assert (ours.get(keyword) if ours else "") == buffer.value.decode()


def test_without_driver_manager_and_tools_everything_is_listed(machine: Machine, tmp_path: Path) -> None:
    code = "from wizard.connection.data_sources import listing\nprint(len(listing().sources))"
    path = f"{tmp_path / 'site'}{os.pathsep}{Path(__file__).resolve().parents[2]}"
    env = environment(**without(tmp_path / "site", "pyodbc", "ctypes") | {"PYTHONPATH": path, "PATH": ""})
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True, timeout=30)
    assert done.stdout.split() == [b"10"]


def test_the_folder_compiled_in_is_asked_of_the_tool() -> None:
    told = subprocess.run(
        ["odbcinst", "-j"],
        env={name: value for name, value in os.environ.items() if not name.startswith("ODBC")},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    ).stdout
    assert f"SYSTEM DATA SOURCES: {data_sources_unix.compiled_folder()}/odbc.ini" in told


# --- hostile files -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"stray\n[A]\nDriver=SQLite3\n", "odbc.file_damaged"),
        (b"\xef\xbb\xbf[A]\nDriver=SQLite3\n", "odbc.file_damaged"),
        (b"\x7fELF" + bytes(range(256)) * 50, "odbc.file_damaged"),
        (b"[A]\n" + b"x" * 5_000_000, "odbc.file_too_large"),
        (b"[A]\n[B]\n" * 200_000, "odbc.file_too_large"),
    ],
    ids=["stray", "byte order mark", "binary", "huge", "sections"],
)
def test_a_file_that_cannot_be_used_is_told_and_the_rest_is_listed(machine: Machine, content: bytes, code: str) -> None:
    machine.system.write_bytes(content)
    here = listing()
    assert [problem.code for problem in here.problems] == [code]
    assert [source.name for source in here.sources] == ["MINE"]
    assert len(here.drivers) == 5


@pytest.mark.parametrize("kind", ["pipe", "folder", "loop"])
def test_what_is_no_file_does_not_hold_anybody_up(machine: Machine, kind: str) -> None:
    machine.system.unlink()
    if kind == "pipe":
        os.mkfifo(machine.system)
    elif kind == "folder":
        machine.system.mkdir()
    else:
        machine.system.symlink_to(machine.system)
    here = listing()
    assert [problem.code for problem in here.problems] == ["odbc.file_no_file"]
    assert [source.name for source in here.sources] == ["MINE"]


@settings(max_examples=150)
@given(data=st.binary(max_size=400))
@example(data=b"[A\0B]\nDriver=\0\n")
@example(data=b"[\xff]\nDriver=" + b"a" * 5000)
@example(data=b"[A]\nDriver=/dev/zero\n[B]\nDriver=/proc/self/mem\n[C]\nDriver=/dev\n[D]\nDriver=/a\0b\n")
def test_no_content_makes_the_listing_fall(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    for name in ("odbc.ini", "odbcinst.ini"):
        (folder / name).write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ODBCSYSINI", str(folder))
        patch.setenv("ODBCINI", str(folder / "user.ini"))
        here = listing()
    for source in here.sources:
        assert explain(source) is not None
        json.dumps(source.to_json())


# --- libraries ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "bits"),
    [
        (ELF32, 32),
        (ELF64, 64),
        (pe(0x014C), 32),
        (pe(0x8664), 64),
        (pe(0xAA64), 64),
        (pe(0x0200), None),
        (b"\x7fELF\x07", None),
        (b"MZ" + bytes(58) + b"\xff\xff\xff\x7f", None),
        (b"MZ", None),
        (b"", None),
        (b"INPUT(libreal.so)", None),
    ],
)
def test_the_bitness_stands_in_the_head_of_the_file(tmp_path: Path, content: bytes, bits: int | None) -> None:
    file = tmp_path / "library"
    file.write_bytes(content)
    assert bits_of(file) == bits
    assert library_state(file)[1] == {64: "", 32: "odbc.other_bitness", None: "odbc.library_unusable"}[bits]


def test_a_version_stands_in_the_name_that_a_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "libx-1.4.so.2").write_bytes(ELF64)
    (tmp_path / "libx.so").symlink_to("libx-1.4.so.2")
    assert version_in_name(tmp_path / "libx.so") == "1.4.2"
    assert version_in_name(tmp_path / "liby.so") == ""


def test_a_driver_without_a_path_is_looked_for_where_the_loader_does(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine.drivers.write_text("[SQLite3]\nDriver=libsqlite3odbc.so\n[Own]\nDriver=libown.so\n", encoding="utf-8")
    assert {driver.name: driver.problem for driver in listing().drivers} == {
        "SQLite3": "",
        "Own": "odbc.library_missing",
    }
    (tmp_path / "libown.so").write_bytes(ELF64)
    monkeypatch.setenv("LD_LIBRARY_PATH", f"/nowhere:{tmp_path}")
    assert {driver.problem for driver in listing().drivers} == {""}


# --- proposing ---------------------------------------------------------------------------------


@pytest.mark.seed("R-PRE-06")
@pytest.mark.parametrize(
    ("kind", "name", "code", "proposed"),
    [
        ("informix", "LOGIX", "exact", "LOGIX"),
        ("informix", "logix", "case_twin", "LOGIX"),
        ("informix", "", "only_one", "LOGIX"),
        ("informix", "LOGIX01", "only_one", "LOGIX"),
        ("informix", "LOST", "broken", "LOST"),
        ("informix", "MINE", "broken", "MINE"),
        ("oracle", "ORA", "broken", "ORA"),
        ("oracle", "", "none", None),
        ("sqlserver", "", "several", None),
        ("sqlserver", "ERP", "exact", "ERP"),
        ("odbc", "", "several", None),
    ],
)
def test_the_right_one_is_proposed_and_the_reason_is_said(
    machine: Machine, kind: str, name: str, code: str, proposed: str | None
) -> None:
    proposal = propose(listing().sources, kind, name)
    assert (proposal.code, proposal.source.name if proposal.source else None) == (code, proposed)
    assert proposal.reason


def test_several_are_named_and_user_dsns_alone_are_told(machine: Machine) -> None:
    sources = listing().sources
    assert "ERP, ERP_TEST" in propose(sources, "sqlserver").reason
    alone = [source for source in sources if source.name == "MINE"]
    proposal = propose(alone, "sqlite")
    assert (proposal.code, proposal.source) == ("user_only", None)
    assert "MINE" in proposal.reason


def test_of_two_of_one_name_the_system_dsn_is_proposed(machine: Machine) -> None:
    system = found()["DEMO"]
    user = replace(system, scope="user", seen_by_engines=False, problems=("odbc.user_dsn",))
    for order in ((system, user), (user, system)):
        assert propose(order, "sqlite", "DEMO").source == system
        # The driver manager takes the user's.
        assert Listing(order, ()).named("demo") == user


def test_the_worst_comes_first() -> None:
    codes = ["odbc.user_dsn", "odbc.library_missing", "odbc.password_stored", "odbc.user_dsn"]
    assert by_severity(codes) == ("odbc.library_missing", "odbc.password_stored", "odbc.user_dsn")


# --- the address that it names -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Driver=IBM INFORMIX ODBC DRIVER\nHost=srv\nService=1526\nServer=ol_logix", ("srv", 1526)),
        ("Driver=IBM INFORMIX ODBC DRIVER\nHost=srv\nService=sqlexec\nServer=ol_logix", None),
        ("Driver=IBM INFORMIX ODBC DRIVER\nServer=ol_logix\nService=1526", None),
        ("Driver=ODBC Driver 18 for SQL Server\nServer=tcp:srv,1500", ("srv", 1500)),
        ("Driver=ODBC Driver 18 for SQL Server\nServer=10.0.0.9", ("10.0.0.9", 1433)),
        ("Driver=ODBC Driver 18 for SQL Server\nServer=srv\\LOGIX", None),
        ("Driver=FreeTDS\nServer=srv\nPort=1500", ("srv", 1500)),
        ("Driver=MariaDB\nSERVER=srv", ("srv", 3306)),
        ("Driver=PostgreSQL\nServername=srv", ("srv", 5432)),
        ("Driver=Oracle 19\nServerName=srv:1521/logix", ("srv", 1521)),
        ("Driver=Oracle 19\nServerName=LOGIX", None),
        ("Driver=Something\nServer=srv\nPort=70000", None),
        ("Driver=SQLite3\nDatabase=/srv/logix.sqlite", None),
    ],
)
def test_host_and_port_of_a_data_source(
    text: str, address: tuple[str, int] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "odbc.ini").write_text(f"[LOGIX]\n{text}\n", encoding="utf-8")
    monkeypatch.setenv("ODBCSYSINI", str(tmp_path))
    monkeypatch.setenv("ODBCINI", str(tmp_path / "odbc.ini"))
    assert address_of(found()["LOGIX"]) == address
