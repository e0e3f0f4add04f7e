"""The database page on a machine of five drivers and ten data sources, by the widgets that a person uses."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.cli.calling import answer, aps
from tests.connection.odbc_machine import SECRET, Machine, build
from tests.gui.hands import click, settled
from wizard import i18n
from wizard.connection.data_sources import listing
from wizard.demo import logix_db
from wizard.flow import data_sources
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.data_sources_dialog import DataSourcesDialog
from wizard.gui.delete_dialog import DeleteDialog
from wizard.gui.dsn_dialog import DsnDialog
from wizard.gui.login_dialog import LoginDialog
from wizard.gui.paste_dialog import PasteDialog
from wizard.gui.reading_order import widgets
from wizard.gui.sheet import Sheet
from wizard.gui.window import Window

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machine of the fixture is one of unixODBC")

MakeWindow = Callable[[Path], Window]
STALL = 0.05
"""Seconds that the window may be busy with itself."""

Dialog = TypeVar("Dialog", bound=Sheet)


@pytest.fixture(scope="session")
def logix_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("logix-of-the-page") / "logix.sqlite"
    logix_db.build(file)
    return file


@pytest.fixture
def machine(tmp_path: Path, logix_file: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return build(tmp_path / "odbc", logix_file, monkeypatch)


@pytest.fixture
def page(machine: Machine, tmp_path: Path, make_window: MakeWindow, qtbot: QtBot) -> Iterator[Any]:
    """The page of a profile that is complete but for its data source, with the machine listed."""
    QApplication.clipboard().clear()
    window = make_window(tmp_path)
    window.begin(start(tmp_path))
    settled(window, qtbot)
    yield window.page
    for dialog in [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Sheet)]:
        dialog.done(0)


def start(folder: Path, **answers: object) -> flow.State:
    state = replace(flow.new_profile(folder), visited=frozenset(IDS), walking=False)
    given = {
        "name": "Matriz",
        "environment": "test",
        "company.logix": "01",
        "company.site": "01",
        "webservice.url": "http://127.0.0.1:1/ws",
    }
    for path, value in {**given, **{name.replace("__", "."): value for name, value in answers.items()}}.items():
        state = flow.edit(state, path, value)
    return flow.go(state, "database")


def opened(kind: type[Dialog], qtbot: QtBot) -> Dialog:
    """The dialog of a kind that is open now."""

    def found() -> list[Dialog]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]

    qtbot.waitUntil(lambda: bool(found()))
    dialog = found()[-1]
    active(dialog, qtbot)
    return dialog


def active(dialog: Sheet, qtbot: QtBot) -> None:
    """Wait until a dialog has the keyboard; asked for before it is on the screen, it would not get it."""

    def is_active() -> bool:
        dialog.activateWindow()
        return dialog.isActiveWindow()

    qtbot.waitUntil(is_active)


@pytest.fixture
def sources(page: Any, qtbot: QtBot) -> DataSourcesDialog:
    click(page.sources)
    dialog = opened(DataSourcesDialog, qtbot)
    settled(page.shell, qtbot)
    return dialog


def select(dialog: DataSourcesDialog, name: str) -> None:
    rows = [dialog.sources.item(row, 0).text() for row in range(dialog.sources.rowCount())]
    dialog.sources.setCurrentCell(rows.index(name), 0)


def told(dialog: DataSourcesDialog) -> str:
    return "\n".join(label.text() for label in dialog.details.findChildren(QLabel))


def dsn(page: Any) -> str:
    return str(flow.value_of(page.shell.state.data, "database.dsn") or "")


def note(page: Any, path: str) -> tuple[str, str]:
    return page.form._notes[path].told


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
    began = time.perf_counter()
    data_sources.machine()
    reading = time.perf_counter() - began
    began = time.perf_counter()
    page.read_again()
    editor = page.form.editor("database.dsn")
    QTest.keyClicks(editor.focus, "N0")
    assert time.perf_counter() - began < reading / 2
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
        # The quickest of several: other processes share the machine.
        times = []
        for _try in range(5):
            began = time.perf_counter()
            work()
            times.append(time.perf_counter() - began)
        return min(times)

    line = page.form.editor("database.dsn").focus
    assert seconds(lambda: page.take_listing(here)) < STALL
    assert seconds(lambda: QTest.keyClicks(line, "x")) < STALL
    assert page.form.editor("database.dsn").box.count() == 301


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


def field(dialog: DsnDialog, place: str) -> QLineEdit:
    found = dialog.fields[place]
    line = found.lineEdit() if isinstance(found, QComboBox) else found
    assert isinstance(line, QLineEdit)
    return line


def retype(dialog: DsnDialog, place: str, text: str) -> None:
    line = field(dialog, place)
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, text)


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


def test_a_hanging_login_ends_with_escape_within_a_second(
    page: Any, sources: DataSourcesDialog, machine: Machine, silent_server: int, qtbot: QtBot
) -> None:
    driver = next(Path("/usr/lib").glob("*/odbc/psqlodbcw.so"), None)
    if driver is None:
        pytest.skip("odbc-postgresql is not installed")
    entry = f"\n[HANGS]\nDriver={driver}\nServername=127.0.0.1\nPort={silent_server}\nDatabase=x\n"
    machine.system.write_text(machine.system.read_text("utf-8") + entry, "utf-8")
    click(sources.again)
    settled(page.shell, qtbot)
    select(sources, "HANGS")
    click(sources.login)
    dialog = opened(LoginDialog, qtbot)
    click(dialog.test)
    qtbot.wait(1500)
    assert dialog.cancel.isVisible()
    assert page.shell.background.busy
    began = time.monotonic()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.shell.background.busy, timeout=1000)
    assert time.monotonic() - began < 1
    assert dialog.isVisible()
    assert dialog.said.told == ("skipped", "Cancelled.")


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


# --- pasting -----------------------------------------------------------------------------------


def test_a_copied_connection_is_there_at_once_and_fills_the_page(page: Any, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("jdbc:sqlserver://srv:1433;databaseName=logix;user=sa;password=hunter2")
    QTest.keyClick(page.paste, Qt.Key.Key_Space)
    dialog = opened(PasteDialog, qtbot)
    assert "Server: srv" in dialog.preview.text()
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    state = page.shell.state
    section = flow.value_of(state.data, "database")
    assert (section["kind"], section["host"], section["port"], section["user"]) == ("sqlserver", "srv", 1433, "sa")
    assert section["password"] == flow.secret_reference(state, "database.password")
    assert page.form.editor("database.host").focus.text() == "srv"
    assert not dialog.isVisible()
    QApplication.clipboard().clear()


def test_what_cannot_be_read_is_told_and_stays(page: Any, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("a shopping list")
    click(page.paste)
    dialog = opened(PasteDialog, qtbot)
    assert dialog.line.text() == "", "only a connection is taken from the clipboard"
    dialog.line.setText("postgresql://u:hunter2@srv/logix")
    click(dialog.fill_in)
    assert dialog.isVisible()
    assert "Logix does not run on" in dialog.said.told[1]
    assert "hunter2" not in dialog.said.told[1]
    assert dialog.line.text().startswith("postgresql://")


# --- every dialog ------------------------------------------------------------------------------


def every_dialog(page: Any, qtbot: QtBot) -> Iterator[Sheet]:
    click(page.paste)
    paste = opened(PasteDialog, qtbot)
    paste.line.setText("Driver={ODBC Driver 18 for SQL Server};Server=srv;Database=logix;UID=sa;PWD=x1")
    yield paste
    paste.reject()
    click(page.sources)
    sources = opened(DataSourcesDialog, qtbot)
    settled(page.shell, qtbot)
    select(sources, "LOST")
    yield sources
    sources.tabs.setCurrentIndex(1)
    yield sources
    sources.tabs.setCurrentIndex(0)
    for button, kind in (
        (sources.new, DsnDialog),
        (sources.repair, DsnDialog),
        (sources.delete, DeleteDialog),
        (sources.login, LoginDialog),
    ):
        click(button)
        dialog = opened(kind, qtbot)
        if isinstance(dialog, DsnDialog):
            field(dialog, "keywords.Server").clear()
            dialog._typed("Server", "")
            click(dialog.save)
            settled(page.shell, qtbot)
        yield dialog
        dialog.reject()
        active(sources, qtbot)


def shown(dialog: Sheet) -> list[QWidget]:
    return [widget for widget in widgets(dialog) if widget.isVisible()]


def cut(dialog: Sheet) -> list[str]:
    found = []
    for widget in shown(dialog):
        if isinstance(widget, QPushButton) and widget.width() < widget.sizeHint().width():
            found.append(f"{widget.text()!r} has {widget.width()} of {widget.sizeHint().width()}")
        if isinstance(widget, QLabel) and widget.wordWrap() and widget.text():
            needed = widget.heightForWidth(widget.width())
            if widget.height() < needed:
                found.append(f"{widget.text()[:40]!r} has {widget.height()} of {needed} in height")
        right = widget.mapTo(dialog, widget.rect().topRight()).x()
        if right > dialog.width():
            found.append(f"{widget} ends at {right}")
    return found


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("size", [(1024, 768), (683, 512)], ids=str)
def test_every_dialog_fits_is_named_and_reached_by_tab(
    machine: Machine,
    tmp_path: Path,
    make_window: MakeWindow,
    qtbot: QtBot,
    *,
    language: str,
    size: tuple[int, int],
) -> None:
    i18n.use(language)
    QApplication.clipboard().clear()
    window = make_window(tmp_path)
    window.resize(*size)
    window.begin(start(tmp_path))
    settled(window, qtbot)
    for dialog in every_dialog(window.page, qtbot):
        name = type(dialog).__name__
        assert dialog.width() <= window.width(), name
        assert dialog.height() <= window.height(), name
        qtbot.waitUntil(lambda dialog=dialog: cut(dialog) == [], timeout=2000)
        # The dialog that was closed before takes the keyboard with it once the event loop comes round to its end.
        active(dialog, qtbot)
        stops = {w for w in shown(dialog) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled()}
        stops = {widget for widget in stops if not widget.focusProxy()}
        for widget in stops:
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface.text(QAccessible.Text.Name), f"{name}: {widget} has no name"
        reached = set()
        for _press in range(len(stops) + 3):
            reached.add(QApplication.focusWidget())
            dialog.focusNextChild()
        assert not [f"{name}: {widget}" for widget in stops - reached]
    for dialog in [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Sheet)]:
        dialog.done(0)
