"""What a child says before its answer arrives whole, in order, and never spoils the answer or the end."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.isolated.test_host import CRASHED, Background, started
from tests.patience import ENDLESS, PATIENCE
from wizard.isolated import host
from wizard.isolated.host import Ending, Job
from wizard.isolated.progress import progress


def run(function: str, request: Any = None) -> tuple[Ending, list[Any]]:
    heard: list[Any] = []
    return Job(f"wizard.unruly:{function}", request, PATIENCE, on_progress=heard.append).run(), heard


def test_every_word_arrives_in_order_before_the_answer() -> None:
    ending, heard = run("count", {"to": 300})
    assert ending == Ending("done", "counted")
    assert heard == [{"at": number, "text": "São João"} for number in range(300)]


def test_a_job_that_nobody_listens_to_ends_the_same() -> None:
    assert Job("wizard.unruly:count", {"to": 300}, PATIENCE).run() == Ending("done", "counted")


def test_threads_that_talk_at_once_do_not_cut_each_other_short() -> None:
    ending, heard = run("count_in_threads")
    assert ending == Ending("done", "all said")
    assert heard == ["x" * 5000] * 400


def test_it_is_said_while_the_child_works_and_not_at_its_end(tmp_path: Path) -> None:
    heard = threading.Event()
    file = str(tmp_path / "pid")
    job = Job("wizard.unruly:count_for_ever", {"file": file}, ENDLESS, on_progress=lambda data: heard.set())
    background = Background(job)
    assert heard.wait(PATIENCE)
    job.cancel()
    assert background.ending() == Ending("cancelled")
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def test_after_a_cancel_nothing_more_is_heard(tmp_path: Path) -> None:
    heard: list[Any] = []

    def cancel(data: Any) -> None:
        heard.append(data)
        started(tmp_path / "pid.more")
        job.cancel()

    job = Job("wizard.unruly:count_for_ever", {"file": str(tmp_path / "pid")}, ENDLESS, on_progress=cancel)
    assert job.run() == Ending("cancelled")
    assert heard == [1]


def test_what_is_said_before_a_crash_was_heard() -> None:
    assert run("say_and_die") == (Ending("crashed", detail=CRASHED), ["still here"])


def test_a_listener_that_fails_ends_the_child(tmp_path: Path) -> None:
    def fail(data: Any) -> None:
        raise LookupError(data)

    with pytest.raises(LookupError):
        Job("wizard.unruly:count_for_ever", {"file": str(tmp_path / "pid")}, ENDLESS, on_progress=fail).run()
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def test_one_word_beyond_the_limit_is_not_heard_and_is_a_crash() -> None:
    ending, heard = run("say_too_much", {"size": host.ANSWER_LIMIT})
    assert (ending.how, heard) == ("crashed", [])


def test_an_answer_that_looks_like_progress_is_an_answer() -> None:
    assert run("look_like_progress") == (Ending("done", {"progress": 1}), [])


def test_a_thread_that_goes_on_talking_does_not_spoil_the_answer() -> None:
    ending, heard = run("talk_on")
    assert ending == Ending("done", "the answer")
    assert heard == list(range(len(heard)))


def test_a_call_in_place_says_it_to_nobody() -> None:
    progress({"at": 1})
