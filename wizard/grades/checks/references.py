"""Do the references in the APS store stand for the types of the profile: given, same size, same indicator."""

from __future__ import annotations

from gettext import gettext as _
from gettext import ngettext

from wizard.checklist.check import Check, Outcome, Subject, fail, ok, warn
from wizard.i18n import N_


def _run(subject: Subject) -> Outcome:
    from wizard.grades.reference_store import StoreFailed, stored

    grades = subject.profile.grades
    if not grades.enabled or not grades.types:
        return ok("grades.unused", _("There are no grade types to give references for."))
    try:
        found = stored(subject)
    except StoreFailed as error:
        return error.outcome
    known = {row.code: row for row in found.types if row.active}
    waiting = [grade for grade in grades.types if grade.code not in known]
    if waiting:
        message = _("References were not given yet for: {types}.")
        text = message.format(types=", ".join(grade.description or str(grade.code) for grade in waiting))
        return warn("grades.no_references", text, _("Apply the import on the page Grade types."), types=len(waiting))
    other = [
        grade
        for grade in grades.types
        if (known[grade.code].size, known[grade.code].indicator) != (grade.size, grade.indicator)
    ]
    if other:
        message = _("The references of these types have another size or indicator than the profile: {types}.")
        text = message.format(types=", ".join(grade.description or str(grade.code) for grade in other))
        hint = _("Set size and indicator back, or apply the import and confirm the renumbering.")
        return fail("grades.references_differ", text, hint, types=len(other))
    count = sum(table.num_rows for table in found.contents.values())
    message = ngettext("{count} reference is kept.", "{count} references are kept.", count)
    return ok("grades.references", message.format(count=count), references=count)


CHECK = Check(
    "grades.references",
    N_("Grade references"),
    _run,
    ("grades", "aps", "company"),
    needs=("aps.store", "grades.sizes"),
    mandatory=False,
    timeout=60,
)
