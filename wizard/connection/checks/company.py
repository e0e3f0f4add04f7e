"""Does the Logix company of the profile exist in this database."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok
from wizard.connection.limits import query_seconds
from wizard.connection.locked_rows import reader
from wizard.connection.session import ConnectionFailed
from wizard.i18n import N_


def _run(subject: Subject) -> Outcome:
    from wizard.connection.logix_tables import companies as query

    code = subject.profile.company.logix
    try:
        with reader(subject) as logix:
            # A short table: read whole, so that a miss can name what is there.
            rows = logix.ask(lambda connection: connection.execute(query()).all())
    except ConnectionFailed as error:
        return error.outcome
    companies = {str(row[0]).strip(): str(row[1] or "").strip() for row in rows}
    if code in companies:
        message = _("Company {code} is {name}.").format(code=code, name=companies[code] or "?")
        return ok("company.found", message, companies=len(companies), **logix.details())
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
    shares="database",
)
