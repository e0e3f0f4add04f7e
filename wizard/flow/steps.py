"""The steps of the wizard in their order. A new one is a module of `flow/pages` that defines STEP."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from wizard.flow import pages
from wizard.flow.step import Field, Step


def _found() -> tuple[Step, ...]:
    modules = (
        importlib.import_module(f"{pages.__name__}.{info.name}") for info in pkgutil.iter_modules(pages.__path__)
    )
    return tuple(sorted((module.STEP for module in modules), key=lambda step: step.order))


STEPS = _found()
IDS = tuple(step.id for step in STEPS)
BY_ID = {step.id: step for step in STEPS}


def step_of(path: str) -> str:
    """The step where a path of the profile is filled in: "database.dsn" -> "database". Unknown keys: "review"."""
    section = path.partition(".")[0].partition("[")[0]
    return next((step.id for step in STEPS if section in step.sections), "review")


def form(step: str, data: Mapping[str, Any]) -> tuple[Field, ...]:
    """The questions of a step; those of the database follow the kind that `data` names."""
    questions = BY_ID[step].questions
    return questions(data) if callable(questions) else questions


def normal(path: str, value: Any) -> Any:
    """A value in the form in which it is kept: the question may say so of what is typed."""
    if not isinstance(value, str):
        return value
    asked = next((field for field in form(step_of(path), {}) if field.path == path), None)
    return asked.normal(value) if asked and asked.normal else value


def label(path: str, data: Mapping[str, Any]) -> str:
    """Page and question of a path, as a person knows them: "Web service - Address (URL)"; else the path itself."""
    step = step_of(path)
    asked = next((field for field in form(step, data) if field.path == path), None)
    return f"{_(BY_ID[step].title)} - {_(asked.label)}" if asked else path
