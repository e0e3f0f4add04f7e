"""`aps-wizard dsn`: what it answers, its exit codes, and that a password goes through standard input only."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calling import Answer, Command, answer
from tests.connection.odbc_machine import SECRET, Machine, build
from wizard.demo import logix_db

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="unixODBC's files")

SOURCE = [
    "name", "driver", "description", "server", "database", "scope", "bits", "seen_by_engines", "reason", "problems",
    "library", "place", "problem", "usable", "explained",
]  # fmt: skip
DRIVER = ["name", "library", "bits", "version", "problem", "form", "explained"]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    file = tmp_path / "logix.sqlite"
    logix_db.build(file)
    return build(tmp_path / "odbc", file, monkeypatch)


def one_block(found: Answer) -> bool:
    return found.out == "" and "Traceback" not in found.err and all(line.strip() for line in found.err.splitlines())


# --- list --------------------------------------------------------------------------------------


def test_the_json_has_exactly_the_shape_of_the_contract(command: Command, machine: Machine) -> None:
    found = command("dsn", "list", "--json")
    assert (found.code, found.err) == (0, "")
    report = answer(found.out)
    assert list(report) == ["sources", "drivers", "problems"]
    assert (len(report["sources"]), len(report["drivers"])) == (10, 5)
    assert all(list(source) == SOURCE for source in report["sources"])
    assert all(list(driver) == DRIVER for driver in report["drivers"])
    by_name = {source["name"]: source for source in report["sources"]}
    assert (by_name["ORA"]["bits"], by_name["ORA"]["problem"]) == (32, "odbc.other_bitness")
    assert (by_name["MINE"]["scope"], by_name["MINE"]["seen_by_engines"]) == ("user", False)
    assert [list(problem) for problem in by_name["LOST"]["explained"]] == [["code", "message", "action"]]
    assert SECRET not in found.out


def test_the_table_marks_what_is_broken_and_says_what_to_do(command: Command, machine: Machine) -> None:
    machine.drivers.write_text(machine.drivers.read_text("utf-8").replace("libghost.so", "libgone.so"), "utf-8")
    found = command("dsn", "list")
    lines = found.out.splitlines()
    assert found.code == 0
    assert "OK  LOGIX  System DSN  64 bit  IBM INFORMIX ODBC DRIVER  ol_logix / logix  Logix produção" in lines
    at = lines.index(" X  GHOST  System DSN  Ghost MariaDB  srv")
    assert "libgone.so" in lines[at + 1]
    assert "MariaDB Connector/ODBC" in lines[at + 1]
    assert any(line.startswith(" !  MINE  user DSN  64 bit") for line in lines)
    assert SECRET not in found.out


def test_a_data_source_that_the_engines_may_not_read_is_not_called_right(command: Command, machine: Machine) -> None:
    machine.system.chmod(0o600)
    lines = command("dsn", "list").out.splitlines()
    at = next(number for number, line in enumerate(lines) if "  LOGIX  " in line)
    assert lines[at].startswith(" !  LOGIX")
    assert "Only some accounts may read" in lines[at + 1]
    found = command("dsn", "create", "NOVA", "--driver", "SQLite3", "--set", "Database=/tmp/x")
    assert found.code == 0
    assert " !  Only some accounts may read" in found.out


def test_a_file_that_cannot_be_read_is_told_and_the_rest_listed(command: Command, machine: Machine) -> None:
    machine.system.write_text("stray\n", "utf-8")
    report = answer(command("dsn", "list", "--json").out)
    assert [problem["code"] for problem in report["problems"]] == ["odbc.file_damaged"]
    assert [source["name"] for source in report["sources"]] == ["MINE"]
    assert str(machine.system) in command("dsn", "list").out


def test_a_machine_without_odbc_is_no_error(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODBCSYSINI", str(tmp_path))
    monkeypatch.setenv("ODBCINI", str(tmp_path / "none.ini"))
    found = command("dsn", "list")
    assert (found.code, found.out) == (0, "No data sources yet.\nNo ODBC driver is registered.\n")


# --- create, test, delete ----------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["system", "user"])
def test_a_data_source_is_made_tested_and_deleted(command: Command, machine: Machine, scope: str) -> None:
    found = command(
        "dsn", "create", "NOVA", "--driver", "sqlite3", "--set", f"Database={machine.database}", f"--{scope}"
    )
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("The DSN NOVA was created.\n")
    source = next(s for s in answer(command("dsn", "list", "--json").out)["sources"] if s["name"] == "NOVA")
    assert (source["scope"], source["usable"]) == (scope, True)
    tested = command("dsn", "test", "NOVA")
    assert (tested.code, tested.err) == (0, "")
    assert tested.out.startswith("Logged in to SQLite")
    report = answer(command("dsn", "test", "NOVA", "--json").out)
    assert list(report) == ["dsn", "status", "code", "message", "hint", "details", "elapsed_ms"]
    assert (report["dsn"], report["status"], report["code"]) == ("NOVA", "ok", "database.login_ok")
    deleted = command("dsn", "delete", "NOVA")
    assert (deleted.code, deleted.out) == (0, "The DSN NOVA was deleted.\n")
    assert command("dsn", "delete", "NOVA").code == 2


def test_a_broken_data_source_is_repaired_and_keeps_the_rest(command: Command, machine: Machine) -> None:
    before = {source["name"]: source for source in answer(command("dsn", "list", "--json").out)["sources"]}
    stored = before["STORED"]
    assert stored["problems"] == ["odbc.password_stored"]
    found = command("dsn", "repair", "STORED", "--set", "Description=Filial")
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("The DSN STORED was repaired.")
    after = {source["name"]: source for source in answer(command("dsn", "list", "--json").out)["sources"]}
    assert (after["STORED"]["description"], after["STORED"]["problems"]) == ("Filial", [])
    assert after["STORED"]["driver"] == stored["driver"]
    assert SECRET not in machine.system.read_text("utf-8")
    lost = command("dsn", "repair", "LOST", "--driver", "SQLite3", "--json")
    assert (lost.code, answer(lost.out)["problem"]) == (0, "")
    nobody = command("dsn", "repair", "NOBODY")
    assert (nobody.code, nobody.err.partition(":")[0]) == (2, "NAME")


def test_create_answers_with_json(command: Command, machine: Machine) -> None:
    found = command("dsn", "create", "NOVA", "--driver", "SQLite3", "--set", "Database=/tmp/x", "--json")
    source = answer(found.out)
    assert list(source) == SOURCE
    assert (source["name"], source["scope"], source["database"]) == ("NOVA", "system", "/tmp/x")


def test_defaults_of_the_form_are_filled_in(command: Command, machine: Machine) -> None:
    assert command("dsn", "create", "NOVA", "--driver", "SQLite3", "--set", "Database=/tmp/x").code == 0
    assert "NoCreat=1" in machine.system.read_text("utf-8")
    words = ("--set", "database=/tmp/x", "--set", "NoCreat=")
    assert command("dsn", "create", "OUTRA", "--driver", "SQLite3", *words).code == 0
    assert "NoCreat" not in machine.system.read_text("utf-8").partition("[OUTRA]")[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["A]", "--driver", "SQLite3", "--set", "Database=x"], "NAME: This cannot be the name of a DSN"),
        (["NOVA", "--driver", "Nope", "--set", "Server=x"], "--driver: There is no driver Nope"),
        (["NOVA", "--driver", "Oracle 19 ODBC driver", "--set", "ServerName=x"], "--driver: The driver"),
        (["NOVA", "--driver", "SQLite3"], "--set Database: File (Database) is missing"),
        (["NOVA", "--driver", "SQLite3", "--set", SECRET], "Write --set KEY=VALUE"),
        (
            ["NOVA", "--driver", "SQLite3", "--set", "Database=x", "--set", f"PWD={SECRET}"],
            "--set: A DSN must not hold a password",
        ),
        (["DEMO", "--driver", "SQLite3", "--set", "Database=x"], "NAME: There is a DSN named DEMO already"),
    ],
)
def test_a_wrong_call_is_told_in_one_block(command: Command, machine: Machine, words: list[str], said: str) -> None:
    before = machine.system.read_bytes()
    found = command("dsn", "create", *words)
    assert found.code == 2
    assert one_block(found)
    assert found.err.startswith(said)
    assert SECRET not in found.err
    assert machine.system.read_bytes() == before


def test_missing_rights_end_with_1(
    command: Command, machine: Machine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".odbcinst.ini").write_bytes(machine.drivers.read_bytes())
    monkeypatch.setenv("ODBCSYSINI", "/sys/kernel")
    driver = machine.drivers.read_text("utf-8").split("Driver=")[1].split()[0]
    found = command("dsn", "create", "NOVA", "--driver", driver, "--set", "Database=x")
    assert found.code == 1
    assert one_block(found)
    assert "may not write /sys/kernel/odbc.ini" in found.err


def test_two_of_one_name_are_told_apart(command: Command, machine: Machine) -> None:
    machine.user.write_text("[DEMO]\nDriver=SQLite3\n", "utf-8")
    found = command("dsn", "delete", "demo")
    assert found.code == 2
    assert "--user or --system" in found.err
    assert command("dsn", "delete", "demo", "--user").code == 0
    assert machine.user.read_text("utf-8") == ""
    assert "[DEMO]" in machine.system.read_text("utf-8")


# --- test --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [("GHOST", "odbc.library_missing"), ("LOST", "odbc.driver_not_registered"), ("ORA", "odbc.other_bitness"),
     ("NOWHERE", "database.dsn_unknown")],
)  # fmt: skip
def test_a_failed_login_ends_with_1_and_its_cause(command: Command, machine: Machine, name: str, code: str) -> None:
    found = command("dsn", "test", name, "--json")
    report = answer(found.out)
    assert (found.code, report["status"], report["code"]) == (1, "fail", code)
    assert report["hint"]
    found = command("dsn", "test", name)
    assert found.code == 1
    assert one_block(found)
    assert report["message"] in found.err


def test_the_password_is_read_from_standard_input_and_never_shown(
    command: Command, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SECRET}\nnot this\n"))
    seen: list[str] = []
    popen = subprocess.Popen

    def watched(child: list[str], **options: object) -> object:
        seen.append(json.dumps([child, options.get("env")]))
        return popen(child, **options)

    monkeypatch.setattr("wizard.isolated.host.subprocess.Popen", watched)
    found = command("dsn", "test", "DEMO", "--user", "aps")
    assert found.code == 0
    assert SECRET not in found.out + found.err + "".join(seen)
    assert seen
    # The rest of standard input is left for whoever comes next.
    assert sys.stdin.read() == "not this\n"


def test_a_password_in_another_encoding_is_not_called_a_fault_of_the_driver(
    command: Command, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.TextIOWrapper(io.BytesIO("senha é\n".encode("cp1252")), "utf-8", errors="surrogateescape")
    monkeypatch.setattr(sys, "stdin", typed)
    found = command("dsn", "test", "DEMO", "--user", "aps")
    assert found.code == 2
    assert one_block(found)
    assert "encoding of this console" in found.err


@pytest.mark.parametrize("seconds", ["inf", "nan", "-1", "1e12"])
def test_a_time_limit_that_is_none_is_a_wrong_call(command: Command, machine: Machine, seconds: str) -> None:
    done = command("dsn", "test", "DEMO", "--timeout", seconds)
    assert done.code == 2
    assert "--timeout" in done.err


def test_no_option_takes_a_password(command: Command, machine: Machine) -> None:
    for option in ("--password", "--pwd"):
        found = command("dsn", "test", "DEMO", option, SECRET)
        assert found.code == 2
        assert SECRET not in found.out


def test_help_names_every_command(command: Command) -> None:
    found = command("dsn", "--help")
    assert all(f"\n  {name} " in found.out for name in ("list", "create", "test", "delete"))
