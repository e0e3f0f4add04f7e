"""`aps-wizard checklist` and `aps-wizard diagnostics`: the support checklist as lines, JSON, HTML and zip.

JSON of `checklist`: `{"profile", "status" ("ok", "open" or "failed"), "at", "items": [...]}`; an item has `id, status
("ok", "warn", "fail", "open", "stale" or "unused"), title, why, mandatory, rules, message, hint, asked, checks (each
as in `check --json`) and confirmation: {"by", "at", "evidence", "stale"}` or null.

Exit codes of `checklist`: 0 everything mandatory is proved or confirmed; 1 something failed or is open; 2 the profile
or the call is wrong. Of `diagnostics`: 0 the zip was written, whatever the checks found; 1 it was not; 2 the profile
or its confirmations cannot be read, and the zip says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wizard.commands.call import (
    FAILED,
    WRONG,
    AsJson,
    ProfileName,
    ProfilesDir,
    Stop,
    lines,
    new_or,
    not_written,
    profile_file,
    say,
    say_json,
)
from wizard.commands.terminal import running, say_standings

if TYPE_CHECKING:
    from wizard.checklist.standing import Standing
    from wizard.flow.state import State
    from wizard.flow.verify import Verified

checklist_app = typer.Typer(rich_markup_mode=None)

Timeout = Annotated[float | None, typer.Option(min=0.1, help=_("Seconds that one check may take."))]


@checklist_app.command("checklist", help=_("The support checklist: run the checks, confirm items, write the report."))
def checklist(
    profile: ProfileName,
    *,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help=_("Write the report as one HTML file."))] = None,
    as_json: AsJson = False,
    confirm: Annotated[
        str | None, typer.Option(metavar="ITEM", help=_("Confirm an item that only a person knows."))
    ] = None,
    by: Annotated[str, typer.Option(metavar="NAME", help=_("With --confirm: who confirms."))] = "",
    evidence: Annotated[
        str, typer.Option(metavar="TEXT", help=_("With --confirm: what was seen, or the name of a file."))
    ] = "",
    withdraw: Annotated[str | None, typer.Option(metavar="ITEM", help=_("Take a confirmation back."))] = None,
    timeout: Timeout = None,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow import verify
    from wizard.flow.state import open_profile

    if bool(confirm) != bool(by.strip() and evidence.strip()) or (not confirm and (by or evidence)):
        raise Stop(WRONG, (_("--confirm, --by and --evidence belong together."),))
    if html:
        new_or(html, ".html", ".htm")
    if confirm and withdraw:
        raise Stop(WRONG, (_("Either --confirm or --withdraw, not both."),))
    state = open_profile(profile_file(profile, profiles_dir))
    if confirm or withdraw:
        told = _change(state, confirm, withdraw, by, evidence)
        if not (html or as_json):
            say(told)
            return
    found = _verified(state, timeout)
    if html:
        try:
            verify.save_report(state, found.standings, found.at, html)
        except OSError as error:
            raise not_written(html, error) from None
    if as_json:
        items = [standing.to_json() for standing in found.standings]
        say_json({"profile": str(state.file), "status": found.overall, "at": found.at.isoformat(), "items": items})
    elif html:
        say(_("The report was written: {file}").format(file=html))
    else:
        say_standings(found.standings)
        _say_what_to_confirm(found.standings)
    raise typer.Exit(0 if found.overall == "ok" else FAILED)


@checklist_app.command("diagnostics", help=_("Put report, versions, configuration and logs into a zip for support."))
def diagnostics(
    profile: ProfileName,
    *,
    out: Annotated[Path, typer.Option(metavar="FILE", help=_("The zip to write."))],
    timeout: Timeout = None,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.checklist.diagnostics import save_without_profile
    from wizard.flow import verify
    from wizard.flow.state import open_profile
    from wizard.profile.errors import ProfileError

    new_or(out, ".zip")
    file = profile_file(profile, profiles_dir)
    try:
        state = open_profile(file)
        found = _verified(state, timeout)
    except ProfileError as error:
        # Of the profile, or of the confirmations beside it.
        if not file.exists():
            raise
        _say_saved(save_without_profile(file, error, out).names, out)
        raise Stop(WRONG, lines(error.problems)) from None
    _say_saved(verify.save_diagnostics(state, found, out).names, out)


def _verified(state: State, timeout: float | None) -> Verified:
    """The checklist after a run, which a terminal is told of as it goes."""
    from wizard.checklist import registry
    from wizard.flow import verify

    with running(len(registry.chosen())) as now:
        return verify.verify(state, timeout, now.started, now.ended)


def _say_what_to_confirm(standings: Sequence[Standing]) -> None:
    """The names that --confirm takes for what a person still has to say; nothing where all is said."""
    items = [one.item for one in standings if one.asked and (one.confirmation is None or one.stale)]
    if not items:
        return
    say(_("To confirm: aps-wizard checklist PROFILE --confirm ITEM --by NAME --evidence TEXT"))
    width = max(len(item.id) for item in items)
    for item in items:
        say(f"  {item.id:<{width}}  {_(item.title)}")


def _change(state: State, confirm: str | None, withdraw: str | None, by: str, evidence: str) -> str:
    from wizard.checklist import confirmations
    from wizard.flow.state import file_of, profile_of

    if confirm:
        stored = confirmations.confirm(file_of(state), profile_of(state), confirm, by, evidence)
        text = _("{item} is confirmed: {file}")
    else:
        stored = confirmations.withdraw(file_of(state), str(withdraw))
        text = _("The confirmation of {item} was taken back: {file}")
    return text.format(item=confirm or withdraw, file=stored.path)


def _say_saved(names: tuple[str, ...], out: Path) -> None:
    say(_("{file} holds no password: {names}").format(file=out, names=", ".join(names)))
