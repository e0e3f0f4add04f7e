"""Can every secret that the profile refers to be read by the account that runs this."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok, warn
from wizard.i18n import N_
from wizard.secrets import keyring_store, machine_store
from wizard.secrets.references import SecretError, engine_account, references, secret_for


def _run(subject: Subject) -> Outcome:
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
