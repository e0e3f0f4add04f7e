"""The README and its Portuguese twin say the same: headings, commands, pictures, links and tables go side by side."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
PER_LANGUAGE = re.compile(r"pictures/(en|pt_BR)/")
"""The folder of a picture of the window: each README shows its own."""
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def _read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def parts(text: str) -> dict[str, list[str]]:
    """What has to be the same in every language, in its order."""
    lines = text.splitlines()
    rows = [line.replace("\\|", "\0") for line in lines if line.startswith("|")]
    return {
        "headings": [line.split()[0] for line in lines if line.startswith("#")],
        "commands": [line.split("#")[0].strip() for line in lines if line.startswith("    ")],
        "pictures": [PER_LANGUAGE.sub("pictures/", picture) for picture in PICTURE.findall(text)],
        # But the one that leads to the twin.
        "links": re.findall(r"(?<!!)\[[^\]]+\]\((?!README)([^)]+)\)", text),
        "first cells": [code for row in rows for code in CODE.findall(row.split("|")[1])],
        "cells": [str(row.count("|")) for row in rows],
        "items": [line[:2] for line in lines if line.startswith("- ")],
        "numbers": sorted(number.replace(",", "").replace(".", "") for number in re.findall(r"\d[\d.,]*\d", text)),
    }


def differences(one: str, other: str) -> list[str]:
    """The kinds of parts in which two texts differ."""
    left, right = parts(one), parts(other)
    return [kind for kind in left if left[kind] != right[kind]]


def test_the_twin_has_all_that_the_readme_has() -> None:
    english, portuguese = _read("README.md"), _read("README.pt-BR.md")
    assert differences(english, portuguese) == []
    assert len(parts(english)["first cells"]) > 30


@pytest.mark.parametrize(
    ("was", "becomes", "kind"),
    [
        ("## Senhas", "Senhas", "headings"),
        ("run.py demo --gui", "run.py demo", "commands"),
        ("resources/pictures/pt_BR/grades.png", "resources/pictures/pt_BR/other.png", "pictures"),
        ("](CHANGELOG.md)", "](CONTRIBUTING.md)", "links"),
        ("--withdraw ITEM", "--retirar ITEM", "first cells"),
        ("| o ambiente de demonstração |", "| o ambiente | de demonstração |", "cells"),
        ("1.000 quedas", "100 quedas", "numbers"),
    ],
)
def test_a_twin_that_lags_behind_is_noticed(was: str, becomes: str, kind: str) -> None:
    portuguese = _read("README.pt-BR.md")
    assert was in portuguese
    assert kind in differences(_read("README.md"), portuguese.replace(was, becomes))


def test_every_picture_of_the_readmes_is_there() -> None:
    for name, language in (("README.md", "en"), ("README.pt-BR.md", "pt_BR")):
        shown = PICTURE.findall(_read(name))
        for picture in shown:
            assert (ROOT / picture).is_file(), picture
        assert {folder for picture in shown for folder in PER_LANGUAGE.findall(picture)} == {language}
