"""The credential store of the system: a real one, none at all, and the ones that are not safe."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.secrets.conftest import NAME, NAMES
from wizard.secrets.keyring_store import SIZE_LIMIT

Ask = Callable[..., list[dict[str, Any]]]

no_store = pytest.mark.skipif(sys.platform == "win32", reason="Credential Manager is always there")

SECRET = "canary-senha; çã€ '\"}{"

PLAIN = '''
"""Keeps passwords as they are, in a file, and says that it is the best of all."""

import pathlib

from keyring.backend import KeyringBackend

FILE = pathlib.Path(__file__).with_name("passwords.txt")


class PlaintextKeyring(KeyringBackend):
    priority = 9

    def get_password(self, service, username):
        return FILE.read_text() if FILE.exists() else None

    def set_password(self, service, username, password):
        FILE.write_text(password)
'''

# A store of the system that misbehaves cannot be had; this one says that it is one.
OF_THE_SYSTEM = PLAIN.replace("    priority = 9", '    __module__ = "keyring.backends.kwallet"\n    priority = 9')


def codes(answers: list[dict[str, Any]]) -> list[str]:
    return [answer.get("code", "done") for answer in answers]


# --- a real store ------------------------------------------------------------------------------


def test_what_is_stored_is_read_back_until_it_is_deleted(ask_store: Ask) -> None:
    answers = ask_store(
        ("store", NAME, SECRET),
        ("read", NAME),
        ("store", NAME, "another"),
        ("read", NAME),
        ("delete", NAME),
        ("read", NAME),
        ("delete", NAME),
    )
    assert [answer.get("done") for answer in answers[:5]] == [None, SECRET, None, "another", None]
    assert codes(answers[5:]) == ["secret.not_found", "done"]


def test_a_secret_outlives_the_process_and_stays_apart_from_others(ask_store: Ask) -> None:
    ask_store(("store", NAME, SECRET), ("store", NAMES[1], "another"))
    assert [answer["done"] for answer in ask_store(("read", NAME), ("read", NAMES[1]))] == [SECRET, "another"]


def test_an_entry_that_is_not_there_is_named(ask_store: Ask) -> None:
    (answer,) = ask_store(("read", NAME))
    assert (answer["code"], answer["path"]) == ("secret.not_found", "database.password")
    assert "aps-wizard/serra-azul/database" in answer["text"]


def test_a_secret_is_stored_up_to_the_limit_and_not_beyond(ask_store: Ask) -> None:
    answers = ask_store(("store", NAME, "x" * SIZE_LIMIT), ("store", NAME, "y" * (SIZE_LIMIT + 1)), ("read", NAME))
    assert codes(answers) == ["done", "secret.too_long", "done"]
    assert answers[2]["done"] == "x" * SIZE_LIMIT


@pytest.mark.skipif(sys.platform == "win32", reason="Credential Manager is open while the account is logged in")
@pytest.mark.parametrize("step", [("read", NAME), ("store", NAME, SECRET), ("delete", NAME)])
def test_a_store_that_is_locked_refuses(ask_store: Ask, step: tuple[str, ...]) -> None:
    ask_store(("store", NAME, "before"))
    (answer,) = ask_store(step, locked=True)
    assert answer["code"] == "secret.store_refused"
    assert SECRET not in answer["text"]


def test_a_typed_secret_waits_for_writing_where_there_is_a_store(ask_store: Ask) -> None:
    assert ask_store(("typed", NAME, SECRET)) == [{"code": "secret.pending", "status": "ok"}]


@no_store
def test_a_typed_secret_that_no_store_will_take_is_told_before_writing(ask: Ask) -> None:
    assert ask(("typed", NAME, SECRET)) == [{"code": "secret.no_store", "status": "fail"}]


# --- no store, or none that is safe ------------------------------------------------------------


@no_store
def test_without_a_session_there_is_no_store(ask: Ask) -> None:
    answers = ask(("read", NAME), ("store", NAME, SECRET), ("delete", NAME))
    assert codes(answers) == ["secret.no_store"] * 3
    assert all("env:NAME" in answer["text"] for answer in answers)


@pytest.mark.parametrize(
    "backend",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        # Of the stores that there are; on Windows that is the one of the system.
        pytest.param("keyring.backends.chainer.ChainerBackend", marks=no_store),
    ],
)
def test_a_store_that_forgets_or_always_fails_is_refused(ask: Ask, backend: str) -> None:
    assert codes(ask(("store", NAME, SECRET), ("read", NAME), backend=backend)) == ["secret.no_store"] * 2


def test_a_store_in_plain_text_is_refused_and_given_nothing(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "keyrings" / "alt"
    folder.mkdir(parents=True)
    (folder / "file.py").write_text(PLAIN, encoding="utf-8")
    backend = "keyrings.alt.file.PlaintextKeyring"
    assert (
        codes(ask(("store", NAME, SECRET), ("read", NAME), backend=backend, path=tmp_path)) == ["secret.no_store"] * 2
    )
    assert not (folder / "passwords.txt").exists()


@pytest.mark.parametrize("backend", ["keyring.backends.SecretService.Keyring", "no.such.backend.Keyring"])
def test_a_store_that_cannot_be_loaded_or_reached_is_told(ask: Ask, backend: str) -> None:
    assert codes(ask(("read", NAME), ("store", NAME, SECRET), backend=backend)) == ["secret.no_store"] * 2


def test_a_store_that_fails_in_its_own_way_refuses_without_telling_the_secret(ask: Ask, tmp_path: Path) -> None:
    failing = OF_THE_SYSTEM.replace(
        "FILE.write_text(password)", "raise OSError(1783, f'stub received bad data: {password}')"
    )
    (tmp_path / "vault.py").write_text(failing, encoding="utf-8")
    (answer,) = ask(("store", NAME, SECRET), backend="vault.PlaintextKeyring", path=tmp_path)
    assert answer["code"] == "secret.store_refused"
    assert "OSError" in answer["text"]
    assert SECRET not in answer["text"]


def test_a_store_that_takes_a_secret_and_gives_back_another_is_caught(ask: Ask, tmp_path: Path) -> None:
    cutting = OF_THE_SYSTEM.replace("FILE.write_text(password)", "FILE.write_text(password[:8])")
    (tmp_path / "vault.py").write_text(cutting, encoding="utf-8")
    assert codes(ask(("store", NAME, SECRET), backend="vault.PlaintextKeyring", path=tmp_path)) == ["secret.not_kept"]
