"""Can the grade types of the company be read, and are there any although the profile says that it uses none."""

from __future__ import annotations

from gettext import gettext as _
from gettext import ngettext

from wizard.checklist.check import Check, Outcome, Subject, fail, ok, warn
from wizard.connection.limits import query_seconds
from wizard.connection.locked_rows import reader
from wizard.connection.session import ConnectionFailed
from wizard.i18n import N_


def _run(subject: Subject) -> Outcome:
    from wizard.connection.logix_tables import grade_type_count

    enabled = subject.profile.grades.enabled
    query = grade_type_count(subject.profile.company.logix)
    try:
        with reader(subject) as logix:
            count = int(logix.ask(lambda connection: connection.execute(query).scalar_one()))
    except ConnectionFailed as error:
        if not enabled and error.outcome.code in ("database.no_table", "database.table_denied"):
            return ok("grades.unused", _("The company uses no grades."))
        return error.outcome
    if count and enabled:
        message = ngettext(
            "Logix has {count} grade type for this company.", "Logix has {count} grade types for this company.", count
        )
        return ok("grades.readable", message.format(count=count), types=count, **logix.details())
    if count:
        message = ngettext(
            "Logix has {count} grade type for this company, but the profile says it uses none.",
            "Logix has {count} grade types for this company, but the profile says it uses none.",
            count,
        )
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
    shares="database",
)
