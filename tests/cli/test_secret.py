"""Passwords without the window: stored, looked at and forgotten, and never shown."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.calling import ROOT, Command, answer, aps, environment
from wizard.profile import store
from wizard.secrets import references

SECRET = "canary-Ç}{;'"
EXAMPLE = Path(__file__).resolve().parents[2] / "profiles" / "example-informix.yaml"
SESSION = ("dbus-run-session", "gnome-keyring-daemon")

Sequence_ = Callable[..., list[dict[str, object]]]


@pytest.fixture
def file(home: Path) -> Path:
    """The example of Informix, with a password field and no password named."""
    path = home / "profiles" / "matriz.yaml"
    path.parent.mkdir()
    text = EXAMPLE.read_text("utf-8")
    path.write_text("\n".join(line for line in text.splitlines() if "password:" not in line) + "\n", "utf-8")
    assert store.read(path).profile.database.password is None  # type: ignore[attr-defined]
    return path


IN_A_SESSION = """
import json, os, subprocess, sys
sys.path.insert(0, os.getcwd())
from tests.secrets.ask_store import unlocked
order = json.load(sys.stdin)
answers = []
with unlocked("password of the login"):
    for arguments, typed in order:
        done = subprocess.run([sys.executable, "-m", "wizard", *arguments], input=typed, capture_output=True, text=True)
        answers.append({"code": done.returncode, "out": done.stdout, "err": done.stderr})
print(json.dumps(answers))
"""


@pytest.fixture
def in_a_session(home: Path) -> Sequence_:
    """Commands in a session of the desktop, whose credential store is unlocked."""
    missing = [name for name in SESSION if not shutil.which(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)

    def run(*commands: tuple[list[str], str]) -> list[dict[str, object]]:
        done = subprocess.run(
            ["dbus-run-session", "--", sys.executable, "-c", IN_A_SESSION],
            input=json.dumps(commands),
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
            env=environment(XDG_RUNTIME_DIR=str(runtime)),
            cwd=Path(__file__).resolve().parents[2],
        )
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout))

    return run


def test_a_password_goes_into_the_store_and_out_again(file: Path, in_a_session: Sequence_) -> None:
    name = str(file)
    put, looked, gone, after = in_a_session(
        (["secret", "set", name, "database.password"], SECRET + "\n"),
        (["secret", "status", name, "--json"], ""),
        (["secret", "delete", name, "database.password"], ""),
        (["secret", "status", name], ""),
    )
    assert (put["code"], put["err"]) == (0, "")
    (row,) = json.loads(str(looked["out"]))["secrets"]
    assert row == {
        "path": "database.password",
        "reference": "keyring:aps-wizard/matriz/database.password",
        "readable": True,
        "code": "",
        "message": "",
    }
    assert gone["code"] == 0
    assert "was deleted" in str(gone["out"])
    assert "no password" in str(after["out"])
    assert store.read(file).profile.database.password is None  # type: ignore[attr-defined]
    assert SECRET not in json.dumps([put, looked, gone, after], ensure_ascii=False)
    assert all(SECRET not in path.read_text("utf-8") for path in file.parent.iterdir() if path.is_file())


def test_a_password_that_another_profile_uses_stays_in_its_store(file: Path, in_a_session: Sequence_) -> None:
    name = str(file)
    _put, _copied, gone, status = in_a_session(
        (["secret", "set", name, "database.password"], SECRET),
        (["profile", "duplicate", name, "--name", "Filial", "--company", "02"], ""),
        (["secret", "delete", name, "database.password"], ""),
        (["secret", "status", str(file.with_name("filial.yaml")), "--json"], ""),
    )
    assert "filial.yaml uses it too" in str(gone["out"])
    assert json.loads(str(status["out"]))["secrets"][0]["readable"]


def test_a_variable_is_named_and_its_value_is_never_taken(file: Path, command: Command) -> None:
    done = command("secret", "set", file, "database.password", "--store", "env", "--name", "APS_DB_PASSWORD")
    assert done.code == 0
    assert store.read(file).profile.database.password == "env:APS_DB_PASSWORD"  # type: ignore[attr-defined]
    status = command("secret", "status", file)
    assert status.code == 1
    assert "not readable" in status.out
    assert "APS_DB_PASSWORD is not set" in status.err


def test_a_variable_that_is_set_is_readable(file: Path, monkeypatch: pytest.MonkeyPatch, command: Command) -> None:
    monkeypatch.setenv("APS_DB_PASSWORD", SECRET)
    command("secret", "set", file, "database.password", "--store", "env", "--name", "APS_DB_PASSWORD")
    done = command("secret", "status", file, "--json")
    assert (done.code, answer(done.out)["secrets"][0]["readable"]) == (0, True)
    assert SECRET not in done.out


def test_without_a_store_nothing_is_written(file: Path) -> None:
    before = file.read_bytes()
    done = aps(
        "secret", "set", file, "database.password", input=SECRET,
        env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere", "XDG_RUNTIME_DIR": str(file.parent)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "credential store" in done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize("field", ["database.user", "senha", "", SECRET])
def test_what_is_no_password_is_refused(file: Path, command: Command, field: str) -> None:
    done = command("secret", "set", file, field)
    assert done.code == 2
    assert "database.password" in done.err


def test_an_empty_password_is_refused(file: Path) -> None:
    done = aps("secret", "set", file, "database.password", input="\n")
    assert done.returncode == 2
    assert "No password" in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8:surrogateescape"])
def test_a_password_in_another_encoding_is_refused(file: Path, encoding: str) -> None:
    words = [sys.executable, "-m", "wizard", "secret", "set", str(file), "database.password", "--store", "dpapi"]
    env = environment(PYTHONIOENCODING=encoding)
    done = subprocess.run(
        words, input=b"Sen\xe7a-canary\n", capture_output=True, env=env, cwd=ROOT, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"encoding" in done.stderr
    assert b"canary" not in done.stderr


def test_a_password_from_a_file_of_an_editor_of_windows_is_the_one_that_was_written(
    file: Path, command: Command
) -> None:
    assert command("profile", "set", file, "engine_account.kind=current").code == 0
    done = aps("secret", "set", file, "database.password", "--store", "dpapi", encoding="cp1252",
               input="ï»¿SenhÃ¡-canary\n", env={"PYTHONIOENCODING": "cp1252"})  # fmt: skip
    assert done.returncode == 0, done.stderr
    reference = store.read(file).profile.database.password  # type: ignore[attr-defined]
    assert references.fetch(reference, "database.password") == "Senhá-canary"
    done = aps("secret", "set", file, "database.password", "--store", "dpapi", encoding="cp1252",
               input="ÿþc\0a\0n\0a\0r\0y\0\r\0\n\0", env={"PYTHONIOENCODING": "cp1252"})  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "encoding" in done.stderr


def test_an_empty_name_of_a_variable_is_refused(file: Path, command: Command) -> None:
    before = file.read_bytes()
    assert command("secret", "set", file, "database.password", "--store", "env").code == 2
    assert command("secret", "set", file, "database.password", "--store", "env", "--name", "a b").code == 2
    assert file.read_bytes() == before


def test_nothing_to_delete_is_said(file: Path, command: Command) -> None:
    done = command("secret", "delete", file, "webservice.password")
    assert done.code == 0
    assert "names no place" in done.out
