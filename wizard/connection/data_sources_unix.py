"""Data sources where unixODBC is the driver manager: odbc.ini and odbcinst.ini, found as unixODBC finds them.

ODBCINI is the file of the user's data sources, else ~/.odbc.ini of the account (not of $HOME). ODBCSYSINI is
the folder of the system's odbc.ini and odbcinst.ini, else the one compiled in. ODBCINSTINI is a file name
in that folder. $HOME/.odbcinst.ini adds drivers.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from gettext import gettext as _
from pathlib import Path

from wizard.connection import ini_file
from wizard.connection.data_sources import (
    DataSource,
    Driver,
    Listing,
    Scope,
    by_severity,
    library_state,
    unreadable,
    visibility,
    with_shadows,
)
from wizard.connection.dsn_form import INFORMIX, form_for, is_secret
from wizard.connection.ini_file import EMPTY, IniFile, IniUnreadable, Section
from wizard.connection.library_file import PROGRAM_BITS, Bits, version_in_name
from wizard.profile.errors import Problem

_NO_SOURCES = frozenset({"odbc", "odbc data sources"})
_NO_DRIVERS = frozenset({"odbc", "odbc drivers"})

_LIBRARY_FOLDERS = ("/usr/lib/*/odbc", "/usr/lib/odbc", "/usr/lib64", "/usr/lib/*", "/usr/lib", "/lib64", "/lib/*",
                    "/lib", "/usr/local/lib")  # fmt: skip
"""Where the loader looks for a driver that is registered without a path."""


@dataclass(frozen=True)
class Files:
    """The files that the driver manager would read. `user` is None where it is the system's file too."""

    system: Path
    user: Path | None
    drivers: Path
    user_drivers: Path


def files() -> Files:
    """The files as unixODBC would find them in this environment."""
    folder = os.environ.get("ODBCSYSINI") or compiled_folder()
    # Joined as text: an absolute ODBCINSTINI still counts from the folder.
    drivers = Path(f"{folder}/{os.environ.get('ODBCINSTINI') or 'odbcinst.ini'}")
    system = Path(folder) / "odbc.ini"
    user = Path(os.environ.get("ODBCINI") or _home() / ".odbc.ini")
    same = os.path.realpath(user) == os.path.realpath(system)
    return Files(system, None if same else user, drivers, Path(os.environ.get("HOME") or "/home") / ".odbcinst.ini")


def _home() -> Path:
    if sys.platform == "win32":
        return Path.home()
    import pwd

    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        return Path("/home")


@cache
def compiled_folder() -> str:
    """The folder of the system's files that the driver manager was built with; /etc where nobody can tell."""
    tool = shutil.which("odbcinst")
    if tool is None:
        return "/etc"
    # Not ours: it holds settings that this question is not about, and secrets of profiles (env:NAME).
    environment = {"PATH": os.environ.get("PATH", os.defpath)}
    try:
        done = subprocess.run(
            [tool, "-j"], env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return "/etc"
    match = re.search(rb"^SYSTEM DATA SOURCES:\s*(/.*)/odbc\.ini\s*$", done.stdout, re.MULTILINE)
    return os.fsdecode(match[1]) if match else "/etc"


def listing() -> Listing:
    """The data sources and drivers of this machine, and the files that cannot be read."""
    places, problems = files(), list[Problem]()
    registered: dict[str, Driver] = {}
    system = _read(places.drivers, problems)
    # unixODBC makes the system's file where there is none; where it cannot, it looks at no other.
    usable = not problems and places.drivers.parent.is_dir()
    for file in (system, _read(places.user_drivers, problems) if usable else EMPTY):
        for section in file.sections:
            # The system's registration of a name counts, the user's is not looked at.
            if section.name and section.name.casefold() not in _NO_DRIVERS:
                registered.setdefault(section.name.casefold(), _driver(section))
    sources = list(_sources(places.system, "system", registered, problems))
    if places.user:
        sources += _sources(places.user, "user", registered, problems)
    if not any(_tells_unicode(path) for path in (places.system, places.user, places.drivers) if path):
        sources = [_without_unicode(source) for source in sources]
    drivers = tuple(sorted(registered.values(), key=lambda driver: driver.name.casefold()))
    return Listing(with_shadows(sources), drivers, tuple(problems))


def _read(path: Path, problems: list[Problem]) -> IniFile:
    try:
        return ini_file.read(path)
    except IniUnreadable as error:
        problems.append(unreadable(str(path), error.code, error.detail))
        return EMPTY


def _driver(section: Section) -> Driver:
    library = (section.get("Driver64") if PROGRAM_BITS == 64 else "") or section.get("Driver")
    path = library_path(library)
    bits, problem = library_state(path)
    return Driver(section.name, str(path or library), bits, version_in_name(path) if path else "", problem)


def library_path(library: str) -> Path | None:
    """Where the loader would find a library; None where it is nowhere. One of this program's bitness comes first."""
    if not library or "\0" in library:
        return None
    if "/" in library:
        return Path(library)
    candidates = [path for path in _candidates(library) if library_state(path)[1] != "odbc.library_missing"]
    return min(candidates, key=lambda path: library_state(path)[1] != "", default=None)


def _candidates(library: str) -> Iterator[Path]:
    for variable in ("LTDL_LIBRARY_PATH", "LD_LIBRARY_PATH"):
        for name in filter(None, os.environ.get(variable, "").split(":")):
            yield Path(name) / library
    for pattern in _LIBRARY_FOLDERS:
        for folder in sorted(Path("/").glob(pattern[1:])):
            yield folder / library


def _sources(path: Path, scope: Scope, registered: dict[str, Driver], problems: list[Problem]) -> Iterator[DataSource]:
    file, seen = _read(path, problems), set[str]()
    for section in file.sections:
        name = section.name.casefold()
        if not name or name in _NO_SOURCES or name in seen:
            continue
        seen.add(name)
        yield _source(file, section, scope, path, registered)


def _source(file: IniFile, section: Section, scope: Scope, path: Path, registered: dict[str, Driver]) -> DataSource:
    named = section.get("Driver")
    codes: list[str] = []
    driver: Driver | None
    if named.startswith("/"):
        bits, problem = library_state(Path(named))
        driver = Driver(named, named, bits, problem=problem)
    else:
        driver = registered.get(named.casefold())
    if not named:
        codes.append("odbc.no_driver")
    elif driver is None:
        codes.append("odbc.driver_not_registered")
    elif driver.problem:
        codes.append(driver.problem)
    if any(is_secret(keyword, value) for keyword, value in section.keywords if value):
        codes.append("odbc.password_stored")
    if scope == "user":
        codes.append("odbc.user_dsn")
    if file.is_twice(section.name):
        codes.append("odbc.twice")
    # The bitness of a data source is that of its driver: the file itself has none.
    bits = driver.bits if driver else None
    seen, reason = _visibility(scope, path, bits)
    safe = tuple((keyword, value) for keyword, value in section.keywords if not is_secret(keyword, value))
    library = driver.library if driver else ""
    form = form_for(named, library)
    told = Section(section.name, safe, 0, 0)
    return DataSource(
        name=section.name,
        driver=driver.name if driver else named,
        description=told.get("Description"),
        server=next(filter(None, map(told.get, form.server)), ""),
        database=next(filter(None, map(told.get, form.database)), ""),
        scope=scope,
        bits=bits,
        seen_by_engines=seen,
        reason=reason,
        problems=by_severity(codes),
        library=library,
        keywords=safe,
        place=str(path),
    )


def _tells_unicode(path: Path) -> bool:
    """Whether a file has the section that tells the driver of Informix how the driver manager writes Unicode.

    It takes four bytes for a letter unless it is told; unixODBC writes two, and pyodbc logs in with such letters only.
    """
    section = _read(path, []).section("ODBC")
    return section is not None and bool(section.get("UNICODE"))


def _without_unicode(source: DataSource) -> DataSource:
    if form_for(source.driver, source.library) is not INFORMIX:
        return source
    return replace(source, problems=by_severity([*source.problems, "odbc.unicode_unset"]))


def _visibility(scope: Scope, path: Path, bits: Bits | None) -> tuple[bool, str]:
    seen, reason = visibility(scope, bits)
    if not seen:
        return seen, reason
    if not path.stat().st_mode & stat.S_IROTH:
        return False, _("Only some accounts may read {file}.").format(file=path)
    if os.environ.get("ODBCSYSINI"):
        return True, _("As long as ODBCSYSINI is set for the engines' account as it is here.")
    return True, ""
