"""The language of what people see: gettext catalogues in resources/locale, Portuguese unless told otherwise.

Modules use `from gettext import gettext as _` and this module says once, at the start, which catalogue
that means. Windows servers in Brazil often run in English while their users read Portuguese, so the
system's language does not decide; APS_LANG does (pt_BR or en). Child processes inherit the choice.
"""

from __future__ import annotations

import gettext
import os

from wizard.resources import folder

DOMAIN = "aps-wizard"
LANGUAGES = ("pt_BR", "en")
"""English is the source of the catalogues and needs none itself."""


def N_(text: str) -> str:
    """Marks a text for translation where it is declared; it is translated where it is shown."""
    return text


def use(language: str | None = None) -> str:
    """Make `gettext` speak the language: the argument, else APS_LANG, else pt_BR. Gives the one in force."""
    wanted = language or os.environ.get("APS_LANG") or LANGUAGES[0]
    chosen = wanted if wanted in LANGUAGES else LANGUAGES[0]
    gettext.bindtextdomain(DOMAIN, str(folder() / "locale"))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = chosen
    return chosen


def in_force() -> str:
    """The language in force."""
    return os.environ.get("LANGUAGE", LANGUAGES[0])
