"""Proving the engines' account on a second account that really is there."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.second_account import Account, second_account
from wizard.checklist import confirmations
from wizard.engine import proof
from wizard.profile import store
from wizard.profile.models import EngineAccount
from wizard.secrets import access

SECRET = "canary-9f2c-Ç}{;"


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with second_account() as made:
        yield made


@pytest.fixture
def profile(account: Account, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile whose web service has a password; folder, APS store and logs as an administrator leaves them."""
    folder = account.folder / tmp_path_factory.mktemp("p").name / "profiles"
    folder.mkdir(parents=True)
    monkeypatch.setenv("APS_PROFILE_DIR", str(folder))
    with closing(sqlite3.connect(folder / "logix.sqlite")) as connection:
        connection.execute("CREATE TABLE empresa (cod_empresa CHAR(2))")
    done = account.wizard(
        "profile", "new", "Matriz", "environment=test", "company.logix=01", "company.site=01", "database.kind=sqlite",
        "database.file=logix.sqlite", "webservice.url=http://logix/ws", "webservice.user=aps",
        "engine_account.kind=service", f"engine_account.name={account.name}", "aps.url=sqlite:///store/aps.sqlite",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (folder / "store").mkdir()
    (folder / "store").chmod(0o777)
    return folder / "matriz.yaml"


def keep(account: Account, profile: Path, *options: str) -> None:
    done = account.wizard("secret", "set", profile, "webservice.password", *options, typed=SECRET)
    assert (done.returncode, done.stderr) == (0, "")


def proved(account: Account, profile: Path) -> tuple[int, dict[str, str]]:
    """Exit code, and the code of every check."""
    done = account.wizard("check", profile, "--prove", "--json")
    assert SECRET not in done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["account"] == account.name
    return done.returncode, {one["id"]: one["code"] for one in said["checks"]}


ALL = {
    "engine.account": "engine.account_right",
    "engine.profile": "engine.profile_read",
    "engine.dsn": "engine.dsn_none",
    "engine.logs": "engine.logs_writable",
    "profile.valid": "profile.ok",
    "secret.readable": "secret.readable",
    "database.address": "database.no_address",
    "database.driver": "database.driver_loads",
    "database.reachable": "database.file_found",
    "database.login": "database.login_ok",
    "aps.store": "aps.will_be_made",
}


def test_the_engines_account_reads_the_secret_and_everything_it_needs(account: Account, profile: Path) -> None:
    keep(account, profile, "--store", "dpapi")
    assert proved(account, profile) == (0, ALL)
    kept = confirmations.read(profile).confirmations.proof
    assert kept is not None
    assert (kept.account, kept.passed, kept.failed) == (account.name, True, ())


def test_nobody_else_reads_the_secret(account: Account, profile: Path) -> None:
    keep(account, profile, "--store", "dpapi")
    sealed = profile.parent / "secrets" / "matriz.webservice.password.sealed"
    assert account.run("cat", sealed).stdout == sealed.read_text("utf-8")
    key = json.loads(sealed.read_text("utf-8"))["key"]
    for file in (sealed, key):
        done = subprocess.run(["runuser", "-u", "nobody", "--", "cat", file], capture_output=True, check=False)
        assert (done.returncode, done.stdout) == (1, b"")
        # Reading is all that the account may do.
        assert account.run("sh", "-c", f"echo x >> '{file}'").returncode != 0
    assert access.readers(sealed) == access.readers(Path(key)) == {account.name}
    assert stat.S_IMODE(sealed.parent.stat().st_mode) == 0o711


def test_a_secret_that_only_this_account_reads_is_found_before_the_night(account: Account, profile: Path) -> None:
    assert account.wizard("profile", "set", profile, "engine_account.kind=current").returncode == 0
    keep(account, profile, "--store", "dpapi")
    sealed = profile.parent / "secrets" / "matriz.webservice.password.sealed"
    # As if another program had changed the profile: the window and `profile set` let the account in.
    text = profile.read_text("utf-8").replace('kind: "current"', 'kind: "service"')
    profile.write_text(text, "utf-8")
    code, found = proved(account, profile)
    assert (code, found["secret.readable"]) == (1, "secret.not_permitted")
    assert access.readers(sealed) == frozenset()
    for kind in ("current", "service"):
        assert account.wizard("profile", "set", profile, f"engine_account.kind={kind}").returncode == 0
    assert proved(account, profile) == (0, ALL)


def test_a_variable_of_the_consultant_is_none_of_the_engines(
    account: Account, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APS_WS_PASSWORD", SECRET)
    done = account.wizard(
        "secret", "set", profile, "webservice.password", "--store", "env", "--name", "APS_WS_PASSWORD"
    )
    assert done.returncode == 0
    assert account.wizard("secret", "status", profile).returncode == 0
    code, found = proved(account, profile)
    assert (code, found["secret.readable"]) == (1, "secret.env_missing")


def test_each_thing_that_the_account_may_not_do_is_told(account: Account, profile: Path) -> None:
    keep(account, profile, "--store", "dpapi")
    (profile.parent / "store").chmod(0o755)
    (profile.parent.parent / "logs").chmod(0o755)
    code, found = proved(account, profile)
    wrong = {name: told for name, told in found.items() if told != ALL[name]}
    assert (code, wrong) == (1, {"engine.logs": "engine.logs_unwritable", "aps.store": "aps.unwritable"})
    profile.parent.chmod(0o700)
    code, found = proved(account, profile)
    assert (code, found) == (1, {"engine.profile": "engine.profile_unreadable"})


def test_a_user_dsn_of_the_consultant_is_not_seen_by_the_engines(
    account: Account, profile: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ini = tmp_path / "odbc.ini"
    ini.write_text("[LOGIXT]\nDriver = SQLite3\nDatabase = /tmp/none\n", "utf-8")
    monkeypatch.setenv("ODBCINI", str(ini))
    assert account.wizard("profile", "set", profile, "database.kind=odbc", "database.dsn=LOGIXT").returncode == 0
    listed = json.loads(account.wizard("dsn", "list", "--json").stdout)
    assert "LOGIXT" in [source["name"] for source in listed["sources"]]
    code, found = proved(account, profile)
    assert (code, found["engine.dsn"]) == (1, "engine.dsn_unseen")


def test_another_account_proves_nothing(account: Account, profile: Path) -> None:
    done = account.wizard("check", profile, "--as-engine", "--json")
    found = {one["id"]: one["code"] for one in json.loads(done.stdout)["checks"]}
    assert (done.returncode, found["engine.account"]) == (1, "engine.other_account")
    assert {code for name, code in found.items() if name.startswith("engine.") and name != "engine.account"} == {
        "needs_failed"
    }


# --- by hand: the command that is shown, and its file --------------------------------------------


def by_hand(account: Account, profile: Path, out: Path) -> int:
    """Run the command that is shown, as the account; its program is the one that the account can start."""
    words = proof.command(profile, out)[1:]
    return account.run("env", f"APS_PROFILE_DIR={profile.parent}", account.python, *words).returncode


def test_the_file_of_the_shown_command_is_the_same_proof(account: Account, profile: Path) -> None:
    keep(account, profile, "--store", "dpapi")
    out = proof.result_file()
    try:
        with pytest.raises(proof.CannotProve) as caught:
            proof.read_result(out, profile, account.name)
        assert caught.value.problem.code == "engine.no_result"
        assert by_hand(account, profile, out) == 0
        found = proof.read_result(out, profile, account.name)
        assert (found.account, found.passed) == (account.name, True)
        assert {name: result.outcome.code for name, result in found.results.items()} == ALL
        # A second run does not write over it.
        assert by_hand(account, profile, out) == 2
        profile.write_text(profile.read_text("utf-8") + "# changed\n", "utf-8")
        with pytest.raises(proof.CannotProve) as caught:
            proof.read_result(out, profile, account.name)
        assert caught.value.problem.code == "engine.old_result"
    finally:
        out.unlink(missing_ok=True)


def test_a_result_that_another_account_wrote_is_refused(account: Account, profile: Path, tmp_path: Path) -> None:
    keep(account, profile, "--store", "dpapi")
    out = proof.result_file()
    try:
        assert by_hand(account, profile, out) == 0
        copy = tmp_path / "copy.json"
        copy.write_bytes(out.read_bytes())
        with pytest.raises(proof.CannotProve) as caught:
            proof.read_result(copy, profile, account.name)
        assert caught.value.problem.code == "engine.forged"
    finally:
        out.unlink(missing_ok=True)


def test_a_program_that_the_account_may_not_start_is_told(
    account: Account, profile: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hidden = tmp_path / "python"
    hidden.symlink_to(account.python)
    tmp_path.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(hidden))
    with pytest.raises(proof.CannotProve) as caught:
        proof.Attempt(profile, store.read(profile).profile).run()
    assert caught.value.problem.code == "engine.program"


def test_the_checks_under_the_other_account_are_ended_by_a_cancel(
    account: Account, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert (
            account.wizard("profile", "set", profile, f"aps.url=postgresql+psycopg://a@127.0.0.1:{port}/x").returncode
            == 0
        )
        monkeypatch.setattr(sys, "executable", str(account.python))
        # Where that Python sees its packages.
        as_account = proof._as_account
        monkeypatch.setattr(proof, "_as_account", lambda name, words: account.inside(*as_account(name, words)))
        attempt = proof.Attempt(profile, store.read(profile).profile)
        silent.settimeout(2 * PATIENCE)

        def cancel() -> None:
            with silent.accept()[0]:  # a check of that account is at work, and waits for an answer
                attempt.cancel()

        cancelling = threading.Thread(target=cancel)
        cancelling.start()
        with pytest.raises(proof.CannotProve) as caught:
            attempt.run()
        cancelling.join()
        assert caught.value.problem.code == "cancelled"
    # What the checks themselves had started notices in a moment that its parent is gone.
    deadline = time.monotonic() + PATIENCE
    while subprocess.run(["pgrep", "-u", account.name], capture_output=True, check=False).returncode == 0:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_ctrl_c_ends_the_checks_under_the_other_account(account: Account, profile: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"aps.url=postgresql+psycopg://a@127.0.0.1:{silent.getsockname()[1]}/x"
        assert account.wizard("profile", "set", profile, url).returncode == 0
        proving = subprocess.Popen(
            account.inside(account.python, "-P", "-m", "wizard", "check", profile, "--prove"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=account.folder,
            env={**os.environ, "PYTHONPATH": ""},
        )  # fmt: skip
        with proving:
            silent.settimeout(2 * PATIENCE)
            with silent.accept()[0]:  # a check of that account is at work, and waits for an answer
                proving.send_signal(signal.SIGINT)
                proving.wait(PATIENCE)
                assert running(account) == ""


def running(account: Account) -> str:
    """The processes of the account; those that notice by themselves that their parent is gone have a moment."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = subprocess.run(["pgrep", "-a", "-u", account.name], capture_output=True, text=True, check=False).stdout
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


@pytest.mark.parametrize("name", ["no-such-account", "a b", "-x", "$(touch x)"])
def test_an_account_that_is_not_there_is_told(profile: Path, name: str) -> None:
    stored = store.read(profile).profile
    other = stored.model_copy(update={"engine_account": EngineAccount(kind="user", name=name)})
    with pytest.raises(proof.CannotProve) as caught:
        proof.Attempt(profile, other).run()
    assert caught.value.problem.code == "engine.no_account"
    assert name in caught.value.problem.message
