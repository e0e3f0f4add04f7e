"""What kind of library a file is, read from its header: 32 or 64 bit, and which version its name tells."""

from __future__ import annotations

import os
import re
import stat
import struct
from pathlib import Path
from typing import Literal

Bits = Literal[32, 64]

PROGRAM_BITS: Bits = 64 if struct.calcsize("P") == 8 else 32
"""The bitness of this program, which every driver that it loads must have."""

_PE_MACHINES: dict[int, Bits] = {0x014C: 32, 0x01C4: 32, 0x8664: 64, 0xAA64: 64}
"""Intel 32, ARM 32, AMD64, ARM64 (IMAGE_FILE_MACHINE_*)."""

_VERSIONS = (r"\.so\.(\d+(?:\.\d+)*)$", r"-(\d+(?:\.\d+)+)\.(?:so|dll)")


def bits_of(path: Path) -> Bits | None:
    """The bitness of an ELF or PE library; None for anything else. Raises OSError where it cannot be read."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        head = file.read(64)
        if head[:4] == b"\x7fELF" and len(head) > 4:
            return {1: 32, 2: 64}.get(head[4])  # type: ignore[return-value]
        if head[:2] != b"MZ" or len(head) < 64:
            return None
        file.seek(struct.unpack_from("<I", head, 60)[0])
        mark = file.read(6)
    if mark[:4] != b"PE\0\0" or len(mark) < 6:
        return None
    return _PE_MACHINES.get(struct.unpack_from("<H", mark, 4)[0])


def version_in_name(path: Path) -> str:
    """The version that a Unix library carries in its name, links followed: libmsodbcsql-18.3.so.2.1 -> 18.3.2.1."""
    name = Path(os.path.realpath(path)).name
    parts = [match[1] for pattern in reversed(_VERSIONS) if (match := re.search(pattern, name))]
    return ".".join(parts)
