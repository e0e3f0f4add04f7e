"""How each item of the support checklist stands: what the checks found, what persons confirmed, and what is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _
from gettext import ngettext
from typing import Any, Literal

from wizard import i18n
from wizard.checklist.confirmations import Confirmation, Confirmations, Proof, is_proof_stale, is_stale
from wizard.checklist.items import ITEMS, Item
from wizard.checklist.registry import checks as all_checks
from wizard.checklist.registry import engine_checks
from wizard.checklist.run import PASSED, Result
from wizard.i18n import N_
from wizard.profile import validation
from wizard.profile.load import profile_to_data
from wizard.profile.models import CheckMark, Profile

ItemStatus = Literal["ok", "warn", "fail", "open", "stale", "unused"]
Overall = Literal["ok", "open", "failed"]
Filter = Literal["all", "open", "failed"]

_SEVERITY: Sequence[ItemStatus] = ("fail", "open", "stale", "warn", "ok", "unused")

WORDS: Mapping[ItemStatus, str] = {
    "ok": N_("passed"),
    "warn": N_("passed, with a remark"),
    "fail": N_("failed"),
    "open": N_("open"),
    "stale": N_("to be confirmed again"),
    "unused": N_("not applicable"),
}
"""Each status in a word, marked for translation; no status is told by colour alone."""

OVERALL_WORDS: Mapping[Overall, str] = {
    "ok": N_("Everything mandatory is proved or confirmed."),
    "open": N_("Nothing failed, but something mandatory is still open."),
    "failed": N_("Something mandatory failed."),
}

FILTERS: Mapping[Filter, frozenset[ItemStatus]] = {
    "all": frozenset(_SEVERITY),
    "open": frozenset({"open", "stale"}),
    "failed": frozenset({"fail"}),
}
"""Which items a filter shows."""


@dataclass(frozen=True)
class Part:
    """One thing that was looked at for an item: a check, this machine, or a person's word."""

    status: ItemStatus
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Standing:
    """How one item stands.

    `checks` are the ids that belong to it, `results` those that ran in this session, `unsettled` those that did not
    pass, now or when the profile was last proved.
    """

    item: Item
    status: ItemStatus
    message: str
    hint: str
    checks: tuple[str, ...]
    results: tuple[Result, ...]
    unsettled: tuple[str, ...]
    confirmation: Confirmation | None
    stale: bool
    asked: bool
    """Whether a person's word counts for this item here."""
    proof: Proof | None = None
    """What "Prove it" found last, where this item is about that."""

    @property
    def blocks(self) -> bool:
        """True while a mandatory item is not proved, confirmed or not applicable."""
        return self.item.mandatory and self.status not in ("ok", "warn", "unused")

    def to_json(self) -> dict[str, Any]:
        """An item in the answer of `aps-wizard checklist --json`; a contract."""
        said = self.confirmation
        return {
            "id": self.item.id,
            "status": self.status,
            "title": _(self.item.title),
            "why": _(self.item.why),
            "mandatory": self.item.mandatory,
            "rules": list(self.item.rules),
            "message": self.message,
            "hint": self.hint,
            "asked": self.asked,
            "checks": [result.to_json() for result in self.results],
            "confirmation": said
            and {"by": said.by, "at": said.at.isoformat(), "evidence": said.evidence, "stale": self.stale},
            "proof": self.proof
            and {
                "account": self.proof.account,
                "at": self.proof.at.isoformat(),
                "passed": self.proof.passed,
                "failed": list(self.proof.failed),
                "stale": self.stale,
            },
        }


def stand(
    profile: Profile, results: Mapping[str, Result], confirmations: Confirmations, items: Sequence[Item] = ITEMS
) -> tuple[Standing, ...]:
    """Every item in its order. Where no result is given, a mark that the profile keeps and that still holds counts."""
    data = profile_to_data(profile)
    kept = profile.validation.checks if profile.validation else ()
    marks = {mark.id: mark for mark in kept if not validation.is_stale(mark, data)}
    return tuple(
        _stand(
            item,
            profile,
            results,
            marks,
            confirmation=confirmations.of(item.id),
            proof=confirmations.proof if item.proof else None,
        )
        for item in items
    )


def overall(standings: Iterable[Standing]) -> Overall:
    """failed: a mandatory item failed; open: one is neither proved nor confirmed; else ok."""
    blocking = [standing.status for standing in standings if standing.blocks]
    if "fail" in blocking:
        return "failed"
    return "open" if blocking else "ok"


def shown(standings: Iterable[Standing], wanted: Filter) -> tuple[Standing, ...]:
    """The items that a filter shows."""
    return tuple(standing for standing in standings if standing.status in FILTERS[wanted])


def to_run_again(standings: Iterable[Standing]) -> tuple[str, ...]:
    """The checks that did not pass, or were kept from running by one that did not; none of those that nobody ran."""
    return tuple(dict.fromkeys(id_ for standing in standings for id_ in standing.unsettled))


def when(moment: datetime) -> str:
    """A moment as people write it, in the time of this machine."""
    return i18n.moment(moment)


def _stand(
    item: Item,
    profile: Profile,
    results: Mapping[str, Result],
    marks: Mapping[str, CheckMark],
    *,
    confirmation: Confirmation | None,
    proof: Proof | None,
) -> Standing:
    ids = item.proved_by(all_checks())
    parts = [_of_check(id_, results.get(id_), marks.get(id_)) for id_ in ids]
    seen = item.probe() if item.probe else None
    if seen is not None:
        parts.insert(0, Part("warn" if seen.status == "warn" else "ok", seen.message, seen.hint))
    stale = confirmation is not None and is_stale(confirmation, profile)
    if item.proof:
        stale = proof is not None and is_proof_stale(proof, profile)
        parts.append(_of_proof(proof, stale))
    asked = bool(item.ask) and (item.always_ask or not parts)
    if asked:
        parts.append(_of_person(item, confirmation, stale))
    status, message, hint = _together(parts)
    if not item.used(profile) and status != "warn" and (proof is None or stale):
        # A remark counts all the same: grades that Logix has and the profile says are not used.
        status, message, hint = "unused", _("This profile does not need it."), ""
    found = tuple(results[id_] for id_ in ids if id_ in results)
    told = {id_: mark.status for id_, mark in marks.items()} | {
        result.check.id: result.outcome.status for result in found
    }
    unsettled = tuple(id_ for id_ in ids if told.get(id_, "ok") not in PASSED)
    return Standing(
        item,
        status,
        message,
        hint,
        ids,
        found,
        unsettled,
        confirmation,
        stale,
        asked and status != "unused",
        proof,
    )


def _of_check(id_: str, result: Result | None, mark: CheckMark | None) -> Part:
    check = all_checks()[id_]
    if result is None and mark is None:
        return Part("open", _("Not run yet: {title}.").format(title=_(check.title)), _("Run the checks."))
    if result is None:
        assert mark is not None  # noqa: S101 - one of both is there
        text = _("{title}: as of {when}, kept in the profile.").format(title=_(check.title), when=when(mark.at))
        return Part(_status(mark.status, mark.mandatory), text, _("Run the checks."))
    outcome = result.outcome
    return Part(_status(outcome.status, check.mandatory), outcome.message, outcome.hint)


def _status(status: str, mandatory: bool) -> ItemStatus:
    found: Mapping[str, ItemStatus] = {"ok": "ok", "warn": "warn", "skipped": "open"}
    return found.get(status, "fail" if mandatory else "warn")


def _of_person(item: Item, confirmation: Confirmation | None, stale: bool) -> Part:
    if confirmation is None:
        return Part("open", _("A person has to confirm this."), _(item.ask))
    given = {"by": confirmation.by, "when": when(confirmation.at)}
    if stale:
        text = _("Confirmed by {by} on {when}, but what it covers in the profile changed since.")
        return Part("stale", text.format(**given), _(item.ask))
    text = _("Confirmed by {by} on {when}: {evidence}")
    return Part("ok", text.format(**given, evidence=confirmation.evidence))


def _of_proof(proof: Proof | None, stale: bool) -> Part:
    how = _("Prove it on the page Engine account, or with aps-wizard check --prove.")
    if proof is None:
        return Part("open", _("Not proved yet."), how)
    given = {"account": proof.account, "when": when(proof.at)}
    if stale:
        text = _("Proved as {account} on {when}, but what it covers in the profile changed since.")
        return Part("stale", text.format(**given), how)
    if proof.passed:
        return Part("ok", _("Proved as {account} on {when}: the engines will start.").format(**given))
    titles = [_(check.title) for id_, check in engine_checks().items() if id_ in proof.failed]
    text = _("As {account} on {when} not everything worked: {checks}.")
    return Part("fail", text.format(**given, checks=", ".join(titles) or "-"), how)


def _together(parts: Sequence[Part]) -> tuple[ItemStatus, str, str]:
    """The worst part speaks for the item; where all is well, each of a few, or their number."""
    worst: ItemStatus = min((part.status for part in parts), key=_SEVERITY.index, default="open")
    of_it = [part for part in parts if part.status == worst]
    if worst != "ok":
        return worst, of_it[0].message, of_it[0].hint
    if len(of_it) <= 2:
        return worst, i18n.sentences(*(part.message for part in of_it)), ""
    text = ngettext("The check passed.", "All {count} checks passed.", len(of_it)).format(count=len(of_it))
    return worst, text, ""
