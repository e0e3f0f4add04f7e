"""The same files as an MSI, for roll-out by group policy: `run.py installer --msi`. Not tried on a real Windows.

wixl of msitools makes it. It is for a machine as a whole and in English, and asks nothing; what the installer of NSIS
alone does is told in README.md here. The same files give the same codes of product and package.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import escape, quoteattr

from installer.contents import PROGRAM
from installer.sources import BuildError, run

TOOLS = ("wixl", "msiinfo", "msibuild")
APT_LINE = "apt-get install -y --no-install-recommends wixl msitools"
UPGRADE_CODE = "{6F0B9E0C-8A3B-5D0E-9A6C-3C6A0C8B7B51}"
"""Of all releases of this program; never to be changed, or the next release would not replace the one before."""

TITLE = "APS x Logix implementation wizard"
LEAST_BUILD = 17763

_NEWER = "A newer version is installed. Remove that first; profiles stay."
_SUMMARY = "_SummaryInformation"
_SPACE = uuid.UUID(UPGRADE_CODE)
_PYTHON, _ON_MACHINE = "runtime/python.exe", "runtime/on_machine.py"
_WINDOW, _CONSOLE = "aps-wizard.exe", "aps-wizard-cli.exe"

ENTRIES = (
    (TITLE, f"[INSTALLDIR]{_WINDOW}", ""),
    ("Demonstration", f"[INSTALLDIR]{_WINDOW}", "demo --gui"),
    ("Command line", "[SystemFolder]cmd.exe", f'/k ""[INSTALLDIR]{_CONSOLE}" --help"'),
)
"""The Start menu: title, what is started, its arguments."""

REGISTRY = (
    (r"Software\aps-wizard", "InstallDir", "string", "[INSTALLDIR]"),
    (r"Software\aps-wizard", "Version", "string", "[ProductVersion]"),
    (r"Software\Classes\aps-wizard.profile", "", "string", "Profile of the integration APS x Logix"),
    (r"Software\Classes\aps-wizard.profile\DefaultIcon", "", "string", f"[INSTALLDIR]{_WINDOW},0"),
    (r"Software\Classes\aps-wizard.profile\shell\open", "", "string", "Open in the wizard"),
    (r"Software\Classes\aps-wizard.profile\shell\open\command", "", "string",
     f'"[INSTALLDIR]{_WINDOW}" --profile "%1"'),
    (r"Software\Classes\.yaml\OpenWithProgids", "aps-wizard.profile", "string", ""),
    (r"SYSTEM\CurrentControlSet\Services\EventLog\Application\aps-engine", "EventMessageFile", "string",
     r"[WindowsFolder]System32\EventCreate.exe"),
    (r"SYSTEM\CurrentControlSet\Services\EventLog\Application\aps-engine", "TypesSupported", "integer", "7"),
)  # fmt: skip
"""Below HKEY_LOCAL_MACHINE: key, name, type, value."""


@dataclass(frozen=True)
class Job:
    """One MSI to be made: these files below `stage`, which a manifest of this hash lists."""

    target: Path
    stage: Path
    paths: tuple[str, ...]
    version: str
    manifest_sha256: str
    epoch: int


def compile_msi(job: Job, work: Path) -> None:
    """Write what wixl reads into `work` and make the MSI. Raises BuildError."""
    if not all(map(shutil.which, TOOLS)):
        raise BuildError(f"wixl or msitools is missing. On Debian, as root: {APT_LINE}")
    described = work / "aps-wizard.wxs"
    described.write_text(source(job, work), encoding="utf-8")
    # Windows keeps the time of each file, which wixl takes from the stage.
    for path in job.paths:
        os.utime(job.stage / path, (job.epoch, job.epoch))
    run(["wixl", "-a", "x64", "-o", str(job.target), str(described)], epoch=job.epoch)
    _say_when_and_what(job, work)


def _say_when_and_what(job: Job, work: Path) -> None:
    """Put the time of this source and the code of this package where wixl puts those of this moment."""
    moment = time.strftime("%Y/%m/%d %H:%M:%S", time.gmtime(job.epoch))
    ours = {"9": code_of(f"package {job.manifest_sha256}"), "12": moment, "13": moment}
    rows = [line.split("\t") for line in run(["msiinfo", "export", str(job.target), _SUMMARY]).splitlines()]
    changed = work / f"{_SUMMARY}.idt"
    lines = ["\t".join([number, ours.get(number, value)]) for number, value in rows]
    changed.write_text("\r\n".join(lines) + "\r\n", encoding="ascii", newline="")
    run(["msibuild", str(job.target), "-i", str(changed)])


def code_of(text: str) -> str:
    """The code that stands for a text in a database of the Windows Installer; the same text has the same code."""
    return f"{{{uuid.uuid5(_SPACE, text)}}}".upper()


def source(job: Job, place: Path) -> str:
    """The description of the MSI, in the XML of WiX 3 as far as wixl reads it, for a file in the folder `place`."""
    # wixl looks for files from there, and takes no other paths.
    stage = Path(os.path.relpath(job.stage, place))
    components = [_identity("c", path) for path in sorted(job.paths)]
    return "\n".join((
        '<?xml version="1.0" encoding="utf-8"?>',
        '<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">',
        _tag("Product", Id=code_of(f"product {job.manifest_sha256}"), Name=TITLE, Language="1033",
             Version=job.version, Manufacturer=PROGRAM, UpgradeCode=UPGRADE_CODE),
        _tag("Package", "/", InstallerVersion="500", Compressed="yes",
             InstallScope="perMachine", Description=TITLE, Manufacturer=PROGRAM, Languages="1033"),
        _tag("MajorUpgrade", "/", DowngradeErrorMessage=_NEWER),
        _tag("Media", "/", Id="1", Cabinet="files.cab", EmbedCab="yes"),
        *_conditions(),
        # Files are replaced whatever their versions are: the older release goes only after that was decided.
        _tag("Property", "/", Id="REINSTALLMODE", Value="amus"),
        _tag("Property", "/", Id="ARPNOMODIFY", Value="1"),
        _tag("Property", "/", Id="ENGINES", Secure="yes"),
        _tag("CustomAction", "/", Id="MakeFolders", FileKey=_identity("f", _PYTHON), Execute="deferred",
             Impersonate="no", Return="check",
             ExeCommand=rf'"[INSTALLDIR]{_windows(_ON_MACHINE)}" install --engines "[ENGINES]"'),
        "<InstallExecuteSequence>",
        # After the files; wixl puts an action "before" another anywhere before it.
        '<Custom Action="MakeFolders" Sequence="4100">NOT REMOVE</Custom>',
        "</InstallExecuteSequence>",
        '<Directory Id="TARGETDIR" Name="SourceDir">',
        '<Directory Id="ProgramFiles64Folder">',
        _tag("Directory", Id="INSTALLDIR", Name=PROGRAM),
        *_folder(_tree(job.paths), PurePosixPath(), stage),
        "</Directory></Directory>",
        '<Directory Id="ProgramMenuFolder">',
        _tag("Directory", "/", Id="MenuFolder", Name=PROGRAM),
        "</Directory></Directory>",
        '<Feature Id="Program" Level="1">',
        *(_tag("ComponentRef", "/", Id=name) for name in components),
        "</Feature></Product></Wix>",
    )) + "\n"  # fmt: skip


def _conditions() -> Iterator[str]:
    """What is looked at before anything is copied; what is removed may be removed anywhere."""
    build = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
    other = rf"Software\Microsoft\Windows\CurrentVersion\Uninstall\{PROGRAM}"
    # The number that the Windows Installer itself tells stays at 9600 on every later Windows.
    for name, key, value in (("WINDOWSNUMBER", build, "CurrentBuildNumber"), ("BYSETUP", other, "UninstallString")):
        yield _tag("Property", Id=name)
        yield _tag("RegistrySearch", "/", Id=f"Find{name}", Root="HKLM", Key=key, Name=value, Type="raw", Win64="yes")
        yield "</Property>"
    for text, condition in (
        ("Windows Server 2019, Windows 10 1809 or newer is needed. Nothing was installed.",
         f"Installed OR (VersionNT64 AND WINDOWSNUMBER >= {LEAST_BUILD})"),
        ("The program was installed by its setup.exe. Remove that first; profiles stay.", "Installed OR NOT BYSETUP"),
    ):  # fmt: skip
        yield _tag("Condition", Message=text) + f"{escape(condition)}</Condition>"


Tree = dict[str, "Tree | None"]
"""Names in a folder: those of files lead to None."""


def _tree(paths: Iterable[str]) -> Tree:
    top: Tree = {}
    for path in sorted(paths):
        *folders, name = path.split("/")
        here = top
        for folder in folders:
            below = here.setdefault(folder, {})
            assert below is not None  # noqa: S101 - a name is of a file or of a folder
            here = below
        here[name] = None
    return top


def _folder(tree: Tree, place: PurePosixPath, stage: Path) -> Iterator[str]:
    for name, below in tree.items():
        path = str(place / name)
        if below is None:
            yield from _component(path, stage)
        else:
            yield _tag("Directory", Id=_identity("d", path), Name=name)
            yield from _folder(below, place / name, stage)
            yield "</Directory>"


def _component(path: str, stage: Path) -> Iterator[str]:
    """A file is a component of its own; the window's has the Start menu and the registry too."""
    yield _tag("Component", Id=_identity("c", path), Guid=code_of(f"file {path}"), Win64="yes")
    yield _tag("File", "/", Id=_identity("f", path), Source=str(stage / path), Name=PurePosixPath(path).name,
               KeyPath="yes")  # fmt: skip
    if path == _WINDOW:
        for number, (title, target, arguments) in enumerate(ENTRIES):
            given = {"Arguments": arguments} if arguments else {}
            yield _tag("Shortcut", "/", Id=f"Entry{number}", Directory="MenuFolder", Name=title, Target=target,
                       WorkingDirectory="INSTALLDIR", **given)  # fmt: skip
        yield '<RemoveFolder Id="RemoveMenu" Directory="MenuFolder" On="uninstall"/>'
        for key, name, kind, value in REGISTRY:
            given = {"Name": name} if name else {}
            yield _tag("RegistryValue", "/", Root="HKLM", Key=key, Type=kind, Value=value, **given)
    yield "</Component>"


def _identity(kind: str, path: str) -> str:
    """A name for a row: the database takes at most 72 letters, digits, points and underscores."""
    return kind + hashlib.sha256(path.encode()).hexdigest()[:32]


def _windows(path: str) -> str:
    return path.replace("/", "\\")


def _tag(name: str, end: str = "", **attributes: str) -> str:
    return f"<{name} " + " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items()) + f"{end}>"
