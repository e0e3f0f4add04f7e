"""The demo database, databases that a test says, and profiles for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.connection.servers import Source, postgresql  # noqa: F401 - a fixture
from tests.grades.stores import Stores
from wizard.checklist.check import Subject
from wizard.demo import logix_db
from wizard.profile.load import profile_from_data

TABLES = """
CREATE TABLE ctr_grade (cod_empresa, cod_grade, descr_cabec_zoom, nom_tabela_zoom, descr_col_1_zoom, descr_col_2_zoom,
                        ies_ctr_empresa);
CREATE TABLE item_ctr_grade (cod_empresa, cod_item, num_grade_1, num_grade_2, num_grade_3, num_grade_4, num_grade_5);
CREATE TABLE cor (cod_empresa, cod_cor, den_cor);
INSERT INTO cor VALUES ('01', 'AZUL', 'Azul'), ('01', 'VERDE', 'Verde'), ('02', 'ROSA', 'Rosa');
"""


@pytest.fixture(scope="session")
def logix_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("logix") / "logix.sqlite"
    logix_db.build(file)
    return file


@pytest.fixture
def make(logix_file: Path, tmp_path: Path) -> Callable[..., Subject]:
    """A subject over the demo database, but for the sections that are given."""

    def made(**sections: Any) -> Subject:
        data = {
            "name": "Serra Azul",
            "environment": "test",
            "company": {"logix": "01", "site": "01"},
            "database": {"kind": "sqlite", "file": str(logix_file)},
            "webservice": {"url": "http://127.0.0.1:1/ws"},
        }
        return Subject(profile_from_data(data | sections), tmp_path / "serra-azul.yaml")

    return made


@pytest.fixture
def own_database(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """A Logix database with nothing in it but a small table `cor` and what the statements add."""

    def made(*statements: str, rows: list[tuple[Any, ...]] | None = None) -> dict[str, Any]:
        file = tmp_path / "own.sqlite"
        file.unlink(missing_ok=True)
        with closing(sqlite3.connect(file)) as database:
            database.executescript(TABLES)
            database.executemany("INSERT INTO ctr_grade VALUES (?, ?, ?, ?, ?, ?, ?)", rows or [])
            for statement in statements:
                database.execute(statement)
            database.commit()
        return {"kind": "sqlite", "file": file.name}

    return made


@pytest.fixture
def grade_type() -> Callable[..., dict[str, Any]]:
    """A grade type as a document holds it."""

    def made(code: int, contents: int = 10, size: int = 3, description: str = "") -> dict[str, Any]:
        return {
            "code": code,
            "description": description or f"Tipo {code}",
            "content_table": "cor",
            "code_column": "cod_cor",
            "description_column": "den_cor",
            "per_company": True,
            "indicator": "ABCDEFGHIJ"[code],
            "size": size,
            "contents": contents,
        }

    return made


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Stores:
    server: Source = request.getfixturevalue("postgresql")
    return Stores(server)


@pytest.fixture(params=["sqlite", "postgresql"])
def subject(request: pytest.FixtureRequest, make: Callable[..., Subject]) -> Subject:
    """A profile with a store that was not made yet, of each kind that can be had here."""
    if request.param == "sqlite":
        return make()
    server: Stores = request.getfixturevalue("postgres_server")
    with_server = make(aps={"url": server.database()})
    return Subject(with_server.profile, with_server.file, {"aps.password": server.password})
