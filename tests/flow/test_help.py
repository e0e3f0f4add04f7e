"""The help: every language has the same sections, every link leads somewhere, every fault has a section."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from wizard import i18n
from wizard.connection import causes
from wizard.flow import help as help_pages
from wizard.flow.steps import IDS
from wizard.webservice import faults, file_faults

SOURCES = Path(help_pages.__file__).resolve().parents[1]
LANGUAGES = i18n.LANGUAGES
SAYS = {"ok", "warn", "fail", "Fault", "Problem", "Outcome"}
"""What takes a code as its first text."""


def codes() -> set[str]:
    """Every code that the source names where a problem, an outcome or a fault is made."""
    found = {*faults.FAULTS, *file_faults.FINDINGS}
    found |= {fault.code for fault in vars(causes).values() if isinstance(fault, causes.Fault)}
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in SAYS:
                continue
            texts = [item.value for item in node.args[:2] if isinstance(item, ast.Constant)]
            if node.func.id == "Outcome":
                texts = texts[1:]
            found |= {text for text in texts[:1] if isinstance(text, str) and re.fullmatch(r"[a-z_.]+", text)}
    return found


def targets(language: str) -> list[tuple[str, str]]:
    """(page, target) of every link of a language."""
    return [
        (name, target)
        for name in help_pages.names(language)
        for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", help_pages.read(name, language).text)
    ]


def test_there_are_many_codes_to_look_at() -> None:
    assert len(codes()) > 200
    assert {"database.dsn_unknown", "webservice.tls_expired", "changed_meanwhile", "crashed"} <= codes()


def test_every_code_has_a_section_that_exists() -> None:
    for code in sorted(codes()):
        name, _mark, anchor = help_pages.section_of(code).partition("#")
        assert name, f"no section for {code}"
        assert anchor in help_pages.read(name, "en").anchors, code


def test_no_pattern_is_there_for_nothing() -> None:
    known = codes()
    for pattern, _section in help_pages.SECTIONS:
        assert any(fnmatchcase(code, pattern) for code in known) or pattern in ROOMS, pattern


ROOMS = {
    "paste.*", "odbc.*", "odbc.library*", "odbc.no_driver", "odbc.other_bitness", "diagnostics.*",
    "engine.*", "program.*", "unwritable",
}  # fmt: skip
"""Whose codes are put together from a table, out of sight of `codes`."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_wizard_and_every_language_has_its_help(language: str) -> None:
    assert set(IDS) | {"passwords", "program", "glossary"} == set(help_pages.names(language))
    for name in help_pages.names(language):
        english, there = help_pages.read(name, "en"), help_pages.read(name, language)
        assert there.anchors == english.anchors, name
        assert there.text.count("![](") == english.text.count("![]("), name
        assert sorted(t for n, t in targets(language) if n == name) == sorted(
            t for n, t in targets("en") if n == name
        ), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_to_a_section(language: str) -> None:
    for name, target in targets(language):
        page, _mark, anchor = target.partition("#")
        assert page.endswith(".md"), f"{name}: {target} is not of the help; it works without a network"
        assert anchor in help_pages.read(page.removesuffix(".md"), language).anchors, f"{name}: {target}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_of_the_help_is_there(language: str) -> None:
    for name in help_pages.names(language):
        for picture in re.findall(r"!\[\]\(([^)]+)\)", help_pages.read(name, language).text):
            file = help_pages.picture(picture, language)
            assert file.is_file(), f"{name}: {picture}"
            assert file.parent.name == language


def test_no_language_shows_the_picture_of_another() -> None:
    for name in ("start", "database", "grades", "webservice", "review"):
        assert len({help_pages.picture(f"{name}.png", language).read_bytes() for language in LANGUAGES}) == len(
            LANGUAGES
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_shown_without_their_anchors(language: str) -> None:
    for name in help_pages.names(language):
        assert "{#" not in help_pages.read(name, language).text
