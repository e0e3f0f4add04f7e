"""The fields of the database page on a machine of ten data sources, by the widgets that a person uses."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.connection.odbc_machine import Machine
from tests.gui.database_page import dsn, note, start
from tests.gui.hands import click, held, settled
from tests.gui.heart import stall_seconds
from wizard.flow import data_sources
from wizard.flow import state as flow

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machine of the fixture is one of unixODBC")


# --- the field ---------------------------------------------------------------------------------


@pytest.mark.seed("R-PRE-06")
def test_the_right_data_source_is_proposed_and_taken_by_one_press(page: Any) -> None:
    editor = page.form.editor("database.dsn")
    state, text = note(page, "database.dsn")
    assert state == "info"
    assert text.startswith("Proposed: LOGIX. It is the only System DSN")
    assert [editor.box.itemText(index) for index in range(editor.box.count())][:2] == ["LOGIX", "LOST"]
    assert editor.box.count() == 10
    assert editor.use.text().replace("&", "") == "Use LOGIX"
    click(editor.use)
    assert dsn(page) == "LOGIX"
    assert editor.line.text() == "LOGIX"
    assert note(page, "database.dsn") == ("ok", "IBM INFORMIX ODBC DRIVER, ol_logix, System DSN, 64 bit")
    assert not editor.use.isVisible()


@pytest.mark.seed("R-PRE-06")
def test_a_name_is_typed_or_chosen_and_typing_completes_nothing(page: Any, qtbot: QtBot) -> None:
    line = page.form.editor("database.dsn").focus
    QTest.keyClicks(line, "lo")
    assert (dsn(page), line.text()) == ("lo", "lo")
    QTest.keyClicks(line, "gix")
    assert dsn(page) == "logix"
    assert note(page, "database.dsn")[0] == "warn"
    box = page.form.editor("database.dsn").box
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert dsn(page) in [box.itemText(index) for index in range(box.count())]
    box.setCurrentIndex(box.findData("GHOST", Qt.ItemDataRole.EditRole))
    box.activated.emit(box.currentIndex())
    assert dsn(page) == "GHOST"
    assert "libghost.so" in note(page, "database.dsn")[1]


def test_another_kind_proposes_for_itself(page: Any) -> None:
    kind = page.form.editor("database.kind").focus
    kind.setCurrentIndex(kind.findData("sqlserver"))
    editor = page.form.editor("database.dsn")
    assert [editor.box.itemText(index) for index in range(2)] == ["ERP", "ERP_TEST"]
    assert note(page, "database.dsn") == ("", "")
    kind.setCurrentIndex(kind.findData("sqlite"))
    assert not page.sources.isVisible()


def test_the_machine_is_read_in_the_background(page: Any, machine: Machine, qtbot: QtBot) -> None:
    parts = [f"[N{number:05}]\nDriver=SQLite3\nDatabase=/no/such/{number}\n" for number in range(4000)]
    machine.system.write_text("\n".join(parts), "utf-8")
    editor = page.form.editor("database.dsn")
    with held(data_sources, "machine"):
        page.read_again()
        QTest.keyClicks(editor.focus, "N0")
        assert page.shell.background.busy, "it is being read still"
        assert (dsn(page), editor.box.count()) == ("N0", 10)
    settled(page.shell, qtbot)
    assert editor.box.count() == 4001
    assert editor.line.text() == "N0", "what was typed meanwhile stays"


def test_many_data_sources_are_shown_within_the_limit_of_the_window(page: Any, machine: Machine) -> None:
    parts = [f"[N{number:05}]\nDriver=SQLite3\nDatabase=/no/such/{number}\n" for number in range(300)]
    machine.system.write_text("\n".join(parts), "utf-8")
    here = data_sources.machine()
    assert len(here.rows) == 301

    def seconds(work: Callable[[], None]) -> float:
        # The quickest of several, by the work of this thread alone: other processes share the machine.
        times = []
        for _try in range(5):
            began = time.thread_time()
            work()
            times.append(time.thread_time() - began)
        return min(times)

    line = page.form.editor("database.dsn").focus
    assert seconds(lambda: page.take_listing(here)) < stall_seconds()
    assert seconds(lambda: QTest.keyClicks(line, "x")) < stall_seconds()
    assert page.form.editor("database.dsn").box.count() == 301


# --- isolation ---------------------------------------------------------------------------------


@pytest.mark.seed("R-PRE-07")
def test_after_a_test_only_what_the_driver_offers_is_offered_and_the_default_is_told(
    page: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    window = page.shell
    window.begin(start(tmp_path, database__kind="odbc", database__dsn="DEMO"))
    settled(window, qtbot)
    box = page.form.editor("database.isolation").box
    assert box.count() == 5
    assert note(page, "database.isolation") == ("", "")
    click(page.checks.test)
    settled(window, qtbot)
    assert page.checks.states()["database.login"] == "ok"
    assert [box.itemData(index) for index in range(box.count())] == ["server_default", "serializable"]
    assert "Default of the server: Serializable." in note(page, "database.isolation")[1]
    box.setCurrentIndex(1)
    assert flow.value_of(window.state.data, "database.isolation") == "serializable"
    assert "not tested yet" in note(page, "database.isolation")[1]
    window.change(lambda state: flow.edit(state, "database.dsn", "BYPATH"))
    assert box.count() == 5, "another connection was not asked"
    assert note(page, "database.isolation") == ("", "")
    assert box.currentData() == "serializable"


def test_the_level_in_force_is_read_back(page: Any, tmp_path: Path, logix_file: Path, qtbot: QtBot) -> None:
    window = page.shell
    window.begin(start(tmp_path, database__kind="sqlite", database__file=str(logix_file)))
    settled(window, qtbot)
    click(page.checks.test)
    settled(window, qtbot)
    state, text = note(page, "database.isolation")
    assert state == "ok"
    assert "In force after the test: Serializable (read back)." in text


def test_oracle_says_why_no_dirty_read_is_needed(page: Any) -> None:
    kind = page.form.editor("database.kind").focus
    kind.setCurrentIndex(kind.findData("oracle"))
    texts = [label.text() for label in page.form.findChildren(QLabel) if label.isVisible()]
    assert any("Read Uncommitted does not exist and is not needed" in text for text in texts)
