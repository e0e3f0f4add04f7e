"""The web service that orders are sent to."""

from __future__ import annotations

from wizard.flow.step import LIMITS, SECONDS, Field, Step
from wizard.i18n import N_
from wizard.webservice.address import normal_form

STEP = Step(
    id="webservice",
    order=50,
    title=N_("Web service"),
    instruction=N_("Give the address that orders are sent to"),
    sections=("webservice",),
    checks=(
        "webservice.index",
        "webservice.production_order",
        "webservice.purchase_order",
        "webservice.addresses",
        "webservice.versions",
    ),
    questions=(
        Field(
            "webservice.url",
            N_("Address (URL)"),
            help=N_("URLLocation of TotvsAppServer.ini on the Logix server. An address of a browser will do as well."),
            example="http://servidor:8080/ws",
            normal=normal_form,
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
            help=N_("Only when the certificate is signed by the customer and this machine does not know it."),
            group=N_("Secure connection (https)"),
        ),
        Field(
            "webservice.tls.client_certificate",
            N_("Client certificate"),
            "file",
            help=N_("Only when the server asks for one: a PEM file, with its key or without."),
            group=N_("Secure connection (https)"),
        ),
        Field(
            "webservice.tls.client_key",
            N_("Its key"),
            "file",
            help=N_("Only when the file of the certificate does not hold it."),
            group=N_("Secure connection (https)"),
        ),
        Field(
            "webservice.key_password",
            N_("Password of the key"),
            "secret",
            help=N_("Only when the key is protected by one."),
            group=N_("Secure connection (https)"),
        ),
    ),
)
