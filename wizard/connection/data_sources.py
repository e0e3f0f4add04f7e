"""The ODBC data sources and drivers of this machine: what there is, what is wrong with each, which one to take.

Read without pyodbc and without the driver manager, so that a machine where these are missing can be
looked at too. A stored password is never taken up: only that there is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from gettext import gettext as _
from pathlib import Path
from typing import Any, Literal

from wizard.connection.dsn_form import INFORMIX, fits, form_for
from wizard.connection.library_file import PROGRAM_BITS, Bits, bits_of
from wizard.profile.errors import Problem

Scope = Literal["user", "system"]

BLOCKING = (
    "odbc.no_driver",
    "odbc.driver_not_registered",
    "odbc.library_missing",
    "odbc.library_unusable",
    "odbc.other_bitness",
)
"""With one of these nobody can log in through the data source from this program; worst first."""

ADVICE = ("odbc.unicode_unset", "odbc.password_stored", "odbc.user_dsn", "odbc.shadowed", "odbc.twice")
"""These deserve attention; the data source works."""


@dataclass(frozen=True)
class Driver:
    """A registered ODBC driver. `problem` is a code of BLOCKING, or ""; `bits` None where no header tells."""

    name: str
    library: str
    bits: Bits | None
    version: str = ""
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        """The shape of `aps-wizard dsn list --json`; a contract."""
        return {**asdict(self), "form": form_for(self.name, self.library).key}


@dataclass(frozen=True)
class DataSource:
    """One data source.

    `driver` is what it names: a registered driver, or a library. `problems` are codes of BLOCKING and
    ADVICE, worst first. `reason` says in words why the engines will not see it, or on what it depends.
    `keywords` are all that it holds but for passwords. `place` is its file or registry key.
    """

    name: str
    driver: str
    description: str
    server: str
    database: str
    scope: Scope
    bits: Bits | None
    seen_by_engines: bool
    reason: str
    problems: tuple[str, ...] = ()
    library: str = ""
    keywords: tuple[tuple[str, str], ...] = ()
    place: str = ""

    @property
    def problem(self) -> str:
        """The worst problem, or ""."""
        return self.problems[0] if self.problems else ""

    @property
    def usable(self) -> bool:
        """Whether this program can try to log in through it."""
        return self.problem not in BLOCKING

    def get(self, keyword: str) -> str:
        """The value of a keyword, whatever its case; "" without one."""
        wanted = keyword.casefold()
        return next((value for name, value in self.keywords if name.casefold() == wanted), "")

    def to_json(self) -> dict[str, Any]:
        """The shape of `aps-wizard dsn list --json`; a contract."""
        data = asdict(self)
        del data["keywords"]
        return {**data, "problem": self.problem, "problems": list(self.problems), "usable": self.usable}


@dataclass(frozen=True)
class Listing:
    """Everything found: data sources by name, drivers by name, and files or keys that could not be read."""

    sources: tuple[DataSource, ...]
    drivers: tuple[Driver, ...]
    problems: tuple[Problem, ...] = ()

    def named(self, name: str, scope: Scope | None = None) -> DataSource | None:
        """The data source of this name, whatever its case, as the driver manager takes it: the user's first."""
        found = [s for s in self.sources if s.name.casefold() == name.casefold() and scope in (None, s.scope)]
        return min(found, key=lambda s: (s.bits not in (PROGRAM_BITS, None), s.scope == "system"), default=None)

    def driver(self, name: str) -> Driver | None:
        """The driver of this name, whatever its case; the one that this program can load comes first."""
        found = [driver for driver in self.drivers if driver.name.casefold() == name.casefold()]
        return min(found, key=lambda driver: driver.bits not in (PROGRAM_BITS, None), default=None)


@dataclass(frozen=True)
class Proposal:
    """The data source to take, or None, and why.

    Codes: exact, case_twin, only_one; broken (the wished one); several, user_only, none (nothing to take).
    """

    source: DataSource | None
    code: str
    reason: str


def listing() -> Listing:
    """What this machine has. Files that cannot be read are told in `problems`; nothing is raised."""
    if sys.platform == "win32":
        from wizard.connection import data_sources_windows

        return data_sources_windows.listing()
    from wizard.connection import data_sources_unix

    return data_sources_unix.listing()


def library_state(library: Path | None) -> tuple[Bits | None, str]:
    """Bitness of a driver's library, and what is wrong with it for this program (a code of BLOCKING, or "")."""
    if library is None:
        return None, "odbc.library_missing"
    try:
        bits = bits_of(library)
    except (FileNotFoundError, NotADirectoryError):
        return None, "odbc.library_missing"
    except (OSError, ValueError):
        return None, "odbc.library_unusable"
    if bits is None:
        return None, "odbc.library_unusable"
    return bits, "" if bits == PROGRAM_BITS else "odbc.other_bitness"


def by_severity(codes: Iterable[str]) -> tuple[str, ...]:
    """Codes, worst first, each once."""
    order = (*BLOCKING, *ADVICE)
    return tuple(sorted(set(codes), key=order.index))


def with_shadows(sources: Sequence[DataSource]) -> tuple[DataSource, ...]:
    """The sources by name; a System DSN that a user DSN of the same name hides from this account is marked."""
    users = {source.name.casefold() for source in sources if source.scope == "user"}
    marked = [
        replace(source, problems=by_severity([*source.problems, "odbc.shadowed"]))
        if source.scope == "system" and source.name.casefold() in users
        else source
        for source in sources
    ]
    return tuple(sorted(marked, key=lambda s: (s.name.casefold(), s.name, s.scope, s.bits or 0)))


def visibility(scope: Scope, bits: Bits | None) -> tuple[bool, str]:
    """Whether the engines' account will see a data source, and why not."""
    if scope == "user":
        return False, _("A user DSN: only the account that made it sees it, the engines run under another one.")
    if bits not in (PROGRAM_BITS, None):
        text = _("It belongs to {bits} bit; this program and the engines are of {own} bit.")
        return False, text.format(bits=bits, own=PROGRAM_BITS)
    return True, ""


_ADDRESS = re.compile(r"(?:tcp:)?([^\s,:/\\]+)(?:[,:](\d+))?(?:/\S*)?", re.IGNORECASE)


def address_of(source: DataSource) -> tuple[str, int] | None:
    """Host and port that a data source names; None where it names no host, or a service instead of a port."""
    form = form_for(source.driver, source.library)
    # Without Host an Informix data source names the instance, which is no machine.
    found = _ADDRESS.fullmatch(source.get("Host") if form is INFORMIX else source.server)
    port = (found and found[2]) or source.get("Port") or source.get("Service") or form.port
    return (found[1], int(port)) if found and port.isdecimal() and int(port) < 65536 else None


def explain(source: DataSource) -> tuple[Problem, ...]:
    """Every problem of a data source with cause and action, worst first."""
    return tuple(_explained(code, source) for code in source.problems)


def explain_driver(driver: Driver) -> Problem | None:
    """What is wrong with a driver, with cause and action; None when nothing is."""
    if not driver.problem:
        return None
    return _explained(driver.problem, driver)


def _explained(code: str, of: DataSource | Driver) -> Problem:
    name, driver = (of.name, of.driver) if isinstance(of, DataSource) else ("", of.name)
    message, action = {
        "odbc.no_driver": (
            _("The DSN {name} names no driver."),
            _("Repair it: choose its driver."),
        ),
        "odbc.driver_not_registered": (
            _("The DSN {name} names the driver {driver}, which is not installed for {own} bit."),
            _("Install it in {own} bit: {package}. Or repair the DSN with a driver that is there."),
        ),
        "odbc.library_missing": (
            _("The driver {driver} is registered, but its library {library} is not there."),
            _("Install it again in {own} bit: {package}."),
        ),
        "odbc.library_unusable": (
            _("The library {library} of the driver {driver} cannot be read, or is no library."),
            _("Install the driver again in {own} bit: {package}."),
        ),
        "odbc.other_bitness": (
            _("The driver {driver} is of {bits} bit; this program is of {own} bit and cannot load it."),
            _("Install it in {own} bit: {package}. Then make the DSN with the ODBC administrator of {own} bit."),
        ),
        "odbc.unicode_unset": (
            _("The driver of Informix is not told how unixODBC writes Unicode; the login may fail with -11060."),
            _("Put a section [ODBC] with UNICODE=UCS-2 into {place}."),
        ),
        "odbc.password_stored": (
            _("The DSN {name} holds a password, which everybody who may read it can see."),
            _("Take it out of the DSN; the profile names where the password is kept."),
        ),
        "odbc.user_dsn": (
            _("{name} is a user DSN: only the account that made it sees it."),
            _("Make it again as System DSN, which the engines see too."),
        ),
        "odbc.shadowed": (
            _("A user DSN has the same name as the System DSN {name} and hides it from this account."),
            _("Delete the user DSN, or the tests here prove another connection than the one of the engines."),
        ),
        "odbc.twice": (
            _("{name} stands twice in the file; only the first one counts."),
            _("Take the second one out of the file."),
        ),
    }[code]
    values = {
        "name": name,
        "driver": driver,
        "library": of.library or driver,
        "bits": of.bits,
        "own": PROGRAM_BITS,
        "package": _(form_for(driver, of.library).package),
        "place": of.place if isinstance(of, DataSource) else "",
    }
    return Problem(code, message.format(**values), action=action.format(**values))


def propose(sources: Sequence[DataSource], kind: str, name: str = "") -> Proposal:
    """The data source to take for a kind of database and a wished name ("" for none), and why.

    The wished one when it is there, even broken: its problem is then the reason. Else the only System
    DSN whose driver fits the kind and can be loaded here. The name has to be exactly the same (R-PRE-06),
    so a twin in other capitals is proposed under its own name.
    """
    found = _wished(sources, name) if name else None
    if found:
        problems = explain(found)
        if not found.usable or not found.seen_by_engines:
            reason = f"{problems[0].message} {problems[0].action}" if problems else found.reason
            return Proposal(found, "broken", reason)
        if found.name == name:
            return Proposal(found, "exact", _("There is a System DSN of exactly this name."))
        text = _("The name is written {name} there; it must be exactly the same.")
        return Proposal(found, "case_twin", text.format(name=found.name))
    fitting = [source for source in sources if source.usable and fits(kind, source.driver, source.library)]
    seen = [source for source in fitting if source.seen_by_engines]
    if len(seen) == 1:
        text = _("It is the only System DSN with a driver for this database ({driver}).")
        return Proposal(seen[0], "only_one", text.format(driver=seen[0].driver))
    if seen:
        text = _("Several System DSNs have a driver for this database: {names}. Choose one.")
        return Proposal(None, "several", text.format(names=", ".join(source.name for source in seen)))
    if fitting:
        text = _("Only user DSNs have a driver for this database: {names}. Make one of them a System DSN.")
        return Proposal(None, "user_only", text.format(names=", ".join(source.name for source in fitting)))
    return Proposal(None, "none", _("No DSN has a driver for this database that this program can load. Create one."))


def _wished(sources: Sequence[DataSource], name: str) -> DataSource | None:
    """Of several of this name the exact one, then the usable one, then the System DSN."""
    twins = [source for source in sources if source.name.casefold() == name.casefold()]
    return min(
        twins,
        key=lambda source: (source.name != name, not source.usable, not source.seen_by_engines),
        default=None,
    )


def unreadable(place: str, code: str, detail: str = "") -> Problem:
    """A file or key of data sources that could not be read, with cause and action."""
    message, action = {
        "denied": (_("{place} may not be read by this account."), _("Give this account the right to read it.")),
        "no_file": (_("{place} is not an ordinary file."), _("Put a text file there.")),
        "too_large": (_("{place} is too large to hold data sources."), _("Look what is in it.")),
        "damaged": (
            _("{place} does not start with a section such as [NAME]; the driver manager refuses all of it."),
            _("Take out what stands before the first section, an invisible byte order mark too."),
        ),
    }[code]
    text = message.format(place=place)
    return Problem(f"odbc.file_{code}", f"{text} ({detail})" if detail else text, action=action)
