"""The credential store of the system, through keyring: one service per secret, proved after writing.

Backends that forget (null), always fail, or keep plain text are refused: no fallback in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from wizard.isolated.host import Job
from wizard.profile.errors import Problem
from wizard.secrets.references import SecretError

USER = "aps-wizard"
"""One user name under one service per secret: a second user name would make Windows rename the first entry."""

STORE_SECONDS = 20

SIZE_LIMIT = 1280
"""Characters, of which those beyond the first plane of Unicode count twice. Credential Manager keeps 2560 bytes of
UTF-16 and fails with error 1783 beyond. The same everywhere, so that a profile can move to Windows.
"""


_SYSTEM_STORES = frozenset(
    f"keyring.backends.{name}" for name in ("Windows", "macOS", "SecretService", "libsecret", "kwallet")
)


def read(service: str, path: str) -> str:
    """The secret of a service. Raises SecretError when there is none or no usable store."""
    value = _call(path, "get", service)
    if value is None:
        message = _("The credential store of this account holds no entry named “{name}”.").format(name=service)
        action = _("Type the password again and store it. It belongs to the account that stored it.")
        raise SecretError(Problem("secret.not_found", message, path, action=action))
    return value


def fetch(service: str, path: str) -> str:
    """The secret of a service, read in a child process, since a dead store can hang. Raises SecretError."""
    return str(_ask_child({"service": service, "path": path, "fetch": "yes"})["value"])


def store(service: str, path: str, value: str) -> None:
    """Write a secret in a child process, since a dead store can hang. Raises SecretError."""
    _ask_child({"service": service, "path": path, "value": value})


def delete(service: str, path: str) -> None:
    """Remove a secret in a child process; it is no error when there is none. Raises SecretError."""
    _ask_child({"service": service, "path": path})


def _ask_child(request: Mapping[str, str]) -> Mapping[str, str]:
    ending = Job("wizard.secrets.keyring_store:in_child", request, STORE_SECONDS).run()
    if ending.how != "done":
        raise SecretError(silent(request["path"]))
    answer: dict[str, Any] = ending.answer
    if "code" in answer:
        raise SecretError(Problem(**answer))
    return answer


def silent(path: str) -> Problem:
    """The problem of a store that gives no answer within its time."""
    message = _("The credential store does not answer.")
    action = _("Unlock it or log in again; or use the machine store (dpapi:) or env:NAME for this secret.")
    return Problem("secret.store_silent", message, path, action=action)


def in_child(request: Mapping[str, str]) -> dict[str, str]:
    """What the child does: fetch, store and prove, or delete without a value. Gives the problem as data, or nothing.

    Only what is fetched comes back.
    """
    try:
        if "fetch" in request:
            return {"value": read(request["service"], request["path"])}
        if "value" in request:
            _store_here(request["service"], request["path"], request["value"])
        else:
            _delete_here(request["service"], request["path"])
    except SecretError as error:
        problem = error.problem
        return {"code": problem.code, "message": problem.message, "path": problem.path, "action": problem.action}
    return {}


def usable(path: str) -> None:
    """Whether this account has a store that secrets can be given to. Raises SecretError when not."""
    import keyring

    try:
        found = _safe(keyring.get_keyring())
    except Exception:  # noqa: BLE001 - a store that is configured and cannot be loaded, whatever it raises
        found = False
    if not found:
        message = _("This account has no credential store that keeps secrets safely.")
        action = _("Use the machine store (dpapi:) or env:NAME, or run where the store of the system is available.")
        raise SecretError(Problem("secret.no_store", message, path, action=action))


def _store_here(service: str, path: str, value: str) -> None:
    """Write a secret, read it back and compare, in this process. Raises SecretError."""
    if len(value.encode("utf-16-le", "surrogatepass")) > 2 * SIZE_LIMIT:
        message = _("The credential store takes at most {limit} characters.").format(limit=SIZE_LIMIT)
        raise SecretError(Problem("secret.too_long", message, path, action=_("Use another store.")))
    _call(path, "set", service, value)
    if _call(path, "get", service) != value:
        message = _("The credential store did not give back what was stored.")
        raise SecretError(Problem("secret.not_kept", message, path, action=_("Use another store.")))


def _delete_here(service: str, path: str) -> None:
    if _call(path, "get", service) is not None:
        _call(path, "delete", service)


def _call(path: str, what: str, service: str, value: str = "") -> str | None:
    import keyring

    usable(path)
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
        action = _("Unlock it, or use the machine store (dpapi:) or env:NAME for this secret.")
        raise SecretError(Problem("secret.store_refused", message, path, action=action)) from None
    return None


def _safe(backend: object) -> bool:
    """Whether a backend is a store of the system. A chain is as safe as its weakest part, which may be the one used."""
    module = type(backend).__module__
    if module == "keyring.backends.chainer":
        parts = list(getattr(backend, "backends", ()))
        return bool(parts) and all(_safe(part) for part in parts)
    return module in _SYSTEM_STORES
