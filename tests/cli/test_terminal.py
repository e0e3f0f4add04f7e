"""Commands at a terminal: tables with colour and a line of what goes on; piped, plain lines as ever."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli.calling import ROOT, Command, answer, aps, environment, without
from tests.cli.test_check import point_at
from tests.connection.odbc_machine import build
from tests.patience import PATIENCE
from wizard.checklist.registry import checks
from wizard.commands import terminal
from wizard.demo import logix_db
from wizard.demo.site import Site

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix")

GREEN, RED = "\033[32m", "\033[31m"
PLAIN_CAPACITY = (
    "3 characters: 1,233 contents\n4 characters: 27,233 contents\n5 characters: 718,057 contents\n"
    "Above 1,009 contents prefer 4 characters: there the manual's own numbering ends.\n"
    "An item has 15 of 30 characters for up to five grades.\n"
)
CSV = "cod_grade;des_grade;cod_conteudo;des_conteudo\n1;{name};AZUL;Azul\n"


@contextmanager
def opened(columns: int) -> Iterator[tuple[int, int]]:
    """A terminal so many columns wide: our end of it and its own."""
    import fcntl
    import termios

    ours, its = os.openpty()
    try:
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        yield ours, its
    finally:
        os.close(ours)


def everything(ours: int, encoding: str = "utf-8") -> str:
    """All that is written to a terminal until nobody has it open any more."""
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    return said.decode(encoding)


def at_terminal(*words: object, columns: int = 100, encoding: str = "utf-8", **env: str) -> tuple[int, str]:
    """Run `aps-wizard` at a terminal: its exit code, and all that was written to it."""
    with opened(columns) as (ours, its):
        process = subprocess.Popen(
            [sys.executable, "-m", "wizard", *map(str, words)],
            env=environment(**{"TERM": "xterm-256color", "PYTHONIOENCODING": encoding, **env}),
            cwd=ROOT,
            stdin=its,
            stdout=its,
            stderr=its,
        )
        os.close(its)
        said = everything(ours, encoding)
        return process.wait(60), said


def seen(said: str) -> list[str]:
    """The lines that are left on the screen: colours are taken out, and what was written over is gone."""
    lines = []
    for written in re.sub("\033\\[[0-9;]*m", "", said).replace("\r\n", "\n").split("\n"):
        line = ""
        for part in written.split("\r"):
            line = part + line[len(part) :]
        lines.append(line.rstrip())
    return lines


def words_of(lines: list[str]) -> str:
    """The text on the screen, wherever it was wrapped."""
    return " ".join(" ".join(lines).split())


# --- tables ------------------------------------------------------------------------------------


def test_checks_are_a_table_with_mark_word_and_colour(site: Site, profile: Path, command: Command) -> None:
    assert command("profile", "set", profile, "database.file=missing.sqlite").code == 0
    code, said = at_terminal("check", profile, "--only", "database.login")
    lines = seen(said)
    assert code == 1
    assert lines[0].split() == ["State", "Check", "Seconds", "Found"]
    assert set(lines[1]) == {"─"}
    assert f"{GREEN}✓ passed" in said
    assert f"{RED}✗ failed" in said
    assert "- not run" in words_of(lines)
    assert "Check the path; a relative one starts at the profile's folder." in words_of(
        [line[lines[0].index("Found") :] for line in lines]
    )
    assert max(map(len, lines)) <= 100


def test_the_line_of_what_runs_is_seen_and_then_gone(site: Site, profile: Path) -> None:
    code, said = at_terminal("check", profile)
    assert code == 0
    assert re.search(rf"\r[1-9]\d* of {len(checks())} done, \d+ s\. Running now: [A-Z]", said)
    assert "Running now" not in "\n".join(seen(said))
    assert "\033[?" not in said  # Nothing that a console would have to take back.


def test_the_checklist_is_a_table_and_says_how_it_stands_in_all(site: Site, profile: Path) -> None:
    code, said = at_terminal("checklist", profile, columns=90)
    lines = seen(said)
    assert code == 1
    assert lines[0].split() == ["State", "Item", "Found"]
    assert "\033[36m? open" in said
    assert f"{GREEN}✓ passed" in said
    assert "Running now" in said
    assert "Nothing failed, but something mandatory is still open." in lines
    assert max(map(len, lines)) <= 90


def test_profiles_are_a_table_also_those_that_cannot_be_read(site: Site, profile: Path) -> None:
    profile.with_name("broken.yaml").write_text("version: [", "utf-8")
    code, said = at_terminal("profile", "list")
    lines = seen(said)
    assert code == 0
    assert lines[1].split() == ["State", "File", "Name", "Company", "Environment", "Database"]
    assert f"{RED}✗ cannot be read" in said
    assert f"{GREEN}✓ validated" in said
    assert "✓ validated serra-azul.yaml Serra Azul 01 Testing" in words_of(lines)


def test_data_sources_are_a_table_with_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    file = tmp_path / "logix.sqlite"
    logix_db.build(file)
    build(tmp_path / "odbc", file, monkeypatch)
    code, said = at_terminal("dsn", "list", columns=120)
    lines = seen(said)
    assert code == 0
    assert lines[1].split() == ["State", "Name", "Scope", "Driver", "Details"]
    assert "Drivers:" in lines
    assert re.search(rf"{re.escape(GREEN)}✓ ready", said)
    assert re.search(rf"{re.escape(RED)}✗ broken", said)
    assert max(map(len, lines)) <= 120


def test_passwords_are_a_table_without_a_password(site: Site, profile: Path, command: Command) -> None:
    assert command("secret", "set", profile, "webservice.password", "--store", "env", "--name", "WS_PW").code == 0
    code, said = at_terminal("secret", "status", profile, WS_PW="hidden-word")
    assert code == 0
    assert seen(said)[0].split() == ["State", "Password", "Place"]
    assert f"{GREEN}✓ readable by this account" in said
    assert "hidden-word" not in said
    code, said = at_terminal("secret", "status", profile)
    assert code == 1
    assert f"{RED}✗ not readable" in said
    assert "WS_PW" in seen(said)[-2]


def test_the_plan_and_the_capacity_are_tables(site: Site, profile: Path) -> None:
    code, said = at_terminal("grades", "plan", profile)
    lines = seen(said)
    assert code == 0
    assert lines[0] == "State   Type     Contents  Size  now  Used  Room left"
    assert "✓ fits  Cor         2,393     4    4    9%     24,840" in lines
    assert any(line.startswith("State   Combinations in use") for line in lines)
    code, said = at_terminal("grades", "capacity")
    assert seen(said)[:3] == ["Size    Holds", "─────────────", "   3    1,233"]


def test_an_import_says_type_rows_and_time_and_shows_its_changes(site: Site, profile: Path, tmp_path: Path) -> None:
    file = tmp_path / "grades.csv"
    file.write_text(CSV.format(name="Cor"), "utf-8")
    code, said = at_terminal("grades", "import", profile, "--from-csv", file)
    assert code == 3
    assert re.search(r"Reading type 1 of 1, Cor: \d contents\. \d:\d\d", said)
    lines = seen(said)
    assert not any("Reading type" in line or "Connecting" in line for line in lines)
    assert any(line.startswith("1 Cor") and "gone (kept with their reference)" in line for line in lines)
    assert "Nothing was written. --apply writes these changes." in lines


def test_what_a_table_of_logix_says_cannot_steer_the_terminal(site: Site, profile: Path, tmp_path: Path) -> None:
    file = tmp_path / "grades.csv"
    file.write_text(CSV.format(name="[red]Cor\033[2J\033]0,x\007"), "utf-8")
    _code, said = at_terminal("grades", "import", profile, "--from-csv", file, columns=140)
    assert "[red]Cor\\u001b[2J" in "".join(seen(said))
    assert "\033[2J" not in said
    assert "\033]" not in said


# --- where there is less than a terminal -------------------------------------------------------


@pytest.mark.parametrize("words", [("grades", "capacity"), ("profile", "list"), ("grades", "plan", "serra-azul")])
def test_without_a_table_a_terminal_reads_what_a_pipe_gets(site: Site, profile: Path, words: tuple[str, ...]) -> None:
    piped = aps(*words)
    assert "\033" not in piped.stdout
    assert "─" not in piped.stdout
    for less in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"columns": terminal.NARROW - 1}):
        _code, said = at_terminal(*words, **less)  # type: ignore[arg-type]
        assert said.replace("\r\n", "\n") == piped.stdout + piped.stderr


def test_a_pipe_gets_the_plain_lines_byte_for_byte_whatever_the_environment_says(
    site: Site, profile: Path, tmp_path: Path
) -> None:
    """Without rich too: what is piped does not even load it."""
    for env in ({}, {"TERM": "xterm-256color", "FORCE_COLOR": "1", "COLUMNS": "200"}, without(tmp_path / "no", "rich")):
        done = aps("grades", "capacity", env=env)
        assert (done.returncode, done.stdout, done.stderr) == (0, PLAIN_CAPACITY, "")
        done = aps("check", profile, "--only", "profile.valid", env=env)
        assert (done.returncode, done.stderr) == (0, "")
        assert re.fullmatch(r"OK  Profile +\d+\.\d s  The profile is complete\.\n", done.stdout)
        done = aps("profile", "list", env=env)
        line = "serra-azul.yaml  Serra Azul  01  Testing  SQLite file (demo)  validated\n"
        assert done.stdout == f"Folder: {profile.parent}\n{line}"
        done = aps("secret", "status", profile, env=env)
        assert done.stdout == "This profile needs no password.\n"


@pytest.mark.parametrize(
    ("encoding", "mark", "rule"),
    [
        ("utf-8", "✓ passed", "─"),
        ("cp850", "OK passed", "─"),
        ("cp1252", "OK passed", "-"),
        ("ascii", "OK passed", "-"),
    ],
)
def test_marks_and_lines_are_those_that_the_encoding_has(
    site: Site, profile: Path, encoding: str, mark: str, rule: str
) -> None:
    code, said = at_terminal("check", profile, "--only", "profile.valid", encoding=encoding)
    assert code == 0
    assert mark in said
    assert set(seen(said)[1]) == {rule}
    assert "?" not in "".join(seen(said))


def test_json_at_a_terminal_is_json_and_the_line_stands_beside_it(site: Site, profile: Path) -> None:
    with opened(100) as (ours, its):
        process = subprocess.Popen(
            [sys.executable, "-m", "wizard", "check", str(profile), "--json"],
            env=environment(TERM="xterm"),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=its,
            encoding="utf-8",
        )
        os.close(its)
        beside = everything(ours)
        out, _err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert [check["id"] for check in answer(out)["checks"]] == list(checks())
    assert "Running now: " in beside
    assert "".join(seen(beside)) == ""


# --- Ctrl+C ------------------------------------------------------------------------------------


def test_ctrl_c_ends_a_check_and_takes_the_line_away(
    site: Site, profile: Path, silent_server: socket.socket, command: Command
) -> None:
    point_at(profile, silent_server, command)
    with opened(100) as (ours, its):
        process = subprocess.Popen(
            [sys.executable, "-m", "wizard", "check", str(profile), "--only", "webservice.reachable"],
            env=environment(TERM="xterm"),
            cwd=ROOT,
            stdin=its,
            stdout=its,
            stderr=its,
        )
        os.close(its)
        connection, _address = silent_server.accept()
        with connection:
            said = ""
            while "Running now: Web service reachable." not in said:
                said += os.read(ours, 4096).decode()
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            said += everything(ours)
            assert process.wait(PATIENCE) == 130
            assert time.monotonic() - began < PATIENCE, "without an answer it would wait for a minute"
    assert seen(said) == ["Interrupted.", ""]


# --- widths ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "room", "widths"),
    [
        ([["ab"], ["a b c"]], 40, [2, 5]),
        ([["State", "ok"], ["one two three four"]], 15, [5, 10]),
        ([["x" * 50], ["short"]], 40, [35, 5]),
        ([["x" * 50], ["y" * 50]], 20, [10, 10]),
        ([["two\nlines here"], [""]], 40, [10, 1]),
    ],
)
def test_words_stay_whole_and_short_columns_on_one_line(columns: list[list[str]], room: int, widths: list[int]) -> None:
    assert terminal._widths(columns, room) == widths


def test_an_import_from_logix_names_its_types(site: Site, profile: Path) -> None:
    """However long the name of a type is, its rows are seen."""
    with closing(sqlite3.connect(site.database)) as database:
        before = database.execute("SELECT cod_grade, descr_cabec_zoom FROM ctr_grade").fetchall()
        database.execute("UPDATE ctr_grade SET descr_cabec_zoom = 'Nome comprido que não acaba mais'")
        database.commit()
    try:
        _code, said = at_terminal("grades", "import", profile, columns=80)
    finally:
        with closing(sqlite3.connect(site.database)) as database:
            for code, name in before:
                database.execute("UPDATE ctr_grade SET descr_cabec_zoom = ? WHERE cod_grade = ?", (name, code))
            database.commit()
    assert re.search(r"Reading type \d of 3, Nome comprido que nã: [\d,]+ contents\.", said)
