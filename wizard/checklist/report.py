"""The checklist as one HTML file that stands by itself and prints on A4, for the customer and for a support ticket.

Jinja escapes every value; what a server says of itself is a value like any other. Nothing is loaded from elsewhere.
"""

from __future__ import annotations

import platform
import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from wizard import __version__, i18n
from wizard.checklist.details import DETAILS, told
from wizard.checklist.redact import cleaner
from wizard.checklist.run import Result
from wizard.checklist.share import profile_text, visible
from wizard.checklist.standing import OVERALL_WORDS, WORDS, Standing, overall, when
from wizard.i18n import N_
from wizard.profile.database import KINDS
from wizard.profile.models import Profile
from wizard.resources import folder

if TYPE_CHECKING:
    from markupsafe import Markup

ICONS = {
    "ok": "ok",
    "warn": "warn",
    "fail": "fail",
    "crashed": "fail",
    "open": "pending",
    "stale": "warn",
    "unused": "skipped",
    "skipped": "skipped",
}
"""The file of resources/icons for each status of an item or a check."""

CHECK_WORDS = {
    "ok": lambda: _("passed"),
    "warn": lambda: _("passed, with a remark"),
    "fail": lambda: _("failed"),
    "skipped": lambda: _("not run"),
    "crashed": lambda: _("ended unexpectedly"),
}

ENVIRONMENTS = {"production": lambda: _("Production"), "test": lambda: _("Testing")}

_TEXTS = {
    "title": N_("Support checklist"),
    "list": N_("Items"),
    "to_do": N_("What to do:"),
    "evidence": N_("Evidence:"),
    "versions": N_("Versions"),
    "profile": N_("Profile, without passwords"),
}
"""The words of the template, which is no place that texts are collected from."""

_VERSIONS = ("server", "driver", "isolation", "charset")
"""The details of checks that say which server, driver and level are in use."""


def html(profile: Profile, file: str, standings: Sequence[Standing], at: datetime | None) -> str:
    """The report in the language in force.

    `file` is shown as the file of the profile; `at` is when the checks ran, None when they never did.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder() / "report"), autoescape=True, undefined=StrictUndefined, finalize=_clean
    )
    found = overall(standings)
    template = environment.get_template("checklist.html.j2")
    text: str = template.render(
        texts={name: _(text) for name, text in _TEXTS.items()},
        language=i18n.in_force().replace("_", "-"),
        program=__version__,
        name=profile.customer or profile.name,
        overall=_(OVERALL_WORDS[found]),
        overall_class={"failed": "fail"}.get(found, found),
        facts=_facts(profile, file, standings, at),
        items=[_item(standing) for standing in standings],
        versions=versions(result for standing in standings for result in standing.results),
        profile=profile_text(profile),
    )
    return text


def versions(results: Iterable[Result]) -> list[tuple[str, str]]:
    """Program, machine, driver, database and web server, each with its version, as far as they tell it."""
    found = [
        ("aps-wizard", __version__),
        # `platform.architecture` and `platform.platform` start programs, which would inherit variables with secrets.
        ("Python", f"{platform.python_version()} ({struct.calcsize('P') * 8}bit)"),
        (_("System"), f"{platform.system()} {platform.release()} {platform.version()} ({platform.machine()})"),
    ]
    said: dict[tuple[str, str], str] = {}
    for result in results:
        for name in _VERSIONS:
            value = result.outcome.details.get(name)
            if value:
                said[_(result.check.title), name] = value
    return found + [(f"{title} - {_(DETAILS[name].title)}", value) for (title, name), value in said.items()]


def _facts(profile: Profile, file: str, standings: Sequence[Standing], at: datetime | None) -> list[tuple[str, str]]:
    company = next(
        (r for s in standings for r in s.results if r.check.id == "database.company" and r.passed),
        None,
    )
    code = profile.company.logix
    return [
        (_("Customer"), profile.customer or profile.name),
        (_("Company"), f"{code} - {company.outcome.message}" if company else code),
        (_("APS site"), profile.company.site),
        (_("Environment"), ENVIRONMENTS[profile.environment]()),
        (_("Database"), _(KINDS[profile.database.kind].TITLE)),
        (_("Web service"), profile.webservice.url),
        (_("Checked"), when(at) if at else _("not yet")),
        (_("Machine"), platform.node()),
        (_("Program"), f"aps-wizard {__version__}"),
        (_("Profile"), file),
    ]


def _item(standing: Standing) -> dict[str, Any]:
    said = standing.confirmation if standing.asked else None
    if said and said.evidence in standing.message:
        said = None  # it is told already
    return {
        "id": standing.item.id,
        "status": standing.status,
        "icon": _icon(standing.status),
        "word": _(WORDS[standing.status]),
        "title": _(standing.item.title),
        "need": _("mandatory") if standing.item.mandatory else _("recommended"),
        "why": _(standing.item.why),
        "message": standing.message,
        "hint": standing.hint,
        "confirmation": {"by": said.by, "at": when(said.at), "evidence": said.evidence} if said else None,
        "checks": [_check(result) for result in standing.results] if standing.status != "unused" else [],
    }


def _check(result: Result) -> dict[str, Any]:
    outcome = result.outcome
    details: Mapping[str, str] = outcome.details if outcome.status != "ok" else {}
    return {
        "status": {"crashed": "fail", "skipped": "unused"}.get(outcome.status, outcome.status),
        "icon": _icon(outcome.status),
        "word": CHECK_WORDS[outcome.status](),
        "title": _(result.check.title),
        "message": outcome.message,
        "hint": outcome.hint if outcome.status != "ok" else "",
        "details": [f"{title}: {text}" for title, text in told(details)],
    }


def _icon(status: str) -> Markup:
    """A picture of the program's own, in the colour of the text around it: the only markup that is not escaped."""
    from markupsafe import Markup

    svg = (folder() / "icons" / f"{ICONS[status]}.svg").read_text("utf-8")
    return Markup(svg.replace("<svg", '<svg width="12" height="12" aria-hidden="true"', 1))  # noqa: S704 - a file of the program


def _clean(value: Any) -> Any:
    """The last gate of every value: what is not seen is made visible, and what follows PWD= is masked."""
    return value if not isinstance(value, str) or hasattr(value, "__html__") else _MASK(visible(value, 20_000))


_MASK = cleaner((), ())
