"""`python -m wizard` and the command `aps-wizard`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Start the command line. `--version` answers before anything is imported: support asks it first."""
    if sys.argv[1:] == ["--version"]:
        from wizard import __version__

        sys.stdout.write(f"aps-wizard {__version__}\n")
        return
    _take_language(sys.argv[1:])
    from wizard.cli import run

    sys.exit(run())


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
