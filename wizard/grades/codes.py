"""Reference codes: what APS writes into an item code instead of a grade content (R-1.9-01, R-1.9-04).

A code is the indicator of its type and then one character less than its size, taken from a sequence: numbers
first, then letters that move in from the left, at last letters alone. For size 4 that is 001 to 999, A01 to Z99,
AA1 to ZZ9, AAA to ZZZ: 27,233 codes, which is the limit in the manual, as it is for size 5 (R-1.9-06, R-1.9-07).
For size 3 it gives 1,009 of the manual's 1,233 (R-1.9-05); the other 224 are a digit and a letter, 1A to 9P.

A number has one code and a code one number, so that a code, once given, never has to move. No code holds a
blank or a small letter, which APS would not tell from a capital (R-GEN-04). Codes of types with different
indicators differ in their first character, whatever their sizes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import gettext as _
from typing import TYPE_CHECKING

from wizard.grades.capacity import CAPACITY, SCHEME_END_3, Size
from wizard.grades.refusal import refused

if TYPE_CHECKING:
    from pyarrow import StringArray

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_SEQUENCE = re.compile(r"([A-Z]*)([0-9]*)")
_DIGIT_LETTER = re.compile(r"([1-9])([A-Z])")


def check_indicator(indicator: str) -> None:
    """Refuses what is no indicator: it is one character of A to Z and 0 to 9."""
    if len(indicator) != 1 or indicator not in LETTERS + DIGITS:
        raise refused("grades.indicator", _("The indicator is one digit or capital letter."))


def code_of(indicator: str, size: Size, number: int) -> str:
    """The code of the n-th content of a type, counted from 1. Refuses a number beyond the capacity of the size."""
    check_indicator(indicator)
    _check_size(size)
    _check_range(size, number, 1)
    rest = number - 1
    for letters, digits, numbers in _blocks(size - 1):
        if rest < 26**letters * numbers:
            prefix, rest = divmod(rest, numbers)
            return indicator + _letters(prefix, letters) + (f"{rest + 1:0{digits}}" if digits else "")
        rest -= 26**letters * numbers
    digit, letter = divmod(rest, 26)
    return f"{indicator}{digit + 1}{LETTERS[letter]}"


def number_of(code: str) -> int:
    """The number, from 1, that a code stands for in its type. Refuses what `code_of` never gives."""
    size = len(code)
    if size not in CAPACITY:
        text = _("{code} is no reference: it has {length} characters; a reference has 3, 4 or 5.")
        raise refused("grades.reference", text.format(code=code, length=size))
    check_indicator(code[0])
    number = _number(code[1:])
    if number is None:
        text = _("{code} is no reference: no number of the sequence of {size} characters gives it.")
        raise refused("grades.reference", text.format(code=code, size=size))
    return number


def codes(indicator: str, size: Size, first: int = 1, count: int | None = None) -> StringArray:
    """The codes of `count` numbers from `first` on, in order, as a column; without a count to the end of the size.

    Refuses a range that passes the capacity of the size.
    """
    import pyarrow as pa

    check_indicator(indicator)
    _check_size(size)
    if count is None:
        count = max(0, CAPACITY[size] - first + 1)
    _check_range(size, first, count)
    text = bytearray(count * size)
    text[0::size] = indicator.encode() * count
    for place in range(size - 1):
        text[place + 1 :: size] = _place(size - 1, place)[first - 1 : first - 1 + count]
    fixed = pa.FixedSizeBinaryArray.from_buffers(pa.binary(size), count, [None, pa.py_buffer(text)])
    return fixed.cast(pa.string())


def _check_size(size: int) -> None:
    if size not in CAPACITY:
        raise refused("grades.size", _("The size of a reference is 3, 4 or 5 characters."))


def _check_range(size: Size, first: int, count: int) -> None:
    if first < 1 or count < 0:
        raise refused("grades.number", _("References are numbered from 1 on."))
    last = first + count - 1
    if last > CAPACITY[size]:
        text = _("{size} characters hold {capacity} references; there is no number {number}.")
        action = (
            _("Choose a larger size for this type.")
            if last <= CAPACITY[5]
            else _("No size holds more than {capacity}: split the type in Logix.").format(capacity=CAPACITY[5])
        )
        raise refused("grades.capacity", text.format(size=size, capacity=CAPACITY[size], number=last), action)


def _blocks(width: int) -> Iterator[tuple[int, int, int]]:
    """The sequence in blocks: how many letters, how many digits, how many numbers these digits make.

    A number is never zero; where there are no digits, the letters alone count as one.
    """
    for letters in range(width + 1):
        digits = width - letters
        yield letters, digits, 10**digits - 1 or 1


def _letters(value: int, length: int) -> str:
    text = ""
    for _position in range(length):
        value, letter = divmod(value, 26)
        text = LETTERS[letter] + text
    return text


def _number(sequence: str) -> int | None:
    """The number of a sequence of 2 to 4 characters; None when no number gives it."""
    if match := _SEQUENCE.fullmatch(sequence):
        prefix, digits = match.groups()
        if digits and not int(digits):
            return None
        before, value = 0, 0
        for letter in prefix:
            value = value * 26 + LETTERS.index(letter)
        for letters, _digits, numbers in _blocks(len(sequence)):
            if letters == len(prefix):
                return before + value * numbers + int(digits or 1)
            before += 26**letters * numbers
    if match := _DIGIT_LETTER.fullmatch(sequence):
        number = SCHEME_END_3 + (int(match[1]) - 1) * 26 + LETTERS.index(match[2]) + 1
        return number if number <= CAPACITY[3] else None
    return None


def _place(width: int, place: int) -> bytes:
    """The characters that stand at one place of the sequence, over all its numbers.

    Each place repeats a few runs of characters; writing it as a whole is what makes a large type quick.
    """
    parts = []
    for letters, _digits, numbers in _blocks(width):
        if place < letters:
            run = 26 ** (letters - 1 - place) * numbers
            parts.append(_runs(LETTERS, run) * 26**place)
        else:
            numbered = _runs(DIGITS, 10 ** (width - 1 - place)) * 10 ** (place - letters)
            # The first of them is number zero, which no code has.
            parts.append(numbered[1:] * 26**letters)
    if width == 2:
        pairs = CAPACITY[3] - SCHEME_END_3
        parts.append((_runs(DIGITS[1:], 26) if place == 0 else LETTERS.encode() * 9)[:pairs])
    return b"".join(parts)


def _runs(characters: str, length: int) -> bytes:
    return b"".join(character.encode() * length for character in characters)
