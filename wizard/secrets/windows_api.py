"""The calls into Windows that the machine store needs: DPAPI, access lists, names of accounts.

Nothing else is here, because nothing here runs elsewhere: texts and decisions are in `access` and `machine_store`.
Was run under wine, whose disks keep no access lists, and not on Windows yet. Every function raises OSError as Windows
tells it.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes
from pathlib import Path
from typing import Any

CRYPTPROTECT_UI_FORBIDDEN, CRYPTPROTECT_LOCAL_MACHINE = 0x1, 0x4
_DACL_SECURITY_INFORMATION, _PROTECTED_DACL = 0x4, 0x80000000
_SDDL_REVISION = 1
_SAM_COMPATIBLE = 2


class Blob(ctypes.Structure):
    """DATA_BLOB: a length and where the bytes are."""

    _fields_ = (("size", wintypes.DWORD), ("data", ctypes.POINTER(ctypes.c_char)))


def _library(name: str) -> Any:
    if sys.platform == "win32":
        return ctypes.WinDLL(name, use_last_error=True)
    raise OSError(f"{name} is a library of Windows")


def _need(done: int) -> None:
    if sys.platform == "win32" and not done:
        raise ctypes.WinError(ctypes.get_last_error())


def _blob(data: bytes) -> Blob:
    return Blob(len(data), ctypes.cast(ctypes.create_string_buffer(data, len(data)), ctypes.POINTER(ctypes.c_char)))


def protect(data: bytes, entropy: bytes) -> bytes:
    """Seal for this machine: any account of it that has the entropy can open it, which is why the file is closed."""
    return _crypt("CryptProtectData", data, entropy, CRYPTPROTECT_UI_FORBIDDEN | CRYPTPROTECT_LOCAL_MACHINE)


def unprotect(data: bytes, entropy: bytes) -> bytes:
    """Open what `protect` sealed on this machine."""
    return _crypt("CryptUnprotectData", data, entropy, CRYPTPROTECT_UI_FORBIDDEN)


def _crypt(function: str, data: bytes, entropy: bytes, flags: int) -> bytes:
    given, salt, found = _blob(data), _blob(entropy), Blob()
    call = getattr(_library("crypt32"), function)
    # Data, description, entropy, reserved, prompt, flags, answer.
    _need(call(ctypes.byref(given), None, ctypes.byref(salt), None, None, wintypes.DWORD(flags), ctypes.byref(found)))
    try:
        return ctypes.string_at(found.data, found.size)
    finally:
        _free(found.data)


def set_access(path: Path, sddl: str) -> None:
    """Give a file or folder the access list of a security descriptor in SDDL; nothing is inherited any more."""
    security = ctypes.c_void_p()
    advapi = _library("advapi32")
    _need(
        advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            wintypes.LPCWSTR(sddl), wintypes.DWORD(_SDDL_REVISION), ctypes.byref(security), None
        )
    )
    try:
        information = wintypes.DWORD(_DACL_SECURITY_INFORMATION | _PROTECTED_DACL)
        _need(advapi.SetFileSecurityW(wintypes.LPCWSTR(str(path)), information, security))
    finally:
        _free(security)


def access_of(path: Path) -> str:
    """The access list of a file in SDDL."""
    advapi = _library("advapi32")
    information, needed = wintypes.DWORD(_DACL_SECURITY_INFORMATION), wintypes.DWORD()
    name = wintypes.LPCWSTR(str(path))
    advapi.GetFileSecurityW(name, information, None, wintypes.DWORD(0), ctypes.byref(needed))
    security = ctypes.create_string_buffer(max(needed.value, 1))
    _need(advapi.GetFileSecurityW(name, information, security, needed, ctypes.byref(needed)))
    text = wintypes.LPWSTR()
    _need(
        advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(
            security, wintypes.DWORD(_SDDL_REVISION), information, ctypes.byref(text), None
        )
    )
    try:
        return text.value or ""
    finally:
        _free(text)


def sid_of(account: str) -> str:
    """The SID of an account as text: `DOMAIN\\user`, `.\\user`, a gMSA with its `$`."""
    advapi = _library("advapi32")
    size, domain_size, use = wintypes.DWORD(256), wintypes.DWORD(256), wintypes.DWORD()
    sid, domain = ctypes.create_string_buffer(256), ctypes.create_unicode_buffer(256)
    name = wintypes.LPCWSTR(account.removeprefix(".\\"))
    _need(
        advapi.LookupAccountNameW(
            None, name, sid, ctypes.byref(size), domain, ctypes.byref(domain_size), ctypes.byref(use)
        )
    )
    return _sid_text(sid)


def name_of(sid: str) -> str:
    """The account of a SID; the SID itself when this machine does not know it."""
    advapi = _library("advapi32")
    binary = ctypes.c_void_p()
    _need(advapi.ConvertStringSidToSidW(wintypes.LPCWSTR(sid), ctypes.byref(binary)))
    try:
        size, domain_size, use = wintypes.DWORD(256), wintypes.DWORD(256), wintypes.DWORD()
        name, domain = ctypes.create_unicode_buffer(256), ctypes.create_unicode_buffer(256)
        done = advapi.LookupAccountSidW(
            None, binary, name, ctypes.byref(size), domain, ctypes.byref(domain_size), ctypes.byref(use)
        )
        return f"{domain.value}\\{name.value}" if done else sid
    finally:
        _free(binary)


def own_name() -> str:
    """The account that runs this, as DOMAIN\\user. Asked of Windows: the environment says what one likes."""
    size = wintypes.ULONG(512)
    name = ctypes.create_unicode_buffer(512)
    _need(_library("secur32").GetUserNameExW(_SAM_COMPATIBLE, name, ctypes.byref(size)))
    return name.value


def own_sid() -> str:
    """The SID of the account that runs this."""
    return sid_of(own_name())


def _sid_text(sid: Any) -> str:
    text = wintypes.LPWSTR()
    _need(_library("advapi32").ConvertSidToStringSidW(sid, ctypes.byref(text)))
    try:
        return text.value or ""
    finally:
        _free(text)


def _free(pointer: Any) -> None:
    _library("kernel32").LocalFree(ctypes.cast(pointer, ctypes.c_void_p))
