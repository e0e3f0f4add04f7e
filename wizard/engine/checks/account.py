"""Is the account that runs this the one that the profile names: else nothing here proves anything."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok
from wizard.engine.account import own_name, same
from wizard.i18n import N_
from wizard.secrets.references import engine_account


def _run(subject: Subject) -> Outcome:
    wanted, here = engine_account(subject.profile), own_name()
    if wanted is None or same(wanted, here):
        return ok("engine.account_right", _("These checks run as {account}.").format(account=here))
    message = _("These checks run as {here}; the engines run as {wanted}.").format(here=here, wanted=wanted)
    return fail("engine.other_account", message, _("Run the command as the engines' account."))


CHECK = Check("engine.account", N_("Engines' account"), _run, ("engine_account",), timeout=15)
