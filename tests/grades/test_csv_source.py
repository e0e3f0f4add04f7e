"""Grade types out of a CSV file: as spreadsheets write it, and everything that somebody may take for one."""

from __future__ import annotations

import csv
import io
import os
import random
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.checklist.check import Outcome, Subject
from wizard.grades import importer
from wizard.grades.contents import clean
from wizard.grades.csv_source import COLUMNS, SIZE_LIMIT, read
from wizard.grades.import_job import from_child, import_job
from wizard.grades.import_result import Import, Wish
from wizard.grades.refusal import Refused
from wizard.grades.source import Source

HEADER = ";".join(COLUMNS)
GOOD = f"{HEADER}\n1;Cor;AZUL;Azul-céu\n1;Cor;ROSA;Rosa\n2;Tamanho;P;Pequeno\n"


def written(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    file = folder / "grades.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return file


def held(source: Source) -> dict[int, tuple[str, dict[str, str]]]:
    """Name and contents of each type."""
    found = {}
    for row in source.types:
        table = clean(source.contents(row)).table
        assert source.expected(row) is not None
        contents = dict(zip(table["code"].to_pylist(), table["description"].to_pylist(), strict=True))
        found[row.code] = (row.description, contents)
    return found


def refusal(file: Path) -> tuple[int | None, str]:
    """Line and message of what refuses a file; it always names the file."""
    with pytest.raises(Refused) as refused:
        read(file)
    problem = refused.value.problem
    assert problem.file == file
    assert problem.code.startswith("grades.csv")
    return problem.line, problem.message


# --- files that are good -----------------------------------------------------------------------

EXPECTED = {1: ("Cor", {"AZUL": "Azul-céu", "ROSA": "Rosa"}), 2: ("Tamanho", {"P": "Pequeno"})}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_as_a_spreadsheet_writes_it(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    text = GOOD.replace(";", separator).replace("\n", end)
    source = read(written(tmp_path, text, encoding))
    assert held(source) == EXPECTED
    assert source.name == "grades.csv"
    assert not any(row.per_company for row in source.types)


def test_columns_in_any_order_among_others_and_in_any_capitals(tmp_path: Path) -> None:
    text = (
        " DES_Conteudo ;obs;COD_GRADE;cod_conteudo;Des_Grade;\n"
        "Azul-céu;x;1;AZUL;Cor;\nRosa;;1;ROSA;Cor\nPequeno;;2;P;Tamanho;;;\n"
    )
    assert held(read(written(tmp_path, text))) == EXPECTED


def test_quotes_hold_separators_quotes_and_ends_of_line(tmp_path: Path) -> None:
    text = f'"{COLUMNS[0]}";{";".join(COLUMNS[1:])}\n1;"C;o""r";"A;1";"two\nlines"\n1;;B;"x"\n'
    assert held(read(written(tmp_path, text))) == {1: ('C;o"r', {"A;1": "two\nlines", "B": "x"})}


def test_blank_lines_and_blanks_around_values_do_not_count(tmp_path: Path) -> None:
    text = f"{HEADER}\n\n 1 ; Cor ; AZUL ; Azul-céu \n;;;\n   \n01;Cor;ROSA;Rosa\n2;Tamanho;P;Pequeno"
    assert held(read(written(tmp_path, text))) == EXPECTED


def test_the_name_of_a_type_may_stand_in_any_of_its_lines(tmp_path: Path) -> None:
    source = read(written(tmp_path, f"{HEADER}\n1;;AZUL;\n1;Cor;ROSA;\n1;;BEGE;\n2;;P;\n"))
    assert [row.description for row in source.types] == ["Cor", "2"]


def test_what_another_import_finds_wrong_in_contents_it_finds_too(make: Callable[..., Subject], tmp_path: Path) -> None:
    text = f"{HEADER}\n1;Cor;AZUL;\n1;Cor;azul;\n1;Cor;;x\n1;Cor;{'x' * 16};\n1;Cor;AZUL;\n"
    found = importer.run(make(), Wish(csv=str(written(tmp_path, text))))
    assert {finding.kind: finding.count for finding in found.findings} == {
        "blank": 1,
        "too_long": 1,
        "twice": 1,
        "twin": 1,
    }
    assert found.grades.imported_from == "grades.csv"


def test_combinations_are_those_of_the_profile_that_the_file_has_the_types_of(tmp_path: Path) -> None:
    assert read(written(tmp_path, GOOD), ((1, 2), (2,), (1, 3))).slots == ((1, 2), (2,))


VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12).map(str.strip)


@given(st.lists(st.tuples(st.integers(1, 99999), VALUES, VALUES), min_size=1, max_size=30), st.sampled_from(";,\t"))
def test_whatever_a_writer_of_csv_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str, str]], separator: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(COLUMNS)
    writer.writerows([number, f"Tipo {number}", code, description] for number, code, description in rows)
    source = read(written(tmp_path_factory.mktemp("csv"), text.getvalue()))
    expected: dict[int, list[tuple[str, str]]] = {}
    for number, code, description in rows:
        expected.setdefault(number, []).append((code, description))
    found = {}
    for row in source.types:
        batches = list(source.contents(row))
        found[row.code] = [pair for batch in batches for pair in zip(*batch.to_pydict().values(), strict=True)]
    assert found == expected


# --- files that are not ------------------------------------------------------------------------

NOT_WELL_FORMED = "The line is not well formed: a quote is missing or stands inside a value."
FIRST_LINE = "The first line must name the columns cod_grade;des_grade;cod_conteudo;des_conteudo, each once."
NUMBER = "cod_grade is not a number from 1 to 99999."
NO_TEXT = "The file is no text."


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("", 1, FIRST_LINE),
        ("\n" + GOOD, 1, FIRST_LINE),
        (GOOD.replace("des_grade", "des"), 1, FIRST_LINE),
        (HEADER + ";cod_grade\n1;Cor;A;B;2\n", 1, FIRST_LINE),
        (HEADER.replace(";", "|"), 1, FIRST_LINE),
        (HEADER, None, "The file has no contents."),
        (HEADER + "\n\n;;;\n", None, "The file has no contents."),
        (GOOD + "x;Cor;A;B\n", 5, NUMBER),
        (GOOD + "0;Cor;A;B\n", 5, NUMBER),
        (GOOD + "-1;Cor;A;B\n", 5, NUMBER),
        (GOOD + "123456;Cor;A;B\n", 5, NUMBER),
        (GOOD + "1.0;Cor;A;B\n", 5, NUMBER),
        (GOOD + "\u0663;Cor;A;B\n", 5, NUMBER),
        (GOOD + ";Cor;A;B\n", 5, NUMBER),
        (GOOD + "1;Cores;A;B\n", 5, "The grade type has another name in an earlier line."),
        (GOOD + "1;Cor;A\n", 5, "The line has too few values."),
        (
            GOOD + "1;Cor;A;azul; marinho\n",
            5,
            "The line has too many values: a value with a separator in it needs quotes.",
        ),
        (GOOD + '1;Cor;A;"open\n1;Cor;B;x\n', 6, NOT_WELL_FORMED),
        (GOOD + '1;Cor;"A"x;B\n', 5, NOT_WELL_FORMED),
        (GOOD + '1;Cor;"two\nlines";x\n1;Cor;A\n', 7, "The line has too few values."),
        (GOOD + "1;Cor;A;" + "x" * 200_000 + "\n", 5, "A value is longer than 131,072"),
        (GOOD + "1;Cor;A\0;B\n", 5, NO_TEXT),
        (GOOD.encode() + b"1;Cor;A\x81;B\n", 5, NO_TEXT),
        (GOOD.encode("utf-16"), 1, NO_TEXT),
        (b"PK\x03\x04\x00\x00", 1, NO_TEXT),
        (GOOD + "1;Cor;A;" + "x" * 3_000_000, 5, NO_TEXT),
        (HEADER + "\n" + "".join(f"{number};T;A;B\n" for number in range(1, 700)), 502, "500 grade types"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, content: str | bytes, line: int | None, message: str
) -> None:
    found, told = refusal(written(tmp_path, content))
    assert message in told
    assert found == line


def test_a_file_with_a_value_too_many_is_not_cut_in_silence(tmp_path: Path) -> None:
    """A description with a separator in it would else lose its end."""
    line, _message = refusal(written(tmp_path, f"{HEADER};obs\n1;Cor;A;azul; marinho; claro\n"))
    assert line == 2


PIECES = [
    *(HEADER, "cod_grade", ";", ",", "\t", '"', '""', "\n", "\r\n", "\r", "\0", "1", "0", "99999", "100000"),
    *("Cor", "AZUL", "é", "😀", "\ufeff", " ", "x" * 16, "1;Cor;AZUL;Azul\n", "2;T;P;Pequeno\r\n", '1;Cor;"A";"B"\n'),
]  # fmt: skip


@settings(max_examples=2000)
@given(
    st.one_of(
        st.lists(st.sampled_from(PIECES), max_size=30).map(lambda pieces: "".join(pieces).encode()),
        st.lists(st.sampled_from(PIECES), max_size=30).map(lambda pieces: (HEADER + "\n" + "".join(pieces)).encode()),
        st.lists(st.sampled_from(PIECES), max_size=10).map(lambda pieces: "".join(pieces).encode("utf-16")),
        st.binary(max_size=60),
        st.tuples(st.binary(max_size=4), st.integers(0, len(GOOD))).map(
            lambda cut: GOOD.encode()[: cut[1]] + cut[0] + GOOD.encode()[cut[1] :]
        ),
    )
)
def test_no_file_is_worse_than_refused_with_a_place(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(content)
    try:
        source = read(file)
    except Refused as refused:
        problem = refused.problem
        assert problem.file == file
        assert problem.message
        lines = content.count(b"\n") + content.count(b"\r") + 1
        assert problem.line is None or 1 <= problem.line <= lines
        assert problem.line is not None or problem.code == "grades.csv_empty"
    else:
        assert source.types
        assert all(1 <= row.code <= 99999 for row in source.types)
        held(source)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("wb") as sparse:
        sparse.truncate(300 * 1024 * 1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(file) == (None, "The file is larger than 256 MB.")
    with file.open("wb") as sparse:
        sparse.truncate(SIZE_LIMIT)
    assert refusal(file) == (1, NO_TEXT)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert refusal(tmp_path / "pipe.csv") == (None, "This is no file with contents.")


# --- in a child --------------------------------------------------------------------------------


def in_child(subject: Subject, file: Path) -> Import | Outcome:
    ending = import_job(subject, Wish(csv=str(file))).run()
    assert ending.how == "done", ending
    return from_child(ending.answer)


def test_a_child_reads_the_file_too(make: Callable[..., Subject], tmp_path: Path) -> None:
    found = in_child(make(), written(tmp_path, GOOD))
    assert isinstance(found, Import)
    assert [(grade.code, grade.description, grade.contents) for grade in found.grades.types] == [
        (1, "Cor", 2),
        (2, "Tamanho", 1),
    ]


def test_what_is_wrong_comes_out_of_the_child_with_its_place(make: Callable[..., Subject], tmp_path: Path) -> None:
    outcome = in_child(make(), written(tmp_path, GOOD + "x;;A;B\n"))
    assert isinstance(outcome, Outcome)
    assert (outcome.code, outcome.message) == ("grades.csv", f"{tmp_path / 'grades.csv'}, line 5: {NUMBER}")


@pytest.mark.parametrize("kind", ["missing", "folder", "unreadable", "below_a_file"])
def test_a_file_that_cannot_be_read_is_an_outcome_that_names_it(
    make: Callable[..., Subject], tmp_path: Path, kind: str
) -> None:
    file = tmp_path / "grades.csv"
    if kind == "folder":
        file.mkdir()
    elif kind == "unreadable":
        written(tmp_path, GOOD).chmod(0)
        # Root may read everything but this.
        file = Path("/proc/self/mem") if os.access(file, os.R_OK) else file
    elif kind == "below_a_file":
        file = written(tmp_path, GOOD) / "below.csv"
    outcome = in_child(make(), file)
    assert isinstance(outcome, Outcome)
    assert (outcome.status, outcome.code) == ("fail", "grades.unreadable")
    assert str(file) in outcome.message
    assert outcome.hint


def test_a_large_file_takes_little_memory(make: Callable[..., Subject], tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    numbers = list(range(700_000))
    random.Random(4).shuffle(numbers)  # noqa: S311 - an order
    with file.open("w", encoding="cp1252") as text:
        text.write(HEADER + "\n")
        text.writelines(f"1;Cor;C{number:07};Descrição do conteúdo nº {number}\n" for number in numbers)
    before: dict[str, Any] = {"peak": 0}

    def look(_now: object) -> None:
        # The reading is behind us when the first type begins.
        import psutil

        (child,) = [each for each in psutil.Process().children() if "wizard.isolated.child" in each.cmdline()]
        text = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
        before["peak"] = max(before["peak"], int(text.partition("VmHWM:")[2].split()[0]))

    ending = import_job(make(), Wish(csv=str(file)), look).run()
    assert ending.how == "done", ending
    found = from_child(ending.answer)
    assert isinstance(found, Import)
    assert found.grades.types[0].contents == 700_000
    assert 0 < before["peak"] / 1024 < 300


@pytest.mark.parametrize("value", ["x" * 131_073, '"' + "y\n" * 70_000])
def test_a_value_beyond_all_measure_is_told_as_such(tmp_path: Path, value: str) -> None:
    """The second is what a quote that nobody closes makes of the rest of a file."""
    line, message = refusal(written(tmp_path, f"{HEADER}\n1;Cor;AZUL;Azul\n1;Cor;ROSA;{value}\n"))
    assert line is not None
    assert line >= 3
    assert message == "A value is longer than 131,072 characters: is a quote missing, or is it the right file?"
    fits = written(tmp_path, f"{HEADER}\n1;Cor;ROSA;{'x' * 131_072}\n")
    assert held(read(fits))[1][0] == "Cor"
