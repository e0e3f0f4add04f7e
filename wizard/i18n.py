"""The language of what people see: gettext catalogues in resources/locale, Portuguese unless told otherwise.

Modules use `from gettext import gettext as _` and this module says which catalogue that means; a text that was made
earlier can be said again in another language (`Text`, `again`). Windows servers in Brazil often run in English while
their users read Portuguese, so the system's language does not decide. What decides: the language asked for (`--lang`),
else APS_LANG, else what the person chose in the window, else Portuguese. Child processes inherit it.

Numbers, dates and lists that people read are written here too; what machines read (JSON, YAML, CSV) is not.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from wizard.resources import folder

DOMAIN = "aps-wizard"
SOURCE = "en"
"""The language of the texts in the code; it needs no catalogue."""


class Habits(NamedTuple):
    """How a language is called by those who speak it, and how it writes numbers, dates and lists.

    `group` stands between thousands. `last` between the last two of a list. `day` is a pattern of str.format. `percent`
    follows an amount.
    """

    name: str
    group: str
    decimal: str
    day: str
    last: str
    percent: str


_AMOUNTS = """
all capacity columns contents count end expected ge given le left length limit max_length min_length minutes over
rate remarks room rows seconds serious shown tables trip unchanged used values wrong
"""
AMOUNTS = frozenset(_AMOUNTS.split())
"""Placeholders of texts that stand for an amount: a number there is written as people of the language do.

Any other is a code, a port, a year or the like, which stays as it is: {exactly} where it has to be typed again.
"""

_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

HABITS: Mapping[str, Habits] = {
    "pt_BR": Habits("Português (Brasil)", ".", ",", "{0.day:02}/{0.month:02}/{0.year:04}", " e ", "%"),
    "en": Habits("English", ",", ".", "{month} {0.day}, {0.year}", ", and ", "%"),
    "es": Habits("Español", ".", ",", "{0.day:02}/{0.month:02}/{0.year:04}", " y ", "\N{NO-BREAK SPACE}%"),
}
LANGUAGES = tuple(HABITS)


def N_(text: str) -> str:
    """Marks a text for translation where it is declared; it is translated where it is shown."""
    return text


class Text(str):
    """A translated text that knows what it was made of, so that it can be said again in another language.

    `plural` and `amount` are those of a text with a plural; `values` are what `format` filled in.
    """

    __slots__ = ("amount", "plural", "source", "values")

    source: str
    plural: str
    amount: int
    values: Mapping[str, Any]

    def __new__(cls, text: str, source: str, values: Mapping[str, Any], plural: str = "", amount: int = 1) -> Text:
        """`text` is what is shown, the others are what it comes from."""
        made = super().__new__(cls, text)
        made.source, made.values, made.plural, made.amount = source, values, plural, amount
        return made

    def format(self, *places: object, **values: Any) -> str:
        """As of str; filled in by name it stays a text that can be said again.

        Amounts (AMOUNTS) and dates are written as people of the language do.
        """
        filled = super().format(*places, **{name: _written(name, value) for name, value in values.items()})
        return filled if places else Text(filled, self.source, values, self.plural, self.amount)

    def __reduce__(self) -> tuple[Any, ...]:
        return Text, (str(self), self.source, dict(self.values), self.plural, self.amount)


class Written(str):
    """A number, a date or a list as people of one language write it; `kind` and `value` are what it was made of."""

    __slots__ = ("kind", "value")

    kind: str
    value: Any

    def __new__(cls, text: str, kind: str, value: Any) -> Written:
        """`text` is what is shown."""
        made = super().__new__(cls, text)
        made.kind, made.value = kind, value
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Written, (str(self), self.kind, self.value)


class _Speech:
    """What is in force in this process."""

    language = SOURCE
    catalogue = gettext.NullTranslations()


_now = _Speech()
_dgettext_of_python = gettext.dgettext
_dngettext_of_python = gettext.dngettext


def use(language: str | None = None, locales: Path | None = None) -> str:
    """Make `gettext` speak the language: the argument, else APS_LANG, else the person's. Gives the one in force.

    `locales` is the folder of the catalogues; that of the program unless told otherwise.
    """
    wanted = language or os.environ.get("APS_LANG") or _chosen_before()
    _now.language = wanted if wanted in LANGUAGES else LANGUAGES[0]
    _now.catalogue = gettext.translation(
        DOMAIN, locales or folder() / "locale", [_now.language], fallback=_now.language == SOURCE
    )
    gettext.textdomain(DOMAIN)
    # The standard library looks for the file of the catalogue again with every text, which takes 60 microseconds.
    vars(gettext).update(dgettext=_dgettext, dngettext=_dngettext)
    os.environ["APS_LANG"] = os.environ["LANGUAGE"] = _now.language
    return _now.language


def in_force() -> str:
    """The language in force."""
    return _now.language


def _chosen_before() -> str:
    """What the person chose in the window; "" where nothing was chosen."""
    from wizard import settings

    return str(settings.read().get("language", ""))


def _dgettext(domain: str, text: str) -> str:
    return Text(_now.catalogue.gettext(text), text, {}) if domain == DOMAIN else _dgettext_of_python(domain, text)


def _dngettext(domain: str, one: str, many: str, count: int) -> str:
    if domain != DOMAIN:
        return _dngettext_of_python(domain, one, many, count)
    return Text(_now.catalogue.ngettext(one, many, count), one, {}, many, count)


# --- texts that were made earlier --------------------------------------------------------------


def again(text: str) -> str:
    """A text in the language that is in force now. One that was put together by hand stays as it is."""
    if isinstance(text, Written):
        return _WRITERS[text.kind](text.value)
    if not isinstance(text, Text):
        return text
    if text.plural:
        said = gettext.dngettext(DOMAIN, text.source, text.plural, text.amount)
    else:
        said = gettext.dgettext(DOMAIN, text.source)
    if not text.values:
        return said
    return said.format(
        **{name: again(value) if isinstance(value, str) else value for name, value in text.values.items()}
    )


def retold(value: Any) -> Any:
    """Data with every text in it said again: in lists, mappings and dataclasses."""
    # What waits for the first page does without it.
    from dataclasses import fields, is_dataclass, replace

    if isinstance(value, str):
        return again(value)
    if isinstance(value, Mapping):
        return {name: retold(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(retold(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        told = {one.name: retold(getattr(value, one.name)) for one in fields(value) if one.init}
        changed = {name: one for name, one in told.items() if one != getattr(value, name)}
        return replace(value, **changed) if changed else value
    return value


_SAID = "$said"


def packed(data: Any) -> Any:
    """Data for JSON whose texts remember what they were made of; `unpacked` is the way back."""
    if isinstance(data, Written):
        value = data.value.isoformat() if isinstance(data.value, date) else data.value
        return {_SAID: [data.kind, packed(value)]}
    if isinstance(data, Text):
        # What is filled in by `format` may be anything; JSON has less.
        values = {
            name: packed(_dated(value)) if isinstance(value, str | int | float | date) else str(value)
            for name, value in data.values.items()
        }
        return {_SAID: [data.source, values, data.plural, data.amount]}
    if isinstance(data, Mapping):
        return {name: packed(one) for name, one in data.items()}
    if isinstance(data, list | tuple):
        return [packed(one) for one in data]
    return data


def unpacked(data: dict[str, Any]) -> Any:
    """For `json.loads(..., object_hook=unpacked)`: texts as `packed` gave them, in the language in force."""
    if data.keys() != {_SAID}:
        return data
    match data[_SAID]:
        case [kind, value]:
            return _WRITERS[kind](datetime.fromisoformat(value) if kind in ("day", "moment", "instant") else value)
        case [source, values, plural, amount]:
            return again(Text("", source, values, plural, amount))
    return data


def cleaned(text: str, clean: Callable[[str], str]) -> str:
    """A text with something taken out of it by `clean`; still one that can be said again where that is possible."""
    wanted = clean(str(text))
    if not isinstance(text, Text):
        return wanted if wanted != text else text
    values = {name: cleaned(value, clean) if isinstance(value, str) else value for name, value in text.values.items()}
    said = again(Text("", text.source, values, text.plural, text.amount))
    return said if said == wanted else wanted


# --- numbers, dates, lists ---------------------------------------------------------------------


def number(value: float, digits: int | None = None) -> str:
    """718057 -> 718.057 or 718,057. With `digits` that many after the decimal sign, else as many as it has."""
    habits = HABITS[_now.language]
    written = f"{value:.{digits}f}" if digits is not None else repr(int(value) if value == int(value) else value)
    whole, _point, rest = written.partition(".")
    sign, whole = whole[: whole.startswith("-")], whole.lstrip("-")
    whole = sign + f"{int(whole):,}".replace(",", habits.group)
    return Written(
        f"{whole}{habits.decimal}{rest}" if rest else whole, f"number{'' if digits is None else digits}", value
    )


def percent(share: float, digits: int = 0) -> str:
    """0.25 -> 25%, with at most that many digits after the decimal sign; what is above nothing is at least <1%."""
    amount = "<1" if 0 < share < 0.01 and not digits else number(round(share * 100, digits))
    return Written(amount + percent_sign(), f"percent{digits}", share)


def percent_sign() -> str:
    """What follows an amount in percent."""
    return HABITS[_now.language].percent


def day(value: date) -> str:
    """21/11/2026, or Nov 21, 2026; of a moment with a time zone, the day that it is here."""
    here = value.astimezone() if isinstance(value, datetime) and value.tzinfo else value
    return Written(HABITS[_now.language].day.format(here, month=_MONTHS[here.month]), "day", value)


def day_of(text: str) -> str:
    """The day of a date or moment in ISO form, as a profile keeps it; anything else as it is."""
    try:
        return day(datetime.fromisoformat(text))
    except ValueError:
        return text


def instant(value: datetime) -> str:
    """Day and time, to the second, in the time zone of this machine."""
    here = value.astimezone() if value.tzinfo else value
    return Written(f"{day(value)} {here:%H:%M:%S}", "instant", value)


def moment(value: datetime) -> str:
    """Day and time, to the minute, in the time zone of this machine."""
    here = value.astimezone() if value.tzinfo else value
    return Written(f"{day(value)} {here:%H:%M}", "moment", value)


def sentences(*texts: str) -> str:
    """Whole sentences, one after the other; empty ones are left out."""
    return Written(" ".join(text for one in texts if (text := again(one))), "sentences", list(texts))


def listed(texts: Sequence[str]) -> str:
    """a, b e c."""
    last = HABITS[_now.language].last
    shown = [again(text) for text in texts]
    if len(shown) == 2:
        last = last.removeprefix(",")
    written = f"{', '.join(shown[:-1])}{last}{shown[-1]}" if len(shown) > 1 else "".join(shown)
    return Written(written, "listed", list(texts))


_WRITERS: dict[str, Callable[[Any], str]] = {
    "number": number,
    **{f"number{digits}": partial(number, digits=digits) for digits in range(4)},
    **{f"percent{digits}": partial(percent, digits=digits) for digits in range(3)},
    "day": day,
    "moment": moment,
    "instant": instant,
    "listed": listed,
    "sentences": lambda texts: sentences(*texts),
}


def _dated(value: Any) -> Any:
    """A date as the language writes it; whatever else there is as it is."""
    if isinstance(value, datetime):
        return moment(value)
    return day(value) if isinstance(value, date) else value


def _written(name: str, value: Any) -> Any:
    amount = name in AMOUNTS and isinstance(value, int | float) and not isinstance(value, bool)
    return number(value) if amount else _dated(value)
