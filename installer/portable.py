"""The folder that the installer installs, as one zip: for a server where nothing may be installed.

Unpacked anywhere it runs as it is. It has no entry in the Start menu, no folders with access lists and no removal; its
profiles are where those of the installed program are, unless APS_PROFILE_DIR or `--profiles-dir` say otherwise.
"""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterable
from pathlib import Path

from installer.contents import PROGRAM


def pack(folder: Path, paths: Iterable[str], target: Path, epoch: int, *, quick: bool = False) -> None:
    """Write the files below `folder` into a zip with one folder in it. The same files give the same bytes.

    `epoch` is the time of every file, in seconds; a zip knows none before 1980.
    """
    moment = max(time.gmtime(epoch)[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(target, "w") as made:
        for path in sorted(paths):
            entry = zipfile.ZipInfo(f"{PROGRAM}/{path}", moment)
            entry.external_attr = 0o644 << 16
            # Said for each entry: of the archive's own level `writestr` takes no notice.
            data = (folder / path).read_bytes()
            made.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=1 if quick else 6)
