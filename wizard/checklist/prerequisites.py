"""What has to be in place before the integration can work: the prerequisites of the manual.

What a program can find out at once is found out; the rest is named, for a person to see to.
"""

from __future__ import annotations

import platform
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from wizard.i18n import N_

Found = Literal["ok", "warn", "ask"]


@dataclass(frozen=True)
class Prerequisite:
    """One prerequisite; `probe` says how it stands here, "ask" where only a person knows."""

    id: str
    title: str
    text: str
    mandatory: bool
    probe: Callable[[], Found] = lambda: "ask"


def _windows() -> Found:
    return "ok" if platform.system() == "Windows" else "warn"


def _bits() -> Found:
    return "ok" if struct.calcsize("P") == 8 else "warn"


PREREQUISITES = (
    Prerequisite(
        "windows",
        N_("Windows RPW server"),
        N_("The update uses Windows components; it cannot run on a Unix or Linux RPW server. The wizard itself can."),
        True,
        _windows,
    ),
    Prerequisite(
        "bits",
        N_("64-bit program, driver and DSN"),
        N_("This program sees only ODBC drivers and data sources of its own bitness."),
        True,
        _bits,
    ),
    Prerequisite(
        "releases",
        N_("Logix and APS on the same release"),
        N_("Both products should have the same version and release, such as 12.1.12."),
        False,
    ),
    Prerequisite(
        "environment",
        N_("Progress and Datasul environment"),
        N_("TOTVS APS needs both installed."),
        True,
    ),
    Prerequisite(
        "licences",
        N_("Two more Logix licences"),
        N_("One for each web service: production order and purchase order."),
        True,
    ),
    Prerequisite(
        "license_server",
        N_("License Server 2014 or newer"),
        N_("The one of Logix and the one of Datasul."),
        True,
    ),
    Prerequisite(
        "one_database",
        N_("One APS database per Logix company"),
        N_("Two companies need two APS databases, and two profiles here."),
        True,
    ),
    Prerequisite(
        "server_files",
        N_("Logix server files"),
        N_("Totvsprofile.pro and TotvsAppServer.ini enable the web service; the console shows it as enabled."),
        True,
    ),
    Prerequisite(
        "demand",
        N_("Demand balance updated at invoicing"),
        N_("The parameter atualiza_qtd_sai_necd_fat of log2240 has to be active, else demands keep a wrong balance."),
        False,
    ),
    Prerequisite(
        "capitals",
        N_("Key fields in capitals"),
        N_("APS does not tell a from A: of two codes that differ only by case, only the first is imported."),
        False,
    ),
)
