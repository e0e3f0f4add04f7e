"""Can every secret that the profile refers to be read by the account that runs this, and by nobody else.

A profile may be read by every account of the machine, and is made so: no secret is in it, the engines' account has to
read it, and so has whoever looks into a failure. It must not be changed by every account, which `profile.valid` looks
at: who can write another host or another reference into it has the password sent there. A sealed secret, its key and
the key of a client certificate are for this account and the engines' alone: one that others can read is a finding.
"""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok, warn
from wizard.i18n import N_
from wizard.secrets import access, keyring_store, machine_store
from wizard.secrets.references import SecretError, engine_account, references, secret_for


def _run(subject: Subject) -> Outcome:
    found = _read(subject)
    return found if found.status != "ok" else _open_to_others(subject) or found


def _open_to_others(subject: Subject) -> Outcome | None:
    """A key of the client certificate that every account can read; None when there is none, or it is closed."""
    tls = subject.profile.webservice.tls
    for field, name in (("client_key", tls.client_key), ("client_certificate", tls.client_certificate)):
        file = subject.resolve(name) if name else None
        try:
            open_key = (
                file is not None and access.EVERYBODY in access.readers(file) and _KEY in file.read_bytes()[:_KEY_BYTES]
            )
        except OSError:
            continue  # that it cannot be used is for the checks of the web service to say
        if file is not None and open_key:
            message = _("Every account can read the key {file} of the client certificate.").format(file=file.name)
            hint = _("Let only this account and the engines' account read it.")
            return warn("secret.key_open", message, hint, field=f"webservice.tls.{field}")
    return None


_KEY = b"PRIVATE KEY-----"
_KEY_BYTES = 256 * 1024
"""Of a file; a certificate with its chain and key has some ten thousand."""


def _read(subject: Subject) -> Outcome:
    fields = [path for path, _reference in references(subject.profile)]
    if not fields:
        return ok("secret.none", _("This profile needs no password."))
    waiting = []
    for path, reference in references(subject.profile):
        try:
            if path in subject.typed and not reference.startswith("env:"):
                if reference.startswith("keyring:"):
                    keyring_store.usable(path)
                waiting.append(path)
            else:
                secret_for(subject.profile, path, subject.typed)
        except SecretError as error:
            problem = error.problem
            return fail(problem.code, f"{path}: {problem.message}", problem.action, field=path)
    account = subject.profile.engine_account
    personal = [path for path, reference in references(subject.profile) if reference.startswith("keyring:")]
    if personal and account.kind != "current" and not subject.as_engine:
        message = _("The credential store belongs to this account; {name} cannot read what is in it.")
        hint = _("Use the machine store, or a variable of the engines' account, for: {fields}.")
        fields_text = ", ".join(personal)
        return warn("secret.other_account", message.format(name=account.name), hint.format(fields=fields_text))
    for path, reference in references(subject.profile):
        kind, _colon, name = reference.partition(":")
        account_name = engine_account(subject.profile)
        exposed = machine_store.exposed(name, path, account_name) if kind == "dpapi" and path not in waiting else None
        if exposed:
            return warn(exposed.code, f"{path}: {exposed.message}", exposed.action)
    if waiting:
        message = _("Typed passwords are stored when the profile is written.")
        return ok("secret.pending", message, fields=", ".join(waiting))
    return ok("secret.readable", _("Every password can be read by this account."), fields=", ".join(fields))


CHECK = Check(
    "secret.readable",
    N_("Passwords readable"),
    _run,
    ("database", "aps", "webservice", "engine_account"),
    needs=("profile.valid",),
    timeout=15,
)
