"""A PostgreSQL server of the tests' own: on loopback, with its own data folder, never as root."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

USER = "aps"

SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
fsync = off
"""


@dataclass
class Server:
    """A running server; `database` makes an empty database and gives its URL, without the password."""

    port: int
    password: str
    made: list[str] = field(default_factory=list)

    def database(self) -> str:
        name = f"aps{len(self.made)}"
        self.execute(f"CREATE DATABASE {name}")
        self.made.append(name)
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str, name: str = "postgres") -> list[Any]:
        """One statement by itself; its rows, if there are any."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=self.password, dbname=name, autocommit=True
        ) as connection:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []


def binaries() -> Path | None:
    """Where the programs of the newest server are: Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    on_path = shutil.which("initdb")
    file = found[-1] if found else Path(on_path).resolve() if on_path else None
    return file.parent if file else None


def missing() -> str:
    """What is not installed; empty when the server can run."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed"
    return "" if binaries() else "PostgreSQL is not installed"


@contextmanager
def running() -> Iterator[Server]:
    programs = binaries()
    assert programs
    # Not below the folder of pytest, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="aps-postgres-"))
    try:
        server = Server(_free_port(), secrets.token_hex(16))
        who: dict[str, Any] = {}
        if os.geteuid() == 0:
            who = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(folder, "postgres", "postgres")
        data, password = folder / "data", folder / "password"
        password.write_text(server.password, encoding="ascii")
        if who:
            shutil.chown(password, "postgres", "postgres")

        def call(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs / program, "-D", data, *arguments],
                check=True, cwd=folder, stdout=subprocess.DEVNULL, **who,
            )  # fmt: skip

        call(
            "initdb", "-U", USER, "-A", "scram-sha-256", f"--pwfile={password}", "--no-sync", "-E", "UTF8", "--locale=C"
        )
        with (data / "postgresql.conf").open("a", encoding="ascii") as file:
            file.write(SETTINGS.format(port=server.port))
        call("pg_ctl", "start", "-w", "-l", str(folder / "log"))
        try:
            yield server
        finally:
            call("pg_ctl", "stop", "-w", "-m", "immediate")
    finally:
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
