"""`aps-wizard demo`: the whole way from an empty folder to a proved profile, as a stranger sees it."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.calling import Command, aps, start, without
from tests.patience import PATIENCE
from wizard.checklist.registry import checks
from wizard.demo.walk import FILE
from wizard.flow import state
from wizard.flow.review import save
from wizard.profile import store
from wizard.profile.models import Profile
from wizard.profile.validation import validation_state

NO_WINDOW = ("PySide6", "pyodbc")


def without_places(profile: Profile) -> dict[str, object]:
    """The values that do not tell when the demo ran, in which folder, or on which port."""
    data = profile.model_dump()
    data["database"].pop("file")
    data["webservice"].pop("url")
    data["grades"].pop("imported_at")
    data["validation"].pop("at")
    for mark in data["validation"]["checks"]:
        mark.pop("inputs")
        mark.pop("at")
    return data


@dataclass(frozen=True)
class Made:
    """A demo that was run, and its folder, which no test changes."""

    folder: Path
    done: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    place = tmp_path_factory.mktemp("made")
    env = {**without(place / "blocked", *NO_WINDOW), "HOME": str(place), "APS_PROFILE_DIR": str(place / "real")}
    return Made(place / "site", aps("demo", "--dir", place / "site", env=env))


@pytest.mark.seed("R-CHK-02", "R-CHK-03")
def test_the_demo_configures_a_site_and_proves_it_without_qt_and_odbc(made: Made) -> None:
    folder, done = made.folder, made.done
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    file = folder / "profiles" / FILE
    assert lines[:2] == [f"Demo site: {folder}", f"Profile: {file}"]
    results = lines[2 : 2 + len(checks())]
    assert [line[:4] for line in results] == ["OK  "] * len(checks())
    assert lines[2 + len(checks()) :] == [
        "Read back as an engine would: validated.",
        "No pictures: the window is not installed.",
        "All mandatory checks passed.",
    ]
    names = {".aps-wizard-demo", "TotvsAppServer.ini", "Totvsprofile.pro", "logix-demo.sqlite", "profiles"}
    assert {path.name for path in folder.iterdir()} == names
    stored = store.read(file).profile
    assert validation_state(stored) == "passed"
    assert [grade.description for grade in stored.grades.types][:2] == ["Cor", "Tamanho"]
    assert len(stored.grades.types) == 3


def test_the_demo_can_be_run_again_in_its_folder_and_never_writes_among_real_profiles(
    made: Made, tmp_path: Path
) -> None:
    folder, real = tmp_path / "site", tmp_path / "real"
    shutil.copytree(made.folder, folder)
    env = {**without(tmp_path / "blocked", *NO_WINDOW), "APS_PROFILE_DIR": str(real)}
    done = aps("demo", "--dir", folder, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    first, again = (store.read(place / "profiles" / FILE).profile for place in (made.folder, folder))
    assert again.database.file == str(folder / "logix-demo.sqlite")  # type: ignore[attr-defined]
    assert without_places(first) == without_places(again)
    assert not real.exists()
    assert not made.folder.with_name("real").exists()


def test_the_demo_overwrites_no_profile_in_a_folder_that_it_was_given(tmp_path: Path) -> None:
    file = tmp_path / "profiles" / FILE
    file.parent.mkdir()
    file.write_text("version: 1\n", "utf-8")
    call = ["demo", "--dir", tmp_path / "site", "--profiles-dir", file.parent]
    done = aps(*call, env=without(tmp_path / "blocked", *NO_WINDOW))
    assert done.returncode == 1
    assert "A profile with this name exists already." in done.stderr
    assert "Traceback" not in done.stderr
    assert file.read_text("utf-8") == "version: 1\n"


@pytest.mark.seed("R-GEN-02")
def test_the_demo_ends_with_1_when_a_mandatory_check_fails(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    # Another company's profile already writes to the store that the demo's profile would take.
    other = state.new_profile(folder)
    answers = {
        "name": "Another company",
        "environment": "test",
        "company.logix": "02",
        "company.site": "02",
        "database.kind": "sqlite",
        "database.file": "logix.sqlite",
        "aps.url": "sqlite:///" + FILE.replace(".yaml", ".aps.sqlite"),
        "webservice.url": "http://localhost/ws",
    }
    for path, value in answers.items():
        other = state.edit(other, path, value)
    save(other)
    call = ["demo", "--dir", tmp_path / "site", "--profiles-dir", folder]
    done = aps(*call, env=without(tmp_path / "blocked", *NO_WINDOW))
    assert (done.returncode, done.stderr) == (1, "")
    assert " X  APS store" in done.stdout
    assert "Read back as an engine would" not in done.stdout
    assert done.stdout.endswith("At least one mandatory check failed.\n")
    assert validation_state(store.read(folder / FILE).profile) == "failed"


def test_a_folder_that_cannot_be_used_is_told_and_ends_with_1(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    found = command("demo", "--dir", tmp_path / "file")
    assert (found.code, found.out) == (1, "")
    assert found.err.startswith(f"{tmp_path / 'file'}: ")


def test_without_qt_the_window_is_told_to_be_missing_after_a_demo_in_a_folder_of_its_own(tmp_path: Path) -> None:
    env = {**without(tmp_path / "blocked", *NO_WINDOW), "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    done = aps("demo", "--gui", env=env)
    assert done.returncode == 1
    folder = Path(done.stdout.splitlines()[0].removeprefix("Demo site: "))
    assert folder.parent == tmp_path
    assert (folder / "profiles" / FILE).exists()
    assert "All mandatory checks passed." in done.stdout
    assert "PySide6" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a console event cannot be sent to one process alone")
def test_the_demo_site_stays_up_until_ctrl_c(tmp_path: Path) -> None:
    process = start("demo", "--keep", "--dir", str(tmp_path / "site"), **without(tmp_path / "blocked", *NO_WINDOW))
    try:
        assert process.stdout is not None
        last = ""
        while "Ctrl+C" not in last:
            last = process.stdout.readline()
            assert last, process.communicate()[1]
        url = store.read(tmp_path / "site" / "profiles" / FILE).profile.webservice.url
        assert url in last
        port = int(url.rpartition(":")[2].partition("/")[0])
        socket.create_connection(("127.0.0.1", port), 5).close()
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, err) == (0, "")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 5)


def test_the_demo_speaks_portuguese_gives_the_same_code_and_writes_its_profile_where_it_is_told(tmp_path: Path) -> None:
    env = {**without(tmp_path / "blocked", *NO_WINDOW), "APS_LANG": "pt_BR", "PYTHONIOENCODING": "cp850"}
    call = ["--profiles-dir", tmp_path / "profiles", "demo", "--dir", tmp_path / "site"]
    done = aps(*call, env={**env, "PYTHONUTF8": "0"}, encoding="cp850")
    assert (done.returncode, done.stderr) == (0, "")
    assert str(tmp_path / "site") in done.stdout
    assert (tmp_path / "profiles" / FILE).exists()
    assert not (tmp_path / "site" / "profiles").exists()
