"""Last gate before a result is shown, logged or sent to a parent. By allow-list: what passes is chosen.

What an outcome may hold, and who chose it:

- Status and code: words of this program.
- Message and hint: sentences of this program. The values in them are the details below, and pass as those do.
- Details: only the names of `details.DETAILS`; the value of any other is replaced as a whole.
- Words of another program (details that are declared `foreign`): chosen word by word. Kept are words of letters,
  numbers, codes and versions as drivers and servers write them, names of libraries, and what the profile itself says
  of the place (host, DSN, file, service). Everything else is replaced, such as a mixture of letters and digits, joined
  by a sign or not.

A chosen value can still be a secret: a server may say again what it was told, and a password may be a plain word. So
every secret that this process knows is replaced in all of the outcome, in each form in which it could be written,
whatever follows PWD= and its like, and the user where a driver names it. What remains is a password that this
program was never told and that is itself a chosen word, such as letters alone or a number, in words of a driver that
do not say that it is one.

The log (`wizard.log`) and diagnostics choose by lists of their own.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape
from urllib.parse import quote, quote_plus

from wizard.checklist.check import Outcome, Subject
from wizard.checklist.details import DETAILS
from wizard.i18n import cleaned
from wizard.profile.load import profile_to_data
from wizard.profile.models import Profile
from wizard.secrets.references import seen

MASK = "***"
_ASSIGNED = re.compile(r"(?i)\b(pwd|password|senha)\s*=\s*(\{(?:[^}]|\}\})*\}|[^;\s]+)")
_NAMED = r"(?i:\b((?:user(?:name)?|role|login|account)s?:?\s+[\"'`(]{0,2}))"
_USER = re.compile(r"(?i)\b(uid|user id)\s*=\s*(\{(?:[^}]|\}\})*\}|[^;\s]+)")
"""A user where a driver names one; the same word may be a table or a database elsewhere."""


def redacted(outcome: Outcome, subject: Subject) -> Outcome:
    """The outcome of a check over this subject, with everything replaced that is not chosen."""
    secrets = {*subject.typed.values(), *seen()}
    users = {getattr(subject.profile.database, "user", None), subject.profile.webservice.user}
    return without(outcome, secrets, users, places(subject.profile))


def without(
    outcome: Outcome, secrets: Iterable[str], users: Iterable[str | None], known: Collection[str] = ()
) -> Outcome:
    """The outcome with everything replaced that is not chosen, and without these secrets and users.

    `known` are words that may stand in what another program said, as `places` gives them.
    """
    logins = {user for user in users if user}
    named = [re.compile(rf"{_NAMED}{re.escape(user)}(?!\w)") for user in logins]
    clean = cleaner(secrets, logins)

    def unnamed(text: str) -> str:
        for pattern in named:
            text = pattern.sub(rf"\g<1>{MASK}", text)
        return _USER.sub(rf"\1={MASK}", text)

    # What a driver said names the user too; our own sentences do so only on purpose.
    foreign = {name: clean(unnamed(text)) for name, text in outcome.details.items() if _foreign(name)}
    chosen = {name: chosen_words(text, known) for name, text in foreign.items()}
    # A sentence may have been filled with them, as they came.
    said = {clean(outcome.details[name]): chosen[name] for name in foreign if len(foreign[name]) >= _QUOTED}

    def sentence(text: str) -> str:
        text = clean(text)
        for before, after in said.items():
            text = text.replace(before, after)
        return text

    own = {name: sentence(text) if name in DETAILS else MASK for name, text in outcome.details.items()}
    return replace(
        outcome,
        message=cleaned(outcome.message, sentence),
        hint=cleaned(outcome.hint, sentence),
        details={name: chosen.get(name, text) for name, text in own.items()},
    )


def _foreign(name: str) -> bool:
    return name in DETAILS and DETAILS[name].foreign


_QUOTED = 2
"""Characters. What is shorter may stand in any sentence by chance."""


# --- words of another program ------------------------------------------------------------------

_BETWEEN = re.compile(r"(\s+|[\[\](){}<>\"'`´“”‘’«»,;:=|]+)")
_ENDS = "./\\_-+*#&!?%…"
_INSIDE = re.compile(r"[._\-/\\&+]")
_LIBRARY = re.compile(r"[\w.+/\\-]{1,200}\.(?:so(?:\.\d+)*|dll|dylib|drv)", re.IGNORECASE)
_WORD = re.compile(
    r"[^\W\d_]{1,32}"  # letters
    r"|\d{1,10}"
    r"|0x[0-9A-Fa-f]{1,8}"
    r"|[0-9][0-9A-Z]{4}|(?:HY|IM|HZ|XX|S1|P0)[0-9A-Z]{3}"  # SQLSTATE
    r"|[A-Z]{2}\d{1,2}(?:[A-Z]\d{1,2})?|pgdg\d{2,3}"  # releases of Informix and of packages
    r"|SQL\d{4,5}[NCW]|v\d{1,4}|\d{1,2}[cgi]|\d{1,2}p\d{1,2}|deb\d{1,2}u\d{1,2}|\d\dT\d\d|\d{2,6}Z"
    r"|(?i:utf|tls|tlsv|ssl|sslv|http|ipv|sha|md|cp|iso|win|base|latin|oauth|odbc|db|x|soap|log|mysql|dev|rc)\d{1,5}"
)
"""What a piece between points, slashes and dashes may be."""


_JOINED = re.compile(
    r"[A-Z]{2,8}[-_]\d{1,6}"  # ORA-01017
    r"|(?:[A-Za-z]{2,16}[-_/])?v?\d{1,4}(?:\.\d{1,6})+.*"  # 10.11.14-MariaDB-0, Apache/2.4.57
    r"|[A-Za-z]{2,16}-\d{1,3}\+deb\d{1,2}u\d{1,2}"  # of a package
    r"|(?:[./\\].*)?x86_64.*"  # platforms, with or without the path
)
"""What letters and numbers may be together, joined by a sign."""


def chosen_words(text: str, known: Collection[str] = ()) -> str:
    """What another program said, with every word replaced that is not chosen; see the head of this module."""
    return "".join(
        piece if index % 2 or _may_stand(piece, known) else MASK for index, piece in enumerate(_BETWEEN.split(text))
    )


def _may_stand(piece: str, known: Collection[str]) -> bool:
    core = piece.strip(_ENDS)
    if len(core) == 1 or core.casefold() in known or _LIBRARY.fullmatch(core):
        return True
    parts = [part for part in _INSIDE.split(core) if part.casefold() not in known]
    if not all(not part or _WORD.fullmatch(part) for part in parts):
        return False
    # `senha-2024` is how people make passwords; a code or a version has a form of its own.
    mixed = any(part.isdecimal() for part in parts) and any(part.isalpha() for part in parts)
    return not mixed or bool(_JOINED.fullmatch(core))


_NO_PLACE = frozenset({"user", "password", "key_password", "kind"})


def places(profile: Profile) -> frozenset[str]:
    """The words by which a profile says where its database and web service are, in small letters."""
    data = profile_to_data(profile)
    texts = [text for section in ("database", "webservice") for text in _texts(data.get(section))]
    pieces = {piece.strip(_ENDS) for text in texts for piece in _BETWEEN.split(text)[::2]}
    return frozenset(part.casefold() for piece in pieces for part in (piece, *_INSIDE.split(piece)) if part)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name not in _NO_PLACE:
                yield from _texts(item)
    elif isinstance(value, str):
        yield value


# --- secrets that are known ----------------------------------------------------------------------


def cleaner(secrets: Iterable[str], users: Iterable[str | None]) -> Callable[[str], str]:
    """What takes these secrets, also as part of a login of these users, and what follows PWD= out of any text."""
    logins = {user for user in users if user}
    values = sorted({form for secret in set(secrets) - {""} for form in _forms(secret, logins)}, key=len, reverse=True)
    patterns = [re.compile(_pattern(value)) for value in values if value]

    def clean(text: str) -> str:
        for pattern in patterns:
            text = pattern.sub(MASK, text)
        return _ASSIGNED.sub(rf"\1={MASK}", text)

    return clean


def _pattern(value: str) -> str:
    """Where a secret stands: anywhere; one so short that words hold it by chance, only where it stands alone."""
    found = re.escape(value)
    return rf"(?<!\w){found}(?!\w)" if len(value) < 4 else found


def _forms(secret: str, users: set[str]) -> Iterator[str]:
    """A secret as drivers and servers write it: in a URL, in XML, in quotes, in braces, in a Basic header."""
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield escape(secret)
    yield escape(secret, quote=False)
    yield repr(secret)[1:-1]
    yield secret.replace("}", "}}")
    for user in users:
        login = f"{user}:{secret}"
        yield base64.b64encode(login.encode()).decode()
        yield base64.b64encode(login.encode("latin-1", "ignore")).decode()
