"""Which secrets a profile refers to, and reading or storing them where the reference says."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from gettext import gettext as _

from wizard.isolated.host import never_inherit
from wizard.profile.errors import Problem
from wizard.profile.models import Profile

_SEEN: set[str] = set()

SECRET_FIELDS = ("database.password", "aps.password", "webservice.password", "webservice.key_password")


class SecretError(Exception):
    """A secret could not be read or stored. The problem never holds the secret."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def references(profile: Profile) -> Iterator[tuple[str, str]]:
    """Pairs of field path and reference, for every secret that the profile uses.

    Whoever asks is about to work with the profile: from now on no child inherits the variables that it names.
    """
    for path in SECRET_FIELDS:
        section, field = path.split(".")
        reference = getattr(getattr(profile, section), field, None)
        if reference:
            kind, _colon, name = reference.partition(":")
            if kind == "env":
                never_inherit([name])
            yield path, reference


def environment_secrets(profile: Profile) -> tuple[dict[str, str], list[str]]:
    """Values of the `env:` references that are set, by field path, and the names of all those variables."""
    values, names = {}, []
    for path, reference in references(profile):
        kind, _colon, name = reference.partition(":")
        if kind == "env":
            names.append(name)
            if name in os.environ:
                values[path] = os.environ[name]
    return values, names


def secret_for(profile: Profile, path: str, typed: Mapping[str, str]) -> str | None:
    """The secret of a field: typed and not stored yet, else read from its store; None when the profile names none.

    Raises SecretError with a cause and an action.
    """
    if path in typed:
        value: str | None = typed[path]
    else:
        reference = dict(references(profile)).get(path)
        value = read(reference, path) if reference else None
    if value:
        _SEEN.add(value)
    return value


def seen() -> frozenset[str]:
    """Every secret that this process has read, so that what it says can be freed of them."""
    return frozenset(_SEEN)


def read(reference: str, path: str) -> str:
    """Read one secret from where its reference points. Raises SecretError."""
    kind, _colon, name = reference.partition(":")
    if kind == "env":
        if name not in os.environ:
            message = _("The environment variable {name} is not set for this account.").format(name=name)
            raise SecretError(
                Problem("secret.env_missing", message, path, action=_("Set it, or choose another store."))
            )
        return os.environ[name]
    if kind == "keyring":
        from wizard.secrets import keyring_store

        return keyring_store.read(name, path)
    from wizard.secrets import machine_store

    return machine_store.read(name, path)


def fetch(reference: str, path: str) -> str:
    """Read one secret for handing it on; a store that hangs is given up. Raises SecretError."""
    kind, _colon, name = reference.partition(":")
    if kind == "keyring":
        from wizard.secrets import keyring_store

        return keyring_store.fetch(name, path)
    return read(reference, path)


def store(reference: str, path: str, value: str, account: str | None = None) -> None:
    """Store a secret where its reference points, read it back and compare. Raises SecretError.

    `account` is the one of the engines when it is not this one: the machine store lets it in.
    """
    kind, _colon, name = reference.partition(":")
    if kind == "keyring":
        from wizard.secrets import keyring_store

        keyring_store.store(name, path, value)
        return
    if kind == "env":
        message = _("A variable of the environment cannot be stored by this program.")
        action = _("Set {name} for the engines' account in the system's settings.").format(name=name)
        raise SecretError(Problem("secret.env_not_stored", message, path, action=action))
    from wizard.secrets import machine_store

    machine_store.store(name, path, value, account)


def let_in(reference: str, path: str, account: str | None) -> None:
    """Let another account of the engines read a secret that is stored already. Raises SecretError."""
    kind, _colon, name = reference.partition(":")
    if kind == "dpapi":
        from wizard.secrets import machine_store

        machine_store.let_in(name, path, account)


def engine_account(profile: Profile) -> str | None:
    """The account of the engines; None when it is the one that uses the wizard."""
    return None if profile.engine_account.kind == "current" else profile.engine_account.name


def delete(reference: str, path: str) -> None:
    """Remove a secret from its store. A variable of the environment is not this program's. Raises SecretError."""
    kind, _colon, name = reference.partition(":")
    if kind == "keyring":
        from wizard.secrets import keyring_store

        keyring_store.delete(name, path)
    elif kind == "dpapi":
        from wizard.secrets import machine_store

        machine_store.delete(name, path)
