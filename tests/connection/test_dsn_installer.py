"""Creating, repairing and deleting data sources with the real installer library, and what is refused."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.connection.odbc_machine import ELF64, SECRET, Machine, build
from wizard.checklist.check import Outcome
from wizard.connection import dsn_installer
from wizard.connection.data_sources import DataSource, Scope, listing
from wizard.connection.dsn_form import FORMS, GENERIC, INFORMIX, filled, form_for, is_secret
from wizard.connection.dsn_installer import DsnError, Wanted, administrator, as_system, create, delete, repair
from wizard.connection.dsn_login import try_login
from wizard.isolated.host import Job

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="unixODBC's files")


@pytest.fixture
def machine(tmp_path: Path, logix_file: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return build(tmp_path / "odbc", logix_file, monkeypatch)


def named(name: str, scope: Scope = "system") -> DataSource:
    source = listing().named(name, scope)
    assert source is not None
    return source


def codes(*arguments: object, work: object = create) -> list[tuple[str, str]]:
    """Codes and places of what is refused."""
    with pytest.raises(DsnError) as caught:
        work(*arguments)  # type: ignore[operator]
    assert all(problem.message and problem.action for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


def login(name: str, **more: str) -> Outcome:
    return try_login(name, more.get("user"), more.get("password"), 20)


# --- made, repaired, deleted, and connected through --------------------------------------------


@pytest.mark.parametrize("scope", ["system", "user"])
def test_a_made_data_source_leads_to_the_database(machine: Machine, scope: Scope) -> None:
    made = create(Wanted("NOVA", "sqlite3", {"Database": str(machine.database), "NoCreat": "1"}, scope))
    assert (made.name, made.driver, made.scope, made.database) == ("NOVA", "SQLite3", scope, str(machine.database))
    assert made == named("NOVA", scope)
    outcome = login("NOVA")
    assert (outcome.status, outcome.code) == ("ok", "database.login_ok")
    assert "SQLite" in outcome.details["server"]
    assert "libsqlite3odbc" in outcome.details["driver"] or "sqlite3odbc" in outcome.details["driver"]


def test_a_broken_data_source_is_repaired(machine: Machine) -> None:
    assert login("LOST").code == "odbc.driver_not_registered"
    repaired = repair(named("LOST"), {"Database": str(machine.database), "Server": None}, driver="SQLite3")
    assert (repaired.problems, repaired.server) == ((), "")
    assert login("LOST").status == "ok"


def test_repairing_rewrites_what_differs_and_nothing_else(machine: Machine) -> None:
    before = machine.system.read_bytes()
    repaired = repair(named("logix"), {"Server": "ol_novo", "Database": "logix", "Host": "srv"})
    assert (repaired.get("Server"), repaired.get("Host"), repaired.get("DATABASE")) == ("ol_novo", "srv", "logix")
    wanted = before.replace(b"Server = ol_logix\n", b"Server=ol_novo\n").replace(
        b"DATABASE = logix\n", b"DATABASE = logix\nHost=srv\n"
    )
    assert machine.system.read_bytes() == wanted


def test_repairing_to_what_is_there_writes_nothing(machine: Machine) -> None:
    before = machine.system.stat().st_mtime_ns
    repair(named("LOGIX"), {"Server": "ol_logix"})
    assert machine.system.stat().st_mtime_ns == before
    assert not machine.system.with_name("odbc.ini.bak").exists()


def test_other_data_sources_and_comments_stay_byte_for_byte(machine: Machine) -> None:
    before = machine.system.read_bytes()
    create(Wanted("NOVA", "SQLite3", {"Database": str(machine.database)}))
    assert machine.system.read_bytes().startswith(before)
    delete("nova", "system")
    assert machine.system.read_bytes().rstrip() == before.rstrip()
    delete("DEMO", "system")
    left = machine.system.read_bytes()
    assert b"[DEMO]" not in left
    assert b"J\xc3\xbalia before changing LOGIX.\n[LOGIX]" in left
    assert b"; moved in March\n" in left


def test_a_comment_behind_a_deleted_data_source_stays(machine: Machine) -> None:
    machine.system.write_text("[A]\nDriver=SQLite3\n# of B\n[B]\nDriver=SQLite3\n", encoding="utf-8")
    delete("A", "system")
    assert machine.system.read_text("utf-8") == "# of B\n[B]\nDriver=SQLite3\n"


def test_the_installer_by_itself_would_drop_the_comments(machine: Machine, tmp_path: Path) -> None:
    """Why odbc.ini is not handed to it. When this fails, unixODBC has become careful."""
    copy = tmp_path / "copy.ini"
    copy.write_bytes(machine.system.read_bytes())
    request = {
        "work": "change", "name": "DEMO", "driver": "", "library": "", "scope": "user", "setup": False,
        "keywords": {"Description": "x"}, "ini": str(copy), "encoding": "utf-8",
    }  # fmt: skip
    ending = Job("wizard.connection.dsn_api:in_child", request, 20).run()
    assert ending.answer == {"done": True, "errors": []}
    assert b"Description=x" in copy.read_bytes()
    assert b"#" not in copy.read_bytes()
    assert b"moved in March" not in copy.read_bytes()


def test_the_previous_file_is_kept_beside_and_for_its_owner_alone(machine: Machine) -> None:
    before = machine.system.read_bytes()
    machine.system.chmod(0o664)
    delete("ERP", "system")
    backup = machine.system.with_name("odbc.ini.bak")
    assert backup.read_bytes() == before
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert stat.S_IMODE(machine.system.stat().st_mode) == 0o664


def test_a_link_stays_a_link(machine: Machine) -> None:
    real = machine.folder / "real.ini"
    machine.system.rename(real)
    machine.system.symlink_to(real)
    delete("ERP", "system")
    assert machine.system.is_symlink()
    assert b"[ERP]" not in real.read_bytes()


def test_the_list_of_other_driver_managers_is_kept_in_step(machine: Machine) -> None:
    machine.system.write_text("[ODBC Data Sources]\nDEMO = SQLite3\n\n[DEMO]\nDriver=SQLite3\n", encoding="utf-8")
    create(Wanted("NOVA", "SQLite3", {"Database": str(machine.database)}))
    assert "DEMO = SQLite3\nNOVA=SQLite3\n" in machine.system.read_text("utf-8")
    delete("DEMO", "system")
    text = machine.system.read_text("utf-8")
    assert "DEMO" not in text
    assert "[ODBC Data Sources]\nNOVA=SQLite3\n" in text


def test_a_file_in_cp1252_stays_in_it(machine: Machine) -> None:
    before = "# São\r\n[A]\r\nDriver=SQLite3\r\nDescription=Produção\r\n".encode("cp1252")
    machine.system.write_bytes(before)
    made = create(Wanted("B", "SQLite3", {"Database": str(machine.database), "Description": "Ação €"}))
    assert made.description == "Ação €"
    assert machine.system.read_bytes() == before + (
        f"\r\n[B]\r\nDriver=SQLite3\r\nDatabase={machine.database}\r\nDescription=Ação €\r\n".encode("cp1252")
    )
    wanted = Wanted("C", "SQLite3", {"Database": str(machine.database), "Description": "Łódź"})
    assert codes(wanted) == [("dsn.encoding", "")]


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_the_first_data_source_of_a_machine_makes_the_file(machine: Machine, umask: int) -> None:
    """Everybody may read it: on many a server the administrator's new files are his alone."""
    machine.system.unlink()
    before = os.umask(umask)
    try:
        assert create(Wanted("NOVA", "SQLite3", {"Database": str(machine.database)})).seen_by_engines
    finally:
        os.umask(before)
    assert machine.system.read_bytes() == f"[NOVA]\nDriver=SQLite3\nDatabase={machine.database}\n".encode()
    assert stat.S_IMODE(machine.system.stat().st_mode) == 0o644


def test_a_name_beyond_ascii_is_refused_because_unixodbc_does_not_find_it(machine: Machine) -> None:
    assert codes(Wanted("Produção", "SQLite3", {"Database": "x"})) == [("dsn.bad_name", "name")]
    with machine.system.open("a", encoding="utf-8") as file:
        file.write(f"\n[Produção]\nDriver=SQLite3\nDatabase={machine.database}\n")
    assert named("Produção").problems == ()
    assert login("Produção").code == "database.dsn_unknown"


# --- user DSN, password ------------------------------------------------------------------------


def test_a_user_dsn_is_made_again_as_system_dsn(machine: Machine) -> None:
    made = as_system(named("MINE", "user"))
    assert (made.scope, made.seen_by_engines, made.database) == ("system", True, str(machine.database))
    assert named("MINE", "user").database == str(machine.database)
    assert codes(named("MINE", "user"), work=as_system) == [("dsn.exists", "name")]


def test_a_user_dsn_that_names_a_library_is_made_again_too(machine: Machine) -> None:
    machine.user.write_text(machine.system.read_text("utf-8").partition("[BYPATH]")[2].join(["[MINE]", ""]), "utf-8")
    made = as_system(named("MINE", "user"))
    assert made.driver.startswith("/")
    assert login("MINE").status == "ok"


def test_a_password_does_not_go_along_to_the_system_dsn(machine: Machine) -> None:
    machine.user.write_text(f"[MINE]\nDriver=SQLite3\nPWD={SECRET}\nUID=aps\n", encoding="utf-8")
    made = as_system(named("MINE", "user"))
    assert (made.problems, made.get("UID")) == (("odbc.shadowed",), "aps")
    assert SECRET not in machine.system.read_text("utf-8").partition("[MINE]")[2]


def test_a_stored_password_stays_until_it_is_taken_out(machine: Machine) -> None:
    repair(named("STORED"), {"Description": "x"})
    assert SECRET in machine.system.read_text("utf-8")
    repaired = repair(named("STORED"), {}, drop_password=True)
    assert SECRET not in machine.system.read_text("utf-8")
    assert (repaired.problems, repaired.get("UID")) == ((), "aps")


@pytest.mark.parametrize(
    "keywords",
    [{"PWD": SECRET}, {"password": SECRET}, {"Server": f"x PWD={SECRET}"}, {"UserID": f"aps/{SECRET}"}],
)
def test_a_password_is_refused_and_not_repeated(machine: Machine, keywords: Mapping[str, str]) -> None:
    before = machine.system.read_bytes()
    with pytest.raises(DsnError) as caught:
        create(Wanted("NOVA", "SQLite3", {"Database": "x", **keywords}))
    assert [problem.code for problem in caught.value.problems] == ["dsn.password_refused"]
    assert SECRET not in str(caught.value)
    with pytest.raises(DsnError) as caught:
        repair(named("DEMO"), keywords)
    assert SECRET not in str(caught.value)
    assert machine.system.read_bytes() == before


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["", " A", "A" * 33, "A]", "[A", "A;B", "A=B", "A\nB", "A\0", "A\\B", "A@B", "A,B", "ODBC", "Default", "#A",
     "ODBC Data Sources", "A\u200b"],
)  # fmt: skip
def test_a_name_that_cannot_be_is_refused(machine: Machine, name: str) -> None:
    assert codes(Wanted(name, "SQLite3", {"Database": "x"})) == [("dsn.bad_name", "name")]


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"Database": "a\nPWX=1"}, ("dsn.bad_value", "keywords.Database")),
        ({"Database": "a;Trace=1"}, ("dsn.bad_value", "keywords.Database")),
        ({"Database": "{a}"}, ("dsn.bad_value", "keywords.Database")),
        ({"Database": "a\0b"}, ("dsn.bad_value", "keywords.Database")),
        ({"Database": " a"}, ("dsn.bad_value", "keywords.Database")),
        ({"Database": "ã" * 251}, ("dsn.bad_value", "keywords.Database")),
        ({"Database": "x", "a=b": "1"}, ("dsn.bad_keyword", "keywords")),
        ({"Database": "x", "[A": "1"}, ("dsn.bad_keyword", "keywords")),
        ({"Database": "x", "a\nb": "1"}, ("dsn.bad_keyword", "keywords")),
        ({"Database": "x", "Driver": "/tmp/evil.so"}, ("dsn.bad_keyword", "keywords")),
        ({"Database": "x", "DATABASE": "y"}, ("dsn.bad_keyword", "keywords")),
        ({"Database": "x", "Timeout": "soon"}, ("dsn.not_a_number", "keywords.Timeout")),
        ({}, ("dsn.keyword_missing", "keywords.Database")),
    ],
)
def test_keywords_and_values_that_cannot_be_are_refused(
    machine: Machine, keywords: Mapping[str, str], expected: tuple[str, str]
) -> None:
    before = machine.system.read_bytes()
    assert expected in codes(Wanted("NOVA", "SQLite3", keywords))
    assert machine.system.read_bytes() == before


def test_the_longest_values_survive(machine: Machine) -> None:
    made = create(Wanted("A" * 32, "SQLite3", {"Database": "x", "K" * 64: "ã" * 250, "Path": "a=b [c] #d"}))
    assert (made.get("K" * 64), made.get("Path")) == ("ã" * 250, "a=b [c] #d")


@pytest.mark.parametrize(
    ("driver", "code", "word"),
    [
        ("Informix of last year", "odbc.driver_not_registered", "IBM Informix Client SDK"),
        ("Oracle 19 ODBC driver", "odbc.other_bitness", "Oracle Instant Client"),
        ("Ghost MariaDB", "odbc.library_missing", "libghost.so"),
        ("/no/such.so", "odbc.library_missing", "/no/such.so"),
        ("", "odbc.driver_not_registered", "SQLite3"),
    ],
)
def test_a_driver_that_cannot_be_loaded_is_refused(machine: Machine, driver: str, code: str, word: str) -> None:
    with pytest.raises(DsnError) as caught:
        create(Wanted("NOVA", driver, {"Server": "srv", "Database": "x", "ServerName": "y"}))
    problem = caught.value.problems[0]
    assert (problem.code, problem.path) == (code, "driver")
    assert word in str(problem)


def test_one_that_is_there_is_not_written_over(machine: Machine) -> None:
    before = machine.system.read_bytes()
    assert codes(Wanted("demo", "SQLite3", {"Database": "x"})) == [("dsn.exists", "name")]
    assert machine.system.read_bytes() == before


def test_one_that_is_not_there_is_neither_repaired_nor_deleted(machine: Machine) -> None:
    gone = named("DEMO")
    delete("DEMO", "system")
    assert codes("DEMO", "system", work=delete) == [("dsn.missing", "name")]
    assert codes(gone, {}, work=repair) == [("dsn.missing", "name")]
    assert codes("LOGIX", "user", work=delete) == [("dsn.missing", "name")]


def test_a_file_that_the_driver_manager_refuses_is_not_written(machine: Machine) -> None:
    machine.system.write_text("stray\n[A]\nDriver=SQLite3\n", encoding="utf-8")
    assert codes(Wanted("NOVA", "SQLite3", {"Database": "x"})) == [("odbc.file_damaged", "")]
    assert machine.system.read_text("utf-8") == "stray\n[A]\nDriver=SQLite3\n"


def test_missing_rights_are_told(machine: Machine, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of terminals takes no file, not even of root."""
    (home / ".odbcinst.ini").write_bytes(machine.drivers.read_bytes())
    machine.user.write_text(f"[MINE]\nDriver={machine.drivers.read_text('utf-8').split('Driver=')[1].split()[0]}\n")
    monkeypatch.setenv("ODBCSYSINI", "/dev/pts")
    source = listing().named("MINE")
    assert source is not None
    with pytest.raises(DsnError) as caught:
        as_system(source)
    problem = caught.value.problems[0]
    assert problem.code == "dsn.no_rights"
    assert "/dev/pts/odbc.ini" in problem.message
    assert "root" in problem.action


def test_a_missing_installer_library_is_told(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    site = machine.folder / "site"
    site.mkdir()
    lines = (
        "import ctypes\n"
        "def refuse(*arguments, **options):\n"
        "    raise OSError('no such library')\n"
        "ctypes.CDLL = refuse\n"
    )
    (site / "sitecustomize.py").write_text(lines, "utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{site}{os.pathsep}{Path(__file__).resolve().parents[2]}")
    assert codes(Wanted("NOVA", "SQLite3", {"Database": "x"})) == [("dsn.no_installer", "")]


def set_up(machine: Machine, body: str) -> None:
    """A driver whose own set-up is this C function; without a compiler the test is skipped."""
    source = machine.folder / "setup.c"
    source.write_text(
        "#include <string.h>\n#include <unistd.h>\n#include <stdlib.h>\n"
        "int SQLWritePrivateProfileString(const char*, const char*, const char*, const char*);\n"
        "int SQLWriteDSNToIni(const char*, const char*);\n"
        f"int ConfigDSN(void *window, unsigned short request, const char *driver, const char *attributes) {{{body}}}\n",
        encoding="utf-8",
    )
    try:
        command = ["cc", "-shared", "-fPIC", "-o", machine.folder / "setup.so", source, "-l:libodbcinst.so.2"]
        subprocess.run(command, check=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("no C compiler")
    with machine.drivers.open("a", encoding="utf-8") as file:
        file.write(f"\n[Own]\nDriver={machine.folder}/setup.so\nSetup={machine.folder}/setup.so\n")


def test_the_drivers_own_set_up_goes_first(machine: Machine) -> None:
    set_up(
        machine,
        'SQLWriteDSNToIni("NOVA", driver);'
        'SQLWritePrivateProfileString("NOVA", "Asked", attributes + strlen(attributes) + 1, "odbc.ini"); return 1;',
    )
    made = create(Wanted("NOVA", "Own", {"Server": "srv"}))
    assert (made.get("Asked"), made.get("Server"), made.driver) == ("Server=srv", "srv", "Own")


@pytest.mark.parametrize("body", ["return 0;", "abort(); return 1;", "pause(); return 1;"])
def test_a_set_up_that_refuses_dies_or_hangs_is_done_without(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    set_up(machine, body)
    monkeypatch.setattr(dsn_installer, "LIMIT", 2)
    made = create(Wanted("NOVA", "Own", {"Server": "srv"}))
    assert (made.get("Server"), made.driver) == ("srv", "Own")


def test_a_change_of_another_program_meanwhile_is_not_lost(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = dsn_installer._ask

    def slow(request: Mapping[str, object]) -> None:
        with machine.system.open("a", encoding="utf-8") as file:
            file.write("\n[OTHER]\nDriver=SQLite3\n")
        ask(request)

    monkeypatch.setattr(dsn_installer, "_ask", slow)
    assert codes(Wanted("NOVA", "SQLite3", {"Database": "x"})) == [("dsn.changed_meanwhile", "")]
    assert b"[OTHER]" in machine.system.read_bytes()


# --- logging in --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("GHOST", "odbc.library_missing"),
        ("LOST", "odbc.driver_not_registered"),
        ("ORA", "odbc.other_bitness"),
        ("NOWHERE", "database.dsn_unknown"),
        # A head without a body: the loader refuses it.
        ("LOGIX", "database.driver_damaged"),
    ],
)
def test_a_login_that_cannot_be_says_its_own_cause(machine: Machine, name: str, code: str) -> None:
    outcome = login(name)
    assert (outcome.status, outcome.code) == ("fail", code)
    assert outcome.hint


def test_a_login_without_an_answer_is_ended(machine: Machine, silent_port: int) -> None:
    drivers = sorted(Path("/usr/lib").glob("*/odbc/libmaodbc.so"))
    if not drivers:
        pytest.skip("odbc-mariadb is not installed")
    with machine.system.open("a", encoding="utf-8") as file:
        file.write(f"\n[SILENT]\nDriver={drivers[0]}\nServer=127.0.0.1\nPort={silent_port}\nDatabase=x\n")
    outcome = try_login("SILENT", "aps", SECRET, 1.5)
    assert outcome.code == "timed_out"
    assert "1.5 seconds" in outcome.message


def test_a_password_is_in_no_answer(machine: Machine) -> None:
    machine.system.write_text(f"[A]\nDriver={machine.folder}/{SECRET}.so\n", encoding="utf-8")
    outcome = try_login("A", "aps", SECRET, 20)
    assert SECRET not in "".join(outcome.details.values())


# --- forms -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("driver", "library", "key"),
    [
        ("IBM INFORMIX ODBC DRIVER (64-bit)", "", "informix"),
        ("INFORMIX 3.30 32 BIT", "", "informix"),
        ("Own name", "/opt/IBM/informix/lib/cli/iclit09b.so", "informix"),
        ("Own name", r"C:\Informix\bin\iclit09b.dll", "informix"),
        ("ODBC Driver 18 for SQL Server", "", "sqlserver"),
        ("SQL Server", "", "sqlserver"),
        ("FreeTDS for SQL Server", "", "freetds"),
        ("Oracle in instantclient_19_8", "", "oracle"),
        ("MySQL ODBC 8.0 Unicode Driver", "", "mariadb"),
        ("PostgreSQL Unicode", "", "postgresql"),
        ("SQLite3", "", "sqlite"),
        ("Progress OpenEdge 12.2 Driver", "", "generic"),
        ("", "", "generic"),
    ],
)
def test_every_driver_finds_its_form(driver: str, library: str, key: str) -> None:
    assert form_for(driver, library).key == key


@pytest.mark.seed("R-PRE-06")
def test_the_form_of_informix_asks_for_what_the_driver_needs() -> None:
    names = [keyword.name for keyword in INFORMIX.keywords]
    assert names[:7] == ["Host", "Service", "Server", "Protocol", "Database", "CLIENT_LOCALE", "DB_LOCALE"]
    protocol = INFORMIX.keyword("protocol")
    assert protocol is not None
    assert {"onsoctcp", "olsoctcp"} <= set(protocol.choices)


@pytest.mark.parametrize("form", [*FORMS, GENERIC], ids=lambda form: form.key)
def test_a_form_asks_for_no_password_and_its_examples_can_be_written(form: object, machine: Machine) -> None:
    from wizard.connection.dsn_form import DriverForm

    assert isinstance(form, DriverForm)
    values = {keyword.name: keyword.example or "1" for keyword in form.keywords}
    assert not any(is_secret(name, value) for name, value in values.items())
    (machine.folder / "any.so").write_bytes(ELF64)
    machine.drivers.write_text(f"[{form.title} driver]\nDriver={machine.folder}/any.so\n", encoding="utf-8")
    made = create(Wanted("NOVA", f"{form.title} driver", filled(form, values)))
    assert {name: made.get(name) for name in values} == values


def test_defaults_fill_what_is_not_given() -> None:
    sqlserver = form_for("ODBC Driver 18 for SQL Server")
    assert filled(sqlserver, {"SERVER": "srv", "encrypt": ""}) == {"Server": "srv", "TrustServerCertificate": "no"}


# --- the administrator of Windows --------------------------------------------------------------


@pytest.mark.parametrize(
    ("bits", "program", "folder"),
    [(64, 64, "System32"), (32, 64, "SysWOW64"), (64, 32, "Sysnative"), (32, 32, "SysWOW64")],
)
def test_the_administrator_of_the_right_bitness(tmp_path: Path, bits: object, program: object, folder: str) -> None:
    for name in ("System32", "SysWOW64", "Sysnative"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "odbcad32.exe").write_bytes(b"MZ")
    assert administrator(bits, tmp_path, program) == tmp_path / folder / "odbcad32.exe"  # type: ignore[arg-type]
    (tmp_path / folder / "odbcad32.exe").unlink()
    assert administrator(bits, tmp_path, program) is None  # type: ignore[arg-type]


def test_the_installers_errors_are_read(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    request = {
        "work": "create", "name": "A" * 33, "driver": "SQLite3", "library": "", "scope": "user", "setup": False,
        "keywords": {}, "ini": str(machine.folder / "new.ini"), "encoding": "utf-8",
    }  # fmt: skip
    ending = Job("wizard.connection.dsn_api:in_child", request, 20).run()
    assert ending.answer == {"done": False, "errors": [[9, "Invalid DSN"]]}
