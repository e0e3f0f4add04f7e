"""The Logix company that the profile serves."""

from __future__ import annotations

from wizard.flow.step import Field, Step
from wizard.i18n import N_

STEP = Step(
    id="company",
    order=20,
    title=N_("Company"),
    instruction=N_("Say which Logix company this profile is for"),
    sections=("version", "name", "customer", "erp", "environment", "notes", "company"),
    questions=(
        Field(
            "name",
            N_("Name of this profile"),
            help=N_("The file of a new profile is named after it."),
            example="Matriz",
        ),
        Field(
            "customer",
            N_("Customer"),
            help=N_("Stands at the head of the report for the customer. Not needed."),
            example="Confecções Serra Azul Ltda.",
        ),
        Field(
            "environment",
            N_("Environment"),
            "choice",
            choices=(("production", N_("Production")), ("test", N_("Testing"))),
        ),
        Field(
            "company.logix",
            N_("Logix company"),
            help=N_("Code of the company in Logix (LOG00083), one or two characters. 01 is not 1."),
            example="01",
        ),
        Field(
            "company.site",
            N_("APS site"),
            help=N_("The establishment of APS (DB1000). One APS database serves one Logix company."),
            example="01",
        ),
        Field("notes", N_("Notes"), "notes", help=N_("For people only; the engines do not read them.")),
    ),
)
