"""What a TotvsAppServer.ini says of the web service: addresses, ports, whether it is on, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from wizard.checklist.check import Outcome
from wizard.profile.fields import WebUrl
from wizard.webservice.address import is_loopback, normal_form, place_of
from wizard.webservice.file_faults import finding
from wizard.webservice.ini_text import Section, folded, sections

NAME = "TotvsAppServer.ini"

_ENVIRONMENT_KEYS = ("RootPath", "SourcePath", "RpoPrefix", "RpoVersion", "StartPath", "FGLPROFILE")
"""A section with one of these is an environment."""

_USED = frozenset(map(folded, ("URLLocation", "Environment", "Enable", "Port", "FGLPROFILE", "Jobs", "DefaultPage")))
"""The keys that are read here."""

_URL: TypeAdapter[str] = TypeAdapter(WebUrl)

_ON = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True)
class Location:
    """One URLLocation of TotvsAppServer.ini, with the section and the environment it stands in."""

    url: str
    section: str
    environment: str
    line: int = field(default=0, compare=False)

    @property
    def address(self) -> str:
        """The address in the form that is used."""
        return normal_form(self.url)


@dataclass(frozen=True)
class HttpPort:
    """One section of the server's web addresses. `port` is None when it names none."""

    section: str
    port: int | None
    environment: str
    enabled: bool
    line: int
    enable: str = field(default="", compare=False)
    """What the file says of it, in its own word."""


@dataclass(frozen=True)
class AppServerIni:
    """What was read. `enabled` is None where the file does not say."""

    file: str
    locations: tuple[Location, ...]
    http: tuple[HttpPort, ...]
    enabled: bool | None
    environments: tuple[str, ...]
    profiles: tuple[tuple[str, str], ...]
    """Pairs of environment and the file that its FGLPROFILE names."""
    findings: tuple[Outcome, ...]
    lines_to_add: tuple[str, ...]

    def usable(self) -> tuple[Location, ...]:
        """The locations that are addresses, each address once."""
        found = {location.address: location for location in reversed(self.locations) if _is_address(location.address)}
        return tuple(reversed(found.values()))


def read_ini(text: str, file: str, server: str = "") -> AppServerIni:
    """Read the text of a TotvsAppServer.ini. `server` is the name of the machine it lies on, where that is known."""
    found = sections(text)
    locations = tuple(_locations(found))
    http = tuple(_http(found))
    environments = tuple(_environments(found))
    profiles = tuple((s.name, s.value("FGLPROFILE")) for s in found if s.value("FGLPROFILE"))
    services = [s for s in found if _is_services(s)]
    jobs = [s for s in found if _is_job(s)]
    findings = [
        *_location_findings(locations, environments, file),
        *_enabled_findings(services, jobs, found, file),
        *_http_findings(http, locations, file),
        *_repeated(found, file),
        *_commented(found, file),
        *(finding("ini.profile", file, environment=name, path=path) for name, path in profiles),
    ]
    return AppServerIni(
        file,
        locations,
        http,
        _enabled(services, jobs, found),
        environments,
        profiles,
        tuple(findings),
        tuple(_to_add(found, locations, http, environments, server)),
    )


def looks_like_ini(text: str) -> bool:
    """Could this be a file of the AppServer: does it have a section that such a file has?"""
    usual = {"http", "webservices", "general", "drivers", "tcp", "service", "totvsdbaccess", "licenseclient", "onstart"}
    return any(folded(s.name) in usual or _is_environment(s) or s.get("URLLocation") for s in sections(text))


def _locations(found: tuple[Section, ...]) -> Iterator[Location]:
    environments: dict[str, str] = {}
    for section in found:
        if section.get("Environment"):
            environments.setdefault(folded(section.name), section.value("Environment"))
    for section in found:
        for entry in section.entries:
            if folded(entry.key) == "urllocation" and entry.value:
                environment = environments.get(folded(section.name), "")
                yield Location(entry.value, section.name, environment, entry.line)


def _http(found: tuple[Section, ...]) -> Iterator[HttpPort]:
    for section in found:
        if folded(section.name) not in ("http", "https"):
            continue
        port = section.value("Port")
        enable = section.get("Enable")
        number = int(port) if re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) < 65536 else None
        enabled = enable is None or enable.value.casefold() in _ON
        said = enable.value if enable else ""
        yield HttpPort(section.name, number, section.value("Environment"), enabled, section.line, said)


def _environments(found: Iterable[Section]) -> Iterator[str]:
    return (section.name for section in found if _is_environment(section))


def _is_environment(section: Section) -> bool:
    return any(section.get(key) for key in _ENVIRONMENT_KEYS)


def _is_services(section: Section) -> bool:
    """[WebServices], or whatever section names a URLLocation."""
    return folded(section.name).startswith("webservice") or section.get("URLLocation") is not None


def _is_job(section: Section) -> bool:
    """A job that answers web services, as on servers of sibling products."""
    return section.value("SigaWeb").casefold() == "ws"


def _enabled(services: list[Section], jobs: list[Section], found: tuple[Section, ...]) -> bool | None:
    said = [entry.value.casefold() in _ON for section in services if (entry := section.get("Enable"))]
    if said:
        return any(said)
    return True if any(_is_started(job, found) for job in jobs) else None


def _is_started(job: Section, found: tuple[Section, ...]) -> bool:
    started = [name for s in found if folded(s.name) == "onstart" for name in s.value("Jobs").split(",")]
    return folded(job.name) in map(folded, started)


def _is_address(url: str) -> bool:
    """Can the profile take this address? One that holds a login it cannot."""
    try:
        _URL.validate_python(url)
    except ValidationError:
        return False
    return True


def _shown(url: str) -> str:
    """An address without the login that somebody may have written into it, with or without a scheme before it."""
    return re.sub(r"(?s)^(\s*\w*:?//)?.*@", r"\1***@", url)


def _location_findings(locations: tuple[Location, ...], environments: tuple[str, ...], file: str) -> Iterator[Outcome]:
    if not locations:
        yield finding("ini.no_location", file)
    known = set(map(folded, environments))
    for place in locations:
        told = {"url": _shown(place.url), "section": place.section, "environment": place.environment or "-"}
        if not _is_address(place.address):
            yield finding("ini.location_invalid", file, place.line, **told)
            continue
        yield finding("ini.location", file, place.line, **(told | {"url": place.address}))
        if is_loopback(urlsplit(place.address).hostname or ""):
            yield finding("ini.location_local", file, place.line, **told)
        if not place.environment:
            yield finding("ini.no_environment", file, place.line, **told)
        elif known and folded(place.environment) not in known:
            yield finding("ini.environment_unknown", file, place.line, **told)
    if len({place.address for place in locations}) > 1:
        yield finding("ini.several", file)


def _enabled_findings(
    services: list[Section], jobs: list[Section], found: tuple[Section, ...], file: str
) -> Iterator[Outcome]:
    started = [job for job in jobs if _is_started(job, found)]
    for section in services:
        enable = section.get("Enable")
        if enable is None:
            # A section of one name that stands twice says it once.
            twin = any(other.get("Enable") for other in services if folded(other.name) == folded(section.name))
            if not started and not twin:
                yield finding("ini.services_unsaid", file, section.line, section=section.name)
        elif enable.value.casefold() in _ON:
            yield finding("ini.services_on", file, enable.line, section=section.name)
        else:
            yield finding("ini.services_off", file, enable.line, section=section.name, value=enable.value or "-")
    for job in jobs:
        if job not in started:
            yield finding("ini.job_not_started", file, job.line, section=job.name)


def _http_findings(http: tuple[HttpPort, ...], locations: tuple[Location, ...], file: str) -> Iterator[Outcome]:
    if not http:
        yield finding("ini.no_http", file)
    for one in http:
        if not one.enabled:
            yield finding("ini.http_off", file, one.line, section=one.section, value=one.enable or "-")
        if one.port is None:
            yield finding("ini.no_port", file, one.line, section=one.section)
        elif one.enabled:
            yield finding("ini.http", file, one.line, section=one.section, port=one.port)
    ports = {one.port for one in http if one.enabled and one.port}
    for place in locations:
        if ports and _is_address(place.address) and place_of(place.address)[1] not in ports:
            found = ", ".join(map(str, sorted(ports)))
            yield finding("ini.port_differs", file, place.line, port=place_of(place.address)[1], found=found)


def _repeated(found: tuple[Section, ...], file: str) -> Iterator[Outcome]:
    by_name: dict[str, list[Section]] = {}
    for section in found:
        by_name.setdefault(folded(section.name), []).append(section)
    for same in by_name.values():
        if len(same) > 1:
            yield finding("ini.section_twice", file, same[1].line, section=same[0].name, count=len(same))
    for section in found:
        seen: dict[str, str] = {}
        for entry in section.entries:
            key = folded(entry.key)
            if key in _USED and key != "urllocation" and seen.setdefault(key, entry.value) != entry.value:
                yield finding("ini.key_twice", file, entry.line, key=entry.key, section=section.name)


def _commented(found: tuple[Section, ...], file: str) -> Iterator[Outcome]:
    for section in found:
        for entry in section.entries:
            if entry.commented and folded(entry.key) in _USED:
                yield finding("ini.comment_behind", file, entry.line, key=entry.key)


def _to_add(
    found: tuple[Section, ...],
    locations: tuple[Location, ...],
    http: tuple[HttpPort, ...],
    environments: tuple[str, ...],
    server: str,
) -> Iterator[str]:
    """The lines that are missing. What cannot be known stands in capitals between < and >."""
    port = next((one.port for one in http if one.port), None) or next(
        (place_of(place.address)[1] for place in locations if _is_address(place.address)), None
    )
    environment = next(iter(environments), "") or "<ENVIRONMENT>"
    origin = f"http://{server or '<SERVER>'}:{port or '<PORT>'}"
    if not http:
        yield from ("[HTTP]", "Enable=1", f"Port={port or '<PORT>'}", f"Environment={environment}")
        yield "DefaultPage=wsindex.apw"
    elif all(one.port is None for one in http):
        yield from (f"[{http[0].section}]", f"Port={port or '<PORT>'}")
    if not locations:
        section = next((s for s in found if _is_services(s)), None)
        yield f"[{section.name if section else 'WebServices'}]"
        wanted = {"Enable": "1", "Environment": environment, "NameSpace": f"{origin}/", "URLLocation": f"{origin}/ws"}
        yield from (f"{key}={value}" for key, value in wanted.items() if section is None or not section.value(key))
