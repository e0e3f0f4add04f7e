"""What every test has: an own home, no leftovers, no warning that it does not expect."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, settings

from tests.patience import PATIENCE
from wizard import i18n

ROOT = Path(__file__).resolve().parent.parent

# Before Qt is imported anywhere: a window on the desktop would take the keyboard from the test that types.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A shell starts what runs in its background deaf to Ctrl+C; what the tests start has to hear it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What fixtures of the whole session write; each test has its own (`home`).
LOGS = tempfile.mkdtemp(prefix="aps-wizard-logs-")
atexit.register(shutil.rmtree, LOGS, ignore_errors=True)
os.environ["APS_LOG_DIR"] = LOGS

settings.register_profile("ci", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100)
settings.load_profile("ci")


LONG = (
    *("test_installer.py", "test_walker.py", "test_canary.py", "test_database_faults.py", "test_second_account.py"),
    *("test_terminal.py", "test_checklist.py", "test_apply_references.py", "test_five_types.py", "test_volumes.py"),
    "test_demo.py",
)
"""Files that take minutes: begun last they would keep one process at work while the others wait."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long ones, whatever the order is by chance."""
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if os.environ.get("APS_STRICT") and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which --strict does not allow: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _english() -> None:
    """Tests read the source texts; those of translations choose their language themselves."""
    i18n.use("en")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test sees or touches the folders of the person who runs it."""
    folder = tmp_path_factory.mktemp("home")
    for name in (
        "HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "APPDATA",
        # Windows itself says where these are, but for the words that platformdirs listens to.
        "WIN_PD_OVERRIDE_LOCAL_APPDATA", "WIN_PD_OVERRIDE_APPDATA",
    ):  # fmt: skip
        monkeypatch.setenv(name, str(folder))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("APS_LOG_DIR", raising=False)
    monkeypatch.setenv("APS_PROFILE_DIR", str(folder / "profiles"))
    monkeypatch.setenv("APS_LANG", "en")
    return folder


@pytest.fixture(autouse=True)
def _no_unexpected_log(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    loud = [record for phase in ("setup", "call") for record in caplog.get_records(phase)]
    loud = [f"{r.name}: {r.getMessage()}" for r in loud if r.levelno >= logging.WARNING]
    if loud:
        pytest.fail("log records of WARNING or above: " + "; ".join(loud))


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Threads, child processes and listening ports that a test started have to be gone when it ends."""
    me = psutil.Process()
    threads = set(threading.enumerate())
    children = set(me.children(recursive=True))
    ports = _listening(me)
    yield
    deadline = time.monotonic() + PATIENCE
    while True:
        left = [
            *(f"thread {thread.name}" for thread in set(threading.enumerate()) - threads if thread.is_alive()),
            *(f"process {child.pid}" for child in set(me.children(recursive=True)) - children),
            *(f"port {port}" for port in _listening(me) - ports),
        ]
        if not left or time.monotonic() > deadline:
            break
        time.sleep(0.02)
    if left:
        pytest.fail("left behind: " + ", ".join(left))


_ports: list[set[int]] = []
"""What `_listening` said last, where that still holds."""


def _listening(process: psutil.Process) -> set[int]:
    """Listening ports of this process. Windows is asked after the process has bound a port only: wine needs seconds."""
    if not _ports:
        found = {c.laddr.port for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN}
        if sys.platform != "win32":
            return found
        _ports.append(found)
    return _ports[0]


def _ask_again(event: str, _arguments: tuple[object, ...]) -> None:
    if event == "socket.bind":
        _ports.clear()


if sys.platform == "win32":
    sys.addaudithook(_ask_again)
