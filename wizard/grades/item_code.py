"""The item code of APS: the item code of Logix in positions 1 to 15, the references of its grades from 16 on.

One function makes it for every table that names an item (R-1.10-08, R-1.10-09, R-1.10-10), and one takes it apart
again. An item without grades keeps the code of Logix, without filling.

The item code is kept as it is, small letters, accents and inner or leading blanks included: Logix tells "a" from
"A". Blanks at its end are the filling of a CHAR column and no part of it: "P10" and "P10  " are one item. The same
goes for blanks at the end of a whole APS code. Lengths are in characters, not bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _

from wizard.grades.capacity import GRADE_LENGTH, ITEM_CODE_LENGTH, Size
from wizard.grades.codes import number_of
from wizard.grades.refusal import refused
from wizard.profile.models import MAX_SLOTS, Grades

ITEM_LENGTH = ITEM_CODE_LENGTH - GRADE_LENGTH
"""Characters of the item code of Logix (R-1.10-09)."""


def long_items_text(count: int) -> str:
    """That so many item codes have no room in APS."""
    return _("Item codes of more than {room} characters: {count}.").format(room=ITEM_LENGTH, count=count)


@dataclass(frozen=True)
class ItemCode:
    """An item of Logix and the references of its grades, in the order of the slots, empty slots left out."""

    item: str
    references: tuple[str, ...] = ()


def sizes_of(grades: Grades) -> dict[str, Size]:
    """The size of each type by its indicator, which is how a reference tells its type."""
    return {grade.indicator: grade.size for grade in grades.types}


def build(item: str, references: Sequence[str], sizes: Mapping[str, Size]) -> str:
    """The APS code of an item with these references, in the order of the slots 1 to 5.

    `sizes` is the size of every type by its indicator. Refuses an empty item code or one of more than 15
    characters, more than five references, one of another type or size, and more than 15 characters of them.
    """
    item = item.rstrip(" ")
    if not item:
        raise refused("item.empty", _("The item code is empty."))
    if len(item) > ITEM_LENGTH:
        text = _("The item code {item} has {length} characters; APS has room for {room}.")
        action = _("Give the item a shorter code in Logix.")
        raise refused("item.too_long", text.format(item=item, length=len(item), room=ITEM_LENGTH), action)
    if not references:
        return item
    if len(references) > MAX_SLOTS:
        text = _("An item has at most {limit} grades; these are {count}.")
        raise refused("item.too_many", text.format(limit=MAX_SLOTS, count=len(references)))
    for reference in references:
        size = _size(reference, sizes)
        if len(reference) != size:
            text = _("{code} has {length} characters; the references of this grade type have {size}.")
            raise refused("item.other_size", text.format(code=reference, length=len(reference), size=size))
        number_of(reference)
    joined = "".join(references)
    if len(joined) > GRADE_LENGTH:
        text = _("The references take {length} characters together; an item code has room for {room}.")
        action = _("Choose smaller sizes. With five grades every one gets 3 characters (manual, 1.9).")
        raise refused("item.references_too_long", text.format(length=len(joined), room=GRADE_LENGTH), action)
    return item.ljust(ITEM_LENGTH) + joined


def split(code: str, sizes: Mapping[str, Size]) -> ItemCode:
    """The item and the references that an APS code is made of: what `build` was given.

    Each reference tells its type by its first character, and so its length. Refuses a code of more than 30
    characters, one without an item, an unknown indicator, and what is left over or is no reference.
    """
    code = code.rstrip(" ")
    if len(code) > ITEM_CODE_LENGTH:
        text = _("The code has {length} characters; an APS item code has {room}.")
        raise refused("item.too_long", text.format(length=len(code), room=ITEM_CODE_LENGTH))
    item = code[:ITEM_LENGTH].rstrip(" ")
    if not item:
        raise refused("item.empty", _("The item code is empty."))
    references = []
    at = ITEM_LENGTH
    while at < len(code):
        reference = code[at : at + _size(code[at:], sizes)]
        if len(reference) < sizes[reference[0]]:
            text = _("{rest} is left over at the end: the references of this grade type have {size} characters.")
            raise refused("item.left_over", text.format(rest=reference, size=sizes[reference[0]]))
        number_of(reference)
        references.append(reference)
        at += len(reference)
    return ItemCode(item, tuple(references))


def _size(reference: str, sizes: Mapping[str, Size]) -> Size:
    """The size of the type whose indicator the reference starts with."""
    size = sizes.get(reference[:1])
    if size is None:
        text = _("{code}: no grade type has the indicator {indicator}.")
        raise refused("item.unknown_indicator", text.format(code=reference, indicator=repr(reference[:1])))
    return size
