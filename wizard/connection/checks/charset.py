"""Does text with accents come through: what the server tells of its character set, and text that is really there."""

from __future__ import annotations

import re
from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, ok, warn
from wizard.connection.entity_catalogue import entities_on, logix_tables
from wizard.connection.limits import query_seconds
from wizard.connection.locked_rows import Reader, reader
from wizard.connection.session import ConnectionFailed
from wizard.connection.small_reads import FirstRows, Unreadable, rows_of
from wizard.i18n import N_
from wizard.profile.models import Profile

WORDS = "ÁÂÃÇÉÓÚ ãçõ"
"""Letters of Portuguese that are not ASCII; all of them are in Latin-1."""

PLAIN = "ACEO aco"

DESCRIPTIONS = ("den_", "des_", "nom_", "raz_")
"""How names of columns begin that hold text for people."""

SAMPLE = 200
"""Rows of each table whose text is looked at."""

_FOLLOWING = "".join(
    sorted({chr(code) for code in range(0x80, 0xC0)} | set(bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")))
)
GARBLED = re.compile(rf"[ÃÂ][{re.escape(_FOLLOWING)}]|\ufffd|[^\W\d_]\?+[^\W\d_]")
"""UTF-8 that was read as Latin-1 or CP1252, and what stands for bytes and for letters that could not be had."""


def _run(subject: Subject) -> Outcome:
    settings = subject.profile.database
    try:
        with reader(subject) as logix:
            told = _told(logix, settings.CHARSET_QUERY)
            texts = _texts(FirstRows(logix, settings), subject.profile)
            # What is really there tells more than what is sent: the update reads, and some drivers spoil statements.
            echo = None if texts else _echo(logix, settings.ECHO_QUERY)
    except ConnectionFailed as error:
        return error.outcome
    except Unreadable as error:
        return error.outcome
    known = told or _("the server does not tell")
    hint = _("Set the character set of the driver or of the DSN as the database has it (Informix: CLIENT_LOCALE).")
    garbled = [text for text in texts if GARBLED.search(text)]
    if garbled:
        message = _("Text comes garbled, such as {examples}; character set: {known}.")
        examples = "; ".join(garbled[:3])
        return warn("database.text_garbled", message.format(examples=examples, known=known), hint, charset=known)
    if texts:
        message = _("Text with accents is readable, such as {example}; character set: {known}.")
        return ok("database.charset_ok", message.format(example=texts[0], known=known), charset=known)
    if echo == WORDS:
        message = _("Accented letters come back as they were sent; character set: {known}.")
        return ok("database.charset_ok", message.format(known=known), charset=known)
    if echo is None:
        message = _("No text with accents was found to try; character set: {known}.")
        return ok("database.charset_untried", message.format(known=known), charset=known)
    if not echo:
        message = _("The driver or the server refuses accented letters; character set: {known}.")
        return warn("database.text_refused", message.format(known=known), hint, charset=known)
    message = _("Accented letters sent to the server come back changed: {echo}; character set: {known}.")
    return warn("database.text_changed", message.format(echo=echo, known=known), hint, charset=known)


def _told(logix: Reader, query: str) -> str:
    """What the server says of its character set, and of that of the session."""
    if not query:
        return ""
    try:
        rows = rows_of(logix, query)
    except Unreadable:
        return ""
    return " / ".join(dict.fromkeys(str(value).strip() for value in (rows[0] if rows else ()) if value))


def _echo(logix: Reader, query: str) -> str | None:
    """The accented letters after a way to the server and back, "" where they alone are refused; None: not known."""
    said = _said(logix, query, WORDS)
    if said is None and _said(logix, query, PLAIN) is not None:
        return ""
    return said


def _said(logix: Reader, query: str, words: str) -> str | None:
    try:
        ((said,),) = rows_of(logix, query.format(words=words))
    except Unreadable as error:
        if error.outcome.code == "database.text_undecodable":
            raise
        return None
    return str(said).rstrip()


def _texts(tables: FirstRows, profile: Profile) -> list[str]:
    """Texts of Logix with letters beyond ASCII, or with signs that there were some: up to one of each kind a table."""
    found = []
    for table in logix_tables(entities_on(profile)):
        columns = [name for name in table.columns if name.startswith(DESCRIPTIONS)]
        if columns:
            try:
                rows = tables.first(columns, table.name, SAMPLE)
            except Unreadable as error:
                if error.outcome.code == "database.text_undecodable":
                    raise
                continue
            texts = [value.strip() for row in rows for value in row if isinstance(value, str)]
            found += [text for text in texts if GARBLED.search(text)][:1]
            found += [text for text in texts if not text.isascii() and not GARBLED.search(text)][:1]
    return found


def _seconds(profile: Profile) -> float:
    return 30 + query_seconds(profile)


CHECK = Check(
    "database.charset",
    N_("Accented text readable"),
    _run,
    ("database", "update"),
    needs=("database.login",),
    mandatory=False,
    timeout=_seconds,
    shares="database",
)
