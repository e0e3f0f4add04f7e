"""`aps-wizard server-files`: what TotvsAppServer.ini and Totvsprofile.pro say, and the address for a profile.

JSON: `{"url": the address that was chosen or null, "profile": file or null, "locations": [{"url", "section",
"environment", "line"}], "http": [{"section", "port", "environment", "enabled"}], "web_services_enabled": true, false
or null, "profile_keys": {}, "findings": [{"status", "code", "message", "hint", "details"}], "lines_to_add": []}`.

Exit codes: 0 nothing is missing; 1 something is, or nothing could be read or written; 2 the call is wrong.
"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wizard.commands.call import FAILED, WRONG, AsJson, ProfilesDir, Stop, profile_file, say, say_json

if TYPE_CHECKING:
    from wizard.webservice.server_files import ServerFiles


def server_files(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help=_("The files, or the folder that they lie in."))
    ],
    *,
    environment: Annotated[
        str | None, typer.Option(help=_("Take the address of this environment, where the file names several."))
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="PROFILE", help=_("Write the address into this profile."))
    ] = None,
    as_json: AsJson = False,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.checklist.text import MARKS
    from wizard.flow import review
    from wizard.flow.state import edit, open_profile
    from wizard.webservice.server_files import finding_text, read_server_files

    # Read first: a wrong name of the profile must not wait for a share.
    state = open_profile(profile_file(profile, profiles_dir)) if profile else None
    found = read_server_files(files)
    url = _chosen(found, environment)
    if state is not None and url is None and found.locations:
        # One environment may have several of them, and a section may name none.
        urls = ", ".join(place.address for place in found.locations)
        text = _("The files name several addresses: {urls}.")
        hint = _("Choose by --environment, or write one yourself: profile set {profile} webservice.url=URL")
        raise Stop(WRONG, (text.format(urls=urls), hint.format(profile=profile)))
    written = review.save(edit(state, "webservice.url", url)).file if state is not None and url else None
    if as_json:
        say_json({"url": url, "profile": str(written) if written else None, **found.to_json()})
    else:
        for one in found.findings:
            say(f"{MARKS[one.status]:>2}  {finding_text(one)}")
        if found.lines_to_add:
            say(_("Lines to add:"))
            say("\n".join(f"    {line}" for line in found.lines_to_add))
        if url:
            say(_("Address for the profile: {url}").format(url=url))
        if written:
            say(_("Written: {file}").format(file=written))
    missing = any(one.status == "fail" for one in found.findings) or (state is not None and not written)
    raise typer.Exit(FAILED if missing else 0)


def _chosen(found: ServerFiles, environment: str | None) -> str | None:
    """The address to use: the only one, or that of the environment that is named."""
    places = found.locations
    if environment is not None:
        known = ", ".join(dict.fromkeys(place.environment for place in places if place.environment)) or "-"
        places = tuple(place for place in places if place.environment.casefold() == environment.casefold())
        if not places:
            text = _("No address of the environment {name}. Environments with one: {known}.")
            raise Stop(WRONG, (text.format(name=environment, known=known),))
    return places[0].address if len(places) == 1 else None
