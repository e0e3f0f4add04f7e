"""Private database servers and ODBC data sources for the tests: loopback only, in a folder of their own, gone with us.

A server runs under a keeper, a process that has left the family of the tests (they count their children) and that
ends the server and removes its folder as soon as our end of a pipe is closed, even if we were killed. No server runs
as root: started by root, it becomes `nobody`. Debian's packages are in PACKAGES; no service of the system is used.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = "mariadb-server-core odbc-mariadb postgresql odbc-postgresql libsqliteodbc tdsodbc"

USER, PASSWORD, DATABASE = "aps", "senha-de-teste", "logix"
START_LIMIT = 90
"""Seconds until a server has to answer; a second is usual."""


@dataclass(frozen=True)
class Source:
    """One ODBC data source: the library of its driver and what a DSN says; user and password stand apart.

    `odbc` makes a connection string without any DSN, which works in the process of the tests too. A
    DSN (`data_sources`) is for children: the driver manager reads its files once in a process.
    """

    dsn: str
    driver: Path
    parts: Mapping[str, object]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    port: int = 0

    @property
    def odbc(self) -> dict[str, object]:
        """Keywords of a connection string that needs no data source."""
        return {"DRIVER": str(self.driver), **self.parts, "UID": self.user, "PWD": self.password}

    def settings(self, **fields: Any) -> dict[str, Any]:
        """The section `database` of a profile that goes through the DSN."""
        user = {"user": self.user} if self.user else {}
        return {"kind": "odbc", "dsn": self.dsn, **user, **fields}

    @property
    def typed(self) -> dict[str, str]:
        """The password as somebody typed it (Subject.typed)."""
        return {"database.password": self.password} if self.password else {}


# --- fixtures ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Source]:
    """MariaDB with an empty database; tests make tables of their own names and drop them."""
    with _or_skip("mariadb") as source:
        yield source


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Source]:
    """PostgreSQL with an empty database; tests make tables of their own names and drop them."""
    with _or_skip("postgresql") as source:
        yield source


@pytest.fixture
def sqlite_source(tmp_path: Path) -> Source:
    """A new SQLite file through its ODBC driver."""
    return sqlite(tmp_path / "odbc.sqlite")


@pytest.fixture
def data_sources(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Make a system whose ODBC data sources are the given ones; children of the test see it. Gives the folder."""

    def made(*sources: Source) -> Path:
        folder = write_data_sources(tmp_path_factory.mktemp("odbc"), *sources)
        for name, value in odbc_environment(folder).items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("ODBCINSTINI", raising=False)
        return folder

    return made


@contextmanager
def _or_skip(key: str) -> Iterator[Source]:
    """The server, or a skipped test where its packages are missing."""
    try:
        server = SERVERS[key]
        server.driver()
        server.program()
    except LookupError as error:
        pytest.skip(str(error))
    with open_server(key) as source:
        yield source


# --- data sources ------------------------------------------------------------------------------


def library(name: str, package: str) -> Path:
    """The library of a driver. Raises LookupError where it is not installed."""
    found = sorted(Path("/usr/lib").glob(f"*/odbc/{name}"))
    if not found:
        raise LookupError(f"{package} is not installed")
    return found[0]


def sqlite(file: Path) -> Source:
    """A SQLite file as a data source; it is made when it is not there."""
    try:
        return Source("APS_SQLITE", library("libsqlite3odbc.so", "libsqliteodbc"), {"DATABASE": str(file)})
    except LookupError as error:
        pytest.skip(str(error))


def write_data_sources(folder: Path, *sources: Source) -> Path:
    """odbcinst.ini and odbc.ini for these sources. No password: that comes with the connection."""
    drivers, dsns = [], []
    for source in sources:
        name = f"{source.dsn} driver"
        drivers.append(f"[{name}]\nDriver={source.driver}\n")
        lines = "".join(f"{key}={value}\n" for key, value in source.parts.items())
        dsns.append(f"[{source.dsn}]\nDriver={name}\n{lines}")
    (folder / "odbcinst.ini").write_text("\n".join(drivers), encoding="utf-8")
    (folder / "odbc.ini").write_text("\n".join(dsns), encoding="utf-8")
    return folder


def odbc_environment(folder: Path) -> dict[str, str]:
    """The variables by which unixODBC finds the files of a folder; ODBCINSTINI must not be set beside them."""
    return {"ODBCSYSINI": str(folder), "ODBCINI": str(folder / "odbc.ini")}


# --- servers -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Server:
    """How one kind of server is made and started, in a folder; it never has the rights of root."""

    dsn: str
    driver: Callable[[], Path]
    program: Callable[[], Path]
    prepare: Callable[[Path], None]
    command: Callable[[Path, int], list[str]]
    ready: str
    """What the log says when the server answers."""
    end: str
    """The signal, without SIG, that ends it at once with all its processes; nothing of it is kept."""
    parts: Mapping[str, object]


def _mariadbd() -> Path:
    found = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not found:
        raise LookupError("mariadb-server-core is not installed")
    return Path(found)


def _postgres() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        raise LookupError("postgresql is not installed")
    return found[-1]


def _prepare_mariadb(folder: Path) -> None:
    """The tables of the server itself, and what the server is told at its start."""
    scripts = Path("/usr/share/mysql")
    # mysql_* up to 10.11, mariadb_* later.
    names = ("m*_system_tables.sql", "m*_system_tables_data.sql", "m*_performance_tables.sql")
    tables = [min(scripts.glob(name)).read_text(encoding="utf-8") for name in names]
    data = folder / "data"
    data.mkdir()
    _own(data)
    _as_user(
        [str(_mariadbd()), "--no-defaults", "--bootstrap", f"--datadir={data}", "--skip-log-bin"],
        "CREATE DATABASE mysql;\nUSE mysql;\n" + "\n".join(tables),
    )
    (folder / "init.sql").write_text(
        f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4;\n"
        f"CREATE USER '{USER}'@'%' IDENTIFIED BY '{PASSWORD}';\n"
        f"GRANT ALL ON *.* TO '{USER}'@'%' WITH GRANT OPTION;\n",
        encoding="utf-8",
    )


def _mariadb_command(folder: Path, port: int) -> list[str]:
    return [
        str(_mariadbd()),
        "--no-defaults",
        f"--datadir={folder / 'data'}",
        f"--socket={folder / 'data' / 'socket'}",
        f"--pid-file={folder / 'data' / 'pid'}",
        f"--tmpdir={folder / 'data'}",
        f"--init-file={folder / 'init.sql'}",
        f"--port={port}",
        "--bind-address=127.0.0.1",
        "--skip-name-resolve",
        "--skip-log-bin",
        "--innodb-buffer-pool-size=512M",
        "--innodb-flush-log-at-trx-commit=0",
        "--max-allowed-packet=64M",
    ]


def _prepare_postgres(folder: Path) -> None:
    data, password = folder / "data", folder / "password"
    data.mkdir(mode=0o700)
    password.write_text(PASSWORD, encoding="utf-8")
    _own(data)
    _as_user(
        [
            *(str(_postgres().with_name("initdb")), f"--pgdata={data}", f"--username={USER}", f"--pwfile={password}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        ]
    )
    _as_user([str(_postgres()), "--single", "-D", str(data), "postgres"], f"CREATE DATABASE {DATABASE};\n")


def _postgres_command(folder: Path, port: int) -> list[str]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_wal_size": "4GB",
        "autovacuum": "off",
        "shared_buffers": "256MB",
    }
    command = [str(_postgres()), "-D", str(folder / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command


SERVERS: Mapping[str, _Server] = {
    "mariadb": _Server(
        "APS_MARIADB",
        lambda: library("libmaodbc.so", "odbc-mariadb"),
        _mariadbd,
        _prepare_mariadb,
        _mariadb_command,
        "ready for connections",
        "KILL",
        {"SERVER": "127.0.0.1", "DATABASE": DATABASE, "CHARSET": "utf8mb4"},
    ),
    "postgresql": _Server(
        "APS_POSTGRESQL",
        lambda: library("psqlodbcw.so", "odbc-postgresql"),
        _postgres,
        _prepare_postgres,
        _postgres_command,
        "ready to accept connections",
        "QUIT",
        {"Servername": "127.0.0.1", "DATABASE": DATABASE},
    ),
}


@contextmanager
def open_server(key: str) -> Iterator[Source]:
    """A server of this kind ("mariadb", "postgresql") for the time of the block. Needs Linux."""
    server = SERVERS[key]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.connection.servers", key],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    ) as keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        try:
            line = keeper.stdout.readline()
            keeper.wait()  # the first process; the keeper itself is no child of ours
            if not line:
                raise RuntimeError(f"the {key} server did not start")
            port = int(json.loads(line)["port"])
            parts = {**server.parts, "PORT": port}
            yield Source(server.dsn, server.driver(), parts, USER, PASSWORD, port)
        finally:
            keeper.stdin.close()
            keeper.stdout.read()  # its end is the keeper's


def _keep(key: str) -> None:
    """The keeper: start the server, say its port, wait for the end of standard input, end the server."""
    if os.fork():
        # The first process ends, and nobody counts the second among our children.
        os._exit(0)
    server = SERVERS[key]
    folder = Path(tempfile.mkdtemp(prefix="aps-server-"))
    process = None
    try:
        folder.chmod(0o755)
        server.prepare(folder)
        process, port = _started(server, folder)
        sys.stdout.write(json.dumps({"port": port}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        if process is not None:
            process.send_signal(signal.Signals[f"SIG{server.end}"])
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _started(server: _Server, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """The server, answering, and its port. A port that somebody took in the meantime is not the end."""
    deadline = time.monotonic() + START_LIMIT
    log = folder / "log"
    while True:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = int(listener.getsockname()[1])
        with log.open("wb") as output:
            # --pdeathsig: should the keeper itself be killed, the server does not outlive it.
            command = _drop(["--pdeathsig", server.end]) + server.command(folder, port)
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder)
        while process.poll() is None and server.ready not in log.read_text(errors="replace"):
            if time.monotonic() > deadline:
                process.send_signal(signal.Signals[f"SIG{server.end}"])
                process.wait()
                break
            time.sleep(0.05)
        if process.returncode is None:
            return process, port
        if time.monotonic() > deadline or "n use" not in log.read_text(errors="replace"):
            sys.stderr.write(log.read_text(errors="replace"))
            raise SystemExit(1)


def _drop(options: list[str] | None = None) -> list[str]:
    """The words before a command that make it run without the rights of root."""
    rights = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *rights, *(options or []), "--"]


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")


def _as_user(command: list[str], text: str = "") -> None:
    """Run a preparation to its end; what it says is shown only when it fails."""
    done = subprocess.run(
        _drop() + command,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd="/",
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise SystemExit(1)


if __name__ == "__main__":
    _keep(sys.argv[1])
