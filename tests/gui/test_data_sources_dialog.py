"""The list of data sources over the database page: what is told of each, and everything that can be done with one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from tests.cli.calling import answer, aps
from tests.connection.odbc_machine import SECRET, Machine
from tests.gui.database_page import dsn, field, note, opened, retype, select, told
from tests.gui.hands import click, settled
from tests.patience import PATIENCE_MS
from wizard.connection.data_sources import listing
from wizard.flow import state as flow
from wizard.gui.data_sources_dialog import DataSourcesDialog
from wizard.gui.delete_dialog import DeleteDialog
from wizard.gui.dsn_dialog import DsnDialog
from wizard.gui.login_dialog import LoginDialog
from wizard.gui.paste_dialog import PasteDialog

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machine of the fixture is one of unixODBC")


# --- the list ----------------------------------------------------------------------------------


def test_the_list_shows_every_data_source_rightly(sources: DataSourcesDialog) -> None:
    table = sources.sources
    shown = {
        table.item(row, 0).text(): tuple(table.item(row, column).text() for column in (1, 4, 5, 6))
        for row in range(table.rowCount())
    }
    assert shown == {
        "BYPATH": ("ready", "System DSN", "64 bit", "yes"),
        "DEMO": ("ready", "System DSN", "64 bit", "yes"),
        "ERP": ("ready", "System DSN", "64 bit", "yes"),
        "ERP_TEST": ("ready", "System DSN", "64 bit", "yes"),
        "GHOST": ("broken", "System DSN", "-", "yes"),
        "LOGIX": ("ready", "System DSN", "64 bit", "yes"),
        "LOST": ("broken", "System DSN", "-", "yes"),
        "MINE": ("ready, with a remark", "user DSN", "64 bit", "no"),
        "ORA": ("broken", "System DSN", "32 bit", "no"),
        "STORED": ("ready, with a remark", "System DSN", "64 bit", "yes"),
    }
    assert all(not table.item(row, 1).icon().isNull() for row in range(table.rowCount()))
    assert sources.drivers.rowCount() == 5


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("GHOST", ["libghost.so", "MariaDB Connector/ODBC"]),
        ("LOST", ["Informix of last year", "IBM Informix Client SDK", "64 bit"]),
        ("ORA", ["32 bit", "64 bit", "Oracle Instant Client"]),
        ("MINE", ["user DSN", "System DSN"]),
        ("STORED", ["holds a password"]),
    ],
)
def test_what_is_wrong_stands_under_the_list(sources: DataSourcesDialog, name: str, words: list[str]) -> None:
    select(sources, name)
    assert all(word in told(sources) for word in words), told(sources)
    assert SECRET not in told(sources)
    assert sources.system.isEnabled() == (name == "MINE")


def test_a_missing_driver_is_told_on_its_tab(page: Any, qtbot: QtBot) -> None:
    kind = page.form.editor("database.kind").focus
    kind.setCurrentIndex(kind.findData("oracle"))
    click(page.sources)
    dialog = opened(DataSourcesDialog, qtbot)
    dialog.tabs.setCurrentIndex(1)
    texts = " ".join(label.text() for label in dialog.driver_details.findChildren(QLabel))
    assert "Oracle 19 ODBC driver" in texts
    assert "Oracle Instant Client" in texts
    settled(page.shell, qtbot)


def test_one_is_taken_into_the_profile(page: Any, sources: DataSourcesDialog) -> None:
    select(sources, "ERP")
    click(sources.use)
    assert dsn(page) == "ERP"
    assert not sources.isVisible()
    assert "not one for Informix" in note(page, "database.dsn")[1]


def test_the_lists_are_copied(sources: DataSourcesDialog) -> None:
    click(sources.copy)
    text = QApplication.clipboard().text()
    assert "LOGIX\tready\tIBM INFORMIX ODBC DRIVER" in text
    assert SECRET not in text


def test_the_administrator_is_offered_where_there_is_one(page: Any, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = DataSourcesDialog(page, page.shell.background, page.shell.state, administrators={64: tmp_path / "a.exe"})
    dialog.open()
    settled(page.shell, qtbot)
    select(dialog, "LOGIX")
    assert dialog.admin.isVisible()
    assert dialog.admin.isEnabled()
    assert "64 bit" in dialog.admin.text()
    select(dialog, "ORA")
    assert "32 bit" in dialog.admin.text()
    assert not dialog.admin.isEnabled(), "that of the other bitness does not show it"


def test_without_one_it_is_not_offered(sources: DataSourcesDialog) -> None:
    assert not sources.admin.isVisible()


# --- repairing, making, deleting ---------------------------------------------------------------


def test_a_broken_one_is_repaired(page: Any, sources: DataSourcesDialog, machine: Machine, qtbot: QtBot) -> None:
    select(sources, "LOST")
    click(sources.repair)
    dialog = opened(DsnDialog, qtbot)
    assert field(dialog, "keywords.Server").text() == "ol_old"
    assert dialog.fields["driver"].currentData() == "IBM INFORMIX ODBC DRIVER"
    click(dialog.save)
    settled(page.shell, qtbot)
    assert dialog.isVisible(), "a required value is missing"
    line = dialog._lines["keywords.Database"]
    assert line.isVisible()
    assert "Database (Database) is missing. For example: logix." in line.text.text()
    assert QApplication.focusWidget() is field(dialog, "keywords.Database")
    assert field(dialog, "keywords.Server").text() == "ol_old", "nothing typed is lost"
    retype(dialog, "keywords.Database", "logix")
    assert not line.isVisible()
    click(dialog.save)
    qtbot.waitUntil(lambda: not page.shell.background.busy and sources.said.isVisible())
    assert "LOST was written" in sources.said.text.text()
    assert sources.selected is not None
    assert (sources.selected.source.name, sources.selected.state) == ("LOST", "ok")
    assert "# Data sources of this machine" in machine.system.read_text("utf-8")
    assert "LOST" in [choice.name for choice in page.form.editor("database.dsn").model.choices if choice.state == "ok"]


@pytest.mark.seed("R-PRE-06")
def test_a_new_one_begins_with_what_was_pasted_and_is_made(page: Any, machine: Machine, qtbot: QtBot) -> None:
    text = "jdbc:informix-sqli://srv:1526/logix:INFORMIXSERVER=ol_novo;user=aps;password=azul-7"
    click(page.paste)
    paste = opened(PasteDialog, qtbot)
    paste.line.setText(text)
    assert "azul-7" not in paste.preview.text()
    assert paste.line.echoMode() == QLineEdit.EchoMode.Password
    click(paste.fill_in)
    window = page.shell
    assert window.state.typed == {"database.password": "azul-7"}
    assert "azul-7" not in str(window.state.data)
    assert flow.value_of(window.state.data, "database.user") == "aps"
    assert "goes through a DSN" in window.banner.text.text()
    click(page.sources)
    sources = opened(DataSourcesDialog, qtbot)
    settled(window, qtbot)
    click(sources.new)
    dialog = opened(DsnDialog, qtbot)
    assert [field(dialog, f"keywords.{name}").text() for name in ("Host", "Service", "Server", "Database")] == [
        "srv",
        "1526",
        "ol_novo",
        "logix",
    ]
    QTest.keyClicks(field(dialog, "name"), "NOVO")
    click(dialog.save)
    qtbot.waitUntil(lambda: not window.background.busy and sources.said.isVisible())
    found = listing().named("NOVO")
    assert found is not None
    assert (found.scope, found.get("Host"), found.get("Server")) == ("system", "srv", "ol_novo")
    assert "azul-7" not in machine.system.read_text("utf-8")
    click(sources.use)
    assert dsn(page) == "NOVO"


def test_another_driver_has_other_fields_and_keeps_what_was_typed(sources: DataSourcesDialog, qtbot: QtBot) -> None:
    click(sources.new)
    dialog = opened(DsnDialog, qtbot)
    retype(dialog, "keywords.Database", "logix")
    driver = dialog.fields["driver"]
    driver.setCurrentIndex(driver.findData("ODBC Driver 18 for SQL Server"))
    assert "keywords.Encrypt" in dialog.fields
    assert "keywords.CLIENT_LOCALE" not in dialog.fields
    assert field(dialog, "keywords.Database").text() == "logix"
    driver.setCurrentIndex(driver.findData("Oracle 19 ODBC driver"))
    assert "Oracle Instant Client" in dialog._lines["driver"].text.text()
    driver.setCurrentIndex(driver.findData("IBM INFORMIX ODBC DRIVER"))
    assert field(dialog, "keywords.Database").text() == "logix"
    assert dialog._lines["driver"].told == ("", "")


def test_what_cannot_be_written_says_why_and_keeps_what_was_typed(
    page: Any, sources: DataSourcesDialog, machine: Machine, qtbot: QtBot
) -> None:
    select(sources, "DEMO")
    click(sources.repair)
    dialog = opened(DsnDialog, qtbot)
    retype(dialog, "keywords.Description", "Second shift")
    machine.system.write_bytes(b"no section\n")
    click(dialog.save)
    settled(page.shell, qtbot)
    assert dialog.isVisible()
    assert dialog.said.told[0] == "fail"
    assert dialog.said.told[1]
    assert field(dialog, "keywords.Description").text() == "Second shift"
    assert dialog.save.isEnabled()
    assert machine.system.read_bytes() == b"no section\n"


def test_deleting_asks_for_the_name(page: Any, sources: DataSourcesDialog, qtbot: QtBot) -> None:
    select(sources, "GHOST")
    click(sources.delete)
    dialog = opened(DeleteDialog, qtbot)
    QTest.keyClicks(dialog.name, "ghost")
    click(dialog.go)
    assert dialog.isVisible()
    assert listing().named("GHOST") is not None
    dialog.name.clear()
    QTest.keyClicks(dialog.name, "GHOST")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not page.shell.background.busy and sources.said.isVisible())
    assert listing().named("GHOST") is None
    assert sources.sources.rowCount() == 9
    assert "was deleted" in sources.said.text.text()


def test_a_user_dsn_becomes_a_system_dsn(page: Any, sources: DataSourcesDialog, qtbot: QtBot) -> None:
    select(sources, "MINE")
    click(sources.system)
    qtbot.waitUntil(lambda: not page.shell.background.busy and sources.said.isVisible())
    assert listing().named("MINE", "system") is not None
    assert sources.selected is not None
    assert sources.selected.source.scope == "system"
    assert "Delete the user DSN" in sources.said.text.text()


def test_a_failure_stands_in_the_dialog(page: Any, sources: DataSourcesDialog, machine: Machine, qtbot: QtBot) -> None:
    select(sources, "MINE")
    machine.user.write_text("", "utf-8")
    click(sources.delete)
    dialog = opened(DeleteDialog, qtbot)
    QTest.keyClicks(dialog.name, "MINE")
    click(dialog.go)
    settled(page.shell, qtbot)
    assert sources.said.told[0] == "fail"
    assert "There is no DSN named MINE." in sources.said.told[1]
    assert sources.delete.isEnabled()


@pytest.mark.seed("R-PRE-06")
def test_a_machine_of_ten_data_sources_from_the_list_to_a_login(
    page: Any, machine: Machine, logix_file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    """The page and `dsn list --json` tell the same; the right one is proposed; a broken one is repaired and used."""

    def told() -> dict[str, dict[str, Any]]:
        done = aps("dsn", "list", "--json")
        assert (done.returncode, done.stderr) == (0, "")
        report = answer(done.stdout)
        assert (len(report["sources"]), len(report["drivers"])) == (10, 5)
        return {source["name"]: source for source in report["sources"]}

    def shown(dialog: DataSourcesDialog) -> dict[str, tuple[str, ...]]:
        table = dialog.sources
        columns = (2, 3, 4, 5, 6)
        return {
            table.item(row, 0).text(): (
                dialog.sources.item(row, 1).text(),
                *(table.item(row, column).text() for column in columns),
            )
            for row in range(table.rowCount())
        }

    def row(source: dict[str, Any]) -> tuple[str, ...]:
        state = "broken" if not source["usable"] else "ready, with a remark" if source["problems"] else "ready"
        return (
            state,
            source["driver"],
            source["server"],
            {"user": "user DSN", "system": "System DSN"}[source["scope"]],
            f"{source['bits']} bit" if source["bits"] else "-",
            "yes" if source["seen_by_engines"] else "no",
        )

    window = page.shell
    assert note(page, "database.dsn")[1].startswith("Proposed: LOGIX.")
    click(page.sources)
    dialog = opened(DataSourcesDialog, qtbot)
    settled(window, qtbot)
    before = told()
    assert shown(dialog) == {name: row(source) for name, source in before.items()}
    broken = {name for name, source in before.items() if not source["usable"]}
    assert broken == {"GHOST", "LOST", "ORA"}, "two by their driver, one by its bitness"

    select(dialog, "GHOST")
    click(dialog.repair)
    form = opened(DsnDialog, qtbot)
    driver = form.fields["driver"]
    driver.setCurrentIndex(driver.findData("SQLite3"))
    retype(form, "keywords.Database", str(logix_file))
    click(form.save)
    qtbot.waitUntil(lambda: not window.background.busy and dialog.said.isVisible())
    after = told()
    assert after["GHOST"]["problems"] == []
    assert after["GHOST"]["usable"]
    assert {name for name, source in after.items() if source != before[name]} == {"GHOST"}, "no other one"
    assert shown(dialog) == {name: row(source) for name, source in after.items()}

    click(dialog.use)
    assert dsn(page) == "GHOST"
    assert note(page, "database.dsn")[0] == "warn", "it is none for Informix"
    kind = page.form.editor("database.kind").focus
    kind.setCurrentIndex(kind.findData("odbc"))
    assert dsn(page) == "GHOST"
    assert note(page, "database.dsn")[0] == "ok"
    click(page.checks.test)
    settled(window, qtbot)
    states = page.checks.states()
    assert {states[id_] for id_ in ("database.driver", "database.data_source", "database.login")} == {"ok"}
    assert states["database.company"] == "ok"


# --- test login --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "state", "words"), [("DEMO", "ok", "Logged in to SQLite"), ("GHOST", "fail", "MariaDB Connector/ODBC")]
)
def test_the_login_through_one_is_tried(
    page: Any, sources: DataSourcesDialog, qtbot: QtBot, *, name: str, state: str, words: str
) -> None:
    select(sources, name)
    click(sources.login)
    dialog = opened(LoginDialog, qtbot)
    QTest.keyClicks(dialog.user, "aps")
    QTest.keyClicks(dialog.password, "hunter2")
    click(dialog.test)
    settled(page.shell, qtbot)
    assert dialog.said.told[0] == state
    assert words in dialog.said.told[1]
    assert "hunter2" not in dialog.said.told[1] + dialog.details.text()
    assert dialog.test.isVisible()


def test_a_hanging_login_ends_with_escape(
    page: Any, sources: DataSourcesDialog, machine: Machine, silent: Any, qtbot: QtBot
) -> None:
    driver = next(Path("/usr/lib").glob("*/odbc/psqlodbcw.so"), None)
    if driver is None:
        pytest.skip("odbc-postgresql is not installed")
    entry = f"\n[HANGS]\nDriver={driver}\nServername=127.0.0.1\nPort={silent.port}\nDatabase=x\n"
    machine.system.write_text(machine.system.read_text("utf-8") + entry, "utf-8")
    click(sources.again)
    settled(page.shell, qtbot)
    select(sources, "HANGS")
    click(sources.login)
    dialog = opened(LoginDialog, qtbot)
    click(dialog.test)
    qtbot.waitUntil(silent.called)
    assert dialog.cancel.isVisible()
    assert page.shell.background.busy
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    settled(page.shell, qtbot, PATIENCE_MS)
    assert dialog.isVisible()
    assert dialog.said.told == ("skipped", "Cancelled."), "ended by the key, not by its limit"
