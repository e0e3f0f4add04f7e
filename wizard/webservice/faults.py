"""Every known fault of the web service: its code, the cause in a sentence, and what to do. Data alone.

Names in braces are filled with the details of the outcome. What has no row here is `webservice.unknown`, which
shows the original text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from gettext import gettext as _

from wizard.checklist.check import Outcome, Status
from wizard.i18n import N_


@dataclass(frozen=True)
class Fault:
    """Cause and action of one fault, both marked for translation."""

    cause: str
    action: str
    status: Status = "fail"


_COMPARE = N_("Compare the address with URLLocation in TotvsAppServer.ini.")
_PORT = N_("Compare the port with URLLocation and the [HTTP] section of TotvsAppServer.ini.")
_DATES = ("since", "until")
"""Details that are dates; the sentences have them as people write them."""

_NEW_CERTIFICATE = N_("Ask the customer for a new certificate of the server.")
_SIGNER = N_("Give the CA file of the customer on this page, or install the CA on this machine.")

FAULTS: Mapping[str, Fault] = {
    # The way to the server.
    "webservice.name_unknown": Fault(
        N_("The name {host} cannot be resolved."), N_("Check the spelling, the DNS and the VPN.")
    ),
    "webservice.port_silent": Fault(
        N_("{place} did not answer within {seconds} seconds."),
        N_("Check VPN and firewall: something drops the packets."),
    ),
    "webservice.refused": Fault(
        N_("{place} refuses the connection: nothing listens on this port."),
        N_("Start the TotvsAppServer, and compare the port with its [HTTP] section."),
    ),
    "webservice.no_way": Fault(N_("{place} cannot be reached."), N_("Check network and VPN.")),
    "webservice.proxy": Fault(
        N_("The proxy {proxy} did not let the request through."),
        N_("Except this server from the proxy (NO_PROXY), or correct the proxy."),
    ),
    "webservice.proxy_login": Fault(
        N_("The proxy {proxy} asks for a login."),
        N_("Except this server from the proxy (NO_PROXY), or give the proxy's login in the system's settings."),
    ),
    "webservice.proxy_setting": Fault(
        N_("The proxy in {variable} cannot be used: {cause}"),
        N_("Write it as http://name:port, or except this server from the proxy (NO_PROXY)."),
    ),
    # What answers there.
    "webservice.closed": Fault(
        N_("The server closes the connection without a complete answer."),
        N_("The port may be another one of the AppServer, such as that of [TCP]. Use the one of its [HTTP] section."),
    ),
    "webservice.other_product": Fault(N_("Another product answers on this port: {product}."), _PORT),
    "webservice.garbled": Fault(
        N_("The answer of the server cannot be read: {original}"),
        N_("Something in between may change it, such as a proxy or a virus scanner."),
    ),
    "webservice.timed_out": Fault(
        N_("The web service did not answer in time."),
        N_("Check VPN and firewall, and whether the AppServer hangs."),
    ),
    "webservice.slow": Fault(N_("The server answers too slowly."), N_("Check the load of the server and the VPN.")),
    "webservice.too_large": Fault(
        N_("The server answered with more than 10 MB."), N_("This is not a Logix web service. Check host and port.")
    ),
    "webservice.redirects": Fault(N_("The server redirects without end."), _COMPARE),
    "webservice.redirect_nowhere": Fault(N_("The server redirects to something that is no web address."), _COMPARE),
    # TLS.
    "webservice.not_https": Fault(
        N_("The server does not speak https on this port."), N_("Use http:// or the port for https.")
    ),
    "webservice.needs_https": Fault(
        N_("The server speaks https on this port."), N_("Write https:// at the start of the address.")
    ),
    "webservice.tls_self_signed": Fault(N_("The server signed its certificate itself."), _SIGNER),
    "webservice.tls_unknown_ca": Fault(
        N_("The certificate of the server is signed by {issuer}, unknown here."), _SIGNER
    ),
    "webservice.tls_expired": Fault(N_("The certificate of the server ended on {until}."), _NEW_CERTIFICATE),
    "webservice.tls_not_yet": Fault(
        N_("The certificate of the server is valid only from {since}."),
        N_("Compare date and time of this machine and of the server."),
    ),
    "webservice.tls_other_name": Fault(
        N_("The certificate is for another name: {names}."),
        N_("Use that name in the address, or ask for a certificate with the name used here."),
    ),
    "webservice.tls_old": Fault(
        N_("The server offers only versions of TLS that are no longer accepted."),
        N_("Have TLS 1.2 enabled on the AppServer."),
    ),
    "webservice.tls": Fault(
        N_("No secure connection could be made."),
        N_("Give the CA file of the customer, or use the name that the certificate is for."),
    ),
    "webservice.ca_file": Fault(
        N_("The CA file cannot be read."),
        N_("Give a file in PEM form (BEGIN CERTIFICATE). A DER file can be exported again as Base-64."),
    ),
    "webservice.client_wanted": Fault(
        N_("The server asks for a client certificate."),
        N_("Give certificate and key of this machine on this page."),
    ),
    "webservice.client_refused": Fault(
        N_("The server does not accept the client certificate."),
        N_("Ask the customer which certificate the server accepts for APS."),
    ),
    "webservice.client_file": Fault(
        N_("The client certificate or its key cannot be read."),
        N_("Give files in PEM form; a .pfx has to be converted. The key must belong to the certificate."),
    ),
    "webservice.client_key": Fault(
        N_("The key of the client certificate does not open with this password."),
        N_("Give the password of the key."),
    ),
    # Answers of HTTP.
    "webservice.login": Fault(
        N_("The server asks for a login (HTTP {status})."), N_("Give user and password of the web service.")
    ),
    "webservice.login_refused": Fault(
        N_("The server refuses user or password (HTTP {status})."), N_("Correct user and password of the web service.")
    ),
    "webservice.forbidden": Fault(
        N_("The server forbids this address (HTTP {status})."),
        N_("Ask who may use the web service: the user's rights, or a list of allowed machines."),
    ),
    "webservice.not_found": Fault(N_("The server knows no such address (HTTP 404)."), _COMPARE),
    "webservice.status": Fault(
        N_("The server answered with HTTP {status}: {answer}"), N_("Look into the console of the TotvsAppServer.")
    ),
    # The index.
    "webservice.no_index": Fault(
        N_("The server answers, but has no index of web services at this address."),
        N_("Compare the address with URLLocation in TotvsAppServer.ini. The services themselves are asked next."),
        "warn",
    ),
    "webservice.index_refused": Fault(
        N_("The server answers, but does not show its index of web services (HTTP {status})."),
        N_("The services themselves are asked next. Ask who may see the index, or look into the console."),
        "warn",
    ),
    "webservice.index_elsewhere": Fault(
        N_("The index of web services is not at this address but at {found}."), N_("Use this address: {use}")
    ),
    "webservice.index_lacks": Fault(
        N_("The index lists {found}, but not {missing}."),
        N_("Enable the missing service on the Logix server and start the AppServer again."),
    ),
    "webservice.index_empty": Fault(
        N_("The index lists neither of the two services."),
        N_("Enable PRODUCTIONORDER and PURCHASEORDER on the Logix server and start the AppServer again."),
    ),
    # The WSDL of a service.
    "webservice.service_missing": Fault(
        N_("The service {name} is not published at this address."),
        N_("Enable it in TotvsAppServer.ini and start the AppServer again; then look for it at {index}."),
    ),
    "webservice.html": Fault(
        N_("A web page came instead of the WSDL of {name}: {title}"),
        N_("A login page, a proxy or another product may answer. Open the address in a browser and compare the port."),
    ),
    "webservice.not_wsdl": Fault(
        N_("The answer is not a WSDL ({found})."),
        N_("Another product may listen on this port. Compare the address with URLLocation."),
    ),
    "webservice.wsdl_import": Fault(
        N_("The WSDL of {name} refers to a document that cannot be had: {document}"),
        N_("Have the file put there, or its address corrected, on the Logix server."),
    ),
    "webservice.wsdl_unusable": Fault(
        N_("The WSDL of {name} cannot be used: {original}"),
        N_("Send the WSDL to TOTVS support; compare the releases of Logix and APS."),
    ),
    "webservice.other_service": Fault(
        N_("The WSDL describes {found}, not {name}."), N_("Check the name of the service.")
    ),
    "webservice.no_operation": Fault(
        N_("The WSDL of {name} names no operation."), N_("Compare the releases of Logix and APS.")
    ),
    "webservice.no_soap": Fault(
        N_("The WSDL of {name} offers no address for SOAP."), N_("Compare the releases of Logix and APS.")
    ),
    # The addresses inside the WSDL.
    "webservice.wsdl_address": Fault(
        N_("The WSDL of {name} sends orders to {address}, which cannot be reached from here: {cause}"),
        N_("Set URLLocation in TotvsAppServer.ini to a name that this machine knows, and start the AppServer again."),
    ),
    "webservice.wsdl_address_local": Fault(
        N_("The WSDL of {name} sends orders to {address}, a name that only the server itself can use."),
        N_("Set URLLocation in TotvsAppServer.ini to a name that this machine knows, and start the AppServer again."),
    ),
    # Messages.
    "webservice.version_differs": Fault(
        N_("The integration uses {expected}; the profile says {found}."),
        N_("Give {expected} in the profile: another version is not understood by the confirmation."),
    ),
    # What is not known.
    "webservice.unknown": Fault(
        N_("The web service cannot be used: {original}"),
        N_("Copy the diagnostics and send them to support."),
    ),
}


def fault(code: str, **details: object) -> Outcome:
    """The outcome of a known fault; details that its texts do not name are shown below them. KeyError: no such row."""
    row = FAULTS[code]
    known = {name: str(value) for name, value in details.items()}
    shown = {name: date.fromisoformat(text) if name in _DATES else text for name, text in known.items()}
    return Outcome(row.status, code, _(row.cause).format(**shown), _(row.action).format(**shown), known)


def known_as(outcome: Outcome, **details: object) -> Outcome:
    """The outcome with further details."""
    return replace(outcome, details={**outcome.details, **{name: str(value) for name, value in details.items()}})
