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
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from wizard.resources import folder

DOMAIN = "aps-wizard"
SOURCE = "en"
"""The language of the texts in the code; it needs no catalogue."""


@dataclass(frozen=True)
class Habits:
    """How a language is called by those who speak it, and how it writes numbers, dates and lists.

    `group` stands between thousands from `group_from` digits on. `day` is a pattern of str.format.
    """

    name: str
    group: str
    group_from: int
    decimal: str
    day: str
    last: str


_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

HABITS: Mapping[str, Habits] = {
    "pt_BR": Habits("Português (Brasil)", ".", 4, ",", "{0.day:02}/{0.month:02}/{0.year:04}", " e "),
    "en": Habits("English", ",", 4, ".", "{month} {0.day}, {0.year}", ", and "),
    "es": Habits("Español", ".", 5, ",", "{0.day:02}/{0.month:02}/{0.year:04}", " y "),
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
        """As of str; filled in by name it stays a text that can be said again."""
        filled = super().format(*places, **values)
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


@dataclass
class _Speech:
    """What is in force in this process."""

    language: str
    catalogue: gettext.NullTranslations


_now = _Speech(SOURCE, gettext.NullTranslations())
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


def packed(text: str) -> Any:
    """What a text was made of, as JSON can say it; the text itself where that is not known."""
    if isinstance(text, Written):
        value = text.value.isoformat() if isinstance(text.value, date) else text.value
        return {"kind": text.kind, "value": [packed(one) for one in value] if text.kind == "listed" else value}
    if not isinstance(text, Text):
        return str(text)
    values = {
        name: packed(value) if isinstance(value, str) else value if isinstance(value, int | float) else str(value)
        for name, value in text.values.items()
    }
    return {"source": text.source, "plural": text.plural, "amount": text.amount, "values": values}


def unpacked(data: Any) -> Any:
    """The text, in the language in force, of what `packed` gave."""
    if not isinstance(data, Mapping):
        return data
    if "kind" in data:
        value = data["value"]
        if data["kind"] == "listed":
            value = [unpacked(one) for one in value]
        elif data["kind"] in ("day", "moment"):
            value = datetime.fromisoformat(value)
        return _WRITERS[data["kind"]](value)
    values = {name: unpacked(value) for name, value in data["values"].items()}
    return again(Text("", data["source"], values, data["plural"], data["amount"]))


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
    written = f"{value:.{digits}f}" if digits is not None else repr(value)
    whole, _point, rest = written.partition(".")
    if len(whole.lstrip("-")) >= habits.group_from:
        whole = f"{int(whole):,}".replace(",", habits.group)
    return Written(
        f"{whole}{habits.decimal}{rest}" if rest else whole, f"number{'' if digits is None else digits}", value
    )


def day(value: date) -> str:
    """21/11/2026, or Nov 21, 2026; of a moment with a time zone, the day that it is here."""
    here = value.astimezone() if isinstance(value, datetime) and value.tzinfo else value
    return Written(HABITS[_now.language].day.format(here, month=_MONTHS[here.month]), "day", value)


def moment(value: datetime) -> str:
    """Day and time, to the minute, in the time zone of this machine."""
    here = value.astimezone() if value.tzinfo else value
    return Written(f"{day(value)} {here:%H:%M}", "moment", value)


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
    "day": day,
    "moment": moment,
    "listed": listed,
}
