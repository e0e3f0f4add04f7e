"""The command line: the twin of everything the windows can do. Names, options and JSON shapes are a contract.

Exit codes: 0 done, or every mandatory check passed; 1 a check failed, or nothing could be written;
2 the profile or the call is wrong. What goes wrong is told on standard error in one block.
"""

from __future__ import annotations

import codecs
import importlib
import json
import sys
import traceback
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wizard import __version__, i18n

if TYPE_CHECKING:
    from wizard.profile.errors import Problem

i18n.use()

FAILED, WRONG, INTERRUPTED = 1, 2, 130

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
profile_app = typer.Typer(
    help=_("Profiles: list, show, validate, edit, copy."), no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(profile_app, name="profile")


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


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code. The one place where errors become text."""
    from wizard.profile.errors import ProfileError

    for stream in (sys.stdout, sys.stderr):
        # A console in cp850 must not end a check because of an arrow.
        getattr(stream, "reconfigure", lambda **kw: None)(errors="replace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(args=_with_only_repeated(words), standalone_mode=False)
    except Stop as stop:
        return _say_wrong(stop.lines, stop.code)
    except ProfileError as error:
        not_written = any(problem.code in _NOT_WRITTEN for problem in error.problems)
        return _say_wrong(_lines(error.problems), FAILED if not_written else WRONG)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _say_wrong([f"{place}{error.strerror or error}"], FAILED)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - nobody is shown a traceback
        # Typer's own usage errors know how to show themselves.
        if hasattr(error, "show") and hasattr(error, "exit_code"):
            error.show()
            return WRONG
        return _say_wrong(_fault(error), FAILED)
    if code == INTERRUPTED:
        # Typer turns Ctrl+C inside a command into this code, without a word.
        return _say_wrong([_("Interrupted.")], INTERRUPTED)
    return code if isinstance(code, int) else 0


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


def _lines(problems: Sequence[Problem]) -> tuple[str, ...]:
    return tuple(str(problem) for problem in problems)


def _say(text: str = "") -> None:
    sys.stdout.write(text + "\n")


def _say_json(value: Any) -> None:
    """JSON survives every code page: what a console cannot show is escaped, not replaced."""
    utf8 = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    _say(json.dumps(value, ensure_ascii=not utf8, indent=1))


def _say_document(text: str) -> None:
    """A document for a file: UTF-8 and LF whatever the console's code page, so that `>` gives what --out gives."""
    if sys.stdout.isatty():
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())


def _folder(profiles_dir: Path | None) -> Path:
    from wizard.profile import store

    return profiles_dir or store.default_folder()


def _file(profile: str, profiles_dir: Path | None) -> Path:
    from wizard.profile import store

    return store.locate(profile, _folder(profiles_dir))


def _window(**options: Any) -> int:
    """Open the window. The one door from here to wizard.gui: by name, so that nothing imports Qt by accident."""
    try:
        window = importlib.import_module("wizard.gui.app")
    except ImportError as error:
        hint = _("The window needs PySide6 and the libraries it loads. Everything works by commands too: --help.")
        raise Stop(FAILED, (_("The window cannot start here: {reason}").format(reason=error), hint)) from None
    code: int = window.main(**options)
    return code


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    profile: Annotated[str | None, typer.Option(metavar="FILE", help=_("Open this profile."))] = None,
    page: Annotated[str | None, typer.Option(metavar="ID", help=_("Open at this page."))] = None,
    profiles_dir: ProfilesDir = None,
    version: Annotated[bool, typer.Option("--version", help=_("Show the version."))] = False,
) -> None:
    """Without a command: the window."""
    if version:
        _say(f"aps-wizard {__version__}")
        raise typer.Exit
    if context.invoked_subcommand:
        return
    from wizard.flow.steps import IDS

    if page is not None and page not in IDS:
        text = _("There is no page {page}. Pages: {pages}.").format(page=page, pages=", ".join(IDS))
        raise Stop(WRONG, (text,))
    if page not in (None, "start") and profile is None:
        raise Stop(WRONG, (_("--page needs --profile: without a profile there is only the page start."),))
    file = _file(profile, profiles_dir) if profile else None
    raise typer.Exit(_window(folder=_folder(profiles_dir), profile=file, page=page))


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
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help=_("Only this check; repeat it."))
    ] = None,
    as_json: AsJson = False,
    timeout: Annotated[float | None, typer.Option(min=0.1, help=_("Seconds that one check may take."))] = None,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.checklist import registry
    from wizard.checklist.check import Subject
    from wizard.checklist.run import Run
    from wizard.checklist.text import results_text
    from wizard.profile import store

    stored = store.read(_file(profile, profiles_dir))
    try:
        checks = registry.chosen(only or ())
    except KeyError as error:
        text = _("There is no check {id}. Checks: {ids}.")
        raise Stop(WRONG, (text.format(id=error.args[0], ids=", ".join(registry.checks())),)) from None
    report = Run(Subject(stored.profile, stored.path), checks, timeout=timeout).run()
    if as_json:
        _say_json(report.to_json(str(stored.path)))
    else:
        _say(results_text(report.results))
    raise typer.Exit(0 if report.status == "ok" else FAILED)


@profile_app.command("list", help=_("List the profiles of the folder."))
def profile_list(as_json: AsJson = False, profiles_dir: ProfilesDir = None) -> None:
    from wizard.flow import words
    from wizard.profile import store
    from wizard.profile.validation import validation_state

    folder = _folder(profiles_dir)
    rows = []
    for entry in store.entries(folder):
        row: dict[str, Any] = {"file": str(entry.path), "valid": entry.stored is not None}
        if entry.stored:
            profile = entry.stored.profile
            row |= {
                "name": profile.name,
                "company": profile.company.logix,
                "environment": profile.environment,
                "database": profile.database.kind,
                "validation": validation_state(profile),
            }
        rows.append(row)
    if as_json:
        _say_json({"folder": str(folder), "profiles": rows})
        return
    _say(_("Folder: {folder}").format(folder=folder))
    if not rows:
        _say(_("No profiles yet."))
    for row in rows:
        name = Path(row["file"]).name
        if row["valid"]:
            told = (
                words.environment(row["environment"]),
                words.kind(row["database"]),
                words.validation(row["validation"]),
            )
            _say("  ".join((name, row["name"], row["company"], *told)))
        else:
            _say("  ".join((name, _("cannot be read; see: aps-wizard profile validate"))))


@profile_app.command("show", help=_("Show a profile as the engines read it."))
def profile_show(profile: ProfileName, as_json: AsJson = False, profiles_dir: ProfilesDir = None) -> None:
    from wizard.profile import store
    from wizard.profile.load import profile_to_data, profile_to_text

    stored = store.read(_file(profile, profiles_dir))
    if as_json:
        _say_json(profile_to_data(stored.profile))
    else:
        _say_document(profile_to_text(stored.profile))


@profile_app.command("validate", help=_("Read a profile and tell everything that is wrong with it."))
def profile_validate(profile: ProfileName, as_json: AsJson = False, profiles_dir: ProfilesDir = None) -> None:
    from wizard.profile import store
    from wizard.profile.errors import ProfileError

    found: tuple[Problem, ...] = ()
    path = _file(profile, profiles_dir)
    try:
        store.read(path)
    except ProfileError as error:
        found = error.problems
    if as_json:
        errors = [
            {
                "path": problem.path,
                "line": problem.line,
                "code": problem.code,
                "message": f"{problem.message} {problem.action}".strip(),
            }
            for problem in found
        ]
        _say_json({"valid": not found, "errors": errors})
        raise typer.Exit(WRONG if found else 0)
    if found:
        raise Stop(WRONG, _lines(found))
    _say(_("{file} is valid.").format(file=path))


@profile_app.command("schema", help=_("Print the JSON Schema of a profile."))
def profile_schema(
    out: Annotated[Path | None, typer.Option(help=_("Write to this file."))] = None,
    profiles_dir: ProfilesDir = None,  # noqa: ARG001 - every command takes it; this one reads no profile
) -> None:
    from wizard.profile.schema import schema_text

    if out:
        out.write_text(schema_text(), "utf-8", newline="\n")
    else:
        _say_document(schema_text())


@profile_app.command("set", help=_("Edit values of a profile; an empty value takes the key out."))
def profile_set(
    profile: ProfileName,
    assignments: Annotated[list[str], typer.Argument(metavar="PATH=VALUE...", help=_("database.dsn=LOGIX ..."))],
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow import review
    from wizard.flow.model_facts import has_field
    from wizard.flow.state import edit, open_profile, value_of

    state = open_profile(_file(profile, profiles_dir))
    for assignment in assignments:
        path, equals, value = assignment.partition("=")
        if not equals or not path:
            # The rest is not repeated: it may be a password typed in the wrong place.
            raise Stop(WRONG, (_("Write PATH=VALUE, such as database.dsn=LOGIX."),))
        if path.partition(".")[0] in ("validation", "version", "erp"):
            text = _("{path} is written by the program alone; run the checks instead.")
            raise Stop(WRONG, (text.format(path=path),))
        if not value and "[" not in path and not has_field(path, state.data):
            raise Stop(WRONG, (_("The profile has no place {path}.").format(path=path),))
        state = edit(state, path, value)
        if value and value_of(state.data, path) != value:
            raise Stop(WRONG, (_("The profile has no place {path}.").format(path=path),))
    state = review.save(state)
    _say(_("{file} was written.").format(file=state.file))


@profile_app.command(
    "duplicate",
    help=_("Copy a profile for another company: without APS store, grade types and validation of the first."),
)
def profile_duplicate(
    profile: ProfileName,
    name: Annotated[str, typer.Option(help=_("Name of the copy."))],
    company: Annotated[str, typer.Option(help=_("Logix company of the copy."))],
    site: Annotated[str, typer.Option(help=_("APS site of the copy; default: the company code."))] = "",
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow import review
    from wizard.flow.state import duplicate_profile

    state = duplicate_profile(_file(profile, profiles_dir), name, company, site or company)
    state = review.save(state)
    _say(_("{file} was written.").format(file=state.file))


@profile_app.command(
    "export", help=_("Print a profile for another machine: without its validation. It holds no passwords in any case.")
)
def profile_export(
    profile: ProfileName,
    out: Annotated[Path | None, typer.Option(help=_("Write to this file."))] = None,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.profile import store
    from wizard.profile.atomic import replace_bytes
    from wizard.profile.load import profile_to_text

    stored = store.read(_file(profile, profiles_dir))
    text = profile_to_text(stored.profile.model_copy(update={"validation": None}))
    if out:
        if out.exists():
            raise Stop(WRONG, (_("{file} exists already; choose another name.").format(file=out),))
        try:
            replace_bytes(out, text.encode())
        except OSError as error:
            # The error itself names the temporary file, which tells nobody anything.
            raise Stop(FAILED, (f"{out}: {error.strerror or error}",)) from None
        _say(_("{file} was written.").format(file=out))
    else:
        _say_document(text)


@profile_app.command(
    "import", help=_("Take a profile from elsewhere into the folder; one of the same name is never overwritten.")
)
def profile_import(
    file: Annotated[Path, typer.Argument(metavar="PROFILE", help=_("File of a profile from elsewhere."))],
    name: Annotated[str, typer.Option(help=_("Another name for it."))] = "",
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.profile import store

    profile = store.read(file).profile.model_copy(update={"validation": None})
    if name:
        from wizard.profile.load import profile_from_data, profile_to_data

        profile = profile_from_data({**profile_to_data(profile), "name": name})
    target = _folder(profiles_dir) / (store.file_stem(profile.name) + store.SUFFIX)
    stored = store.write(target, profile, None)
    _say(_("{file} was written.").format(file=stored.path))
