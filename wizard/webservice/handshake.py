"""A TLS handshake with the server of the profile, and nothing more: which certificate it shows, and is it accepted."""

from __future__ import annotations

import base64
import http.client
import ssl
from dataclasses import dataclass

from wizard.checklist.check import Outcome, Subject
from wizard.webservice import trust
from wizard.webservice.address import place_of, shown_place
from wizard.webservice.causes import cause
from wizard.webservice.faults import fault
from wizard.webservice.route import Proxy, proxy_for


@dataclass(frozen=True)
class Handshake:
    """What an accepted handshake showed: version of TLS, certificate, and the proxy in between."""

    version: str
    shown: trust.Shown | None
    proxy: str


def shake(subject: Subject) -> Handshake | Outcome:
    """Shake hands as the profile says; an outcome when the server is not trusted or does not speak TLS."""
    settings = subject.profile.webservice
    proxy = proxy_for(settings.url)
    limit = settings.connect_timeout + settings.read_timeout
    try:
        secure = trust.context(subject)
    except trust.TrustFailed as error:
        return error.outcome
    try:
        version, der = _connected(settings.url, proxy, secure, limit)
    except ssl.SSLCertVerificationError as error:
        return trust.refused(error, look(settings.url, limit))
    except OSError as error:
        known = {"place": shown_place(settings.url), "seconds": limit} | ({"proxy": proxy.shown} if proxy else {})
        if proxy and "Tunnel connection failed" in str(error):
            code = "webservice.proxy_login" if " 407" in str(error) else "webservice.proxy"
            return fault(code, **known, original=error)
        return cause(error, **known)
    return Handshake(version, trust.read_certificate(der), proxy.shown if proxy else "")


def look(url: str, limit: float) -> trust.Shown | None:
    """The certificate that a server shows, whether it is accepted or not; None when it shows none."""
    curious = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    curious.check_hostname = False
    curious.verify_mode = ssl.CERT_NONE
    try:
        _version, der = _connected(url, proxy_for(url), curious, limit)
    except OSError:
        return None
    return trust.read_certificate(der)


def objection(subject: Subject) -> Outcome | None:
    """What a server that closes the connection has against us: with TLS 1.3 it says so only after the handshake, and
    a request that is under way by then may take its words along. None when it says nothing.
    """
    settings = subject.profile.webservice
    try:
        _connected(settings.url, proxy_for(settings.url), trust.context(subject), settings.connect_timeout, listen=True)
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return None
    except ssl.SSLError as error:
        return fault(trust.handshake_code(str(error)), original=error)
    except (OSError, trust.TrustFailed):
        return None
    return None


def speaks_tls(url: str, limit: float) -> bool:
    """Does the port of an address speak TLS, whatever the address says?"""
    return look("https:" + url.partition(":")[2], limit) is not None


def _connected(
    url: str, proxy: Proxy | None, secure: ssl.SSLContext, limit: float, *, listen: bool = False
) -> tuple[str, bytes]:
    """Version of TLS and certificate of a connection that is closed again at once, or, to `listen`, when the server has
    said something. Raises OSError.
    """
    host, port = place_of(url)
    where = (proxy.host, proxy.port) if proxy else (host, port)
    connection = http.client.HTTPSConnection(*where, timeout=limit, context=secure)
    if proxy:
        headers = {}
        if proxy.login:
            token = base64.b64encode(":".join(proxy.login).encode()).decode()
            headers["Proxy-Authorization"] = f"Basic {token}"
        connection.set_tunnel(host, port, headers)
    try:
        connection.connect()
        if listen:
            connection.sock.recv(1)
        return connection.sock.version() or "", connection.sock.getpeercert(binary_form=True) or b""
    finally:
        connection.close()
