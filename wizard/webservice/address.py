"""Addresses of the web service: the form that is used, where the index is, and where each WSDL should be."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from wizard.profile.models import Profile, Service

MARGIN = 5
"""Seconds that a check has beyond the limits of the profile, to start and to say what it found."""

TOGETHER = 240
"""Seconds that the pages of one check may take together."""

INDEX = "wsindex.apw"
"""DEFAULTPAGE of the AppServer's HTTP section; lists the services that are published."""

_PORTS = {"http": 80, "https": 443}

# What mail, chat and word processors leave around an address.
_AROUND = " \t\r\n\u00a0\u200b\u200e\u2060\ufeff\"'`<>()[],;.\u201c\u201d\u2018\u2019"
_KEY = re.compile(r"(?i)\s*;?\s*(url\s*location|namespace|url)\s*(=|:\s)\s*")
_SCHEME = re.compile(r"(?i)(https?)\s*:?\s*[/\\]{1,2}\s*(?=[^/\\\s])")
_OTHER_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def normal_form(text: str) -> str:
    """The address that is used for what somebody typed or pasted: `srv:8080/ws/wsindex.apw` -> `http://srv:8080/ws`.

    Left out are blanks, quotes and brackets around it, the name of the key of an ini file, pages (`NAME.apw`), query,
    fragment and the last slash; the scheme is http unless the port is 443. What is no address, or holds a login, stays
    as it is, for the model to say what is wrong with it.
    """
    cleaned = _cleaned(text)
    if not cleaned or re.search(r"\s", cleaned) or "@" in cleaned.partition("?")[0]:
        return text
    scheme, rest = _scheme(cleaned)
    if _OTHER_SCHEME.match(rest):
        return text
    rest = _bracketed(rest.replace("\\", "/"))
    try:
        parts = urlsplit(f"{scheme or 'http'}://{rest}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return text
    if not host or not _is_name(host):
        return text
    if not scheme and port == 443:
        parts = parts._replace(scheme="https")
    return _joined(parts, host, port)


def _cleaned(text: str) -> str:
    cleaned = text.strip(_AROUND.replace("[", "").replace("]", ""))
    cleaned = _KEY.sub("", cleaned, count=1) if _KEY.match(cleaned) else cleaned
    cleaned = cleaned.strip(_AROUND.replace("[", "").replace("]", ""))
    # A comment behind the value of an ini file.
    return re.split(r"\s+[;#]", cleaned, maxsplit=1)[0].rstrip(_AROUND.replace("]", ""))


def _scheme(text: str) -> tuple[str, str]:
    """("http", rest) of an address; the scheme is "" when none is written. Pasted twice, the last one counts."""
    scheme = ""
    while match := _SCHEME.match(text):
        scheme, text = match[1].lower(), text[match.end() :]
    return scheme, text


def _bracketed(rest: str) -> str:
    """An IPv6 address gets the brackets that a URL needs; of `::1:8080` nobody can tell that 8080 is a port."""
    host, slash, path = rest.partition("/")
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return rest
    return f"[{host}]{slash}{path}"


def _is_name(host: str) -> bool:
    """Could this be a host: a name of letters, digits, hyphens, dots and underscores, or an IP address?"""
    if ":" in host:
        return True
    return re.fullmatch(r"[\w.-]+", host) is not None and not re.fullmatch(r"[._-]+", host)


def _joined(parts: SplitResult, host: str, port: int | None) -> str:
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[parts.scheme]:
        place += f":{port}"
    kept = [part for part in parts.path.split("/") if part]
    if kept and kept[-1].lower().endswith((".apw", ".apl")):
        kept.pop()
    return urlunsplit((parts.scheme, place, "/".join(["", *kept]), "", ""))


def place_of(url: str) -> tuple[str, int]:
    """Host and port of an address, as a socket takes them. ValueError: it names none."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in _PORTS:
        raise ValueError("no web address")
    return parts.hostname, parts.port or _PORTS[parts.scheme]


def shown_place(url: str) -> str:
    """host:port, as a message names it; the address itself when it has none."""
    try:
        host, port = place_of(url)
    except ValueError:
        return url
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_loopback(host: str) -> bool:
    """True for the names and addresses by which a machine calls itself."""
    bare = host.partition("%")[0].rstrip(".").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def index_url(url: str) -> str:
    """http://host:8080/ws -> http://host:8080/ws/wsindex.apw"""
    return f"{url.rstrip('/')}/{INDEX}"


def same_server(base: str, url: str) -> bool:
    """True when an address is at the host and port of another one, or at its https on the usual ports."""
    one, other = _origin(base), _origin(url)
    return one == other or (one[0] == other[0] and (one[1:], other[1:]) == (("http", 80), ("https", 443)))


def _origin(url: str) -> tuple[str | None, str, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.scheme, parts.port or _PORTS.get(parts.scheme)


def wsdl_url(url: str, service: Service, links: tuple[tuple[str, str], ...] = ()) -> str:
    """Where the WSDL of a service is: as the index links it (case does not count), else NAME.apw?WSDL."""
    found = linked(url, service, links)
    if found is None:
        return f"{url.rstrip('/')}/{service.name}.apw?WSDL"
    return found if "wsdl" in urlsplit(found).query.casefold() else f"{found.partition('?')[0]}?WSDL"


def linked(url: str, service: Service, links: tuple[tuple[str, str], ...]) -> str | None:
    """The address under which an index links a service, by its text or by the name of the page; None: it does not."""
    wanted = service.name.casefold()
    for text, address in links:
        stem = address.partition("?")[0].rpartition("/")[2].partition(".")[0]
        if wanted not in (text.casefold(), stem.casefold()):
            continue
        try:
            found = urljoin(index_url(url), address)
            place_of(found)
        except ValueError:
            continue  # the index links something that is no address
        return found
    return None


def moved(url: str, base: str) -> str:
    """An address as it is at the server of another one: the page stays, the host does not."""
    there = urlsplit(base)
    return urlunsplit(urlsplit(url)._replace(scheme=there.scheme, netloc=there.netloc))


def seconds(profile: Profile, pages: int) -> float:
    """The time that fetching so many pages may take by the limits of a profile. Together they share `TOGETHER`,
    unless a single one may take longer.
    """
    one = profile.webservice.connect_timeout + profile.webservice.read_timeout
    return MARGIN + max(one, min(pages * one, TOGETHER))
