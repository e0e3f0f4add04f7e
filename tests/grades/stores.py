"""APS stores on the private PostgreSQL of the tests: one database for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.connection.servers import Source


@dataclass
class Stores:
    """A running server; `database` makes an empty database and gives its URL, without the password."""

    server: Source
    made: list[str] = field(default_factory=list)

    @property
    def password(self) -> str:
        return self.server.password or ""

    def database(self) -> str:
        name = f"aps{len(self.made)}"
        self.execute(f"CREATE DATABASE {name}")
        self.made.append(name)
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{self.server.user}@127.0.0.1:{self.server.port}/{name}"

    def execute(self, statement: str, name: str = "postgres") -> list[Any]:
        """One statement by itself; its rows, if there are any."""
        import psycopg

        server = self.server
        with psycopg.connect(
            host="127.0.0.1", port=server.port, user=server.user, password=self.password, dbname=name, autocommit=True
        ) as connection:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []
