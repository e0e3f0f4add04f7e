"""Addresses of the web service: where the index is, and where the WSDL of each service should be."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from wizard.profile.models import Profile, Service

MARGIN = 5
"""Seconds that a check has beyond the limits of the profile, to start and to say what it found."""

INDEX = "wsindex.apw"
"""DEFAULTPAGE of the AppServer's HTTP section; lists the services that are published."""


def index_url(url: str) -> str:
    """http://host:8080/ws -> http://host:8080/ws/wsindex.apw"""
    return f"{url.rstrip('/')}/{INDEX}"


def same_server(base: str, url: str) -> bool:
    """True when an address is at the host and port of another one, or at its https on the usual ports."""
    one, other = _origin(base), _origin(url)
    return one == other or (one[0] == other[0] and (one[1:], other[1:]) == (("http", 80), ("https", 443)))


def _origin(url: str) -> tuple[str | None, str, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.scheme, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def wsdl_url(url: str, service: Service, links: tuple[tuple[str, str], ...] = ()) -> str:
    """Where the WSDL of a service is: as the index links it (case does not count), else NAME.apw?WSDL."""
    wanted = service.name.casefold()
    for text, address in links:
        stem = address.rpartition("/")[2].partition(".")[0]
        if wanted not in (text.casefold(), stem.casefold()):
            continue
        try:
            found = urljoin(index_url(url), address)
            asks_wsdl = "wsdl" in urlsplit(found).query.casefold()
        except ValueError:
            continue  # the index links something that is no address
        return found if asks_wsdl else f"{found.partition('?')[0]}?WSDL"
    return f"{url.rstrip('/')}/{service.name}.apw?WSDL"


def seconds(profile: Profile, pages: int) -> float:
    """The time that fetching so many pages may take by the limits of a profile."""
    settings = profile.webservice
    return MARGIN + pages * (settings.connect_timeout + settings.read_timeout)
