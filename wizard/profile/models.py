"""The profile itself: every section, its fields, limits and defaults. Frozen; texts are typed here alone."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from wizard.profile.database import Database
from wizard.profile.entities import EntitySwitches
from wizard.profile.fields import (
    ColumnName,
    CompanyCode,
    Day,
    Line,
    Moment,
    Note,
    ProfileName,
    Seconds,
    SecretRef,
    Section,
    SiteCode,
    StoreUrl,
    WebUrl,
    whole_number,
)

CURRENT_VERSION: Literal[1] = 1

MAX_SLOTS = 5
"""Logix holds at most five grades per item (1.9)."""


class Company(Section):
    """The Logix company that this profile serves; one APS database belongs to one company (R-GEN-02)."""

    logix: CompanyCode
    site: SiteCode


class ApsStore(Section):
    """The APS store that the update engine fills. Without a URL: a SQLite file beside the profile."""

    url: StoreUrl | None = None
    password: SecretRef | None = None


class Service(Section):
    """One web service of Logix: its name there, and the version of the message that is sent (R-CFG-06)."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
    version: Annotated[str, Field(pattern=r"^[0-9]{1,2}\.[0-9]{3}$")]


class Tls(Section):
    """How the certificate of an https address is proved."""

    verify: bool = True
    ca_file: Line | None = None
    client_certificate: Line | None = None
    """The certificate that this machine shows where the server asks for one: a PEM file, with the key or beside it."""
    client_key: Line | None = None
    """Its key, where that stands in a file of its own; `webservice.key_password` opens it."""


class Webservice(Section):
    """The web service of Logix; the address is URLLocation of TotvsAppServer.ini (R-PRE-08)."""

    url: WebUrl
    production_order: Service = Service(name="PRODUCTIONORDER", version="2.000")
    purchase_order: Service = Service(name="PURCHASEORDER", version="1.007")
    connect_timeout: Seconds = 10
    read_timeout: Seconds = 60
    tls: Tls = Tls()
    user: Line | None = None
    password: SecretRef | None = None
    key_password: SecretRef | None = None
    """Opens the key of the client certificate."""


class GradeType(Section):
    """A grade type of `ctr_grade`, with the two values that Logix does not send: indicator and size (R-1.9-11)."""

    code: Annotated[int, Field(ge=0, le=99999)]
    """cod_grade, Number(5)."""
    description: Annotated[str, Field(max_length=60)]
    content_table: ColumnName
    code_column: ColumnName
    description_column: ColumnName
    per_company: bool
    indicator: Annotated[str, Field(pattern=r"^[0-9A-Z]$")]
    size: Annotated[Literal[3, 4, 5], BeforeValidator(whole_number)]
    """Characters of a reference (R-1.9-04)."""
    contents: Annotated[int, Field(ge=0)] = 0
    """How many contents the last import saw."""


Combination = Annotated[tuple[Annotated[int, Field(ge=0, le=99999)], ...], Field(min_length=1, max_length=MAX_SLOTS)]
"""Grade type codes in the order of the slots 1 to 5 of an item."""


class Grades(Section):
    """Grade types of the company. A company without grades leaves this off (R-PRE-10)."""

    enabled: bool = False
    types: Annotated[tuple[GradeType, ...], Field(max_length=500)] = ()
    combinations: Annotated[tuple[Combination, ...], Field(max_length=5000)] = ()
    """The combinations of types that items of the company use."""
    long_items: Annotated[int, Field(ge=0)] = 0
    """Items whose code has more than 15 characters, when the types were imported (R-1.10-09)."""
    imported_at: Moment | None = None
    imported_from: Line | None = None

    @model_validator(mode="after")
    def _unique(self) -> Self:
        codes = [grade.code for grade in self.types]
        found = [
            *_twice(codes, "code"),
            *_twice([grade.indicator for grade in self.types], "indicator"),
            *(
                _refusal("unknown_type", ("combinations", index))
                for index, combination in enumerate(self.combinations)
                if not set(codes).issuperset(combination)
            ),
        ]
        if found:
            raise ValidationError.from_exception_data("Grades", found, hide_input=True)
        return self


def _twice(values: list[int] | list[str], field: str) -> list[InitErrorDetails]:
    again = [index for index, value in enumerate(values) if value in values[:index]]
    return [_refusal(f"{field}_twice", ("types", index, field)) for index in again]


def _refusal(kind: str, at: tuple[str | int, ...]) -> InitErrorDetails:
    return InitErrorDetails(type=PydanticCustomError(kind, "refused"), loc=at, input=None)


class Update(Section):
    """What the update (DB0200) brings in, and from when to when."""

    all_grades: bool = False
    """"Atualizar todas as grades do item" (R-1.10-03, R-1.10-05)."""
    entities: EntitySwitches = EntitySwitches()
    calendar_years_back: Annotated[int, Field(ge=0, le=50)] = 10
    calendar_years_forward: Annotated[int, Field(ge=1, le=50)] = 10
    """Ten years each way (R-1.2-03)."""
    reference_date: Day | None = None
    """Default: the day of the run."""


class Confirmation(Section):
    """The options of DB0202 that apply to Logix. Firm operations and order type exist for Protheus and Datasul only."""

    create_orders: bool = True
    """Criar Novas Ordens de Produção."""
    release_schedule: bool = True
    """Liberar Programação de Novas Ordens no SFC."""
    update_orders: bool = True
    """Atualizar Ordens Existentes."""
    delete_orders: bool = True
    """Eliminar Ordens Existentes; when off the candidates are only listed (DB0297, "OP à Eliminar")."""
    cutoff_date: Day | None = None
    horizon_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    """Data de Corte: a date, or days after the reference date; without either every planned order is sent."""

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if self.cutoff_date is not None and self.horizon_days is not None:
            raise PydanticCustomError("two_limits", "date and horizon", {"at": "horizon_days"})
        return self


class EngineAccount(Section):
    """The account that the engines run under at night."""

    kind: Literal["current", "user", "service", "gmsa"] = "current"
    name: Line | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.kind != "current" and self.name is None:
            raise PydanticCustomError("missing", "required", {"at": "name"})
        return self


class CheckMark(Section):
    """The result of one check, with the sections that it covered and the hash that they had."""

    id: Line
    status: Literal["ok", "warn", "fail", "skipped", "crashed"]
    code: Line
    mandatory: bool
    at: Moment
    version: Line
    """When, and with which version of the program: results of several runs stand side by side."""
    covers: tuple[Line, ...]
    inputs: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Validation(Section):
    """When and with which version the profile was last proved, and every result that still held then."""

    at: Moment
    version: Line
    checks: Annotated[tuple[CheckMark, ...], Field(max_length=200)] = ()


class Profile(Section):
    """Everything that the engines obey for one Logix company."""

    version: Annotated[Literal[1], BeforeValidator(whole_number)] = CURRENT_VERSION
    name: ProfileName
    customer: Line | None = None
    """Whose implementation this is, as the report for them says."""
    erp: Literal["logix"] = "logix"
    environment: Literal["production", "test"]
    notes: Note = ""
    company: Company
    database: Database
    aps: ApsStore = ApsStore()
    webservice: Webservice
    grades: Grades = Grades()
    update: Update = Update()
    confirmation: Confirmation = Confirmation()
    engine_account: EngineAccount = EngineAccount()
    validation: Validation | None = None
