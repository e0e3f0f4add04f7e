"""What every page asks, as data: the window draws it, and the command line takes the same paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any, Literal

from wizard.flow.model_facts import has_field
from wizard.flow.steps import BY_ID, step_of
from wizard.i18n import N_
from wizard.profile.database import KINDS
from wizard.profile.entities import ENTITIES

Widget = Literal["text", "choice", "number", "switch", "secret", "notes", "date", "file", "folder"]


@dataclass(frozen=True)
class Field:
    """One question. `label` and `help` are marked for translation; `choices` pairs values with labels.

    `unit` stands behind a number; `example` inside an empty text; `group` heads fields that belong together;
    `leads` says that its answer changes the questions that follow.
    """

    path: str
    label: str
    widget: Widget = "text"
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    example: str = ""
    group: str = ""
    leads: bool = False


_LEVELS = {
    "server_default": N_("Server default"),
    "read_uncommitted": N_("Read Uncommitted (dirty read)"),
    "read_committed": "Read Committed",
    "repeatable_read": "Repeatable Read",
    "snapshot": "Snapshot",
    "serializable": "Serializable",
}
_SECONDS = N_("seconds")
_LIMITS = N_("Time limits")

COMPANY = (
    Field(
        "name", N_("Name of this profile"), help=N_("The file of a new profile is named after it."), example="Matriz"
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
    Field("notes", N_("Notes"), "notes"),
)

KIND_OF_DATABASE = Field(
    "database.kind",
    N_("Kind of database"),
    "choice",
    choices=(
        ("informix", "Informix"),
        ("oracle", "Oracle"),
        ("sqlserver", "SQL Server"),
        ("odbc", N_("Other, through ODBC")),
        ("sqlite", N_("SQLite file (demo)")),
    ),
    leads=True,
)

_DSN_HELP = N_("Exactly the name of the ODBC data source. Make it a System DSN, so that the engines see it too.")

_DATABASE: Mapping[str, tuple[Field, ...]] = {
    "informix": (
        Field("database.dsn", N_("Data source name (DSN)"), help=_DSN_HELP, example="LOGIX"),
        Field("database.database", N_("Database"), help=N_("Only when the DSN does not name it.")),
    ),
    "oracle": (
        Field("database.host", N_("Server"), example="srvoracle"),
        Field("database.port", N_("Port"), "number"),
        Field("database.service", N_("Service name"), example="logix"),
        Field("database.tns", N_("or TNS alias"), help=N_("Instead of server, port and service.")),
        Field("database.dsn", N_("or data source name (DSN)"), help=N_("Instead of both, through ODBC.")),
        Field("database.client_folder", N_("Instant Client folder"), "folder", help=N_("Only for old servers.")),
    ),
    "sqlserver": (
        Field("database.dsn", N_("Data source name (DSN)"), help=N_("Or driver and server below.")),
        Field("database.driver", N_("ODBC driver"), example="ODBC Driver 18 for SQL Server"),
        Field("database.host", N_("Server"), example="srvsql"),
        Field("database.port", N_("Port"), "number"),
        Field("database.instance", N_("Instance")),
        Field("database.database", N_("Database"), example="logix"),
        Field(
            "database.authentication",
            N_("Login by"),
            "choice",
            choices=(("sql", N_("User and password")), ("windows", N_("Windows account of the engines"))),
        ),
        Field(
            "database.encrypt",
            N_("Encryption"),
            "choice",
            choices=(("mandatory", N_("Mandatory")), ("optional", N_("Optional")), ("strict", N_("Strict (TDS 8)"))),
        ),
        Field("database.trust_server_certificate", N_("Trust any certificate of the server"), "switch"),
    ),
    "odbc": (
        Field("database.dsn", N_("Data source name (DSN)"), help=_DSN_HELP),
        Field("database.database", N_("Database"), help=N_("Only when the DSN does not name it.")),
    ),
    "sqlite": (
        Field("database.file", N_("Database file"), "file", help=N_("A relative path starts at the profile's folder.")),
    ),
}

_LOGIN = (
    Field("database.user", N_("User"), help=N_("A user that may only read is enough and is safer.")),
    Field("database.password", N_("Password"), "secret"),
)

_DATABASE_LIMITS = (
    Field("database.login_timeout", N_("For the login"), "number", unit=_SECONDS, group=_LIMITS),
    Field("database.query_timeout", N_("For a query"), "number", unit=_SECONDS, group=_LIMITS),
    Field("database.lock_wait", N_("For a locked row"), "number", unit=_SECONDS, group=_LIMITS),
)

APS = (
    Field(
        "aps.url",
        N_("Address of the APS store"),
        help=N_("Empty: a SQLite file beside the profile. Else a SQLAlchemy URL without password."),
        example="postgresql+psycopg://aps@server/aps01",
    ),
    Field("aps.password", N_("Password"), "secret"),
)

WEBSERVICE = (
    Field(
        "webservice.url",
        N_("Address (URL)"),
        help=N_("URLLocation of TotvsAppServer.ini on the Logix server."),
        example="http://servidor:8080/ws",
    ),
    Field("webservice.user", N_("User"), help=N_("Only when the server asks for one.")),
    Field("webservice.password", N_("Password"), "secret"),
    Field("webservice.connect_timeout", N_("To connect"), "number", unit=_SECONDS, group=_LIMITS),
    Field("webservice.read_timeout", N_("For an answer"), "number", unit=_SECONDS, group=_LIMITS),
    Field(
        "webservice.tls.verify", N_("Check the server's certificate"), "switch", group=N_("Secure connection (https)")
    ),
    Field(
        "webservice.tls.ca_file",
        N_("CA file of the customer"),
        "file",
        help=N_("Only when the certificate is signed by the customer."),
        group=N_("Secure connection (https)"),
    ),
)

GRADES = (Field("grades.enabled", N_("Items of this company use grades (colour, size, ...)"), "switch"),)

_ENTITIES = N_("Entities of the update")
_CONFIRMATION = N_("Confirmation")

OPTIONS = (
    Field(
        "update.all_grades",
        N_("Update all grades of the item"),
        "switch",
        help=N_("All combinations, with or without demand: a much larger update, and possibly many planned orders."),
        group=N_("Update"),
    ),
    Field("update.calendar_years_back", N_("Calendar, years back"), "number", unit=N_("years"), group=N_("Update")),
    Field(
        "update.calendar_years_forward", N_("Calendar, years forward"), "number", unit=N_("years"), group=N_("Update")
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
    *(Field(f"update.entities.{entity.key}", entity.name, "switch", group=_ENTITIES) for entity in ENTITIES),
)

ENGINE = (
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
)

_FORMS = {
    "company": COMPANY,
    "aps": APS,
    "webservice": WEBSERVICE,
    "grades": GRADES,
    "options": OPTIONS,
    "engine": ENGINE,
}


def form(step: str, data: Mapping[str, Any]) -> tuple[Field, ...]:
    """The questions of a step; those of the database follow the kind that `data` names."""
    if step != "database":
        return _FORMS.get(step, ())
    database = data.get("database")
    kind = database.get("kind") if isinstance(database, Mapping) else None
    kind = kind if kind in KINDS else "informix"
    fields = (KIND_OF_DATABASE, *_DATABASE[kind], *_LOGIN, isolation(kind), *_DATABASE_LIMITS)
    return tuple(field for field in fields if has_field(field.path, data))


def label(path: str, data: Mapping[str, Any]) -> str:
    """Page and question of a path, as a person knows them: "Web service - Address (URL)"; else the path itself."""
    step = step_of(path)
    asked = next((field for field in form(step, data) if field.path == path), None)
    return f"{_(BY_ID[step].title)} - {_(asked.label)}" if asked else path


def isolation(kind: str) -> Field:
    """The isolation levels that a kind allows, with the manual's recommendation."""
    values = KINDS[kind].model_fields["isolation"].annotation
    texts = {
        "informix": N_("Recommended: Read Uncommitted, so that a row being edited does not stop the update (-244)."),
        "oracle": N_("Oracle readers never wait for writers: Read Uncommitted does not exist and is not needed."),
    }
    choices = tuple((level, _LEVELS[level]) for level in getattr(values, "__args__", ()))
    return Field("database.isolation", N_("Isolation level"), "choice", help=texts.get(kind, ""), choices=choices)
