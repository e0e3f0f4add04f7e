"""Is one service published: its WSDL can be fetched, can be used, and names the service. No operation is called."""

from __future__ import annotations

from gettext import gettext as _
from typing import Literal

from wizard.checklist.check import Check, Outcome, Subject, ok
from wizard.profile.models import Service
from wizard.webservice import wsdl
from wizard.webservice.address import index_url, linked, moved, seconds, wsdl_url
from wizard.webservice.faults import fault, known_as
from wizard.webservice.fetch import FetchFailed, Page, get, refused_status
from wizard.webservice.html import is_html, links, title

PAGES = 4
"""Pages that reading one service takes as a rule: the index, the WSDL, and a document or two that it refers to."""


def service_check(name: Literal["production_order", "purchase_order"], title: str) -> Check:
    """The check of one service; `name` is its key in the profile, `title` marked for translation."""

    def run(subject: Subject) -> Outcome:
        return published(subject, getattr(subject.profile.webservice, name))

    return Check(
        f"webservice.{name}",
        title,
        run,
        ("webservice",),
        needs=("webservice.reachable",),
        shares="web",
        timeout=lambda profile: seconds(profile, pages=PAGES),
    )


def published(subject: Subject, service: Service) -> Outcome:
    """The outcome for one service of the profile (R-CFG-05)."""
    try:
        page, found = read_service(subject, service)
    except FetchFailed as error:
        return error.outcome
    return ok(
        "webservice.published",
        _("{name} is published; message version {version}.").format(name=service.name, version=service.version),
        operations=", ".join(found.operations),
        soap=", ".join(found.versions),
        orders_go_to=", ".join(found.addresses),
        **page.details(),
    )


def read_service(subject: Subject, service: Service) -> tuple[Page, wsdl.Service]:
    """The WSDL of a service of the profile, and what it says of it. Raises FetchFailed."""
    page = _wsdl_page(subject, service)
    try:
        services = wsdl.read_services(subject, page)
    except wsdl.NotWsdl as other:
        if is_html(page.media_type, page.body):
            raise _failed("webservice.html", page, name=service.name, title=title(page.body)) from None
        raise _failed("webservice.not_wsdl", page, found=other, media_type=page.media_type) from None
    except wsdl.DocumentMissing as missing:
        why = missing.outcome.message if missing.outcome else "-"
        raise _failed("webservice.wsdl_import", page, name=service.name, document=missing.address, cause=why) from None
    except wsdl.Unusable as error:
        raise _failed("webservice.wsdl_unusable", page, name=service.name, original=error) from None
    # Names match without regard to case.
    found = next((one for one in services if one.name.casefold() == service.name.casefold()), None)
    if found is None:
        names = ", ".join(one.name for one in services) or "-"
        raise _failed("webservice.other_service", page, found=names, name=service.name)
    if not found.versions or not found.addresses:
        raise _failed("webservice.no_soap", page, name=service.name)
    if not found.operations:
        raise _failed("webservice.no_operation", page, name=service.name)
    return page, found


def _wsdl_page(subject: Subject, service: Service) -> Page:
    """The page where the WSDL should be."""
    base = subject.profile.webservice.url
    index = get(subject, index_url(base))
    listed = links(index.body) if index.status < 400 else ()
    address = wsdl_url(base, service, listed)
    try:
        page = get(subject, address)
    except FetchFailed:
        # An index may link the services by a name that only the server knows; they are here as well then.
        here = moved(address, base)
        if here == address:
            raise
        page = get(subject, here)
    refused = refused_status(subject, page)
    if refused and page.status == 404:
        known = dict(refused.details) | {"listed": "yes" if linked(base, service, listed) else "no"}
        raise FetchFailed(fault("webservice.service_missing", name=service.name, index=index_url(base), **known))
    if refused:
        raise FetchFailed(known_as(refused, service=service.name))
    return page


def _failed(code: str, page: Page, **details: object) -> FetchFailed:
    return FetchFailed(fault(code, **page.details(), **details))
