"""`aps-wizard profile`: list, show, validate, edit, copy, carry and restore profiles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wizard import i18n
from wizard.commands import terminal
from wizard.commands.call import (
    WRONG,
    AsJson,
    ProfileName,
    ProfilesDir,
    Stop,
    lines,
    new_or,
    not_written,
    profile_file,
    profiles_folder,
    read_secret,
    say,
    say_document,
    say_json,
)

if TYPE_CHECKING:
    from wizard.flow.state import State
    from wizard.profile.errors import Problem

PASSPHRASE_LENGTH = 12


class PasswordStore(StrEnum):
    """Where an import stores passwords."""

    keyring = "keyring"
    dpapi = "dpapi"


profile_app = typer.Typer(
    help=_("Profiles: list, show, validate, edit, copy."), no_args_is_help=True, rich_markup_mode=None
)


@profile_app.command("list", help=_("List the profiles of the folder."))
def profile_list(as_json: AsJson = False, profiles_dir: ProfilesDir = None) -> None:
    from wizard.flow import words
    from wizard.profile import store
    from wizard.profile.validation import validation_state

    folder = profiles_folder(profiles_dir)
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
        say_json({"folder": str(folder), "profiles": rows})
        return
    say(_("Folder: {folder}").format(folder=folder))
    if not rows:
        say(_("No profiles yet.") if folder.exists() else _("There is no such folder yet; the first profile makes it."))
    elif terminal.tables():
        _show_profiles(rows)
        return
    for row in rows:
        name = Path(row["file"]).name
        if row["valid"]:
            told = (
                words.environment(row["environment"]),
                words.kind(row["database"]),
                words.validation(row["validation"]),
            )
            say("  ".join((name, row["name"], row["company"], *told)))
        else:
            say("  ".join((name, _("cannot be read; see: aps-wizard profile validate"))))


_STATES = {"passed": "ok", "failed": "fail", "stale": "stale", "never": "open"}
"""How the state of a validation is marked in a table."""


def _show_profiles(rows: Sequence[dict[str, Any]]) -> None:
    from wizard.flow import words

    shown = []
    for row in rows:
        name = Path(row["file"]).name
        if row["valid"]:
            where = words.environment(row["environment"])
            cells = (name, row["name"], row["company"], where, words.kind(row["database"]))
            shown.append(terminal.Row(cells, _STATES[row["validation"]], words.validation(row["validation"])))
        else:
            cells = (name, "aps-wizard profile validate", "", "", "")
            shown.append(terminal.Row(cells, "fail", _("cannot be read")))
    terminal.show((_("File"), _("Name"), _("Company"), _("Environment"), _("Database")), shown)


@profile_app.command("show", help=_("Show a profile as the engines read it."))
def profile_show(profile: ProfileName, as_json: AsJson = False, profiles_dir: ProfilesDir = None) -> None:
    from wizard.profile import store
    from wizard.profile.load import profile_to_data, profile_to_text

    stored = store.read(profile_file(profile, profiles_dir))
    if as_json:
        say_json(profile_to_data(stored.profile))
    else:
        say_document(profile_to_text(stored.profile))


@profile_app.command("validate", help=_("Read a profile and tell everything that is wrong with it."))
def profile_validate(profile: ProfileName, as_json: AsJson = False, profiles_dir: ProfilesDir = None) -> None:
    from wizard.profile import store
    from wizard.profile.errors import ProfileError

    found: tuple[Problem, ...] = ()
    path = profile_file(profile, profiles_dir)
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
        say_json({"valid": not found, "errors": errors})
        raise typer.Exit(WRONG if found else 0)
    if found:
        raise Stop(WRONG, lines(found))
    say(_("{file} is valid.").format(file=path))


@profile_app.command("schema", help=_("Print the JSON Schema of a profile."))
def profile_schema(
    out: Annotated[Path | None, typer.Option(help=_("Write to this file."))] = None,
    profiles_dir: ProfilesDir = None,  # noqa: ARG001 - every command takes it; this one reads no profile
) -> None:
    from wizard.profile.schema import schema_text

    if out:
        _write(new_or(out, ".json"), schema_text(), 0o644)
    else:
        say_document(schema_text())


@profile_app.command("new", help=_("Make a profile from nothing; everything that is missing or wrong is told at once."))
def profile_new(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("Name of the profile; its file is named after it."))],
    assignments: Annotated[
        list[str],
        typer.Argument(metavar="PATH=VALUE...", help=_("company.logix=01 database.dsn=LOGIX ...")),
    ],
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow import review
    from wizard.flow.state import edit, new_profile

    state = edit(_with_sections(new_profile(profiles_folder(profiles_dir))), "name", name)
    state = review.save(_with_values(state, assignments))
    say(_("{file} was written.").format(file=state.file))


@profile_app.command("set", help=_("Edit values of a profile; an empty value takes the key out."))
def profile_set(
    profile: ProfileName,
    assignments: Annotated[list[str], typer.Argument(metavar="PATH=VALUE...", help=_("database.dsn=LOGIX ..."))],
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow import review
    from wizard.flow.state import open_profile

    state = review.save(_with_values(open_profile(profile_file(profile, profiles_dir)), assignments))
    say(_("{file} was written.").format(file=state.file))


_OF_THE_PROGRAM = ("validation", "version", "erp")
"""Sections that nobody types."""


def _with_sections(state: State) -> State:
    """The state with the sections that every profile has: what they lack is told and asked for place by place."""
    return replace(state, data={"company": {}, "webservice": {}, **state.data})


def _with_values(state: State, assignments: Sequence[str]) -> State:
    """The state after typing each PATH=VALUE. Raises Stop for a place that the profile does not have."""
    from wizard.flow.model_facts import has_field
    from wizard.flow.state import edit, value_of
    from wizard.flow.steps import normal
    from wizard.profile.models import Profile

    for assignment in assignments:
        path, equals, value = assignment.partition("=")
        if not equals or not path:
            # The rest is not repeated: it may be a password typed in the wrong place.
            raise Stop(WRONG, (_("Write PATH=VALUE, such as database.dsn=LOGIX."),))
        if _section(path) in _OF_THE_PROGRAM:
            text = _("{path} is written by the program alone; run the checks instead.")
            raise Stop(WRONG, (text.format(path=path),))
        if _section(path) not in Profile.model_fields:
            # Not repeated: a password typed in the wrong place may hold a = too.
            told = _("The profile has no such place. Write PATH=VALUE, such as database.dsn=LOGIX.")
            begins = ", ".join(name for name in Profile.model_fields if name not in _OF_THE_PROGRAM)
            raise Stop(WRONG, (told, _("Places begin with: {sections}.").format(sections=begins)))
        if not value and "[" not in path and not has_field(path, state.data):
            raise Stop(WRONG, (_("The profile has no place {path}.").format(path=path),))
        state = edit(state, path, value)
        if value and value_of(state.data, path) != normal(path, value):
            raise Stop(WRONG, (_("The profile has no place {path}.").format(path=path),))
    _account_counts(state, assignments)
    return state


def _account_counts(state: State, assignments: Sequence[str]) -> None:
    """Refuse a name for the account of the engines where the profile says that they run as whoever uses the wizard.

    Nothing would follow it: the proof would run as another account than the one that was typed.
    """
    from wizard.flow.state import value_of

    given = any(assignment.startswith("engine_account.name=") for assignment in assignments)
    named = given and value_of(state.data, "engine_account.name")
    if named and value_of(state.data, "engine_account.kind") in (None, "current"):
        text = _("The name of the account counts only with its kind: add engine_account.kind=user, service or gmsa.")
        raise Stop(WRONG, (text,))


def _section(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


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

    state = duplicate_profile(profile_file(profile, profiles_dir), name, company, site or company)
    state = review.save(state)
    say(_("{file} was written.").format(file=state.file))


@profile_app.command(
    "export", help=_("Print a profile for another machine: without its validation. It holds no passwords in any case.")
)
def profile_export(
    profile: ProfileName,
    out: Annotated[Path | None, typer.Option(help=_("Write to this file."))] = None,
    share: Annotated[
        bool, typer.Option("--share", help=_("Leave out also where passwords are, paths, accounts and notes."))
    ] = False,
    backup: Annotated[
        bool, typer.Option("--backup", help=_("With the passwords, sealed by a passphrase that is asked for."))
    ] = False,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow import carry
    from wizard.profile import store
    from wizard.profile.load import profile_to_text

    if share and backup:
        raise Stop(WRONG, (_("--share leaves passwords out and --backup takes them along: choose one."),))
    stored = store.read(profile_file(profile, profiles_dir))
    if backup:
        text = carry.backup(stored.profile, _new_passphrase()).decode()
    elif share:
        text = carry.shared_text(stored.profile)
    else:
        text = profile_to_text(stored.profile.model_copy(update={"validation": None}))
    if out:
        _write(new_or(out), text, 0o600 if backup else 0o644)
        say(_("{file} was written.").format(file=out))
    else:
        say_document(text)


def _write(out: Path, text: str, mode: int) -> None:
    from wizard.profile.atomic import replace_bytes

    try:
        replace_bytes(out, text.encode(), mode=mode)
    except OSError as error:
        raise not_written(out, error) from None


@profile_app.command(
    "import", help=_("Take a profile from elsewhere into the folder; one of the same name is never overwritten.")
)
def profile_import(
    file: Annotated[Path, typer.Argument(metavar="PROFILE", help=_("File of a profile from elsewhere."))],
    assignments: Annotated[
        list[str] | None, typer.Argument(metavar="PATH=VALUE...", help=_("Values that the file lacks."))
    ] = None,
    name: Annotated[str, typer.Option(help=_("Another name for it."))] = "",
    store: Annotated[
        PasswordStore, typer.Option(help=_("Where passwords are stored: keyring (this account) or dpapi (machine)."))
    ] = PasswordStore.keyring,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow import carry, review
    from wizard.flow.state import choose_store, type_secret

    raw = carry.read_file(file)
    if carry.is_backup(raw):
        carried = carry.opened_backup(raw, read_secret(_("Passphrase")))
    else:
        carried = carry.shared_document(raw, file)
    state = _with_sections(carry.imported(profiles_folder(profiles_dir), carried, name, store.value))
    state = _with_values(state, assignments or ())
    ask = sys.stdin.isatty()
    values = carry.missing_values(state)
    if values and not ask:
        text = _("The file lacks these values; give them as PATH=VALUE: {places}.")
        raise Stop(WRONG, (text.format(places=", ".join(values)),))
    for path in values:
        state = _with_values(state, [f"{path}={typer.prompt(path)}"])
    secrets = carry.missing_secrets(state)
    for path in secrets if ask else ():
        prompt = _("Password for {field}").format(field=path)
        value: str = typer.prompt(prompt, default="", hide_input=True, show_default=False)
        if value:
            state = type_secret(choose_store(state, path, store.value), path, value)
    state = review.save(state)
    say(_("{file} was written.").format(file=state.file))
    for path in secrets if not ask else ():
        text = _("{field} is not on this machine yet. Store it with: aps-wizard secret set {profile} {field}")
        say(text.format(field=path, profile=state.file))


@profile_app.command(
    "restore", help=_("Put a former version of a profile back; what stands there now is kept as the last version.")
)
def profile_restore(  # noqa: PLR0917 - options of a command
    profile: ProfileName,
    show: Annotated[bool, typer.Option("--list", help=_("Only list the former versions."))] = False,
    version: Annotated[int, typer.Option(min=1, max=3, help=_("Number of the version; 1 is the last one."))] = 1,
    checklist: Annotated[
        bool, typer.Option("--checklist", help=_("The confirmations of the checklist instead of the profile."))
    ] = False,
    as_json: AsJson = False,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.checklist import confirmations
    from wizard.profile import store
    from wizard.profile.load import profile_from_text

    file = profile_file(profile, profiles_dir)
    if not (file.exists() or store.former(file)):
        store.read(file)  # which tells that there is no such profile; a lost one may still be brought back
    file = confirmations.file_of(file) if checklist else file
    reads: Callable[[str], object] = confirmations.from_text if checklist else profile_from_text
    if show:
        _say_versions(file, reads, as_json)
        return
    store.restore(file, version, lambda text: bool(reads(text)))
    if as_json:
        say_json({"file": str(file), "restored": version})
    else:
        say(_("{file} is version {number} again; the former content is kept.").format(file=file, number=version))


def _say_versions(file: Path, reads: Callable[[str], object], as_json: bool) -> None:
    """The former versions of a file, and which of them can be put back."""
    from wizard.profile import store
    from wizard.profile.errors import ProfileError

    rows: list[dict[str, Any]] = []
    for version in store.former(file):
        try:
            reads(store.read_text(version.file)[0])
        except ProfileError:
            valid = False
        else:
            valid = True
        written = version.written.isoformat(timespec="seconds")
        rows.append({"version": version.number, "file": str(version.file), "written": written, "valid": valid})
        if not as_json:
            moment = i18n.instant(version.written)
            say("  ".join((str(version.number), moment, *(() if valid else (_("cannot be read"),)))))
    if as_json:
        say_json({"file": str(file), "versions": rows})
    elif not rows:
        say(_("There are no former versions of {file}.").format(file=file))


def _new_passphrase() -> str:
    passphrase = read_secret(_("Passphrase"), again=_("Again"))
    if len(passphrase) < PASSPHRASE_LENGTH:
        text = _("A passphrase needs {count} characters or more: whoever has the file can try without end.")
        raise Stop(WRONG, (text.format(count=PASSPHRASE_LENGTH),))
    return passphrase
