"""What is asked of an import of grade types, how far it is, and what it gives: plain data, also for its child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from wizard.grades.capacity import Size
from wizard.profile.models import Grades

Phase = Literal["reading", "comparing", "writing"]

FindingKind = Literal[
    "refused", "unused", "empty", "blank", "too_long", "nul", "twice", "twin", "left_out", "long_items"
]


@dataclass(frozen=True)
class Finding:
    """Something that a person has to know about one grade type (0: about all items).

    `refused` and `left_out`: the type was not imported, or not compared. Of contents that were left out there are the
    count and the first examples.
    """

    type: int
    description: str
    kind: FindingKind
    message: str
    count: int = 0
    examples: tuple[str, ...] = ()

    @property
    def serious(self) -> bool:
        """True when something was not imported at all."""
        return self.kind in ("refused", "unused", "left_out")


@dataclass(frozen=True)
class TypeChange:
    """One type that changes, as a person reads it: what of it, and how many contents of each kind of change."""

    type: int
    description: str
    what: tuple[str, ...]
    counts: Mapping[str, int]
    moves: int


@dataclass(frozen=True)
class Changes:
    """What applying the import changes in the references kept; `digest` tells one difference from another."""

    digest: str = ""
    types: tuple[TypeChange, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    unchanged: int = 0
    applied: bool = False
    backups: tuple[int, ...] = ()
    backup_names: tuple[str, ...] = ()
    where: str = ""
    """The store that it was applied to, as a person knows it: a file, or an address without password."""

    @property
    def empty(self) -> bool:
        """True when there is nothing to apply."""
        return not self.types

    @property
    def moves(self) -> Mapping[int, int]:
        """Types whose references would be renumbered, with how many; each has to be confirmed."""
        return {change.type: change.moves for change in self.types if change.moves}


@dataclass(frozen=True)
class Given:
    """A type whose references the store keeps: indicator and size of them, and how many were ever given."""

    indicator: str
    size: Size
    contents: int


@dataclass(frozen=True)
class Import:
    """What an import gives: the grades section for the profile, findings, the slots of each type, and the changes.

    `given` are the types that have references in the store, after applying when it was applied.
    """

    grades: Grades
    findings: tuple[Finding, ...]
    slots: Mapping[int, tuple[int, ...]]
    changes: Changes
    given: Mapping[int, Given] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """What is asked of an import.

    `csv` reads a file instead of Logix. `apply` writes the references; with `expected` only if the difference is still
    that one. `confirmed` names the types that may be renumbered, with the count that was shown. `rows` is the file
    for the changes of single contents (Arrow IPC, `difference.ROWS`).
    """

    csv: str | None = None
    apply: bool = False
    expected: str | None = None
    confirmed: Mapping[int, int] = field(default_factory=dict)
    rows: str | None = None


@dataclass(frozen=True)
class Progress:
    """How far an import is: which type of how many, its contents so far, and seconds left where they can be told.

    Comparing and writing come after the last type and tell nothing but that they have begun.
    """

    number: int
    of: int
    description: str
    contents: int
    left: float | None
    phase: Phase = "reading"
