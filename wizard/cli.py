"""The command line: the twin of everything the windows can do. Names, options and JSON shapes are a contract.

Exit codes: 0 done, or every mandatory check passed; 1 a check failed, or nothing could be written;
2 the profile or the call is wrong. What goes wrong is told on standard error in one block.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main

from wizard import __version__, i18n, log
from wizard.commands import terminal, typer_words
from wizard.commands.call import (
    FAILED,
    INTERRUPTED,
    WRONG,
    AsJson,
    ProfileName,
    ProfilesDir,
    Stop,
    lines,
    profile_file,
    profiles_folder,
    say,
    say_json,
)
from wizard.commands.checklist import checklist_app
from wizard.commands.completion import VARIABLE, completion
from wizard.commands.dsn import dsn_app
from wizard.commands.examples import add_examples
from wizard.commands.grades import grades_app
from wizard.commands.profile import profile_app
from wizard.commands.secret import secret_app
from wizard.commands.server_files import server_files

_NOT_WRITTEN = frozenset({"unwritable", "locked", "changed_meanwhile", "read_back_differs"})
"""Problems of the disk or of another program; all others are of the profile or of the call."""

app = typer.Typer(
    name="aps-wizard",
    help=_("Implementation wizard of the integration TOTVS APS x Logix. Without a command: the window."),
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(checklist_app)
app.add_typer(profile_app, name="profile")
app.add_typer(grades_app, name="grades")
app.add_typer(dsn_app, name="dsn")
app.add_typer(secret_app, name="secret")
app.command("server-files", help=_("Read TotvsAppServer.ini and Totvsprofile.pro of the Logix server."))(server_files)
app.command("completion", help=_("Print the script that lets a shell complete commands and options."))(completion)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code. The one place where errors become text."""
    for stream in (sys.stdout, sys.stderr):
        # A console in cp850 must not end a check because of an arrow.
        getattr(stream, "reconfigure", lambda **kw: None)(errors="replace")
    typer_words.speak()
    if VARIABLE in os.environ:
        from typer._completion_classes import completion_init

        completion_init()
    words = list(sys.argv[1:] if arguments is None else arguments)
    code = _written_out(_run(words))
    log.event("command.done", command=_command(words), exit_code=code)
    return code


def _written_out(code: int) -> int:
    """The exit code, once what was said is out of this process. Who reads no more, such as `head`, is told nothing."""
    try:
        sys.stdout.flush()
    except OSError as error:
        # Python would try once more at its end, and say so in words of its own.
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return code or (FAILED if isinstance(error, BrokenPipeError) else _say_refused(error))
    return code


def _say_refused(error: OSError) -> int:
    from wizard.profile.store import io_problem

    place = Path(str(error.filename)) if error.filename else None
    return _say_wrong(lines([io_problem("unwritable", place, error)]), FAILED)


def _run(words: list[str]) -> int:
    from wizard.profile.errors import Problem, ProfileError

    try:
        code = app(args=_with_only_repeated(words), prog_name=app.info.name, standalone_mode=False)
    except Stop as stop:
        return _say_wrong(stop.lines, stop.code)
    except ProfileError as error:
        not_written = any(problem.code in _NOT_WRITTEN for problem in error.problems)
        return _say_wrong(lines(error.problems), FAILED if not_written else WRONG)
    except OSError as error:
        return _say_refused(error)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - nobody is shown a traceback
        # Typer's own usage errors.
        if hasattr(error, "show") and hasattr(error, "exit_code"):
            return _say_wrong(list(typer_words.usage_error(error)), WRONG)
        # Concerns with exceptions of their own, such as a secret that cannot be read, carry a problem.
        problem = getattr(error, "problem", None)
        if isinstance(problem, Problem):
            return _say_wrong(lines([problem]), FAILED)
        log.fault(type(error), error.__traceback__)
        return _say_wrong(_fault(error), FAILED)
    if code == INTERRUPTED:
        # Typer turns Ctrl+C inside a command into this code, without a word.
        return _say_wrong([_("Interrupted.")], INTERRUPTED)
    return code if isinstance(code, int) else 0


def _command(words: Sequence[str]) -> str:
    """The command that was given, for the log: only words that are commands, since the others may be anything."""
    found: list[str] = []
    here: Any = typer.main.get_command(app)
    for word in words:
        here = getattr(here, "commands", {}).get(word)
        if here is None:
            break
        found.append(word)
    return " ".join(found)


def _fault(error: Exception) -> tuple[str, ...]:
    """A fault of the program: type and place. The text of the error may hold a secret and is left out."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    text = _("This is a fault of the program: {kind} at {place}.")
    return text.format(kind=type(error).__name__, place=place), _("Report it with the command that you gave.")


def _with_only_repeated(words: list[str]) -> list[str]:
    """`--only a b` as `--only a --only b`: what follows an id and is one too belongs to the option."""
    if "--only" not in words:
        return words
    from wizard.checklist.registry import checks

    known, found = checks(), list[str]()
    for word in words:
        before = found[-2:]
        repeated = len(before) == 2 and before[0] == "--only" and before[1] in known and word in known
        found += ["--only", word] if repeated else [word]
    return found


def _say_wrong(lines: Sequence[str], code: int) -> int:
    sys.stderr.write("\n".join(lines) + "\n")
    return code


def _window(**options: Any) -> int:
    """Open the window. The one door from here to wizard.gui: by name, so that nothing imports Qt by accident."""
    try:
        window = importlib.import_module("wizard.gui.app")
        window.application()
    except ImportError as error:
        hint = _(
            "The window needs a screen, PySide6 and the libraries it loads. Everything works by commands too: --help."
        )
        raise Stop(FAILED, (_("The window cannot start here: {reason}").format(reason=error), hint)) from None
    code: int = window.main(**options)
    return code


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    *,
    profile: Annotated[str | None, typer.Option(metavar="FILE", help=_("Open this profile."))] = None,
    page: Annotated[str | None, typer.Option(metavar="ID", help=_("Open at this page."))] = None,
    profiles_dir: ProfilesDir = None,
    lang: Annotated[
        str | None, typer.Option(metavar="CODE", help=_("Language of this call: pt_BR, en or es. Else APS_LANG."))
    ] = None,
    version: Annotated[bool, typer.Option("--version", help=_("Show the version."))] = False,
) -> None:
    """Without a command: the window."""
    if lang is not None and lang not in i18n.LANGUAGES:
        known = ", ".join(i18n.LANGUAGES)
        raise Stop(
            WRONG, (_("There is no language {language}. Languages: {known}.").format(language=lang, known=known),)
        )
    if lang:
        i18n.use(lang)
    if version:
        say(f"aps-wizard {__version__}")
        raise typer.Exit
    if context.invoked_subcommand:
        return
    from wizard.flow.steps import IDS

    if page is not None and page not in IDS:
        text = _("There is no page {page}. Pages: {pages}.").format(page=page, pages=", ".join(IDS))
        raise Stop(WRONG, (text,))
    if page not in (None, "start") and profile is None:
        raise Stop(WRONG, (_("--page needs --profile: without a profile there is only the page start."),))
    file = profile_file(profile, profiles_dir) if profile else None
    raise typer.Exit(_window(folder=profiles_folder(profiles_dir), profile=file, page=page))


@app.command(help=_("Build a demo site, configure it, prove it and write its profile."))
def demo(
    directory: Annotated[Path | None, typer.Option("--dir", help=_("Folder of the demo site."))] = None,
    gui: Annotated[bool, typer.Option("--gui", help=_("Open the window on the demo site."))] = False,
    keep: Annotated[bool, typer.Option("--keep", help=_("Leave the demo site running until Ctrl+C."))] = False,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.demo import walk

    try:
        code = walk.demo(directory, profiles_dir, window=_window if gui else None, keep=keep)
    except walk.DemoFailed as error:
        raise Stop(FAILED, (_("The demo could not go on: {reason}").format(reason=error),)) from None
    raise typer.Exit(code)


@app.command(help=_("Prove a profile against the real systems."))
def check(
    profile: ProfileName,
    *,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help=_("Only this check; repeat it."))
    ] = None,
    as_json: AsJson = False,
    timeout: Annotated[
        float | None, typer.Option(min=0.1, max=3600, help=_("Seconds that one check may take."))
    ] = None,
    save: Annotated[
        bool, typer.Option("--save", help=_("Keep the results in the profile, as the window does."))
    ] = False,
    as_engine: Annotated[
        bool, typer.Option("--as-engine", help=_("Prove what the engines need; run it as the account of the engines."))
    ] = False,
    prove: Annotated[
        bool, typer.Option("--prove", help=_("Run --as-engine under the engines' account; mostly as administrator."))
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help=_("With --as-engine: leave the result in this new file, for the wizard."))
    ] = None,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.checklist import registry
    from wizard.checklist.run import Run
    from wizard.flow import review
    from wizard.flow.state import open_profile, subject, take_report

    if as_engine or prove:
        from wizard.commands import as_engine as engine

        file = profile_file(profile, profiles_dir)
        if only or save or (prove and (as_engine or out or timeout)):
            raise Stop(WRONG, (_("--as-engine and --prove run checks of their own: leave the other options out."),))
        raise typer.Exit(engine.prove(file, as_json) if prove else engine.check(file, as_json, timeout, out))
    if out:
        raise Stop(WRONG, (_("--out goes with --as-engine."),))
    state = open_profile(profile_file(profile, profiles_dir))
    try:
        checks = registry.chosen(only or ())
    except KeyError as error:
        text = _("There is no check {id}. Checks: {ids}.")
        raise Stop(WRONG, (text.format(id=error.args[0], ids=", ".join(registry.checks())),)) from None
    with terminal.running(len(checks)) as now:
        report = Run(subject(state), checks, timeout=timeout, on_start=now.started, on_result=now.ended).run()
    if as_json:
        say_json(report.to_json(str(state.file)))
    else:
        terminal.say_results(report.results)
    if save:
        # Said first, kept then: a file that another changed meanwhile must not cost the results.
        review.save(take_report(state, report))
    raise typer.Exit(0 if report.status == "ok" else FAILED)


add_examples(app)
