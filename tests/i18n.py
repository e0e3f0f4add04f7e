"""The translations: `python3 run.py i18n` reads the texts out of the code, updates every catalogue and compiles it.

What is on disk depends on code and translations alone: no dates, names or line numbers, texts in
order, nothing guessed. The same functions tell tests/test_i18n.py what is missing.
`python3 run.py i18n --fill FILE` takes translations from JSON: {language: {English: translation}}, for a
text with a plural {language: {singular: [forms]}}.
"""

from __future__ import annotations

import ast
import io
import json
import string
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from wizard.i18n import LANGUAGES as ALL
from wizard.i18n import SOURCE

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "wizard"
LANGUAGES = tuple(language for language in ALL if language != SOURCE)
"""Those that need a catalogue."""
LOCALES = ROOT / "resources" / "locale"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}
_PLURALS = {"pt_BR": "nplurals=2; plural=(n > 1);", "es": "nplurals=2; plural=(n != 1);"}
_TITLES = {"pt_BR": "Portuguese (Brazil)", "es": "Spanish"}


class _Catalog(Catalog):
    """A catalogue whose header says the same on every day and for everybody."""

    def __init__(self, language: str) -> None:
        comment = f"# {_TITLES[language]} texts of aps-wizard, added and removed by `python3 run.py i18n`."
        super().__init__(locale=language, domain="aps-wizard", header_comment=comment, fuzzy=False)
        self.language = language

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Only what gettext needs."""
        return [
            ("Language", self.language),
            ("Plural-Forms", _PLURALS[self.language]),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def po(language: str) -> Path:
    """The catalogue of a language, as people edit it."""
    return LOCALES / language / "LC_MESSAGES" / "aps-wizard.po"


def mo(language: str) -> Path:
    """The catalogue of a language, as the program reads it."""
    return po(language).with_suffix(".mo")


def extracted(package: Path = PACKAGE) -> Catalog:
    """The texts of the code: what stands in `_(...)`, `N_(...)` and `ngettext(...)`, with the files they come from."""
    catalogue = Catalog()
    found = extract_from_dir(package, [("**.py", "python")], keywords=KEYWORDS)
    for file, _line, message, _comments, context in sorted(found, key=lambda item: (str(item[0]), item[1])):
        place = (f"{package.name}/{Path(file).as_posix()}", 0)
        catalogue.add(message, locations=[place], context=context)
    return catalogue


def read(language: str) -> Catalog:
    """The catalogue on disk; an empty one when there is none yet."""
    if not po(language).exists():
        return _Catalog(language)
    with po(language).open("rb") as file:
        return read_po(file, locale=language, domain="aps-wizard")


def merged(old: Catalog, texts: Catalog, language: str) -> Catalog:
    """The texts of the code with the translations that the old catalogue has for exactly these texts."""
    fresh = _Catalog(language)
    for message in texts:
        if message.id:
            known = old.get(message.id, context=message.context)
            same = known is not None and known.pluralizable == message.pluralizable and known.id == message.id
            fresh.add(
                message.id,
                known.string if known and same and not known.fuzzy else None,
                locations=message.locations,
                user_comments=known.user_comments if known else (),
                context=message.context,
            )
    return fresh


def fill(catalogue: Catalog, translations: dict[str, str | list[str]]) -> list[str]:
    """Put translations into a catalogue; gives the texts that the program does not have."""
    unknown = []
    for text, translation in translations.items():
        message = catalogue.get(text)
        if message is None:
            unknown.append(text)
        else:
            message.string = tuple(translation) if isinstance(translation, list) else translation
    return unknown


def po_bytes(catalogue: Catalog) -> bytes:
    """The .po file: sorted by text, with files and without lines."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, include_lineno=False)
    return buffer.getvalue()


def mo_bytes(catalogue: Catalog, language: str) -> bytes:
    """The .mo file of the translated texts."""
    buffer = io.BytesIO()
    plain = _Catalog(language)
    for message in catalogue:
        if message.id and _translated(message):
            plain.add(message.id, message.string, context=message.context)
    write_mo(buffer, plain)
    return buffer.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts without a translation, or with one of their plural forms missing."""
    return [_named(message) for message in catalogue if message.id and not _translated(message)]


def wrong_plurals(catalogue: Catalog, language: str) -> list[str]:
    """The texts that have a plural where their translation has none or another number of forms, or the reverse."""
    forms = int(_PLURALS[language].split("nplurals=")[1].split(";")[0])
    return [
        _named(message)
        for message in catalogue
        if message.id and _translated(message) and len(_texts(message.string)) != (forms if message.pluralizable else 1)
    ]


def other_placeholders(catalogue: Catalog) -> list[str]:
    """The texts whose translation has other {placeholders}, or braces that `str.format` cannot read.

    Of a text with a plural, each form has those of the plural; the form for one may leave the number out.
    """
    return _differing(catalogue, _same_placeholders)


def other_edges(catalogue: Catalog) -> list[str]:
    """The texts whose translation begins or ends otherwise: blanks, line ends, "..." or a colon."""
    return _differing(catalogue, lambda ids, strings: len({_edges(text) for text in (*ids, *strings)}) == 1)


def _differing(catalogue: Catalog, alike: Callable[[list[str], list[str]], bool]) -> list[str]:
    return [
        _named(message)
        for message in catalogue
        if message.id and _translated(message) and not alike(_texts(message.id), _texts(message.string))
    ]


def _texts(text: str | Iterable[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _named(message: Message) -> str:
    return _texts(message.id)[0]


def _translated(message: Message) -> bool:
    texts = _texts(message.string)
    return bool(texts) and all(texts)


def _same_placeholders(ids: list[str], strings: list[str]) -> bool:
    wanted = placeholders(ids[-1])
    if wanted is None or len(ids) == 1:
        return all(placeholders(text) == wanted for text in strings)
    fewer = [placeholders(ids[0]), wanted]
    return placeholders(strings[-1]) == wanted and all(placeholders(text) in fewer for text in strings)


def texts_of(message: Message) -> list[str]:
    """The text of the code, or its two forms."""
    return _texts(message.id)


def placeholders(text: str) -> list[str] | None:
    """Name and form of each placeholder; None where `str.format` cannot read the text."""
    try:
        return sorted({f"{name}:{form}" for _text, name, form, _conversion in string.Formatter().parse(text) if name})
    except ValueError:
        return None


def _edges(text: str) -> tuple[str, str, bool, bool]:
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return before, after, text.rstrip().endswith("..."), text.rstrip().endswith(":")


def not_plain(package: Path = PACKAGE) -> Iterator[str]:
    """Places where a text function gets text that no extraction can read: an f-string, a sum, a formatted text.

    A bare name or an attribute is the translation of a text that N_ marks elsewhere.
    """
    for place, call in _calls(package):
        texts = call.args[:2] if _function(call) == "ngettext" else call.args
        count = 3 if _function(call) == "ngettext" else 1
        if len(call.args) != count or call.keywords or not all(_is_plain(call, text) for text in texts):
            yield place


def unseen(package: Path = PACKAGE) -> list[str]:
    """Texts that stand in the code and that the extraction does not find, as inside an f-string."""
    found = extracted(package)
    return [
        place
        for place, call in _calls(package)
        if call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value not in found
    ]


def glued(package: Path = PACKAGE) -> list[str]:
    """Places where a translated text is made longer by `+`: word order is another one in another language.

    Whole sentences may follow each other, with a blank or the end of a line between them.
    """
    return [
        f"{path.relative_to(package.parent).as_posix()}:{node.lineno}"
        for path in sorted(package.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
        for one, other in ((node.left, node.right), (node.right, node.left))
        if _shown(one) and not (isinstance(other, ast.Constant) and str(other.value).isspace())
    ]


def _shown(node: ast.expr) -> bool:
    """Whether this is a translated text, filled in or not."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        node = node.func.value
    return isinstance(node, ast.Call) and _function(node) in ("_", "ngettext")


def _calls(package: Path) -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _function(node) in KEYWORDS:
                yield f"{path.relative_to(package.parent).as_posix()}:{node.lineno}", node


def _function(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_plain(call: ast.Call, argument: ast.expr) -> bool:
    if isinstance(argument, ast.Constant):
        return isinstance(argument.value, str) and bool(argument.value)
    if _function(call) != "_" or not isinstance(argument, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        return False
    # `_("..." .format(...))` translates what was already filled in.
    return not (isinstance(argument, ast.Call) and ast.unparse(argument.func).endswith(".format"))


def main(words: list[str]) -> int:
    """Update and compile the catalogues, and tell what is still to be translated."""
    for place in (wrong := [*not_plain(), *glued()]):
        print(f"not a plain text: {place}", file=sys.stderr)
    given = {}
    if words[:1] == ["--fill"]:
        given = json.loads(sys.stdin.read() if words[1:] in ([], ["-"]) else Path(words[1]).read_text("utf-8"))
    texts = extracted()
    for language in LANGUAGES:
        catalogue = merged(read(language), texts, language)
        for text in fill(catalogue, given.get(language, {})):
            print(f"{language}: no such text: {text}", file=sys.stderr)
        po(language).parent.mkdir(parents=True, exist_ok=True)
        po(language).write_bytes(po_bytes(catalogue))
        # Compiled from what was written, so that both files say the same.
        mo(language).write_bytes(mo_bytes(read(language), language))
        missing = untranslated(catalogue)
        place = po(language).relative_to(ROOT).as_posix()
        print(f"{place}: {len(list(catalogue)) - 1} texts, {len(missing)} not translated")
        for text in missing:
            print(f"  {language}: {text!r}")
        odd = {*wrong_plurals(catalogue, language), *other_placeholders(catalogue), *other_edges(catalogue)}
        for text in sorted(odd):
            print(f"  {language}, plural forms, placeholders or edges: {text!r}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
