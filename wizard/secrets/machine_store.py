"""The machine store: one sealed file per secret, which the accounts that its access list names can open.

On Windows DPAPI seals it for the machine; elsewhere a key file of the machine does. Sealing keeps the secret
from whoever gets the file alone, in a backup or by mail; what keeps other accounts of the machine out is the
access list of both files, so it is read back after writing. The sealed file says where its key is: an engine
needs nothing but the profile.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import json
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from gettext import gettext as _
from pathlib import Path

from wizard.profile import store as profiles
from wizard.profile.atomic import make_folder, remove_leftovers, replace_bytes
from wizard.profile.errors import Problem
from wizard.secrets import access, sealing
from wizard.secrets.references import SecretError

FOLDER = "secrets"
SUFFIX = ".sealed"
KEY = "machine.key"

_FORMAT = "aps-wizard machine store 1"
_SIZE_LIMIT = 64 * 1024
"""Bytes of a sealed file. A secret is a line; DPAPI adds some hundred bytes."""


def file_for(profile: Path, path: str) -> Path:
    """Where the secret of a field is kept: beside the profile, in a folder that nobody lists."""
    return profile.absolute().parent / FOLDER / f"{profile.stem}.{path}{SUFFIX}"


def key_file() -> Path:
    """The key of this machine: beside the folder of its profiles, so that a copy of that one does not hold it."""
    return profiles.default_folder().absolute().parent / KEY


def read(name: str, path: str) -> str:
    """The secret in a file. Raises SecretError."""
    file = _file(name)
    with _explained(file, path):
        return _open(file, path)


def store(name: str, path: str, value: str, account: str | None = None) -> None:
    """Seal a secret into a file that this account and the one of the engines read, and prove both.

    Raises SecretError; a former content then still stands.
    """
    file = _file(name)
    with _explained(file, path):
        accounts = access.canonical([account] if account else [])
        _folder(file.parent)
        remove_leftovers(file)
        sealed = json.dumps(_sealed(value, file, accounts)).encode()

        def close_to_others(fresh: Path) -> None:
            _protect(fresh, accounts)
            # Before anything is in it: some disks take an access list and keep none.
            if found := access.readers(fresh) - accounts:
                raise _exposed(file, path, found)

        replace_bytes(file, sealed, protect=close_to_others)
        if _open(file, path) != value:
            message = _("The machine store did not give back what was stored.")
            raise SecretError(Problem("secret.not_kept", message, path, action=_("Use another store.")))


def let_in(name: str, path: str, account: str | None) -> None:
    """Give the access lists anew for another account of the engines; a file of another machine is not there.

    Raises SecretError.
    """
    file = _file(name)
    with _explained(file, path):
        if not file.exists():
            return
        accounts = access.canonical([account] if account else [])
        key = json.loads(_bytes(file)).get("key")
        if key and Path(key).name == KEY:
            _protect(Path(key), access.readers(Path(key)) | accounts)
        _protect(file, accounts)


def readers(name: str) -> frozenset[str] | None:
    """Who reads a sealed file now; None when there is none, or this account may not look."""
    try:
        return access.readers(_file(name))
    except OSError:
        return None


def give_back(name: str, path: str, accounts: frozenset[str]) -> None:
    """Give a sealed file the readers that it had; one that is gone needs none. Raises SecretError."""
    file = _file(name)
    with _explained(file, path):
        if file.exists():
            _protect(file, accounts)


def delete(name: str, path: str) -> None:
    """Remove a sealed file; it is no error when there is none. Raises SecretError.

    A profile may name any file: one that this store never made is left alone.
    """
    file = _file(name)
    with _explained(file, path):
        if file.suffix != SUFFIX and file.exists():
            raise ValueError("no file of this store")
        file.unlink(missing_ok=True)


def exposed(name: str, path: str, account: str | None) -> Problem | None:
    """The problem of a secret, or of its key, that more accounts read than this one and the engines'.

    None also where this account may not look: then it is not open to everybody.
    """
    file = _file(name)
    try:
        key = json.loads(_bytes(file)).get("key")
        if found := access.readers(file) - access.canonical([account] if account else []):
            return _exposed(file, path, found).problem
        # Engines of other profiles of this machine read the same key.
        if key and any(one == access.EVERYBODY or one.startswith("@") for one in access.readers(Path(key))):
            return _exposed(Path(key), path, access.readers(Path(key))).problem
    except (OSError, LookupError, ValueError):
        return None
    return None


def _file(name: str) -> Path:
    # A path that starts with a drive is a full one on Windows alone.
    return profiles.default_folder().absolute() / FOLDER / name


def _folder(folder: Path) -> None:
    if not folder.is_dir():
        make_folder(folder)
        access.give_folder(folder)


def _protect(path: Path, accounts: Iterable[str]) -> None:
    access.give(path, (one for one in accounts if one != access.EVERYBODY and not one.startswith("@")))


def _sealed(value: str, file: Path, accounts: frozenset[str]) -> dict[str, str]:
    """What stands in the file. The name is sealed along: a secret cannot be put in the place of another."""
    about = _about(file)
    if sys.platform == "win32":
        from wizard.secrets import windows_api

        return {"format": _FORMAT, "how": "dpapi", "sealed": _text(windows_api.protect(value.encode(), about))}
    key = _machine_key(accounts)
    sealed = _text(sealing.seal(value.encode(), key.read_bytes(), about))
    return {"format": _FORMAT, "how": "key", "key": str(key), "sealed": sealed}


def _open(file: Path, path: str) -> str:
    content = json.loads(_bytes(file))
    sealed = base64.b64decode(content["sealed"], validate=True)
    if content["format"] != _FORMAT:
        raise ValueError("another format")
    if content["how"] == "dpapi":
        from wizard.secrets import windows_api

        try:
            return windows_api.unprotect(sealed, _about(file)).decode()
        except OSError:
            raise _not_opened(file, path) from None
    key = Path(content["key"])
    try:
        return sealing.unseal(sealed, key.read_bytes(), _about(file)).decode()
    except FileNotFoundError:
        message = _("The key {key} of the machine store is missing.").format(key=key)
        action = _("Store the password again on this machine.")
        raise SecretError(Problem("secret.key_missing", message, path, action=action)) from None
    except sealing.NotOpened:
        raise _not_opened(file, path) from None


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_SIZE_LIMIT)


def _about(file: Path) -> bytes:
    return f"{_FORMAT}\0{file.name}".encode()


def _text(sealed: bytes) -> str:
    return base64.b64encode(sealed).decode()


def _machine_key(accounts: frozenset[str]) -> Path:
    """The key file of the machine, made when there is none, with these accounts among its readers."""
    file = key_file()
    if not file.exists():
        make_folder(file.parent)
        fresh = file.with_name(f".{file.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
        try:
            replace_bytes(fresh, sealing.new_key(), protect=lambda path: access.give(path, ()))
            # Unlike a rename this never replaces a key that another program made in the same moment.
            with contextlib.suppress(FileExistsError):
                os.link(fresh, file)
        finally:
            fresh.unlink(missing_ok=True)
    found = access.readers(file)
    if accounts - found or any(one == access.EVERYBODY or one.startswith("@") for one in found):
        _protect(file, found | accounts)
    return file


def _exposed(file: Path, path: str, found: Iterable[str]) -> SecretError:
    message = _("{file} can be read by more accounts than the engines': {accounts}.")
    names = ", ".join(sorted(found))
    action = _("Store the password again, on a disk that keeps access lists.")
    return SecretError(Problem("secret.exposed", message.format(file=file, accounts=names), path, action=action))


def _not_opened(file: Path, path: str) -> SecretError:
    message = _("{file} cannot be opened here: it was sealed on another machine, renamed or changed.")
    action = _("Store the password again on this machine.")
    return SecretError(Problem("secret.not_opened", message.format(file=file), path, action=action))


@contextlib.contextmanager
def _explained(file: Path, path: str) -> Iterator[None]:
    """What goes wrong with the files, as a problem with cause and action."""
    try:
        yield
    except FileNotFoundError:
        message = _("The machine store has no file {file}.").format(file=file)
        raise SecretError(
            Problem("secret.not_found", message, path, action=_("Type the password again and store it."))
        ) from None
    except PermissionError as error:
        message = _("This account may not use {file}.").format(file=error.filename or file)
        action = _("Reading: store the password again, with the engines' account named. Storing: as administrator.")
        raise SecretError(Problem("secret.not_permitted", message, path, action=action)) from None
    except access.AccountUnknown as error:
        message = _("This machine knows no account {name}.").format(name=error.args[0])
        action = _("Correct its name on the page Engine account.")
        raise SecretError(Problem("secret.account_unknown", message, path, action=action)) from None
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            message = _("The disk of {file} keeps no access lists; the engines' account cannot be let in alone.")
            action = _("Keep the profiles on another disk, or use env:NAME for this secret.")
            problem = Problem("secret.no_access_lists", message.format(file=file), path, action=action)
            raise SecretError(problem) from None
        refused = profiles.io_problem("secret.store_refused", file, error)
        message = _("The machine store cannot use {file}: {reason}").format(file=file, reason=refused.message)
        raise SecretError(Problem(refused.code, message, path, action=refused.action)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        message = _("{file} is damaged, or no file of the machine store.").format(file=file)
        action = _("Type the password again and store it.")
        raise SecretError(Problem("secret.damaged", message, path, action=action)) from None
