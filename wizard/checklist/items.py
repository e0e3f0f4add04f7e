"""The items of the support checklist: the three of the manual, in its order, then what has to be in place before.

An item is one entry of ITEMS and nothing else: page, command, report and diagnostics follow from it. What a program
can find out is found out, by checks of the registry or by a look at this machine; the rest is asked of a person.
"""

from __future__ import annotations

import platform
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from gettext import gettext as _

from wizard.checklist.check import Outcome, ok, warn
from wizard.i18n import N_
from wizard.profile.models import Profile


@dataclass(frozen=True)
class Item:
    """One item.

    `why` says what it is good for; `rules` are those of the manual behind it. `checks` are patterns of ids of the
    registry ("database.*"): the checks that prove it. `probe` looks at this machine, at once and without input or
    output, and gives None where that tells nothing. `ask` is what a person confirms: always with `always_ask`, else
    only while neither a check nor the probe tells. `covers` are the paths of the profile whose edit makes a
    confirmation stale. `used` says for which profiles the item counts; `prerequisite` that it is shown before
    anything is typed; `proof` that "Prove it" tells it. Texts are marked for translation.
    """

    id: str
    title: str
    why: str
    rules: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    probe: Callable[[], Outcome | None] | None = None
    ask: str = ""
    always_ask: bool = False
    covers: tuple[str, ...] = ()
    mandatory: bool = True
    used: Callable[[Profile], bool] = lambda profile: True
    prerequisite: bool = True
    proof: bool = False

    def proved_by(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of the ids that belong to this item."""
        return tuple(id_ for id_ in ids if any(fnmatchcase(id_, pattern) for pattern in self.checks))


PLACE = ("company.logix", "environment")
"""What every confirmation covers: it was given for this company and environment."""

WHERE = ("kind", "host", "port", "service", "tns", "server", "instance", "database", "dsn", "file")
"""The fields of a database that say which one it is; not how patiently it is asked or who logs in."""

_DATABASE = tuple(f"database.{name}" for name in WHERE)
_SERVICES = ("webservice.url", "webservice.production_order", "webservice.purchase_order")


def _windows() -> Outcome | None:
    if platform.system() != "Windows":
        return None
    text = _("This machine runs {system}.").format(system=f"Windows {platform.release()} {platform.version()}")
    return ok("program.windows", text)


def _bits() -> Outcome:
    bits = struct.calcsize("P") * 8
    if bits == 64:
        return ok("program.bits", _("This program has {bits} bits.").format(bits=bits))
    text = _("This program has {bits} bits and sees only drivers and data sources of {bits} bits.")
    return warn("program.bits", text.format(bits=bits), _("Install the 64-bit version."))


ITEMS = (
    Item(
        "server_files",
        N_("Logix server files"),
        N_("Totvsprofile.pro and TotvsAppServer.ini enable the web service; the console shows it as enabled."),
        rules=("R-CHK-01", "R-CHK-04", "R-CFG-02", "R-CFG-03", "R-CFG-04", "R-CFG-05"),
        checks=("webservice.production_order*", "webservice.purchase_order*"),
        ask=N_("Confirm that both files of the Logix server hold the entries of the integration; name the files."),
        always_ask=True,
        covers=(*PLACE, *_SERVICES),
    ),
    Item(
        "parameters",
        N_("Database access and web service URL"),
        N_("The update reads the Logix database, the confirmation sends to the web service: both have to answer."),
        rules=("R-CHK-02", "R-CHK-04", "R-PRE-05", "R-PRE-08"),
        checks=("profile.*", "secret.*", "database.*", "webservice.*"),
        prerequisite=False,
    ),
    Item(
        "grades",
        N_("Grade types imported and configured"),
        N_("A company that uses grades has to import the grade types before the first update."),
        rules=("R-CHK-03", "R-CHK-04", "R-PRE-10"),
        checks=("grades.*",),
        used=lambda profile: profile.grades.enabled,
        prerequisite=False,
    ),
    Item(
        "windows",
        N_("Windows RPW server"),
        N_("The update uses Windows components; it cannot run on a Unix or Linux RPW server. The wizard itself can."),
        rules=("R-GEN-06",),
        probe=_windows,
        ask=N_("Confirm that the RPW server of the update is a Windows server; give its name and version."),
        covers=(*PLACE, "engine_account"),
    ),
    Item(
        "bits",
        N_("64-bit program, driver and DSN"),
        N_("This program sees only ODBC drivers and data sources of its own bitness."),
        checks=("database.driver", "database.data_source"),
        probe=_bits,
    ),
    Item(
        "system_dsn",
        N_("System DSN of the right name"),
        N_("A user DSN is invisible to the account that the engines run under; the name has to be exactly the same."),
        rules=("R-PRE-06",),
        checks=("database.data_source", "database.reachable"),
        used=lambda profile: profile.database.data_source() is not None,
        prerequisite=False,
    ),
    Item(
        "isolation",
        N_("Isolation level Read Uncommitted"),
        N_("With Informix a row that somebody edits would stop the update (-244)."),
        rules=("R-PRE-07",),
        checks=("database.isolation", "database.login"),
        used=lambda profile: bool(profile.database.RECOMMENDED),
        prerequisite=False,
    ),
    Item(
        "releases",
        N_("Logix and APS on the same release"),
        N_("Both products should have the same version and release, such as 12.1.12."),
        rules=("R-PRE-01",),
        ask=N_("Confirm that Logix and APS have the same version and release; give both."),
        covers=(*PLACE, *_DATABASE, "webservice.url"),
        mandatory=False,
    ),
    Item(
        "environment",
        N_("Progress and Datasul environment"),
        N_("TOTVS APS needs both installed."),
        rules=("R-PRE-02",),
        ask=N_("Confirm that Progress and Datasul are installed for APS; say where, and which versions."),
        covers=PLACE,
    ),
    Item(
        "licences",
        N_("Two more Logix licences"),
        N_("One for each web service: production order and purchase order."),
        rules=("R-PRE-03",),
        ask=N_("Confirm that two more Logix licences are free for the web services; say who saw it, and where."),
        covers=(*PLACE, "webservice.url"),
    ),
    Item(
        "license_server",
        N_("License Server 2014 or newer"),
        N_("The one of Logix and the one of Datasul."),
        rules=("R-PRE-04",),
        ask=N_("Confirm that the License Servers of Logix and of Datasul are 2014 or newer; give both versions."),
        covers=PLACE,
    ),
    Item(
        "engines",
        N_("Proved as the engines' account"),
        N_("The engines run at night under an account of their own: it has to read profile, passwords and DSN."),
        rules=("R-PRE-05", "R-PRE-06"),
        used=lambda profile: profile.engine_account.kind != "current",
        prerequisite=False,
        proof=True,
    ),
    Item(
        "one_database",
        N_("One APS database per Logix company"),
        N_("Two companies need two APS databases, and two profiles here."),
        rules=("R-GEN-02",),
        checks=("aps.*",),
    ),
    Item(
        "capitals",
        N_("Key fields in capitals"),
        N_("APS does not tell a from A: of two codes that differ only by case, only the first is imported."),
        rules=("R-GEN-05",),
        checks=("database.keys",),
        mandatory=False,
    ),
    Item(
        "demand",
        N_("Demand balance updated at invoicing"),
        N_("The parameter atualiza_qtd_sai_necd_fat of log2240 has to be active, else demands keep a wrong balance."),
        rules=("R-1.27-05", "R-PRE-11"),
        ask=N_("Confirm that atualiza_qtd_sai_necd_fat of log2240 is active; name the picture, or who saw it."),
        covers=("company.logix", *_DATABASE),
        mandatory=False,
    ),
)

BY_ID = {item.id: item for item in ITEMS}
