"""Do the sizes hold the contents, and do the references of every combination in use fit the item code."""

from __future__ import annotations

from gettext import gettext as _
from gettext import ngettext

from wizard.checklist.check import Check, Outcome, Subject, fail, ok, warn
from wizard.grades.capacity import CAPACITY, GRADE_LENGTH, SCHEME_END_3, longest, overflows, too_long
from wizard.grades.item_code import long_items_text
from wizard.i18n import N_


def _run(subject: Subject) -> Outcome:
    grades = subject.profile.grades
    if not grades.enabled:
        return ok("grades.unused", _("The company uses no grades."))
    if not grades.types:
        message = _("Grades are switched on, but no grade type was imported.")
        return fail("grades.not_imported", message, _("Import the grade types on the page Grade types."))
    for over in overflows(grades):
        message = _("{type}: {contents} contents do not fit; this size holds {capacity}.")
        hint = _("Choose a larger size for this type.")
        text = message.format(type=over.description or over.code, contents=over.contents, capacity=over.capacity)
        return fail("grades.overflow", text, hint, type=over.code)
    names = {grade.code: grade.description or str(grade.code) for grade in grades.types}
    for long in too_long(grades):
        text = _("{types}: {length} characters together; an item code has room for {room}.").format(
            types=" + ".join(names[code] for code in long.codes), length=long.length, room=GRADE_LENGTH
        )
        hint = _("Choose smaller sizes. With five grades every one gets 3 characters (manual, 1.9).")
        return fail("grades.too_long", text, hint)
    if grades.long_items:
        text = long_items_text(grades.long_items)
        return warn("grades.long_items", text, _("Give the item a shorter code in Logix."))
    for grade in grades.types:
        if grade.size == 3 and grade.contents > SCHEME_END_3:
            message = _("{type}: {contents} contents are near the end of size 3 ({capacity}).")
            text = message.format(type=names[grade.code], contents=grade.contents, capacity=CAPACITY[3])
            return warn("grades.near_limit", text, _("Prefer size 4 for this type."), type=grade.code)
    message = ngettext(
        "The one grade type fits; it takes {length} of {room} characters.",
        "All {count} grade types fit; the longest combination takes {length} of {room} characters.",
        len(grades.types),
    )
    text = message.format(count=len(grades.types), length=longest(grades), room=GRADE_LENGTH)
    return ok("grades.fit", text)


CHECK = Check(
    "grades.sizes", N_("Grade sizes fit"), _run, ("grades",), needs=("profile.valid",), timeout=10, isolated=False
)
