"""The demo database, profiles for it, ODBC data sources that lead to it, and ports that are no database."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.connection.proving import ask, prove_at_once  # noqa: F401 - fixtures
from tests.connection.servers import data_sources, mariadb, postgresql, sqlite_source  # noqa: F401 - fixtures
from tests.connection.sites import maria_site, pg_site  # noqa: F401 - fixtures
from wizard.checklist.check import Outcome, Subject
from wizard.checklist.registry import checks, chosen
from wizard.checklist.run import Run
from wizard.demo import logix_db
from wizard.isolated.host import Job
from wizard.profile.load import profile_from_data


@pytest.fixture(scope="session")
def logix_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("logix") / "logix.sqlite"
    logix_db.build(file)
    return file


@pytest.fixture
def changed(tmp_path: Path, logix_file: Path) -> Callable[..., dict[str, Any]]:
    """The section for the demo's database after some statements."""

    def made(*statements: str) -> dict[str, Any]:
        file = tmp_path / "changed.sqlite"
        shutil.copy(logix_file, file)
        with closing(sqlite3.connect(file)) as database:
            for statement in statements:
                database.execute(statement)
            database.commit()
        return {"kind": "sqlite", "file": file.name}

    return made


@pytest.fixture
def make(logix_file: Path, tmp_path: Path) -> Callable[..., Subject]:
    """A subject over the demo database, but for the sections that are given."""

    def made(typed: dict[str, str] | None = None, **sections: Any) -> Subject:
        data = {
            "name": "Serra Azul",
            "environment": "test",
            "company": {"logix": "01", "site": "01"},
            "database": {"kind": "sqlite", "file": str(logix_file)},
            "webservice": {"url": "http://127.0.0.1:1/ws"},
        }
        return Subject(profile_from_data(data | sections), tmp_path / "serra-azul.yaml", typed or {})

    return made


@pytest.fixture
def check(make: Callable[..., Subject]) -> Callable[..., Outcome]:
    """What a check answers about such a subject, here and now."""

    def answered(id_: str, typed: dict[str, str] | None = None, **sections: Any) -> Outcome:
        return checks()[id_].run(make(typed, **sections))

    return answered


@pytest.fixture
def check_in_child(make: Callable[..., Subject]) -> Callable[..., dict[str, Outcome]]:
    """What a check and all that it needs answer, each in its child: the driver manager reads its files once."""

    def answered(id_: str, typed: dict[str, str] | None = None, **sections: Any) -> dict[str, Outcome]:
        report = Run(make(typed, **sections), chosen([id_]), timeout=20).run()
        return {result.check.id: result.outcome for result in report.results}

    return answered


@pytest.fixture
def check_alone(make: Callable[..., Subject]) -> Callable[..., Outcome]:
    """What one check answers in a child of its own, whatever the ones that it needs would say."""

    def answered(id_: str, typed: dict[str, str] | None = None, **sections: Any) -> Outcome:
        request = {"check": id_, "subject": make(typed, **sections).to_json()}
        return Outcome(**Job("wizard.checklist.run:in_child", request, 60).run().answer)

    return answered


@pytest.fixture
def odbc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logix_file: Path) -> None:
    """Data sources of a system that has a driver for SQLite, and one whose library is gone."""
    found = sorted(Path("/usr/lib").glob("*/odbc/libsqlite3odbc.so"))
    if not found:
        pytest.skip("libsqliteodbc is not installed")
    folder = tmp_path / "odbc"
    folder.mkdir()
    drivers = f"[SQLite3]\nDriver={found[0]}\n\n[Ghost]\nDriver={folder}/libghost.so\n"
    text = tmp_path / "text.sqlite"
    text.write_text("This is no database. " * 200, encoding="utf-8")
    sources = (
        f"[LOGIX]\nDriver=SQLite3\nDatabase={logix_file}\n\n"
        f"[GHOST]\nDriver=Ghost\nDatabase={logix_file}\n\n"
        f"[NOFILE]\nDriver=SQLite3\nDatabase={folder}/no/such.sqlite\nNoCreat=1\n\n"
        f"[TEXT]\nDriver=SQLite3\nDatabase={text}\n"
    )
    (folder / "odbcinst.ini").write_text(drivers, encoding="utf-8")
    (folder / "odbc.ini").write_text(sources, encoding="utf-8")
    monkeypatch.setenv("ODBCSYSINI", str(folder))
    monkeypatch.setenv("ODBCINI", str(folder / "odbc.ini"))
    monkeypatch.delenv("ODBCINSTINI", raising=False)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
