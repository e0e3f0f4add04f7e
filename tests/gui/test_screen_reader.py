"""The program used through AT-SPI, as a screen reader does, on an X display and a D-Bus session of the test's own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.patience import PATIENCE
from wizard.demo.site import Site
from wizard.profile import store

SCRIPT = Path(__file__).with_name("screen_reader.py")
SYSTEM_PYTHON = "/usr/bin/python3"
"""pyatspi comes with the system and is for its Python alone."""

NEEDED = ("Xvfb", "dbus-run-session")


def missing() -> str:
    """What this machine lacks for the test; "" when it lacks nothing."""
    tools = [name for name in NEEDED if not shutil.which(name)]
    if tools:
        return ", ".join(tools)
    asked = subprocess.run([SYSTEM_PYTHON, "-c", "import pyatspi"], capture_output=True, check=False)
    return "python3-pyatspi" if asked.returncode else ""


@pytest.fixture
def display() -> Iterator[str]:
    """An X display that nobody sees; the server chooses its number."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


@pytest.fixture
def used(display: str, site: Site, tmp_path: Path, home: Path) -> dict[str, Any]:
    """What the screen reader met while it made a profile."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS_", "WAYLAND_", "AT_SPI"))}
    env |= {
        "DISPLAY": display,
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_SESSION_TYPE": "x11",
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "QT_XCB_GL_INTEGRATION": "none",
        "LC_ALL": "C.UTF-8",
    }
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    run = subprocess.Popen(
        [
            *("dbus-run-session", "--", SYSTEM_PYTHON, str(SCRIPT)),
            *(sys.executable, str(profiles), str(site.database), site.webservice_url),
        ],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        out, err = run.communicate(timeout=240)
    finally:
        end(run.pid)
    assert run.returncode == 0, err
    told = json.loads(out.splitlines()[-1])
    told["profiles"] = profiles
    return told


def end(group: int) -> None:
    """End what the session still has: the bus of the accessibility services outlives its last user for a moment."""
    left = [one for one in psutil.process_iter() if _group(one.pid) == group and one.pid != os.getpid()]
    for one in left:
        one.send_signal(signal.SIGTERM)
    _gone, alive = psutil.wait_procs(left, timeout=PATIENCE)
    for one in alive:
        one.kill()


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return -1


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform != "linux", reason="AT-SPI is Linux's")
@pytest.mark.skipif(bool(missing()), reason=f"missing: {missing()}")
def test_a_profile_is_made_and_written_through_at_spi(used: dict[str, Any]) -> None:
    assert used["complaint"]["urgent"]
    assert "Name of this profile: This value is required." in used["complaint"]["text"]
    assert used["focus after complaint"]
    assert used["description"].startswith("This value is required.")
    assert "The file of a new profile is named after it." in used["description"]

    assert used["name"] == "Serra Azul"
    assert "required" not in used["description after typing"]
    assert "one or two letters or digits" in used["wrong value"]["text"]
    assert not used["wrong value"]["urgent"]
    assert used["place"].startswith("Step 3 of ")
    assert not used["result"]["urgent"]

    password = used["password"]
    assert password["read"][0] == "●" * len("hunter2-never-told")
    assert not [text for text in password["read"] if "hunt" in text or "told" in text]
    assert not password["elsewhere"]

    assert used["written"]["text"].startswith("The profile was written")
    (file,) = used["profiles"].glob("*.yaml")
    written = store.read(file).profile
    assert (written.name, written.company.logix, written.environment) == ("Serra Azul", "01", "test")
    assert "hunter2" not in file.read_text("utf-8")
