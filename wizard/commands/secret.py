"""`aps-wizard secret`: keep the passwords of a profile; they come from a prompt or standard input alone."""

from __future__ import annotations

from enum import StrEnum
from gettext import gettext as _
from typing import TYPE_CHECKING, Annotated

import typer

from wizard.commands import terminal
from wizard.commands.call import (
    FAILED,
    WRONG,
    AsJson,
    ProfileName,
    ProfilesDir,
    Stop,
    lines,
    profile_file,
    read_secret,
    say,
    say_json,
)

if TYPE_CHECKING:
    from wizard.flow.state import State

secret_app = typer.Typer(
    help=_("Passwords: store, look, forget. The profile holds only where they are."),
    no_args_is_help=True,
    rich_markup_mode=None,
)

SecretField = Annotated[
    str,
    typer.Argument(
        metavar="FIELD", help="database.password, aps.password, webservice.password, webservice.key_password"
    ),
]


class Store(StrEnum):
    """Where a secret is kept."""

    keyring = "keyring"
    dpapi = "dpapi"
    env = "env"


ChosenStore = Annotated[
    Store,
    typer.Option(
        help=_(
            "keyring: the credential store of this account; dpapi: the machine store, for the engines' account; "
            "env: a variable of the engines."
        )
    ),
]


@secret_app.command("set", help=_("Store a password, asked for or read from standard input, and name its place."))
def secret_set(
    profile: ProfileName,
    field: SecretField,
    store: ChosenStore = Store.keyring,
    name: Annotated[str, typer.Option(help=_("With env: the name of the variable."))] = "",
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow import review
    from wizard.flow.state import choose_store, edit, open_profile, type_secret

    state = open_profile(profile_file(profile, profiles_dir))
    _known(field, state.data)
    if store is Store.env:
        if not name:
            raise Stop(WRONG, (_("Name the variable: --name APS_DB_PASSWORD."),))
        state = review.save(edit(state, field, f"env:{name}"))
        text = _("{file} says that {field} is in the variable {name}. Set it for the account of the engines.")
        say(text.format(file=state.file, field=field, name=name))
        return
    state = review.save(
        type_secret(choose_store(state, field, store.value), field, read_secret(_("Password"), again=_("Again")))
    )
    _say_stored(store, field, state)


@secret_app.command(
    "copy", help=_("Copy a password that this account can read into another store, and name that one from now on.")
)
def secret_copy(
    profile: ProfileName,
    field: SecretField,
    store: ChosenStore = Store.dpapi,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow import review
    from wizard.flow.state import choose_store, open_profile, type_secret, value_of
    from wizard.secrets import references

    state = open_profile(profile_file(profile, profiles_dir))
    _known(field, state.data)
    reference = value_of(state.data, field)
    if not reference:
        raise Stop(WRONG, (_("The profile names no place for {field}.").format(field=field),))
    if store is Store.env:
        raise Stop(WRONG, (_("Only whoever administers the engines can set a variable: secret set --store env."),))
    if reference.startswith(f"{store.value}:"):
        text = _("{field} is in this store already: {reference}.")
        raise Stop(WRONG, (text.format(field=field, reference=reference),))
    value = references.fetch(reference, field)
    state = review.save(type_secret(choose_store(state, field, store.value), field, value))
    _say_stored(store, field, state)
    say(_("{reference} stays where it was; nothing of this profile uses it any more.").format(reference=reference))


def _say_stored(store: Store, field: str, state: State) -> None:
    if store is Store.keyring:
        text = _("{field} is stored in the credential store of this account; {file} names it.")
        say(text.format(field=field, file=state.file))
        return
    from wizard.flow.state import profile_of
    from wizard.secrets.references import engine_account

    text = _("{field} is stored in the machine store for the account {account}; {file} names it.")
    account = engine_account(profile_of(state)) or _("that uses this wizard")
    say(text.format(field=field, account=account, file=state.file))


@secret_app.command("status", help=_("Say of every password whether this account can read it. Never the password."))
def secret_status(profile: ProfileName, as_json: AsJson = False, profiles_dir: ProfilesDir = None) -> None:
    from wizard.profile import store
    from wizard.secrets.status import statuses

    stored = store.read(profile_file(profile, profiles_dir))
    found = statuses(stored.profile)
    if as_json:
        rows = [
            {
                "path": one.path,
                "reference": one.reference,
                "readable": one.problem is None,
                "code": one.problem.code if one.problem else "",
                "message": f"{one.problem.message} {one.problem.action}" if one.problem else "",
            }
            for one in found
        ]
        say_json({"profile": str(stored.path), "secrets": rows})
    else:
        shown = []
        for one in found:
            readable = _("readable by this account") if one.problem is None else _("not readable")
            shown.append(terminal.Row((one.path, one.reference), "fail" if one.problem else "ok", readable))
        if shown and terminal.tables():
            terminal.show((_("Password"), _("Place")), shown)
        else:
            for row in shown:
                say("  ".join((*row.cells, row.word)))
        if not shown:
            say(_("This profile needs no password."))
    problems = [one.problem for one in found if one.problem]
    if problems and not as_json:
        raise Stop(FAILED, lines(problems))
    raise typer.Exit(FAILED if problems else 0)


@secret_app.command("delete", help=_("Take a password out of the profile and out of its store."))
def secret_delete(profile: ProfileName, field: SecretField, profiles_dir: ProfilesDir = None) -> None:
    from wizard.flow import review
    from wizard.flow.state import choose_store, open_profile, value_of
    from wizard.profile import store
    from wizard.secrets import references

    state = open_profile(profile_file(profile, profiles_dir))
    _known(field, state.data)
    reference = value_of(state.data, field)
    if not reference:
        say(_("The profile names no place for {field}.").format(field=field))
        return
    state = review.save(choose_store(state, field, ""))
    # The profile first: it must not name a secret that is gone.
    say(_("{file} was written.").format(file=state.file))
    others = [
        entry.path.name
        for entry in store.entries(state.folder)
        if entry.stored and any(reference == other for _path, other in references.references(entry.stored.profile))
    ]
    if others:
        text = _("{reference} stays in its store: {file} uses it too.")
        say(text.format(reference=reference, file=", ".join(others)))
        return
    references.delete(reference, field)
    if not reference.startswith("env:"):
        say(_("{reference} was deleted from its store.").format(reference=reference))


def _known(field: str, data: dict[str, object]) -> None:
    """Refuse what is no password of this profile."""
    from wizard.flow.model_facts import has_field
    from wizard.secrets.references import SECRET_FIELDS

    fields = [path for path in SECRET_FIELDS if has_field(path, data)]
    if field not in fields:
        # What was typed is not repeated: it may be the password itself.
        text = _("This is no password of this profile. Passwords: {fields}.")
        raise Stop(WRONG, (text.format(fields=", ".join(fields)),))
