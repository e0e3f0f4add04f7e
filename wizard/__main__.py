"""`python -m wizard` and the command `aps-wizard`."""

from __future__ import annotations

import importlib
import os
import sys


def main() -> None:
    """Start the command line. `--version` answers before anything is imported: support asks it first."""
    if sys.argv[1:] == ["--version"]:
        from wizard import __version__

        sys.stdout.write(f"aps-wizard {__version__}\n")
        return
    _take_language(sys.argv[1:])
    # Without a word the window is meant: it is on the screen before the rest is loaded. Where it cannot start, the
    # command line says why.
    asked_by_shell = "_APS_WIZARD_COMPLETE" in os.environ
    first = None if sys.argv[1:] or asked_by_shell else _first_page()
    from wizard.cli import run

    code = run()
    del first
    sys.exit(code)


def _first_page() -> object:
    try:
        return importlib.import_module("wizard.gui.first_page").show()
    except ImportError:
        return None


def _take_language(words: list[str]) -> None:
    """`--lang es` before the command: help is translated as it is imported. Whether there is one, `cli` judges."""
    for number, word in enumerate(words):
        if not word.startswith("-"):
            return
        name, sign, value = word.partition("=")
        if name == "--lang":
            os.environ["APS_LANG"] = value if sign else "".join(words[number + 1 : number + 2])
            return


if __name__ == "__main__":
    main()
