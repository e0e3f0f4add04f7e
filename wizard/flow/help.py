"""The help: pages of Markdown in resources/help, one folder for each language, and which section solves which code.

A heading ends in its anchor: `## Driver {#driver}`. A link is `[text](database.md#driver)`, a picture the name of a
file in resources/pictures/<language>. A section is named as in a link, without `.md`: "database#driver".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from wizard.i18n import LANGUAGES, in_force
from wizard.resources import folder

_HEADING = re.compile(r"^(#+ .*?)\s*\{#([a-z0-9-]+)\}\s*$", re.MULTILINE)

SECTIONS: tuple[tuple[str, str], ...] = (
    # Patterns of codes; the first that fits counts.
    ("company.*", "company#missing"),
    ("profile.*", "company#file"),
    ("program.bits", "database#driver"),
    ("program.windows", "prerequisites#list"),
    ("program.*", "program#fault"),
    ("crashed", "program#fault"),
    ("timed_out", "program#time"),
    ("cancelled", "program#time"),
    ("needs_failed", "checklist#states"),
    ("not_asked", "checklist#confirm"),
    ("not_confirmed", "checklist#confirm"),
    ("diagnostics.*", "checklist#report"),
    ("aps.*", "aps#faults"),
    ("store.*", "aps#faults"),
    ("database.driver_crashed", "program#fault"),
    ("database.driver*", "database#driver"),
    ("database.client_needed", "database#driver"),
    ("odbc.driver_not_registered", "database#driver"),
    ("odbc.library*", "database#driver"),
    ("odbc.no_driver", "database#driver"),
    ("odbc.other_bitness", "database#driver"),
    ("odbc.*", "database#data-source"),
    ("dsn.*", "database#data-source"),
    ("database.*dsn*", "database#data-source"),
    ("database.named_elsewhere", "database#data-source"),
    ("database.alias_unknown", "database#data-source"),
    ("database.option_wrong", "database#data-source"),
    ("paste.*", "database#paste"),
    ("database.login*", "database#login"),
    ("database.account_locked", "database#login"),
    ("database.password_expired", "database#login"),
    ("database.database_denied", "database#login"),
    ("database.machine_denied", "database#login"),
    ("database.isolation*", "database#isolation"),
    ("database.text_*", "database#text"),
    ("database.charset*", "database#text"),
    ("database.locale", "database#text"),
    ("database.value_no_fit", "database#text"),
    ("database.keys*", "database#keys"),
    ("database.*table*", "database#rights"),
    ("database.*column*", "database#rights"),
    ("database.rights_unknown", "database#rights"),
    ("database.read_only", "database#rights"),
    ("database.can_write", "database#rights"),
    ("database.*file*", "database#kind"),
    ("database.not_found", "database#kind"),
    ("database.row_locked", "database#busy"),
    ("database.query_timeout", "database#busy"),
    ("database.too_many_connections", "database#busy"),
    ("database.server_full", "database#busy"),
    ("database.slow", "database#busy"),
    ("database.speed", "database#busy"),
    ("database.*", "database#network"),
    ("webservice.proxy*", "webservice#proxy"),
    ("webservice.by_proxy", "webservice#proxy"),
    ("webservice.tls*", "webservice#tls"),
    ("webservice.*https", "webservice#tls"),
    ("webservice.plain", "webservice#tls"),
    ("webservice.client_*", "webservice#tls"),
    ("webservice.ca_file", "webservice#tls"),
    ("webservice.login*", "webservice#login"),
    ("webservice.forbidden", "webservice#login"),
    ("webservice.version*", "webservice#versions"),
    ("webservice.*wsdl*", "webservice#services"),
    ("webservice.*index*", "webservice#services"),
    ("webservice.*service*", "webservice#services"),
    ("webservice.no_operation", "webservice#services"),
    ("webservice.no_soap", "webservice#services"),
    ("webservice.listed", "webservice#services"),
    ("webservice.published", "webservice#services"),
    ("webservice.addresses*", "webservice#services"),
    ("webservice.not_found", "webservice#address"),
    ("webservice.html", "webservice#address"),
    ("webservice.redirect*", "webservice#address"),
    ("webservice.*", "webservice#network"),
    ("files.*", "webservice#files"),
    ("ini.*", "webservice#files"),
    ("pro.*", "webservice#files"),
    ("grades.csv*", "grades#csv"),
    ("grades.*reference*", "grades#references"),
    ("references.*", "grades#references"),
    ("grades.too_long", "grades#combinations"),
    ("grades.fit", "grades#size"),
    ("grades.near_limit", "grades#size"),
    ("grades.overflow", "grades#size"),
    ("grades.*", "grades#import"),
    ("engine.dsn*", "engine#data-source"),
    ("engine.logs*", "engine#files"),
    ("engine.profile*", "engine#files"),
    ("engine.*account*", "engine#account"),
    ("engine.*", "engine#proof"),
    ("secret.*", "passwords#faults"),
    ("secret_missing", "passwords#faults"),
    ("backup.*", "review#backup"),
    ("changed_meanwhile", "review#conflict"),
    ("read_back_differs", "review#unwritable"),
    ("unwritable", "review#unwritable"),
    ("exists", "company#file"),
    ("same_as_first", "company#missing"),
    ("duplicate_key", "company#file"),
    ("locked", "start#unreadable"),
    ("newer_version", "start#unreadable"),
    ("version_unknown", "start#unreadable"),
    ("no_version", "start#unreadable"),
    ("not_found", "start#unreadable"),
    ("unreadable", "start#unreadable"),
)


@dataclass(frozen=True)
class Page:
    """One page of the help: Markdown without the anchors, and the anchors with the number of their heading."""

    name: str
    title: str
    text: str
    anchors: dict[str, int]


def section_of(code: str) -> str:
    """The section that solves a code of a problem or an outcome; "" when there is none."""
    return next((section for pattern, section in SECTIONS if fnmatchcase(code, pattern)), "")


def names(language: str | None = None) -> tuple[str, ...]:
    """The pages there are in a language."""
    return tuple(sorted(file.stem for file in (folder() / "help" / _written(language)).glob("*.md")))


@cache
def _read(language: str, name: str) -> Page:
    source = (folder() / "help" / language / f"{name}.md").read_text("utf-8")
    lines = [line for line in source.splitlines() if re.match(r"#+ ", line)]
    anchors = {found[2]: number for number, line in enumerate(lines) if (found := _HEADING.match(line))}
    return Page(name, lines[0].lstrip("# "), _HEADING.sub(r"\1", source), anchors)


def read(name: str, language: str | None = None) -> Page:
    """A page in a language, by default the one in force. FileNotFoundError: there is none of this name."""
    return _read(_written(language), name)


def picture(name: str, language: str | None = None) -> Path:
    """The file of a picture of the help, in the language of its pages."""
    return folder() / "pictures" / _written(language) / name


def _written(language: str | None) -> str:
    """The language, or English where the help is not written in it."""
    wanted = language or in_force()
    return wanted if wanted in LANGUAGES and (folder() / "help" / wanted).is_dir() else "en"
