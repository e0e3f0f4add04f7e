"""A Logix with everything at once: a huge type, case twins, one that outgrows its size, a hostile one, a plain one."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wizard.grades.difference import folded

COLOUR, SIZE, PRINT, HOSTILE, WASH = 1, 2, 3, 4, 5
COLOURS = 700_000
MANY = 30_000
"""More than a size of 4 holds, and several batches: as good as COLOURS for all but memory and time."""
PRINTS = 1233
"""What a size of 3 holds; the print has that size."""

SQL = "cor;DROP TABLE cor--"

_TABLES = f"""
CREATE TABLE empresa (cod_empresa, den_empresa);
INSERT INTO empresa VALUES ('01', 'Serra Azul');
CREATE TABLE ctr_grade (cod_empresa, cod_grade, descr_cabec_zoom, nom_tabela_zoom, descr_col_1_zoom, descr_col_2_zoom,
                        ies_ctr_empresa);
INSERT INTO ctr_grade VALUES
    ('01', {COLOUR}, 'Cor', 'cor', 'cod_cor', 'den_cor', 'N'),
    ('01', {SIZE}, 'Tamanho', 'TAMANHO', 'COD_TAMANHO', 'DEN_TAMANHO', 'S'),
    ('01', {PRINT}, 'Estampa', 'estampa', 'cod_estampa', 'den_estampa', 'N'),
    ('01', {HOSTILE}, 'Lavagem', '{SQL}', 'cod_cor', 'den_cor', 'N'),
    ('01', {WASH}, 'Modelagem', 'modelagem', 'cod_mod', 'den_mod', 'N'),
    ('02', 9, 'Outra', 'cor', 'cod_cor', 'den_cor', 'N');
CREATE TABLE item_ctr_grade (cod_empresa, cod_item, num_grade_1, num_grade_2, num_grade_3, num_grade_4, num_grade_5);
INSERT INTO item_ctr_grade VALUES ('01', 'CAMISA', 1, 2, 0, 0, 0), ('01', 'VESTIDO', 1, 2, 3, 5, 0),
                                  ('01', 'CALCA', 1, 4, 0, 0, 0), ('02', 'OUTRO', 9, 0, 0, 0, 0);
CREATE TABLE cor (cod_cor PRIMARY KEY, den_cor);
CREATE TABLE tamanho (cod_empresa, cod_tamanho, den_tamanho);
CREATE TABLE estampa (cod_estampa, den_estampa);
CREATE TABLE modelagem (cod_mod, den_mod);
INSERT INTO tamanho VALUES ('01', 'P', 'Pequeno'), ('01', 'p', 'pequeno'), ('01', 'GG', 'Grande'), ('01', 'Gg', ''),
                           ('01', 'M', 'Médio'), ('01', '  ', 'nada'), ('02', 'XG', 'de outra empresa');
"""


def build(file: Path, colours: int = COLOURS) -> None:
    """The database. Codes of colours are padded as CHAR(15) is; the prints just fit."""
    with closing(sqlite3.connect(file)) as logix, logix:
        logix.executescript(_TABLES)
        for table, code, count in (
            ("cor", "C{:07}", colours),
            ("estampa", "E{:05}", PRINTS),
            ("modelagem", "M{:03}", 40),
        ):
            rows = ((code.format(number).ljust(15), f"{table} nº {number}") for number in range(count))
            logix.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)


def outgrown() -> dict[str, Any]:
    """The type that has a size of 3 in the profile, as a document holds it."""
    return {
        "code": PRINT, "description": "Estampa", "content_table": "estampa", "code_column": "cod_estampa",
        "description_column": "den_estampa", "per_company": False, "indicator": "E", "size": 3, "contents": PRINTS,
    }  # fmt: skip


def edit(file: Path, dice: random.Random, round_: int) -> None:
    """What people do in a day: new, gone, back, renamed, written in other capitals, and one more print than fits."""
    with closing(sqlite3.connect(file)) as logix, logix:
        for table, code, text in (("cor", "cod_cor", "den_cor"), ("modelagem", "cod_mod", "den_mod")):
            codes = [row[0] for row in logix.execute(f"SELECT {code} FROM {table} ORDER BY {code}")]
            some = dice.sample(codes, min(len(codes) // 4, 2000))
            third = len(some) // 3
            for statement, values in (
                (f"DELETE FROM {table} WHERE {code} = ?", [(one,) for one in some[:third]]),
                (f"UPDATE {table} SET {text} = ? WHERE {code} = ?",
                 [(f"renomeada {dice.random()}", one) for one in some[third : 2 * third]]),
                (f"UPDATE {table} SET {code} = lower({code}) WHERE {code} = ?", [(one,) for one in some[2 * third :]]),
                (f"INSERT INTO {table} VALUES (?, ?)",
                 [(f"{'AZ'[dice.random() < 0.5]}{round_}N{number}", "nova") for number in range(third // 2)]),
            ):  # fmt: skip
                logix.executemany(statement, values)
        # Gone in an earlier round: back with another description and another end of its padding.
        logix.execute("INSERT OR IGNORE INTO cor SELECT 'C' || printf('%07d', ?), 'de volta'", [dice.randrange(1000)])
        logix.execute("INSERT INTO estampa VALUES (?, 'a mais')", [f"X{round_:05}"])
        logix.execute("INSERT INTO tamanho VALUES ('01', ?, 'x')", [dice.choice(["G", "g", "XP", "xp", "m"])])


def never_moved(before: Mapping[int, pa.Table], after: Mapping[int, pa.Table]) -> None:
    """Whatever had a reference has it still, and no reference was given twice."""
    for code, old in before.items():
        new = after[code].slice(0, old.num_rows)
        assert new["reference"].equals(old["reference"])
        assert folded(new["code"].combine_chunks()).equals(folded(old["code"].combine_chunks()))
    given = pa.concat_tables(list(after.values()))["reference"]
    assert pc.count_distinct(given).as_py() == len(given)
