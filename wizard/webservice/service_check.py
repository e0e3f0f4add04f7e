"""Is one service published: its WSDL can be fetched, is a WSDL, and names the service. No operation is called."""

from __future__ import annotations

from gettext import gettext as _
from typing import Literal

from wizard.checklist.check import Check, Outcome, Subject, fail, ok
from wizard.profile.models import Service
from wizard.webservice.address import index_url, seconds, wsdl_url
from wizard.webservice.fetch import FetchFailed, get, refused_status
from wizard.webservice.wsdl import NotWsdl, links, read_wsdl


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
        timeout=lambda profile: seconds(profile, pages=2),
    )


def published(subject: Subject, service: Service) -> Outcome:
    """The outcome for one service of the profile (R-CFG-05)."""
    base = subject.profile.webservice.url
    try:
        index = get(subject, index_url(base))
        address = wsdl_url(base, service, links(index.body))
        page = get(subject, address)
    except FetchFailed as error:
        return error.outcome
    refused = refused_status(page)
    if refused and page.status == 404:
        message = _("The service {name} is not published at this address.").format(name=service.name)
        hint = _("Enable it in TotvsAppServer.ini and start the AppServer again; then look for it at {url}.")
        return fail("webservice.service_missing", message, hint.format(url=index_url(base)), **refused.details)
    if refused:
        return refused
    try:
        wsdl = read_wsdl(page.body)
    except NotWsdl as found:
        message = _("The answer is not a WSDL ({found}).").format(found=found)
        hint = _("Another product may listen on this port. Compare the address with URLLocation.")
        return fail("webservice.not_wsdl", message, hint, address=page.url, media_type=page.media_type)
    if service.name.casefold() not in (name.casefold() for name in wsdl.services):
        message = _("The WSDL describes {found}, not {name}.")
        found_names = ", ".join(wsdl.services) or "-"
        hint = _("Check the name of the service.")
        return fail("webservice.other_service", message.format(found=found_names, name=service.name), hint)
    if not wsdl.operations:
        message = _("The WSDL of {name} names no operation.").format(name=service.name)
        return fail("webservice.no_operation", message, _("Compare the releases of Logix and APS."))
    message = _("{name} is published; message version {version}.")
    return ok(
        "webservice.published",
        message.format(name=service.name, version=service.version),
        operations=", ".join(wsdl.operations),
        soap=", ".join(wsdl.versions),
        address=", ".join(wsdl.addresses),
    )
