"""Does the index page of the web service list both services."""

from __future__ import annotations

from gettext import gettext as _
from urllib.parse import urlsplit

from wizard.checklist.check import Check, Outcome, Subject, ok
from wizard.i18n import N_
from wizard.profile.models import Service
from wizard.webservice.address import index_url, linked, seconds
from wizard.webservice.faults import fault
from wizard.webservice.fetch import FetchFailed, Page, get, index_refused, refused_status
from wizard.webservice.html import links, page_text, title

_USUAL = "/ws"
"""The path that URLLocation has as a rule."""


def _run(subject: Subject) -> Outcome:
    settings = subject.profile.webservice
    try:
        page = get(subject, index_url(settings.url))
    except FetchFailed as error:
        return error.outcome
    if page.status == 404:
        return _elsewhere(subject) or fault("webservice.no_index", **page.details())
    refused = refused_status(subject, page)
    if refused:
        return index_refused(refused) or refused
    return _listed(subject, page)


def _listed(subject: Subject, page: Page) -> Outcome:
    """Which of the two services the page names (R-CFG-05)."""
    services = _services(subject)
    found = [service.name for service in services if names(subject, page, service)]
    missing = [service.name for service in services if service.name not in found]
    if not missing:
        message = _("The index lists {found}.").format(found=", ".join(found))
        return ok("webservice.listed", message, **page.details())
    if found:
        known = {"found": ", ".join(found), "missing": ", ".join(missing)}
        return fault("webservice.index_lacks", **known, **page.details())
    return fault("webservice.index_empty", title=title(page.body), **page.details())


def names(subject: Subject, page: Page, service: Service) -> bool:
    """Does an index name a service, as a link or in its text? Case does not count."""
    if linked(subject.profile.webservice.url, service, links(page.body)):
        return True
    words = page_text(page.body, limit=100_000).casefold().replace("<", " ").split()
    return service.name.casefold() in words


def _elsewhere(subject: Subject) -> Outcome | None:
    """The index is not where the address says; it may be at the usual path, or at the root."""
    url = subject.profile.webservice.url
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    for other in (root + _USUAL, root):
        if other == url.rstrip("/"):
            continue
        try:
            page = get(subject, index_url(other))
        except FetchFailed:
            continue
        if page.status < 400 and any(names(subject, page, service) for service in _services(subject)):
            return fault("webservice.index_elsewhere", found=index_url(other), use=other, **page.details())
    return None


def _services(subject: Subject) -> tuple[Service, Service]:
    settings = subject.profile.webservice
    return settings.production_order, settings.purchase_order


CHECK = Check(
    "webservice.index",
    N_("Index of web services"),
    _run,
    ("webservice",),
    needs=("webservice.reachable",),
    shares="web",
    timeout=lambda profile: seconds(profile, pages=3),
)
