"""The two programs that people start: aps-wizard.exe for the window, aps-wizard-cli.exe for the console."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from installer.sources import ROOT, BuildError, run

HERE = Path(__file__).resolve().parent
COMPILER, RESOURCES = "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-windres"
ICON_SIZES = (16, 24, 32, 48, 64, 256)
SIDE = (164, 314)
"""Pixels of the picture beside the first and the last page of the installer, as Windows' own style has it."""
COLOUR = "#0f6c8c"


@dataclass(frozen=True)
class Launcher:
    """One of the two: its name, how Windows shows it, which rights it asks for."""

    name: str
    description: str
    level: str
    flags: tuple[str, ...]


LAUNCHERS = (
    # The profiles of the machine are open to administrators only: who is one gets these rights at the start.
    Launcher("aps-wizard.exe", "APS implementation wizard", "highestAvailable", ("-mwindows",)),
    # A console cannot gain rights: it is started with them or goes without.
    Launcher("aps-wizard-cli.exe", "APS implementation wizard (command line)", "asInvoker", ("-DCONSOLE",)),
)

_MANIFEST = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <trustInfo xmlns="urn:schemas-microsoft-com:asm.v3"><security><requestedPrivileges>
    <requestedExecutionLevel level="{level}" uiAccess="false"/>
  </requestedPrivileges></security></trustInfo>
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1"><application>
    <supportedOS Id="{{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}}"/>
  </application></compatibility>
  <application xmlns="urn:schemas-microsoft-com:asm.v3"><windowsSettings>
    <longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
    <dpiAwareness xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">PerMonitorV2</dpiAwareness>
  </windowsSettings></application>
</assembly>
"""


def build(launcher: Launcher, icon: Path, version: str, work: Path, epoch: int) -> bytes:
    """Compile one launcher. The same inputs give the same bytes: it holds no time and no path."""
    work.mkdir(parents=True, exist_ok=True)
    manifest, resources, target = work / "launcher.manifest", work / "launcher.o", work / launcher.name
    manifest.write_text(_MANIFEST.format(level=launcher.level), encoding="utf-8")
    numbers = ",".join([*version.split(".")[:3], "0"])
    texts = {"NAME": launcher.name, "DESCRIPTION": launcher.description, "VERSION": version}
    texts |= {"ICON_FILE": icon.name, "MANIFEST_FILE": manifest.name}
    header = "".join(f'#define {name} "{text}"\n' for name, text in texts.items()) + f"#define NUMBERS {numbers}\n"
    script = work / "launcher.rc"
    script.write_text(header + (HERE / "launcher.rc").read_text(encoding="utf-8"), encoding="utf-8")
    (work / "launcher.c").write_bytes((HERE / "launcher.c").read_bytes())
    if not (work / icon.name).exists():
        (work / icon.name).write_bytes(icon.read_bytes())
    run([RESOURCES, script.name, "-O", "coff", "-o", resources.name], epoch=epoch, cwd=work)
    run([
        COMPILER, "-municode", "-Os", "-s", "-Wall", "-Wextra", "-Werror", *launcher.flags,
        "-Wl,--no-insert-timestamp,--build-id=none,--dynamicbase,--nxcompat,--high-entropy-va",
        "launcher.c", resources.name, "-o", target.name,
    ], epoch=epoch, cwd=work)  # fmt: skip
    return target.read_bytes()


def icon(target: Path) -> Path:
    """The icon of the program in all sizes, drawn from its SVG by the pinned Qt, so the same on every machine.

    Beside it, as .bmp, the picture for the pages of the installer.
    """
    command = [sys.executable, "-m", "installer.launchers", str(target)]
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen")
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=environment)
    if done.returncode:
        raise BuildError("The icon could not be drawn: " + done.stderr.decode(errors="replace")[-2000:])
    return target


def _draw(target: Path) -> None:
    """In a process of its own: Qt is loaded only here."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
    from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
    from PySide6.QtSvg import QSvgRenderer

    drawing = (ROOT / "resources" / "icons" / "app.svg").read_bytes().replace(b"currentColor", b"#ffffff")
    renderer = QSvgRenderer(QByteArray(drawing))
    entries: list[bytes] = []
    for size in ICON_SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(COLOUR))
        painter.drawRoundedRect(QRectF(0, 0, size, size), size / 6, size / 6)
        inset = size / 8
        renderer.render(painter, QRectF(inset, inset, size - 2 * inset, size - 2 * inset))
        painter.end()
        if size < 256:
            entries.append(_bitmap(bytes(image.constBits()), size))
            continue
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload] # its stubs say bytes, which it refuses
        entries.append(bytes(buffer.data().data()))
    target.write_bytes(_ico(entries))

    width, height = SIDE
    side = QImage(width, height, QImage.Format.Format_RGB888)
    shade = QLinearGradient(0, 0, 0, height)
    shade.setColorAt(0, QColor(COLOUR))
    shade.setColorAt(1, QColor(COLOUR).darker(180))
    painter = QPainter(side)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(0, 0, width, height, shade)
    renderer.render(painter, QRectF(width / 4, width / 4, width / 2, width / 2))
    painter.end()
    side.save(str(target.with_suffix(".bmp")), "BMP")  # type: ignore[call-overload] # its stubs say bytes


def _bitmap(pixels: bytes, size: int) -> bytes:
    """A bitmap as icons hold it: from the last row to the first, and a mask that says nothing beside the alpha."""
    rows = [pixels[at : at + size * 4] for at in range(0, len(pixels), size * 4)]
    mask = bytes(((size + 31) // 32) * 4 * size)
    header = struct.pack("<IiiHHIIiiII", 40, size, size * 2, 1, 32, 0, len(pixels) + len(mask), 0, 0, 0, 0)
    return header + b"".join(reversed(rows)) + mask


def _ico(entries: list[bytes]) -> bytes:
    head, at = struct.pack("<HHH", 0, 1, len(entries)), 6 + 16 * len(entries)
    for size, entry in zip(ICON_SIZES, entries, strict=True):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(entry), at)
        at += len(entry)
    return head + b"".join(entries)


if __name__ == "__main__":
    _draw(Path(sys.argv[1]))
