"""Is the data source of the profile one that the engines can use: its bitness, its scope, its driver."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok, warn
from wizard.connection.data_sources import explain, listing
from wizard.i18n import N_


def _run(subject: Subject) -> Outcome:
    name = subject.profile.database.data_source()
    if name is None:
        return ok("database.no_dsn", _("This connection needs no ODBC data source."))
    here = listing()
    source = here.named(name)
    if source is not None and source.scope == "user" and source.usable:
        # Where there is a System DSN of this name too, that is the one of the engines: the other one hides it here.
        source = here.named(name, "system") or source
    if source is None or source.name != name:
        # The driver manager may not care for capitals; the manual wants the very name (R-PRE-06).
        message = _("There is no DSN named {name}.").format(name=name)
        hint = _("Create it as a System DSN, with the ODBC administrator of 64 bit.")
        if source is not None:
            hint = _("There is one named {twin}; the name must be exactly the same.").format(twin=source.name)
        return fail("database.dsn_unknown", message, hint)
    details = {
        "driver": source.driver,
        "scope": source.scope,
        "bits": str(source.bits or ""),
        "host": source.server,
        "place": source.place,
    }
    found = explain(source)
    if found:
        judged = warn if source.usable else fail
        return judged(source.problem.replace("odbc.", "database.dsn_"), found[0].message, found[0].action, **details)
    if not source.seen_by_engines:
        hint = _("Create it as a System DSN, with the ODBC administrator of 64 bit.")
        return warn("database.dsn_unseen", source.reason, hint, **details)
    scope = _("System DSN") if source.scope == "system" else _("user DSN")
    text = _("The DSN {name} is a {scope}; driver {driver}.")
    return ok("database.dsn_usable", text.format(name=name, scope=scope, driver=source.driver), **details)


CHECK = Check(
    "database.data_source",
    N_("ODBC data source"),
    _run,
    ("database",),
    needs=("profile.valid",),
    shares="database",
)
