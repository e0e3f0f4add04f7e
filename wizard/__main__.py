"""`python -m wizard` and the command `aps-wizard`."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence


def main() -> None:
    """Start the command line. `--version` answers before anything is imported: support asks it first."""
    unseen = fill_streams()
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
    if code and unseen is not None and _somebody_looks(sys.argv[1:]):
        _show(unseen.getvalue())
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


def fill_streams() -> io.StringIO | None:
    """Streams for a program without a console, as Windows starts it from an icon or a task: commands use them as ever.

    Gives the one that keeps what is said on standard error; None where there is a standard error.
    """
    unseen = None
    if sys.stdin is None:
        # Not the null device: Windows calls that a terminal, and a password would be waited for.
        sys.stdin = io.StringIO()
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for as long as we run
    if sys.stderr is None:
        sys.stderr = unseen = io.StringIO()
    return unseen


def _somebody_looks(words: Sequence[str]) -> bool:
    """Whether a window was asked for: only then a person sits there. A message would keep a task waiting forever."""
    return "--gui" in words or not words or words[0].partition("=")[0] in ("--profile", "--page")


def _show(text: str) -> None:
    if sys.platform == "win32":
        import ctypes

        error_icon = 0x10
        ctypes.windll.user32.MessageBoxW(None, text, "aps-wizard", error_icon)


if __name__ == "__main__":
    main()
