"""All checks of the program. A new one is a module in a `checks` folder that defines CHECK; nothing else changes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache

from wizard.checklist.check import Check

_FOLDERS = (
    "wizard.checklist.checks",
    "wizard.secrets.checks",
    "wizard.connection.checks",
    "wizard.webservice.checks",
    "wizard.grades.checks",
)

_ENGINE_FOLDER = "wizard.engine.checks"

_ALSO_AS_ENGINE = ("secret.readable", "database.login", "aps.store")
"""Checks of every account that the engines' has to pass too, with what they need."""


@cache
def checks() -> Mapping[str, Check]:
    """Every check by id, each after the ones it needs; else in the order of the folders above."""
    return _in_order(_declared(_FOLDERS))


@cache
def engine_checks() -> Mapping[str, Check]:
    """The checks that prove the account of the engines, by id, each after the ones it needs."""
    also = chosen(_ALSO_AS_ENGINE)
    return _in_order({**_declared((_ENGINE_FOLDER,)), **{check.id: check for check in also}})


def find(check_id: str) -> Check:
    """A check of either kind. KeyError: no such check."""
    return checks()[check_id] if check_id in checks() else engine_checks()[check_id]


def _declared(folders: Iterable[str]) -> dict[str, Check]:
    found: dict[str, Check] = {}
    for folder in folders:
        package = importlib.import_module(folder)
        for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
            check: Check = importlib.import_module(f"{folder}.{module}").CHECK
            if check.id in found:
                raise ValueError(f"two checks have the id {check.id}")
            found[check.id] = check
    return found


def _in_order(found: Mapping[str, Check]) -> Mapping[str, Check]:
    ordered: dict[str, Check] = {}

    def place(check: Check, waiting: tuple[str, ...]) -> None:
        if check.id in waiting:
            raise ValueError(f"checks need each other: {' -> '.join((*waiting, check.id))}")
        for needed in check.needs:
            place(found[needed], (*waiting, check.id))
        ordered.setdefault(check.id, check)

    for check in found.values():
        place(check, ())
    return ordered


def chosen(only: Iterable[str] = ()) -> tuple[Check, ...]:
    """The named checks and everything they need, in order; all of them when none is named. KeyError: no such check."""
    known = checks()
    wanted: set[str] = set()
    queue = list(only)
    while queue:
        check = known[queue.pop()]
        if check.id not in wanted:
            wanted.add(check.id)
            queue.extend(check.needs)
    return tuple(check for check in known.values() if not wanted or check.id in wanted)
