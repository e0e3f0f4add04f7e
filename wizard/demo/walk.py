"""`aps-wizard demo`: build the site, walk the wizard's own flow, run every check, write the profile, read it back."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path

from wizard.checklist.registry import checks
from wizard.checklist.run import Report, Run
from wizard.checklist.text import results_text
from wizard.demo.site import Site, open_site
from wizard.flow import review, state, words
from wizard.flow.recent import DEMO_MARK
from wizard.flow.steps import IDS
from wizard.grades import import_job
from wizard.grades.import_result import Import, Wish
from wizard.profile import store
from wizard.profile.atomic import make_folder
from wizard.profile.validation import validation_state
from wizard.webservice.server_files import read_locations

NAME = "Serra Azul"
FILE = store.file_stem(NAME) + store.SUFFIX
PICTURES = "pictures"


class DemoFailed(Exception):
    """The demo could not go on; the text says where."""


def demo(folder: Path | None, profiles: Path | None, *, window: Callable[..., int] | None, keep: bool) -> int:
    """Run the demo. Gives the exit code: 0 when all mandatory checks passed.

    `folder` is where the site is built, a new temporary one by default; `profiles` where its profile
    goes, by default inside the site and never among real ones. `window` opens the window on the site
    when given; `keep` leaves the site running. Raises DemoFailed.
    """
    site_folder = folder or Path(tempfile.mkdtemp(prefix="aps-wizard-demo-"))
    # The profile names the database by its path, which a relative one would bind to the profile's folder.
    site_folder = site_folder.resolve()
    make_folder(site_folder)
    claim(site_folder)
    _say(_("Demo site: {folder}").format(folder=site_folder))
    with open_site(site_folder) as site:
        target = profiles or site.folder / "profiles"
        if profiles is None:
            # The site is the demo's own and is built anew each time; so is its profile.
            (target / FILE).unlink(missing_ok=True)
        final, report = walk(site, target)
        _say(_("Profile: {file}").format(file=final.file))
        _say(results_text(report.results))
        code = 0 if report.status == "ok" and _read_as_engine(final) else 1
        if window is None:
            _pictures(site, final)
        _say(_("All mandatory checks passed.") if code == 0 else _("At least one mandatory check failed."))
        if window is not None:
            return window(folder=target, profile=final.file, page="review") or code
        if keep:
            _wait_for_ctrl_c(site)
    return code


def claim(folder: Path) -> None:
    """Take an empty folder, or one that a demo made: a server's own TotvsAppServer.ini is never written over."""
    mark = folder / DEMO_MARK
    if not mark.exists() and any(folder.iterdir()):
        text = _("The folder {folder} holds files that are not of a demo site. Choose an empty or a new one.")
        raise DemoFailed(text.format(folder=folder))
    mark.touch()


def answers(site: Site) -> dict[str, str]:
    """What a consultant would type at this site, by path; the address is read out of the server's file."""
    locations = read_locations(site.appserver_ini)
    if not locations:
        raise DemoFailed(_("TotvsAppServer.ini names no URLLocation."))
    return {
        "name": NAME,
        "environment": "test",
        "company.logix": site.company,
        "company.site": site.site,
        "database.kind": "sqlite",
        "database.file": str(site.database),
        "webservice.url": locations[0].url,
        "grades.enabled": "true",
    }


def walk(site: Site, profiles: Path) -> tuple[state.State, Report]:
    """Go through the steps as the window does, prove what was filled in, and write the profile into a folder."""
    now = filled_in(site, profiles)
    report = Run(state.subject(now), tuple(checks().values())).run()
    return review.save(state.take_report(now, report)), report


def filled_in(site: Site, profiles: Path) -> state.State:
    """A new profile of a folder with the answers of a site, grade types and all. Nothing is proved nor written yet."""
    typed = answers(site)
    now = state.new_profile(profiles)
    while now.step != "review":
        for path, value in typed.items():
            if path.partition(".")[0] in _sections(now.step):
                now = state.edit(now, path, True if value == "true" else value)
        if now.step == "grades":
            now = import_grades(now)
        now, problems = state.advance(now)
        if problems:
            raise DemoFailed("; ".join(str(problem) for problem in problems))
    return now


def import_grades(now: state.State) -> state.State:
    """Import the grade types and give them their references, in a child process, as the page does."""
    ending = import_job.import_job(state.test_subject(now, "grades"), Wish(apply=True)).run()
    if ending.how != "done":
        raise DemoFailed(_("The import of the grade types ended with {how}.").format(how=ending.how))
    found = import_job.from_child(ending.answer)
    if not isinstance(found, Import):
        raise DemoFailed(found.message)
    return state.set_grades(now, found.grades)


def _sections(step: str) -> tuple[str, ...]:
    from wizard.flow.steps import BY_ID

    return BY_ID[step].sections


def _read_as_engine(final: state.State) -> bool:
    """Read the file from nothing, as an engine will, and compare it with what was meant."""
    assert final.file is not None  # noqa: S101 - it was written just now
    stored = store.read(final.file)
    same = stored.profile == state.profile_of(final)
    proved = validation_state(stored.profile)
    told = words.validation(proved) if same else _("different")
    _say(_("Read back as an engine would: {state}.").format(state=told))
    return same and proved == "passed"


def _pictures(site: Site, final: state.State) -> None:
    """A picture of every page, taken by a process of its own: this one needs no Qt."""
    folder = site.folder / PICTURES
    if importlib.util.find_spec("PySide6") is None:
        _say(_("No pictures: the window is not installed."))
        return
    command = [sys.executable, "-m", "wizard.gui.pictures", "--profile", str(final.file), "--out", str(folder)]
    # Not into a pipe: what the window starts may inherit that, and hold it open when the window has long ended.
    with tempfile.TemporaryFile() as errors:
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, timeout=120, check=False
            )
        except subprocess.TimeoutExpired:
            _say(_("No pictures: the window did not answer."))
            return
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip().splitlines()
    if done.returncode == 0:
        _say(_("Pictures of the {count} pages: {folder}").format(count=len(IDS), folder=folder))
    else:
        _say(_("No pictures: {reason}").format(reason=said[-1] if said else ""))


def _wait_for_ctrl_c(site: Site) -> None:
    try:
        _say(_("Web service: {url}. Ctrl+C ends the demo site.").format(url=site.webservice_url))
        while True:
            # Not one wait without end: a signal that comes just before it would never be noticed.
            time.sleep(0.2)
    except KeyboardInterrupt:
        return


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
