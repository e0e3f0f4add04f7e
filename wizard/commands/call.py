"""What every command shares: its options, its exit codes, how it speaks and how it stops."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from wizard.profile.errors import Problem

FAILED, WRONG, INTERRUPTED = 1, 2, 130
"""Exit codes: something failed or could not be written; the profile or the call is wrong; Ctrl+C."""


def _or_given_before(context: typer.Context, value: Path | None) -> Path | None:
    """Before the command the option means the same as behind it."""
    before: Path | None = context.find_root().params.get("profiles_dir")
    return value or before


ProfilesDir = Annotated[
    Path | None,
    typer.Option(
        "--profiles-dir",
        help=_("Folder of the profiles. Without it: APS_PROFILE_DIR, else the folder of this machine."),
        callback=_or_given_before,
        # What may not be read is told by the store, with what to do about it.
        readable=False,
    ),
]
ProfileName = Annotated[str, typer.Argument(metavar="PROFILE", help=_("Name or file of a profile."))]
AsJson = Annotated[bool, typer.Option("--json", help=_("Answer with JSON."))]


class Stop(Exception):
    """The command ends here with this exit code and these lines on standard error."""

    def __init__(self, code: int, lines: Sequence[str]) -> None:
        self.code = code
        self.lines = tuple(lines)
        super().__init__("\n".join(lines))


def lines(problems: Sequence[Problem]) -> tuple[str, ...]:
    """Problems as they stand on standard error: one line each."""
    return tuple(str(problem) for problem in problems)


def say(text: str = "") -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")


def say_json(value: Any) -> None:
    """JSON survives every code page: what a console cannot show is escaped, not replaced."""
    utf8 = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    say(json.dumps(value, ensure_ascii=not utf8, indent=1))


def say_document(text: str) -> None:
    """A document for a file: UTF-8 and LF whatever the console's code page, so that `>` gives what --out gives."""
    if sys.stdout.isatty():
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())


def read_secret(prompt: str, again: str = "") -> str:
    """A secret: without an echo from a person, one line from standard input otherwise. Raises Stop for none.

    `again` is what the person is asked the second time, for one that is new.
    """
    if sys.stdin.isatty():
        value: str = typer.prompt(prompt, hide_input=True, confirmation_prompt=again or False)
    else:
        value = piped_secret()
    if not value:
        raise Stop(WRONG, (_("No password was given on standard input."),))
    return value


def piped_secret() -> str:
    """The first line of standard input. Raises Stop where it is no text of this console."""
    try:
        return _as_it_was_meant(sys.stdin.readline().rstrip("\r\n"))
    except UnicodeError:
        # Kept, it would be another password than the one that was meant.
        text = _("The password on standard input is not in the encoding of this console ({encoding}).")
        raise Stop(WRONG, (text.format(encoding=sys.stdin.encoding),)) from None


def _as_it_was_meant(line: str) -> str:
    """A line of standard input; one that begins with the byte order mark of UTF-8 is read as that, without the mark.

    Editors of Windows put it before a text, and a pipe is read there by the code page. Raises UnicodeError for what
    is in neither encoding, UTF-16 among it.
    """
    raw = line.encode(sys.stdin.encoding or "utf-8")
    if raw.startswith(codecs.BOM_UTF8):
        line = raw.removeprefix(codecs.BOM_UTF8).decode()
    if "\0" in line:
        raise UnicodeError("NUL")
    return line


def new_or(out: Path, *endings: str) -> Path:
    """A file to be written, if it is new or one of these endings: a profile is not written over by a report.

    Raises Stop.
    """
    if out.exists() and out.suffix.lower() not in endings:
        raise Stop(WRONG, (_("{file} exists already; choose another name.").format(file=out),))
    return out


def not_written(out: Path, error: OSError) -> Stop:
    """That a file could not be written. The error itself names a temporary file, which tells nobody anything."""
    from wizard.profile.store import io_problem

    return Stop(FAILED, lines([io_problem("unwritable", out, error)]))


def profiles_folder(profiles_dir: Path | None) -> Path:
    """The folder of the profiles: the option, else the one of this machine."""
    from wizard.profile import store

    return profiles_dir or store.default_folder()


def profile_file(profile: str, profiles_dir: Path | None) -> Path:
    """The file of a profile given by name or path."""
    from wizard.profile import store

    return store.locate(profile, profiles_folder(profiles_dir))
