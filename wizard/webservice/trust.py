"""What certificate is accepted, and which one is shown: the store of the system, or the CA file of the profile."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wizard.checklist.check import Outcome, Subject, fail
from wizard.secrets.references import SecretError, secret_for
from wizard.webservice.faults import fault

if TYPE_CHECKING:
    from cryptography import x509

_VERIFY_CODES = {
    9: "webservice.tls_not_yet",
    10: "webservice.tls_expired",
    18: "webservice.tls_self_signed",
    62: "webservice.tls_other_name",
    64: "webservice.tls_other_name",
}
"""What OpenSSL says of a certificate (X509_V_ERR_...), where the certificate itself does not tell it plainer."""


class TrustFailed(Exception):
    """A file of the profile cannot be used; `outcome` says why and what to do."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.code)


def context(subject: Subject) -> ssl.SSLContext:
    """How this profile makes secure connections. Raises TrustFailed for a file that cannot be used."""
    tls = subject.profile.webservice.tls
    made = _system_context() if tls.verify and tls.ca_file is None else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not tls.verify:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    elif tls.ca_file is not None:
        try:
            made.load_verify_locations(cafile=str(subject.resolve(tls.ca_file)))
        except (OSError, ValueError):
            raise TrustFailed(fault("webservice.ca_file")) from None
        # A customer's CA of some years ago may lack what newer rules demand of it.
        made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    _show_client(made, subject)
    return made


def _system_context() -> ssl.SSLContext:
    """The store of the system: on Windows that of the machine, where a customer's own CA is installed."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _show_client(made: ssl.SSLContext, subject: Subject) -> None:
    """Load the client certificate of the profile, if it has one."""
    tls = subject.profile.webservice.tls
    if tls.client_certificate is None:
        return
    try:
        password = secret_for(subject.profile, "webservice.key_password", subject.typed)
    except SecretError as error:
        raise TrustFailed(fail(error.problem.code, error.problem.message, error.problem.action)) from None
    asked = False

    def given() -> str:
        # Without this OpenSSL would ask at the terminal.
        nonlocal asked
        asked = True
        return password or ""

    key = str(subject.resolve(tls.client_key)) if tls.client_key else None
    try:
        made.load_cert_chain(subject.resolve(tls.client_certificate), key, given)
    except (OSError, ValueError):
        code = "webservice.client_key" if asked else "webservice.client_file"
        raise TrustFailed(fault(code)) from None


@dataclass(frozen=True)
class Shown:
    """The certificate that a server shows: names it is for, signer, times."""

    names: tuple[str, ...]
    issuer: str
    self_signed: bool
    since: datetime
    until: datetime

    def details(self) -> dict[str, str]:
        """For the details of an outcome."""
        return {
            "names": ", ".join(self.names) or "-",
            "issuer": self.issuer or "-",
            "since": self.since.date().isoformat(),
            "until": self.until.date().isoformat(),
        }


def read_certificate(der: bytes) -> Shown | None:
    """What a certificate says; None when it cannot be read."""
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(der)
        names = _names(certificate)
        issuer = certificate.issuer.rfc4514_string()[:200]
        own = certificate.issuer == certificate.subject
        return Shown(names, issuer, own, certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    except (ValueError, x509.ExtensionNotFound):
        return None


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension):
        common = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return tuple(str(attribute.value)[:100] for attribute in common[:10])
    return tuple(str(name.value)[:100] for name in list(found)[:10])


def refused(error: ssl.SSLError, shown: Shown | None) -> Outcome:
    """Why a certificate is not accepted: by what it says itself, else by what OpenSSL says of it."""
    original = str(error)
    if not isinstance(error, ssl.SSLCertVerificationError):
        return fault(handshake_code(original), original=original)
    code = _VERIFY_CODES.get(getattr(error, "verify_code", 0), "")
    now = datetime.now(UTC)
    if shown is None:
        return fault("webservice.tls", original=original)
    if shown.until < now:
        code = "webservice.tls_expired"
    elif shown.since > now:
        code = "webservice.tls_not_yet"
    elif not code or code in ("webservice.tls_expired", "webservice.tls_not_yet"):
        # It is not the server's own certificate that ended but one of its signers, or nobody knows the signer.
        code = "webservice.tls_self_signed" if shown.self_signed else "webservice.tls_unknown_ca"
    return fault(code, **shown.details(), original=original)


_HANDSHAKE = (
    ("WRONG_VERSION_NUMBER", "webservice.not_https"),
    ("RECORD_LAYER_FAILURE", "webservice.not_https"),
    ("PACKET_LENGTH_TOO_LONG", "webservice.not_https"),
    ("HTTP_REQUEST", "webservice.not_https"),
    ("CERTIFICATE_REQUIRED", "webservice.client_wanted"),
    ("UNSUPPORTED_PROTOCOL", "webservice.tls_old"),
    ("LEGACY_SIGALG", "webservice.tls_old"),
    ("PROTOCOL_VERSION", "webservice.tls_old"),
    ("ALERT_UNKNOWN_CA", "webservice.client_refused"),
    ("ALERT_BAD_CERTIFICATE", "webservice.client_refused"),
    ("ALERT_CERTIFICATE_", "webservice.client_refused"),
)
"""Words of OpenSSL -> code of the fault. The first that stands in the text counts."""


def handshake_code(text: str) -> str:
    """The fault that a failed handshake means, by the words of OpenSSL; Python does not know the names of all."""
    named = text.upper().replace(" ", "_")
    return next((code for words, code in _HANDSHAKE if words in named), "webservice.tls")
