"""Does the Logix company of the profile exist in this database."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok
from wizard.connection.limits import query_seconds
from wizard.connection.session import ConnectionFailed, logix
from wizard.i18n import N_


def _run(subject: Subject) -> Outcome:
    from sqlalchemy import select

    from wizard.connection.logix_tables import EMPRESA

    code = subject.profile.company.logix
    try:
        with logix(subject) as connection:
            # A short table: read whole, so that a miss can name what is there.
            rows = connection.execute(select(EMPRESA.c.cod_empresa, EMPRESA.c.den_empresa)).all()
    except ConnectionFailed as error:
        return error.outcome
    companies = {str(row[0]).strip(): str(row[1] or "").strip() for row in rows}
    if code in companies:
        message = _("Company {code} is {name}.").format(code=code, name=companies[code] or "?")
        return ok("company.found", message, companies=len(companies))
    message = _("Logix has no company {code}.").format(code=code)
    known = ", ".join(sorted(companies)[:20])
    hint = (
        _("Companies of this database: {codes}.").format(codes=known)
        if known
        else _("The table empresa is empty: is this the right database?")
    )
    return fail("company.missing", message, hint, companies=len(companies))


CHECK = Check(
    "database.company",
    N_("Company exists"),
    _run,
    ("company", "database"),
    needs=("database.login",),
    timeout=query_seconds,
)
