"""`aps-wizard completion`: what a shell needs to complete commands and options. Nothing is installed by it."""

from __future__ import annotations

from enum import StrEnum
from gettext import gettext as _
from typing import Annotated

import typer

from wizard.commands.call import ProfilesDir, say_document

NAME = "aps-wizard"
VARIABLE = "_APS_WIZARD_COMPLETE"
"""What the script sets when it asks the program what comes next."""


class Shell(StrEnum):
    """Shells that there is a script for."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"
    powershell = "powershell"
    pwsh = "pwsh"


def completion(
    shell: Annotated[Shell, typer.Argument(metavar="SHELL", help=_("bash, zsh, fish, powershell or pwsh."))],
    profiles_dir: ProfilesDir = None,  # noqa: ARG001 - every command takes it; this one reads no profile
) -> None:
    from typer._completion_shared import get_completion_script

    script = get_completion_script(prog_name=NAME, complete_var=VARIABLE, shell=shell.value)
    say_document(script.rstrip("\n") + "\n")
