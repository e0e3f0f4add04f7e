"""The way to a server: straight, or through the proxy that the machine is set to. Never to this machine itself."""

from __future__ import annotations

import os
from dataclasses import dataclass
from gettext import gettext as _
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
    wrong: str = ""
    """What is wrong with the setting, as a sentence; then nothing else of it is known."""
    variable: str = ""
    """The variable that sets it; of a proxy of the system there is none."""

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
    except ValueError as error:
        # The setting itself is not shown: a login may stand in it.
        port_wrong = "port" in str(error).casefold()
        wrong = _("the port is no number up to 65535.") if port_wrong else _("it is no address.")
        return Proxy(found, "?", 0, wrong=wrong, variable=_variable(url))
    if not parts.hostname:
        return Proxy(found, "?", 0, wrong=_("it names no server."), variable=_variable(url))
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Proxy(found, parts.hostname, port, login)


def _variable(url: str) -> str:
    """The variable of the environment that sets the proxy for an address; "" where the system does."""
    scheme = urlsplit(url).scheme
    names = [name for one in (scheme, "all") for name in (f"{one}_proxy", f"{one}_proxy".upper())]
    return next((name for name in names if os.environ.get(name)), "")
