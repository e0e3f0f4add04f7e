"""Can the grade types of the company be read, and are there any although the profile says that it uses none."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok, warn
from wizard.connection.limits import query_seconds
from wizard.connection.session import ConnectionFailed, logix
from wizard.i18n import N_


def _run(subject: Subject) -> Outcome:
    from sqlalchemy import func, select

    from wizard.connection.logix_tables import CTR_GRADE

    enabled = subject.profile.grades.enabled
    query = select(func.count()).select_from(CTR_GRADE).where(CTR_GRADE.c.cod_empresa == subject.profile.company.logix)
    try:
        with logix(subject) as connection:
            count = int(connection.execute(query).scalar_one())
    except ConnectionFailed as error:
        if not enabled and error.outcome.code == "database.no_table":
            return ok("grades.unused", _("The company uses no grades."))
        return error.outcome
    if count and enabled:
        return ok(
            "grades.readable", _("Logix has {count} grade types for this company.").format(count=count), types=count
        )
    if count:
        message = _("Logix has {count} grade types for this company, but the profile says it uses none.")
        hint = _("If items are planned by colour, size or the like, switch grades on and import the types.")
        return warn("grades.switched_off", message.format(count=count), hint, types=count)
    if enabled:
        message = _("Logix has no grade types for this company.")
        hint = _("Switch grades off, or check the company code and MAN10068 in Logix.")
        return fail("grades.none", message, hint)
    return ok("grades.unused", _("The company uses no grades."))


CHECK = Check(
    "grades.ctr_grade",
    N_("Grade types readable"),
    _run,
    ("company", "database", "grades"),
    needs=("database.company",),
    timeout=query_seconds,
)
