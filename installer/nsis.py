"""The installer itself: lists of files for `installer.nsi`, and the compiler of NSIS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from installer.sources import run

SCRIPT = Path(__file__).resolve().parent / "installer.nsi"
SPARE_MB = 50
"""Free space that has to be left over after the installation."""


def lists(paths: Iterable[str], stage: Path) -> tuple[str, str]:
    """The instructions that install exactly these files, and the ones that remove exactly these and empty folders."""
    ordered = sorted(paths)
    install: list[str] = []
    here = None
    for path in ordered:
        folder = str(PurePosixPath(path).parent)
        if folder != here:
            here = folder
            install.append(f'SetOutPath "{_place(folder)}"')
        install.append(f'File "{_escaped(str(stage / path))}"')
    remove = [f'Delete "{_place(path)}"' for path in ordered]
    folders = {str(parent) for path in ordered for parent in PurePosixPath(path).parents} - {"."}
    # The deepest first; RMDir without /r leaves a folder alone that holds anything else.
    remove += [f'RMDir "{_place(folder)}"' for folder in sorted(folders, key=lambda name: (-name.count("/"), name))]
    return "\n".join(install) + "\n", "\n".join(remove) + "\n"


def _place(path: str) -> str:
    return "$INSTDIR" if path == "." else "$INSTDIR\\" + _escaped(path).replace("/", "\\")


def _escaped(text: str) -> str:
    return text.replace("$", "$$")


@dataclass(frozen=True)
class Job:
    """One installer to be made."""

    target: Path
    stage: Path
    paths: tuple[str, ...]
    icon: Path
    version: str
    epoch: int
    quick: bool
    """Compress by zlib, in a third of the time."""
    sign: str
    """The command that signs uninstall.exe, which NSIS makes itself; empty: it stays unsigned."""


def compile_installer(job: Job, work: Path) -> None:
    """Write the lists into `work` and compile the installer. Raises BuildError."""
    install, remove = lists(job.paths, job.stage)
    (work / "install.nsh").write_text(install, encoding="utf-8")
    (work / "remove.nsh").write_text(remove, encoding="utf-8")
    need = sum((job.stage / path).stat().st_size for path in job.paths)
    defines = {
        "VERSION": job.version,
        "NUMBERS": ".".join([*job.version.split(".")[:3], "0"]),
        "OUT": str(job.target),
        "LISTS": str(work),
        "ICON": str(job.icon),
        "SIDE": str(job.icon.with_suffix(".bmp")),
        "NEED_KB": str(need // 1024),
        "NEED_MB": str(need // 1024**2 + SPARE_MB),
        "COMPRESSION": "zlib" if job.quick else "lzma",
    }
    if job.sign:
        defines["SIGN"] = job.sign
    # The time stamp of the program comes from SOURCE_DATE_EPOCH, those of the files from the stage.
    given = [f"-D{name}={value}" for name, value in defines.items()]
    run(["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *given, str(SCRIPT)], epoch=job.epoch)
