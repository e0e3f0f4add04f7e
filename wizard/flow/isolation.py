"""Which isolation levels the database page offers, and what it says of them once a test has asked the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from wizard.connection.isolation_levels import Levels
from wizard.connection.odbc_session import LEVELS
from wizard.flow.model_facts import facts, kind_of
from wizard.profile.database_kind import ISOLATION_LEVELS


@dataclass(frozen=True)
class Asked:
    """What the server answered, and the section `database` that it was asked with."""

    levels: Levels
    section: Mapping[str, Any]


def known(data: Mapping[str, Any], asked: Asked | None) -> Levels | None:
    """The answer, while it holds: what a driver offers does not depend on the level that is chosen."""
    if asked is None:
        return None
    now = data.get("database")
    return asked.levels if isinstance(now, Mapping) and _bare(now) == _bare(asked.section) else None


def choices(data: Mapping[str, Any], asked: Asked | None = None) -> tuple[tuple[str, str], ...]:
    """Levels with their labels: those of the kind, once a test was made only those that the driver reports too.

    A level that ODBC has no number for is not reported by any driver and stays; so does the one that is
    chosen, with a remark, and all of them where the driver reports nothing.
    """
    levels = known(data, asked)
    chosen = _chosen(data)
    offered = []
    for level in facts("database.isolation", data).choices:
        label = _(ISOLATION_LEVELS[level])
        reported = levels is None or not levels.offered or level not in LEVELS or level in levels.offered
        if reported:
            offered.append((level, label))
        elif level == chosen:
            offered.append((level, _("{level} - not offered by the driver").format(level=label)))
    return tuple(offered)


def note(data: Mapping[str, Any], asked: Asked | None) -> tuple[str, str]:
    """State and sentence under the choice; "" as state is silence, which is what an untested connection gets."""
    levels = known(data, asked)
    if levels is None or asked is None:
        return "", ""
    chosen, tested = _chosen(data), str(asked.section.get("isolation") or _default(data))
    texts, state = [], "info"
    if chosen != tested:
        texts.append(_("This level was not tested yet: test again to see what takes effect."))
    elif levels.in_force and chosen in ("server_default", levels.in_force):
        state = "ok"
        texts.append(_("In force after the test: {level} (read back).").format(level=_label(levels.in_force)))
    elif levels.in_force:
        state = "warn"
        text = _("Chosen is {chosen}, but in force after the test is {level} (read back).")
        texts.append(text.format(chosen=_label(chosen), level=_label(levels.in_force)))
    else:
        texts.append(_("Asked for: {level}; the server does not tell what is in force.").format(level=_label(chosen)))
    if levels.offered and chosen in LEVELS and chosen not in levels.offered:
        state = "warn"
        offered = ", ".join(_label(level) for level in levels.offered)
        texts.append(_("The driver does not offer it. It offers: {levels}.").format(levels=offered))
    if levels.default:
        texts.append(_("Default of the server: {level}.").format(level=_label(levels.default)))
    else:
        texts.append(_("The driver does not tell the default of the server."))
    kind = kind_of(data)
    if kind.RECOMMENDED and chosen != kind.RECOMMENDED:
        state = "warn"
        texts.append(_(kind.ADVICE))
    return state, " ".join(texts)


def _chosen(data: Mapping[str, Any]) -> str:
    section = data.get("database")
    return str((section.get("isolation") if isinstance(section, Mapping) else "") or _default(data))


def _default(data: Mapping[str, Any]) -> str:
    return str(facts("database.isolation", data).default)


def _label(level: str) -> str:
    return _(ISOLATION_LEVELS.get(level, level))


def _bare(section: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in section.items() if name != "isolation"}
