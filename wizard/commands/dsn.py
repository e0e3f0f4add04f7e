"""`aps-wizard dsn`: list, create, repair, test and delete ODBC data sources.

JSON of `list`: `{"sources": [...], "drivers": [...], "problems": [{"code", "message", "action"}]}`. A source has
`name, driver, description, server, database, scope ("user" or "system"), bits (32, 64 or null), seen_by_engines,
reason, problems (codes, worst first), library, place, problem (the worst, or ""), usable` and
`explained: [{"code", "message", "action"}]`; a driver has `name, library, bits, version, problem, form`
and `explained`, likewise a list.

JSON of `create` and `repair`: the source, as in `list`. JSON of `test`: `{"dsn", "status" ("ok" or "fail"), "code",
"message", "hint", "details", "elapsed_ms"}`.

Exit codes: 0 done; 1 the login failed, or nothing could be written; 2 the call is wrong.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from gettext import gettext as _
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wizard.commands import terminal
from wizard.commands.call import FAILED, WRONG, AsJson, ProfilesDir, Stop, lines, piped_secret, say, say_json

if TYPE_CHECKING:
    from wizard.connection.data_sources import DataSource, Driver, Listing, Scope
    from wizard.connection.dsn_installer import DsnError
    from wizard.profile.errors import Problem

_NOT_WRITTEN = frozenset(
    {
        "dsn.no_rights",
        "dsn.unwritable",
        "dsn.changed_meanwhile",
        "dsn.installer_hung",
        "dsn.no_installer",
        "dsn.refused",
        "dsn.read_back_differs",
    }
)
"""Problems of the machine; all others are of the call."""

dsn_app = typer.Typer(
    help=_("ODBC data sources (DSN): list, create, repair, test, delete."), no_args_is_help=True, rich_markup_mode=None
)

DsnName = Annotated[str, typer.Argument(metavar="NAME", help=_("Name of the data source (DSN)."))]
Keywords = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help=_("A keyword of the data source; repeat it.")),
]
WhichScope = Annotated[bool | None, typer.Option("--user/--system", help=_("Which one, where both have this name."))]


@dsn_app.command("list", help=_("List data sources and drivers, with what is wrong with each."))
def dsn_list(
    as_json: AsJson = False,
    profiles_dir: ProfilesDir = None,  # noqa: ARG001 - every command takes it; this one reads no profile
) -> None:
    from wizard.connection.data_sources import explain, explain_driver, listing

    found = listing()
    told = {id(driver): tuple(filter(None, [explain_driver(driver)])) for driver in found.drivers}
    if as_json:
        sources = [source.to_json() | {"explained": _plain(explain(source))} for source in found.sources]
        drivers = [driver.to_json() | {"explained": _plain(told[id(driver)])} for driver in found.drivers]
        say_json({"sources": sources, "drivers": drivers, "problems": _plain(found.problems)})
        return
    if terminal.tables():
        _show_listing(found)
        return
    say(_("Data sources:") if found.sources else _("No data sources yet."))
    for source in found.sources:
        remark = "" if source.problems else source.reason
        _say_row(_source_words(source), explain(source), remark, seen=source.seen_by_engines)
    say(_("Drivers:") if found.drivers else _("No ODBC driver is registered."))
    for driver in found.drivers:
        _say_row(_driver_words(driver), told[id(driver)])
    for problem in found.problems:
        say(f" X  {problem}")


@dsn_app.command("create", help=_("Create a data source, as System DSN unless told otherwise."))
def dsn_create(
    name: DsnName,
    *,
    driver: Annotated[str, typer.Option(help=_("Name of the ODBC driver; see: dsn list."))],
    assignments: Keywords = None,
    user: Annotated[
        bool, typer.Option("--user/--system", help=_("For this account alone, or for the whole machine."))
    ] = False,
    as_json: AsJson = False,
    profiles_dir: ProfilesDir = None,  # noqa: ARG001 - every command takes it
) -> None:
    from wizard.connection.data_sources import listing
    from wizard.connection.dsn_form import filled, form_for
    from wizard.connection.dsn_installer import DsnError, Wanted, create

    known = listing().driver(driver)
    form = form_for(driver, known.library if known else "")
    keywords = filled(form, _pairs(assignments or ()))
    try:
        source = create(Wanted(name, driver, keywords, "user" if user else "system"))
    except DsnError as error:
        raise _stop(error) from None
    _say_written(source, _("The DSN {name} was created."), as_json)


@dsn_app.command("repair", help=_("Change keywords or driver of a data source; a password in it is taken out."))
def dsn_repair(
    name: DsnName,
    *,
    driver: Annotated[str, typer.Option(help=_("Another ODBC driver for it; see: dsn list."))] = "",
    assignments: Keywords = None,
    user: WhichScope = None,
    as_json: AsJson = False,
    profiles_dir: ProfilesDir = None,  # noqa: ARG001 - every command takes it
) -> None:
    from wizard.connection.data_sources import listing
    from wizard.connection.dsn_installer import DsnError, missing, repair

    scope = _scope_of(name, user)
    source = listing().named(name, scope)
    try:
        if source is None:
            raise DsnError(missing(name))
        repaired = repair(source, _pairs(assignments or ()), driver, drop_password=True)
    except DsnError as error:
        raise _stop(error) from None
    _say_written(repaired, _("The DSN {name} was repaired."), as_json)


@dsn_app.command("test", help=_("Log in through a data source. The password is asked, or read from standard input."))
def dsn_test(
    name: DsnName,
    user: Annotated[str | None, typer.Option(help=_("User to log in with; without it no password is asked."))] = None,
    timeout: Annotated[float, typer.Option(min=0.1, max=3600, help=_("Seconds that the login may take."))] = 30,
    as_json: AsJson = False,
    profiles_dir: ProfilesDir = None,  # noqa: ARG001 - every command takes it
) -> None:
    from wizard.connection.dsn_login import try_login

    password = _password() if user is not None else None
    began = time.monotonic()
    outcome = try_login(name, user, password, timeout)
    if as_json:
        elapsed = round((time.monotonic() - began) * 1000)
        say_json({"dsn": name, **outcome.to_json(), "elapsed_ms": elapsed})
        raise typer.Exit(0 if outcome.status == "ok" else FAILED)
    if outcome.status != "ok":
        # The original words of the driver last: they are long and in English.
        told = [outcome.message, outcome.hint, *outcome.details.values()]
        raise Stop(FAILED, [line for line in told if line])
    say("\n".join([outcome.message, *outcome.details.values()]))


@dsn_app.command("delete", help=_("Delete a data source."))
def dsn_delete(
    name: DsnName,
    user: WhichScope = None,
    profiles_dir: ProfilesDir = None,  # noqa: ARG001 - every command takes it
) -> None:
    from wizard.connection.dsn_installer import DsnError, delete

    try:
        delete(name, _scope_of(name, user))
    except DsnError as error:
        raise _stop(error) from None
    say(_("The DSN {name} was deleted.").format(name=name))


def _scope_of(name: str, user: bool | None) -> Scope:
    """The scope that is meant: the given one, or that of the only data source of this name."""
    from wizard.connection.data_sources import listing

    if user is not None:
        return "user" if user else "system"
    found = {source.scope for source in listing().sources if source.name.casefold() == name.casefold()}
    if len(found) == 2:
        message = _("There is a user DSN and a System DSN of this name: add --user or --system.")
        raise Stop(WRONG, (message,))
    return found.pop() if found else "system"


def _say_written(source: DataSource, text: str, as_json: bool) -> None:
    """What was written, and what is still wrong with it."""
    from wizard.connection.data_sources import explain

    problems = explain(source)
    if as_json:
        say_json(source.to_json() | {"explained": _plain(problems)})
        return
    say(text.format(name=source.name))
    for problem in problems:
        say(f" !  {problem}")
    if not source.seen_by_engines and not source.problems:
        say(f" !  {source.reason}")


def _pairs(assignments: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for assignment in assignments:
        keyword, equals, value = assignment.partition("=")
        if not equals or not keyword:
            # The rest is not repeated: it may be a password typed in the wrong place.
            raise Stop(WRONG, (_("Write --set KEY=VALUE, such as --set Host=srvlogix."),))
        pairs[keyword.strip()] = value.strip()
    return pairs


def _password() -> str:
    """From the terminal without showing it, else the first line of standard input."""
    if sys.stdin is not None and sys.stdin.isatty():
        typed: str = typer.prompt(_("Password"), hide_input=True, default="", show_default=False, err=True)
        return typed
    return piped_secret() if sys.stdin is not None else ""


def _stop(error: DsnError) -> Stop:
    not_written = any(problem.code in _NOT_WRITTEN for problem in error.problems)
    told = [replace(problem, path=_typed(problem.path)) for problem in error.problems]
    return Stop(FAILED if not_written else WRONG, lines(told))


_ARGUMENTS = {"name": "NAME", "driver": "--driver", "keywords": "--set"}
"""What the places of a problem of `dsn_installer` are typed as."""


def _typed(path: str) -> str:
    """keywords.Host -> --set Host."""
    place, _dot, keyword = path.partition(".")
    return f"{_ARGUMENTS.get(place, place)} {keyword}".rstrip()


def _plain(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [{"code": p.code, "message": p.message, "action": p.action} for p in problems]


def _say_row(words: Sequence[str], problems: Sequence[Problem], remark: str = "", *, seen: bool = True) -> None:
    from wizard.connection.data_sources import BLOCKING

    worst = problems[0].code if problems else ""
    mark = " X" if worst in BLOCKING else " !" if worst or not seen else "OK"
    say(f"{mark}  " + "  ".join(word for word in words if word))
    for text in [*(f"{problem.message} {problem.action}" for problem in problems), *filter(None, [remark])]:
        say(f"      {text}")


def _show_listing(found: Listing) -> None:
    """Data sources and drivers as tables, each with the remarks on it."""
    from wizard.flow.data_sources import machine

    here = machine(found)
    say(_("Data sources:") if found.sources else _("No data sources yet."))
    if here.rows:
        rows = []
        for one in here.rows:
            source = one.source
            where = " / ".join(filter(None, [source.server, source.database]))
            scope = terminal.lines_of(one.scope, one.bits)
            told = terminal.lines_of(where, source.description, *one.told)
            rows.append(terminal.Row((source.name, scope, source.driver, told), one.state, one.word))
        terminal.show((_("Name"), _("Scope"), _("Driver"), _("Details")), rows)
    say(_("Drivers:") if found.drivers else _("No ODBC driver is registered."))
    if here.drivers:
        rows = []
        for known in here.drivers:
            version = terminal.lines_of(known.driver.version, known.bits)
            told = terminal.lines_of(known.driver.library, *known.told)
            rows.append(terminal.Row((known.driver.name, version, told), known.state, known.word))
        terminal.show((_("Name"), _("Version"), _("Details")), rows)
    for problem in found.problems:
        say(f" X  {problem}")


def _source_words(source: DataSource) -> list[str]:
    scope = _("user DSN") if source.scope == "user" else _("System DSN")
    where = " / ".join(filter(None, [source.server, source.database]))
    return [source.name, scope, _bits(source.bits), source.driver, where, source.description]


def _driver_words(driver: Driver) -> list[str]:
    return [driver.name, driver.version, _bits(driver.bits), driver.library]


def _bits(bits: int | None) -> str:
    return _("{bits} bit").format(bits=bits) if bits else ""
