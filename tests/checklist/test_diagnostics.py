"""The zip for support: what is in it, and that no secret is, in any form in which one could be written."""

from __future__ import annotations

import base64
import json
import random
import re
import stat
import string
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.checklist.conftest import Make
from wizard import log
from wizard.checklist import confirmations, diagnostics, registry
from wizard.checklist.check import Outcome, Subject
from wizard.checklist.confirmations import Confirmations
from wizard.checklist.diagnostics import DiagnosticsFailed, save, save_without_profile
from wizard.checklist.registry import checks
from wizard.checklist.run import Result, Run
from wizard.checklist.standing import Standing, stand
from wizard.log import machine_folder
from wizard.profile import store
from wizard.profile.errors import ProfileError

AT = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)

CANARIES = {
    "database.password": "Xk7;Canário-&<db>'\"{q}\\",
    "aps.password": "Zq9 canary/aps+%=#",
    "webservice.password": "Wv3_canary-ws.plain",
}
"""One for each field that takes a secret: with what URLs, XML, JSON, ODBC and base64 write otherwise."""


def forms(secret: str) -> Iterator[tuple[str, bytes, bytes]]:
    """Each form: its name, the secret written so, and what of that must not be in the zip.

    Written apart from the program's own list.
    """
    plain = {
        "plain": secret.encode(),
        "latin-1": secret.encode("latin-1", "replace"),
        "utf-16-le": secret.encode("utf-16-le"),
        "utf-16-be": secret.encode("utf-16-be"),
        "url": quote(secret).encode(),
        "url, all": quote(secret, safe="").encode(),
        "url, small": re.sub("%..", lambda found: found[0].lower(), quote(secret, safe="")).encode(),
        "form": quote_plus(secret).encode(),
        "json": json.dumps(secret)[1:-1].encode(),
        "hex of utf-8": secret.encode().hex().encode(),
        "hex of utf-16": secret.encode("utf-16-le").hex().encode(),
    }
    yield from ((name, written, written) for name, written in plain.items())
    for name, data in (("utf-8", secret.encode()), ("utf-16", secret.encode("utf-16-le"))):
        for before in range(3):
            written = base64.b64encode(b"x" * before + data + b"x" * (2 - before))
            # What stands around mixes into the first and last characters: the middle gives it away.
            yield f"base64 of {name}, {before}", written, written[4:-4]
            written = written.replace(b"+", b"-").replace(b"/", b"_")
            yield f"url-safe base64 of {name}, {before}", written, written[4:-4]


def hits(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        contents = {info.filename: archive.read(info) for info in archive.infolist()}
    contents["the names"] = "\n".join(contents).encode()
    contents["the zip itself"] = path.read_bytes()
    return [
        f"{field} in {name} as {form}"
        for field, secret in CANARIES.items()
        for form, _written, mark in forms(secret)
        for name, data in contents.items()
        if mark in data
    ]


@pytest.fixture
def guarded(make: Make, monkeypatch: pytest.MonkeyPatch) -> Subject:
    """A profile with a secret in every field that takes one, two in variables and one typed and not stored yet."""
    monkeypatch.setenv("APS_TEST_DB", CANARIES["database.password"])
    monkeypatch.setenv("APS_TEST_STORE", CANARIES["aps.password"])
    return make(
        typed={"webservice.password": CANARIES["webservice.password"]},
        notes=f"senha={CANARIES['webservice.password']}",
        database={
            "kind": "sqlserver",
            "driver": "ODBC Driver 18 for SQL Server",
            "host": "127.0.0.1", "port": 1, "database": "logix", "user": "aps",
            "password": "env:APS_TEST_DB", "login_timeout": 1,
        },
        aps={"url": "postgresql+psycopg://aps@127.0.0.1:1/aps", "password": "env:APS_TEST_STORE"},
        webservice={"url": "http://127.0.0.1:1/ws", "user": "ws", "password": "keyring:aps-wizard/x"},
    )  # fmt: skip


def standing_of(subject: Subject, results: dict[str, Result] | None = None) -> tuple[Standing, ...]:
    found = results or {r.check.id: r for r in Run(subject, registry.chosen()).run().results}
    return stand(subject.profile, found, confirmations.read(subject.file).confirmations)


def leaking(subject: Subject) -> tuple[Standing, ...]:
    """Results that hold every secret in every form, as a driver or server that nobody foresaw may write them."""
    text = " | ".join(
        [
            *CANARIES.values(),
            *(w.decode("utf-8", "replace") for secret in CANARIES.values() for _form, w, _mark in forms(secret)),
            *(base64.b64encode(f"aps:{secret}".encode()).decode() for secret in CANARIES.values()),
        ]
    )
    results = {
        id_: Result(check, Outcome("fail", "x.y", text, text, {"original": text, "server": text}), 5)
        for id_, check in checks().items()
    }
    return standing_of(subject, results)


def write_logs(text: str) -> None:
    machine_folder().mkdir(parents=True)
    (machine_folder() / "wizard.log").write_text(text, "utf-8")
    (machine_folder() / "engine.log.1").write_text(text, "utf-16")
    (machine_folder() / "ansi.log").write_text(text.encode("latin-1", "ignore").decode("latin-1"), "utf-8")
    (machine_folder() / "profile.yaml").write_text(text, "utf-8")


def test_no_secret_is_in_the_zip_of_a_site_whose_checks_fail(guarded: Subject, tmp_path: Path) -> None:
    out = tmp_path / "d.zip"
    save(guarded, standing_of(guarded), AT, out)
    assert hits(out) == []


def test_no_secret_is_in_the_zip_even_where_results_and_logs_hold_them(guarded: Subject, tmp_path: Path) -> None:
    lines = [f"{form}: " + w.decode("utf-8", "replace") for s in CANARIES.values() for form, w, _mark in forms(s)]
    write_logs("\n".join([*CANARIES.values(), *lines]))
    confirmations.confirm(guarded.file, guarded.profile, "licences", "Ana", " ".join(CANARIES.values()))
    out = tmp_path / "d.zip"
    save(guarded, leaking(guarded), AT, out)
    assert hits(out) == []
    with zipfile.ZipFile(out) as archive:
        assert "logs/wizard.log" in archive.namelist()
        assert "***" in archive.read("logs/wizard.log").decode()
        assert "***" in archive.read("logs/engine.log.1").decode()


def test_the_search_of_this_test_finds_every_form(tmp_path: Path) -> None:
    for field, secret in CANARIES.items():
        for form, written, _mark in forms(secret):
            out = tmp_path / "x.zip"
            with zipfile.ZipFile(out, "w") as archive:
                archive.writestr("x", b"before " + written + b" after")
            assert any(hit.startswith(f"{field} in x as") for hit in hits(out)), form


def test_what_the_masks_miss_keeps_the_zip_from_being_written(
    guarded: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "d.zip"
    request = {
        "subject": guarded.to_json(),
        "parts": {"a.txt": "harmless", "b.txt": CANARIES["aps.password"]},
        "out": str(out),
        "logs": {"logs": str(tmp_path)},
    }
    monkeypatch.setattr(diagnostics, "cleaner", lambda secrets, users: lambda text: text)
    assert diagnostics.in_child(request) == {"problem": "secret_left", "name": "b.txt"}
    assert not out.exists()


NO_TEXT = ("latin-1", "utf-16-le", "utf-16-be")
"""Forms that no text of the zip can hold: everything in it is UTF-8."""


@pytest.mark.parametrize("seed", range(25))
def test_secrets_of_all_kinds_are_masked(make: Make, tmp_path: Path, seed: int) -> None:
    random_ = random.Random(seed)  # noqa: S311 - repeatable
    letters = string.ascii_letters + string.digits + string.punctuation + "ãçé€ß "
    secret = "Q" + "".join(random_.choices(letters, k=random_.randint(7, 40))) + "z"
    subject = make(typed={"database.password": secret})
    texts = {form: (written.decode(), mark.decode()) for form, written, mark in forms(secret) if form not in NO_TEXT}
    request = {
        "subject": subject.to_json(),
        "parts": {f"{number}.txt": f"before {text} after" for number, (text, _mark) in enumerate(texts.values())},
        "out": str(tmp_path / "d.zip"),
        "logs": {"logs": str(tmp_path)},
    }
    assert "names" in diagnostics.in_child(request)
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        found = {form: archive.read(f"{number}.txt").decode() for number, form in enumerate(texts)}
    assert not [form for form, (_text, mark) in texts.items() if mark in found[form]]


# --- what is in it -----------------------------------------------------------------------------


@pytest.mark.seed("R-CHK-01", "R-CHK-02", "R-CHK-03")
def test_the_zip_of_the_demo_site_holds_what_support_needs(make: Make, tmp_path: Path) -> None:
    subject = make()
    confirmations.confirm(subject.file, subject.profile, "licences", "Ana", "seen")
    write_logs("2026-03-04 12:30 update ended\n")
    out = tmp_path / "d.zip"
    saved = save(subject, standing_of(subject), AT, out)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert tuple(archive.namelist()) == saved.names
        texts = {name: archive.read(name).decode() for name in saved.names}
    assert [name for name in saved.names if not name.startswith("logs/")] == [
        "report.html", "checklist.json", "profile.yaml", "confirmations.yaml", "versions.txt", "data-sources.json",
    ]  # fmt: skip
    logs = {name for name in saved.names if name.startswith("logs/")}
    assert logs >= {"logs/wizard.log", "logs/engine.log.1", "logs/ansi.log"}
    assert "logs/profile.yaml" not in logs
    assert json.loads(texts["checklist.json"])["status"] == "open"
    assert "SQLite 3." in texts["versions.txt"]
    assert "pydantic " in texts["versions.txt"]
    assert "update ended" in texts["logs/engine.log.1"]
    assert "Ana" in texts["confirmations.yaml"]
    assert texts["report.html"].startswith("<!DOCTYPE html>")
    if sys.platform != "win32":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_of_a_profile_that_cannot_be_read_the_problems_are_told_and_never_its_text(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("version: 1\nsenha: hunter2-canary\n", "utf-8")
    with pytest.raises(ProfileError) as caught:
        store.read(file)
    out = tmp_path / "d.zip"
    save_without_profile(file, caught.value, out)
    with zipfile.ZipFile(out) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist())
    assert b"senha" in told
    assert b"hunter2" not in told
    assert b"pydantic " in told


def test_only_the_ends_of_the_newest_logs_are_taken(make: Make, tmp_path: Path) -> None:
    machine_folder().mkdir(parents=True)
    (machine_folder() / "big.log").write_text("first line\n" + "x" * diagnostics.LOG_BYTES + "\nlast line\n", "utf-8")
    for number in range(diagnostics.LOG_FILES + 3):
        (machine_folder() / f"n{number}.log").write_text("x", "utf-8")
    saved = save(make(), (), AT, tmp_path / "d.zip")
    assert len([name for name in saved.names if name.startswith("logs/")]) == diagnostics.LOG_FILES
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        if "logs/big.log" in saved.names:
            text = archive.read("logs/big.log").decode()
            assert "last line" in text
            assert "first line" not in text


def test_the_log_of_an_account_that_may_not_write_those_of_the_machine_is_taken(
    make: Make, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").touch()
    monkeypatch.setenv("APS_LOG_DIR", str(home / "file" / "logs"))
    log.event("here.it_is")
    saved = save(make(), (), AT, tmp_path / "d.zip")
    (name,) = [name for name in saved.names if name.startswith("logs/")]
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        assert "here.it_is" in archive.read(name).decode()


def test_where_it_cannot_be_written_the_cause_is_told(make: Make, tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsFailed) as caught:
        save(make(), (), AT, tmp_path / "missing" / "d.zip")
    assert caught.value.problem.code == "unwritable"
    assert caught.value.problem.action


def test_an_old_zip_stands_until_the_new_one_is_complete(make: Make, tmp_path: Path) -> None:
    out = tmp_path / "d.zip"
    out.write_bytes(b"old")
    save(make(), (), AT, out)
    assert zipfile.is_zipfile(out)
    assert [path.name for path in tmp_path.glob("*.tmp")] == []


def test_confirmations_that_nobody_made_are_an_empty_file(make: Make, tmp_path: Path) -> None:
    save(make(), stand(make().profile, {}, Confirmations()), AT, tmp_path / "d.zip")
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        assert "confirmations: []" in archive.read("confirmations.yaml").decode()
