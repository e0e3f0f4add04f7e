"""Everything that can be found in the Logix server's files: code, cause, action. Data alone, as in faults.py.

What the manuals state is `fail`; what is deduced of sibling products is `warn`.
"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _

from wizard.checklist.check import Outcome
from wizard.i18n import N_
from wizard.webservice.faults import Fault

CONFIRM = N_("To be confirmed with the customer's TOTVS team. This program never writes the server's files.")
"""Stands above every line that is proposed."""

_ADD = N_("Have the lines below added by the customer's TOTVS team, and the AppServer started again.")
_CORRECT = N_("Have the line corrected by the customer's TOTVS team, and the AppServer started again.")

FINDINGS: Mapping[str, Fault] = {
    # The files themselves.
    "files.missing": Fault(N_("There is no file {file}."), N_("Choose TotvsAppServer.ini and Totvsprofile.pro.")),
    "files.unreadable": Fault(N_("{file} cannot be read: {reason}"), N_("Check the share and your rights to it.")),
    "files.silent": Fault(
        N_("The files could not be read within {seconds} seconds."),
        N_("The share does not answer. Copy the files to this machine and open the copies."),
    ),
    "files.too_large": Fault(N_("{file} is larger than 2 MB, so it is no such file."), N_("Choose another file.")),
    "files.unknown": Fault(
        N_("{file} is neither a TotvsAppServer.ini nor a Totvsprofile.pro."), N_("Choose another file.")
    ),
    # TotvsAppServer.ini
    "ini.location": Fault(N_("URLLocation: {url} (environment {environment})."), "", "ok"),
    "ini.no_location": Fault(N_("The file names no URLLocation: the web service is not configured in it."), _ADD),
    "ini.location_invalid": Fault(N_("URLLocation is no address: {url}"), _CORRECT),
    "ini.location_local": Fault(
        N_("URLLocation {url} names the server by a name that only the server itself can use."),
        N_("It works only where APS runs on that machine. Else have the server's name written there."),
        "warn",
    ),
    "ini.several": Fault(
        N_("The file names several addresses."), N_("Choose the one of the environment that APS works with."), "warn"
    ),
    "ini.services_on": Fault(N_("Web services are enabled in [{section}]."), "", "ok"),
    "ini.services_off": Fault(N_("Web services are switched off: Enable={value} in [{section}]."), _CORRECT),
    "ini.services_unsaid": Fault(
        N_("[{section}] does not say Enable=1."),
        N_("Look whether the AppServer's console shows the web service as enabled; else add the line."),
        "warn",
    ),
    "ini.job_not_started": Fault(
        N_("The job [{section}] of the web services is not started: [ONSTART] does not name it."), _CORRECT, "warn"
    ),
    "ini.http": Fault(N_("[{section}]: port {port}."), "", "ok"),
    "ini.no_http": Fault(N_("The file has no [HTTP] section: the server answers no web address."), _ADD),
    "ini.http_off": Fault(N_("HTTP is switched off: Enable={value} in [{section}]."), _CORRECT),
    "ini.no_port": Fault(N_("[{section}] names no port."), _ADD, "warn"),
    "ini.port_differs": Fault(
        N_("URLLocation says port {port}, but [HTTP] listens on {found}."),
        N_("Have both brought to the same port, unless something in between passes it on."),
        "warn",
    ),
    "ini.no_environment": Fault(
        N_("[{section}] names no environment."), N_("Have Environment added: the one that APS works with."), "warn"
    ),
    "ini.environment_unknown": Fault(
        N_("[{section}] names the environment {environment}, which the file does not have."), _CORRECT
    ),
    "ini.section_twice": Fault(
        N_("The section [{section}] stands {count} times; the server may read only the first."),
        N_("Have its lines put together."),
        "warn",
    ),
    "ini.key_twice": Fault(
        N_("{key} stands twice in [{section}] with different values; the server may read only the first."),
        N_("Have the wrong line removed."),
        "warn",
    ),
    "ini.comment_behind": Fault(
        N_("A comment stands behind the value of {key}; some keys are not recognised then."),
        N_("Have the comment moved to a line of its own."),
        "warn",
    ),
    "ini.profile": Fault(N_("The Logix profile of {environment} is {path}."), "", "ok"),
    # Totvsprofile.pro
    "pro.keys": Fault(N_("{count} entries; known ones: {keys}."), "", "ok"),
    "pro.host_application": Fault(
        N_("eai.hostapplication stands in the file: the EAI of Logix must not be configured here."),
        N_("Have the line removed, and the EAI configured by EAI10000."),
    ),
    "pro.eai": Fault(
        N_("Keys of an older EAI stand in the file: {keys}."),
        N_("Have them removed, unless TOTVS says otherwise, and the EAI configured by EAI10000."),
        "warn",
    ),
    "pro.no_timezone": Fault(
        N_("logix.timezone.server is not set."),
        N_("EAI10000 sets it when it is run; else have the line below added."),
        "warn",
    ),
    "pro.timezone_invalid": Fault(N_("logix.timezone.server is no time zone: {value}"), _CORRECT, "warn"),
    "pro.key_twice": Fault(N_("{key} stands twice with different values."), N_("Have the wrong line removed."), "warn"),
    "pro.other_file": Fault(
        N_("TotvsAppServer.ini names another profile: {path}"),
        N_("Open that file, or have FGLPROFILE corrected."),
        "warn",
    ),
    "pro.not_given": Fault(N_("Totvsprofile.pro was not opened."), N_("Open it too: {path}"), "warn"),
}


def finding(code: str, file: str, line: int = 0, **details: object) -> Outcome:
    """One finding, with the file and the line it stands on; 0 is the file as a whole. KeyError: no such row."""
    row = FINDINGS[code]
    known = {name: str(value) for name, value in details.items()} | {"file": file}
    action = _(row.action).format(**known) if row.action else ""
    if line:
        known["line"] = str(line)
    return Outcome(row.status, code, _(row.cause).format(**known), action, known)
