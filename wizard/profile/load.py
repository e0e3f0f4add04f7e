"""From text to a Profile and back: all errors at once, each with line and path; never a rejected value."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from gettext import gettext as _
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from wizard.profile.database import KINDS
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.messages import explain
from wizard.profile.migrations import migrate
from wizard.profile.models import Profile
from wizard.profile.yaml_text import Path, dump, parse, path_text

Model = TypeVar("Model", bound=BaseModel)

HEADER = """\
# Perfil do aps-wizard: uma empresa Logix, uma base do APS.
# Ao gravar, comentários escritos à mão não são mantidos: use o campo notes.
"""


def profile_from_text(text: str) -> Profile:
    """Parse, migrate and type the text of a profile. Raises ProfileError with every problem found."""
    document = parse(text)
    try:
        data = migrate(document.data)
    except ProfileError as error:
        raise ProfileError(replace(p, line=document.lines.get(("version",), 1)) for p in error.problems) from None
    return profile_from_data(data, document.lines)


def profile_from_data(data: Mapping[str, Any], lines: Mapping[Path, int] | None = None) -> Profile:
    """Type a plain document. Raises ProfileError with every problem found."""
    return typed(Profile, data, lines)


def typed(model: type[Model], data: Mapping[str, Any], lines: Mapping[Path, int] | None = None) -> Model:
    """Type a plain document as a model, with every problem at its place, as a profile is. Raises ProfileError."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        places = {path_text(path): line for path, line in (lines or {}).items()}
        found = [_problem(model, item, places) for item in error.errors(include_input=False, include_url=False)]
    raise ProfileError(sorted(found, key=lambda problem: problem.line or 0))


def profile_to_data(profile: Profile) -> dict[str, Any]:
    """Plain data in the order of the model: what is not set is left out, moments are UTC to the second."""
    return plain(profile)


def plain(model: BaseModel) -> dict[str, Any]:
    """Any model as plain data, in the same way."""
    data = model.model_dump(mode="python", exclude_none=True)
    return {key: _plain(value) for key, value in data.items()}


def profile_to_text(profile: Profile) -> str:
    """The YAML text that is written. The same profile gives the same text."""
    return dump(profile_to_data(profile), HEADER)


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _ if hasattr(value, "isoformat"):
            return value.isoformat()
        case _:
            return value


def _problem(model: type[BaseModel], error: Mapping[str, Any], places: Mapping[str, int]) -> Problem:
    path = tuple(part for index, part in enumerate(error["loc"]) if not _is_union_tag(error["loc"], index))
    context = dict(error.get("ctx", {}))
    inner = str(context.pop("at", ""))
    kind = error["type"]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        inner = "kind"
    text = ".".join(part for part in (path_text(path), inner) if part)
    action = _nearest(model, error["loc"]) if kind == "extra_forbidden" else ""
    return Problem(kind, explain(kind, text, context), text, _line(text, path, places), action=action)


def _is_union_tag(location: Path, index: int) -> bool:
    return index == 1 and location[0] == "database" and location[1] in KINDS


def _line(text: str, path: Path, places: Mapping[str, int]) -> int | None:
    """The line of the value itself, or else of the section that it is missing from."""
    while text not in places and path:
        text, path = path_text(path), path[:-1]
    return places.get(text, 1 if places else None)


def _nearest(model: type[BaseModel], location: Path) -> str:
    *parents, key = location
    near = difflib.get_close_matches(str(key), _known_keys(model, tuple(parents)), n=1, cutoff=0.6)
    return _("Did you mean '{key}'?").format(key=near[0]) if near else ""


def _known_keys(model: Any, parents: Path) -> list[str]:
    for part in parents:
        if isinstance(part, int):
            continue
        model = KINDS[part] if part in KINDS else _model_of(model.model_fields[part].annotation)
        if model is None:
            return []
    return list(model.model_fields)


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as `tuple[GradeType, ...]` or `Validation | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _model_of(inner)
        if found:
            return found
    return None
