"""A stand-in for Informix that a real ODBC driver talks to, and that writes down what it hears on the wire.

No Informix can be had for the tests. This server speaks the protocol of PostgreSQL, version 3, so that Debian's
psqlODBC carries the statements of a session over a real connection; the statements are those of Informix. It holds
a little of what the tests ask for: each session has its isolation level, as it was told, and tells it when asked.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

USER = "aps"

LOCKED = (
    "[HY000] [Informix][Informix ODBC Driver][Informix]Could not do a physical-order read to fetch next row. (-244); "
    "[HY000] [Informix][Informix ODBC Driver][Informix]ISAM error:  record is locked. (-107)"
)
"""What the driver of Informix says of a locked row."""

Rows = Sequence[Sequence[object]]


class Refused(Exception):
    """The stand-in answers a statement with an error of this text."""


@dataclass(frozen=True)
class Heard:
    """A statement as it came over the wire: in which session, the values of its parameters, and when (seconds)."""

    session: int
    sql: str
    values: tuple[str, ...] = ()
    at: float = field(default_factory=time.monotonic, compare=False)


@dataclass(frozen=True)
class Table:
    """What a query gives: names of the columns, and the rows. Whole numbers are int4, all else is text."""

    columns: tuple[str, ...]
    rows: Rows = ()


@dataclass
class _Session:
    number: int
    level: int = 2
    statements: dict[str, str] = field(default_factory=dict)
    portals: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    cursors: dict[str, Table] = field(default_factory=dict)
    in_transaction: bool = False

    @property
    def ready(self) -> bytes:
        """That the next statement may come; drivers end a transaction only when they heard that there is one."""
        return _message(b"Z", b"T" if self.in_transaction else b"I")


Answer = Callable[[str], Table]

_WITHOUT_ROWS = (
    *("SET ", "DEALLOCATE ", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT ", "RELEASE "),
    *("declare ", "close ", "commit", "rollback"),
)
# A read in pieces: the driver puts a transaction and a cursor around the query.
_CURSOR = re.compile(r'declare "(\w+)" cursor .*?for (.*)', re.DOTALL)
_FETCH = re.compile(r'fetch \d+ in "(\w+)"')

LEVELS = {"DIRTY READ": 1, "COMMITTED READ": 2, "REPEATABLE READ": 5}
"""What Informix tells of a level (sysmaster:systxptab.isolevel), by the words that set it."""


@dataclass
class StandIn:
    """The server. `answer` gives the rows of every query that is not about the session.

    `met` is called before it answers such a query, and may raise Refused. A `deaf` one takes a level and goes
    on as before, as some drivers do.
    """

    answer: Answer
    met: Callable[[str], None] = lambda sql: None
    deaf: bool = False
    port: int = 0
    heard: list[Heard] = field(default_factory=list)
    sessions: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of_session(self, number: int) -> list[str]:
        """The statements of one session, from 1 on, in their order."""
        with self.lock:
            return [heard.sql for heard in self.heard if heard.session == number]

    def times(self, words: str) -> list[float]:
        """When statements with these words came."""
        with self.lock:
            return [heard.at for heard in self.heard if words in heard.sql]

    def run(self, session: _Session, sql: str, values: tuple[str, ...]) -> Table | None:
        """The answer to one statement; None for one that gives no rows."""
        word = sql.partition(" ")[0].upper()
        session.in_transaction = word == "BEGIN" or (session.in_transaction and word not in ("COMMIT", "ROLLBACK"))
        if declared := _CURSOR.match(sql):
            session.cursors[declared[1]] = self.run(session, declared[2], values) or Table(())
            return None
        if fetched := _FETCH.match(sql):
            table = session.cursors[fetched[1]]
            session.cursors[fetched[1]] = Table(table.columns)
            return table
        with self.lock:
            self.heard.append(Heard(session.number, sql, values))
        told = re.match(r"SET ISOLATION TO (.*)", sql)
        if told and not self.deaf:
            session.level = LEVELS[told[1]]
        if sql.startswith(_WITHOUT_ROWS):
            return None
        if sql.startswith("SELECT ") and "sysmaster" not in sql:
            self.met(sql)
        return self.table(session, sql)

    def table(self, session: _Session, sql: str) -> Table:
        if "sysmaster:systxptab" in sql:
            return Table(("isolevel",), [[session.level]])
        if sql.lower().startswith("show transaction_isolation"):
            return Table(("transaction_isolation",), [["read committed"]])
        if "pg_type" in sql:
            return Table(("oid", "typbasetype"))
        return self.answer(sql)


@contextmanager
def stand_in(answer: Answer, met: Callable[[str], None] = lambda sql: None) -> Iterator[StandIn]:
    """The server on a port of its own, gone with its sessions at the end."""
    server = StandIn(answer, met)
    open_: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=_serve, args=(server, connection), name="stand-in session")
            with server.lock:
                open_.append(connection)
                threads.append(thread)
            thread.start()

    listener = socket.create_server(("127.0.0.1", 0))
    server.port = int(listener.getsockname()[1])
    acceptor = threading.Thread(target=accept, args=(listener,), name="stand-in")
    acceptor.start()
    try:
        yield server
    finally:
        # `shutdown` wakes the thread that waits in accept; closing alone does not everywhere.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join()
        for connection in open_:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def data_source(folder: Path, port: int, dsn: str = "LOGIX", *, pooling: bool = False) -> dict[str, str]:
    """odbcinst.ini and odbc.ini with the stand-in as a data source; gives the environment that shows them.

    Raises LookupError where the driver is not installed. With `pooling` the driver manager keeps connections for a
    minute, if the program lets it.
    """
    found = sorted(Path("/usr/lib").glob("*/odbc/psqlodbcw.so"))
    if not found:
        raise LookupError("odbc-postgresql is not installed")
    folder.mkdir()
    pool = "[ODBC]\nPooling=Yes\n\n" if pooling else ""
    drivers = f"{pool}[Stand-in]\nDriver={found[0]}\nCPTimeout=60\n"
    source = f"[{dsn}]\nDriver=Stand-in\nServername=127.0.0.1\nPort={port}\nDatabase=logix\nSSLmode=disable\n"
    (folder / "odbcinst.ini").write_text(drivers, "utf-8")
    (folder / "odbc.ini").write_text(source, "utf-8")
    return {"ODBCSYSINI": str(folder), "ODBCINI": str(folder / "odbc.ini")}


# --- the protocol ------------------------------------------------------------------------------

_STARTUP, _NO_ENCRYPTION, _CANCEL = 196608, (80877103, 80877104), 80877102
_INT4, _VARCHAR = 23, 1043
_LENGTH = 255
"""Characters of a text, which the driver takes for the length of a column."""
_SETTINGS = {
    "server_version": "15.0",
    "server_encoding": "UTF8",
    "client_encoding": "UTF8",
    "standard_conforming_strings": "on",
    "integer_datetimes": "on",
    "DateStyle": "ISO, MDY",
}


def _serve(server: StandIn, connection: socket.socket) -> None:
    """One connection, from its greeting to its end."""
    with connection, connection.makefile("rb") as incoming, suppress(OSError, EOFError):
        code = _greeting(incoming)
        while code in _NO_ENCRYPTION:
            connection.sendall(b"N")
            code = _greeting(incoming)
        if code != _STARTUP:
            return
        with server.lock:
            server.sessions += 1
            session = _Session(server.sessions)
        told = b"".join(_message(b"S", _texts(name, value)) for name, value in _SETTINGS.items())
        key = _message(b"K", struct.pack("!ii", session.number, 1))
        connection.sendall(_message(b"R", struct.pack("!i", 0)) + told + key + session.ready)
        skipping = False
        while True:
            kind = incoming.read(1)
            if kind in (b"", b"X"):
                return
            body = _exactly(incoming, struct.unpack("!i", _exactly(incoming, 4))[0] - 4)
            if kind == b"S":
                skipping = False
                connection.sendall(session.ready)
            elif kind == b"Q":
                connection.sendall(_simple(server, session, _text(body, 0)[0]))
                connection.sendall(session.ready)
            elif not skipping:
                try:
                    connection.sendall(_extended(server, session, kind, body))
                except Refused as error:
                    connection.sendall(_error(str(error)))
                    skipping = True


def _simple(server: StandIn, session: _Session, text: str) -> bytes:
    """One message may hold several statements; the first that fails ends them."""
    answers = b""
    for sql in filter(None, (part.strip() for part in text.split(";"))):
        try:
            table = server.run(session, sql, ())
        except Refused as error:
            return answers + _error(str(error))
        answers += (_described(table) if table else b"") + _rows(sql, table)
    return answers


def _extended(server: StandIn, session: _Session, kind: bytes, body: bytes) -> bytes:
    """Parse, Bind, Describe, Execute and Close, one at a time."""
    match kind:
        case b"P":
            name, at = _text(body, 0)
            session.statements[name] = _text(body, at)[0]
            return _message(b"1")
        case b"B":
            portal, at = _text(body, 0)
            name, at = _text(body, at)
            session.portals[portal] = session.statements[name], _bound(body, at)
            return _message(b"2")
        case b"D":
            name = _text(body, 1)[0]
            of_statement = body[:1] == b"S"
            sql = session.statements[name] if of_statement else session.portals[name][0]
            count = len(set(re.findall(r"\$\d+", sql)))
            parameters = _message(b"t", struct.pack("!h", count) + struct.pack("!i", _VARCHAR) * count)
            # Only its columns are told: what a query runs into shows when it runs.
            table = None if sql.startswith(_WITHOUT_ROWS) else server.table(session, sql)
            return (parameters if of_statement else b"") + (_described(table) if table else _message(b"n"))
        case b"E":
            sql, values = session.portals[_text(body, 0)[0]]
            return _rows(sql, server.run(session, sql, values))
        case b"C":
            return _message(b"3")
    return b""


def _bound(body: bytes, at: int) -> tuple[str, ...]:
    """The values of a Bind, all of them sent as text."""
    formats = struct.unpack_from("!h", body, at)[0]
    at += 2 + 2 * formats
    count = struct.unpack_from("!h", body, at)[0]
    at += 2
    values: list[str] = []
    for _index in range(count):
        length = struct.unpack_from("!i", body, at)[0]
        at += 4
        values.append(body[at : at + length].decode() if length >= 0 else "NULL")
        at += max(length, 0)
    return tuple(values)


def _described(table: Table) -> bytes:
    first = table.rows[0] if table.rows else [""] * len(table.columns)
    columns = b""
    for name, value in zip(table.columns, first, strict=True):
        kind, width, declared = (_INT4, 4, -1) if isinstance(value, int) else (_VARCHAR, -1, _LENGTH + 4)
        columns += _texts(name) + struct.pack("!ihihih", 0, 0, kind, width, declared, 0)
    return _message(b"T", struct.pack("!h", len(table.columns)) + columns)


def _rows(sql: str, table: Table | None) -> bytes:
    if table is None:
        word = sql.partition(" ")[0].upper()
        return _message(b"C", _texts(f"{word} CURSOR" if word in ("DECLARE", "CLOSE") else word))
    answers = b""
    for row in table.rows:
        cells = b""
        for value in row:
            raw = str(value).encode()
            cells += struct.pack("!i", len(raw)) + raw
        answers += _message(b"D", struct.pack("!h", len(row)) + cells)
    return answers + _message(b"C", _texts(f"{sql.split(maxsplit=1)[0].upper()} {len(table.rows)}"))


def _error(text: str) -> bytes:
    return _message(b"E", b"SERROR\0" + b"VERROR\0" + b"CHY000\0" + b"M" + text.encode() + b"\0\0")


def _message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def _texts(*texts: str) -> bytes:
    return b"".join(text.encode() + b"\0" for text in texts)


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A text that ends with a zero byte, and where the next one begins."""
    end = body.index(b"\0", at)
    return body[at:end].decode(), end + 1


def _greeting(incoming: BinaryIO) -> int:
    """The code of a startup packet; its parameters do not matter."""
    body = _exactly(incoming, struct.unpack("!i", _exactly(incoming, 4))[0] - 4)
    return int(struct.unpack_from("!i", body)[0])


def _exactly(incoming: BinaryIO, length: int) -> bytes:
    raw = incoming.read(length)
    if len(raw) < length:
        raise EOFError
    return raw
