"""Work off the GUI thread: delivered on it, in order, and not at all once nobody waits."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from tests.patience import PATIENCE
from wizard.gui.background import Background


@pytest.fixture
def background(qapp: object):
    made = Background()
    yield made
    made.close()


def test_every_report_of_many_tasks_arrives_on_the_gui_thread(background: Background, qtbot: QtBot) -> None:
    heard: list[tuple[int, threading.Thread]] = []
    done: list[int] = []
    for number in range(300):

        def work(report, number=number):
            for part in range(10):
                report(number * 10 + part)
            return number

        background.start(
            work,
            on_report=lambda item: heard.append((item, threading.current_thread())),
            on_done=done.append,
            on_failed=lambda error: pytest.fail(str(error)),
        )
    qtbot.waitUntil(lambda: not background.busy)
    assert sorted(item for item, _thread in heard) == list(range(3000))
    assert sorted(done) == list(range(300))
    assert {thread for _item, thread in heard} == {threading.main_thread()}


def test_a_failure_arrives_as_one(background: Background, qtbot: QtBot) -> None:
    failed: list[Exception] = []

    def work(report):
        raise ValueError("no")

    background.start(work, on_done=lambda result: pytest.fail("done"), on_failed=failed.append)
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], ValueError)


def test_a_dropped_task_is_cancelled_and_heard_no_more(background: Background, qtbot: QtBot) -> None:
    ended = threading.Event()
    heard: list[object] = []

    def work(report):
        ended.wait(PATIENCE)
        report("late")
        return "late"

    task = background.start(
        work, on_report=heard.append, on_done=heard.append, on_failed=heard.append, cancel=ended.set
    )
    background.drop(task)
    qtbot.waitUntil(lambda: not background.busy)
    assert heard == []
