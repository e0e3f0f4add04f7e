"""Every text of the program is translated, and a translation can be shown where its source can."""

from __future__ import annotations

import gettext
import os
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests import i18n
from wizard import i18n as chosen


def _ids(catalogue: Catalog) -> set[str]:
    return {str(message.id) for message in catalogue if message.id}


def _source(folder: Path, text: str) -> Path:
    package = folder / "package"
    package.mkdir()
    (package / "module.py").write_text(text, "utf-8")
    return package


EVERY_LANGUAGE = pytest.mark.parametrize("language", i18n.LANGUAGES)


def test_every_language_but_the_source_has_a_catalogue() -> None:
    assert set(i18n.LANGUAGES) == set(chosen.LANGUAGES) - {"en"} == {path.name for path in i18n.LOCALES.iterdir()}


@EVERY_LANGUAGE
def test_the_catalogue_has_exactly_the_texts_of_the_code(language: str) -> None:
    texts, on_disk = _ids(i18n.extracted()), _ids(i18n.read(language))
    assert sorted(texts - on_disk) == [], "missing: python3 run.py i18n"
    assert sorted(on_disk - texts) == [], "no longer in the code: python3 run.py i18n"


@EVERY_LANGUAGE
def test_every_text_is_translated(language: str) -> None:
    assert i18n.untranslated(i18n.read(language)) == []


@EVERY_LANGUAGE
def test_every_text_with_a_plural_has_the_forms_of_the_language(language: str) -> None:
    assert i18n.wrong_plurals(i18n.read(language), language) == []


@EVERY_LANGUAGE
def test_every_translation_has_the_placeholders_of_its_source(language: str) -> None:
    assert i18n.other_placeholders(i18n.read(language)) == []


@EVERY_LANGUAGE
def test_every_translation_begins_and_ends_as_its_source(language: str) -> None:
    assert i18n.other_edges(i18n.read(language)) == []


@EVERY_LANGUAGE
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message in i18n.read(language) if message.fuzzy] == []


@EVERY_LANGUAGE
def test_the_catalogue_is_written_as_the_command_writes_it(language: str) -> None:
    fresh = i18n.merged(i18n.read(language), i18n.extracted(), language)
    assert i18n.po(language).read_bytes() == i18n.po_bytes(fresh)


@EVERY_LANGUAGE
def test_the_compiled_catalogue_is_what_the_catalogue_compiles_to(language: str) -> None:
    assert i18n.mo(language).read_bytes() == i18n.mo_bytes(i18n.read(language), language)


def test_what_is_marked_for_translation_is_plain_text() -> None:
    assert list(i18n.not_plain()) == []


@pytest.mark.parametrize(
    ("source", "fine"),
    [
        ('_("Plain text")', True),
        ('_("Two " "halves")', True),
        ('_("Filled {in}").format(x=1)', True),
        ("_(check.title)", True),
        ('_(TEXTS["name"])', True),
        ('N_("Plain text")', True),
        ('_(f"With {value}")', False),
        ('_("One " + "sum")', False),
        ('_("Old %s" % value)', False),
        ('_("Too {early}".format(early=1))', False),
        ('_("")', False),
        ("N_(name)", False),
        ('ngettext("{count} page", "{count} pages", count)', True),
        ('ngettext("{count} page", "{count} pages")', False),
        ('ngettext(f"{x} page", "{count} pages", count)', False),
        ("ngettext(one, many, count)", False),
        ('N_(f"With {value}")', False),
    ],
)
def test_only_plain_text_can_be_extracted(tmp_path: Path, source: str, fine: bool) -> None:
    assert (list(i18n.not_plain(_source(tmp_path, source))) == []) is fine


def test_new_texts_enter_untranslated_and_gone_ones_leave(tmp_path: Path) -> None:
    old = i18n.merged(Catalog(), i18n.extracted(_source(tmp_path, '_("Stays")\n_("Goes")\n')), "es")
    old["Stays"].string = "Fica"
    old["Goes"].string = "Vai"
    (tmp_path / "package" / "module.py").write_text('N_("Comes")\n_("Stays")\n', "utf-8")
    fresh = i18n.merged(old, i18n.extracted(tmp_path / "package"), "es")
    assert {str(m.id): m.string or "" for m in fresh if m.id} == {"Comes": "", "Stays": "Fica"}


def test_a_similar_text_is_never_guessed(tmp_path: Path) -> None:
    old = i18n.merged(Catalog(), i18n.extracted(_source(tmp_path, '_("The file is there.")\n')), "es")
    old["The file is there."].string = "O arquivo está lá."
    (tmp_path / "package" / "module.py").write_text('_("The file is here.")\n', "utf-8")
    assert i18n.untranslated(i18n.merged(old, i18n.extracted(tmp_path / "package"), "es")) == ["The file is here."]


@pytest.mark.parametrize(
    ("source", "translation", "fine"),
    [
        ("{count} pages", "{count} páginas", True),
        ("{name} of {count}", "{count}, {name}", True),
        ("{count} pages", "{conta} páginas", False),
        ("{count} pages", "páginas", False),
        ("{seconds:g} s", "{seconds} s", False),
        ("{count} pages", "{count páginas", False),
        ("pages", "{count} páginas", False),
    ],
)
def test_a_translation_must_have_the_same_placeholders(source: str, translation: str, fine: bool) -> None:
    catalogue = Catalog()
    catalogue.add(source, translation)
    assert (i18n.other_placeholders(catalogue) == []) is fine


@pytest.mark.parametrize(
    ("forms", "plurals", "placeholders"),
    [
        (("{count} página", "{count} páginas"), True, True),
        (("una página", "{count} páginas"), True, False),
        (("{count} página",), False, True),
        (("{count} página", "{count} páginas", "{count} de páginas"), False, True),
        (("{count} página", "{conta} páginas"), True, False),
        (("página", "páginas"), True, False),
    ],
)
def test_a_plural_has_as_many_forms_as_its_language(forms: tuple[str, ...], plurals: bool, placeholders: bool) -> None:
    catalogue = i18n.merged(Catalog(), Catalog(), "es")
    catalogue.add(("{count} page", "{count} pages"), forms)
    assert (i18n.wrong_plurals(catalogue, "es") == []) is plurals
    assert (i18n.other_placeholders(catalogue) == []) is placeholders


@pytest.mark.parametrize(
    ("source", "translation", "fine"),
    [
        ("Open...", "Abrir...", True),
        ("Open...", "Abrir", False),
        ("Open:", "Abrir:", True),
        ("Open:", "Abrir", False),
        ("  Open", "  Abrir", True),
        ("  Open", "Abrir", False),
        ("Open", "Abrir\n", False),
    ],
)
def test_a_translation_begins_and_ends_as_its_source(source: str, translation: str, fine: bool) -> None:
    catalogue = Catalog()
    catalogue.add(source, translation)
    assert (i18n.other_edges(catalogue) == []) is fine


def test_a_text_is_not_put_together_from_halves(tmp_path: Path) -> None:
    assert i18n.glued() == []
    source = 'a = _("One ") + name\nb = "x" + _("{n}").format(n=1)\nc = name + "y"\nd += " " + _("Two.")\n'
    assert i18n.glued(_source(tmp_path, source)) == ["package/module.py:1", "package/module.py:2"]


def test_a_moved_line_changes_nothing_on_disk(tmp_path: Path) -> None:
    package = _source(tmp_path, '_("B")\n_("A")\n')
    before = i18n.po_bytes(i18n.merged(Catalog(), i18n.extracted(package), "es"))
    (package / "module.py").write_text('\n\n\n_("A")\n\n_("B")\n', "utf-8")
    after = i18n.po_bytes(i18n.merged(Catalog(), i18n.extracted(package), "es"))
    assert before == after
    assert b"#: package/module.py\nmsgid" in after
    assert not [word for word in (b"Date", b"Translator", b"Generated", b"YEAR") if word in after]


def test_the_program_speaks_the_compiled_language(tmp_path: Path) -> None:
    catalogue = i18n.merged(Catalog(), i18n.extracted(_source(tmp_path, '_("Database")\n_("Company")\n')), "pt_BR")
    catalogue["Database"].string = "Banco de dados"
    (tmp_path / "compiled.mo").write_bytes(i18n.mo_bytes(catalogue, "pt_BR"))
    with (tmp_path / "compiled.mo").open("rb") as file:
        found = gettext.GNUTranslations(file)
    assert found.gettext("Database") == "Banco de dados"
    assert found.gettext("Company") == "Company", "without a translation the source is shown"


@pytest.mark.parametrize(
    ("argument", "variable", "language"),
    [(None, "", "pt_BR"), (None, "en", "en"), ("en", "pt_BR", "en"), (None, "xx", "pt_BR"), ("pt_BR", "en", "pt_BR")],
)
def test_the_language_is_the_one_asked_for_else_portuguese(argument: str | None, variable: str, language: str) -> None:
    # In a process of its own: the language is a setting of the whole process.
    code = f"from wizard import i18n; print(i18n.use({argument!r}))"
    env = {**os.environ, "APS_LANG": variable, "LANG": "en_US.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=i18n.ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.strip() == language
    assert language in chosen.LANGUAGES


def test_every_text_of_the_code_is_found_by_the_extraction(tmp_path: Path) -> None:
    assert i18n.unseen() == []
    package = tmp_path / "wizard"
    package.mkdir()
    (package / "a.py").write_text("print(f\"{_('hidden in an f-string')}\")\n", "utf-8")
    # From 3.12 on the tokenizer looks into f-strings, and so does the extraction.
    assert i18n.unseen(package) == (["wizard/a.py:1"] if sys.version_info < (3, 12) else [])
