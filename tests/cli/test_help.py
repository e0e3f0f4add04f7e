"""The help of each command with examples that work as typed, and what lets a shell complete them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tests.cli.calling import aps, environment
from tests.cli.test_call import OPTIONS
from wizard import cli
from wizard.commands.examples import EXAMPLES

LINES = [(words, line) for words, lines in EXAMPLES.items() for line in lines]


def test_every_command_has_examples() -> None:
    assert set(EXAMPLES) == set(OPTIONS)


@pytest.mark.parametrize(("words", "line"), LINES, ids=[line for _words, line in LINES])
def test_an_example_is_a_call_of_its_command(words: str, line: str) -> None:
    program, *given = shlex.split(line.partition(">")[0])
    assert program == "aps-wizard"
    here: Any = typer.main.get_command(cli.app)
    arguments = cli._with_only_repeated(given)
    reached: list[str] = []
    while hasattr(here, "commands"):
        context = here.make_context(" ".join(reached), arguments, resilient_parsing=False)
        rest = [*context._protected_args, *context.args] if hasattr(context, "_protected_args") else context.args
        if not rest:
            break
        reached.append(rest[0])
        here, arguments = here.commands[rest[0]], rest[1:]
    else:
        here.make_context(" ".join(reached), list(arguments))  # raises for a wrong call
    assert " ".join(reached) == words


@pytest.mark.parametrize("words", ["", "check", "grades import"])
def test_the_help_shows_them_unbroken(words: str) -> None:
    done = aps(*words.split(), "--help")
    assert done.returncode == 0
    for line in EXAMPLES[words]:
        assert f"  {line}\n" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell", "pwsh"])
def test_the_script_of_a_shell_names_the_program(shell: str) -> None:
    done = aps("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert "aps-wizard" in done.stdout
    assert "_APS_WIZARD_COMPLETE" in done.stdout


def test_another_shell_is_a_wrong_call() -> None:
    assert aps("completion", "tcsh").returncode == 2


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        (["aps-wizard", "gra"], {"grades"}),
        (["aps-wizard", "profile", "re"], {"restore"}),
        (["aps-wizard", "check", "--ti"], {"--timeout"}),
    ],
)
def test_bash_completes_what_is_typed(tmp_path: Path, typed: list[str], wanted: set[str]) -> None:
    script = tmp_path / "completion.sh"
    script.write_text(aps("completion", "bash").stdout, "utf-8")
    words = " ".join(shlex.quote(word) for word in typed)
    asking = f"source {script}; COMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; "
    asking += "_aps_wizard_completion aps-wizard; printf '%s\\n' \"${COMPREPLY[@]}\""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", asking],
        env={**environment(), "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert set(done.stdout.split()) == wanted, done.stderr
