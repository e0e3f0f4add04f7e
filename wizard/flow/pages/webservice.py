"""The web service that orders are sent to."""

from __future__ import annotations

from wizard.flow.step import LIMITS, SECONDS, Field, Step
from wizard.i18n import N_

STEP = Step(
    id="webservice",
    order=50,
    title=N_("Web service"),
    instruction=N_("Give the address that orders are sent to"),
    sections=("webservice",),
    checks=("webservice.production_order", "webservice.purchase_order"),
    questions=(
        Field(
            "webservice.url",
            N_("Address (URL)"),
            help=N_("URLLocation of TotvsAppServer.ini on the Logix server."),
            example="http://servidor:8080/ws",
        ),
        Field("webservice.user", N_("User"), help=N_("Only when the server asks for one.")),
        Field("webservice.password", N_("Password"), "secret"),
        Field("webservice.connect_timeout", N_("To connect"), "number", unit=SECONDS, group=LIMITS),
        Field("webservice.read_timeout", N_("For an answer"), "number", unit=SECONDS, group=LIMITS),
        Field(
            "webservice.tls.verify",
            N_("Check the server's certificate"),
            "switch",
            group=N_("Secure connection (https)"),
        ),
        Field(
            "webservice.tls.ca_file",
            N_("CA file of the customer"),
            "file",
            help=N_("Only when the certificate is signed by the customer."),
            group=N_("Secure connection (https)"),
        ),
    ),
)
