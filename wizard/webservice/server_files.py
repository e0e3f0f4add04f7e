"""TotvsAppServer.ini and Totvsprofile.pro of the Logix server, read together. The files are never written."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any

from wizard.checklist.check import Outcome
from wizard.isolated.host import Job
from wizard.profile.store import io_problem
from wizard.webservice import appserver_ini, profile_pro
from wizard.webservice.appserver_ini import AppServerIni, Location, read_ini
from wizard.webservice.file_faults import CONFIRM, finding
from wizard.webservice.ini_text import decoded
from wizard.webservice.profile_pro import ProfilePro, read_pro

SIZE_LIMIT = 2 * 1024 * 1024
"""Bytes of a file that is read."""

FILES = 20
"""Files that are read at once."""

SHARE_SECONDS = 20.0
"""Seconds that reading may take: a share whose server is gone keeps a program waiting for minutes."""

_NAMES = ("totvsappserver.ini", "appserver.ini", "totvsprofile.pro", "logixprofile.pro")
"""The names under which the manual and the servers know the two files (R-PRE-08)."""


@dataclass(frozen=True)
class ServerFiles:
    """What the files say together."""

    inis: tuple[AppServerIni, ...]
    profiles: tuple[ProfilePro, ...]
    findings: tuple[Outcome, ...]

    @property
    def locations(self) -> tuple[Location, ...]:
        """The addresses that the page can be filled with, each once."""
        found: dict[str, Location] = {}
        for ini in self.inis:
            for place in ini.usable():
                found.setdefault(place.address, place)
        return tuple(found.values())

    @property
    def lines_to_add(self) -> tuple[str, ...]:
        """What is missing, file by file, under a line that says who has to confirm it."""
        lines: list[str] = []
        for file, sign, missing in (
            *((ini.file, ";", ini.lines_to_add) for ini in self.inis),
            *((pro.file, "#", pro.lines_to_add) for pro in self.profiles),
        ):
            if missing:
                lines += [f"{sign} {file}", f"{sign} {_(CONFIRM)}", *missing]
        return tuple(lines)

    def to_json(self) -> dict[str, Any]:
        """The shape of `aps-wizard server-files --json`; a contract."""
        return {
            "locations": [
                {"url": place.address, "section": place.section, "environment": place.environment, "line": place.line}
                for place in self.locations
            ],
            "http": [
                {"section": one.section, "port": one.port, "environment": one.environment, "enabled": one.enabled}
                for ini in self.inis
                for one in ini.http
            ],
            "web_services_enabled": next((ini.enabled for ini in self.inis), None),
            "profile_keys": {key: value for pro in self.profiles for key, value in pro.known},
            "findings": [one.to_json() for one in self.findings],
            "lines_to_add": list(self.lines_to_add),
        }


def read_server_files(paths: Iterable[Path], seconds: float = SHARE_SECONDS) -> ServerFiles:
    """Read the two files, or the folder that holds them; they often lie on a share. What is wrong is a finding."""
    wanted = [str(path) for path in paths]
    ending = Job("wizard.webservice.server_files:in_child", wanted, seconds).run()
    if ending.how == "timed_out":
        return ServerFiles((), (), (finding("files.silent", ", ".join(wanted), seconds=f"{seconds:g}"),))
    if ending.how != "done":
        reason = ending.detail or ending.how
        return ServerFiles((), (), (finding("files.unreadable", ", ".join(wanted), reason=reason),))
    return from_loaded(ending.answer)


def in_child(paths: Sequence[str]) -> list[dict[str, str]]:
    """What the child does: read the files. Each comes back with its bytes, or with a code and a reason."""
    found: list[dict[str, str]] = []
    for given in map(Path, paths):
        try:
            files = _files(given)
        except OSError as error:
            found.append(_refused(given, error))
        else:
            found += map(_loaded, files[: FILES - len(found)])
    return found[:FILES]


def _files(path: Path) -> list[Path]:
    """The file itself; of a folder those that have one of the usual names. Raises OSError for a closed one."""
    if not path.is_dir():
        return [path]
    inside = [one for one in sorted(path.iterdir()) if one.name.casefold() in _NAMES]
    return inside or [path / appserver_ini.NAME]


def _loaded(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        return _refused(path, error)
    if len(raw) > SIZE_LIMIT:
        return {"path": str(path), "code": "files.too_large"}
    return {"path": str(path), "bytes": base64.b64encode(raw).decode()}


def _refused(path: Path, error: OSError) -> dict[str, str]:
    if isinstance(error, FileNotFoundError):
        return {"path": str(path), "code": "files.missing"}
    refused = io_problem("files.unreadable", path, error)
    return {"path": str(path), "code": refused.code, "reason": refused.message}


def from_loaded(loaded: Sequence[Mapping[str, str]]) -> ServerFiles:
    """The files as the child gave them."""
    inis: list[AppServerIni] = []
    profiles: list[ProfilePro] = []
    findings: list[Outcome] = []
    for one in loaded:
        path = one["path"]
        name = _name(path)
        if "bytes" not in one:
            findings.append(finding(one["code"], path, reason=one.get("reason", "")))
            continue
        text = decoded(base64.b64decode(one["bytes"]))
        if _is_pro(name, text):
            profiles.append(read_pro(text, name))
        elif appserver_ini.looks_like_ini(text) or name.casefold() in _NAMES:
            inis.append(read_ini(text, name, server_of(path)))
        else:
            findings.append(finding("files.unknown", name))
    for ini in inis:
        findings += ini.findings
    for pro in profiles:
        findings += pro.findings
    findings += _together(inis, profiles)
    return ServerFiles(tuple(inis), tuple(profiles), tuple(findings))


def _is_pro(name: str, text: str) -> bool:
    if name.casefold().endswith(".ini"):
        return False
    return name.casefold() in _NAMES or profile_pro.looks_like_pro(text)


def _together(inis: Sequence[AppServerIni], profiles: Sequence[ProfilePro]) -> list[Outcome]:
    """What only both files together show: is the profile the one that the server uses?"""
    used = {path for ini in inis for _environment, path in ini.profiles}
    if not used:
        return []
    if not profiles:
        return [finding("pro.not_given", inis[0].file, path=", ".join(sorted(used)))]
    names = {_name(path).casefold() for path in used}
    return [
        finding("pro.other_file", pro.file, path=", ".join(sorted(used)))
        for pro in profiles
        if pro.file.casefold() not in names
    ]


def _name(path: str) -> str:
    """The last part of a path, of this system's form or of Windows'."""
    return PureWindowsPath(path).name or PurePath(path).name


def server_of(path: str) -> str:
    r"""The machine that a path of a share names: \\srvlogix\totvs\... -> srvlogix; "" for a path of this machine."""
    match = re.match(r"[\\/]{2}([\w.-]+)[\\/]", path)
    return match[1] if match and match[1] not in (".", "?") else ""


def read_locations(path: Path) -> tuple[Location, ...]:
    """Every URLLocation of a TotvsAppServer.ini (R-PRE-08), in the order of the file. Raises OSError."""
    return read_ini(decoded(path.read_bytes()), path.name).locations


def finding_text(found: Outcome) -> str:
    """A finding as a person reads it: file and line, cause, action."""
    place = found.details.get("file", "")
    if "line" in found.details:
        place = _("{file}, line {line}").format(file=place, line=found.details["line"])
    return " ".join(part for part in (f"{place}:" if place else "", found.message, found.hint) if part)
