"""The command line speaks the language that is asked for, Typer's own words included."""

from __future__ import annotations

import json
import subprocess
import sys
from gettext import gettext as _
from pathlib import Path

import pytest
import typer
from babel.messages.extract import extract_from_dir

from tests.cli.calling import aps
from wizard import i18n, settings
from wizard.commands import typer_words

HELP = {
    "pt_BR": ("Uso: ", "Opções:", "Comandos:", "Mostra este texto."),
    "en": ("Usage: ", "Options:", "Commands:", "Show this text."),
    "es": ("Uso: ", "Opciones:", "Comandos:", "Muestra este texto."),
}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("form", ["--lang X", "--lang=X", "APS_LANG", "settings"])
def test_help_is_in_the_language_asked_for(language: str, form: str) -> None:
    env = {"APS_LANG": ""}
    words = [word.replace("X", language) for word in form.split()] if form.startswith("--") else []
    if form == "APS_LANG":
        env = {"APS_LANG": language}
    if form == "settings":
        assert settings.keep("language", language)
    elif form.startswith("--"):
        # What was chosen in the window counts less than what is asked for.
        settings.keep("language", "pt_BR" if language == "es" else "es")
    told = aps(*words, "--help", env=env).stdout
    assert told.startswith(HELP[language][0])
    assert all(word in told for word in HELP[language])


def test_an_unknown_language_is_told() -> None:
    done = aps("--lang", "xx", "profile", "list")
    assert done.returncode == 2
    assert "pt_BR, en, es" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check"], "Falta 'PROFILE'."),
        (["check", "x", "--nix"], "No existe la opción --nix."),
        (["check", "x", "--timeout"], "'--timeout' necesita un valor."),
        (["check", "x", "--timeout", "a"], "Valor no válido para '--timeout': se necesita un número."),
        (["check", "x", "--timeout", "0"], "Valor no válido para '--timeout': el valor mínimo es 0,1."),
        (["check", "x", "--timeout", "9999"], "Valor no válido para '--timeout': el valor máximo es 3.600."),
        (["secret", "set", "x", "database.password", "--store", "foo"], "'--store': 'foo' no es uno de"),
        (["chek"], "No existe el comando 'chek'. Parecidos: 'check', 'checklist'."),
        (["xyzzy"], "No existe el comando 'xyzzy'."),
        (["check", "x", "y"], "Sobran palabras: y."),
        (["profile"], "Perfiles: listar, mostrar, validar"),
    ],
)
def test_a_wrong_call_is_told_in_the_language(words: list[str], told: str) -> None:
    done = aps("--lang", "es", *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Uso: " in done.stderr or "necesita" in done.stderr
    assert not [word for word in ("Usage", "Missing", "Error:  ", "Try ", "Invalid", "No such") if word in done.stderr]


def test_every_text_that_typer_translates_is_declared() -> None:
    """A new release of Typer with another text fails here, not at the customer's."""
    folder = Path(typer.__file__).parent
    # rich_utils is for help with colours, which this program does not use.
    files = [("core.py", "python"), ("_click/**.py", "python")]
    found = {
        str(text) for _file, _line, text, _notes, _context in extract_from_dir(folder, files, keywords={"_": None})
    }
    assert found == set(typer_words.THROUGH_GETTEXT)


def test_machine_output_is_the_same_in_every_language(profile: Path) -> None:
    told = {
        language: json.loads(aps("--lang", language, "profile", "show", profile, "--json").stdout) for language in HELP
    }
    assert told["pt_BR"] == told["en"] == told["es"]


def test_a_child_speaks_the_language_of_the_call(profile: Path) -> None:
    told = aps("--lang", "es", "check", profile, "--only", "database.reachable", "--json", env={"APS_LANG": "pt_BR"})
    message = json.loads(told.stdout)["checks"][-1]["message"]
    assert message == "El archivo de la base de datos existe."


def test_a_text_is_looked_up_without_looking_for_its_file() -> None:
    """A ratio: the standard library's own way, which looks for the file with every text, is measured beside it."""
    code = (
        "import sys, timeit, gettext, os; from wizard import i18n, resources; slow = gettext.gettext\n"
        "os.environ['LANGUAGE'] = 'es'; gettext.bindtextdomain('aps-wizard', str(resources.folder() / 'locale'))\n"
        "gettext.textdomain('aps-wizard'); before = min(timeit.repeat(lambda: slow('Company'), number=500, repeat=5))\n"
        "i18n.use('es'); after = min(timeit.repeat(lambda: gettext.gettext('Company'), number=500, repeat=5))\n"
        "assert gettext.gettext('Company') == 'Empresa'; print(before / after)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert float(done.stdout) > 5
    assert _("Company") == "Company"
