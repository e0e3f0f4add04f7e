"""The connection to the Logix database; what is asked follows from the fields of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.flow.model_facts import Facts, facts, kind_of
from wizard.flow.step import Field, Step, Widget
from wizard.i18n import N_
from wizard.profile.database import KINDS
from wizard.profile.database_kind import Ask, DatabaseKind
from wizard.secrets.references import SECRET_FIELDS

KIND = Field(
    "database.kind",
    N_("Kind of database"),
    "choice",
    choices=tuple((key, kind.TITLE) for key, kind in KINDS.items()),
    leads=True,
)


def _questions(data: Mapping[str, Any]) -> tuple[Field, ...]:
    return (KIND, *_of_kind(kind_of(data)))


def _of_kind(kind: type[DatabaseKind]) -> Iterator[Field]:
    document = {"database": {"kind": kind.model_fields["kind"].default}}
    for name, field in kind.model_fields.items():
        ask = next((item for item in field.metadata if isinstance(item, Ask)), None)
        if ask:
            path = f"database.{name}"
            known = facts(path, document)
            yield Field(
                path,
                ask.label,
                _widget(path, known, ask),
                help=ask.help or (kind.ADVICE if name == "isolation" else ""),
                choices=tuple((value, ask.choices[value]) for value in known.choices),
                unit=ask.unit,
                example=ask.example,
                group=ask.group,
            )


def _widget(path: str, known: Facts, ask: Ask) -> Widget:
    if ask.picks:
        return ask.picks
    if path in SECRET_FIELDS:
        return "secret"
    if known.choices:
        return "choice"
    if known.minimum is not None:
        return "number"
    return "switch" if isinstance(known.default, bool) else "text"


STEP = Step(
    id="database",
    order=30,
    title=N_("Database"),
    instruction=N_("Connect to the Logix database"),
    sections=("database",),
    checks=(
        "database.address",
        "database.reachable",
        "database.driver",
        "database.data_source",
        "database.login",
        "database.isolation",
        "database.charset",
        "database.company",
        "database.tables",
        "database.keys",
        "database.read_only",
        "database.throughput",
    ),
    questions=_questions,
)
