"""Carrying a profile to another machine: shared without anything of this one, or backed up with its secrets."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from gettext import gettext as _
from pathlib import Path
from typing import Any

from wizard.flow.model_facts import kind_of
from wizard.flow.state import State, choose_store, problems, type_secret, value_of, with_value
from wizard.flow.steps import IDS
from wizard.profile.database_kind import Ask
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.load import profile_from_text, profile_to_data, profile_to_text
from wizard.profile.models import Profile
from wizard.profile.store import io_problem, refuse_no_file
from wizard.profile.yaml_text import decode, dump, parse
from wizard.secrets import references, sealing

SHARED_HEADER = """\
# Perfil do aps-wizard para compartilhar: sem senhas, caminhos e contas deste computador.
# "aps-wizard profile import" pergunta pelo que falta.
"""

_FORMAT = "aps-wizard backup 1"
_SIZE_LIMIT = 2 * 1024 * 1024

_OF_THE_MACHINE = (
    "engine_account",
    "validation",
    "grades.imported_from",
    "webservice.tls.ca_file",
    "webservice.tls.client_certificate",
    "webservice.tls.client_key",
    "notes",
)
"""Places that say something of this machine or of whoever wrote it. Notes are free text: anything may be in them."""

_ROOTED = re.compile(r"[A-Za-z]:[\\/]|[\\/~]")
"""How a full path begins."""


LACKING = ("missing", "database_target")
"""Codes of problems that a value solves which the file lacks."""


@dataclass(frozen=True)
class Carried:
    """What an imported file holds: the document, and the secrets of a backup by field. It has no repr of these."""

    data: dict[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def shared_text(profile: Profile) -> str:
    """The profile without secrets, references to them, paths and accounts of this machine."""
    data = profile_to_data(profile.model_copy(update={"validation": None}))
    for path in (*_OF_THE_MACHINE, *references.SECRET_FIELDS, *_paths(data)):
        data = with_value(data, path, None)
    return dump({key: value for key, value in data.items() if value != {}}, SHARED_HEADER)


def _paths(data: Mapping[str, Any]) -> list[str]:
    """Where a file or folder of this machine stands: the database's file, a wallet, a SQLite store."""
    fields = kind_of(data).model_fields
    found = []
    for name, value in data["database"].items():
        picked = any(isinstance(item, Ask) and item.picks in ("file", "folder") for item in fields[name].metadata)
        if picked or (isinstance(value, str) and _ROOTED.match(value)):
            found.append(f"database.{name}")
    if str(value_of(data, "aps.url") or "").startswith("sqlite"):
        found.append("aps.url")
    return found


def backup(profile: Profile, passphrase: str) -> bytes:
    """The profile and its secrets, sealed with a passphrase. Raises SecretError for one that cannot be read here."""
    secrets = {path: references.fetch(reference, path) for path, reference in references.references(profile)}
    content = json.dumps({"profile": profile_to_text(profile), "secrets": secrets}).encode()
    sealed = sealing.seal_with_passphrase(content, passphrase, _FORMAT.encode())
    return json.dumps({"format": _FORMAT, "sealed": base64.b64encode(sealed).decode()}, indent=1).encode() + b"\n"


def is_backup(raw: bytes) -> bool:
    """Whether a file is a backup, which needs a passphrase."""
    return raw.lstrip()[:1] == b"{" and _FORMAT.encode() in raw[:200]


def opened_backup(raw: bytes, passphrase: str) -> Carried:
    """What a backup holds. Raises ProfileError."""
    try:
        data = json.loads(raw)
        sealed = base64.b64decode(data["sealed"], validate=True)
        content = json.loads(sealing.unseal_with_passphrase(sealed, passphrase, _FORMAT.encode()))
        profile = profile_from_text(content["profile"])
    except sealing.NotOpened:
        message = _("The backup cannot be opened: the passphrase is another one, or the file was changed.")
        raise ProfileError([Problem("backup.not_opened", message, action=_("Type the passphrase again."))]) from None
    except (ValueError, KeyError, TypeError, binascii.Error):
        message = _("The file is damaged, or no backup of this program.")
        raise ProfileError([Problem("backup.damaged", message, action=_("Take another copy of it."))]) from None
    return Carried(profile_to_data(profile), content["secrets"])


def shared_document(raw: bytes, file: Path) -> Carried:
    """What a shared or exported file holds; values may be missing. Raises ProfileError for what is wrong in it."""
    try:
        text = decode(raw)
        document = parse(text)
        try:
            return Carried(profile_to_data(profile_from_text(text)))
        except ProfileError as error:
            if any(problem.code not in LACKING for problem in error.problems):
                raise
        return Carried(document.data)
    except ProfileError as error:
        raise ProfileError(replace(problem, file=file) for problem in error.problems) from None


def read_file(path: Path) -> bytes:
    """The bytes of a file to import. Raises ProfileError."""
    try:
        refuse_no_file(path)
        with path.open("rb") as file:
            return file.read(_SIZE_LIMIT)
    except FileNotFoundError:
        raise ProfileError([Problem("not_found", _("There is no such file."), file=path)]) from None
    except OSError as error:
        raise ProfileError([io_problem("unreadable", path, error)]) from None


def imported(folder: Path, carried: Carried, name: str = "", kind: str = "keyring") -> State:
    """A new profile in a folder out of what was carried; its secrets wait to be stored in a store of this machine."""
    data = {key: value for key, value in carried.data.items() if key != "validation"}
    if name:
        data["name"] = name
    state = State(folder, "company", data, visited=frozenset(IDS))
    for path, secret in carried.secrets.items():
        # A variable of the environment is not this program's to set.
        if not str(value_of(data, path)).startswith("env:"):
            state = type_secret(choose_store(state, path, kind), path, secret)
    return state


def missing_values(state: State) -> tuple[str, ...]:
    """What the model requires and the file lacks."""
    return tuple(problem.path for problem in problems(state) if problem.code in LACKING)


def missing_secrets(state: State) -> tuple[str, ...]:
    """The passwords that are not on this machine: a user without one, or a reference that cannot be read here."""
    found = []
    for path in references.SECRET_FIELDS:
        reference = str(value_of(state.data, path) or "")
        user = value_of(state.data, path.replace("password", "user"))
        if path in state.typed or not (reference or user):
            continue
        try:
            if reference:
                references.fetch(reference, path)
                continue
        except references.SecretError:
            pass
        found.append(path)
    return tuple(found)
