"""The credential store of the system, through keyring: one service per secret, proved after writing.

Backends that forget (null), always fail, or keep plain text are refused: no fallback in silence.
"""

from __future__ import annotations

from gettext import gettext as _

from wizard.profile.errors import Problem
from wizard.secrets.references import SecretError

USER = "aps-wizard"
"""One user name under one service per secret: a second user name would make Windows rename the first entry."""

SIZE_LIMIT = 1280
"""Characters. Credential Manager keeps 2560 bytes of UTF-16 and fails with error 1783 beyond."""


def read(service: str, path: str) -> str:
    """The secret of a service. Raises SecretError when there is none or no usable store."""
    value = _call(path, "get", service)
    if value is None:
        message = _("The credential store of this account holds no entry named “{name}”.").format(name=service)
        action = _("Type the password again and store it. It belongs to the account that stored it.")
        raise SecretError(Problem("secret.not_found", message, path, action=action))
    return value


def store(service: str, path: str, value: str) -> None:
    """Write a secret, read it back and compare. Raises SecretError."""
    if len(value) > SIZE_LIMIT:
        message = _("The credential store takes at most {limit} characters.").format(limit=SIZE_LIMIT)
        raise SecretError(Problem("secret.too_long", message, path, action=_("Use another store.")))
    _call(path, "set", service, value)
    if _call(path, "get", service) != value:
        message = _("The credential store did not give back what was stored.")
        raise SecretError(Problem("secret.not_kept", message, path, action=_("Use another store.")))


def delete(service: str, path: str) -> None:
    """Remove a secret; it is no error when there is none."""
    if _call(path, "get", service) is not None:
        _call(path, "delete", service)


def _call(path: str, what: str, service: str, value: str = "") -> str | None:
    import keyring

    try:
        usable = _usable(keyring.get_keyring())
    except Exception:  # noqa: BLE001 - a store that is configured and cannot be loaded, whatever it raises
        usable = False
    if not usable:
        raise SecretError(_no_store(path))
    try:
        match what:
            case "get":
                return keyring.get_password(service, USER)
            case "set":
                keyring.set_password(service, USER, value)
            case "delete":
                keyring.delete_password(service, USER)
    except Exception as error:  # noqa: BLE001 - not every backend turns what its library raises into a KeyringError
        message = _("The credential store refused ({kind}).").format(kind=type(error).__name__)
        action = _("Unlock it, or use env:NAME for this secret.")
        raise SecretError(Problem("secret.store_refused", message, path, action=action)) from None
    return None


def _usable(backend: object) -> bool:
    module = type(backend).__module__
    if module == "keyring.backends.chainer":
        return any(_usable(inner) for inner in getattr(backend, "backends", ()))
    return not module.startswith(("keyring.backends.fail", "keyring.backends.null", "keyrings.alt"))


def _no_store(path: str) -> Problem:
    message = _("This account has no credential store that keeps secrets safely.")
    action = _("Use env:NAME, or run the wizard where the store of the system is available.")
    return Problem("secret.no_store", message, path, action=action)
