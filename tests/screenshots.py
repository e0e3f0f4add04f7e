"""`run.py screenshots [--out FOLDER] [--only NAME ...]`: every page and scene in every language, theme and scale.

From one demo site; each combination in a process of its own, because Qt takes the scale at its start. A contact sheet
(`index.html`) shows them side by side.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from html import escape
from pathlib import Path

from wizard.demo import walk
from wizard.demo.site import open_site
from wizard.i18n import LANGUAGES

THEMES = ("light", "dark")
SCALES = {"1": "1024x768", "1.5": "683x512", "2": "960x540"}
"""A scale, and the window in logical pixels: 1024x768 over a remote desktop, and a screen of 1920x1080."""


def main() -> int:
    """Take them all. Exit code 1 when a combination failed."""
    parser = argparse.ArgumentParser(description="Pictures of everything.")
    parser.add_argument("--out", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", nargs="*", metavar="NAME", help="language-theme-percent, such as pt_BR-light-100")
    options = parser.parse_args()
    out = options.out.resolve()
    wanted = {
        f"{language}-{theme}-{float(scale) * 100:.0f}": (language, theme, scale)
        for language in LANGUAGES
        for theme in THEMES
        for scale in SCALES
    }
    if options.only:
        wanted = {name: wanted[name] for name in options.only}
    failed = []
    with open_site(out / "site") as site:
        for old in (out / "site" / "profiles").glob("*"):
            old.unlink()
        final, _report = walk.walk(site, out / "site" / "profiles")
        for name, (language, theme, scale) in wanted.items():
            folder = out / name
            command = [sys.executable, "-m", "wizard.gui.pictures", "--profile", str(final.file), "--out", str(folder)]
            command += ["--scale", scale, "--size", SCALES[scale], "--theme", theme, "--scenes"]
            done = subprocess.run(command, env={**os.environ, "APS_LANG": language}, check=False, timeout=600)
            print(f"{folder.name}: {len(list(folder.glob('*.png')))} pictures", flush=True)
            if done.returncode:
                failed.append(folder.name)
    (out / "index.html").write_text(sheet(out), "utf-8")
    print(out / "index.html")
    return 1 if failed else 0


def sheet(out: Path) -> str:
    """The contact sheet: one row for each page, one column for each combination."""
    folders = sorted(folder for folder in out.iterdir() if any(folder.glob("[0-9]*.png")))
    names = sorted({file.name for folder in folders for file in folder.glob("[0-9]*.png")})
    head = "".join(f"<th>{escape(folder.name)}</th>" for folder in folders)
    rows = "".join(
        f"<tr><th>{escape(name.removesuffix('.png'))}</th>"
        + "".join(
            f'<td><a href="{folder.name}/{name}"><img loading="lazy" width="320" src="{folder.name}/{name}"></a></td>'
            for folder in folders
        )
        + "</tr>"
        for name in names
    )
    return (
        f'<!doctype html><meta charset="utf-8"><title>aps-wizard</title><table><tr><th></th>{head}</tr>{rows}</table>'
    )


if __name__ == "__main__":
    sys.exit(main())
