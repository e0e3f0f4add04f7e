"""The translations: `python3 run.py i18n` reads the texts out of the code, updates the catalogue and compiles it.

What is on disk depends on code and translations alone: no dates, names or line numbers, texts in
order, nothing guessed. The same functions tell tests/test_i18n.py what is missing.
"""

from __future__ import annotations

import ast
import io
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "wizard"
LANGUAGE = "pt_BR"
FOLDER = ROOT / "resources" / "locale" / LANGUAGE / "LC_MESSAGES"
PO = FOLDER / "aps-wizard.po"
MO = FOLDER / "aps-wizard.mo"
KEYWORDS = {"_": None, "N_": None}


class _Catalog(Catalog):
    """A catalogue whose header says the same on every day and for everybody."""

    def __init__(self) -> None:
        comment = "# Portuguese (Brazil) texts of aps-wizard, added and removed by `python3 run.py i18n`."
        super().__init__(locale=LANGUAGE, domain="aps-wizard", header_comment=comment, fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Only what gettext needs."""
        return [
            ("Language", LANGUAGE),
            ("Plural-Forms", "nplurals=2; plural=(n > 1);"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def extracted(package: Path = PACKAGE) -> Catalog:
    """The texts of the code: what stands in `_(...)` and `N_(...)`, with the files that they come from."""
    catalogue = Catalog()
    found = extract_from_dir(package, [("**.py", "python")], keywords=KEYWORDS)
    for file, _line, message, _comments, context in sorted(found, key=lambda item: (str(item[0]), item[1])):
        place = (f"{package.name}/{Path(file).as_posix()}", 0)
        catalogue.add(message, locations=[place], context=context)
    return catalogue


def read(po: Path = PO) -> Catalog:
    """The catalogue on disk; an empty one when there is none yet."""
    if not po.exists():
        return _Catalog()
    with po.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain="aps-wizard")


def merged(old: Catalog, texts: Catalog) -> Catalog:
    """The texts of the code with the translations that the old catalogue has for exactly these texts."""
    fresh = _Catalog()
    for message in texts:
        if message.id:
            known = old.get(message.id, context=message.context)
            fresh.add(
                message.id,
                known.string if known and not known.fuzzy else None,
                locations=message.locations,
                user_comments=known.user_comments if known else (),
                context=message.context,
            )
    return fresh


def po_bytes(catalogue: Catalog) -> bytes:
    """The .po file: sorted by text, with files and without lines."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, include_lineno=False)
    return buffer.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The .mo file of the translated texts."""
    buffer = io.BytesIO()
    plain = _Catalog()
    for message in catalogue:
        if message.id and message.string:
            plain.add(message.id, message.string, context=message.context)
    write_mo(buffer, plain)
    return buffer.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts without a translation."""
    return [str(message.id) for message in catalogue if message.id and not message.string]


def other_placeholders(catalogue: Catalog) -> list[str]:
    """The texts whose translation has other {placeholders}, or braces that `str.format` cannot read."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and message.string and _placeholders(str(message.id)) != _placeholders(str(message.string))
    ]


def _placeholders(text: str) -> list[str] | None:
    try:
        return sorted({f"{name}:{form}" for _text, name, form, _conversion in string.Formatter().parse(text) if name})
    except ValueError:
        return None


def not_plain(package: Path = PACKAGE) -> Iterator[str]:
    """Places where `_` or `N_` gets text that no extraction can read: an f-string, a sum, a formatted text.

    A bare name or an attribute is the translation of a text that N_ marks elsewhere.
    """
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS):
                continue
            shown = ast.Name, ast.Attribute, ast.Subscript, ast.Call
            plain = len(node.args) == 1 and not node.keywords and _is_plain(node, shown)
            if not plain:
                yield f"{path.relative_to(package.parent).as_posix()}:{node.lineno}"


def unseen(package: Path = PACKAGE) -> list[str]:
    """Texts that stand in the code and that the extraction does not find, as inside an f-string."""
    found = extracted(package)
    return [
        f"{path.relative_to(package.parent).as_posix()}:{node.lineno}"
        for path in sorted(package.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in KEYWORDS
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value not in found
    ]


def _is_plain(call: ast.Call, shown: tuple[type[ast.expr], ...]) -> bool:
    argument = call.args[0]
    if isinstance(argument, ast.Constant):
        return isinstance(argument.value, str) and bool(argument.value)
    if not isinstance(call.func, ast.Name) or call.func.id != "_" or not isinstance(argument, shown):
        return False
    # `_("..." .format(...))` translates what was already filled in.
    return not (isinstance(argument, ast.Call) and ast.unparse(argument.func).endswith(".format"))


def main() -> int:
    """Update and compile the catalogue, and tell what is still to be translated."""
    for place in (wrong := list(not_plain())):
        print(f"not a plain text: {place}", file=sys.stderr)
    catalogue = merged(read(), extracted())
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(catalogue))
    # Compiled from what was written, so that both files say the same.
    MO.write_bytes(mo_bytes(read()))
    missing = untranslated(catalogue)
    print(f"{PO.relative_to(ROOT).as_posix()}: {len(list(catalogue)) - 1} texts, {len(missing)} not translated")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
