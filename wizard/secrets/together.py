"""Secrets that are stored together with something else: where that fails, the stores get back what they held."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from gettext import gettext as _

from wizard.profile.errors import Problem, ProfileError
from wizard.secrets import references
from wizard.secrets.references import SecretError


class Together:
    """The secrets that were stored so far, each with what undoes it."""

    def __init__(self) -> None:
        self._undo: list[tuple[str, Callable[[], None]]] = []

    def store(self, reference: str, path: str, value: str, account: str | None) -> None:
        """Store a secret as `references.store` does. Raises SecretError."""
        before, readers = _before(reference, path), _readers(reference)

        def put_back() -> None:
            _put_back(reference, path, before, account)
            _give_back(reference, path, readers)

        # Noted first: a store may keep the new value and fail afterwards.
        self._undo.append((path, put_back))
        references.store(reference, path, value, account)

    def let_in(self, reference: str, path: str, account: str | None) -> None:
        """Let another account of the engines read a secret, in the place of a former one. Raises SecretError."""
        readers = _readers(reference)
        self._undo.append((path, lambda: _give_back(reference, path, readers)))
        references.let_in(reference, path, account)

    def undo(self) -> list[str]:
        """Give the stores what they held, the last one first; the fields for which that was not possible."""
        left = []
        for path, put_back in reversed(self._undo):
            try:
                put_back()
            except SecretError:
                left.append(path)
        self._undo.clear()
        return left


@contextlib.contextmanager
def both_or_neither(stands: Callable[[], bool] = lambda: False) -> Iterator[Together]:
    """Store secrets while this lasts; whatever ends it early gives the stores what they held.

    Unless `stands` says that what they belong to has been written all the same, as when Ctrl+C comes right after.
    A ProfileError then also names the passwords that could not be put back.
    """
    secrets = Together()
    try:
        yield secrets
    except ProfileError as error:
        left = [] if stands() else secrets.undo()
        if not left:
            raise
        raise ProfileError([*error.problems, *map(_not_put_back, left)]) from None
    except BaseException:
        if not stands():
            secrets.undo()
        raise


_UNKNOWN = object()
"""What a store held and does not give to this account."""


def _before(reference: str, path: str) -> object:
    """What the store holds: a text, None for nothing, or _UNKNOWN. Raises SecretError without a usable store."""
    if reference.startswith("env:"):
        return _UNKNOWN
    try:
        return references.fetch(reference, path)
    except SecretError as error:
        if error.problem.code == "secret.not_found":
            return None
        if reference.startswith("keyring:"):
            # It would refuse, or keep silent, a second time.
            raise
        return _UNKNOWN


def _readers(reference: str) -> frozenset[str] | None:
    """Who reads a secret of the machine store beside this account; None for the other stores."""
    kind, _colon, name = reference.partition(":")
    if kind != "dpapi":
        return None
    from wizard.secrets import machine_store

    return machine_store.readers(name)


def _give_back(reference: str, path: str, readers: frozenset[str] | None) -> None:
    if readers is not None:
        from wizard.secrets import machine_store

        machine_store.give_back(reference.partition(":")[2], path, readers)


def _put_back(reference: str, path: str, before: object, account: str | None) -> None:
    if before is None:
        references.delete(reference, path)
    elif isinstance(before, str):
        if _before(reference, path) != before:
            references.store(reference, path, before, account)
    elif not reference.startswith("env:"):
        raise SecretError(_not_put_back(path))


def _not_put_back(path: str) -> Problem:
    message = _("The password typed for {field} is in its store already; the profile is still the former one.")
    action = _("Write the profile again, or type the former password.")
    return Problem("secret.not_put_back", message.format(field=path), path, action=action)
