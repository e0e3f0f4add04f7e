"""Is the profile itself sound: it survives being written and read, and nothing in it contradicts the manual."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok, warn
from wizard.i18n import N_
from wizard.profile.entities import ENTITIES
from wizard.profile.load import profile_from_text, profile_to_text


def _run(subject: Subject) -> Outcome:
    profile = subject.profile
    if profile_from_text(profile_to_text(profile)) != profile:
        message = _("The profile does not survive being written and read.")
        return fail("profile.round_trip", message, _("Report this: it is a fault of the program."))
    company = profile.company.logix
    if company != company.upper():
        message = _("The company code {code} has small letters.").format(code=company)
        hint = _("Key fields of Logix should be in capitals: APS does not tell a from A.")
        return warn("profile.lower_case", message, hint)
    missing = [
        entity.name
        for entity in ENTITIES
        if entity.key in profile.database.NOT_OFFERED and getattr(profile.update.entities, entity.key)
    ]
    if missing:
        message = _("Switched on, but cannot be imported from {kind}: {entities}.")
        text = message.format(kind=_(profile.database.TITLE), entities=", ".join(missing))
        return warn("profile.not_offered", text, _("Switch these entities off and register them in APS."))
    return ok("profile.ok", _("The profile is complete."))


CHECK = Check("profile.valid", N_("Profile"), _run, ("company", "database", "update"), timeout=10, isolated=False)
