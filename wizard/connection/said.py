"""What a driver said, taken apart once: driver, SQLSTATE, native code and text of every record of a message."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """One record of a message. `state` and `native` are "" where it has none.

    `driver` is the family, a word of _DRIVERS, or "" for one that is not known. `native` is the number as
    it stands ("-951", "1045"), of Oracle with its prefix and five digits ("ORA-01017", "DPY-6005").
    """

    driver: str
    state: str
    native: str
    text: str


_DRIVERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("wizard", re.compile(r"^\[aps-wizard\]")),
    ("manager", re.compile(r"^\[(?:unixODBC|Microsoft)\]\s*\[(?:ODBC )?Driver Manager\]|^\[iODBC\]", re.IGNORECASE)),
    ("informix", re.compile(r"^\[Informix|^\[IBM\]\[Informix", re.IGNORECASE)),
    ("mariadb", re.compile(r"^\[ma-|^\[MySQL\]|^\[MariaDB\]", re.IGNORECASE)),
    ("freetds", re.compile(r"^\[FreeTDS\]")),
    ("mssql", re.compile(r"^\[Microsoft\].*SQL Server|^\[Microsoft\]\[SQL", re.IGNORECASE)),
    ("db2", re.compile(r"^\[IBM\]\[CLI Driver\]")),
    ("oracle", re.compile(r"^\[Oracle\]|\b(?:ORA|DPY|DPI)-\d{3,5}\b")),
    ("sqlite", re.compile(r"^\[SQLite\]")),
    # psqlODBC puts no name before its words.
    (
        "postgresql",
        re.compile(
            r"^(?:ERROR|FATAL|PANIC):|^(?:connection failed: )?connection to server (?:at|on) "
            r"|^could not (?:translate host|connect to)|^fe_sendauth|^root certificate file|^connection timeout expired"
        ),
    ),
    ("manager", re.compile(r"^Specified driver could not be (?:loaded|connected)", re.IGNORECASE)),
)

_RECORD = re.compile(r"\[([0-9A-Z]{5})\]\s*")
_NATIVE = re.compile(r"\((-?\d+)\)(?:\s*\(SQL\w+\))?[\s;.]*$")
_ORACLE = re.compile(r"\b(ORA|DPY|DPI)-(\d{3,5})\b")
_NUMBERED = re.compile(r"^\((\d{4}), ['\"]")
_LEADING = re.compile(r"^(-\d{2,5}):")


def plain(text: str) -> str:
    """The message itself, where `str` of an exception wraps it in the representation of its arguments."""
    if text.startswith("("):
        try:
            parts = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return text
        if isinstance(parts, tuple) and parts and isinstance(parts[-1], str):
            return parts[-1]
    return text


def heard(text: str) -> tuple[Said, ...]:
    """Every record of a message in its order; an ODBC message may hold several, and one of oracledb too."""
    numbered = _NUMBERED.match(text)
    text = plain(text)
    if numbered:
        # The Python drivers of MySQL, which an APS store may have.
        return (Said("mariadb", "", numbered[1], text),)
    marks = list(_RECORD.finditer(text))
    if not marks:
        return _without_state(text)
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    records: list[Said] = []
    for mark, end in zip(marks, ends, strict=True):
        # A record that does not name its driver is of the one before it.
        records.append(_record(mark[1], text[mark.end() : end].strip(), records[-1].driver if records else ""))
    return tuple(records)


def _record(state: str, text: str, before: str) -> Said:
    number, oracle = _NATIVE.search(text), _ORACLE.search(text)
    native = _oracle(oracle) if oracle else number[1] if number else ""
    return Said(_driver(text) or before, state, native, text)


def _without_state(text: str) -> tuple[Said, ...]:
    """What is not ODBC: each code of Oracle is a record of its own, everything else is one."""
    marks = list(_ORACLE.finditer(text))
    if marks:
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        return tuple(
            Said("oracle", "", _oracle(mark), text[mark.start() : end].strip())
            for mark, end in zip(marks, ends, strict=True)
        )
    number = _NATIVE.search(text) or _LEADING.search(text)
    return (Said(_driver(text), "", number[1] if number else "", text),)


def _oracle(mark: re.Match[str]) -> str:
    width = 5 if mark[1] == "ORA" else 4
    return f"{mark[1]}-{int(mark[2]):0{width}d}"


def _driver(text: str) -> str:
    return next((name for name, pattern in _DRIVERS if pattern.search(text)), "")
