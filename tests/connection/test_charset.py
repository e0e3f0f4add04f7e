"""Do accents come through: what a server tells, words sent there and back, and text that is in its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.connection.servers import Source
from wizard.checklist.check import Outcome
from wizard.connection.checks.charset import GARBLED, WORDS
from wizard.connection.odbc_session import connection_string

Check = Callable[..., Outcome]

ID = "database.charset"


def test_the_demo_brings_accents_as_they_are(check: Check) -> None:
    outcome = check(ID)
    assert (outcome.status, outcome.code) == ("ok", "database.charset_ok")
    assert outcome.details == {"charset": "UTF-8"}


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize("word", ["Confecções São João", "AÇÚCAR À PARTE", "PÔR DO SOL", "40º nº"])
def test_text_that_was_decoded_wrongly_is_known_as_such(word: str, encoding: str) -> None:
    assert GARBLED.search(word.encode("utf-8").decode(encoding, "replace"))
    assert GARBLED.search(word.encode("cp1252").decode("utf-8", "replace"))


@pytest.mark.parametrize(
    "word",
    [WORDS, "NÃO", "PRODUÇÃO", "ÂMBAR", "maçã", "ÂNGULO À ESQUERDA", "Ã", "IRMÃ.", "LÃ/ALGODÃO", "QUAL? ESTE", "?"],
)
def test_text_as_it_should_be_is_left_alone(word: str) -> None:
    assert not GARBLED.search(word)


def test_garbled_text_in_a_table_is_shown(check: Check, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.sqlite")) as database:
        database.execute("CREATE TABLE empresa (cod_empresa, den_empresa)")
        database.execute("INSERT INTO empresa VALUES ('01', ?)", ["Confecções".encode().decode("cp1252", "replace")])
        database.commit()
    outcome = check(ID, database={"kind": "sqlite", "file": "x.sqlite"})
    assert (outcome.status, outcome.code) == ("warn", "database.text_garbled")
    assert "ConfecÃ§Ãµes" in outcome.message
    assert outcome.hint


def test_text_that_cannot_be_decoded_is_told(check: Check, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.sqlite")) as database:
        database.execute("CREATE TABLE empresa (cod_empresa, den_empresa)")
        database.execute("INSERT INTO empresa VALUES ('01', CAST(? AS TEXT))", ["Confecções".encode("cp1252")])
        database.commit()
    outcome = check(ID, database={"kind": "sqlite", "file": "x.sqlite"})
    assert (outcome.status, outcome.code) == ("fail", "database.text_undecodable")
    assert outcome.hint


def test_a_database_without_such_text_is_asked_by_words(check: Check, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.sqlite")) as database:
        database.execute("CREATE TABLE empresa (cod_empresa, den_empresa)")
    outcome = check(ID, database={"kind": "sqlite", "file": "x.sqlite"})
    assert (outcome.status, outcome.code) == ("ok", "database.charset_ok")
    assert "come back as they were sent" in outcome.message


def test_a_server_that_does_not_tell_is_looked_at_all_the_same(check_alone: Check, odbc: None) -> None:
    outcome = check_alone(ID, database={"kind": "odbc", "dsn": "LOGIX"})
    assert (outcome.status, outcome.code) == ("ok", "database.charset_ok")
    assert "Costura em máquina overloque" in outcome.message
    assert "does not tell" in outcome.message


def test_words_come_back_from_a_server(
    postgresql: Source, data_sources: Callable[..., object], check_alone: Check
) -> None:
    data_sources(postgresql)
    outcome = check_alone(ID, postgresql.typed, database=postgresql.settings())
    assert (outcome.status, outcome.code) == ("ok", "database.charset_ok")
    assert "come back as they were sent" in outcome.message


def test_text_of_a_table_counts_more_than_words_that_are_sent(
    mariadb: Source, company: None, data_sources: Callable[..., object], check_alone: Check
) -> None:
    # This driver spoils accented letters in some statements, and reads them well.
    data_sources(mariadb)
    outcome = check_alone(ID, mariadb.typed, database=mariadb.settings())
    assert (outcome.status, outcome.code) == ("ok", "database.charset_ok")
    assert "Confecções" in outcome.message


@pytest.fixture
def company(mariadb: Source) -> Iterator[None]:
    """A table with an accent, as its server holds it."""
    import pyodbc

    pyodbc.pooling = False
    with closing(pyodbc.connect(connection_string(mariadb.odbc), autocommit=True)) as owner:
        owner.execute("CREATE TABLE empresa (cod_empresa CHAR(2), den_empresa CHAR(36))")
        owner.execute("INSERT INTO empresa VALUES ('01', 'Confecções')")
        yield
        owner.execute("DROP TABLE empresa")


def in_cyrillic(source: Source) -> Source:
    """The same data source, whose DSN names the character set of another country."""
    parts: dict[str, Any] = {**source.parts, "CHARSET": "cp1251"}
    return replace(source, parts=parts)


def test_letters_that_the_data_source_does_not_have_are_missed_in_a_table(
    mariadb: Source, company: None, data_sources: Callable[..., object], check_alone: Check
) -> None:
    source = in_cyrillic(mariadb)
    data_sources(source)
    outcome = check_alone(ID, source.typed, database=source.settings())
    assert (outcome.status, outcome.code) == ("warn", "database.text_garbled")
    assert "Confec??es" in outcome.message
    assert outcome.hint


def test_letters_that_the_data_source_does_not_have_do_not_come_back(
    mariadb: Source, data_sources: Callable[..., object], check_alone: Check
) -> None:
    source = in_cyrillic(mariadb)
    data_sources(source)
    outcome = check_alone(ID, source.typed, database=source.settings())
    assert outcome.status == "warn"
    assert outcome.code in ("database.text_changed", "database.text_refused")
    assert outcome.hint
