"""A registry in memory with the functions of winreg that the listing uses, for machines that have none.

The 32-bit view of HKLM\\SOFTWARE is a branch of its own (WOW6432Node), that of HKCU is the same one, as on Windows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = 0x80000001, 0x80000002
KEY_WOW64_32KEY = 0x200
REG_SZ, REG_DWORD = 1, 4

Tree = Mapping[str, Mapping[str, Any]]


class _Key:
    def __init__(self, values: list[tuple[str, Any]]) -> None:
        self.values = values

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.values = []


class Registry:
    """`system64`, `system32` and `user` map keys below the root to their values."""

    HKEY_CURRENT_USER = HKEY_CURRENT_USER
    HKEY_LOCAL_MACHINE = HKEY_LOCAL_MACHINE

    def __init__(self, system64: Tree, system32: Tree, user: Tree, denied: frozenset[str] = frozenset()) -> None:
        self._trees = {"64": system64, "32": system32, "user": user}
        self._denied = {key.casefold() for key in denied}

    def OpenKey(self, key: int, sub_key: str, _reserved: int = 0, access: int = 0x20019) -> _Key:
        """As winreg.OpenKey: names without regard to case, FileNotFoundError, PermissionError."""
        tree = "user" if key == HKEY_CURRENT_USER else "32" if access & KEY_WOW64_32KEY else "64"
        if sub_key.casefold() in self._denied:
            raise PermissionError(13, "Access is denied")
        for name, values in self._trees[tree].items():
            if name.casefold() == sub_key.casefold():
                return _Key(list(values.items()))
        raise FileNotFoundError(2, "The system cannot find the file specified")

    def EnumValue(self, key: _Key, index: int) -> tuple[str, Any, int]:
        """As winreg.EnumValue: OSError behind the last one."""
        try:
            name, value = key.values[index]
        except IndexError:
            raise OSError(259, "No more data is available") from None
        return name, value, REG_DWORD if isinstance(value, int) else REG_SZ
