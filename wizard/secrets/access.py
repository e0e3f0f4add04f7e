"""Who may read a file: an access list with the owner, one or more named accounts and nobody else.

On Linux a POSIX access list, on Windows a protected DACL with SYSTEM, Administrators and the accounts. Given
and read back: a file system that keeps no lists is an error, not a file that everybody reads.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

EVERYBODY = "*"
"""What `readers` says for the permission bit of all others."""

_ACL = "system.posix_acl_access"
_VERSION = struct.pack("<I", 2)
_ENTRY = struct.Struct("<HHI")
_OWNER, _USER, _GROUP_OWNER, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NOBODY = 0xFFFFFFFF
_READ, _WRITE = 4, 2

_SYSTEM_SIDS = frozenset({"SY", "BA", "S-1-5-18", "S-1-5-32-544"})
"""SYSTEM and Administrators, as abbreviation and in full."""

_NONE_MAPPED = 1332
"""ERROR_NONE_MAPPED: Windows finds no account of a name."""


class AccountUnknown(LookupError):
    """This machine knows no account of this name."""


def give(path: Path, accounts: Iterable[str]) -> None:
    """Let the owner write a file, these accounts read it, and nobody else. Raises OSError or AccountUnknown."""
    names = sorted(set(accounts))
    if sys.platform == "win32":
        from wizard.secrets import windows_api

        windows_api.set_access(path, descriptor([_sid(name) for name in names]))
        return
    owner = path.stat().st_uid
    # Root reads whatever there is.
    _set_list(path, sorted({_uid(name) for name in names} - {owner, 0}))


def give_folder(path: Path) -> None:
    """Let everybody pass through a folder of closed files and nobody but its owner list it. Raises OSError."""
    if sys.platform == "win32":
        from wizard.secrets import windows_api

        windows_api.set_access(path, descriptor([], inherited=True))
        return
    path.chmod(0o711)


def readers(path: Path) -> frozenset[str]:
    """Who may read a file beside its owner and the system: names of accounts, "@" and names of groups, or "*".

    Raises OSError.
    """
    if sys.platform == "win32":
        from wizard.secrets import windows_api

        found = readers_in(windows_api.access_of(path), windows_api.own_sid())
        return frozenset(EVERYBODY if sid == EVERYBODY else windows_api.name_of(sid) for sid in found)
    mode = path.stat().st_mode
    found = {EVERYBODY} if mode & stat.S_IROTH else set()
    entries = _list_of(path)
    if entries is None:
        return frozenset(found | ({f"@{_group(path.stat().st_gid)}"} if mode & stat.S_IRGRP else set()))
    mask = next((rights for tag, rights, _id in entries if tag == _MASK), 7)
    for tag, rights, number in entries:
        if rights & mask & _READ:
            if tag == _USER:
                found.add(_user(number))
            elif tag in (_GROUP, _GROUP_OWNER):
                found.add(f"@{_group(number if tag == _GROUP else path.stat().st_gid)}")
    return frozenset(found)


def canonical(accounts: Iterable[str]) -> frozenset[str]:
    """Accounts by the names that `readers` gives them. Raises OSError or AccountUnknown."""
    if sys.platform == "win32":
        from wizard.secrets import windows_api

        return frozenset(windows_api.name_of(_sid(name)) for name in accounts)
    return frozenset(_user(_uid(name)) for name in accounts)


def _set_list(path: Path, uids: list[int]) -> None:
    entries = [(_OWNER, _READ | _WRITE, _NOBODY), *((_USER, _READ, uid) for uid in uids), (_GROUP_OWNER, 0, _NOBODY)]
    if uids:
        entries.append((_MASK, _READ, _NOBODY))
    entries.append((_OTHER, 0, _NOBODY))
    value = _VERSION + b"".join(_ENTRY.pack(*entry) for entry in entries)
    try:
        if not hasattr(os, "setxattr"):
            raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP), str(path))
        os.setxattr(path, _ACL, value)
    except OSError as error:
        if error.errno != errno.ENOTSUP or uids:
            raise
        path.chmod(0o600)


def _list_of(path: Path) -> list[tuple[int, int, int]] | None:
    """The entries of a list; None where the mode says it all."""
    try:
        value = os.getxattr(path, _ACL) if hasattr(os, "getxattr") else b""
    except OSError as error:
        if error.errno in (errno.ENODATA, errno.ENOTSUP):
            return None
        raise
    return [_ENTRY.unpack_from(value, at) for at in range(len(_VERSION), len(value), _ENTRY.size)] or None


def _sid(name: str) -> str:
    from wizard.secrets import windows_api

    try:
        return windows_api.sid_of(name)
    except OSError as error:
        if getattr(error, "winerror", None) != _NONE_MAPPED:
            raise
        raise AccountUnknown(name) from None


def _uid(name: str) -> int:
    import pwd

    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        raise AccountUnknown(name) from None


def _user(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    import grp

    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


# --- Windows, as text --------------------------------------------------------------------------


def descriptor(sids: Iterable[str], inherited: bool = False) -> str:
    """The security descriptor (SDDL) of a file that SYSTEM and Administrators own up to and these SIDs read.

    Protected: what the folder above allows does not count. `inherited` is for a folder, whose files get the same.
    """
    flags = "OICI" if inherited else ""
    entries = [f"(A;{flags};FA;;;SY)", f"(A;{flags};FA;;;BA)", *(f"(A;{flags};FR;;;{sid})" for sid in sids)]
    return "D:P" + "".join(entries)


def readers_in(text: str, own_sid: str = "") -> frozenset[str]:
    """The SIDs that a security descriptor lets in beside SYSTEM, Administrators and the own one; "*" for all.

    A descriptor without a list, or one that lets the folder above decide, is one for everybody.
    """
    match = re.search(r"D:([A-Z]*)((?:\([^)]*\))*)", text)
    if match is None or "P" not in match[1] or "NO_ACCESS_CONTROL" in match[1]:
        return frozenset({EVERYBODY})
    entries = [entry.split(";") for entry in re.findall(r"\(([^)]*)\)", match[2])]
    # Any kind of entry that is no refusal gives something; IO stands for what only a child inherits.
    sids = {entry[5] for entry in entries if len(entry) > 5 and entry[0] != "D" and "IO" not in entry[1]}
    return frozenset(sids - _SYSTEM_SIDS - {own_sid})
