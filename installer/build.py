"""Build the Windows installer on Debian: `python3 run.py installer [options]`. README.md here tells the whole story."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from installer import launchers, msi, nsis, portable, records, sign, sources, stage
from installer.contents import PROGRAM
from installer.sources import ROOT, BuildError
from wizard import __version__


@dataclass(frozen=True)
class Built:
    """What a build leaves: the installer, the zip of the same files, the folder that both hold; an MSI where asked."""

    installer: Path
    portable: Path
    stage: Path
    manifest: Path
    msi: Path | None = None


def source_date() -> int:
    """The time that stands for this source: SOURCE_DATE_EPOCH, else that of the last commit. Seconds."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], capture_output=True, check=False, cwd=ROOT)
    if asked.returncode:
        raise BuildError("Set SOURCE_DATE_EPOCH: this folder is no git checkout whose last commit says a time.")
    return int(asked.stdout)


def fill(folder: Path, work: Path, cache: Path, python: sources.Python, epoch: int) -> tuple[str, ...]:
    """Make the folder that is installed. Gives the paths of its files."""
    made = stage.Stage(folder, epoch)
    stage.add_python(made, python)
    for _pin, wheel in sorted(sources.wheels(cache).items(), key=lambda item: item[0].name):
        stage.add_wheel(made, wheel, "wheel")
    own = stage.add_wheel(made, sources.own_wheel(work / "wheel", epoch), "this source")
    icon = launchers.icon(work / "aps-wizard.ico")
    files = {one.name: launchers.build(one, icon, __version__, work / one.name, epoch) for one in launchers.LAUNCHERS}
    files["runtime/on_machine.py"] = (Path(__file__).parent / "on_machine.py").read_bytes()
    stage.add_own_files(made, own, files)
    if sign.wanted():
        for one in launchers.LAUNCHERS:
            sign.sign(folder / one.name)
            made.own(one.name, own)
    stage.add_bytecode(made)
    records.add_licences(made, own)
    components = {*made.owners.values(), *made.licences}
    made.write(records.SBOM, records.bill_of_materials(components, own, epoch), own)
    made.write(records.MANIFEST, records.manifest(made.files(), __version__, epoch), own)
    return tuple(file.path for file in made.files())


def build(out: Path, cache: Path, python: sources.Python, *, quick: bool = False, with_msi: bool = False) -> Built:
    """Build everything into `out`. Raises BuildError."""
    epoch = source_date()
    work, folder = out / "work", out / "stage"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    paths = fill(folder, work, cache, python, epoch)
    target = out / f"{PROGRAM}-{__version__}-setup.exe"
    command = shlex.join([sys.executable, str(Path(sign.__file__).resolve())]) + ' "%1"' if sign.wanted() else ""
    job = nsis.Job(target, folder, paths, work / "aps-wizard.ico", __version__, epoch, quick, command)
    nsis.compile_installer(job, work)
    if sign.wanted():
        sign.sign(target)
    zipped = out / f"{PROGRAM}-{__version__}-portable.zip"
    portable.pack(folder, paths, zipped, epoch, quick=quick)
    packed = add_msi(out, folder, paths, epoch) if with_msi else None
    for name in (records.MANIFEST, records.SBOM):
        shutil.copyfile(folder / name, out / name)
    results = sorted((target, zipped, out / records.MANIFEST, out / records.SBOM, *([packed] if packed else ())))
    lines = [f"{sources.sha256(file.read_bytes())}  {file.name}\n" for file in results]
    (out / "SHA256SUMS").write_text("".join(lines), encoding="ascii")
    return Built(target, zipped, folder, out / records.MANIFEST, packed)


def add_msi(out: Path, folder: Path, paths: tuple[str, ...], epoch: int) -> Path:
    """Make an MSI of the same files, beside the installer. Raises BuildError."""
    target = out / f"{PROGRAM}-{__version__}.msi"
    known = sources.sha256((folder / records.MANIFEST).read_bytes())
    msi.compile_msi(msi.Job(target, folder, paths, __version__, known, epoch), out / "work")
    if sign.wanted():
        sign.sign(target)
    return target


def main() -> int:
    """The command line. Exit code 0: built; 1: not built, and standard error says why."""
    parser = argparse.ArgumentParser(prog="run.py installer", description="Build the Windows installer.")
    parser.add_argument("--runtime", type=Path, help="embeddable zip of CPython for Windows; default: the one of tests")
    parser.add_argument("--runtime-sha256", help="the pinned hash of --runtime")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "installer", help="where to build")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "installer" / "cache", help="downloads")
    parser.add_argument("--quick", action="store_true", help="weaker, faster compression: for trials")
    parser.add_argument("--msi", action="store_true", help="an MSI too, by wixl; not tried on a real Windows")
    parser.add_argument("--pins", action="store_true", help="only compile requirements/windows.txt anew (needs uv)")
    options = parser.parse_args()
    started = time.monotonic()
    try:
        if options.pins:
            sources.compile_pins("uv")
            return 0
        options.cache.mkdir(parents=True, exist_ok=True)
        python = sources.python_for_windows(options.cache.resolve(), options.runtime, options.runtime_sha256)
        built = build(options.out.resolve(), options.cache.resolve(), python, quick=options.quick, with_msi=options.msi)
    except (BuildError, OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"installer: {error}\n")
        return 1
    size = built.installer.stat().st_size / 1e6
    sys.stdout.write(
        f"{built.installer}: {size:.1f} MB, CPython {python.version}, {time.monotonic() - started:.0f} s\n"
    )
    if not sign.wanted():
        sys.stdout.write("Not signed: APS_SIGN_PFX names no certificate.\n")
    if options.runtime is None:
        sys.stdout.write("For tests: this CPython was packed by a third party. Ship with --runtime.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
