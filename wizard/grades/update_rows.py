"""What the data update takes of items with grades, as functions over rows: which of them, their extension, components.

Grades of an item stand in five slots, each with the type and the content that Logix sends; a blank content is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _

from wizard.grades.capacity import Size
from wizard.grades.item_code import build
from wizard.grades.refusal import refused
from wizard.profile.models import MAX_SLOTS

Contents = tuple[str, ...]
"""The contents of the slots 1 to 5 of an item, blank for none; those that are missing at the end are blank."""

ONLY_POSSIBLE = "2"
"""The `origem` of a row that comes from the list of possible combinations (man_conteudo_grade) alone."""


@dataclass(frozen=True)
class ItemRow:
    """An item, or one of its grade combinations, as the query of the update gives it."""

    item: str
    contents: Contents = ()
    origin: str = "1"
    has_demand: bool = False
    in_structure: bool = False
    safety_stock: float = 0


def taken(rows: Iterable[ItemRow], *, every_combination: bool) -> Iterator[ItemRow]:
    """The rows that are updated; `every_combination` is "Atualizar todas as grades do item" (R-1.10-03, R-1.10-04).

    Without it a safety stock alone takes no row: it is not planned (R-1.10-06).
    """
    for row in rows:
        used = row.origin.strip() != ONLY_POSSIBLE and (row.has_demand or row.in_structure)
        if every_combination or used:
            yield row


def extension(
    item: str,
    grades: Sequence[tuple[int, str]],
    references: Mapping[tuple[int, str], str],
    sizes: Mapping[str, Size],
) -> dict[str, str]:
    """The row of item-extens-dbr: the item, its grades and what they became, each in a field of its own (R-1.10-07).

    `grades` are type and content by slot, (0, "") for an empty one; `references` has the reference of each, its content
    casefolded; `sizes` as in `build`. Refuses a content without a reference, and what `build` refuses.
    """
    row = {"cod-item-erp": item.rstrip(" ")}
    found = []
    for slot in range(1, MAX_SLOTS + 1):
        kind, content = grades[slot - 1] if slot <= len(grades) else (0, "")
        content = content.rstrip(" ")
        reference = references.get((kind, content.casefold()), "") if content else ""
        if content and not reference:
            text = _("Content {content} of grade type {code} has no reference yet.")
            action = _("Import the grade types again.")
            raise refused("item.no_reference", text.format(content=content, code=kind), action)
        row |= {f"cod-grade-{slot}": reference, f"cod-grade-{slot}-erp": content}
        found.append(reference)
    return {"cod-item": build(item, [reference for reference in found if reference], sizes)} | row


@dataclass(frozen=True)
class ComponentRow:
    """A row of estrut_grade: a component, and the contents of the parent that it is for, blank for any."""

    component: str
    parent: Contents = ()


def components(parent: Contents, rows: Iterable[ComponentRow]) -> list[ComponentRow]:
    """Every row of the structure that applies to a parent with these contents (R-1.12-01, R-1.12-02).

    A row applies when each of its contents is the parent's or blank. One component at two levels of sharing stays as
    two rows.
    """
    wanted = _slots(parent)
    return [
        row for row in rows if all(given in ("", own) for given, own in zip(_slots(row.parent), wanted, strict=True))
    ]


def _slots(contents: Contents) -> Contents:
    return tuple(content.rstrip(" ") for content in contents) + ("",) * (MAX_SLOTS - len(contents))
