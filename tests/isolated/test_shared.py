"""Calls that share a child: side by side, each within its limit, and none of them can do harm to the program."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.isolated.test_host import CANARY, CRASHED, gone, started
from tests.patience import ENDLESS, PATIENCE
from wizard.isolated.host import Ending, Job
from wizard.isolated.shared import SharedChild


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(20) as threads:
        yield threads


@pytest.fixture
def shared(pool: ThreadPoolExecutor) -> Iterator[SharedChild]:
    """Closed before the pool, whose threads wait for their calls."""
    child = SharedChild("wizard.unruly:one_of_many", {"text": CANARY})
    yield child
    child.close()


def later(pool: ThreadPoolExecutor, shared: SharedChild, timeout: float, **request: Any) -> Future[Ending]:
    return pool.submit(shared.call, request, timeout)


def test_each_call_gets_its_own_answer_with_what_all_have_in_common(
    shared: SharedChild, pool: ThreadPoolExecutor
) -> None:
    calls = [later(pool, shared, PATIENCE, do="say", number=number, word="São João") for number in range(40)]
    for number, call in enumerate(calls):
        request = {"text": CANARY, "do": "say", "number": number, "word": "São João"}
        assert call.result() == Ending("done", request)
    assert shared.sound


def test_calls_are_at_work_at_once_in_one_process(shared: SharedChild, pool: ThreadPoolExecutor) -> None:
    # Eight calls wait for one another.
    calls = [later(pool, shared, PATIENCE, do="meet") for _call in range(8)]
    endings = {call.result() for call in calls}
    assert len(endings) == 1
    assert endings.pop().how == "done"


def test_a_call_that_fails_is_told_by_type_and_place_and_does_no_harm(shared: SharedChild) -> None:
    ending = shared.call({"do": "fail"}, PATIENCE)
    assert ending.how == "crashed"
    assert ending.detail.startswith("LookupError at unruly.py:")
    assert CANARY not in repr(ending)
    assert shared.sound
    assert shared.call({"do": "say"}, PATIENCE).how == "done"


def test_a_child_that_is_slow_to_start_keeps_neither_a_limit_nor_a_cancel_waiting(
    pool: ThreadPoolExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As where a virus scanner looks at every file first. A profile with all its combinations is more than a pipe holds.
    (tmp_path / "sitecustomize.py").write_text(f"import time\ntime.sleep({ENDLESS})\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    shared = SharedChild("wizard.unruly:one_of_many", {"text": "x" * 2**20})
    try:
        first, second = later(pool, shared, 0.5, do="say"), later(pool, shared, ENDLESS, do="say")
        assert first.result(PATIENCE) == Ending("timed_out")
        shared.cancel()
        assert second.result(PATIENCE) == Ending("cancelled")
    finally:
        shared.close()


@pytest.mark.parametrize("how", ["hang", "hang_for_all"])
def test_a_call_that_takes_too_long_is_given_up(
    shared: SharedChild, pool: ThreadPoolExecutor, tmp_path: Path, how: str
) -> None:
    hung = later(pool, shared, 1, do=how, file=str(tmp_path / "pid"))
    pid = started(tmp_path / "pid")
    alone = how == "hang"
    other = later(pool, shared, ENDLESS if alone else 1, do="say")
    assert hung.result(PATIENCE) == Ending("timed_out")
    assert other.result(PATIENCE).how == ("done" if alone else "timed_out")
    assert not shared.sound
    shared.close()
    assert gone(pid)


def test_the_end_of_the_process_is_the_end_of_all_calls(
    shared: SharedChild, pool: ThreadPoolExecutor, tmp_path: Path
) -> None:
    other = later(pool, shared, ENDLESS, do="hang", file=str(tmp_path / "pid"))
    started(tmp_path / "pid")
    assert shared.call({"do": "die"}, PATIENCE) == Ending("crashed", detail=CRASHED)
    assert other.result(PATIENCE) == Ending("crashed", detail=CRASHED)
    assert shared.ended
    assert not shared.sound
    assert shared.call({"do": "say"}, PATIENCE) == Ending("crashed", detail=CRASHED)


def test_a_cancel_ends_all_calls_and_whatever_they_started(
    shared: SharedChild, pool: ThreadPoolExecutor, tmp_path: Path
) -> None:
    assert shared.call({"do": "leave_a_helper", "file": str(tmp_path / "helper")}, PATIENCE).how == "done"
    calls = [later(pool, shared, ENDLESS, do="hang", file=str(tmp_path / name)) for name in ("one", "two")]
    pids = {started(tmp_path / name) for name in ("one", "two")}
    shared.cancel()
    assert [call.result(PATIENCE) for call in calls] == [Ending("cancelled")] * 2
    assert shared.call({"do": "say"}, PATIENCE) == Ending("cancelled")
    for pid in (*pids, started(tmp_path / "helper")):
        assert gone(pid)


def test_a_process_that_cannot_be_started_is_told_at_once(
    shared: SharedChild, pool: ThreadPoolExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    assert later(pool, shared, ENDLESS).result(PATIENCE) == Ending("crashed", detail="FileNotFoundError")
    assert (shared.sound, shared.ended) == (False, True)
    assert Job("wizard.unruly:one_of_many", {}, PATIENCE).run() == Ending("crashed", detail="FileNotFoundError")


def test_nothing_starts_after_a_cancel_nor_without_a_call(tmp_path: Path) -> None:
    child = SharedChild("wizard.unruly:one_of_many", {})
    child.cancel()
    assert child.call({"do": "hang", "file": str(tmp_path / "pid")}, PATIENCE) == Ending("cancelled")
    child.close()
    SharedChild("wizard.unruly:one_of_many", {}).close()
    assert not (tmp_path / "pid").exists()


def test_only_functions_of_the_program_are_called() -> None:
    child = SharedChild("os:getcwd", {})
    ending = child.call({}, PATIENCE)
    child.close()
    assert ending.how == "crashed"
    assert ending.detail.startswith("ValueError at child.py:")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_a_secret_is_in_neither_arguments_nor_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APS_TEST_PASSWORD", CANARY)
    child = SharedChild("wizard.unruly:seen_from_outside", {"password": CANARY}, withhold=["APS_TEST_PASSWORD"])
    outside = child.call({}, PATIENCE).answer
    child.close()
    assert "wizard.isolated.shared_child" in outside["cmdline"]
    assert CANARY not in outside["cmdline"] + outside["environ"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9")
def test_the_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    request = json.dumps({"do": "hang", "file": str(tmp_path / "pid")})
    child_of_it = "SharedChild('wizard.unruly:one_of_many', {})"
    code = f"from wizard.isolated.shared import SharedChild; {child_of_it}.call({request}, {ENDLESS})"
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        child = started(tmp_path / "pid")
        os.kill(parent.pid, signal.SIGKILL)
    assert gone(child)
