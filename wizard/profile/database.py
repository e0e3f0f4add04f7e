"""How the Logix database is reached: one model per kind of database, told apart by `kind`."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from wizard.profile import kinds
from wizard.profile.database_kind import DatabaseKind


def _found() -> dict[str, type[DatabaseKind]]:
    modules = (
        importlib.import_module(f"{kinds.__name__}.{info.name}") for info in pkgutil.iter_modules(kinds.__path__)
    )
    found: list[type[DatabaseKind]] = sorted((module.KIND for module in modules), key=lambda kind: kind.ORDER)
    return {kind.model_fields["kind"].default: kind for kind in found}


KINDS = _found()
"""Every kind of database by the value of `kind`, in the order in which they are offered."""

DEFAULT_KIND = next(iter(KINDS))

if TYPE_CHECKING:
    Database = DatabaseKind
else:
    Database = Annotated[Union[tuple(KINDS.values())], Field(discriminator="kind")]  # noqa: UP007 - made at run time
