"""The words for what is kept as a code: environment, kind of database, state of the validation, a system's refusal."""

from __future__ import annotations

from gettext import gettext as _

from wizard.flow.steps import form
from wizard.i18n import N_, sentences
from wizard.profile.database import KINDS
from wizard.profile.store import io_problem

_ENVIRONMENTS = dict(next(field.choices for field in form("company", {}) if field.path == "environment"))
_VALIDATION = {
    "never": N_("not validated"),
    "failed": N_("checks failed"),
    "stale": N_("validation outdated"),
    "passed": N_("validated"),
}


def refusal(error: OSError) -> str:
    """What the system refused and what to do about it, instead of its own words, which are in its own language."""
    problem = io_problem("refused", None, error)
    return sentences(problem.message, problem.action)


def environment(code: object) -> str:
    """production -> Produção; "" for anything else than an environment."""
    return _(_ENVIRONMENTS[code]) if isinstance(code, str) and code in _ENVIRONMENTS else ""


def kind(code: str) -> str:
    """sqlserver -> SQL Server."""
    return _(KINDS[code].TITLE) if code in KINDS else code


def validation(state: str) -> str:
    """passed -> validado."""
    return _(_VALIDATION[state])
