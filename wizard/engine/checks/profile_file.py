"""Can this account read the profile from its file, as the engines do."""

from __future__ import annotations

import os
import stat
from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok, warn
from wizard.i18n import N_
from wizard.profile import store
from wizard.profile.errors import ProfileError


def _run(subject: Subject) -> Outcome:
    try:
        store.read(subject.file)
    except ProfileError as error:
        return unreadable(error)
    if os.name == "posix" and subject.file.stat().st_mode & stat.S_IWOTH:
        message = _("Every account can change the profile {file}.").format(file=subject.file.name)
        return warn("engine.profile_open", message, _("Take the right to write from all but those who configure."))
    return ok("engine.profile_read", _("This account can read the profile."))


def unreadable(error: ProfileError) -> Outcome:
    """What it means that the profile cannot be read."""
    message = _("This account cannot read the profile: {reason}").format(reason=error.problems[0].message)
    hint = _("Give the account the right to read the file and to enter the folders above it.")
    return fail("engine.profile_unreadable", message, hint)


CHECK = Check("engine.profile", N_("Profile readable"), _run, (), needs=("engine.account",), timeout=15)
