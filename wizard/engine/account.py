"""Which account runs this, and whether it is the one that the profile names."""

from __future__ import annotations

import os
import sys


def own_name() -> str:
    """The account that runs this: a login name, on Windows DOMAIN\\user. Asked of the system, not of variables."""
    if sys.platform == "win32":
        from wizard.secrets import windows_api

        return windows_api.own_name()
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def exists(account: str) -> bool:
    """Whether this machine has an account of this name."""
    from wizard.secrets import access

    try:
        access.canonical([account])
    except (LookupError, OSError):
        return False
    return True


def same(one: str, other: str) -> bool:
    """Whether two names mean the same account of this machine. Unknown names are compared as they are written."""
    from wizard.secrets import access

    try:
        return access.canonical([one]) == access.canonical([other])
    except (LookupError, OSError):
        return one.casefold() == other.casefold()
