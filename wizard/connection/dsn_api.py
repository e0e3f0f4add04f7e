"""The child's side of creating, repairing and deleting a data source: the installer API of ODBC, by ctypes.

On Windows odbccp32, in the system's or the user's part of the registry. Elsewhere libodbcinst, on a file of
one section that the parent made: unixODBC rewrites the whole file and drops the comments in it. Foreign
code runs here (the driver's own set-up), and unixODBC keeps what it once read from the environment, so this
runs in a child process only (`wizard.isolated`).
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from typing import Any

WINDOWS = sys.platform == "win32"

_USER, _SYSTEM = 1, 2
"""ODBC_USER_DSN, ODBC_SYSTEM_DSN of SQLSetConfigMode."""

_ADD = {"user": 1, "system": 4}
"""ODBC_ADD_DSN, ODBC_ADD_SYS_DSN of SQLConfigDataSource."""

_FILE = "ODBC.INI"
_MESSAGE = 512
_ERRORS = 8


class _Installer:
    """The functions of the installer library with texts as it takes them: UTF-16 on Windows, bytes elsewhere.

    The wide functions of unixODBC cut every character to one byte, so the narrow ones are called there,
    with the bytes of the file's own encoding.
    """

    def __init__(self, encoding: str) -> None:
        self._encoding = "utf-16-le" if WINDOWS else encoding
        self._library = _load()

    def call(self, function: str, *arguments: Any) -> int:
        """Call SQL...; texts are turned, numbers and None are passed on. Not 0 means done."""
        entry = getattr(self._library, f"{function}W" if WINDOWS else function)
        return int(entry(*(self._argument(argument) for argument in arguments)))

    def mode(self, mode: int) -> None:
        """Which data sources are meant. SQLConfigDataSource of unixODBC forgets it, so it is said each time."""
        self._library.SQLSetConfigMode(ctypes.c_ushort(mode))

    def value(self, section: str, keyword: str) -> str:
        """The value of a keyword, "" without one."""
        size = 4096
        buffer = ctypes.create_string_buffer(size * (2 if WINDOWS else 1))
        name = "SQLGetPrivateProfileStringW" if WINDOWS else "SQLGetPrivateProfileString"
        getattr(self._library, name)(
            self._argument(section), self._argument(keyword), self._argument(""), buffer, size, self._argument(_FILE)
        )
        return self._text(buffer)

    def errors(self) -> list[tuple[int, str]]:
        """Codes and texts of what the last call refused."""
        found = []
        name = "SQLInstallerErrorW" if WINDOWS else "SQLInstallerError"
        for number in range(1, _ERRORS + 1):
            code, length = ctypes.c_uint32(), ctypes.c_ushort()
            buffer = ctypes.create_string_buffer(_MESSAGE * 4)
            answer = getattr(self._library, name)(
                ctypes.c_ushort(number), ctypes.byref(code), buffer, ctypes.c_ushort(_MESSAGE), ctypes.byref(length)
            )
            if ctypes.c_short(answer).value not in (0, 1):
                break
            found.append((code.value, self._text(buffer)))
        return found

    def _argument(self, argument: Any) -> Any:
        if not isinstance(argument, str):
            return argument
        return ctypes.create_string_buffer((argument + "\0").encode(self._encoding))

    def _text(self, buffer: Any) -> str:
        text: str = buffer.raw.decode(self._encoding, "replace")
        return text.partition("\0")[0]


def _load() -> Any:
    if sys.platform == "win32":
        return ctypes.WinDLL("odbccp32.dll")
    for name in ("libodbcinst.so.2", "libodbcinst.so.1", "libodbcinst.2.dylib", "libodbcinst.so"):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise OSError("libodbcinst")


def in_child(request: Mapping[str, Any]) -> dict[str, Any]:
    """Write or remove one data source.

    `{"work": "create"|"change"|"remove", "name", "driver", "library", "scope", "keywords": {name: value or
    None}, "setup": bool, "ini": file or None, "encoding"}`. `setup` lets the driver's own set-up go first.
    Answers `{"missing": True}` where there is no installer library, else `{"done": bool, "errors": [[code,
    text], ...]}`.
    """
    if request["ini"]:
        os.environ["ODBCINI"] = request["ini"]
    try:
        installer = _Installer(request["encoding"])
    except OSError:
        return {"missing": True}
    mode = _SYSTEM if WINDOWS and request["scope"] == "system" else _USER
    done = _WORK[request["work"]](installer, mode, request)
    return {"done": done, "errors": [] if done else installer.errors()}


def _create(installer: _Installer, mode: int, request: Mapping[str, Any]) -> bool:
    name, driver, keywords = request["name"], request["driver"], request["keywords"]
    made = False
    if request["setup"]:
        pairs = {"DSN": name, **keywords}
        attributes = "".join(f"{keyword}={value}\0" for keyword, value in pairs.items())
        installer.mode(mode)
        scope = request["scope"] if WINDOWS else "user"
        made = bool(installer.call("SQLConfigDataSource", None, _ADD[scope], driver, attributes))
    installer.mode(mode)
    if not made and not installer.call("SQLWriteDSNToIni", name, driver):
        return False
    return _write(installer, mode, name, keywords)


def _change(installer: _Installer, mode: int, request: Mapping[str, Any]) -> bool:
    name, driver = request["name"], request["driver"]
    keywords = dict(request["keywords"])
    if driver:
        # Not SQLWriteDSNToIni: it begins with deleting everything that the data source holds.
        keywords["Driver"] = request["library"] if WINDOWS else driver
        installer.mode(mode)
        if WINDOWS and not installer.call("SQLWritePrivateProfileString", "ODBC Data Sources", name, driver, _FILE):
            return False
    return _write(installer, mode, name, keywords)


def _remove(installer: _Installer, mode: int, request: Mapping[str, Any]) -> bool:
    installer.mode(mode)
    return bool(installer.call("SQLRemoveDSNFromIni", request["name"]))


def _write(installer: _Installer, mode: int, name: str, keywords: Mapping[str, str | None]) -> bool:
    """Write the keywords that differ; None takes one out."""
    for keyword, value in keywords.items():
        installer.mode(mode)
        if value is not None and installer.value(name, keyword) == value:
            continue
        installer.mode(mode)
        if not installer.call("SQLWritePrivateProfileString", name, keyword, value, _FILE) and value is not None:
            return False
    return True


_WORK = {"create": _create, "change": _change, "remove": _remove}
