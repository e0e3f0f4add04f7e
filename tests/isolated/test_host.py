"""A job ends as it should whatever its child does, in time, and tells nothing that it must not tell."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.patience import ENDLESS, PATIENCE
from wizard.isolated import host
from wizard.isolated.host import Ending, Job

CANARY = "canary-5f1c-senha"
CRASHED = "exit code 0xc0000005" if sys.platform == "win32" else "SIGSEGV"


def run(function: str, request: Any = None, timeout: float = PATIENCE, withhold: tuple[str, ...] = ()) -> Ending:
    return Job(f"wizard.unruly:{function}", request, timeout, withhold).run()


def started(file: Path) -> int:
    """The process id that a hanging child writes when it runs."""
    deadline = time.monotonic() + PATIENCE
    while not file.exists():
        assert time.monotonic() < deadline, "the child did not start"
        time.sleep(0.01)
    return int(file.read_text())


def gone(pid: int) -> bool:
    """True when the process ends, and not by itself; one that nobody has asked about yet (a zombie) has ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                time.sleep(0.02)
                continue
        return True
    return False


class Background:
    """A job that runs in a thread, and how it ended."""

    def __init__(self, job: Job) -> None:
        self._ending: Ending | None = None
        self._thread = threading.Thread(target=self._run, args=[job], daemon=True)
        self._thread.start()

    def _run(self, job: Job) -> None:
        self._ending = job.run()

    def ending(self) -> Ending | None:
        """Wait for the end; None when it does not come."""
        self._thread.join(PATIENCE)
        return self._ending


def test_the_answer_comes_back_as_it_was_given() -> None:
    request = {"text": "São João", "numbers": [1, 2.5, None, True], "deep": {"a": {"b": []}}}
    assert run("echo", request) == Ending("done", request)


def test_a_large_request_and_a_large_answer_pass() -> None:
    request = "x" * 5_000_000
    assert run("echo", request).answer == request


def test_an_exception_is_told_by_type_and_place_only() -> None:
    ending = run("fail_with", {"text": CANARY})
    assert ending.how == "crashed"
    assert ending.detail.startswith("LookupError at unruly.py:")
    assert CANARY not in repr(ending)


def test_a_function_that_ends_the_program_is_a_crash() -> None:
    ending = run("leave", {"code": CANARY})
    assert ending.how == "crashed"
    assert ending.detail.startswith("SystemExit at unruly.py:")


def test_a_segmentation_fault_is_a_result() -> None:
    assert run("segfault") == Ending("crashed", detail=CRASHED)


@pytest.mark.parametrize(("code", "detail"), [(0, "exit code 0"), (3, "exit code 3")])
def test_an_end_without_an_answer_is_a_crash(code: int, detail: str) -> None:
    assert run("end_at_once", {"code": code}) == Ending("crashed", detail=detail)


def test_an_answer_that_is_no_json_is_a_crash() -> None:
    assert run("unsayable").detail.startswith("TypeError")


def test_an_answer_beyond_the_limit_is_a_crash() -> None:
    assert run("endless", {"size": host.ANSWER_LIMIT + 1}).how == "crashed"


def test_only_functions_of_the_program_are_called() -> None:
    ending = Job("os:getcwd", None, PATIENCE).run()
    assert ending.how == "crashed"
    assert ending.detail.startswith("ValueError at child.py:")


def test_noise_on_standard_output_does_not_spoil_the_answer() -> None:
    assert run("print_much") == Ending("done", "the answer")


def test_a_time_out_ends_a_stubborn_child(tmp_path: Path) -> None:
    limit = 1
    while not (tmp_path / "pid").exists():
        assert limit < PATIENCE, "the child did not start"
        job = Job("wizard.unruly:hang", {"file": str(tmp_path / "pid")}, limit)
        assert Background(job).ending() == Ending("timed_out")
        # It has to be deaf by then, for which a busy machine takes longer.
        limit *= 2
    assert gone(started(tmp_path / "pid"))


def test_a_cancel_ends_a_stubborn_child(tmp_path: Path) -> None:
    job = Job("wizard.unruly:hang", {"file": str(tmp_path / "pid")}, ENDLESS)
    background = Background(job)
    pid = started(tmp_path / "pid")
    job.cancel()
    assert background.ending() == Ending("cancelled")
    assert gone(pid)


def test_a_cancel_takes_along_what_the_child_started(tmp_path: Path) -> None:
    job = Job("wizard.unruly:hang", {"file": str(tmp_path / "pid"), "helper": str(tmp_path / "helper")}, ENDLESS)
    background = Background(job)
    started(tmp_path / "pid")
    helper = started(tmp_path / "helper")
    job.cancel()
    assert background.ending() == Ending("cancelled")
    assert gone(helper)


def test_a_cancel_before_the_start_starts_nothing(tmp_path: Path) -> None:
    job = Job("wizard.unruly:hang", {"file": str(tmp_path / "pid")}, ENDLESS)
    job.cancel()
    assert job.run() == Ending("cancelled")
    assert not (tmp_path / "pid").exists()


def test_a_cancel_while_the_child_starts_is_obeyed(tmp_path: Path) -> None:
    for _attempt in range(5):
        job = Job("wizard.unruly:hang", {"file": str(tmp_path / "pid")}, ENDLESS)
        background = Background(job)
        job.cancel()
        assert background.ending() == Ending("cancelled")


def test_a_cancel_after_the_end_changes_nothing() -> None:
    job = Job("wizard.unruly:echo", 1, PATIENCE)
    first = job.run()
    job.cancel()
    assert first == Ending("done", 1)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9")
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    request = json.dumps({"file": str(tmp_path / "pid")})
    code = f"from wizard.isolated.host import Job; Job('wizard.unruly:hang', {request}, {ENDLESS}).run()"
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        child = started(tmp_path / "pid")
        os.kill(parent.pid, signal.SIGKILL)
    assert gone(child)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_a_secret_of_the_request_is_in_neither_arguments_nor_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APS_TEST_PASSWORD", CANARY)
    monkeypatch.setenv("APS_TEST_OTHER", "stays")
    outside = run("seen_from_outside", {"password": CANARY}, withhold=("APS_TEST_PASSWORD",)).answer
    assert "wizard.isolated.child" in outside["cmdline"]
    assert "APS_TEST_OTHER=stays" in outside["environ"]
    assert "APS_TEST_PASSWORD" not in outside["environ"]
    assert CANARY not in outside["cmdline"] + outside["environ"]


def test_modules_in_the_current_folder_are_not_taken_for_those_of_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "typing", "wizard"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not mine')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run("echo", 7) == Ending("done", 7)


def test_fifty_jobs_at_once_answer_each_its_own_and_leave_nothing_behind() -> None:
    me = psutil.Process()
    run("echo")
    before = me.num_fds() if hasattr(me, "num_fds") else 0
    with ThreadPoolExecutor(50) as pool:
        endings = list(pool.map(lambda number: run("echo", number, timeout=ENDLESS), range(50)))
    assert [ending.answer for ending in endings] == list(range(50))
    assert not hasattr(me, "num_fds") or me.num_fds() == before
    assert me.children() == []
