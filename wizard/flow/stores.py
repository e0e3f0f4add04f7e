"""Where passwords can be kept, and which of these places the account of the engines can read: those come first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from wizard.flow.state import State, choose_store, type_secret, value_of
from wizard.i18n import N_
from wizard.secrets.references import SECRET_FIELDS

TITLES = {
    "keyring": N_("Credential store of this account"),
    "dpapi": N_("Machine store"),
    "env": N_("Environment variable"),
}


@dataclass(frozen=True)
class Offer:
    """One place: its kind, its title, whether the engines' account can read it, and why or why not."""

    kind: str
    title: str
    fits: bool
    reason: str


@dataclass(frozen=True)
class Kept:
    """Where the password of a field is kept now."""

    path: str
    offer: Offer


def offers(data: Mapping[str, Any]) -> tuple[Offer, ...]:
    """The places in the order in which they are offered for the engines' account of a document."""
    if value_of(data, "engine_account.kind") in (None, "current"):
        reasons = {
            "keyring": (True, _("The engines run as this account and read its credential store.")),
            "dpapi": (True, _("Sealed for this machine; this account and administrators read it.")),
            "env": (True, _("When the variable is set for this account.")),
        }
    else:
        name = value_of(data, "engine_account.name") or _("the engines' account")
        reasons = {
            "dpapi": (True, _("Sealed for this machine; {name} and administrators read it.").format(name=name)),
            "env": (True, _("When the variable is set for {name}.").format(name=name)),
            "keyring": (False, _("It belongs to the account that stores it; {name} cannot read it.").format(name=name)),
        }
    return tuple(Offer(kind, _(TITLES[kind]), *found) for kind, found in reasons.items())


def kept(data: Mapping[str, Any]) -> tuple[Kept, ...]:
    """Where each password of a document is kept."""
    known = {offer.kind: offer for offer in offers(data)}
    found = []
    for path in SECRET_FIELDS:
        kind = str(value_of(data, path) or "").partition(":")[0]
        if kind in known:
            found.append(Kept(path, known[kind]))
    return tuple(found)


def to_move(state: State) -> tuple[tuple[str, str], ...]:
    """Fields and references of passwords that are stored where the engines' account cannot read them."""
    pairs = ((one.path, str(value_of(state.data, one.path))) for one in kept(state.data) if not one.offer.fits)
    return tuple((path, reference) for path, reference in pairs if reference in state.stored)


def moved(state: State, values: Mapping[str, str]) -> State:
    """The state with these passwords typed for the machine store, which writing the profile fills.

    One that a person typed since is newer than the stored one. What no longer has to move stays where it was put.
    """
    wanted = dict(to_move(state))
    for path, value in values.items():
        if path in wanted:
            state = type_secret(choose_store(state, path, "dpapi"), path, state.typed.get(path, value))
    return state
