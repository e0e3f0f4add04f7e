"""The demo's Logix database: a clothing maker with its branch, in one SQLite file.

Tables and columns carry the names Logix gives them. CHAR columns hold their full width, padded with
blanks, as a Logix CHAR reads through ODBC; their collation is RTRIM, so that SQLite compares them as the
ERP's own database does: trailing blanks count for nothing, upper and lower case differ. Dates are ISO
text, decimals are plain numbers.

Rules kept, from the manual of the integration (TDN, "Integração TOTVS APS x Logix Manufatura", 1.9, 1.10
and 1.12) and from the 4GL programs written around Logix:

* ``ctr_grade`` tells, per company, the table a grade type's contents stand in and the names of its code
  and description columns; the contents are filtered by ``cod_empresa`` only if ``ies_ctr_empresa`` = 'S';
* ``item_ctr_grade`` puts grade types in up to five slots of an item, the other key columns being 0; a row
  with a blank item speaks for a whole classification;
* ``item_grade`` lists the contents an item may have, one by one or by a group of ``grupo_grade``.

The plant (resources, routes, orders, stock, purchases) stands in ``logix_plant``.

The columns of ``man_conteudo_grade`` other than ``grade``, the content tables and the widths of
descriptive columns are not public: those here are plausible, not copied from an installation.

The content is the same at each call. Only ``Random.random()`` is drawn from, as it is the one method
whose sequence Python promises to keep between versions.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final, TypeVar

from wizard.demo import logix_plant
from wizard.demo.logix_table import Row, Table, Value, five, table

COMPANY: Final = "01"
"""The main company; company codes are text."""

BRANCH: Final = "02"
"""A branch whose grade types reuse codes 1 and 2: a query without the company mixes the two."""

COLOUR: Final = 1
"""Grade type Cor of the main company: contents per company, in ``cor_produto``."""

SIZE: Final = 2
"""Grade type Tamanho of the main company: contents shared by all companies, in ``tamanho_produto``."""

PRINT: Final = 3
"""Grade type Estampa of the main company: contents per company, in ``estampa_produto``."""

GRADE_TYPES: Final = 3
"""Grade types of the main company."""

BRANCH_GRADE_TYPES: Final = 3
"""Grade types of the branch: 1 and 2 (codes the main company has too) and 4."""

COLOURS: Final = 2400
"""Rows of the main company in ``cor_produto``, dirt included: more than 3-character references hold."""

SIZES: Final = 38
"""Rows of ``tamanho_produto``, dirt included."""

PRINTS: Final = 610
"""Rows of the main company in ``estampa_produto``, dirt included."""

COLOUR_CASE_TWINS: Final = 6
"""Codes of ``cor_produto`` (main company) that repeat another one in lower case ("AZUL 01", "azul 01")."""

SIZE_CASE_TWINS: Final = 1
"""The same in ``tamanho_produto``."""

PRINT_CASE_TWINS: Final = 2
"""The same in ``estampa_produto``."""

BLANK_CODES: Final = 3
"""Contents with a blank code: one in each of the main company's three content tables."""

BRANCH_COLOURS: Final = 90
"""Rows of the branch in ``cor_produto``; all their codes exist in the main company too."""

BRANCH_NUMBERS: Final = 20
"""Rows of ``numeracao_jeans``, the contents of the branch's type 2 (no company column)."""

BRANCH_WASHES: Final = 15
"""Rows of ``lavagem_jeans``, the contents of the branch's type 4."""

ITEMS_COLOUR_SIZE: Final = 2040
"""Items of the main company with Cor and Tamanho by a row of their own."""

ITEMS_COLOUR_SIZE_PRINT: Final = 340
"""Items of the main company with Cor, Tamanho and Estampa by a row of their own."""

ITEMS_SIZE: Final = 180
"""Items of the main company with Tamanho only."""

ITEMS_BY_CLASSIFICATION: Final = 60
"""Items of the main company with no row of their own whose product line has one."""

ITEMS_ZERO_SLOTS: Final = 120
"""Items of the main company without grade: a row of their own whose five slots are 0."""

ITEMS_NO_ROW: Final = 260
"""Items of the main company without grade: no row in ``item_ctr_grade``, nor one for their line."""

ITEMS: Final = (
    ITEMS_COLOUR_SIZE + ITEMS_COLOUR_SIZE_PRINT + ITEMS_SIZE + ITEMS_BY_CLASSIFICATION + ITEMS_ZERO_SLOTS + ITEMS_NO_ROW
)
"""Items of the main company: 3,000."""

BRANCH_ITEMS: Final = 120
"""Items of the branch; the first of them repeat item codes of the main company."""

CLASSIFICATION_ROWS: Final = 2
"""Rows of ``item_ctr_grade`` of the main company with a blank item: lines 4 (Uniformes) and 5 (Pijamas)."""

ITEM_CTR_GRADE_ROWS: Final = (
    ITEMS_COLOUR_SIZE + ITEMS_COLOUR_SIZE_PRINT + ITEMS_SIZE + ITEMS_ZERO_SLOTS + CLASSIFICATION_ROWS
)
"""All rows of ``item_ctr_grade`` of the main company."""

DEMANDS: Final = 400
"""Rows of ``mrp_dem_grade``, all of the main company."""

PARENTS: Final = 200
"""Items of the main company that have a structure in ``estrut_grade``."""

REFERENCE_DATE: Final = date(2024, 3, 4)
"""The day the demo's dates are counted from."""

PAR_PCP_WIDTH: Final = 400
"""Width of ``par_pcp.parametros``; its positions count from 1."""

_SEED: Final = 20240304

_T = TypeVar("_T")

_TABLES: Final = {
    one.name: one
    for one in (
        *logix_plant.TABLES,
        table(
            "empresa",
            "cod_empresa CHAR(2); den_empresa CHAR(36); den_reduz CHAR(10); end_empresa CHAR(36); "
            "den_bairro CHAR(19); den_munic CHAR(30); uni_feder CHAR(2); cod_cep CHAR(9); num_cgc CHAR(19)",
            key="cod_empresa",
        ),
        table(
            "ctr_grade",
            "cod_empresa CHAR(2); cod_grade DECIMAL(5,0); descr_cabec_zoom CHAR(48); "
            "nom_tabela_zoom CHAR(20); descr_col_1_zoom CHAR(20); descr_col_2_zoom CHAR(20); "
            "cod_progr_manut CHAR(8); ies_ctr_empresa CHAR(1)",
            key="cod_empresa cod_grade",
        ),
        table(
            "grade",
            "cod_empresa CHAR(2); cod_grade DECIMAL(5,0); den_grade_reduz CHAR(10); den_grade CHAR(30)",
            key="cod_empresa cod_grade",
        ),
        table(
            "cor_produto",
            "cod_empresa CHAR(2); cod_cor CHAR(15); den_cor CHAR(30); cod_pantone CHAR(10)",
            key="cod_empresa cod_cor",
        ),
        table(
            "tamanho_produto",
            "cod_tamanho CHAR(15); den_tamanho CHAR(30); num_ordem_exib DECIMAL(5,0)",
            key="cod_tamanho",
        ),
        table(
            "estampa_produto",
            "cod_empresa CHAR(2); cod_estampa CHAR(15); den_estampa VARCHAR(40); dat_criacao DATE",
            key="cod_empresa cod_estampa",
        ),
        table("numeracao_jeans", "cod_numero CHAR(15); den_numero CHAR(30)", key="cod_numero"),
        table(
            "lavagem_jeans",
            "cod_empresa CHAR(2); cod_lavagem CHAR(15); den_lavagem CHAR(30)",
            key="cod_empresa cod_lavagem",
        ),
        table(
            "item",
            "cod_empresa CHAR(2); cod_item CHAR(15); den_item CHAR(76); den_item_reduz CHAR(18); "
            "cod_unid_med CHAR(3); ies_tip_item CHAR(1); ies_situacao CHAR(1); ies_ctr_estoque CHAR(1); "
            "ies_ctr_lote CHAR(1); ies_tem_inspecao CHAR(1); cod_local_estoq CHAR(10); "
            "cod_local_insp CHAR(10); cod_familia CHAR(3); gru_ctr_estoq DECIMAL(2,0); "
            "cod_lin_prod DECIMAL(2,0); cod_lin_recei DECIMAL(2,0); cod_seg_merc DECIMAL(2,0); "
            "cod_cla_uso DECIMAL(2,0); cod_cla_fisc CHAR(10); pct_ipi DECIMAL(6,3); pes_unit DECIMAL(12,5); "
            "fat_conver DECIMAL(11,6)",
            key="cod_empresa cod_item",
        ),
        table(
            "item_man",
            "cod_empresa CHAR(2); cod_item CHAR(15); cod_roteiro CHAR(15); num_altern_roteiro DECIMAL(2,0); "
            "cod_horizon DECIMAL(2,0); num_nivel DECIMAL(2,0); tmp_ressup DECIMAL(3,0); "
            "pct_refug DECIMAL(6,3); qtd_prog_minima DECIMAL(10,3); qtd_prog_maxima DECIMAL(10,3); "
            "qtd_prog_multipla DECIMAL(10,3); qtd_prog_fixa DECIMAL(10,3); qtd_estoq_seg DECIMAL(10,3); "
            "qtd_dias_min_ord DECIMAL(3,0); num_decimais DECIMAL(1,0); ies_planejamento CHAR(1); "
            "ies_sofre_baixa CHAR(1); ies_apontamento CHAR(1); ies_tip_apont CHAR(1); "
            "ies_forca_apont CHAR(1); ies_baixa_comp CHAR(1); ies_abert_liber CHAR(1)",
            key="cod_empresa cod_item",
        ),
        table(
            "item_ctr_grade",
            "cod_empresa CHAR(2); cod_lin_prod DECIMAL(2,0); cod_lin_recei DECIMAL(2,0); "
            "cod_seg_merc DECIMAL(2,0); cod_cla_uso DECIMAL(2,0); cod_familia CHAR(3); cod_item CHAR(15); "
            + five("num_grade", "DECIMAL(5,0)")
            + "; ies_endereco CHAR(1); ies_volume CHAR(1); ies_dat_producao CHAR(1); "
            "ies_dat_validade CHAR(1); ies_comprimento CHAR(1); ies_largura CHAR(1); ies_altura CHAR(1); "
            "ies_diametro CHAR(1); reservado_1 CHAR(1); reservado_2 CHAR(1)",
            key="cod_empresa cod_lin_prod cod_lin_recei cod_seg_merc cod_cla_uso cod_familia cod_item",
        ),
        table(
            "item_grade",
            "cod_empresa CHAR(2); cod_lin_prod DECIMAL(2,0); cod_lin_recei DECIMAL(2,0); "
            "cod_seg_merc DECIMAL(2,0); cod_cla_uso DECIMAL(2,0); cod_item CHAR(15); "
            "num_grade DECIMAL(5,0); cod_grade CHAR(15); cod_grupo_grade CHAR(15)",
            key="cod_empresa cod_lin_prod cod_lin_recei cod_seg_merc cod_cla_uso cod_item num_grade "
            "cod_grade cod_grupo_grade",
        ),
        table(
            "grupo_grade",
            "cod_empresa CHAR(2); num_grade DECIMAL(5,0); cod_grupo_grade CHAR(15); cod_grade CHAR(15)",
            key="cod_empresa num_grade cod_grupo_grade cod_grade",
        ),
        table(
            "man_conteudo_grade",
            "empresa CHAR(2); item CHAR(15); grade DECIMAL(5,0); conteudo CHAR(15)",
            key="empresa item grade conteudo",
        ),
        table("par_pcp", f"cod_empresa CHAR(2); parametros CHAR({PAR_PCP_WIDTH})", key="cod_empresa"),
        table(
            "fornecedor",
            "cod_fornecedor CHAR(15); raz_social CHAR(50); raz_social_reduz CHAR(10)",
            key="cod_fornecedor",
        ),
        table(
            "local",
            "cod_empresa CHAR(2); cod_local CHAR(10); den_local CHAR(30); num_nivel DECIMAL(2,0)",
            key="cod_empresa cod_local",
        ),
        table(
            "familia",
            "cod_empresa CHAR(2); cod_familia CHAR(3); den_familia CHAR(30)",
            key="cod_empresa cod_familia",
        ),
        table("unid_med", "cod_unid_med CHAR(3); den_unid_med_30 CHAR(30)", key="cod_unid_med"),
        table(
            "estrut_grade",
            "cod_empresa CHAR(2); cod_item_pai CHAR(15); "
            + five("cod_grade", "CHAR(15)")
            + "; cod_item_compon CHAR(15); "
            + five("cod_grade_comp", "CHAR(15)")
            + "; qtd_necessaria DECIMAL(14,7); pct_refug DECIMAL(6,3); dat_validade_ini DATE; "
            "dat_validade_fim DATE; tmp_ressup_sobr DECIMAL(3,0); cod_cent_cust DECIMAL(4,0); "
            "cod_comp_custo DECIMAL(3,0); num_sequencia DECIMAL(5,0); parametros CHAR(20); "
            "cod_posicao CHAR(10); texto CHAR(60)",
            key="cod_empresa cod_item_pai num_sequencia",
        ),
        table(
            "mrp_dem_grade",
            "cod_empresa CHAR(2); num_docum CHAR(10); cod_item CHAR(15); "
            + five("cod_grade", "CHAR(15)")
            + "; prz_entrega DATE; qtd_saldo DECIMAL(15,3); empresa_necessidade CHAR(2); dat_pedido DATE; "
            "pedido DECIMAL(6,0); seq_item_pedido DECIMAL(5,0); sit_demanda CHAR(1); origem CHAR(1); "
            "texto_demanda VARCHAR(4000); docum_origem CHAR(30)",
            key="cod_empresa num_docum",
        ),
    )
}

_COLOUR_NAMES: Final = (
    "Azul", "Azul Marinho", "Azul Bebê", "Petróleo", "Anil", "Turquesa", "Ciano", "Índigo",
    "Verde", "Verde Água", "Verde Limão", "Verde Musgo", "Oliva", "Hortelã", "Jade", "Esmeralda",
    "Amarelo", "Canário", "Mostarda", "Ouro", "Âmbar", "Mel", "Açafrão", "Champanhe",
    "Laranja", "Tangerina", "Pêssego", "Salmão", "Coral", "Damasco", "Telha", "Cobre",
    "Vermelho", "Carmim", "Cereja", "Rubi", "Vinho", "Bordô", "Maçã", "Goiaba",
    "Rosa", "Rosa Chá", "Pink", "Fúcsia", "Magenta", "Lilás", "Lavanda", "Violeta",
    "Roxo", "Uva", "Marrom", "Café", "Chocolate", "Caramelo", "Areia", "Bege",
    "Cáqui", "Marfim", "Pérola", "Branco", "Gelo", "Prata", "Cinza", "Grafite",
    "Chumbo", "Preto", "Ônix",
)  # fmt: skip

_TWIN_COLOURS: Final = ("AZUL 01", "AZUL 02", "PRETO 01", "BRANCO 01", "ÂMBAR 03", "CAFÉ 07")
_TWIN_SIZES: Final = ("GG",)
_TWIN_PRINTS: Final = ("FL-003", "GEO-012")

_SIZE_GROUPS: Final = {
    "BEBÊ": ("RN", "BEBÊ P", "BEBÊ M", "BEBÊ G"),
    "INFANTIL": ("1", "2", "3", "4", "6", "8", "10", "12", "14", "16"),
    "ADULTO": ("PP", "P", "M", "G", "GG", "XG", "XGG"),
    "ESPECIAL": ("G1", "G2", "G3", "G4"),
    "NUMÉRICO": ("36", "38", "40", "42", "44", "46", "48", "50", "52", "54"),
    "ÚNICO": ("ÚNICO",),
}
"""Groups of sizes as ``grupo_grade`` holds them: together, every size that is not dirt."""

_PRINT_THEMES: Final = (
    "Floral", "Geométrica", "Xadrez", "Listrada", "Poá", "Tropical", "Étnica", "Animal", "Abstrata",
    "Náutica",
)  # fmt: skip
_PRINT_VARIANTS: Final = (
    "miúda", "graúda", "verão", "inverno", "coleção", "retrô", "pôr do sol", "sertão", "São João", "jardim",
)  # fmt: skip

_GARMENTS: Final = (
    ("CAM", "Camiseta"), ("CMS", "Camisa"), ("CAL", "Calça"), ("BER", "Bermuda"), ("SAI", "Saia"),
    ("VES", "Vestido"), ("BLU", "Blusão"), ("JAQ", "Jaqueta"), ("MAC", "Macacão"), ("REG", "Regata"),
    ("CRD", "Cardigã"), ("SHO", "Shorts"), ("POL", "Pólo"), ("MOL", "Moletom"),
)  # fmt: skip
_CUTS: Final = (
    "básica", "manga curta", "manga longa", "gola pólo", "gola redonda", "com bolso", "cós elástico",
    "com capuz", "dupla face", "de algodão", "sem costura", "com zíper", "de viscose", "edição verão",
)  # fmt: skip
_SUPPLIES: Final = (
    ("TEC", "Tecido", "M"), ("LIN", "Linha de costura", "UN"), ("BOT", "Botão", "CT"), ("ZIP", "Zíper", "UN"),
    ("ELA", "Elástico", "M"), ("ENT", "Entretela", "M"), ("VIE", "Viés", "M"), ("ILH", "Ilhós", "CT"),
    ("CXA", "Caixa de papelão", "UN"), ("FIO", "Fio de poliéster", "KG"),
)  # fmt: skip
_SIZED_SUPPLIES: Final = (
    ("ETQ", "Etiqueta de tamanho", "UN"), ("CAB", "Cabide", "UN"), ("MLD", "Molde de corte", "UN"),
    ("EMB", "Saco plástico", "UN"),
)  # fmt: skip

_LINE_GARMENT: Final = 1
_LINE_UNIFORM: Final = 4
_LINE_PYJAMAS: Final = 5
_LINE_SUPPLY: Final = 9


@dataclass(frozen=True)
class _Item:
    """An item as the tables about items need it; ``own_row`` says it has a row in item_ctr_grade."""

    company: str
    code: str
    name: str
    unit: str
    kind: str
    line: int
    family: str
    slots: tuple[int, ...]
    own_row: bool
    contents: tuple[tuple[str, ...], ...]
    groups: tuple[str, ...]
    """Per slot, the group of ``grupo_grade`` that gives its contents, or blank if they stand one by one."""


def _below(rng: Random, limit: int) -> int:
    return int(rng.random() * limit)


def _pick(rng: Random, values: Sequence[_T]) -> _T:
    return values[_below(rng, len(values))]


def _some(rng: Random, values: Sequence[_T], count: int) -> tuple[_T, ...]:
    """``count`` different values, from a random place on; the step is prime, and no divisor of a length."""
    start = _below(rng, len(values))
    return tuple(values[(start + 37 * n) % len(values)] for n in range(min(count, len(values))))


def _padded(values: Sequence[str], count: int = 5) -> tuple[str, ...]:
    """The values of the grade slots, blanks for those not used."""
    return (*values, *("" for _ in range(count - len(values))))


def _clean_colours() -> tuple[tuple[str, str], ...]:
    """(code, description) of the colours that are not dirt: "AZUL 01", "AZUL 02"... by name."""
    wanted = COLOURS - COLOUR_CASE_TWINS - 1
    shades = -(-wanted // len(_COLOUR_NAMES))
    rows = [
        (f"{name.upper()} {shade:02}", f"{name} tom {shade}")
        for shade in range(1, shades + 1)
        for name in _COLOUR_NAMES
    ]
    return tuple(rows[:wanted])


def _clean_prints() -> tuple[tuple[str, str], ...]:
    """(code, description) of the prints that are not dirt; most codes are digits with leading zeros."""
    wanted = PRINTS - PRINT_CASE_TWINS - 1
    lettered = [
        (f"{prefix}-{n:03}", f"{theme} {_PRINT_VARIANTS[n % len(_PRINT_VARIANTS)]} {n}")
        for prefix, theme in (("FL", "Floral"), ("GEO", "Geométrica"), ("XDZ", "Xadrez"))
        for n in range(1, 61)
    ]
    numbered = [
        (
            f"{n:04}",
            f"{_PRINT_THEMES[n % len(_PRINT_THEMES)]} "
            f"{_PRINT_VARIANTS[n // len(_PRINT_THEMES) % len(_PRINT_VARIANTS)]} {n}",
        )
        for n in range(1, wanted - len(lettered) + 1)
    ]
    return (*numbered, *lettered)


def _clean_sizes() -> tuple[str, ...]:
    return tuple(size for sizes in _SIZE_GROUPS.values() for size in sizes)


def _companies() -> Iterator[Row]:
    yield (
        COMPANY, "Confecções Serra Azul Ltda", "SERRA AZUL", "Rua das Tecelãs, 1200", "Vila Operária",
        "Brusque", "SC", "88350-000", "11.222.333/0001-81",
    )  # fmt: skip
    yield (
        BRANCH, "Serra Azul Jeans - Filial Colatina", "SA JEANS", "Avenida Brasília, 45", "São Silvano",
        "Colatina", "ES", "29703-000", "11.222.333/0002-62",
    )  # fmt: skip


def _grade_types() -> Iterator[Row]:
    yield COMPANY, COLOUR, "Cor", "cor_produto", "cod_cor", "den_cor", "man90101", "S"
    yield COMPANY, SIZE, "Tamanho", "tamanho_produto", "cod_tamanho", "den_tamanho", "man90102", "N"
    yield COMPANY, PRINT, "Estampa", "estampa_produto", "cod_estampa", "den_estampa", "man90103", "S"
    yield BRANCH, 1, "Cor da malha", "cor_produto", "cod_cor", "den_cor", "man90101", "S"
    yield BRANCH, 2, "Numeração", "numeracao_jeans", "cod_numero", "den_numero", "man90104", "N"
    yield BRANCH, 4, "Lavagem", "lavagem_jeans", "cod_lavagem", "den_lavagem", "man90105", "S"


def _colours(colours: Sequence[tuple[str, str]]) -> Iterator[Row]:
    yield COMPANY, "", "Sem cor informada", None
    for n, (code, name) in enumerate(colours):
        # Descriptions were typed by many hands: some came in capitals.
        yield COMPANY, code, name.upper() if n % 9 == 0 else name, f"{11 + n % 9}-{1000 + n}"
    for code in _TWIN_COLOURS:
        yield COMPANY, code.lower(), f"{code.lower()} (cadastro repetido)", None
    for code, name in colours[:BRANCH_COLOURS]:
        yield BRANCH, code, f"{name} - malha", None


def _sizes() -> Iterator[Row]:
    yield "", "Sem tamanho informado", 0
    for n, code in enumerate(_clean_sizes(), start=1):
        yield code, f"Tamanho {code.lower()}" if n % 7 == 0 else f"Tamanho {code}", n * 10
    for n, code in enumerate(_TWIN_SIZES, start=90):
        yield code.lower(), f"tamanho {code.lower()} (repetido)", n * 10


def _prints(prints: Sequence[tuple[str, str]]) -> Iterator[Row]:
    yield COMPANY, "", "Sem estampa", None
    for n, (code, name) in enumerate(prints):
        created = REFERENCE_DATE - timedelta(days=3 * n)
        # A VARCHAR is not padded: blanks at its end are what somebody typed.
        yield COMPANY, code, f"{name}   " if n % 25 == 0 else name, created.isoformat()
    for code in _TWIN_PRINTS:
        yield COMPANY, code.lower(), f"{code.lower()} repetida", None


def _garment_contents(
    rng: Random, slots: Sequence[int], colours: Sequence[str], prints: Sequence[str]
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Per slot, the contents an item may have and the group that gives them (blank: one by one)."""
    contents: list[tuple[str, ...]] = []
    groups: list[str] = []
    for slot in slots:
        if slot == SIZE:
            group = _pick(rng, ("INFANTIL", "ADULTO", "ADULTO", "ADULTO", "ESPECIAL", "NUMÉRICO", "BEBÊ"))
            contents.append(_SIZE_GROUPS[group])
            groups.append(group)
        else:
            values, least, spread = (colours, 3, 6) if slot == COLOUR else (prints, 2, 3)
            contents.append(_some(rng, values, least + _below(rng, spread)))
            groups.append("")
    return tuple(contents), tuple(groups)


def _main_items(rng: Random, colours: Sequence[str], prints: Sequence[str]) -> Iterator[_Item]:
    """The items of the main company, kind by kind, in the numbers of the module's constants."""
    kinds = (
        (ITEMS_COLOUR_SIZE, (COLOUR, SIZE), True, _LINE_GARMENT),
        (ITEMS_COLOUR_SIZE_PRINT, (COLOUR, SIZE, PRINT), True, _LINE_GARMENT),
        (ITEMS_BY_CLASSIFICATION // 2, (COLOUR, SIZE), False, _LINE_UNIFORM),
        (ITEMS_BY_CLASSIFICATION - ITEMS_BY_CLASSIFICATION // 2, (COLOUR, SIZE, PRINT), False, _LINE_PYJAMAS),
    )
    serial = 0
    for count, slots, own_row, line in kinds:
        for n in range(count):
            serial += 1
            prefix, noun = _pick(rng, _GARMENTS)
            kind = "T" if serial % 211 == 0 else "B" if serial % 47 == 0 else "P" if serial % 13 == 0 else "F"
            actual_line = line if line != _LINE_GARMENT else 1 + n % 3
            contents, groups = _garment_contents(rng, slots, colours, prints)
            yield _Item(
                COMPANY, f"{prefix}{serial:05}", f"{noun} {_pick(rng, _CUTS)} {serial}", "PC", kind,
                actual_line, f"{actual_line:03}", slots, own_row, contents, groups,
            )  # fmt: skip
    for n in range(ITEMS_SIZE):
        prefix, noun, unit = _SIZED_SUPPLIES[n % len(_SIZED_SUPPLIES)]
        contents, groups = _garment_contents(rng, (SIZE,), colours, prints)
        yield _Item(
            COMPANY, f"{prefix}{n + 1:05}", f"{noun} nº {n + 1}", unit, "C", _LINE_SUPPLY, "020",
            (SIZE,), True, contents, groups,
        )  # fmt: skip
    for n in range(ITEMS_ZERO_SLOTS + ITEMS_NO_ROW):
        prefix, noun, unit = _SUPPLIES[n % len(_SUPPLIES)]
        quality = _pick(rng, ("nacional", "importado", "padrão"))
        yield _Item(
            COMPANY, f"{prefix}{n + 1:05}", f"{noun} {quality} {n + 1}", unit, "C", _LINE_SUPPLY, "010",
            (), n < ITEMS_ZERO_SLOTS, (), (),
        )  # fmt: skip


def _branch_items(rng: Random, main: Sequence[_Item], colours: Sequence[str]) -> Iterator[_Item]:
    """The branch's items: the first half under codes of the main company, with the branch's own types."""
    numbers = tuple(_jeans_numbers())
    washes = tuple(code for code, _ in _washes())
    for n in range(BRANCH_ITEMS):
        code = main[n].code if n < BRANCH_ITEMS // 2 else f"JNS{n:05}"
        contents = (_some(rng, washes, 3), _some(rng, numbers, 6), _some(rng, colours[:BRANCH_COLOURS], 2))
        yield _Item(
            BRANCH, code, f"Calça jeans {_pick(rng, _CUTS)} {n}", "PC", "F", 1, "001",
            (4, 2, 1), True, contents, ("", "", ""),
        )  # fmt: skip


def _jeans_numbers() -> Iterator[str]:
    return (f"{number:02}" for number in range(2, 2 + 2 * BRANCH_NUMBERS, 2))


def _washes() -> Iterator[tuple[str, str]]:
    names = ("Clara", "Média", "Escura", "Destonada", "Resinada")
    return ((f"LAV {n:02}", f"Lavagem {names[n % len(names)].lower()} {n}") for n in range(1, BRANCH_WASHES + 1))


def _item_rows(items: Sequence[_Item]) -> Iterator[Row]:
    for n, item in enumerate(items):
        state = "C" if n % 97 == 96 else "I" if n % 19 == 18 else "A"
        bought = item.kind == "C"
        yield (
            item.company, item.code, item.name, item.name[:18], item.unit, item.kind, state, "S",
            "S" if bought and item.unit == "M" else "N", "S" if bought else "N",
            "ALMOX" if bought else "EXPEDICAO", "INSPECAO" if bought else "", item.family,
            1 if bought else 3, item.line, 1, 1, 1, "6109100000" if not bought else "5208110000",
            0, (5 + n % 40) / 100, 1,
        )  # fmt: skip


def _item_man_rows(rng: Random, items: Sequence[_Item]) -> Iterator[Row]:
    for item in items:
        bought = item.kind == "C"
        lot = 0 if bought else _pick(rng, (0, 0, 50, 100, 300))
        yield (
            item.company, item.code, "" if bought else "COSTURA", 0 if bought else 1, 1, 2 if bought else 0,
            5 + _below(rng, 25) if bought else 1 + _below(rng, 5), _pick(rng, (0, 0, 0.5, 1.25, 2)),
            _pick(rng, (0, 10, 12, 24)), 99999, _pick(rng, (0, 1, 6, 12)), lot,
            _pick(rng, (0, 0, 0, 20, 50)), 0 if bought else _pick(rng, (0, 0, 0, 2, 5)),
            3 if item.unit in ("M", "KG") else 0, "2" if bought else "1", "S", "N" if bought else "S",
            "2", "N", "1", "1",
        )  # fmt: skip


def _slot_rows(items: Sequence[_Item]) -> Iterator[Row]:
    """item_ctr_grade: a classification's rows have a blank item, an item's own have 0 in the rest."""
    flags = ("N",) * 8 + ("", "")
    yield COMPANY, _LINE_UNIFORM, 0, 0, 0, "0", "", COLOUR, SIZE, 0, 0, 0, *flags
    yield COMPANY, _LINE_PYJAMAS, 0, 0, 0, "0", "", COLOUR, SIZE, PRINT, 0, 0, *flags
    for item in items:
        if item.own_row:
            slots = (*item.slots, *(0 for _ in range(5 - len(item.slots))))
            yield item.company, 0, 0, 0, 0, "0", item.code, *slots, *flags


def _allowed_rows(items: Sequence[_Item]) -> Iterator[Row]:
    """item_grade: for a classification a group, for an item a group or its contents one by one."""
    yield COMPANY, _LINE_UNIFORM, 0, 0, 0, "", SIZE, "", "ADULTO"
    yield COMPANY, _LINE_UNIFORM, 0, 0, 0, "", COLOUR, "", "BÁSICAS"
    yield COMPANY, _LINE_PYJAMAS, 0, 0, 0, "", SIZE, "", "INFANTIL"
    for item in items:
        for slot, contents, group in zip(item.slots, item.contents, item.groups, strict=True):
            if group:
                yield item.company, 0, 0, 0, 0, item.code, slot, "", group
            else:
                for content in contents:
                    yield item.company, 0, 0, 0, 0, item.code, slot, content, ""


def _group_rows(colours: Sequence[str]) -> Iterator[Row]:
    for group, sizes in _SIZE_GROUPS.items():
        for size in sizes:
            yield COMPANY, SIZE, group, size
    for name in ("AZUL 01", "BRANCO 01", "CINZA 01", "PRETO 01", "VERMELHO 01"):
        yield COMPANY, COLOUR, "BÁSICAS", name
    for colour in colours[:BRANCH_COLOURS:10]:
        yield BRANCH, 1, "MALHAS", colour


def _content_rows(items: Sequence[_Item]) -> Iterator[Row]:
    for item in items:
        for slot, contents in zip(item.slots, item.contents, strict=True):
            for content in contents:
                yield item.company, item.code, slot, content


def _planning_parameters(values: dict[int, str]) -> str:
    """The text of par_pcp.parametros: ``values`` by position counted from 1, "N" in the first 200, blanks."""
    text = ["N"] * 200
    for position, value in values.items():
        text[position - 1] = value
    return "".join(text)


def _planning_rows() -> Iterator[Row]:
    # 77: purchase orders enter open; 120: order of a structure; 150: where machines are counted.
    yield COMPANY, _planning_parameters({77: "S", 120: "A", 150: "1"})
    yield BRANCH, _planning_parameters({150: "3"})


def _structure_rows(rng: Random, items: Sequence[_Item]) -> Iterator[Row]:
    """estrut_grade: what every grade takes (blank slots), and what one colour alone takes."""
    supplies = [item.code for item in items if not item.slots]
    parents = [item for item in items if COLOUR in item.slots][:PARENTS]
    blank = _padded(())
    for parent in parents:
        for sequence, component in enumerate(_some(rng, supplies, 3 + _below(rng, 3)), start=1):
            # The last component changes with the colour of the garment (a matching thread, say).
            own = sequence > 2
            grades = _padded((_pick(rng, parent.contents[0]),)) if own else blank
            start = (REFERENCE_DATE - timedelta(days=400)).isoformat() if own else None
            end = (REFERENCE_DATE + timedelta(days=500)).isoformat() if sequence == 4 else None
            yield (
                COMPANY, parent.code, *grades, component, *blank, 0.25 + _below(rng, 12) / 8,
                _pick(rng, (0, 0, 1.5, 3)), start, end, 0, 1100, 1, sequence * 10, "", "", "",
            )  # fmt: skip


def _demand_rows(rng: Random, items: Sequence[_Item]) -> Iterator[Row]:
    finals = [item for item in items if item.slots and item.kind == "F"]
    for n in range(DEMANDS):
        item = _pick(rng, finals)
        order, line = 4500 + n // 4, n % 4 + 1
        grades = _padded(tuple(_pick(rng, contents) for contents in item.contents))
        due = REFERENCE_DATE + timedelta(days=7 + _below(rng, 90))
        document = f"{order}/{line}"
        yield (
            COMPANY, document, item.code, *grades, due.isoformat(), 6 * (1 + _below(rng, 40)), COMPANY,
            (REFERENCE_DATE - timedelta(days=_below(rng, 30))).isoformat(), order, line,
            "2" if n % 17 == 0 else "1", "1", "Reposição de coleção" if n % 11 == 0 else "", document,
        )  # fmt: skip


def _suppliers() -> Iterator[Row]:
    names = (
        ("Tecelagem São Jorge Ltda", "SÃO JORGE"), ("Fiação Itajaí S.A.", "FIAÇÃO ITA"),
        ("Botões União Indústria", "UNIÃO"), ("Zíperes do Vale", "ZIPVALE"), ("Etiquetas Ímpar ME", "ÍMPAR"),
        ("Tinturaria Água Clara", "ÁGUA CLARA"), ("Lavanderia Três Irmãos", "3 IRMÃOS"),
        ("Embalagens Maçã Verde", "MAÇÃ VERDE"),
    )  # fmt: skip
    for n, (name, short) in enumerate(names, start=1):
        yield f"{n:06}", name, short


def _places() -> Iterator[Row]:
    for company in (COMPANY, BRANCH):
        for code, name in (
            ("ALMOX", "Almoxarifado de tecidos"), ("CORTE", "Corte"), ("COSTURA", "Costura"),
            ("EXPEDICAO", "Expedição"), ("INSPECAO", "Inspeção de recebimento"),
        ):  # fmt: skip
            yield company, code, name, 1


def _families() -> Iterator[Row]:
    for code, name in (
        ("001", "Moda masculina"), ("002", "Moda feminina"), ("003", "Moda infantil"), ("004", "Uniformes"),
        ("005", "Pijamas"), ("010", "Matéria-prima"), ("020", "Aviamentos e embalagens"),
    ):  # fmt: skip
        yield COMPANY, code, name
    yield BRANCH, "001", "Jeans"


def _units() -> Iterator[Row]:
    yield from (
        ("PC", "Peça"), ("UN", "Unidade"), ("M", "Metro"), ("KG", "Quilograma"), ("CT", "Cento"),
    )  # fmt: skip


def _content() -> Iterator[tuple[str, Iterable[Row]]]:
    """Every table's name with its rows."""
    rng = Random(_SEED)  # noqa: S311 - demo data, no secret
    colours, prints = _clean_colours(), _clean_prints()
    colour_codes = tuple(code for code, _ in colours)
    print_codes = tuple(code for code, _ in prints)
    main = tuple(_main_items(rng, colour_codes, print_codes))
    items = (*main, *_branch_items(rng, main, colour_codes))
    yield "empresa", _companies()
    yield "ctr_grade", _grade_types()
    yield "grade", ((row[0], row[1], str(row[2])[:10], row[2]) for row in _grade_types())
    yield "cor_produto", _colours(colours)
    yield "tamanho_produto", _sizes()
    yield "estampa_produto", _prints(prints)
    yield "numeracao_jeans", ((number, f"Número {number}") for number in _jeans_numbers())
    yield "lavagem_jeans", ((BRANCH, code, name) for code, name in _washes())
    yield "item", _item_rows(items)
    yield "item_man", _item_man_rows(rng, items)
    yield "item_ctr_grade", _slot_rows(items)
    yield "item_grade", _allowed_rows(items)
    yield "grupo_grade", _group_rows(colour_codes)
    yield "man_conteudo_grade", _content_rows(items)
    yield "par_pcp", _planning_rows()
    yield "fornecedor", _suppliers()
    yield "local", _places()
    yield "familia", _families()
    yield "unid_med", _units()
    yield "estrut_grade", _structure_rows(rng, main)
    yield "mrp_dem_grade", _demand_rows(rng, main)
    yield from logix_plant.content(_SEED, COMPANY, REFERENCE_DATE, main)


def _widths(described: Table) -> tuple[tuple[int, bool], ...]:
    """Per column, the width it was declared with (0 if it is no text) and whether it is padded."""
    widths: list[tuple[int, bool]] = []
    for _, kind in described.columns:
        name, _, rest = kind.partition("(")
        widths.append((int(rest.rstrip(")")) if name.endswith("CHAR") else 0, name == "CHAR"))
    return tuple(widths)


def _stored(described: Table, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows as the database holds them. Text longer than its column raises ValueError."""
    widths = _widths(described)
    for row in rows:
        cells: list[Value] = []
        for value, (width, padded) in zip(row, widths, strict=True):
            if isinstance(value, str) and width:
                if len(value) > width:
                    raise ValueError(f"{described.name}: {value!r} is longer than {width}")
                cells.append(value.ljust(width) if padded else value)
            else:
                cells.append(value)
        yield tuple(cells)


def _declaration(kind: str) -> str:
    return f"{kind} COLLATE RTRIM" if kind.startswith("CHAR") else kind


def _fill(database: sqlite3.Connection) -> None:
    # The file becomes visible only when it is whole, so a journal would protect nothing.
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("BEGIN")
    for name, rows in _content():
        described = _TABLES[name]
        columns = ", ".join(f"{column} {_declaration(kind)}" for column, kind in described.columns)
        database.execute(f"CREATE TABLE {name} ({columns})")
        marks = ", ".join("?" for _ in described.columns)
        insert = f"INSERT INTO {name} VALUES ({marks})"  # noqa: S608 - names of this module
        database.executemany(insert, _stored(described, rows))
        database.execute(f"CREATE UNIQUE INDEX ix_{name} ON {name} ({', '.join(described.key)})")
    database.execute("COMMIT")


def build(path: Path) -> None:
    """Write the demo database at ``path``, in place of any file there; its folder must exist.

    The file is made beside ``path`` under a temporary name and then takes its name, so that a reader sees
    the old one or the new one, never a part. A folder that cannot be written raises OSError.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    unfinished = Path(name)
    try:
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as database:
            _fill(database)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
