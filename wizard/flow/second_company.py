"""A profile for another company of the same Logix: what has to be another value than in the first, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from gettext import gettext as _
from pathlib import Path

from wizard.flow import state as flow
from wizard.flow.state import State, edit, problems, value_of
from wizard.flow.step import Field
from wizard.flow.steps import BY_ID, form
from wizard.i18n import N_
from wizard.profile.errors import Problem
from wizard.secrets.references import SECRET_FIELDS

_OWN = N_("What is this company's own")
_PASSWORDS = N_("Passwords: leave them as they are where both companies use the same login")
_ASKED = ("name", "company.logix", "company.site", "environment", "aps.url")
_HELP = {"aps.url": N_("One APS database serves one company. Empty: a SQLite file beside the new profile.")}


@dataclass(frozen=True)
class Copy:
    """A copy that is being asked about: the new session, and the document of the first company."""

    state: State
    first: flow.Data

    @property
    def first_name(self) -> str:
        """The name of the profile that is copied."""
        return str(value_of(self.first, "name") or "")


def begin(path: Path) -> Copy:
    """A copy of a profile, still without what is asked. Raises ProfileError."""
    state = flow.duplicate_profile(path)
    first = flow.open_profile(path).data
    return Copy(state, first)


def questions(copy: Copy) -> tuple[Field, ...]:
    """What is asked: name, company, site, environment, APS store, and the passwords that the first one has."""
    known = {field.path: field for step in BY_ID for field in form(step, copy.first)}
    own = (replace(known[path], group=_OWN, help=_HELP.get(path, known[path].help)) for path in _ASKED)
    kept = [path for path in SECRET_FIELDS if path in known and value_of(copy.first, path)]
    titles = {path: N_("Password of the database") for path in kept}
    titles |= {
        "aps.password": N_("Password of the APS store"),
        "webservice.password": N_("Password of the web service"),
    }
    titles["webservice.key_password"] = N_("Password of the key")
    return (*own, *(replace(known[path], label=titles[path], group=_PASSWORDS) for path in kept))


def wrong(copy: Copy) -> tuple[Problem, ...]:
    """What still keeps the copy from being one: of the questions asked, and values that must differ from the first."""
    asked = {field.path for field in questions(copy)}
    found = [problem for problem in problems(copy.state) if problem.path in asked]
    for path, message in (
        ("company.logix", _("The first profile has this company.")),
        ("aps.url", _("The first company fills this APS store.")),
    ):
        value = value_of(copy.state.data, path)
        if value and value == value_of(copy.first, path):
            found.append(Problem("same_as_first", message, path, action=_("Give that of the other company.")))
    return tuple(found)


def typed(copy: Copy, path: str, value: object) -> Copy:
    """The copy with an answer."""
    return replace(copy, state=edit(copy.state, path, value))


def still_to_do(copy: Copy) -> str:
    """What the new profile needs before it can be proved, for the page that opens."""
    if value_of(copy.first, "grades.enabled"):
        return _("The copy is not written yet. Go on with Next; the grade types are imported for the new company.")
    return _("The copy is not written yet. Go on with Next.")
