"""Calling the program: version, help, wrong calls, the folder of the profiles, consoles, and what is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tests.cli.calling import ROOT, Command, answer, aps, environment, without
from wizard import __version__, cli
from wizard.flow.steps import IDS
from wizard.profile import store


def one_block(err: str) -> bool:
    """Something was said, without a traceback and without an empty line in it."""
    lines = err.rstrip("\n").split("\n")
    return bool(lines[0]) and "Traceback" not in err and all(line.strip() for line in lines)


# --- version and help --------------------------------------------------------------------------


def test_version_answers_with_one_line() -> None:
    done = aps("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"aps-wizard {__version__}\n", "")


def test_version_answers_beside_other_options_too(command: Command, tmp_path: Path) -> None:
    found = command("--profiles-dir", tmp_path, "--version")
    assert (found.code, found.out, found.err) == (0, f"aps-wizard {__version__}\n", "")


def test_the_installed_command_is_the_same_program() -> None:
    script = Path(sys.executable).with_name("aps-wizard.exe" if os.name == "nt" else "aps-wizard")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, f"aps-wizard {__version__}\n")


def test_help_names_every_command() -> None:
    done = aps("--help")
    assert done.returncode == 0
    assert all(f"\n  {name} " in done.stdout for name in ("demo", "check", "profile"))
    done = aps("profile", "--help")
    assert done.returncode == 0
    names = ("list", "show", "validate", "schema", "set", "duplicate", "export", "import", "restore")
    assert all(f"\n  {name} " in done.stdout for name in names)


def test_help_calls_the_program_by_its_name_however_it_was_started() -> None:
    assert aps("--help").stdout.startswith("Usage: aps-wizard [OPTIONS]")


@pytest.mark.skipif(os.name != "posix", reason="streams are closed by a shell; tests/installer does it on Windows")
@pytest.mark.parametrize(
    ("words", "code"),
    [("--version", 0), ("profile list", 0), ("profile schema", 0), ("dsn list --json", 0), ("check nowhere", 2),
     ("secret set nowhere database.password", 2), ("--page nowhere", 2), ("nonsense", 2)],
)  # fmt: skip
def test_without_any_stream_every_command_still_has_its_exit_code(words: str, code: int) -> None:
    """As Windows starts the program from an icon or a task."""
    command = f"exec '{sys.executable}' -m wizard {words} <&- >&- 2>&-"
    assert (
        subprocess.run(["sh", "-c", command], env=environment(), cwd=ROOT, timeout=60, check=False).returncode == code
    )


def test_the_program_starts_from_any_folder(tmp_path: Path) -> None:
    done = aps("--help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


# --- what is imported --------------------------------------------------------------------------


def imported(arguments: list[str], *modules: str) -> set[str]:
    """Which of the modules a command imports."""
    code = (
        "import sys\n"
        f"sys.argv = ['aps-wizard', *{arguments!r}]\n"
        "from wizard.__main__ import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        f"print('imported:', *sorted(set({modules!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


HEAVY = ("keyring", "pyodbc", "oracledb", "sqlalchemy", "requests", "lxml", "PySide6")


def test_version_imports_next_to_nothing() -> None:
    assert imported(["--version"], "typer", "pydantic", "yaml", "wizard.cli", *HEAVY) == set()


@pytest.mark.parametrize("arguments", [["profile", "validate"], ["profile", "show"], ["profile", "export"]])
def test_reading_a_profile_imports_no_driver_no_store_and_no_window(profile: Path, arguments: list[str]) -> None:
    assert imported([*arguments, str(profile)], "pydantic", *HEAVY) == {"pydantic"}


def test_listing_profiles_imports_no_driver_no_store_and_no_window(profile: Path) -> None:
    assert imported(["profile", "list"], "pydantic", *HEAVY) == {"pydantic"}


def test_help_imports_no_model() -> None:
    assert imported(["--help"], "typer", "pydantic", *HEAVY) == {"typer"}


# --- wrong calls -------------------------------------------------------------------------------

WRONG_CALLS: list[list[str]] = [
    ["nothing"],
    ["--nothing"],
    ["profile"],
    ["profile", "nothing"],
    ["check"],
    ["check", "--timeout", "soon", "matriz"],
    ["check", "--timeout", "0", "matriz"],
    ["profile", "set", "matriz"],
    ["profile", "duplicate", "matriz", "--name", "Filial"],
    ["profile", "show", "matriz", "another"],
    ["--page", "nowhere"],
    ["--page", "company"],
    ["check", "matriz"],
    ["profile", "show", "matriz"],
    ["profile", "export", "matriz"],
    ["profile", "import", "matriz.yaml"],
    ["profile", "set", "matriz", "notes=x"],
    ["profile", "duplicate", "matriz", "--name", "Filial", "--company", "02"],
    ["--profile", "matriz", "--page", "nowhere"],
]


@pytest.mark.parametrize("arguments", WRONG_CALLS, ids=" ".join)
def test_a_wrong_call_is_told_on_standard_error_and_ends_with_2(command: Command, arguments: list[str]) -> None:
    found = command(*arguments)
    assert found.code == 2
    assert found.out == ""
    assert found.err.strip()
    assert "Traceback" not in found.err


def test_a_wrong_call_ends_the_process_with_2() -> None:
    done = aps("profile", "show", "no-such-profile")
    assert (done.returncode, done.stdout) == (2, "")
    assert one_block(done.stderr)
    assert "no-such-profile.yaml" in done.stderr
    assert "profile list" in done.stderr


def test_an_unknown_page_names_the_ones_there_are(command: Command) -> None:
    found = command("--page", "nowhere")
    assert found.code == 2
    assert all(page in found.err for page in IDS)


READERS = [["check"], ["profile", "show"], ["profile", "validate"], ["profile", "export"], ["profile", "import"]]
BROKEN = {
    "folder": ("a folder, not a file", None),
    "broken YAML": ("line 2", b"version: 1\nname: a: b\n"),
    "not text": ("UTF-8", b"\xff\xfe\x00"),
    "empty": ("empty", b""),
    "newer version": ("newer version", b"version: 99\n"),
    "list": ("empty or holds no", b"- version\n"),
}


@pytest.mark.parametrize("arguments", READERS, ids=" ".join)
@pytest.mark.parametrize(("says", "content"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_no_profile_is_told_with_its_name(
    command: Command, tmp_path: Path, arguments: list[str], says: str, content: bytes | None
) -> None:
    file = tmp_path / "broken.yaml"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    found = command(*arguments, file)
    assert (found.code, found.out) == (2, "")
    assert one_block(found.err)
    assert str(file) in found.err
    assert says.casefold() in found.err.casefold()


def test_everything_wrong_with_a_profile_is_told_at_once_with_file_and_line(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    lines = ["version: 1", "name: Matriz", "environment: prod", "company: {logix: '001', site: '1'}"]
    lines += ["database: {kind: sqlite, fil: x}", "webservice: {url: 'http://server/ws'}"]
    file.write_text("\n".join(lines), "utf-8")
    found = command("check", file)
    assert found.code == 2
    places = [line.partition(": ")[0] for line in found.err.splitlines()]
    assert places == [
        f"{file}, line 3, environment",
        f"{file}, line 4, company.logix",
        f"{file}, line 5, database.file",
        f"{file}, line 5, database.fil",
    ]


def test_a_fault_of_the_program_is_told_without_a_traceback_and_without_its_text(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(folder: Path) -> list[store.Entry]:
        raise RuntimeError("PWD=S3cret-c4nary")

    monkeypatch.setattr(store, "entries", broken)
    found = command("profile", "list")
    assert (found.code, found.out) == (1, "")
    assert one_block(found.err)
    assert "RuntimeError at test_call.py:" in found.err
    assert "c4nary" not in found.err


# --- the window --------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["--page", "start"]])
def test_without_qt_the_window_is_told_to_be_missing_and_what_works(tmp_path: Path, arguments: list[str]) -> None:
    done = aps(*arguments, env=without(tmp_path / "blocked", "PySide6"))
    assert (done.returncode, done.stdout) == (1, "")
    assert one_block(done.stderr)
    assert "PySide6" in done.stderr
    assert "--help" in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there a screen is named by a variable")
@pytest.mark.parametrize("arguments", [[], ["--page", "start"]])
def test_without_a_screen_the_window_says_so_and_what_works(arguments: list[str]) -> None:
    nowhere = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = aps(*arguments, env=nowhere)
    assert (done.returncode, done.stdout) == (1, "")
    assert one_block(done.stderr)
    assert "WAYLAND_DISPLAY" in done.stderr
    assert "--help" in done.stderr


# --- the folder of the profiles ----------------------------------------------------------------


def commands() -> Iterator[tuple[str, Any]]:
    """Every command of the program by the words that call it."""

    def below(words: str, found: Any) -> Iterator[tuple[str, Any]]:
        inner = getattr(found, "commands", None)
        if inner is None:
            yield words, found
        for name, command in (inner or {}).items():
            yield from below(f"{words} {name}".strip(), command)

    root = typer.main.get_command(cli.app)
    yield "", root
    yield from below("", root)


def test_the_program_has_the_commands_of_its_contract() -> None:
    assert sorted(words for words, _command in commands()) == sorted(OPTIONS)


@pytest.mark.parametrize(
    ("words", "found"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_takes_the_folder_of_the_profiles(words: str, found: Any) -> None:
    assert "--profiles-dir" in [option for parameter in found.params for option in parameter.opts]


OPTIONS = {
    "": {"--profile", "--page", "--lang", "--version"},
    "demo": {"--dir", "--gui", "--keep"},
    "check": {"--only", "--json", "--timeout", "--save", "--as-engine", "--prove", "--out"},
    "checklist": {"--html", "--json", "--confirm", "--by", "--evidence", "--withdraw", "--timeout"},
    "diagnostics": {"--out", "--timeout"},
    "completion": set(),
    "profile new": set(),
    "profile list": {"--json"},
    "profile show": {"--json"},
    "profile validate": {"--json"},
    "profile schema": {"--out"},
    "profile set": set(),
    "profile duplicate": {"--name", "--company", "--site"},
    "profile export": {"--out", "--share", "--backup"},
    "profile import": {"--name", "--store"},
    "profile restore": {"--list", "--version", "--checklist", "--json"},
    "grades capacity": {"--size", "--json"},
    "grades import": {"--from-csv", "--apply", "--confirm", "--json"},
    "grades plan": {"--headroom", "--json"},
    "grades codes": {"--type", "--csv"},
    "grades item": set(),
    "grades export": set(),
    "dsn list": {"--json"},
    "dsn create": {"--driver", "--set", "--user", "--json"},
    "dsn test": {"--user", "--json", "--timeout"},
    "dsn repair": {"--driver", "--set", "--user", "--json"},
    "dsn delete": {"--user"},
    "secret set": {"--store", "--name"},
    "secret status": {"--json"},
    "secret copy": {"--store"},
    "secret delete": set(),
    "server-files": {"--environment", "--profile", "--json"},
}


@pytest.mark.parametrize(
    ("words", "found"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_has_the_options_of_its_contract_and_explains_them(words: str, found: Any) -> None:
    options = [parameter for parameter in found.params if parameter.param_type_name == "option"]
    names = {name for parameter in options for name in parameter.opts} - {"--help"}
    assert names == OPTIONS[words] | {"--profiles-dir"}
    assert all(parameter.help for parameter in options)


@pytest.mark.parametrize("before", [True, False])
def test_the_folder_may_stand_before_the_command_or_behind_it(
    command: Command, profile: Path, tmp_path: Path, before: bool
) -> None:
    folder = tmp_path / "other"
    option = ["--profiles-dir", folder]
    calls = [
        ["profile", "import", profile, "--name", "Filial"],
        ["profile", "show", "Filial"],
        ["profile", "validate", "filial.yaml"],
        ["profile", "set", "filial", "notes=x"],
        ["profile", "export", "filial"],
        ["profile", "duplicate", "filial", "--name", "Loja", "--company", "02"],
        ["profile", "list"],
        ["profile", "restore", "filial"],
        ["profile", "schema"],
        ["check", "filial", "--only", "profile.valid"],
    ]
    for call in calls:
        found = command(*option, *call) if before else command(*call, *option)
        assert (found.code, found.err) == (0, "")
    assert {path.name for path in folder.glob("*.yaml")} == {"filial.yaml", "loja.yaml"}
    assert [path.name for path in profile.parent.glob("*.yaml")] == ["serra-azul.yaml"]


def test_the_folder_behind_the_command_wins(command: Command, profile: Path, tmp_path: Path) -> None:
    found = command("--profiles-dir", tmp_path, "profile", "list", "--profiles-dir", profile.parent, "--json")
    assert answer(found.out)["folder"] == str(profile.parent)


def test_a_folder_given_once_is_forgotten_the_next_time(command: Command, profile: Path, tmp_path: Path) -> None:
    assert answer(command("--profiles-dir", tmp_path, "profile", "list", "--json").out)["profiles"] == []
    assert answer(command("profile", "list", "--json").out)["folder"] == str(profile.parent)


def test_the_folder_of_the_environment_is_used_without_the_option(profile: Path, tmp_path: Path) -> None:
    found = answer(aps("profile", "list", "--json", env={"APS_PROFILE_DIR": str(tmp_path)}).stdout)
    assert (found["folder"], found["profiles"]) == (str(tmp_path), [])


# --- consoles ----------------------------------------------------------------------------------

CP850 = {"PYTHONIOENCODING": "cp850", "PYTHONUTF8": "0"}
NAME = "Confecções Ñandú → Ltda €"


@pytest.fixture
def accented(profile: Path, command: Command) -> Path:
    assert command("profile", "set", profile, f"name={NAME}", f"notes={NAME}").code == 0
    return profile


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["profile", "list"], 0),
        (["profile", "show"], 0),
        (["profile", "validate"], 0),
        (["profile", "set", "notes=→"], 0),
        (["profile", "set", "nõtes=→"], 2),
        (["profile", "show", "→"], 2),
        (["check", "--only", "profile.valid"], 0),
        (["check", "--only", "→"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_old_console_gets_a_replacement_and_no_crash(accented: Path, arguments: list[str], code: int) -> None:
    words = 2 if arguments[0] == "profile" else 1
    place = [] if "list" in arguments else [accented]
    done = aps(*arguments[:words], *place, *arguments[words:], env=CP850, encoding="cp850")
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_the_results_of_checks_can_be_read_on_an_old_console(accented: Path, language: str) -> None:
    done = aps("check", accented, "--only", "grades.sizes", env={**CP850, "APS_LANG": language}, encoding="cp850")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("OK  ")


@pytest.mark.parametrize("encoding", ["cp850", "ascii", "utf-8"])
def test_json_says_the_same_on_every_console(accented: Path, encoding: str) -> None:
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = aps("profile", "list", "--json", env=env, encoding=encoding)
    assert answer(done.stdout)["profiles"][0]["name"] == NAME


@pytest.mark.parametrize(("verb", "json"), [("export", False), ("show", False), ("schema", True)])
def test_a_document_sent_to_a_file_is_the_one_that_can_be_read_again(
    accented: Path, tmp_path: Path, verb: str, json: bool
) -> None:
    file = tmp_path / "document"
    arguments = ["profile", verb] if json else ["profile", verb, accented]
    done = aps(*arguments, env=CP850, encoding=None)
    assert done.returncode == 0
    assert b"\r" not in done.stdout
    text = done.stdout.decode("utf-8")
    assert NAME in text or json
    if verb != "show":
        assert aps(*arguments, "--out", file).returncode == 0
        assert file.read_bytes() == done.stdout
    if verb == "export":
        imported = aps("profile", "import", file, "--profiles-dir", tmp_path / "new")
        assert imported.returncode == 0


def test_a_reader_that_goes_away_is_no_crash(accented: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "wizard", "profile", "show", str(accented)],
        env=environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read().decode()
    process.wait(30)
    process.stderr.close()
    assert "Traceback" not in err


def test_the_language_is_portuguese_unless_told_otherwise() -> None:
    env = environment(PYTHONUTF8="1")
    code = "from wizard import i18n; import os; os.environ.pop('APS_LANG', None); print(i18n.use())"
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "pt_BR"
