"""What the profile's model says of a field, for the forms: default, limits, choices. Nothing is declared twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from wizard.profile.database import DEFAULT_KIND, KINDS
from wizard.profile.database_kind import DatabaseKind
from wizard.profile.models import Profile


@dataclass(frozen=True)
class Facts:
    """Default (None: there is none), limits of a number, longest text, allowed values, and whether it is required."""

    default: Any
    minimum: int | None
    maximum: int | None
    longest: int | None
    choices: tuple[str, ...]
    required: bool


def facts(path: str, data: Mapping[str, Any]) -> Facts:
    """The facts of a field; `data` tells which kind of database is meant. KeyError: no such field."""
    *parents, name = path.split(".")
    model: type[BaseModel] = Profile
    for part in parents:
        model = kind_of(data) if part == "database" else _inner_model(model.model_fields[part])
    field = model.model_fields[name]
    metadata = [*field.metadata, *_inner_metadata(field.annotation)]
    default = None if field.is_required() else field.get_default()
    return Facts(
        default=default if isinstance(default, str | int | bool) else None,
        minimum=next((int(item.ge) for item in metadata if isinstance(item, Ge)), None),  # type: ignore[call-overload]
        maximum=next((int(item.le) for item in metadata if isinstance(item, Le)), None),  # type: ignore[call-overload]
        # A field may narrow the limit of its type: `Annotated[Line, Field(max_length=60)]`.
        longest=min((item.max_length for item in metadata if isinstance(item, MaxLen)), default=None),
        choices=_literals(field.annotation),
        required=field.is_required(),
    )


def has_field(path: str, data: Mapping[str, Any]) -> bool:
    """Whether the profile has this field, for the kind of database that `data` names."""
    try:
        facts(path, data)
    except (KeyError, TypeError):
        return False
    return True


def kind_of(data: Mapping[str, Any]) -> type[DatabaseKind]:
    """The kind of database that a document names; the usual one while it names none."""
    database = data.get("database")
    kind = database.get("kind") if isinstance(database, Mapping) else None
    return KINDS[kind if isinstance(kind, str) and kind in KINDS else DEFAULT_KIND]


def _inner_model(field: FieldInfo) -> type[BaseModel]:
    annotation = field.annotation
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    raise TypeError("the field holds no section")


def _inner_metadata(annotation: Any) -> list[Any]:
    """Metadata of `Annotated[...] | None`: pydantic keeps it inside the union."""
    found: list[Any] = []
    for argument in get_args(annotation):
        for item in getattr(argument, "__metadata__", ()):
            found.extend(item.metadata if isinstance(item, FieldInfo) else [item])
    return found


def _literals(annotation: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in get_args(annotation)) if get_origin(annotation) is Literal else ()
