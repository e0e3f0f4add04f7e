"""`aps-wizard profile`: list, show, validate, edit, copy and carry profiles."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wizard.commands.call import (
    FAILED,
    WRONG,
    AsJson,
    ProfileName,
    ProfilesDir,
    Stop,
    lines,
    profile_file,
    profiles_folder,
    say,
    say_document,
    say_json,
)

if TYPE_CHECKING:
    from wizard.flow.state import State
    from wizard.profile.errors import Problem

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
        say(_("No profiles yet."))
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
        out.write_text(schema_text(), "utf-8", newline="\n")
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

    state = edit(new_profile(profiles_folder(profiles_dir)), "name", name)
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


def _with_values(state: State, assignments: Sequence[str]) -> State:
    """The state after typing each PATH=VALUE. Raises Stop for a place that the profile does not have."""
    from wizard.flow.model_facts import has_field
    from wizard.flow.state import edit, value_of
    from wizard.flow.steps import normal

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
        if value and value_of(state.data, path) != normal(path, value):
            raise Stop(WRONG, (_("The profile has no place {path}.").format(path=path),))
    return state


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
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.profile import store
    from wizard.profile.atomic import replace_bytes
    from wizard.profile.load import profile_to_text

    stored = store.read(profile_file(profile, profiles_dir))
    text = profile_to_text(stored.profile.model_copy(update={"validation": None}))
    if out:
        if out.exists():
            raise Stop(WRONG, (_("{file} exists already; choose another name.").format(file=out),))
        try:
            replace_bytes(out, text.encode())
        except OSError as error:
            # The error itself names the temporary file, which tells nobody anything.
            raise Stop(FAILED, (f"{out}: {error.strerror or error}",)) from None
        say(_("{file} was written.").format(file=out))
    else:
        say_document(text)


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
    target = profiles_folder(profiles_dir) / (store.file_stem(profile.name) + store.SUFFIX)
    stored = store.write(target, profile, None)
    say(_("{file} was written.").format(file=stored.path))
