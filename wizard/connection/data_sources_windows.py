r"""Data sources of Windows: both views of HKLM\SOFTWARE\ODBC, and the user's in HKCU.

A 64-bit program sees the 64-bit view only; the other one is read too, to say of a data source that it belongs
to the other bitness. `registry` is the module winreg, or one with its functions.
"""

from __future__ import annotations

import importlib
import ntpath
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
from wizard.connection.dsn_form import form_for, is_secret
from wizard.connection.library_file import PROGRAM_BITS, Bits
from wizard.profile.errors import Problem

_SOURCES = r"SOFTWARE\ODBC\ODBC.INI"
_DRIVERS = r"SOFTWARE\ODBC\ODBCINST.INI"
_SOURCE_LIST = "ODBC Data Sources"
_DRIVER_LIST = "ODBC Drivers"
_VIEWS: tuple[Bits, ...] = (64, 32)
_MOST = 5000
"""Data sources or keywords of one key that are looked at."""

_KEY_READ, _VIEW_64, _VIEW_32 = 0x20019, 0x100, 0x200
"""KEY_READ, KEY_WOW64_64KEY, KEY_WOW64_32KEY."""


def listing(registry: Any = None) -> Listing:
    """The data sources and drivers of both views; a key that may not be read is told in `problems`."""
    registry = registry or importlib.import_module("winreg")
    problems: list[Problem] = []
    drivers = [
        driver for view in _VIEWS for driver in _drivers(_Hive(registry, registry.HKEY_LOCAL_MACHINE, view), problems)
    ]
    user = _Hive(registry, registry.HKEY_CURRENT_USER, PROGRAM_BITS)
    known = {driver.name.casefold() for driver in drivers if driver.bits == PROGRAM_BITS}
    drivers += [driver for driver in _drivers(user, problems) if driver.name.casefold() not in known]
    sources: list[DataSource] = []
    for view in _VIEWS:
        hive = _Hive(registry, registry.HKEY_LOCAL_MACHINE, view)
        sources += _sources(hive, "system", view, drivers, problems)
    sources += _sources(user, "user", None, drivers, problems)
    ordered = sorted(drivers, key=lambda driver: (driver.name.casefold(), driver.bits or 0))
    return Listing(with_shadows(sources), tuple(ordered), tuple(problems))


def secret_keywords(name: str, scope: Scope, registry: Any = None) -> list[str]:
    """The keywords of a data source that hold a password."""
    registry = registry or importlib.import_module("winreg")
    root = registry.HKEY_LOCAL_MACHINE if scope == "system" else registry.HKEY_CURRENT_USER
    values = _Hive(registry, root, PROGRAM_BITS).values(rf"{_SOURCES}\{name}", [])
    return [keyword for keyword, value in values.items() if is_secret(keyword, value)]


class _Hive:
    """One root of the registry in one view."""

    def __init__(self, registry: Any, root: Any, bits: Bits) -> None:
        self._registry = registry
        self._root = root
        self._access = _KEY_READ | (_VIEW_64 if bits == 64 else _VIEW_32)
        self.bits = bits
        self.name = "HKCU" if root == registry.HKEY_CURRENT_USER else "HKLM"

    def values(self, key: str, problems: list[Problem]) -> dict[str, str]:
        """The texts of a key by name; {} where there is no such key."""
        try:
            opened = self._registry.OpenKey(self._root, key, 0, self._access)
        except FileNotFoundError:
            return {}
        except OSError as error:
            problems.append(unreadable(rf"{self.name}\{key}", "denied", error.strerror or ""))
            return {}
        with opened:
            return dict(self._texts(opened))

    def _texts(self, opened: Any) -> Iterator[tuple[str, str]]:
        for number in range(_MOST):
            try:
                name, value, _kind = self._registry.EnumValue(opened, number)
            except OSError:
                return
            if isinstance(value, str | int):
                yield str(name), str(value).split("\0")[0]


def _drivers(hive: _Hive, problems: list[Problem]) -> Iterator[Driver]:
    for name in hive.values(rf"{_DRIVERS}\{_DRIVER_LIST}", problems):
        values = _folded(hive.values(rf"{_DRIVERS}\{name}", problems))
        path = library_path(values.get("driver", ""), hive.bits)
        found, problem = library_state(path)
        # Registered in the other view: not for this program, whether its library is there or not.
        if hive.bits != PROGRAM_BITS:
            problem = "odbc.other_bitness"
        yield Driver(name, str(path or ""), found or hive.bits, _version(path), problem)


def library_path(library: str, bits: Bits) -> Path | None:
    """The file of a library as this program sees it.

    What is registered as System32 in the 32-bit view lies in SysWOW64, and a 32-bit program is shown
    the real System32 as Sysnative.
    """
    if not library or "\0" in library:
        return None
    expanded = os.path.expandvars(library.strip('"'))
    root = os.environ.get("SYSTEMROOT", r"C:\Windows")
    system = ntpath.join(root, "System32")
    if not ntpath.isabs(expanded):
        expanded = ntpath.join(system, expanded)
    folded = ntpath.normcase(expanded)
    if bits != PROGRAM_BITS and folded.startswith(ntpath.normcase(system) + "\\"):
        folder = "SysWOW64" if bits == 32 else "Sysnative"
        expanded = ntpath.join(root, folder) + expanded[len(system) :]
    return Path(expanded)


def _sources(
    hive: _Hive, scope: Scope, view: Bits | None, drivers: list[Driver], problems: list[Problem]
) -> Iterator[DataSource]:
    for name, listed in hive.values(rf"{_SOURCES}\{_SOURCE_LIST}", problems).items():
        place = rf"{_SOURCES}\{name}"
        values = hive.values(place, problems)
        where = rf"{hive.name}\{place}"
        yield _source(name, listed, values, scope=scope, view=view, drivers=drivers, place=where)


def _source(
    name: str,
    listed: str,
    values: dict[str, str],
    *,
    scope: Scope,
    view: Bits | None,
    drivers: list[Driver],
    place: str,
) -> DataSource:
    own = view or PROGRAM_BITS
    named = [driver for driver in drivers if driver.name.casefold() == listed.casefold()]
    driver = next((driver for driver in named if driver.bits == own), None)
    path = library_path(_folded(values).get("driver", ""), own)
    found, problem = library_state(path) if path else (None, "")
    # A user DSN has no view of its own: it belongs to the bitness of its library.
    bits = view or found or (driver.bits if driver else None)
    codes: list[str] = []
    if not listed and path is None:
        codes.append("odbc.no_driver")
    elif bits not in (PROGRAM_BITS, None):
        codes.append("odbc.other_bitness")
    elif driver is None:
        codes.append("odbc.driver_not_registered")
    elif driver.problem or problem:
        codes.append(driver.problem or problem)
    if any(is_secret(keyword, value) for keyword, value in values.items() if value):
        codes.append("odbc.password_stored")
    if scope == "user":
        codes.append("odbc.user_dsn")
    seen, reason = visibility(scope, bits)
    library = driver.library if driver else str(path or "")
    safe = {keyword: value for keyword, value in values.items() if not is_secret(keyword, value)}
    folded, form = _folded(safe), form_for(listed, library)

    def first(keywords: tuple[str, ...]) -> str:
        return next((text for keyword in keywords if (text := folded.get(keyword.casefold(), ""))), "")

    return DataSource(
        name=name,
        driver=driver.name if driver else listed,
        description=first(("Description",)),
        server=first(form.server),
        database=first(form.database),
        scope=scope,
        bits=bits,
        seen_by_engines=seen,
        reason=reason,
        problems=by_severity(codes),
        library=library,
        keywords=tuple(safe.items()),
        place=place,
    )


def _folded(values: dict[str, str]) -> dict[str, str]:
    return {name.casefold(): value for name, value in values.items()}


def _version(library: Path | None) -> str:
    """The version that Windows keeps in a library, "" where it tells none."""
    if sys.platform == "win32" and library is not None:
        return _file_version(library)
    return ""


def _file_version(library: Path) -> str:
    import ctypes

    version = importlib.import_module("ctypes").WinDLL("version.dll")
    size = version.GetFileVersionInfoSizeW(str(library), None)
    if not size:
        return ""
    data = ctypes.create_string_buffer(size)
    found, length = ctypes.c_void_p(), ctypes.c_uint()
    version.GetFileVersionInfoW(str(library), 0, size, data)
    if not version.VerQueryValueW(data, "\\", ctypes.byref(found), ctypes.byref(length)) or not found.value:
        return ""
    # VS_FIXEDFILEINFO: signature, structure version, then the file version as two double words.
    _mark, _structure, high, low = (ctypes.c_uint32 * 4).from_address(found.value)
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"
