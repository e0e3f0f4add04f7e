"""Grade types without the window: imported, planned, looked at, carried, and item codes built and taken apart."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.cli.calling import ROOT, Answer, Command, answer, environment
from tests.patience import PATIENCE
from wizard.profile import store

CSV = "cod_grade;des_grade;cod_conteudo;des_conteudo\n1;Cor;AZUL;Azul\n1;Cor;VERDE;Verde\n2;Tamanho;P;Pequeno\n"

LOGIX = """
CREATE TABLE empresa (cod_empresa, den_empresa);
INSERT INTO empresa VALUES ('01', 'Serra Azul');
CREATE TABLE ctr_grade (cod_empresa, cod_grade, descr_cabec_zoom, nom_tabela_zoom, descr_col_1_zoom, descr_col_2_zoom,
                        ies_ctr_empresa);
INSERT INTO ctr_grade VALUES ('01', 1, 'Cor', 'cor', 'cod_cor', 'den_cor', 'N'),
                             ('01', 2, 'Tamanho', 'tam', 'cod_tam', 'den_tam', 'N');
CREATE TABLE cor (cod_cor, den_cor);
INSERT INTO cor VALUES ('AZUL', 'Azul'), ('VERDE', 'Verde'), ('ROSA', 'Rosa');
CREATE TABLE tam (cod_tam, den_tam);
INSERT INTO tam VALUES ('P', 'Pequeno'), ('G', 'Grande');
CREATE TABLE item_ctr_grade (cod_empresa, cod_item, num_grade_1, num_grade_2, num_grade_3, num_grade_4, num_grade_5);
INSERT INTO item_ctr_grade VALUES ('01', 'CAMISA', 1, 2, 0, 0, 0);
"""


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


@pytest.fixture
def site_file(home: Path, command: Command) -> Path:
    """A profile over a small Logix; nothing was imported yet."""
    folder = home / "profiles"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "logix.sqlite")) as database:
        database.executescript(LOGIX)
    done = command(
        "profile", "new", "Matriz", "environment=test", "company.logix=01", "company.site=01", "grades.enabled=true",
        "database.kind=sqlite", "database.file=logix.sqlite", "webservice.url=http://logix/ws",
        "--profiles-dir", folder,
    )  # fmt: skip
    assert done.code == 0, done.err
    return folder / "matriz.yaml"


def imported(command: Command, file: Path, *more: object) -> Answer:
    return command("grades", "import", file, *more)


@pytest.mark.seed("R-1.9-02", "R-1.9-11")
def test_a_difference_is_shown_then_applied_then_there_is_none(command: Command, site_file: Path) -> None:
    before = site_file.read_bytes()
    first = imported(command, site_file)
    assert first.code == 3
    assert "1 Cor: type added, 3 new" in first.out
    assert "Nothing was written" in first.out
    assert site_file.read_bytes() == before
    assert not site_file.with_name("matriz.aps.sqlite").exists()

    done = imported(command, site_file, "--apply")
    assert done.code == 0, done.err
    grades = store.read(site_file).profile.grades
    assert [(grade.code, grade.indicator, grade.contents) for grade in grades.types] == [(1, "C", 3), (2, "T", 2)]

    again = imported(command, site_file)
    assert again.code == 0
    assert "up to date: 5 contents" in again.out


def test_applying_an_unchanged_import_writes_nothing(command: Command, site_file: Path) -> None:
    """Not even the moment of the import: it would make what was proved of the profile an old proof."""
    imported(command, site_file, "--apply")
    store_file = site_file.with_name("matriz.aps.sqlite")
    before = site_file.stat().st_ino, site_file.read_bytes(), store_file.read_bytes()
    again = imported(command, site_file, "--apply")
    assert (again.code, again.err) == (0, "")
    assert "was written" not in again.out
    assert (site_file.stat().st_ino, site_file.read_bytes(), store_file.read_bytes()) == before


def test_json_tells_every_change_with_its_reference(command: Command, site_file: Path) -> None:
    told = answer(imported(command, site_file, "--json").out)
    assert (told["applied"], told["counts"]["new"], told["slots"]) == (False, 5, {"1": [1], "2": [2]})
    assert [(row["type"], row["kind"], row["code"], row["reference"]) for row in told["changes"]] == [
        (1, "new", "AZUL", "C001"),
        (1, "new", "ROSA", "C002"),
        (1, "new", "VERDE", "C003"),
        (2, "new", "G", "T01"),
        (2, "new", "P", "T02"),
    ]
    assert told["changes_left_off"] == 0


def test_a_content_that_goes_and_comes_back_keeps_its_reference(command: Command, site_file: Path) -> None:
    logix = site_file.with_name("logix.sqlite")
    imported(command, site_file, "--apply")
    change(logix, "DELETE FROM cor WHERE cod_cor = 'ROSA'", "INSERT INTO cor VALUES ('BRANCO', 'Branco')")
    assert "1 gone, 1 new" in imported(command, site_file, "--apply").out.replace(" (kept with their reference)", "")
    change(logix, "INSERT INTO cor VALUES ('ROSA', 'Rosa choque')")
    imported(command, site_file, "--apply")
    codes = command("grades", "codes", site_file, "--type", "1", "--csv").out
    rows = list(csv.reader(codes.splitlines(), delimiter=";"))
    assert rows[1:] == [
        ["C001", "AZUL", "Azul", "1"],
        ["C002", "ROSA", "Rosa choque", "1"],
        ["C003", "VERDE", "Verde", "1"],
        ["C004", "BRANCO", "Branco", "1"],
    ]


def test_a_renumbering_has_to_be_confirmed_with_its_count(command: Command, site_file: Path) -> None:
    imported(command, site_file, "--apply")
    command("profile", "set", site_file, "grades.types[0].size=5")
    shown = imported(command, site_file)
    assert shown.code == 3
    assert "--confirm 1=3" in shown.out
    before = command("grades", "codes", site_file, "--type", "1").out
    refused = imported(command, site_file, "--apply")
    assert refused.code == 1
    assert "would move references: 3." in refused.err
    assert imported(command, site_file, "--apply", "--confirm", "1=2").code == 1
    assert command("grades", "codes", site_file, "--type", "1").out == before
    assert imported(command, site_file, "--apply", "--confirm", "1=3").code == 0
    assert command("grades", "codes", site_file, "--type", "1").out.startswith("C0001  AZUL")


def test_a_type_that_cannot_be_read_is_told_and_the_others_go(command: Command, site_file: Path) -> None:
    change(
        site_file.with_name("logix.sqlite"),
        "INSERT INTO ctr_grade VALUES ('01', 3, 'Má', 'cor; DROP TABLE empresa', 'a', 'b', 'N')",
    )
    done = imported(command, site_file, "--apply", "--json")
    assert done.code == 1
    told = answer(done.out)
    assert [(finding["type"], finding["kind"], finding["serious"]) for finding in told["findings"]] == [
        (3, "refused", True)
    ]
    assert [grade.code for grade in store.read(site_file).profile.grades.types] == [1, 2]


def test_from_a_csv_file(command: Command, site_file: Path, home: Path) -> None:
    file = home / "grades.csv"
    file.write_bytes(CSV.encode("cp1252"))
    assert imported(command, site_file, "--from-csv", file).code == 3
    assert imported(command, site_file, "--from-csv", file, "--apply").code == 0
    assert store.read(site_file).profile.grades.imported_from == "grades.csv"
    assert "C01  AZUL  Azul" in command("grades", "codes", site_file, "--type", "1").out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "The first line must name"),
        ("a;b\n1;2\n", "The first line must name"),
        (CSV + "x;Cor;A;B\n", "line 5"),
        (CSV + "1;Cor\n", "line 5"),
    ],
)
def test_a_csv_file_that_is_wrong_is_told_with_its_line(
    command: Command, site_file: Path, home: Path, content: str, told: str
) -> None:
    file = home / "grades.csv"
    file.write_text(content, "utf-8")
    done = imported(command, site_file, "--from-csv", file, "--apply")
    assert done.code == 1
    assert told in done.err
    assert "grades.csv" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix")
def test_progress_writes_over_its_line_without_what_a_console_may_not_know(site_file: Path, home: Path) -> None:
    name = "Cor de nome comprido " * 4
    change(site_file.with_name("logix.sqlite"), f"UPDATE ctr_grade SET descr_cabec_zoom = '{name}'")
    ours, its = os.openpty()
    words = [sys.executable, "-m", "wizard", "grades", "import", str(site_file)]
    done = subprocess.run(
        words, env=environment(), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=its, check=False
    )
    os.close(its)
    said = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 3
    assert "Reading type 1 of 2, Cor de nome comprido: " in said
    assert said.endswith(f"\r{' ' * 79}\r")
    assert {len(line) for line in said.split("\r") if line} == {79}
    assert "\033" not in said


def test_a_database_that_is_not_there(command: Command, site_file: Path) -> None:
    site_file.with_name("logix.sqlite").unlink()
    done = imported(command, site_file)
    assert done.code == 1
    assert "cannot be opened" in done.err


@pytest.mark.parametrize(
    ("more", "told"),
    [((), "nothing was changed"), (("--apply",), "Import again: without --apply it shows what is left")],
)
def test_an_import_whose_child_dies_says_what_is_known(
    command: Command, site_file: Path, more: tuple[str, ...], told: str
) -> None:
    """Of one that was being written nobody knows whether it was: it must not say that nothing changed."""

    def kill_child() -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for child in psutil.Process().children():
                if "wizard.isolated.child" in child.cmdline():
                    child.kill()
                    return
            time.sleep(0.02)

    with closing(sqlite3.connect(site_file.with_name("logix.sqlite"), isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        killer = threading.Thread(target=kill_child)
        killer.start()
        done = imported(command, site_file, *more)
        killer.join()
    assert (done.code, done.out) == (1, "")
    assert told in done.err
    assert ("nothing was changed" in done.err) is (not more)


@pytest.mark.parametrize(
    "words",
    [
        ("import", "{file}", "--confirm", "²=3"),
        ("import", "{file}", "--confirm", "1"),
        ("item", "{file}", "A", "²=P"),
        ("item", "{file}", "A", "9" * 20 + "=P"),
    ],
)
def test_what_only_looks_like_a_number_is_told(command: Command, site_file: Path, words: tuple[str, ...]) -> None:
    done = command("grades", *(word.format(file=site_file) for word in words))
    assert done.code == 2
    assert "such as" in done.err


@pytest.mark.parametrize("code", ["0", "-1", "9" * 20])
def test_a_code_that_no_type_has_is_a_wrong_call(command: Command, site_file: Path, code: str) -> None:
    done = command("grades", "codes", site_file, "--type", code)
    assert done.code == 2
    assert "--type" in done.err


@pytest.mark.seed("R-1.10-08", "R-1.10-09")
def test_an_item_code_is_built_and_taken_apart(command: Command, site_file: Path) -> None:
    imported(command, site_file, "--apply")
    built = command("grades", "item", site_file, "CAMISA", "1=verde", "2=P")
    assert built.out == "CAMISA         C003T02\n"
    taken = command("grades", "item", site_file, built.out.rstrip("\n"))
    assert taken.out.splitlines() == ["CAMISA", "C003  1 Cor  VERDE  Verde", "T02  2 Tamanho  P  Pequeno"]
    assert command("grades", "item", site_file, "CAMISA", "1=ROXO").code == 1
    assert command("grades", "item", site_file, "CAMISA", "AZUL").code == 2
    assert command("grades", "item", site_file, "CAMISA DE MANGA LONGA", "2=P").code == 1


@pytest.mark.seed("R-1.9-05", "R-1.9-06", "R-1.9-07")
def test_the_capacity_of_each_size(command: Command) -> None:
    assert answer(command("grades", "capacity", "--json").out)["capacity"] == {"3": 1233, "4": 27233, "5": 718057}
    assert "4 characters: 27,233 contents" in command("grades", "capacity", "--size", "4").out
    assert command("grades", "capacity", "--size", "6").code == 2


@pytest.mark.seed("R-1.9-10")
def test_sizes_are_proposed_with_reasons(command: Command, site_file: Path) -> None:
    assert "No grade type" in command("grades", "plan", site_file).out
    imported(command, site_file, "--apply")
    told = answer(command("grades", "plan", site_file, "--headroom", "50", "--json").out)
    assert (told["headroom"], told["now"]) == (0.5, {"1": 4, "2": 3})
    assert [row["given"] for row in told["types"]] == [4, 3]
    text = command("grades", "plan", site_file).out
    assert "Cor 4 + Tamanho 3 = 7 of 15" in text


@pytest.mark.seed("R-1.9-11")
def test_a_plan_counts_every_reference_and_keeps_the_size_that_they_have(command: Command, site_file: Path) -> None:
    imported(command, site_file, "--apply")
    change(site_file.with_name("logix.sqlite"), "DELETE FROM cor WHERE cod_cor <> 'AZUL'")
    imported(command, site_file, "--apply")
    command("profile", "set", site_file, "grades.types[0].size=5")
    told = answer(command("grades", "plan", site_file, "--json").out)
    assert told["now"]["1"] == 5
    assert [(one["contents"], one["given"], one["size"]) for one in told["types"]] == [(3, 4, 4), (2, 3, 3)]


def test_what_is_exported_is_imported_again(command: Command, site_file: Path, home: Path) -> None:
    imported(command, site_file, "--apply")
    assert command("grades", "export", site_file, home / "out").code == 0
    assert (home / "out" / "referencias.csv").read_text("utf-8-sig").splitlines()[1] == "1;C001;AZUL;Azul;1"
    again = imported(command, site_file, "--from-csv", home / "out" / "grades.csv", "--json")
    assert json.loads(again.out)["counts"]["new"] == 0
    assert command("grades", "export", site_file, home / "out").code == 2


def test_the_references_before_a_renumbering_are_exported_too(command: Command, site_file: Path, home: Path) -> None:
    imported(command, site_file, "--apply")
    command("profile", "set", site_file, "grades.types[0].size=5")
    assert imported(command, site_file, "--apply", "--confirm", "1=3").code == 0
    assert command("grades", "export", site_file, home / "out").code == 0
    (before,) = (home / "out").glob("1-C4-*.csv")
    assert before.read_text("utf-8-sig").splitlines()[1] == "1;C001;AZUL;Azul;1"
    assert "1;C0001;AZUL;Azul;1" in (home / "out" / "referencias.csv").read_text("utf-8-sig")


def test_references_that_were_not_given_yet(command: Command, site_file: Path) -> None:
    done = command("grades", "codes", site_file, "--type", "1")
    assert done.code == 1
    assert "--apply" in done.err
