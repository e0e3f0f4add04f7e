"""`python -m wizard` and the command `aps-wizard`."""

from __future__ import annotations

import sys


def main() -> None:
    """Start the command line. `--version` answers before anything is imported: support asks it first."""
    if sys.argv[1:] == ["--version"]:
        from wizard import __version__

        sys.stdout.write(f"aps-wizard {__version__}\n")
        return
    from wizard.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
