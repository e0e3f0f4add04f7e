"""A secret planted in every field that takes one is found nowhere but in its store, whatever is done with it."""

from __future__ import annotations

import base64
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.canary import Search, Watch, forms, watching
from tests.cli.calling import ROOT, environment
from tests.cli.test_call import commands
from tests.patience import PATIENCE
from wizard.demo.site import Site
from wizard.flow import draft_file, state
from wizard.flow.state import type_secret, with_value
from wizard.secrets.references import SECRET_FIELDS, read

CANARIES = {path: f"canário-{path}-9f3}}{{;'&<€ç" for path in SECRET_FIELDS}
TYPED_WRONG = "canary-typed-in-the-wrong-place-77"
PASSPHRASE = "canary passphrase that nobody guesses"
VARIABLE = "APS_CANARY_STORE"
SEARCH = Search([*CANARIES.values(), TYPED_WRONG, PASSPHRASE])

posix = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells arguments and environment")


# --- the search itself: it has to find what is there ----------------------------------------------


@pytest.mark.parametrize("form", sorted(forms("x")))
def test_each_form_is_found_wherever_it_stands(form: str, tmp_path: Path) -> None:
    secret = CANARIES["database.password"]
    needle = forms(secret)[form]
    assert len(needle) > 20
    assert SEARCH(b"before " + needle + b" after", "here")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(bytes(5000) + needle)
    assert SEARCH.folder(tmp_path)


@pytest.mark.parametrize("before", ["", "a", "ab", "aps:", "PWD="])
def test_a_secret_is_found_in_whatever_was_encoded_around_it(before: str) -> None:
    secret = CANARIES["webservice.password"]
    for encoding in ("utf-8", "utf-16-le"):
        assert SEARCH(base64.b64encode((before + secret + "; and more").encode(encoding)), "here")
    assert SEARCH(quote(before + secret).encode(), "here") or "'" in secret
    assert not SEARCH(base64.b64encode(b"something else, as long as the secret itself is, or longer"), "here")


@posix
def test_arguments_and_environment_of_what_a_child_starts_are_seen() -> None:
    lasts = [sys.executable, "-c", "input()"]
    script = f"import subprocess; subprocess.run({[*lasts, TYPED_WRONG]!r}); "
    script += f"subprocess.run({lasts!r}, env={{'X': {TYPED_WRONG!r}}})"
    with watching(SEARCH) as watch:
        with watch.starting:
            process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE)
            watch.exempt.add(process.pid)
        assert process.stdin is not None
        deadline = time.monotonic() + PATIENCE
        for seen in ({"argument"}, {"argument", "environment"}):
            while {hit.partition(" of ")[0] for hit in set(watch.hits)} != seen:
                assert time.monotonic() < deadline, watch.hits
                time.sleep(0.01)
            # Each lasts until it is seen.
            process.stdin.write(b"\n")
            process.stdin.flush()
        process.communicate()


# --- the whole way --------------------------------------------------------------------------------


class Person:
    """Gives commands as a person would and keeps everything that was said."""

    def __init__(self, watch: Watch, env: dict[str, str], folder: Path) -> None:
        self.watch, self.env, self.folder = watch, env, folder
        self.said: list[tuple[str, bytes]] = []
        self.given: set[str] = set()

    def __call__(self, *words: object, typed: str = "", **env: str) -> int:
        call = [sys.executable, "-m", "wizard", *map(str, words)]
        if any(isinstance(word, Path) and word.suffix == ".yaml" for word in words):
            # The commands of a profile that names the variable; the others cannot know that it is a secret.
            env = {VARIABLE: CANARIES["aps.password"], **env}
        with self.watch.starting:
            process = subprocess.Popen(
                call,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**environment(), **self.env, **env},
                cwd=self.folder,
            )
            # It was given the variable, and sometimes a word, on purpose: what it starts itself was not.
            self.watch.exempt.add(process.pid)
        out, err = process.communicate(typed.encode(), timeout=100)
        self.said += [(f"standard output of {words[:2]}", out), (f"standard error of {words[:2]}", err)]
        self.given.update(" ".join(map(str, words[:count])) for count in (0, 1, 2))
        return process.returncode


@pytest.fixture
def person(home: Path, tmp_path: Path) -> Iterator[Person]:
    with watching(SEARCH) as watch:
        paths = os.pathsep.join([str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
        yield Person(watch, {"PYTHONPATH": paths}, tmp_path)


@posix
@pytest.mark.timeout(900)
def test_no_secret_comes_out_of_the_demo_commands_failures_and_crashes(
    person: Person, profile: Path, home: Path, tmp_path: Path, site: Site
) -> None:
    assert person("demo", "--dir", tmp_path / "demo") == 0
    _plant(person, profile)
    _use(person, profile, tmp_path)
    _fail(person, profile, tmp_path, site)
    _crash(person, profile, tmp_path)
    _draft(profile)
    left = {words for words, _command in commands()} - person.given
    assert left == {""} - person.given, "commands that this test does not give yet"

    said = [hit for place, raw in person.said for hit in SEARCH(raw, place)]
    files = [hit for folder in (home, tmp_path) for hit in SEARCH.folder(folder)]
    assert len(person.watch.seen) > 20
    hits = sorted({*said, *files, *person.watch.hits})
    assert not hits, "\n".join(hits)
    # And all the while it was where it belongs.
    assert (
        read(f"dpapi:{profile.parent / 'secrets' / 'serra-azul.webservice.password.sealed'}", "x") in CANARIES.values()
    )
    logs = [path for path in (home / "logs").iterdir() if path.stat().st_size]
    assert logs, "nothing was logged, so nothing was proved about logs"
    files_seen = sum(path.is_file() for folder in (home, tmp_path) for path in folder.rglob("*"))
    print(f"canary: {len(person.said)} outputs, {files_seen} files, {len(person.watch.seen)} processes, 0 hits")


def _plant(person: Person, profile: Path) -> None:
    values = ["webservice.user=aps", f"aps.url=sqlite:///{profile.stem}.aps.sqlite"]
    assert person("profile", "set", profile, *values) == 0
    path = "webservice.password"
    assert person("secret", "set", profile, path, "--store", "dpapi", typed=CANARIES[path] + "\n") == 0
    assert person("secret", "set", profile, "aps.password", "--store", "env", "--name", VARIABLE) == 0
    # No store here: a refusal that holds what was typed in its memory.
    assert person("secret", "set", profile, path, typed=CANARIES[path], DBUS_SESSION_BUS_ADDRESS="unix:path=/no") == 1
    odbc = profile.with_name("odbc.yaml")
    shutil.copy(profile, odbc)
    words = ["name=Odbc", "company.logix=02", "aps.url=sqlite:///odbc.sqlite", "database.kind=odbc"]
    assert person("profile", "set", odbc, *words, "database.dsn=NONE", "database.user=aps") == 0
    path = "database.password"
    assert person("secret", "set", odbc, path, "--store", "dpapi", typed=CANARIES[path]) == 0


def _use(person: Person, profile: Path, folder: Path) -> None:
    assert person("check", profile, "--json", "--save") == 0
    assert person("check", profile, "--as-engine") in (0, 1)
    assert person("check", profile, "--prove", "--json") in (0, 1)
    for words in (["status"], ["status", "--json"]):
        assert person("secret", *words[:1], profile, *words[1:]) == 0
    assert person("secret", "copy", profile, "aps.password", "--store", "dpapi") == 0
    assert person("secret", "set", profile, "aps.password", "--store", "env", "--name", VARIABLE) == 0
    assert person("profile", "show", profile) == 0
    assert person("profile", "list") == 0
    assert person("profile", "validate", profile) == 0
    assert person("profile", "schema") == 0
    assert person("profile", "duplicate", profile, "--name", "Copy", "--company", "03") == 0
    assert person("profile", "restore", profile, "--list") == 0
    assert person("profile", "new", "New", "environment=test", "company.logix=04", "database.file=x") == 2
    assert person("profile", "export", profile, "--out", folder / "plain.yaml") == 0
    assert person("profile", "export", profile, "--share", "--out", folder / "shared.yaml") == 0
    assert person("profile", "export", profile, "--backup", "--out", folder / "backup", typed=PASSPHRASE) == 0
    words = ["profile", "import", folder / "backup", "--name", "Back", "--store", "dpapi"]
    assert person(*words, typed=PASSPHRASE) == 0
    assert person(*words[:-4], "--name", "Wrong", typed=TYPED_WRONG) == 2
    assert person("grades", "import", profile, "--apply") in (0, 3)
    assert person("grades", "plan", profile) in (0, 1)
    assert person("grades", "capacity") == 0
    assert person("grades", "codes", profile, "--type", "1") in (0, 1, 2)
    assert person("grades", "item", profile, "X") in (0, 1, 2)
    assert person("grades", "export", profile, folder / "grades") in (0, 1)
    assert person("secret", "delete", profile.with_name("back.yaml"), "webservice.password") == 0
    assert person("checklist", profile, "--html", folder / "report.html") in (0, 1)
    assert person("diagnostics", profile, "--out", folder / "support.zip") in (0, 1)
    with zipfile.ZipFile(folder / "support.zip") as archive:
        archive.extractall(folder / "support")
    assert person("server-files", folder / "demo", "--json") in (0, 1)
    assert person("dsn", "list") in (0, 1)
    assert person("completion", "bash") == 0
    assert person("dsn", "create", "CANARY", "--driver", "No such", "--user") in (1, 2)
    assert person("dsn", "repair", "CANARY", "--user") in (1, 2)
    assert person("dsn", "delete", "CANARY", "--user") in (1, 2)


def _fail(person: Person, profile: Path, folder: Path, site: Site) -> None:
    odbc = profile.with_name("odbc.yaml")
    assert person("check", odbc, "--json") == 1
    # A driver that is given the password in its connection string, and tells that it does not like it.
    ini = folder / "odbc.ini"
    ini.write_text("[NONE]\nDriver = SQLite3\nDatabase = /no/such/folder/x.db\n", "utf-8")
    assert person("check", odbc, "--timeout", "5", ODBCINI=str(ini)) == 1
    assert person("dsn", "test", "NONE", "--user", "aps", typed=CANARIES["database.password"], ODBCINI=str(ini)) == 1
    # A web service that is not there, and one that knows no such place.
    for url, code in (("http://127.0.0.1:9/ws", 1), (site.webservice_url + "/nothing", 0)):
        assert person("profile", "set", odbc, f"webservice.url={url}") == 0
        assert person("check", odbc, "--only", "webservice.reachable") in (1, code)
    # Typed in the wrong place: refused, and not repeated.
    wrong = f"http://aps:{TYPED_WRONG}@host/ws"
    words = [f"webservice.url={wrong}", f"database.password={TYPED_WRONG}", f"database.password=env:{TYPED_WRONG}"]
    for word in [*words, f"aps.url=postgresql://a:{TYPED_WRONG}@h/d", f"{TYPED_WRONG}=x", TYPED_WRONG]:
        assert person("profile", "set", odbc, word) == 2
    broken = folder / "broken.yaml"
    broken.write_text(odbc.read_text("utf-8").replace('dsn: "NONE"', f'dsn: "NONE"\n  senha: "{TYPED_WRONG}"'), "utf-8")
    assert person("profile", "validate", broken) == 2
    assert person("check", broken) == 2
    broken.unlink()
    assert person("secret", "set", odbc, TYPED_WRONG) == 2


CRASHING = """
import pathlib
from wizard.secrets import references

kept = references.secret_for

def secret_for(profile, path, typed):
    secret = kept(profile, path, typed)
    raise RuntimeError(f"PWD={secret} " + repr(typed) + repr(secret.encode("utf-16")))

references.secret_for = secret_for
"""


def _crash(person: Person, profile: Path, folder: Path) -> None:
    """A fault of the program whose text, locals and arguments hold the secret."""
    place = folder / "crashing"
    place.mkdir()
    (place / "sitecustomize.py").write_text(CRASHING, "utf-8")
    paths = f"{place}{os.pathsep}{person.env['PYTHONPATH']}"
    assert person("check", profile, "--json", PYTHONPATH=paths) == 1
    assert b"crashed" in person.said[-2][1]
    (place / "sitecustomize.py").write_text(CRASHING + "references.fetch = references.read = secret_for\n", "utf-8")
    typed = CANARIES["webservice.password"]
    assert person("secret", "copy", profile, "aps.password", typed=typed, PYTHONPATH=paths) == 1
    assert b"fault of the program" in person.said[-1][1]


def _draft(profile: Path) -> None:
    """What the window keeps while somebody types."""
    now = state.open_profile(profile.with_name("odbc.yaml"), "database")
    for path, secret in CANARIES.items():
        now = type_secret(now, path, secret)
    now = state.edit(now, "aps.url", f"postgresql://a:{TYPED_WRONG}@h/d")
    now = state.edit(now, "webservice.url", f"http://aps:{TYPED_WRONG}@host/ws")
    now = state.replace(now, data=with_value(now.data, "database.password", TYPED_WRONG))
    draft = draft_file.Draft(draft_file.default_folder())
    draft.save(now)
    draft.close()
    assert len(list(draft_file.default_folder().glob("*.json"))) == 1


@posix
def test_everything_the_program_makes_is_closed_as_it_should_be(person: Person, profile: Path, home: Path) -> None:
    """Secrets and drafts are the owner's alone; nothing at all can be changed by others."""
    before = os.umask(0)
    try:
        _plant(person, profile)
        assert person("check", profile, "--save") == 0
        _draft(profile)
    finally:
        os.umask(before)
    alone, written = [], []
    for path in home.rglob("*"):
        mode = path.stat().st_mode & 0o7777
        if path.is_file() and mode & 0o022:
            written.append(path)
        closed = path.suffix in (".sealed", ".key", ".log") or path.parent == draft_file.default_folder()
        if closed and path.is_file() and path.suffix != ".lock":
            alone.append((path.name, oct(mode)))
    assert len(alone) > 4
    assert {mode for _name, mode in alone} == {"0o600"}
    assert [path for path in written if path.suffix != ".lock"] == []


def test_the_store_of_the_engines_is_a_database_that_was_looked_into(profile: Path) -> None:
    with closing(sqlite3.connect(profile.with_name("serra-azul.aps.sqlite"))) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
