"""Where the update writes what it reads."""

from __future__ import annotations

from wizard.flow.step import Field, Step
from wizard.i18n import N_

STEP = Step(
    id="aps",
    order=40,
    title=N_("APS store"),
    instruction=N_("Choose where the update writes what it reads"),
    sections=("aps",),
    checks=("aps.store",),
    questions=(
        Field(
            "aps.url",
            N_("Address of the APS store"),
            help=N_("Empty: a SQLite file beside the profile. Else a SQLAlchemy URL without password."),
            example="postgresql+psycopg://aps@server/aps01",
        ),
        Field("aps.password", N_("Password"), "secret"),
    ),
)
