"""One GET with every limit set: time, redirects, size. What goes wrong comes back as an outcome with an action."""

from __future__ import annotations

import time
from dataclasses import dataclass
from gettext import gettext as _
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from wizard.checklist.check import Outcome, Subject, fail
from wizard.secrets.references import SecretError, secret_for
from wizard.webservice.address import same_server

if TYPE_CHECKING:
    import requests

BODY_LIMIT = 10 * 1024 * 1024
REDIRECT_LIMIT = 5


@dataclass(frozen=True)
class Page:
    """What the server answered: final address, status, media type, body, and its own name."""

    url: str
    status: int
    media_type: str
    body: bytes
    server: str


class FetchFailed(Exception):
    """The page could not be had; `outcome` says why and what to do."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.code)


def get(subject: Subject, url: str) -> Page:
    """Fetch a page of the web service with the settings of the profile. Raises FetchFailed."""
    import requests
    from urllib3.exceptions import LocationParseError

    try:
        password = secret_for(subject.profile, "webservice.password", subject.typed)
    except SecretError as error:
        raise FetchFailed(fail(error.problem.code, error.problem.message, error.problem.action)) from None
    try:
        with _session() as session:
            return _followed(session, subject, url, password or "")
    except requests.RequestException as error:
        raise FetchFailed(_explained(error)) from None
    except OSError:
        # requests raises a bare OSError for a CA file that is not there.
        raise FetchFailed(_bad_ca_file()) from None
    except LocationParseError as error:
        # A name that DNS cannot even be asked for, such as "a..b".
        raise FetchFailed(_name_unknown(str(error))) from None
    except ValueError as error:
        raise FetchFailed(_unreachable(str(error))) from None


def _session() -> requests.Session:
    import requests

    class OneStep(requests.Session):
        """Follows no redirect by itself: requests would read the body of each, whatever its size."""

        def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - the parent's shape
            return None

    return OneStep()


def _followed(session: requests.Session, subject: Subject, url: str, password: str) -> Page:
    """The page at the end of the redirects."""
    from requests.auth import HTTPBasicAuth

    settings = subject.profile.webservice
    # Nobody reaches this machine itself through a proxy.
    session.trust_env = not _is_loopback(url)
    login = HTTPBasicAuth(_octets(settings.user), _octets(password)) if settings.user else None

    def nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
        """No login. Without this requests would take one from ~/.netrc."""
        return request

    for _hop in range(REDIRECT_LIMIT + 1):
        answer = session.get(
            url,
            # An index may link another server, or a server send us there, which the login is not for.
            auth=login if login and same_server(settings.url, url) else nobody,
            timeout=(settings.connect_timeout, settings.read_timeout),
            # Said with the request: REQUESTS_CA_BUNDLE of the environment goes before what the session says.
            verify=str(subject.resolve(settings.tls.ca_file)) if settings.tls.ca_file else settings.tls.verify,
            stream=True,
            allow_redirects=False,
        )
        with answer:
            if not answer.is_redirect:
                media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                server = answer.headers.get("Server", "").strip()[:100]
                return Page(answer.url, answer.status_code, media_type, _body(answer, settings.read_timeout), server)
        url = urljoin(url, answer.headers["Location"])
    message = _("The server redirects without end.")
    raise FetchFailed(fail("webservice.redirects", message, _("Check the address.")))


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _octets(text: str) -> bytes:
    """The bytes of a login. Latin-1 is what servers of this age read; what it lacks goes as UTF-8."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def _body(answer: requests.Response, seconds: int) -> bytes:
    """The body, within size and time: a server that sends a byte a second never trips the socket's own limit."""
    import requests
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    began = time.monotonic()
    parts: list[bytes] = []
    size = 0
    while True:
        try:
            # What has arrived; iter_content would wait until the piece is full.
            part = answer.raw.read1(64 * 1024, decode_content=True)
        except ReadTimeoutError as error:
            raise requests.exceptions.ReadTimeout(error) from None
        except HTTPError as error:
            raise requests.exceptions.ConnectionError(error) from None
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > BODY_LIMIT:
            message = _("The server answered with more than 10 MB.")
            raise FetchFailed(fail("webservice.too_large", message, _("This is not a Logix web service.")))
        if time.monotonic() - began > seconds:
            message = _("The server answers too slowly.")
            raise FetchFailed(fail("webservice.slow", message, _("Check the load of the server and the VPN.")))


def _bad_ca_file() -> Outcome:
    return fail("webservice.ca_file", _("The CA file cannot be read."), _("Correct the CA file of the profile."))


def _explained(error: requests.RequestException) -> Outcome:
    import requests

    text = str(error)
    match error:
        case requests.exceptions.SSLError() if "NO_CERTIFICATE_OR_CRL_FOUND" in text:
            return _bad_ca_file()
        case requests.exceptions.SSLError() if "WRONG_VERSION_NUMBER" in text or "RECORD_LAYER_FAILURE" in text:
            message = _("The server does not speak https on this port.")
            return fail("webservice.not_https", message, _("Use http:// or the port for https."), original=text)
        case requests.exceptions.SSLError():
            message = _("The certificate of the server was not accepted.")
            hint = _("Give the CA file of the customer, or use the name that the certificate is for.")
            return fail("webservice.tls", message, hint, original=text)
        case requests.exceptions.ConnectTimeout() | requests.exceptions.ReadTimeout():
            message = _("The web service did not answer in time.")
            hint = _("Check VPN and firewall, and whether the AppServer hangs.")
            return fail("webservice.timed_out", message, hint, original=text)
        case requests.exceptions.ProxyError():
            message = _("The proxy did not let the request through.")
            hint = _("Except this server from the proxy (NO_PROXY), or correct the proxy.")
            return fail("webservice.proxy", message, hint, original=text)
        case requests.exceptions.ConnectionError() if "NameResolutionError" in text or "getaddrinfo" in text:
            return _name_unknown(text)
        case requests.exceptions.ConnectionError() if "refused" in text:
            message = _("The server refuses the connection: nothing listens on this port.")
            hint = _("Start the TotvsAppServer, and compare the port with its [HTTP] section.")
            return fail("webservice.refused", message, hint, original=text)
        case _:
            return _unreachable(text)


def _name_unknown(text: str) -> Outcome:
    message = _("The name of the server cannot be resolved.")
    return fail("webservice.name_unknown", message, _("Check the spelling, the DNS and the VPN."), original=text)


def _unreachable(text: str) -> Outcome:
    message = _("The web service cannot be reached.")
    hint = _("Compare the address with URLLocation in TotvsAppServer.ini.")
    return fail("webservice.unreachable", message, hint, original=text)


def refused_status(page: Page) -> Outcome | None:
    """What an HTTP status other than success means, or None for success."""
    if page.status < 400:
        return None
    details = {"status": str(page.status), "address": page.url, "server": page.server}
    if page.status in (401, 403):
        message = _("The server asks for a login (HTTP {status}).").format(status=page.status)
        hint = _("Give user and password of the web service.")
        return fail("webservice.login", message, hint, **details)
    if page.status == 404:
        message = _("The server knows no such address (HTTP 404).")
        hint = _("Compare the address with URLLocation in TotvsAppServer.ini.")
        return fail("webservice.not_found", message, hint, **details)
    message = _("The server answered with HTTP {status}.").format(status=page.status)
    return fail("webservice.status", message, _("Look into the console of the TotvsAppServer."), **details)
