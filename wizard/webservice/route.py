"""The way to a server: straight, or through the proxy that the machine is set to. Never to this machine itself."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from wizard.webservice.address import is_loopback

_PORTS = {"http": 80, "https": 443, "socks4": 1080, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True)
class Proxy:
    """A proxy of the machine. `url` may hold a login; `shown` never does."""

    url: str
    host: str
    port: int
    login: tuple[str, str] | None = None

    @property
    def shown(self) -> str:
        """host:port, as a message names it."""
        return f"{self.host}:{self.port}"


def proxy_for(url: str) -> Proxy | None:
    """The proxy that requests go through for an address: of the environment, on Windows also of the system."""
    from requests.utils import get_environ_proxies, select_proxy

    host = urlsplit(url).hostname or ""
    if is_loopback(host):
        return None
    found = select_proxy(url, get_environ_proxies(url, no_proxy=None))
    if not found:
        return None
    if "://" not in found:
        found = f"http://{found}"
    try:
        parts = urlsplit(found)
        port = parts.port or _PORTS.get(parts.scheme, 80)
    except ValueError:
        return Proxy(found, "?", 0)
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Proxy(found, parts.hostname or "?", port, login)
