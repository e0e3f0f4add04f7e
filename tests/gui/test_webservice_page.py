"""The page Web service on real servers: from the Logix server's files to all green without typing, or to the cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from tests.gui.hands import settled
from tests.webservice.conftest import BadServer
from tests.webservice.test_bad_servers import CASES, Answer
from tests.webservice.test_foreign_servers import demo, npm_soap, nusoap, spyne
from tests.webservice.test_service_check import serves, wsdl
from wizard.demo import server_files
from wizard.flow import state as flow
from wizard.flow.steps import IDS
from wizard.gui.window import Window

MakeWindow = Callable[[Path], Window]

ANSWERS = {
    "name": "Serra Azul",
    "environment": "test",
    "company.logix": "01",
    "company.site": "01",
    "database.kind": "sqlite",
    "database.file": "logix.sqlite",
    "webservice.connect_timeout": 1,
    "webservice.read_timeout": 1,
}
"""What the pages before asked. Of this page only the time limits, so that waiting ends soon."""

ELSEWHERE = (
    "an address that only the server knows",
    "webservice.addresses",
    serves(
        **{
            name: wsdl(name, address="http://logix-own.invalid:8080/ws")
            for name in ("PRODUCTIONORDER", "PURCHASEORDER")
        }
    ),
    "webservice.wsdl_address",
)


@pytest.fixture
def window(tmp_path: Path, make_window: MakeWindow, qtbot: QtBot) -> Window:
    """A window on the page, where nothing has been typed."""
    made = make_window(tmp_path / "profiles")
    state = flow.new_profile(tmp_path / "profiles")
    for path, value in ANSWERS.items():
        state = flow.edit(state, path, value)
    made.begin(flow.go(flow.replace(state, visited=frozenset(IDS)), "webservice"))
    qtbot.waitUntil(made.page.isVisible)
    return made


@pytest.fixture
def bad_server() -> Iterator[Callable[[Answer], BadServer]]:
    servers: list[BadServer] = []

    def made(answer: Answer) -> BadServer:
        servers.append(BadServer(answer))
        return servers[-1]

    yield made
    for server in servers:
        server.stop()


def dropped_and_tested(window: Window, files: tuple[Path, ...], qtbot: QtBot) -> None:
    """Drop files on the page, press Test and wait for the end; a bad server lets its callers wait longer than this."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.page.dropEvent(QDropEvent(QPointF(20, 20), copy, data, left, Qt.KeyboardModifier.NoModifier))
    settled(window, qtbot)
    window.page.checks.test.click()
    settled(window, qtbot)


@pytest.mark.seed("R-PRE-08", "R-CFG-05")
@pytest.mark.parametrize("serving", [demo, spyne, npm_soap, nusoap], ids=lambda serving: str(serving.__name__))
def test_the_servers_files_are_dropped_and_everything_is_green(
    serving: Callable[[], AbstractContextManager[int]], window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    with serving() as port:
        url = f"http://127.0.0.1:{port}/ws"
        dropped_and_tested(window, server_files.write(tmp_path, url), qtbot)
        assert window.page.form.editor("webservice.url").focus.text() == url
        states = window.page.checks.states()
        assert states == dict.fromkeys(states, "ok"), [
            result.outcome for result in window.state.results.values() if result.outcome.status != "ok"
        ]
    assert {"webservice.production_order", "webservice.purchase_order", "webservice.addresses"} <= set(states)
    assert window.banner.text.text() == "The address was read from the file."


WHOLE_WAY = (*(case for case in CASES if case[0] != "one gigabyte as WSDL"), ELSEWHERE)
"""That one sends its gigabyte for the index already, when all checks of the page run."""


@pytest.mark.parametrize("case", [case[1:] for case in WHOLE_WAY], ids=[case[0] for case in WHOLE_WAY])
def test_a_bad_server_is_told_with_cause_and_action_on_the_page(
    case: tuple[str, Answer, str], window: Window, bad_server: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    id_, answer, code = case
    files = server_files.write(tmp_path, bad_server(answer).url)
    dropped_and_tested(window, files, qtbot)
    outcome = window.state.results[id_].outcome
    assert (outcome.status, outcome.code) == ("fail", code)
    row = window.page.checks._rows[id_]
    assert (row.state, row.isVisible()) == ("fail", True)
    assert outcome.message
    assert outcome.hint
    assert row.accessibleDescription() == f"{outcome.message} {outcome.hint}"
