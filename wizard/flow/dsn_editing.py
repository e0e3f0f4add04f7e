"""A data source while it is typed, new or to be repaired: its driver's fields, what is wrong, and writing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from gettext import gettext as _
from typing import Any

from wizard.connection.data_sources import DataSource, Driver, Listing, Scope, explain_driver
from wizard.connection.dsn_form import GENERIC, DriverForm, Keyword, fits, form_for
from wizard.connection.dsn_installer import DsnError, Wanted, create, repair, wrong_with
from wizard.flow.data_sources import sentence
from wizard.profile.errors import Problem


@dataclass(frozen=True)
class DsnDraft:
    """What is typed. `values` are by keyword in small letters and survive a change of driver; `source` is the data
    source that is repaired, None for a new one.
    """

    name: str = ""
    driver: str = ""
    scope: Scope = "system"
    values: Mapping[str, str] = field(default_factory=dict)
    source: DataSource | None = None

    def value(self, keyword: Keyword) -> str:
        """What is typed for a keyword; its default while nothing is, but for one that is repaired."""
        typed = self.values.get(keyword.name.casefold())
        return (keyword.default if self.source is None else "") if typed is None else typed


def new_draft(found: Listing, kind: str, database: Mapping[str, Any] | None = None) -> DsnDraft:
    """A new System DSN for a kind of database, with what the profile's section says of its server already."""
    section = database or {}
    values = {keyword: str(section[name]) for name in _FIELDS for keyword in _FIELDS[name] if section.get(name)}
    typed = str(section.get("driver") or "")
    fitting = [driver for driver in found.drivers if fits(kind, driver.name, driver.library)]
    best = min(fitting, key=lambda driver: (bool(driver.problem), driver.name != typed), default=None)
    # Where any driver fits, none is better than another.
    chosen = typed if kind == "odbc" or best is None else best.name
    return DsnDraft(str(section.get("dsn") or ""), chosen, values=values)


_FIELDS = {
    "host": ("host", "server", "servername"),
    "server": ("server", "servername"),
    "service": ("service",),
    "port": ("port",),
    "protocol": ("protocol",),
    "database": ("database",),
    "file": ("database",),
    "client_locale": ("client_locale",),
    "db_locale": ("db_locale",),
}
"""Fields of the section `database`, and the keywords of data sources that hold the same; the last one counts."""


def repair_draft(found: Listing, source: DataSource) -> DsnDraft:
    """A data source as it is, with a driver of its kind that works here where its own does not."""
    values = {name.casefold(): value for name, value in reversed(source.keywords)}
    driver = source.driver
    key = form_for(driver, source.library).key
    if not source.usable and key != GENERIC.key:
        like = [one for one in found.drivers if not one.problem and form_for(one.name, one.library).key == key]
        driver = like[0].name if like else driver
    return DsnDraft(source.name, driver, source.scope, values, source)


def form_of(draft: DsnDraft, found: Listing) -> DriverForm:
    """The form of the driver that is chosen."""
    driver = found.driver(draft.driver)
    return form_for(draft.driver, driver.library if driver else "")


def drivers(draft: DsnDraft, found: Listing) -> tuple[tuple[str, str, str], ...]:
    """Drivers to choose from, those that work first: name, state, and a word for those that do not."""
    offered = [(driver.name, "fail" if driver.problem else "ok", _word(driver)) for driver in found.drivers]
    offered.sort(key=lambda item: item[1] == "fail")
    if draft.driver and not any(name == draft.driver for name, _state, _text in offered):
        by_path = draft.source is not None and draft.source.usable and draft.driver == draft.source.driver
        offered.append((draft.driver, "ok" if by_path else "fail", "" if by_path else _("not installed")))
    return tuple(offered)


def _word(driver: Driver) -> str:
    return _("cannot be loaded") if driver.problem else ""


def kept_keywords(draft: DsnDraft, form: DriverForm) -> tuple[str, ...]:
    """Keywords of a repaired data source that its form has no field for; they stay as they are."""
    if draft.source is None:
        return ()
    names = [name for name, _value in draft.source.keywords if name.casefold() not in ("driver", "driver64")]
    return tuple(name for name in names if form.keyword(name) is None)


def typed(draft: DsnDraft, keyword: str, value: str) -> DsnDraft:
    """The draft with a value for a keyword."""
    return replace(draft, values={**draft.values, keyword.casefold(): value.strip()})


def keywords(draft: DsnDraft, form: DriverForm) -> dict[str, str]:
    """The keywords of the form with what is typed, empty ones too."""
    return {keyword.name: draft.value(keyword) for keyword in form.keywords}


def problems(draft: DsnDraft, found: Listing) -> tuple[Problem, ...]:
    """What is wrong with it; each names name, driver or keywords.NAME as its place."""
    wanted = Wanted(draft.name, draft.driver, keywords(draft, form_of(draft, found)), draft.scope)
    wrong = wrong_with(wanted, found)
    # A name that is there already is as it is.
    return tuple(problem for problem in wrong if draft.source is None or problem.path != "name")


def driver_note(draft: DsnDraft, found: Listing) -> str:
    """Why the chosen driver cannot be used, with the vendor's package; "" when it can."""
    driver = found.driver(draft.driver)
    problem = explain_driver(driver) if driver else None
    if problem:
        return sentence(problem)
    if driver is None and draft.driver:
        return next((sentence(one) for one in problems(draft, found) if one.path == "driver"), "")
    return ""


def save(draft: DsnDraft, found: Listing) -> DataSource:
    """Write it and read it back; blocks. Raises DsnError with every problem; nothing is written then."""
    wrong = problems(draft, found)
    if wrong:
        raise DsnError(*wrong)
    given = keywords(draft, form_of(draft, found))
    if draft.source is None:
        return create(Wanted(draft.name, draft.driver, given, draft.scope))
    driver = draft.driver if draft.driver != draft.source.driver else ""
    changes = {name: value or None for name, value in given.items()}
    return repair(draft.source, changes, driver, drop_password="odbc.password_stored" in draft.source.problems)


def by_place(error: DsnError) -> dict[str, str]:
    """What is wrong, by place: name, driver, keywords.NAME, and "" for what belongs to no field."""
    told: dict[str, str] = {}
    for problem in error.problems:
        place = problem.path if problem.path in ("name", "driver") or problem.path.startswith("keywords.") else ""
        told[place] = f"{told[place]}\n{sentence(problem)}" if place in told else sentence(problem)
    return told
