"""The folder as it will be installed: CPython, packages without what the program never loads, the program, bytecode."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from installer import contents
from installer.sources import ROOT, BuildError, Python, run, sha256


@dataclass(frozen=True)
class Component:
    """Something of somebody that is installed: CPython, a package, the program itself."""

    name: str
    version: str
    sha256: str
    """Of the file that it came in."""
    source: str
    licence: str = ""


@dataclass(frozen=True)
class File:
    """An installed file: its path in the installed folder with "/", and the component that it belongs to."""

    path: str
    component: Component
    size: int
    sha256: str


class Stage:
    """The folder being filled. Every file is written once, with the component that it came from."""

    def __init__(self, folder: Path, epoch: int) -> None:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        self.folder = folder
        self.epoch = epoch
        self.owners: dict[str, Component] = {}
        self._taken: set[str] = set()
        self.licences: dict[Component, dict[str, bytes]] = {}

    def write(self, path: str, data: bytes, component: Component) -> None:
        """Write a file. Raises BuildError when it is there, if only for Windows."""
        if path.lower() in self._taken:
            raise BuildError(f"{path} of {component.name} is there already")
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.own(path, component)

    def own(self, path: str, component: Component) -> None:
        """Enter a file that a tool wrote into the folder."""
        self.owners[path] = component
        self._taken.add(path.lower())
        os.utime(self.folder / path, (self.epoch, self.epoch))

    def files(self) -> tuple[File, ...]:
        """Everything that was written, by path. Raises BuildError when the folder holds anything else."""
        there = {file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*") if file.is_file()}
        if strangers := there ^ set(self.owners):
            raise BuildError("files that nobody brought: " + ", ".join(sorted(strangers)[:5]))
        found: list[File] = []
        for path in sorted(self.owners):
            data = (self.folder / path).read_bytes()
            found.append(File(path, self.owners[path], len(data), sha256(data)))
        return tuple(found)


def add_python(stage: Stage, python: Python) -> Component:
    """The embeddable folder, isolated by its ._pth."""
    component = Component("CPython", python.version, python.sha256, python.source, "PSF-2.0")
    for name, data in sorted(python.files.items()):
        if name.endswith("._pth"):
            stem = name.removesuffix("._pth")
            data = contents.PTH.format(stem=stem).encode()  # noqa: PLW2901 - the file as it is installed
        if name == "LICENSE.txt":
            stage.licences[component] = {name: data}
        else:
            stage.write(f"runtime/{name}", data, component)
    return component


def add_wheel(stage: Stage, wheel: Path, source: str) -> Component:
    """Unpack a wheel as an installer does: what is in `.data/platlib` and `.data/purelib` goes beside the rest."""
    data = wheel.read_bytes()
    with zipfile.ZipFile(wheel) as archive:
        names = sorted(name for name in archive.namelist() if not name.endswith("/"))
        metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
        fields = HeaderParser().parsestr(archive.read(metadata).decode("utf-8"))
        licence = fields["License-Expression"] or _short(fields["License"]) or _classified(fields.get_all("Classifier"))
        component = Component(fields["Name"], fields["Version"], sha256(data), source, licence)
        texts: dict[str, bytes] = {}
        for name in names:
            path = name
            if ".data/" in name:
                kind, _, path = name.partition(".data/")[2].partition("/")
                if kind not in ("platlib", "purelib"):
                    continue
            if _is_licence(name):
                texts[path.rpartition("/")[2]] = archive.read(name)
            elif contents.wanted(path):
                stage.write(f"{contents.SITE_PACKAGES}/{path}", archive.read(name), component)
    stage.licences[component] = texts
    return component


def _short(text: str | None) -> str:
    """The name of a licence, where the field does not hold its whole text."""
    return text if text and len(text) < 80 and "\n" not in text else ""


def _classified(classifiers: list[str] | None) -> str:
    marked = [text.rpartition(" :: ")[2] for text in classifiers or () if text.startswith("License ::")]
    return " AND ".join(sorted(marked))


def _is_licence(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    told = name.startswith(("license", "licence", "copying", "notice", "authors"))
    return ".dist-info/" in path and ("/licenses/" in path or told)


def add_bytecode(stage: Stage) -> None:
    """Bytecode beside every module: nothing is written there later, and a start would take seconds without.

    Not checked against the sources, so that its bytes do not depend on times. Needs the Python of the same version.
    """
    if f"{sys.version_info.major}.{sys.version_info.minor}" != contents.PYTHON:
        raise BuildError(f"The build itself has to run on Python {contents.PYTHON}, whose bytecode it writes.")
    folder = stage.folder / contents.SITE_PACKAGES
    # A process of its own: what bytecode looks like depends on what was loaded before.
    run([sys.executable, "-S", "-c", _COMPILE, str(folder)], epoch=stage.epoch)
    for file in sorted(folder.rglob("*.pyc")):
        path = file.relative_to(stage.folder).as_posix()
        source = path.replace("__pycache__/", "").split(".cpython-")[0] + ".py"
        stage.own(path, stage.owners[source])


_COMPILE = """
import pathlib, py_compile, sys
folder = pathlib.Path(sys.argv[1])
for file in sorted(folder.rglob("*.py")):
    # Some packages bring templates that are no Python yet.
    try:
        py_compile.compile(str(file), dfile=file.relative_to(folder).as_posix(), doraise=True, optimize=0,
                           invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    except py_compile.PyCompileError:
        pass
"""


def add_own_files(stage: Stage, component: Component, files: Mapping[str, bytes]) -> None:
    """Files of the program outside of its package, and the example profiles where people find them."""
    for example in sorted((ROOT / "profiles").iterdir()):
        stage.write(f"examples/{example.name}", example.read_bytes(), component)
    for path, data in sorted(files.items()):
        stage.write(path, data, component)
