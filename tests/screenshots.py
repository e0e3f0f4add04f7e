"""`run.py screenshots [--out FOLDER] [--only NAME ...]`: every page and scene in every language, theme and scale.

`--resources` takes instead those that the help and the READMEs show, in the language of each, into resources/pictures.

From one demo site; each combination in a process of its own, because Qt takes the scale at its start. A contact sheet
(`index.html`) shows them side by side.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

from wizard.demo import walk
from wizard.demo.site import open_site
from wizard.i18n import LANGUAGES

THEMES = ("light", "dark")
SCALES = {"1": "1024x768", "1.5": "683x512", "2": "960x540"}
"""A scale, and the window in logical pixels: 1024x768 over a remote desktop, and a screen of 1920x1080."""


ROOT = Path(__file__).resolve().parents[1]
RESOURCES = ROOT / "resources"
READMES = ("README.md", "README.pt-BR.md")


def main() -> int:
    """Take them all, or those of the resources. Exit code 1 when a combination failed."""
    parser = argparse.ArgumentParser(description="Pictures of everything.")
    parser.add_argument("--out", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", nargs="*", metavar="NAME", help="language-theme-percent, such as pt_BR-light-100")
    parser.add_argument("--resources", action="store_true", help="the pictures of the help and of the READMEs")
    options = parser.parse_args()
    if options.resources:
        return resources()
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
    with demo(out / "site") as profile:
        for name, combination in wanted.items():
            folder = out / name
            failed += [folder.name] * (not take(profile, folder, combination))
            print(f"{folder.name}: {len(list(folder.glob('*.png')))} pictures", flush=True)
    (out / "index.html").write_text(sheet(out), "utf-8")
    print(out / "index.html")
    return 1 if failed else 0


@contextmanager
def demo(folder: Path) -> Iterator[Path]:
    """The profile of a demo site, which answers until the block ends."""
    with open_site(folder) as site:
        for old in (folder / "profiles").glob("*"):
            old.unlink()
        final, _report = walk.walk(site, folder / "profiles")
        assert final.file
        yield final.file


def take(profile: Path, out: Path, combination: tuple[str, str, str], only: tuple[str, ...] = ()) -> bool:
    """Take the pages and scenes, or those named, of a language, theme and scale. False when that failed."""
    language, theme, scale = combination
    command = [sys.executable, "-m", "wizard.gui.pictures", "--profile", str(profile), "--out", str(out)]
    command += ["--scale", scale, "--size", SCALES[scale], "--theme", theme, "--scenes"]
    command += ["--only", *only] if only else []
    done = subprocess.run(command, env={**os.environ, "APS_LANG": language}, check=False, timeout=600)
    return done.returncode == 0


def wanted_pictures(language: str) -> tuple[str, ...]:
    """The names of the pictures that the help of a language and the READMEs show in it."""
    pages = [page.read_text("utf-8") for page in (RESOURCES / "help" / language).glob("*.md")]
    named = {name for page in pages for name in re.findall(r"!\[\]\((.+?)\.png\)", page)}
    texts = [(ROOT / name).read_text("utf-8") for name in READMES]
    return tuple(sorted(named.union(*(re.findall(rf"pictures/{language}/(.+?)\.png", text) for text in texts))))


def resources() -> int:
    """Take the pictures of the help and of the READMEs anew; what none of them shows goes."""
    home = Path(tempfile.gettempdir())
    failed = False
    with tempfile.TemporaryDirectory() as scratch, demo(home / "aps-demo" / "site") as profile:
        for language in LANGUAGES:
            taken, kept = Path(scratch) / language, RESOURCES / "pictures" / language
            failed = not take(profile, taken, (language, "light", "1"), wanted_pictures(language)) or failed
            kept.mkdir(exist_ok=True)
            for old in kept.glob("*.png"):
                old.unlink()
            for file in sorted(taken.glob("*.png")):
                shutil.copy(file, kept / file.name.partition("-")[2])
            print(f"{language}: {len(list(kept.iterdir()))} pictures", flush=True)
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
