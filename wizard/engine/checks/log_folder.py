"""Can this account write the logs of the machine: a night without a log cannot be explained."""

from __future__ import annotations

import os
import tempfile
from gettext import gettext as _

from wizard import log
from wizard.checklist.check import Check, Outcome, Subject, fail, ok
from wizard.i18n import N_


def _run(subject: Subject) -> Outcome:  # noqa: ARG001 - the shape of every check
    place = log.machine_folder()
    try:
        # A file that is really made: access lists and quotas are not told by asking for rights.
        descriptor, name = tempfile.mkstemp(prefix=".aps-wizard-", dir=place)
        os.close(descriptor)
        os.unlink(name)  # noqa: PTH108 - a name, as mkstemp gives it
    except OSError as error:
        message = _("This account cannot write to the log folder {folder}.").format(folder=place)
        hint = _("Create the folder as administrator and let this account create files in it.")
        return fail("engine.logs_unwritable", message, hint, original=error.strerror or "")
    return ok("engine.logs_writable", _("This account can write to the log folder."), folder=place)


CHECK = Check("engine.logs", N_("Log folder writable"), _run, (), needs=("engine.account",), timeout=15)
