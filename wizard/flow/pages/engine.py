"""The account that runs the engines at night."""

from __future__ import annotations

from wizard.flow.step import Field, Step
from wizard.i18n import N_

STEP = Step(
    id="engine",
    order=80,
    title=N_("Engine account"),
    instruction=N_("Say which account runs the engines at night"),
    sections=("engine_account",),
    checks=("secret.readable",),
    questions=(
        Field(
            "engine_account.kind",
            N_("The engines run as"),
            "choice",
            choices=(
                ("current", N_("The account that uses this wizard")),
                ("user", N_("Another user")),
                ("service", N_("A service account")),
                ("gmsa", N_("A group managed service account (gMSA)")),
            ),
        ),
        Field(
            "engine_account.name",
            N_("Name of the account"),
            help=N_("With its domain. Not needed for the account that uses this wizard."),
            example="DOMINIO\\svc-aps",
        ),
    ),
)
