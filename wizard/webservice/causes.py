"""By what each fault of the way to the server is known: exceptions of the libraries and their words, as a table."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.checklist.check import Outcome
from wizard.webservice.faults import fault
from wizard.webservice.trust import handshake_code


@dataclass(frozen=True)
class Row:
    """How a fault is known: the name of an exception in the chain, words in the text, or both. The first row counts."""

    code: str
    kinds: str = ""
    pattern: str = ""

    def fits(self, kinds: frozenset[str], text: str) -> bool:
        """Does the chain of exceptions carry every mark of the row?"""
        return (not self.kinds or not kinds.isdisjoint(self.kinds.split())) and (
            not self.pattern or re.search(self.pattern, text, re.IGNORECASE) is not None
        )


ROWS = (
    Row("webservice.proxy_login", "ProxyError", r"407 "),
    Row("webservice.proxy", "ProxyError InvalidProxyURL ProxySchemeUnknown InvalidSchema"),
    Row("webservice.name_unknown", "NameResolutionError gaierror LocationParseError UnicodeError InvalidURL"),
    Row("webservice.name_unknown", "", r"getaddrinfo|label (empty|too long)"),
    Row("webservice.refused", "ConnectionRefusedError"),
    Row("webservice.port_silent", "ConnectTimeout"),
    Row("webservice.timed_out", "ReadTimeout ReadTimeoutError TimeoutError"),
    # It calls itself a time-out too, so it stands behind them.
    Row("webservice.no_way", "NewConnectionError"),
    Row("webservice.needs_https", "BadStatusLine", r"\\x15\\x03"),
    Row(
        "webservice.closed",
        "RemoteDisconnected IncompleteRead ConnectionResetError BrokenPipeError ConnectionAbortedError",
    ),
    Row("webservice.other_product", "BadStatusLine"),
    Row("webservice.garbled", "DecodeError InvalidChunkLength ChunkedEncodingError"),
    Row("webservice.other_product", "InvalidHeader LineTooLong HTTPException"),
)

_GREETING = re.compile(r"BadStatusLine\((['\"])(.*?)\1\)")


def cause(error: BaseException, **known: object) -> Outcome:
    """The fault behind an exception of requests, urllib3, ssl or socket; unknown ones keep their own words."""
    chain = list(_chain(error))
    text = str(error)[:500]
    tls = next((one for one in chain if isinstance(one, ssl.SSLError)), None)
    # A socket that ends in the middle of TLS is a closed connection, not a question of trust.
    if tls is not None and not isinstance(tls, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return fault(handshake_code(str(tls)), original=str(tls)[:500])
    kinds = frozenset(kind.__name__ for one in chain for kind in type(one).__mro__)
    row = next((row for row in ROWS if row.fits(kinds, text)), None)
    if tls is not None and row is None:
        row = Row("webservice.closed")
    if row is None:
        return fault("webservice.unknown", original=text)
    details: dict[str, object] = {"host": "-", "place": "-", "seconds": "-", "proxy": "-"} | known
    if row.code == "webservice.other_product":
        greeting = _GREETING.search(text)
        details["product"] = (greeting[2] if greeting else text)[:80]
    return fault(row.code, **details, original=text)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and all that it was made of: its reason, its arguments, what it was raised from."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        reason = getattr(one, "reason", None)
        waiting += [reason if isinstance(reason, BaseException) else None, one.__cause__, one.__context__]
        waiting += [argument for argument in one.args if isinstance(argument, BaseException)]
