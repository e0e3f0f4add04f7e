"""What the update reads and the confirmation sends."""

from __future__ import annotations

from wizard.flow.step import Field, Step
from wizard.i18n import N_
from wizard.profile.entities import ENTITIES

_ENTITIES_READ = N_("Entities of the update")
_CONFIRMATION = N_("Confirmation")

STEP = Step(
    id="options",
    order=70,
    title=N_("Update and confirmation"),
    instruction=N_("Choose what is read from Logix and what is sent back"),
    sections=("update", "confirmation"),
    questions=(
        Field(
            "update.all_grades",
            N_("Update all grades of the item"),
            "switch",
            help=N_(
                "All combinations, with or without demand: a much larger update, and possibly many planned orders."
            ),
            group=N_("Update"),
        ),
        Field("update.calendar_years_back", N_("Calendar, years back"), "number", unit=N_("years"), group=N_("Update")),
        Field(
            "update.calendar_years_forward",
            N_("Calendar, years forward"),
            "number",
            unit=N_("years"),
            group=N_("Update"),
        ),
        Field(
            "update.reference_date",
            N_("Reference date"),
            "date",
            help=N_("Empty: the day of each run."),
            group=N_("Update"),
        ),
        Field("confirmation.create_orders", N_("Create new production orders"), "switch", group=_CONFIRMATION),
        Field(
            "confirmation.release_schedule",
            N_("Release the schedule of new orders to the shop floor"),
            "switch",
            group=_CONFIRMATION,
        ),
        Field("confirmation.update_orders", N_("Change existing orders"), "switch", group=_CONFIRMATION),
        Field(
            "confirmation.delete_orders",
            N_("Delete existing orders"),
            "switch",
            help=N_("When off, the candidates are only listed."),
            group=_CONFIRMATION,
        ),
        Field(
            "confirmation.horizon_days",
            N_("Horizon of the confirmation"),
            "number",
            unit=N_("days"),
            help=N_("Days after the reference date; or a cut-off date, not both."),
            group=_CONFIRMATION,
        ),
        Field("confirmation.cutoff_date", N_("Cut-off date"), "date", group=_CONFIRMATION),
        *(Field(f"update.entities.{entity.key}", entity.name, "switch", group=_ENTITIES_READ) for entity in ENTITIES),
    ),
)
