"""Carrying a profile: shared without anything of this machine, backed up with its secrets, asked for what it lacks."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from tests.cli.calling import Command, aps
from wizard.flow import carry
from wizard.profile import store
from wizard.profile.database import KINDS
from wizard.secrets.references import read

EXAMPLES = Path(__file__).resolve().parents[2] / "profiles"
SECRET = "canary-7d21-Ç}{;'"
PASSPHRASE = "uma frase que ninguém adivinha"


@pytest.fixture
def file(home: Path, command: Command) -> Path:
    """A profile with two passwords in the machine store."""
    path = home / "profiles" / "matriz.yaml"
    path.parent.mkdir()
    lines = (EXAMPLES / "example-informix.yaml").read_text("utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if "password:" not in line) + "\n", "utf-8")
    assert command("profile", "set", path, "engine_account.kind=current", "webservice.user=aps").code == 0
    for field, secret in (("database.password", SECRET), ("webservice.password", SECRET + "-2")):
        assert command("secret", "set", path, field, "--store", "dpapi", typed=secret).code == 0
    return path


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_is_shared_names_no_password_path_account_or_note(command: Command, kind: str, tmp_path: Path) -> None:
    profile = tmp_path / "matriz.yaml"
    profile.write_bytes((EXAMPLES / f"example-{kind}.yaml").read_bytes())
    values = ["notes=senha: canary-note", "engine_account.kind=user", "engine_account.name=DOM\\canary-user"]
    values += ["webservice.tls.ca_file=C:\\canary\\ca.pem", "aps.url=sqlite:////srv/canary/aps.sqlite"]
    values += [f"webservice.tls.client_{name}=/home/canary/{name}.pem" for name in ("certificate", "key")]
    values += ["aps.password=keyring:canary-ref"] + ["database.file=/srv/canary/x.db"] * (kind == "sqlite")
    assert command("profile", "set", profile, *values).code == 0
    shared = command("profile", "export", profile, "--share")
    assert (shared.code, shared.err) == (0, "")
    for word in ("canary", "keyring:", "dpapi:", "env:", "password", "engine_account", "validation", "notes"):
        assert word not in shared.out.split("\n", 2)[2], word
    for kept in ("company", "webservice", "update", "confirmation", f'kind: "{kind}"'):
        assert kept in shared.out


def test_a_shared_profile_comes_back_with_what_is_missing_given(command: Command, file: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared.yaml"
    assert command("profile", "export", file, "--share", "--out", shared).code == 0
    done = command("profile", "import", shared, "--name", "Filial")
    assert (done.code, done.err) == (0, "")
    assert done.out.count("is not on this machine yet") == 2
    here, there = store.read(file.with_name("filial.yaml")).profile, store.read(file).profile
    assert here.webservice.url == there.webservice.url
    assert here.database.data_source() == there.database.data_source() is not None
    assert here.grades.types == there.grades.types
    assert here.database.password is None  # type: ignore[attr-defined]


def test_a_required_value_that_was_left_out_is_asked_for(command: Command, home: Path, tmp_path: Path) -> None:
    profile = tmp_path / "site.yaml"
    profile.write_bytes((EXAMPLES / "example-sqlite.yaml").read_bytes())
    shared = tmp_path / "shared.yaml"
    assert command("profile", "export", profile, "--share", "--out", shared).code == 0
    done = command("profile", "import", shared)
    assert (done.code, done.out) == (2, "")
    assert "database.file" in done.err
    assert not list((home / "profiles").glob("*.yaml"))
    done = command("profile", "import", shared, "database.file=logix.sqlite")
    assert (done.code, done.err) == (0, "")


def test_a_backup_brings_the_passwords_along_and_shows_none(file: Path, tmp_path: Path, home: Path) -> None:
    backup = tmp_path / "matriz.backup"
    done = aps("profile", "export", file, "--backup", "--out", backup, input=PASSPHRASE + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    raw = backup.read_bytes()
    assert SECRET.encode() not in raw
    assert b"company" not in raw
    if os.name == "posix":
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    # Another machine: other folders, another key.
    there = {"APS_PROFILE_DIR": str(home / "there" / "profiles")}
    done = aps("profile", "import", backup, "--store", "dpapi", env=there, input=PASSPHRASE + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert SECRET not in done.stdout
    (written,) = (home / "there" / "profiles").glob("*.yaml")
    found = store.read(written).profile
    for path, secret in (("database", SECRET), ("webservice", SECRET + "-2")):
        reference = getattr(found, path).password
        assert str(home / "there") in reference
        assert read(reference, f"{path}.password") == secret
    assert (home / "there" / "machine.key").read_bytes() != (home / "machine.key").read_bytes()


def test_a_backup_with_another_passphrase_or_a_changed_one_is_told(
    command: Command, file: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "matriz.backup"
    assert command("profile", "export", file, "--backup", "--out", backup, typed=PASSPHRASE).code == 0
    done = command("profile", "import", backup, "--name", "X", typed=PASSPHRASE + "x")
    assert (done.code, "passphrase" in done.err) == (2, True)
    data = json.loads(backup.read_text())
    for sealed in (data["sealed"][:-8], data["sealed"][::-1], "x", 1, None):
        backup.write_text(json.dumps({**data, "sealed": sealed}))
        done = command("profile", "import", backup, "--name", "X", typed=PASSPHRASE)
        assert done.code == 2
        assert "fault of the program" not in done.err
    assert not file.with_name("x.yaml").exists()


def test_a_short_or_missing_passphrase_and_both_kinds_at_once_are_refused(command: Command, file: Path) -> None:
    for options, typed in ((["--backup"], "short"), (["--backup"], ""), (["--backup", "--share"], PASSPHRASE)):
        done = command("profile", "export", file, *options, typed=typed)
        assert (done.code, done.out) == (2, "")


def test_a_secret_that_cannot_be_read_here_makes_no_backup(
    command: Command, file: Path, tmp_path: Path, home: Path
) -> None:
    (home / "machine.key").unlink()
    done = command("profile", "export", file, "--backup", "--out", tmp_path / "x", typed=PASSPHRASE)
    assert done.code == 1
    assert "machine.key" in done.err
    assert not (tmp_path / "x").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo terminal")
def test_at_a_terminal_only_what_is_missing_is_asked_for_and_passwords_without_an_echo(
    file: Path, tmp_path: Path, command: Command
) -> None:
    import pty

    from tests.cli.calling import ROOT, environment

    shared = tmp_path / "shared.yaml"
    assert command("profile", "export", file, "--share", "--out", shared).code == 0
    words = ["profile", "import", str(shared), "--name", "Filial", "--store", "dpapi"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execve(  # noqa: S606
            sys.executable, [sys.executable, "-m", "wizard", *words], environment()
        )
    said = b""
    answers, answered = (SECRET, SECRET + "-2"), 0
    with os.fdopen(terminal, "r+b", buffering=0) as screen:
        while True:
            try:
                part = screen.read(1024)
            except OSError:
                break
            if not part:
                break
            said += part
            if said.count(b"password: ") > answered:
                screen.write(answers[answered].encode() + b"\n")
                answered += 1
    _pid, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, said.decode()
    assert SECRET.encode() not in said
    assert said.count(b"Password for") == 2
    found = store.read(file.with_name("filial.yaml")).profile
    assert read(found.webservice.password or "", "webservice.password") == SECRET + "-2"


def test_a_backup_is_told_from_a_profile() -> None:
    assert not carry.is_backup((EXAMPLES / "example-sqlite.yaml").read_bytes())
    assert not carry.is_backup(b"")
