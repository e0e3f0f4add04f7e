"""The data sources and drivers of this machine in words: rows of tables, choices for the field DSN, and a sentence
about the one that is typed. The facts are those of `connection.data_sources`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from gettext import gettext as _
from typing import Literal

from wizard.connection.data_sources import (
    DataSource,
    Driver,
    Listing,
    Scope,
    explain,
    explain_driver,
    listing,
    propose,
)
from wizard.connection.dsn_form import fits, form_for
from wizard.connection.library_file import PROGRAM_BITS
from wizard.flow.state import State, value_of
from wizard.profile.database import KINDS
from wizard.profile.errors import Problem
from wizard.secrets import references

Mark = Literal["ok", "info", "warn", "fail"]


@dataclass(frozen=True)
class SourceRow:
    """A data source as a table shows it. `told` are sentences with cause and action, worst first."""

    source: DataSource
    state: Mark
    word: str
    scope: str
    bits: str
    seen: str
    told: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the columns: name, state, driver, server, scope, bitness, seen by the engines."""
        source = self.source
        return source.name, self.word, source.driver, source.server, self.scope, self.bits, self.seen

    @property
    def words(self) -> str:
        """The same on one line, without the name."""
        source = self.source
        bits = self.bits if source.bits else ""
        return " - ".join(filter(None, [source.driver, source.server, self.scope, bits, self.word]))


@dataclass(frozen=True)
class DriverRow:
    """A driver as a table shows it."""

    driver: Driver
    state: Mark
    word: str
    bits: str
    told: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the columns: name, state, version, bitness, library."""
        return self.driver.name, self.word, self.driver.version, self.bits, self.driver.library


@dataclass(frozen=True)
class SourceChoice:
    """A data source that the field DSN offers: `text` stands under the name, `proposed` says that it is the one."""

    name: str
    text: str
    state: Mark
    proposed: bool = False


@dataclass(frozen=True)
class SourceNote:
    """What to say under the field; "" as `state` is silence. `use` is a name that one press would take."""

    state: Mark | Literal[""] = ""
    text: str = ""
    use: str = ""


@dataclass(frozen=True, eq=False)
class Machine:
    """What was listed, with its words. They are made once, where the listing is read, not where it is shown."""

    found: Listing
    rows: tuple[SourceRow, ...]
    drivers: tuple[DriverRow, ...]


def machine(found: Listing | None = None) -> Machine:
    """This machine as it is now; blocks while it is read. A listing that is there already is taken as it is."""
    if found is None:
        found = listing()
    return Machine(found, tuple(_rows(found)), tuple(_driver_rows(found)))


def _driver_rows(found: Listing) -> Iterator[DriverRow]:
    for driver in found.drivers:
        problem = explain_driver(driver)
        state: Mark = "fail" if problem else "ok"
        word = _("cannot be loaded") if problem else _("can be loaded")
        yield DriverRow(driver, state, word, bits_text(driver.bits), (sentence(problem),) if problem else ())


_fits = lru_cache(1024)(fits)


def choices(here: Machine, kind: str, name: str = "") -> tuple[SourceChoice, ...]:
    """What the field DSN offers for a kind of database: the proposed one, then System DSNs that fit and work here,
    then whatever else fits, then the rest.
    """
    proposal = propose(here.found.sources, kind, name).source
    word = _("proposed")

    def place(row: SourceRow) -> tuple[bool, ...]:
        source = row.source
        fitting = _fits(kind, source.driver, source.library)
        return (
            source is not proposal,
            not (fitting and source.usable and source.seen_by_engines),
            not (fitting and source.usable),
            not fitting,
        )

    return tuple(
        SourceChoice(row.source.name, f"{row.words} - {word}", row.state, True)
        if row.source is proposal
        else SourceChoice(row.source.name, row.words, row.state)
        for row in sorted(here.rows, key=place)
    )


def note(here: Machine, kind: str, name: str) -> SourceNote:
    """What is to be said of the name that is typed ("" for none), with the reason of the proposal."""
    proposal = propose(here.found.sources, kind, name)
    source = proposal.source
    if source is not None and name.casefold() == source.name.casefold():
        row = next(row for row in here.rows if row.source is source)
        return _note_of(row, kind, name, proposal.reason)
    use = source.name if source else ""
    if not name:
        field = KINDS[kind].model_fields.get("dsn") if kind in KINDS else None
        if source is None and not (field and field.is_required()):
            return SourceNote()
        if source is None:
            return SourceNote("info" if proposal.code == "several" else "warn", proposal.reason)
        text = _("Proposed: {name}. {reason}").format(name=use, reason=proposal.reason)
        return SourceNote("info", text, use)
    text = _("There is no DSN named {name} here.").format(name=name)
    if source:
        text += " " + _("Proposed: {name}. {reason}").format(name=use, reason=proposal.reason)
    else:
        text += " " + proposal.reason
    return SourceNote("fail", text, use)


def _note_of(row: SourceRow, kind: str, name: str, reason: str) -> SourceNote:
    source = row.source
    if not source.usable:
        return SourceNote("fail", reason)
    if not source.seen_by_engines or source.name != name:
        return SourceNote("warn", reason, source.name if source.name != name else "")
    if not fits(kind, source.driver, source.library):
        text = _("{name} has the driver {driver}, which is not one for {kind}.")
        return SourceNote("warn", text.format(name=source.name, driver=source.driver, kind=_(KINDS[kind].TITLE)))
    if row.told:
        return SourceNote("warn", row.told[0])
    bits = row.bits if source.bits else ""
    words = ", ".join(filter(None, [source.driver, source.server or source.database, row.scope, bits]))
    return SourceNote("ok", words)


def _rows(found: Listing) -> Iterator[SourceRow]:
    # Looked up once: a machine may have thousands.
    states: Mapping[Mark, str] = {"ok": _("ready"), "warn": _("ready, with a remark"), "fail": _("broken")}
    scopes: Mapping[Scope, str] = {"user": scope_text("user"), "system": scope_text("system")}
    bits = {number: bits_text(number) for number in (32, 64, None)}
    seen = {True: _("yes"), False: _("no")}
    for source in found.sources:
        problems = explain(source)
        state: Mark = "fail" if not source.usable else "warn" if problems or not source.seen_by_engines else "ok"
        told = tuple(sentence(problem) for problem in problems)
        if not source.seen_by_engines and not told:
            told = (source.reason,)
        yield SourceRow(
            source, state, states[state], scopes[source.scope], bits[source.bits], seen[source.seen_by_engines], told
        )


def sentence(problem: Problem) -> str:
    """Cause and action, without the place."""
    return f"{problem.message} {problem.action}".strip()


def sentences(problems: Sequence[Problem]) -> str:
    """Several of them, one a line."""
    return "\n".join(sentence(problem) for problem in problems)


def scope_text(scope: Scope) -> str:
    """The scope in words."""
    return _("user DSN") if scope == "user" else _("System DSN")


def bits_text(bits: int | None) -> str:
    """The bitness in words; a dash where no library tells."""
    return _("{bits} bit").format(bits=bits) if bits else "-"


def missing_driver(here: Machine, kind: str) -> str:
    """What to install when no driver here is one for this kind of database: which, for which bitness, from where.

    "" where one is there, and for a kind that takes any driver.
    """
    fitting = [driver for driver in here.found.drivers if fits(kind, driver.name, driver.library)]
    if kind == "odbc" or any(not driver.problem for driver in fitting):
        return ""
    if fitting:
        problem = explain_driver(fitting[0])
        return sentence(problem) if problem else ""
    title = KINDS[kind].TITLE if kind in KINDS else kind
    package = _(form_for(_DRIVER_OF.get(kind, title)).package)
    text = _("No ODBC driver for {kind} of {own} bit is installed here. Install it: {package}.")
    return text.format(kind=_(title), own=PROGRAM_BITS, package=package)


_DRIVER_OF = {"sqlserver": "SQL Server"}


def known_password(state: State) -> str | None:
    """The password of the page, as typed, else from where it is kept: that may block. Raises SecretError."""
    path = "database.password"
    reference = value_of(state.data, path)
    if path in state.typed or not reference:
        return state.typed.get(path)
    return references.read(str(reference), path)


def copied(here: Machine) -> str:
    """Both tables as text for the clipboard, with what is wrong; a column a tab."""
    lines = [_("Data sources:") if here.rows else _("No data sources yet.")]
    for row in here.rows:
        lines += ["\t".join(row.cells), *(f"\t{text}" for text in row.told)]
    lines += ["", _("Drivers:") if here.drivers else _("No ODBC driver is registered.")]
    for driver in here.drivers:
        lines += ["\t".join(driver.cells), *(f"\t{text}" for text in driver.told)]
    lines += [sentence(problem) for problem in here.found.problems]
    return "\n".join(lines) + "\n"
