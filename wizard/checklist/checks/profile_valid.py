"""Is the profile itself sound: it survives being written and read, nothing in it contradicts the manual, and its
file is changed by nobody who should not.
"""

from __future__ import annotations

import contextlib
import os
import stat
from gettext import gettext as _
from pathlib import Path

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
    if open_file := _open_to_all(subject.file):
        message = _("Every account of this machine can change {file}, and with it what the engines read and write.")
        hint = _("Take the right to write away from others: chmod o-w {file}")
        return warn("profile.writable_by_all", message.format(file=open_file), hint.format(file=open_file))
    return ok("profile.ok", _("The profile is complete."))


def _open_to_all(file: Path) -> Path | None:
    """The file or its folder, when its bits let everybody write; None where access lists rule, as on Windows."""
    if os.name == "posix":
        for path in (file, file.absolute().parent):
            mode = 0
            with contextlib.suppress(OSError):  # a profile that was not written yet
                mode = path.stat().st_mode
            # In a folder for all with the sticky bit nobody replaces the file of another.
            if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
                return path
    return None


CHECK = Check("profile.valid", N_("Profile"), _run, ("company", "database", "update"), timeout=10, isolated=False)
