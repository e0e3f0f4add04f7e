"""Each row of the table of faults names its test, or says that it is known from a manual only."""

from __future__ import annotations

import importlib
import inspect

import pytest

from wizard.connection.fault_table import ROWS, Row

TESTS = {
    name: test
    for part in ("network", "drivers", "servers", "answers")
    for name, test in vars(importlib.import_module(f"tests.connection.test_faults_{part}")).items()
    if name.startswith("test_")
}


@pytest.mark.parametrize("row", [row for row in ROWS if row.test], ids=lambda row: row.name)
def test_the_test_that_a_row_names_speaks_of_the_row_and_of_each_of_its_codes(row: Row) -> None:
    test = TESTS[row.test]
    parameters = [mark.args for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    words = f"{inspect.getsource(test)} {parameters}"
    assert f"{row.name!r}" in words.replace('"', "'")
    alternatives = [
        code for codes in (row.states, row.natives, row.driver) if len(codes.split()) > 1 for code in codes.split()
    ]
    assert [code for code in alternatives if code not in words] == []


def test_a_row_has_one_name_and_a_code_one_cause() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)
    causes = {(row.fault.code, row.fault.cause) for row in ROWS}
    twice = [code for code, _cause in causes if sum(code == other for other, _ in causes) > 1]
    assert set(twice) <= {"database.driver_missing"}, "that of Oracle is another than that of ODBC"
