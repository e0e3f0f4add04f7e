"""Production order service: is it published."""

from __future__ import annotations

from wizard.i18n import N_
from wizard.webservice.service_check import service_check

CHECK = service_check("production_order", N_("Production order service"))
