"""Are the versions of the messages those of the integration: ProductionOrder 2.000 and PurchaseOrder 1.007."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok
from wizard.i18n import N_
from wizard.webservice.faults import fault

PRODUCTION_ORDER, PURCHASE_ORDER = "2.000", "1.007"
"""R-CFG-06. What the server accepts cannot be asked without sending it a message."""


def _run(subject: Subject) -> Outcome:
    settings = subject.profile.webservice
    found = (settings.production_order.version, settings.purchase_order.version)
    if found != (PRODUCTION_ORDER, PURCHASE_ORDER):
        expected = f"ProductionOrder {PRODUCTION_ORDER}, PurchaseOrder {PURCHASE_ORDER}"
        return fault("webservice.version_differs", expected=expected, found=", ".join(found))
    return ok("webservice.versions", _("Message versions: production order 2.000, purchase order 1.007."))


CHECK = Check(
    "webservice.versions",
    N_("Message versions"),
    _run,
    ("webservice",),
    needs=("profile.valid",),
    isolated=False,
)
