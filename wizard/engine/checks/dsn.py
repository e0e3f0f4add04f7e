"""Does this account see the ODBC data source of the profile, in the bitness of this program."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok, warn
from wizard.connection.data_sources import explain, listing
from wizard.connection.library_file import PROGRAM_BITS
from wizard.i18n import N_


def _run(subject: Subject) -> Outcome:
    name = subject.profile.database.data_source()
    if not name:
        return ok("engine.dsn_none", _("This database needs no ODBC data source (DSN)."))
    source = listing().named(name)
    if source is None:
        message = _("This account sees no DSN named {name}.").format(name=name)
        hint = _("Make it a System DSN of {bits} bit: a user DSN is seen only by the account that made it.")
        return fail("engine.dsn_unseen", message, hint.format(bits=PROGRAM_BITS))
    if not source.usable:
        problem = explain(source)[0]
        return fail(problem.code, problem.message, problem.action)
    if source.bits not in (PROGRAM_BITS, None):
        message = _("The DSN {name} is of {bits} bit.").format(name=name, bits=source.bits)
        return fail(
            "engine.dsn_bits", message, _("Make it again as a System DSN of {bits} bit.").format(bits=PROGRAM_BITS)
        )
    if source.name != name:
        message = _("The DSN is written {found} there, not {name}.").format(found=source.name, name=name)
        return warn("engine.dsn_written_otherwise", message, _("Write it in the profile exactly as it is there."))
    return ok("engine.dsn_seen", _("This account sees the DSN {name}.").format(name=name), driver=source.driver)


CHECK = Check("engine.dsn", N_("DSN visible"), _run, ("database",), needs=("engine.account",), timeout=15)
