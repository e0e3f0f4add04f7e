"""The steps of the wizard, in order, each with the sections it fills and the checks its Test button runs."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.i18n import N_


@dataclass(frozen=True)
class Step:
    """One page. `sections` are the top-level keys of the profile it fills; `checks` what Test runs here."""

    id: str
    title: str
    instruction: str
    sections: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


STEPS = (
    Step("start", N_("Start"), N_("Choose what to do")),
    Step("prerequisites", N_("Prerequisites"), N_("See what has to be in place before the integration can work")),
    Step(
        "company",
        N_("Company"),
        N_("Say which Logix company this profile is for"),
        ("version", "name", "erp", "environment", "notes", "company"),
    ),
    Step(
        "database",
        N_("Database"),
        N_("Connect to the Logix database"),
        ("database",),
        ("database.login", "database.company"),
    ),
    Step("aps", N_("APS store"), N_("Choose where the update writes what it reads"), ("aps",), ("aps.store",)),
    Step(
        "webservice",
        N_("Web service"),
        N_("Give the address that orders are sent to"),
        ("webservice",),
        ("webservice.production_order", "webservice.purchase_order"),
    ),
    Step(
        "grades",
        N_("Grade types"),
        N_("Import the grade types and give each one its size"),
        ("grades",),
        ("grades.ctr_grade", "grades.sizes"),
    ),
    Step(
        "options",
        N_("Update and confirmation"),
        N_("Choose what is read from Logix and what is sent back"),
        ("update", "confirmation"),
    ),
    Step(
        "engine",
        N_("Engine account"),
        N_("Say which account runs the engines at night"),
        ("engine_account",),
        ("secret.readable",),
    ),
    Step("review", N_("Review and write"), N_("Check the result and write the profile")),
)

IDS = tuple(step.id for step in STEPS)
BY_ID = {step.id: step for step in STEPS}


def step_of(path: str) -> str:
    """The step where a path of the profile is filled in: "database.dsn" -> "database". Unknown keys: "review"."""
    section = path.partition(".")[0].partition("[")[0]
    return next((step.id for step in STEPS if section in step.sections), "review")
