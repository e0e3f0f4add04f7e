"""What persons confirmed of a profile: a file beside it, read as strictly and written as safely as the profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from wizard import __version__
from wizard.checklist.items import BY_ID
from wizard.profile import store
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.fields import Line, Moment, Note, Section, whole_number
from wizard.profile.load import plain, profile_to_data, typed
from wizard.profile.models import Profile
from wizard.profile.validation import inputs_hash
from wizard.profile.yaml_text import dump, parse

HEADER = """\
# Confirmações do checklist de suporte do aps-wizard, do perfil de mesmo nome.
# Cada uma vale enquanto o que ela cobre no perfil não muda.
"""

_TRIES = 5
"""Two persons may confirm at the same moment: who comes second reads again."""


def _some_text(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("missing", "required")
    return text


Evidence = Annotated[Note, AfterValidator(_some_text)]
"""What was seen, or the name of the file that shows it."""


class Confirmation(Section):
    """One item, who confirmed it, when and by what; `inputs` is the hash of the paths of the profile it covers."""

    item: Line
    by: Line
    at: Moment
    evidence: Evidence
    covers: tuple[Line, ...]
    inputs: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    program: Line


class Proof(Section):
    """What the checks found that ran last as the engines' account; `failed` are the ids of those that did not pass."""

    account: Line
    at: Moment
    passed: bool
    failed: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    covers: tuple[Line, ...]
    inputs: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    program: Line


class Confirmations(Section):
    """The file."""

    version: Annotated[Literal[1], BeforeValidator(whole_number)] = 1
    proof: Proof | None = None
    confirmations: Annotated[tuple[Confirmation, ...], Field(max_length=200)] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        items = [one.item for one in self.confirmations]
        for index, item in enumerate(items):
            if item in items[:index]:
                raise PydanticCustomError("item_twice", "twice", {"at": f"confirmations[{index}].item"})
        return self

    def of(self, item: str) -> Confirmation | None:
        """The confirmation of an item."""
        return next((one for one in self.confirmations if one.item == item), None)


@dataclass(frozen=True)
class Stored:
    """The confirmations as they were read; without a file there are none, and `digest` is None."""

    path: Path
    confirmations: Confirmations
    digest: str | None


def file_of(profile: Path) -> Path:
    """The file beside a profile: matriz.yaml -> matriz.checklist.yaml."""
    return profile.with_name(profile.stem + store.CHECKLIST_SUFFIX)


def read(profile: Path) -> Stored:
    """The confirmations of the profile in this file. Raises ProfileError with file, line and path of every problem."""
    path = file_of(profile)
    if not path.exists():
        return Stored(path, Confirmations(), None)
    text, digest = store.read_text(path)
    try:
        return Stored(path, from_text(text), digest)
    except ProfileError as error:
        raise ProfileError(replace(problem, file=path) for problem in error.problems) from None


def confirm(file: Path, profile: Profile, item: str, by: str, evidence: str) -> Stored:
    """Write down that a person confirmed an item, in place of an earlier confirmation. Raises ProfileError."""
    known = BY_ID.get(item)
    if known is None or not known.ask:
        raise ProfileError([_not_asked(item)])
    fresh = typed(
        Confirmation,
        {
            "item": item,
            "by": by.strip(),
            "at": datetime.now(UTC),
            "evidence": evidence.strip(),
            "covers": known.covers,
            "inputs": covered(profile, known.covers),
            "program": __version__,
        },
    )
    return _changed(file, lambda before: _but(before, item, fresh))


def proved(
    file: Path,
    profile: Profile,
    *,
    account: str,
    at: datetime,
    passed: bool,
    failed: tuple[str, ...],
    covers: tuple[str, ...],
) -> Stored:
    """Write down what "Prove it" found, in place of an earlier proof. Raises ProfileError."""
    found = {
        "account": account,
        "at": at,
        "passed": passed,
        "failed": failed,
        "covers": covers,
        "inputs": covered(profile, covers),
        "program": __version__,
    }
    fresh = typed(Proof, found)
    return _changed(file, lambda before: before.model_copy(update={"proof": fresh}))


def withdraw(file: Path, item: str) -> Stored:
    """Take a confirmation back. Raises ProfileError, also when there is none."""
    if read(file).confirmations.of(item) is None:
        message = _("{item} was not confirmed.").format(item=item)
        raise ProfileError([Problem("not_confirmed", message, file=file_of(file))])
    return _changed(file, lambda before: _but(before, item))


def _but(before: Confirmations, item: str, *fresh: Confirmation) -> Confirmations:
    """The same without the confirmation of an item, and with fresh ones."""
    kept = tuple(one for one in before.confirmations if one.item != item)
    return before.model_copy(update={"confirmations": (*kept, *fresh)})


def covered(profile: Profile, paths: tuple[str, ...]) -> str:
    """The hash of what stands at these paths of a profile; a path that is not there counts as empty."""
    data = profile_to_data(profile)
    return inputs_hash({path: _at(data, path) for path in paths}, paths)


def is_stale(confirmation: Confirmation, profile: Profile) -> bool:
    """True when something that it covers changed since, or the item covers other things now."""
    known = BY_ID.get(confirmation.item)
    other = known is None or known.covers != confirmation.covers
    return other or covered(profile, confirmation.covers) != confirmation.inputs


def is_proof_stale(proof: Proof, profile: Profile) -> bool:
    """True when something that the proof covers changed since."""
    return covered(profile, proof.covers) != proof.inputs


def from_text(text: str) -> Confirmations:
    """The confirmations of a text. Raises ProfileError."""
    document = parse(text)
    return typed(Confirmations, document.data, document.lines)


def to_text(confirmations: Confirmations) -> str:
    """The text that is written."""
    return dump(plain(confirmations), HEADER)


def _changed(file: Path, change: Callable[[Confirmations], Confirmations], tries: int = _TRIES) -> Stored:
    before = read(file)
    after = change(before.confirmations)
    try:
        digest = store.write_text(before.path, to_text(after), before.digest, partial(_same, after))
    except ProfileError as error:
        meanwhile = all(problem.code in ("changed_meanwhile", "exists") for problem in error.problems)
        if meanwhile and tries > 1:
            return _changed(file, change, tries - 1)
        raise
    return Stored(before.path, after, digest)


def _same(confirmations: Confirmations, written: str) -> bool:
    return from_text(written) == confirmations


def _at(data: Any, path: str) -> Any:
    for part in path.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _not_asked(item: str) -> Problem:
    asked = ", ".join(known.id for known in BY_ID.values() if known.ask)
    if item in BY_ID:
        message = _("{item} is found out by the program; nobody confirms it.").format(item=item)
    else:
        message = _("There is no item {item}.").format(item=item)
    return Problem("not_asked", message, action=_("To be confirmed: {items}.").format(items=asked))
