"""Can the database be reached at all: file there, port answering, or DSN known to the driver manager."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Check, Outcome, Subject, fail, ok
from wizard.connection.faults import library_missing
from wizard.connection.limits import login_seconds
from wizard.connection.looks import knock
from wizard.i18n import N_


def _run(subject: Subject) -> Outcome:
    settings = subject.profile.database
    file, address, dsn = settings.file_name(), settings.address(), settings.data_source()
    if file:
        return _file(subject, file)
    if address:
        # The check's own limit is that of the login; without one a port has a moment to answer.
        return _port(*address, getattr(settings, "login_timeout", 10))
    if dsn:
        return _dsn(dsn)
    return ok("database.named_elsewhere", _("The address is in the client's configuration; the login will tell."))


def _file(subject: Subject, name: str) -> Outcome:
    path = subject.resolve(name)
    if not path.is_file():
        message = _("The database file {file} does not exist.").format(file=path)
        return fail("database.no_file", message, _("Check the path; a relative one starts at the profile's folder."))
    return ok("database.file_found", _("The database file is there."), bytes=path.stat().st_size)


def _port(host: str, port: int, timeout: int) -> Outcome:
    place = f"{host}:{port}"
    met = knock(host, port, timeout)
    match met.state:
        case "open":
            return ok("database.port_answers", _("{place} answers.").format(place=place))
        case "unresolvable":
            message = _("The name {host} cannot be resolved.").format(host=host)
            return fail("database.name_unknown", message, _("Check the spelling, the DNS and the VPN."))
        case "silent":
            message = _("{place} did not answer within {seconds} seconds.").format(place=place, seconds=timeout)
            return fail("database.port_silent", message, _("Check VPN and firewall: something drops the packets."))
        case "refused":
            message = _("{place} refuses the connection: no server listens there.").format(place=place)
            return fail("database.port_refused", message, _("Check the port, and whether the database is started."))
        case _:
            message = _("{place} cannot be reached.").format(place=place)
            return fail("database.unreachable", message, _("Check network and VPN."), original=met.text)


def _dsn(name: str) -> Outcome:
    try:
        import pyodbc
    except ImportError as error:
        return library_missing("pyodbc", error)
    known = pyodbc.dataSources()
    if name in known:
        return ok("database.dsn_known", _("The DSN {name} exists.").format(name=name), driver=known[name])
    twin = next((other for other in known if other.casefold() == name.casefold()), None)
    hint = (
        _("There is one named {twin}; the name must be exactly the same.").format(twin=twin)
        if twin
        else _("Create it as a System DSN, with the ODBC administrator of 64 bit.")
    )
    return fail("database.dsn_unknown", _("There is no DSN named {name}.").format(name=name), hint)


CHECK = Check(
    "database.reachable",
    N_("Database reachable"),
    _run,
    ("database",),
    needs=("database.address",),
    timeout=login_seconds,
    shares="database",
)
