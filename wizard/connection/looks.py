"""Looking for oneself where a driver says the same of several causes: at the address, the library, the data source.

Each look gives what it found in the form of something said, so that the table of faults judges it too.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wizard.connection.data_sources import address_of, library_state, listing
from wizard.connection.library_file import PROGRAM_BITS
from wizard.connection.said import Said

KNOCK_SECONDS = 1.5
"""How long a look at an address may wait for its connection; a lost packet is sent again after one second."""
_GREETING_SECONDS = 0.5
"""How long a look listens for a server that speaks first. Nothing is ever sent."""


@dataclass(frozen=True)
class Place:
    """Where a login went, as far as the settings tell: host and port, the data source."""

    address: tuple[str, int] | None = None
    dsn: str | None = None


def knock(host: str, port: int, seconds: float = KNOCK_SECONDS, listen: float = 0) -> Said:
    """What a TCP connection meets: state "unresolvable", "refused", "silent", "unreachable" or "open".

    `text` is the reason in the system's words, or the first bytes of a server that speaks within `listen` seconds.
    """
    place = f"{host}:{port}"
    try:
        with socket.create_connection((host, port), seconds) as connection:
            return Said("tcp", "open", "", _greeting(connection, listen) or f"{place} accepts the connection")
    except (socket.gaierror, UnicodeError) as error:
        # UnicodeError: a name that DNS cannot even be asked for, such as "a..b".
        return Said("tcp", "unresolvable", "", f"{host}: {_words(error)}")
    except TimeoutError:
        return Said("tcp", "silent", "", f"{place}: no answer within {seconds:g} s")
    except ConnectionRefusedError as error:
        return Said("tcp", "refused", "", f"{place}: {_words(error)}")
    except OSError as error:
        return Said("tcp", "unreachable", "", f"{place}: {_words(error)}")


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def _greeting(connection: socket.socket, listen: float) -> str:
    """The first line that a server says by itself, printable; "" for one that waits for its client."""
    if not listen:
        return ""
    connection.settimeout(listen)
    with suppress(OSError):
        first = connection.recv(80).split(b"\n")[0]
        return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in first.strip())
    return ""


def at_address(said: Said, place: Place) -> Said | None:
    """Knock where the login went; None where neither settings, data source nor message name the address."""
    address = place.address or _of_data_source(place.dsn) or _address_in(said.text)
    if address is None:
        return None
    return knock(*address, listen=_GREETING_SECONDS)


def _of_data_source(name: str | None) -> tuple[str, int] | None:
    source = listing().named(name) if name else None
    return address_of(source) if source else None


_ADDRESS = re.compile(r'at "([^"]+)"(?: \([^)]*\))?, port (\d+)')


def _address_in(text: str) -> tuple[str, int] | None:
    found = _ADDRESS.search(text)
    return (found[1], int(found[2])) if found else None


_LIBRARY = re.compile(r"Can't open lib '([^']*)'")


def at_library(said: Said, place: Place) -> Said | None:  # noqa: ARG001 - the shape of a look
    """Why the library of a driver cannot be loaded: unixODBC calls every reason "file not found".

    States: "missing", "bitness", "needs" (a library that it needs is missing), "damaged".
    """
    found = _LIBRARY.search(said.text)
    if not found:
        return None
    name = found[1]
    match library_state(Path(name))[1] if name.startswith("/") else "":
        case "odbc.library_missing":
            return Said("loader", "missing", "", f"{name}: no such file")
        case "odbc.other_bitness":
            return Said("loader", "bitness", "", f"{name}: not of {PROGRAM_BITS} bit")
        case "odbc.library_unusable":
            return Said("loader", "damaged", "", f"{name}: no library")
    words = _refusal(name)
    return refused_library(name, words) if words else None


def refused_library(name: str, words: str) -> Said:
    """What the words of the system's loader mean for a library; Windows names none that is needed and missing."""
    if "cannot open shared object file" in words:
        return Said("loader", "missing" if words.startswith(f"{name}:") else "needs", "", words)
    return Said("loader", "needs" if "one of its dependencies" in words else "damaged", "", words)


def _refusal(name: str) -> str:
    """The words of the system's loader. It refused once already in this process, so asking again changes nothing."""
    import ctypes

    try:
        ctypes.CDLL(name, mode=getattr(os, "RTLD_LAZY", 0))
    except OSError as error:
        return str(error)
    return ""


def at_data_source(said: Said, place: Place) -> Said | None:  # noqa: ARG001 - the shape of a look
    """Whether the driver of a data source of this name is not registered; the driver manager says the same of both."""
    source = listing().named(place.dsn) if place.dsn else None
    if source is None or source.problem not in ("odbc.no_driver", "odbc.driver_not_registered"):
        return None
    return Said("dsn", "driver_unregistered", "", f"{source.name}: {source.driver or '-'}")


LOOKS: Mapping[str, Callable[[Said, Place], Said | None]] = {
    "address": at_address,
    "library": at_library,
    "data source": at_data_source,
}
