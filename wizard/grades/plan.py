"""The character-size calculator: the sizes of all grade types together, and why each is what it is.

`propose` finds sizes, `assess` judges sizes that a person chose; both answer with the same plan. The limits are
those of section 1.9 of the manual (R-1.9-04 to R-1.9-08).

A proposal is, for each type, the smallest size that holds its contents with the headroom, as long as every
combination in use fits 15 characters. What does not fit is given up type by type, the one with most contents
first: advice of the manual before headroom, and contents never. Nothing is given up that did not have to be.
A type whose references were given keeps its size (R-1.9-11).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from gettext import gettext as _
from gettext import ngettext
from typing import Any, Literal

from wizard import i18n
from wizard.grades.capacity import CAPACITY, GRADE_LENGTH, HEADROOM, SCHEME_END_3, Size, used
from wizard.grades.import_result import Given
from wizard.grades.item_code import long_items_text
from wizard.profile.models import MAX_SLOTS, Grades

State = Literal["ok", "warn", "fail"]

_SEVERITY: Mapping[State, int] = {"ok": 0, "warn": 1, "fail": 2}
_SMALLER: Mapping[Size, Size] = {5: 4, 4: 3}
_LARGER: Mapping[Size, Size] = {3: 4, 4: 5}
_LIMIT_RULE: Mapping[Size, str] = {3: "R-1.9-05", 4: "R-1.9-06", 5: "R-1.9-07"}

_COLOUR = frozenset({"cor", "cores"})
_SIZE = frozenset({"tam", "tamanho", "tamanhos"})
"""First words of a description that make a type the manual's Cor or Tamanho (R-1.9-10)."""


@dataclass(frozen=True)
class Need:
    """What a grade type asks for.

    `contents` are those that have a reference or need one, also the ones that left Logix and keep theirs.
    `given` is the size of references that were given already: such a type does not move.
    """

    code: int
    description: str
    contents: int
    given: Size | None = None

    @property
    def name(self) -> str:
        """How a person knows the type."""
        return self.description or str(self.code)


@dataclass(frozen=True)
class Demand:
    """All that sizes depend on.

    `combinations` are the type codes in the slots of the items, empty slots left out; `headroom` is the growth
    to leave room for, as a share of the contents; `long_items` counts the items whose code is longer than 15.
    Raises ValueError for a negative number, a code that stands twice, and a combination of no, unknown or more than
    five types.
    """

    types: tuple[Need, ...]
    combinations: tuple[tuple[int, ...], ...] = ()
    headroom: float = HEADROOM
    long_items: int = 0

    def __post_init__(self) -> None:
        codes = {need.code for need in self.types}
        if len(codes) < len(self.types):
            raise ValueError("a type code stands twice")
        if not 0 <= self.headroom < math.inf or any(need.contents < 0 for need in self.types):
            raise ValueError("headroom and contents are not negative")
        if any(not 1 <= len(combination) <= MAX_SLOTS for combination in self.combinations):
            raise ValueError("a combination has one to five types")
        if any(not codes.issuperset(combination) for combination in self.combinations):
            raise ValueError("a combination names an unknown type")


@dataclass(frozen=True)
class Note:
    """One reason, warning or fault: a stable code, a sentence, what to do, and the rule of the manual behind it."""

    state: State
    code: str
    text: str
    action: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Room:
    """What a size would be for the contents of a type; `used` is a share, a negative `left` how many are too many."""

    size: Size
    capacity: int
    used: float
    left: int


@dataclass(frozen=True)
class TypePlan:
    """One type with its size, what each size would mean, and the reasons. `expected` is the contents with growth."""

    code: int
    description: str
    contents: int
    expected: int
    given: Size | None
    size: Size
    rooms: tuple[Room, ...]
    notes: tuple[Note, ...]

    @property
    def room(self) -> Room:
        """The room of its size."""
        return next(room for room in self.rooms if room.size == self.size)

    @property
    def state(self) -> State:
        """The worst of its notes."""
        return _worst(note.state for note in self.notes)


@dataclass(frozen=True)
class Remedy:
    """One step that makes a combination shorter: take `code` down to `size`.

    `shrink`: the size holds its contents. `renumber`: it does, but references were given. `reduce`: the type is
    what breaks the combination, by `over` contents.
    """

    kind: Literal["shrink", "renumber", "reduce"]
    code: int
    size: Size
    over: int
    text: str
    action: str


@dataclass(frozen=True)
class CombinationPlan:
    """A combination in use: the sizes of its slots and their sum. The remedies together make it fit."""

    codes: tuple[int, ...]
    sizes: tuple[Size, ...]
    length: int
    text: str
    remedies: tuple[Remedy, ...] = ()

    @property
    def left(self) -> int:
        """Characters that are free; negative when it is too long."""
        return GRADE_LENGTH - self.length

    @property
    def state(self) -> State:
        """Does it fit."""
        return "ok" if self.left >= 0 else "fail"


@dataclass(frozen=True)
class Plan:
    """Sizes for all types; types in the order of the demand, combinations longest first, each once."""

    headroom: float
    types: tuple[TypePlan, ...]
    combinations: tuple[CombinationPlan, ...]
    notes: tuple[Note, ...] = field(default=())

    @property
    def state(self) -> State:
        """The worst of all."""
        types, combinations = _worst(t.state for t in self.types), _worst(c.state for c in self.combinations)
        return _worst((types, combinations, *(note.state for note in self.notes)))

    @property
    def sizes(self) -> dict[int, Size]:
        """Type code to size."""
        return {type_.code: type_.size for type_ in self.types}

    @property
    def longest(self) -> int:
        """Characters of the longest combination; 0 when none is known."""
        return self.combinations[0].length if self.combinations else 0

    def to_json(self) -> dict[str, Any]:
        """Plain data, with the states."""
        data = asdict(self) | {"state": self.state, "longest": self.longest}
        for row, type_ in zip(data["types"], self.types, strict=True):
            row["state"] = type_.state
        for row, combination in zip(data["combinations"], self.combinations, strict=True):
            row["state"] = combination.state
        return data


def demand_of(
    grades: Grades,
    given: Mapping[int, Given] | None = None,
    headroom: float = HEADROOM,
) -> Demand:
    """The demand of a profile; `given` are the types whose references were given, and how many."""
    types = []
    for grade in grades.types:
        kept = (given or {}).get(grade.code)
        contents = max(grade.contents, kept.contents if kept else 0)
        types.append(Need(grade.code, grade.description, contents, kept.size if kept else None))
    return Demand(tuple(types), grades.combinations, headroom, grades.long_items)


def propose(demand: Demand) -> Plan:
    """The sizes that suit all types and combinations best, and why."""
    return assess(demand, _fitted(demand))


def assess(demand: Demand, sizes: Mapping[int, Size]) -> Plan:
    """What these sizes mean: `sizes` maps every type code of the demand."""
    picture = _Picture(demand, sizes)
    combinations = [picture.combination(codes) for codes in dict.fromkeys(demand.combinations)]
    combinations.sort(key=lambda combination: -combination.length)
    return Plan(
        demand.headroom,
        tuple(picture.type(need) for need in demand.types),
        tuple(combinations),
        tuple(_plan_notes(demand)),
    )


def _worst(states: Iterable[State]) -> State:
    return max(states, key=lambda state: _SEVERITY[state], default="ok")


# --- finding sizes -----------------------------------------------------------------------------


def _fitted(demand: Demand) -> dict[int, Size]:
    """Start from the most that each type could ask for; give up, and give back, as the module says.

    In a combination that cannot fit, too, everything but contents is given up: what is left is the smallest excess.
    """
    advice = _advice(demand) if _two_grades_only(demand) else {}
    least, wanted, advised = dict[int, Size](), dict[int, Size](), dict[int, Size]()
    for need in demand.types:
        growing = _smallest(_expected(need.contents, demand.headroom)) or 5
        least[need.code] = need.given or _smallest(need.contents) or 5
        wanted[need.code] = need.given or growing
        asked: tuple[Size, ...] = (growing, 4 if need.contents > SCHEME_END_3 else 3, advice.get(need.code, 3))
        advised[need.code] = need.given or max(asked)
    sizes = dict(advised)
    # The order of slots does not change a length.
    every = {tuple(sorted(codes)) for codes in demand.combinations}
    lengths: dict[tuple[int, ...], int] = {group: sum(sizes[code] for code in group) for group in every}
    groups = _by_type(lengths)

    def move(code: int, size: Size) -> None:
        for group in groups[code]:
            lengths[group] += (size - sizes[code]) * group.count(code)
        sizes[code] = size

    largest_first = [need.code for need in sorted(demand.types, key=lambda need: (-need.contents, need.code))]
    for floor in (wanted, least):
        for code in largest_first:
            while sizes[code] > floor[code] and any(lengths[group] > GRADE_LENGTH for group in groups[code]):
                move(code, _SMALLER[sizes[code]])
    # A type may have given up for a combination that a later one made short enough.
    for ceiling in (wanted, advised):
        for code in reversed(largest_first):
            while sizes[code] < ceiling[code] and all(
                lengths[group] + group.count(code) <= GRADE_LENGTH for group in groups[code]
            ):
                move(code, _LARGER[sizes[code]])
    return sizes


def _smallest(contents: int) -> Size | None:
    """The smallest size that holds so many; None when none does."""
    return next((size for size, capacity in CAPACITY.items() if contents <= capacity), None)


def _expected(contents: int, headroom: float) -> int:
    # Rounded first: as floats, 1.1 times 110 is a little more than 121.
    return math.ceil(round(contents * (1 + headroom), 6))


def _two_grades_only(demand: Demand) -> bool:
    """Is this a company whose items have two grades at most, which the advice for Cor and Tamanho is meant for."""
    return all(len(codes) <= 2 for codes in demand.combinations)


def _advice(demand: Demand) -> dict[int, Size]:
    """The sizes that the manual advises for Cor and for Tamanho, where items have these two grades and no other."""
    words = {need.code: _first_word(need.description) for need in demand.types}
    advice: dict[int, Size] = {}
    for pair in {codes for codes in demand.combinations if len(codes) == 2}:
        for colour, size in (pair, pair[::-1]):
            if words[colour] in _COLOUR and words[size] in _SIZE:
                advice |= {colour: 4, size: 3}
    return advice


def _first_word(text: str) -> str:
    match = re.match(r"\W*([^\W\d_]+)", text)
    return match[1].casefold() if match else ""


def _by_type(combinations: Iterable[tuple[int, ...]]) -> defaultdict[int, list[tuple[int, ...]]]:
    """Type code to the combinations with it."""
    found = defaultdict(list)
    for codes in combinations:
        for code in set(codes):
            found[code].append(codes)
    return found


# --- explaining them ---------------------------------------------------------------------------


class _Picture:
    """A demand with sizes, and the sentences about it. Combinations come first: they tell which types break them."""

    def __init__(self, demand: Demand, sizes: Mapping[int, Size]) -> None:
        self._demand = demand
        self._needs = {need.code: need for need in demand.types}
        self._sizes = {need.code: sizes[need.code] for need in demand.types}
        self._advice = _advice(demand)
        self._two_grades_only = _two_grades_only(demand)
        self._labels = {code: f"{need.name} {self._sizes[code]}" for code, need in self._needs.items()}
        self._percent = i18n.percent(demand.headroom, 2)
        self._lengths = {codes: sum(self._sizes[code] for code in codes) for codes in set(demand.combinations)}
        self._combinations = _by_type(self._lengths)
        # Looked up once: a plan may hold ten thousand combinations.
        self._sum_text = _("{types} = {length} of {room}")
        self._remedies: dict[tuple[int, Size], Remedy] = {}
        self._breaking: dict[int, Remedy] = {}

    def combination(self, codes: tuple[int, ...]) -> CombinationPlan:
        length = self._lengths[codes]
        remedies = self._shortened(codes) if length > GRADE_LENGTH else ()
        sizes = tuple(self._sizes[code] for code in codes)
        return CombinationPlan(codes, sizes, length, self._sum(codes), remedies)

    def type(self, need: Need) -> TypePlan:
        size = self._sizes[need.code]
        expected = _expected(need.contents, self._demand.headroom)
        rooms = tuple(Room(s, c, used(need.contents, s), c - need.contents) for s, c in CAPACITY.items())
        notes = (self._room_note(need, size, expected), *self._other_notes(need, size, expected))
        return TypePlan(need.code, need.description, need.contents, expected, need.given, size, rooms, notes)

    def _room_note(self, need: Need, size: Size, expected: int) -> Note:
        """Do the contents fit, now and with growth."""
        capacity, rule = CAPACITY[size], _LIMIT_RULE[size]
        values = {
            "contents": need.contents,
            "size": size,
            "capacity": capacity,
            "expected": expected,
            "percent": self._percent,
        }
        if need.contents > capacity:
            text = _("{contents} contents do not fit {size} characters, which hold {capacity}: {over} too many.")
            action = self._choose(need, _smallest(need.contents))
            return Note("fail", "overflow", text.format(over=need.contents - capacity, **values), action, rule)
        if expected > capacity:
            text = _("{size} characters hold {capacity}: room for {left} more, not for growth of {percent}.")
            action = self._grow(need, size, _smallest(expected))
            return Note("warn", "no_growth", text.format(left=capacity - need.contents, **values), action, rule)
        if size > 3 and expected <= CAPACITY[_SMALLER[size]]:
            text = ngettext(
                "{contents} content, {expected} with growth of {percent}: {size} characters hold {capacity}.",
                "{contents} contents, {expected} with growth of {percent}: {size} characters hold {capacity}.",
                need.contents,
            )
            return Note("ok", "roomy", text.format(**values), rule=rule)
        text = ngettext(
            "{contents} content, {expected} with growth of {percent}: the smallest size for it is {size}.",
            "{contents} contents, {expected} with growth of {percent}: the smallest size for them is {size}.",
            need.contents,
        )
        return Note("ok", "smallest", text.format(**values), rule=rule)

    def _choose(self, need: Need, size: Size | None) -> str:
        """How a type gets another size; None, when no size holds its contents."""
        if size is None:
            return _("No size holds more than {capacity}: split the type in Logix.").format(capacity=CAPACITY[5])
        if need.given not in (None, size):
            return _("Renumber the type to size {size}; item codes with it change.").format(size=size)
        return _("Choose size {size}.").format(size=size)

    def _grow(self, need: Need, size: Size, wanted: Size | None) -> str:
        """What to do with a type that has no room for growth."""
        if size == 5:
            return self._choose(need, None)
        if need.given is not None:
            return _("Plan a renumbering before it is full.")
        if full := self._full(need.code):
            return _("A larger size does not fit: {combination}.").format(combination=self._sum(full))
        return self._choose(need, wanted or 5)

    def _full(self, code: int) -> tuple[int, ...] | None:
        """A combination that has no room for one more character of the type."""
        tight = (c for c in self._combinations[code] if self._lengths[c] + c.count(code) > GRADE_LENGTH)
        return min(tight, default=None, key=lambda codes: (-self._lengths[codes], codes))

    def _other_notes(self, need: Need, size: Size, expected: int) -> Iterable[Note]:
        combinations = self._combinations[need.code]
        if need.given == size:
            text = _("References of {size} characters were given: the size stays.")
            yield Note("ok", "given", text.format(size=size), rule="R-1.9-11")
        elif need.given is not None:
            text = _("References of {given} characters were given; with size {size} every one changes ({contents}).")
            action = _("Go back to size {given}, or confirm the renumbering.").format(given=need.given)
            text = text.format(given=need.given, size=size, contents=need.contents)
            yield Note("fail", "moves", text, action, "R-1.9-11")
        if size == 3 and need.contents <= CAPACITY[3] and expected > SCHEME_END_3:
            text = _(
                "The numbering of the manual gives size 3 only {end} references; a digit and a letter follow (1A)."
            )
            passed = need.contents > SCHEME_END_3
            movable = passed and need.given is None and not self._full(need.code)
            action = _("Prefer size 4 for this type.") if movable else ""
            code = "scheme_end" if passed else "scheme_end_ahead"
            yield Note("warn" if passed else "ok", code, text.format(end=SCHEME_END_3), action, "R-1.9-05")
        if size == 3 and any(len(codes) == MAX_SLOTS for codes in combinations):
            text = _("Items have five grades with this one: every one gets 3 characters (manual, 1.9).")
            yield Note("ok", "five_grades", text, rule="R-1.9-09")
        advice = self._advice.get(need.code)
        if advice and (size == advice or self._two_grades_only):
            text = _("For colour and size alone the manual advises 4 and 3 characters (1.9), {advice} here.")
            code = "two_grades" if size == advice else "two_grades_differ"
            yield Note("ok", code, text.format(advice=advice), rule="R-1.9-10")
        if step := self._breaking.get(need.code):
            yield Note("fail", step.kind, step.text, step.action, "R-1.9-08")
        if self._lengths and not combinations:
            yield Note("ok", "unused", _("No item uses this type."))

    def _sum(self, codes: tuple[int, ...]) -> str:
        types = " + ".join(self._labels[code] for code in codes)
        return self._sum_text.format(types=types, length=self._lengths[codes], room=GRADE_LENGTH)

    def _shortened(self, codes: tuple[int, ...]) -> tuple[Remedy, ...]:
        """The cheapest steps that make a combination fit: free ones first, then the fewest contents too many."""
        over = self._lengths[codes] - GRADE_LENGTH
        steps: dict[int, Remedy] = {}
        sizes = {code: self._sizes[code] for code in codes}
        while over > 0:
            # At most five types of three characters fit, so that there is always one to take down.
            step = min((self._remedy(code, _SMALLER[size]) for code, size in sizes.items() if size > 3), key=self._cost)
            steps[step.code] = step
            sizes[step.code] = step.size
            over -= codes.count(step.code)
        for step in steps.values():
            known = self._breaking.get(step.code)
            if known is None or step.size < known.size:
                self._breaking[step.code] = step
        return tuple(steps.values())

    def _cost(self, remedy: Remedy) -> tuple[int, int, int, int]:
        free = ("shrink", "renumber", "reduce").index(remedy.kind)
        return free, remedy.over, -self._needs[remedy.code].contents, remedy.code

    def _remedy(self, code: int, size: Size) -> Remedy:
        if (known := self._remedies.get((code, size))) is not None:
            return known
        need = self._needs[code]
        over = max(0, need.contents - CAPACITY[size])
        free: Literal["shrink", "renumber"] = "shrink" if need.given in (None, size) else "renumber"
        kind: Literal["shrink", "renumber", "reduce"] = "reduce" if over else free
        if over:
            text = _("{type} breaks it: {contents} contents, {over} more than size {size} holds.")
            action = _("Take that many out of use in Logix, or use one grade less on these items.")
        else:
            text = ngettext(
                "{type}: size {size} holds its {contents} content.",
                "{type}: size {size} holds its {contents} contents.",
                need.contents,
            )
            action = self._choose(need, size)
        text = text.format(type=need.name, contents=need.contents, over=over, size=size)
        self._remedies[code, size] = remedy = Remedy(kind, code, size, over, text, action)
        return remedy


def _plan_notes(demand: Demand) -> Iterable[Note]:
    """What concerns no single type."""
    if demand.long_items:
        text = long_items_text(demand.long_items)
        yield Note("fail", "long_items", text, _("Give the item a shorter code in Logix."), "R-1.10-09")
    if len(demand.types) > 1 and not demand.combinations:
        text = _("Which types items use together is not known: nothing was held against the {room} characters.")
        yield Note("warn", "no_combinations", text.format(room=GRADE_LENGTH), rule="R-1.9-08")
