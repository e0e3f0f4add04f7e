"""Creating, repairing and deleting data sources through the installer API of ODBC; errors are data.

Windows: the API edits the registry. Elsewhere the API of unixODBC makes the section in a private file, and
only the lines that differ go into odbc.ini, atomically, with the previous file kept beside it as .bak:
unixODBC by itself would drop every comment, cut long lines in two and leave half a file if it died (2.3.11).

No function here takes a password: a data source is read by everybody.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from wizard.connection import ini_file
from wizard.connection.data_sources import DataSource, Driver, Listing, Scope, explain_driver, library_state, listing
from wizard.connection.data_sources import unreadable as _unreadable
from wizard.connection.dsn_form import form_for, is_secret
from wizard.connection.ini_file import IniUnreadable
from wizard.connection.library_file import PROGRAM_BITS, Bits
from wizard.isolated.host import Job
from wizard.profile.atomic import replace_bytes
from wizard.profile.errors import Problem
from wizard.profile.fields import Dsn
from wizard.profile.store import io_problem

WINDOWS = sys.platform == "win32"
LIMIT = 20
"""Seconds that the installer, and the driver's own set-up in it, may take."""

_KEYWORD = re.compile(r"[A-Za-z][A-Za-z0-9_ .-]{0,63}")
_RESERVED = frozenset({"dsn", "driver", "driver64", "filedsn", "savefile"})
_NAME: TypeAdapter[str] = TypeAdapter(Dsn)


class DsnError(Exception):
    """Nothing was changed, or not as wanted; every problem has a code, a cause and an action."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Wanted:
    """A data source as it shall be: `driver` is a registered one, `keywords` are those of its form, or others."""

    name: str
    driver: str
    keywords: Mapping[str, str] = field(default_factory=dict)
    scope: Scope = "system"


def wrong_with(wanted: Wanted, known: Listing, *, complete: bool = True) -> tuple[Problem, ...]:
    """Everything that is wrong with it, each with its place: name, driver or keywords.NAME.

    Without `complete` a keyword that the form requires may be missing.
    """
    problems = [*_wrong_name(wanted.name)]
    driver = known.driver(wanted.driver) or _driver_of_library(wanted.driver)
    problem = explain_driver(driver) if driver else _unknown_driver(wanted.driver, known)
    if problem:
        problems.append(Problem(problem.code, problem.message, "driver", action=problem.action))
    problems += _wrong_keywords(wanted.keywords)
    given = {name.casefold() for name, value in wanted.keywords.items() if value}
    for keyword in form_for(wanted.driver, driver.library if driver else "").keywords:
        if complete and keyword.required and keyword.name.casefold() not in given:
            message = _("{label} ({keyword}) is missing.").format(label=_(keyword.label), keyword=keyword.name)
            action = _("For example: {example}.").format(example=keyword.example)
            problems.append(Problem("dsn.keyword_missing", message, f"keywords.{keyword.name}", action=action))
        value = next((v for name, v in wanted.keywords.items() if name.casefold() == keyword.name.casefold()), "")
        if keyword.digits and value and not re.fullmatch(r"[0-9]{1,9}", value):
            message = _("{label} ({keyword}) has to be a number.").format(label=_(keyword.label), keyword=keyword.name)
            action = _("For example: {example}.").format(example=keyword.example or "1526")
            problems.append(Problem("dsn.not_a_number", message, f"keywords.{keyword.name}", action=action))
    return tuple(problems)


def create(wanted: Wanted, *, complete: bool = True) -> DataSource:
    """Make a new data source and read it back. Raises DsnError, also where one of this name is there already."""
    known = listing()
    problems = wrong_with(wanted, known, complete=complete)
    if problems:
        raise DsnError(*problems)
    if _there(known, wanted.name, wanted.scope):
        message = _("There is a DSN named {name} already.").format(name=wanted.name)
        raise DsnError(Problem("dsn.exists", message, "name", action=_("Repair or delete it, or take another name.")))
    driver = known.driver(wanted.driver)
    values = {name: value for name, value in wanted.keywords.items() if value}
    _carry_out("create", wanted.name, wanted.scope, driver=driver.name if driver else wanted.driver, keywords=values)
    return _read_back(wanted.name, wanted.scope, values)


def repair(
    source: DataSource, keywords: Mapping[str, str | None], driver: str = "", *, drop_password: bool = False
) -> DataSource:
    """Rewrite the keywords that differ and keep the others; None takes one out, `driver` gives it another driver.

    `drop_password` takes out every keyword that holds a password. Raises DsnError.
    """
    known = listing()
    found = _there(known, source.name, source.scope)
    if not found:
        raise DsnError(missing(source.name))
    registered = known.driver(driver or source.driver)
    problems = [*_wrong_keywords({name: value for name, value in keywords.items() if value is not None})]
    if driver and registered is None and _driver_of_library(driver) is None:
        problems.append(_unknown_driver(driver, known))
    elif driver and registered and registered.problem:
        problem = explain_driver(registered)
        problems += [problem] if problem else []
    if problems:
        raise DsnError(*problems)
    changes = {name: value or None for name, value in keywords.items() if found.get(name) != (value or "")}
    new = registered.name if driver and registered else driver
    library = registered.library if registered else driver
    _carry_out(
        "change",
        found.name,
        found.scope,
        driver=new,
        library=library,
        keywords=changes,
        drop_password=drop_password,
    )
    return _read_back(found.name, found.scope, {name: value or "" for name, value in keywords.items()})


def delete(name: str, scope: Scope) -> None:
    """Take a data source away. Raises DsnError."""
    found = _there(listing(), name, scope)
    if not found:
        raise DsnError(missing(name))
    _carry_out("remove", found.name, scope)
    if _there(listing(), name, scope):
        raise DsnError(_failed(()))


def as_system(source: DataSource) -> DataSource:
    """Make the same as System DSN, but for a password. The user DSN stays. Raises DsnError."""
    keywords = {name: value for name, value in source.keywords if name.casefold() not in _RESERVED}
    return create(Wanted(source.name, source.driver, keywords, "system"), complete=False)


def administrator(bits: Bits, system_root: Path | None = None, program_bits: Bits = PROGRAM_BITS) -> Path | None:
    """The ODBC administrator of Windows for a bitness; None where there is none.

    Both are named odbcad32.exe. A 64-bit program finds the 64-bit one in System32 and the 32-bit one in
    SysWOW64; to a 32-bit program Windows shows SysWOW64 as System32, and the real one as Sysnative.
    """
    root = system_root or (Path(os.environ["SYSTEMROOT"]) if "SYSTEMROOT" in os.environ else None)
    if root is None:
        return None
    folder = "SysWOW64" if bits == 32 else "Sysnative" if program_bits == 32 else "System32"
    path = root / folder / "odbcad32.exe"
    return path if path.is_file() else None


# --- what may be written -----------------------------------------------------------------------


def _wrong_name(name: str) -> tuple[Problem, ...]:
    try:
        _NAME.validate_python(name)
    except ValidationError:
        message = _("This cannot be the name of a DSN.")
        action = _("1 to 32 characters, no blanks around them, and none of []{}(),;?*=!@\\")
        return (Problem("dsn.bad_name", message, "name", action=action),)
    if name.casefold() in ("odbc", "odbc data sources", "default") or not name.isprintable() or name[0] in "#;":
        message = _("{name} is a name that ODBC uses itself.").format(name=name)
        return (Problem("dsn.bad_name", message, "name", action=_("Take another name, such as LOGIX.")),)
    if not WINDOWS and not name.isascii():
        # unixODBC cuts every character of a name to one byte before it looks for it.
        message = _("The driver manager does not find names with accents.")
        return (Problem("dsn.bad_name", message, "name", action=_("Take another name, such as LOGIX.")),)
    return ()


def _wrong_keywords(keywords: Mapping[str, str]) -> tuple[Problem, ...]:
    problems = []
    seen: set[str] = set()
    for name, value in keywords.items():
        if is_secret(name, value):
            message = _("A DSN must not hold a password: everybody who may use it could read it.")
            action = _("Leave it out; the profile names where the password is kept.")
            # The keyword itself may be the password, typed in the wrong place.
            problems.append(Problem("dsn.password_refused", message, "keywords", action=action))
            continue
        if not _KEYWORD.fullmatch(name) or name.casefold() in _RESERVED or name.casefold() in seen:
            message = _("This cannot be a keyword of a DSN, or it is given twice.")
            action = _("Letters, digits and underscores, such as Host; the driver is given by itself.")
            problems.append(Problem("dsn.bad_keyword", message, "keywords", action=action))
            continue
        seen.add(name.casefold())
        if value and (len(value.encode("utf-8", "replace")) > 500 or value != value.strip() or not _one_line(value)):
            message = _("The value of {keyword} cannot be written.").format(keyword=name)
            action = _("One line of at most 500 bytes, without blanks around it and without ; { }")
            problems.append(Problem("dsn.bad_value", message, f"keywords.{name}", action=action))
    return tuple(problems)


def _one_line(value: str) -> bool:
    """A `;` would start another keyword where a driver makes a connection string of what it reads."""
    return value.isprintable() and not re.search(r"[;{}]", value)


def _driver_of_library(driver: str) -> Driver | None:
    """unixODBC takes the path of a library in place of a driver's name."""
    if WINDOWS or not driver.startswith("/") or not driver.isprintable():
        return None
    bits, problem = library_state(Path(driver))
    return Driver(driver, driver, bits, problem=problem)


def _unknown_driver(driver: str, known: Listing) -> Problem:
    form = form_for(driver)
    message = _("There is no driver {driver} of {own} bit here.").format(driver=driver, own=PROGRAM_BITS)
    names = ", ".join(item.name for item in known.drivers if not item.problem) or "-"
    action = _("Drivers here: {names}. To install it: {package}.").format(names=names, package=_(form.package))
    return Problem("odbc.driver_not_registered", message, "driver", action=action)


# --- carrying it out ---------------------------------------------------------------------------


def _there(known: Listing, name: str, scope: Scope) -> DataSource | None:
    """The data source of this name that this program's installer would edit."""
    found = known.named(name, scope)
    return found if found and (not WINDOWS or scope == "user" or found.bits in (PROGRAM_BITS, None)) else None


def _carry_out(
    work: str,
    name: str,
    scope: Scope,
    *,
    driver: str = "",
    library: str = "",
    keywords: Mapping[str, str | None] | None = None,
    drop_password: bool = False,
) -> None:
    request = {
        "work": work,
        "name": name,
        "scope": scope,
        "driver": driver,
        "library": library,
        "keywords": dict(keywords or {}),
        "setup": True,
        "ini": None,
        "encoding": "utf-8",
    }
    if WINDOWS:
        _ask_windows(request, drop_password)
    else:
        _edit_file(request, drop_password)


def _ask_windows(request: dict[str, Any], drop_password: bool) -> None:
    import ctypes

    from wizard.connection import data_sources_windows

    if request["scope"] == "system" and sys.platform == "win32" and not ctypes.windll.shell32.IsUserAnAdmin():
        raise DsnError(_no_rights(_("the system's part of the registry")))
    if drop_password:
        secrets = data_sources_windows.secret_keywords(request["name"], request["scope"])
        request["keywords"] |= dict.fromkeys(secrets)
    _ask(request)


def _edit_file(request: dict[str, Any], drop_password: bool) -> None:
    from wizard.connection.data_sources_unix import files

    places = files()
    path = Path(os.path.realpath(places.user if request["scope"] == "user" and places.user else places.system))
    name: str = request["name"]
    try:
        before = ini_file.read_bytes(path)
        file = ini_file.parse(before)
    except IniUnreadable as error:
        raise DsnError(_unreadable(str(path), error.code, error.detail)) from None
    section = file.section(name)
    if request["work"] == "remove":
        after = ini_file.without_section(file, name)
    else:
        # The first of two equal keywords counts.
        old = dict(reversed(section.keywords)) if section else {}
        made = _made_by_the_installer(request, file.encoding, old)
        secrets = {keyword: value for keyword, value in old.items() if is_secret(keyword, value)}
        after = ini_file.with_section(file, name, made if drop_password else made | secrets)
    after = _listed(ini_file.parse(after), name, request["driver"], request["work"])
    _replace(path, before, after, shared=path == Path(os.path.realpath(places.system)))


def _made_by_the_installer(request: dict[str, Any], encoding: str, old: Mapping[str, str]) -> dict[str, str]:
    """The keywords of the section as the installer API makes them, in a private file of this section alone."""
    name: str = request["name"]
    try:
        "".join([name, request["driver"], *map(str, request["keywords"].values())]).encode(encoding)
    except UnicodeEncodeError:
        raise DsnError(_not_in_encoding(encoding)) from None
    with tempfile.TemporaryDirectory(prefix="aps-dsn-") as folder:
        ini = Path(folder) / "odbc.ini"
        safe = {keyword: value for keyword, value in old.items() if not is_secret(keyword, value)}
        ini.write_bytes(ini_file.with_section(ini_file.IniFile((), (), encoding), name, safe) if old else b"")
        _ask({**request, "ini": str(ini), "encoding": encoding})
        section = ini_file.parse(ini.read_bytes(), encoding).section(name)
    if section is None:
        raise DsnError(_failed(()))
    return dict(section.keywords)


def _listed(file: ini_file.IniFile, name: str, driver: str, work: str) -> bytes:
    """The file with its list of data sources in step, where it has one: other driver managers read that."""
    head = file.section("ODBC Data Sources")
    entries = dict(head.keywords) if head else {}
    if work == "remove":
        entries = {entry: value for entry, value in entries.items() if entry.casefold() != name.casefold()}
    elif driver:
        entries[name] = driver
    return ini_file.with_section(file, head.name, entries) if head else b"".join(file.lines)


def _replace(path: Path, before: bytes, after: bytes, *, shared: bool) -> None:
    """Put the new content in place, the old one beside it. Raises DsnError; the old content then still stands.

    A new file that is `shared` may be read by every account, whatever the umask says.
    """
    if before == after:
        return
    try:
        owner = path.stat() if path.exists() else None
        if owner:
            # What is taken out of a file may be a password, so that fewer may read the old one.
            replace_bytes(path.with_name(path.name + ".bak"), before, mode=0o600)
        if ini_file.read_bytes(path) != before:
            message = _("{file} was changed by another program meanwhile.").format(file=path)
            raise DsnError(Problem("dsn.changed_meanwhile", message, action=_("Look at it and do it again.")))
        replace_bytes(path, after)
        if owner and hasattr(os, "chown"):
            # Only root may give a file away; for others it is theirs already.
            with suppress(OSError):
                os.chown(path, owner.st_uid, owner.st_gid)
        elif shared:
            path.chmod(0o644)
    except PermissionError:
        raise DsnError(_no_rights(str(path))) from None
    except OSError as error:
        refused = io_problem("dsn.unwritable", path, error)
        message = _("{file} cannot be written: {reason}").format(file=path, reason=refused.message)
        raise DsnError(Problem(refused.code, message, action=refused.action)) from None


def _ask(request: Mapping[str, Any]) -> None:
    """Let the child do it; where the driver's own set-up hangs or dies, once more without it. Raises DsnError."""
    ending = Job("wizard.connection.dsn_api:in_child", dict(request), LIMIT).run()
    if ending.how != "done" and request["work"] == "create":
        ending = Job("wizard.connection.dsn_api:in_child", {**request, "setup": False}, LIMIT).run()
    if ending.how == "crashed":
        raise DsnError(_failed(((0, ending.detail),)))
    if ending.how != "done":
        message = _("The ODBC installer did not answer within {seconds} seconds.").format(seconds=LIMIT)
        raise DsnError(Problem("dsn.installer_hung", message, action=_("Make the DSN with the ODBC administrator.")))
    if ending.answer.get("missing"):
        message = _("The ODBC installer library is missing here.")
        action = _("On Linux install unixODBC (libodbcinst2, odbcinst); on Windows it is part of the system.")
        raise DsnError(Problem("dsn.no_installer", message, action=action))
    if not ending.answer["done"]:
        raise DsnError(_failed(ending.answer["errors"]))


def _read_back(name: str, scope: Scope, keywords: Mapping[str, str]) -> DataSource:
    found = _there(listing(), name, scope)
    if not found or any(found.get(keyword) != value for keyword, value in keywords.items()):
        message = _("The DSN {name} does not read back as it was written.").format(name=name)
        action = _("Look at it with the ODBC administrator, or in odbc.ini.")
        raise DsnError(Problem("dsn.read_back_differs", message, action=action))
    return found


def missing(name: str) -> Problem:
    """That there is no data source of this name."""
    message = _("There is no DSN named {name}.").format(name=name)
    return Problem("dsn.missing", message, "name", action=_("See: aps-wizard dsn list"))


def _no_rights(place: str) -> Problem:
    message = _("This account may not write {place}.").format(place=place)
    if WINDOWS:
        action = _("A System DSN needs an administrator: start this program with “Run as administrator”.")
    else:
        action = _("A System DSN needs root: run the command with sudo, or ask the administrator of the machine.")
    return Problem("dsn.no_rights", message, action=action)


def _not_in_encoding(encoding: str) -> Problem:
    message = _("The file odbc.ini is written in {encoding}, which does not know a character of this DSN.")
    action = _("Leave the character out, or save the file as UTF-8 first.")
    return Problem("dsn.encoding", message.format(encoding=encoding), action=action)


def _failed(errors: object) -> Problem:
    """What the installer itself says; its texts name no value."""
    pairs = errors if isinstance(errors, list | tuple) else ()
    told = "; ".join(f"{text} ({code})" for code, text in pairs)
    message = _("The ODBC installer refused it.")
    action = _("Check name and driver; on Windows also whether this account is an administrator.")
    return Problem("dsn.refused", f"{message} {told}".strip(), action=action)
