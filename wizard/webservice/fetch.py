"""One GET with every limit set: time, redirects, size. What goes wrong comes back as an outcome with an action."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from wizard.checklist.check import Outcome, Subject, fail
from wizard.secrets.references import SecretError, secret_for
from wizard.webservice import trust
from wizard.webservice.address import place_of, same_server, shown_place
from wizard.webservice.causes import cause
from wizard.webservice.faults import fault
from wizard.webservice.html import page_text
from wizard.webservice.libraries import load
from wizard.webservice.route import proxy_for

if TYPE_CHECKING:
    import requests

BODY_LIMIT = 10 * 1024 * 1024
REDIRECT_LIMIT = 5


@dataclass(frozen=True)
class Page:
    """What the server answered: final address, status, media type, body, its own name, and the proxy in between."""

    url: str
    status: int
    media_type: str
    body: bytes
    server: str
    proxy: str = ""

    def details(self) -> dict[str, str]:
        """Where the answer came from, for the details of an outcome."""
        return {"address": self.url, "server": self.server} | ({"proxy": self.proxy} if self.proxy else {})


class FetchFailed(Exception):
    """The page could not be had; `outcome` says why and what to do."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.code)


def get(subject: Subject, url: str) -> Page:
    """Fetch a page of the web service with the settings of the profile. Raises FetchFailed."""
    load("requests")
    import requests

    try:
        password = secret_for(subject.profile, "webservice.password", subject.typed)
    except SecretError as error:
        raise FetchFailed(fail(error.problem.code, error.problem.message, error.problem.action)) from None
    try:
        # Plain http needs neither CA file nor client certificate, unless a redirect leads to https.
        with _session(subject) as session:
            return _followed(session, subject, url, password or "")
    except trust.TrustFailed as error:
        raise FetchFailed(error.outcome) from None
    except (requests.RequestException, OSError, ValueError) as error:
        # OSError and ValueError: what the libraries let through of names and addresses that are none.
        raise FetchFailed(_explained(subject, url, error)) from None


def _session(subject: Subject) -> requests.Session:
    import requests
    from requests.adapters import HTTPAdapter

    class OneStep(requests.Session):
        """Follows no redirect by itself: requests would read the body of each, whatever its size."""

        def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - the parent's shape
            return None

    class Secure(HTTPAdapter):
        """Connections as the profile wants them. The CA bundles of requests and of the environment take no part."""

        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, ssl_context=secure(), **kwargs)

        def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
            return super().proxy_manager_for(proxy, ssl_context=secure(), **kwargs)

        def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002 - as above
            conn.cert_reqs = "CERT_REQUIRED" if verify else "CERT_NONE"

    @cache
    def secure() -> ssl.SSLContext:
        return trust.context(subject)

    import urllib3

    # The check of the certificate says it, once and to the person.
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    session = OneStep()
    # What of the environment counts is decided by route.py.
    session.trust_env = False
    session.mount("https://", Secure())
    return session


def _followed(session: requests.Session, subject: Subject, url: str, password: str) -> Page:
    """The page at the end of the redirects."""
    from requests.auth import HTTPBasicAuth

    settings = subject.profile.webservice
    login = HTTPBasicAuth(_octets(settings.user), _octets(password)) if settings.user else None
    for _hop in range(REDIRECT_LIMIT + 1):
        proxy = proxy_for(url)
        answer = session.get(
            url,
            # An index may link another server, or a server send us there, which the login is not for.
            auth=login if login and same_server(settings.url, url) else None,
            timeout=(settings.connect_timeout, settings.read_timeout),
            proxies={"http": proxy.url, "https": proxy.url} if proxy else {},
            verify=settings.tls.verify,
            stream=True,
            allow_redirects=False,
        )
        with answer:
            if not answer.is_redirect:
                return Page(
                    answer.url,
                    answer.status_code,
                    answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
                    b"".join(_body(answer, settings.read_timeout)),
                    answer.headers.get("Server", "").strip()[:100],
                    proxy.shown if proxy else "",
                )
        url = _onward(url, answer.headers["Location"])
    raise FetchFailed(fault("webservice.redirects", address=url[:200]))


def _onward(url: str, location: str) -> str:
    """Where a redirect leads. Raises FetchFailed when that is no web address."""
    try:
        onward = urljoin(url, location)
        place_of(onward)
    except ValueError:
        raise FetchFailed(fault("webservice.redirect_nowhere", address=location[:200])) from None
    return onward


def _octets(text: str) -> bytes:
    """The bytes of a login. Latin-1 is what servers of this age read; what it lacks goes as UTF-8."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def _body(answer: requests.Response, seconds: int) -> Iterator[bytes]:
    """The body, within size and time: a server that sends a byte a second never trips the socket's own limit."""
    import requests
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    began = time.monotonic()
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
            return
        size += len(part)
        if size > BODY_LIMIT:
            raise FetchFailed(fault("webservice.too_large", address=answer.url[:200]))
        yield part
        if time.monotonic() - began > seconds:
            raise FetchFailed(fault("webservice.slow", address=answer.url[:200]))


def _explained(subject: Subject, url: str, error: Exception) -> Outcome:
    """What an exception of the libraries means."""
    settings = subject.profile.webservice
    proxy = proxy_for(url)
    known = {
        "place": shown_place(url),
        "host": urlsplit(settings.url).hostname if same_server(settings.url, url) else shown_place(url),
        "seconds": settings.connect_timeout,
    } | ({"proxy": proxy.shown} if proxy else {})
    return cause(error, **known)


def refused_status(subject: Subject, page: Page) -> Outcome | None:
    """What an HTTP status other than success means, or None for success."""
    if page.status < 400:
        return None
    details = {"status": str(page.status), **page.details()}
    match page.status:
        case 401 if subject.profile.webservice.user:
            code = "webservice.login_refused"
        case 401:
            code = "webservice.login"
        case 403:
            code = "webservice.forbidden"
        case 404:
            code = "webservice.not_found"
        case 407:
            code = "webservice.proxy_login"
            details.setdefault("proxy", page.server or "?")
        case _:
            code = "webservice.status"
            details["answer"] = page_text(page.body) or "-"
    return fault(code, **details)


def index_refused(refused: Outcome) -> Outcome | None:
    """What it means that only the index page is refused; None where every page will be, for want of a login.

    A server may close its index, or fail at it, and publish the services all the same.
    """
    if refused.code not in ("webservice.forbidden", "webservice.status"):
        return None
    return fault("webservice.index_refused", **refused.details)
