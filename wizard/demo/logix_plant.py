"""The plant of the demo's clothing maker: resources, shifts, routes, orders, stock, purchases, as Logix holds them.

Tables and columns that the manual of the integration or the 4GL programs around Logix name have those names
and widths; the others (of costs, calendars, programmed machines, reported times, components of equipment)
are plausible, not copied from an installation. The content is small: enough to be read and to hang together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final, Protocol

from wizard.demo.logix_table import Row, five, table

ROUTED: Final = 200
"""Items with a route in ``man_processo_item``: the first garments."""

ORDERS: Final = 120
"""Rows of ``ordens``: two of three open or released, the rest planned, firm, closed."""

PURCHASES: Final = 60
"""Rows of ``ordem_sup``."""

STOCKS: Final = 500
"""Rows of ``estoque_lote_ender``."""

TABLES: Final = (
    table(
        "cent_trabalho",
        "cod_empresa CHAR(2); cod_cent_trab CHAR(5); den_cent_trab CHAR(30); cod_unid_prod CHAR(5)",
        key="cod_empresa cod_cent_trab",
    ),
    table(
        "recurso",
        "cod_empresa CHAR(2); cod_recur CHAR(5); den_recur CHAR(30); ies_tip_recur CHAR(1)",
        key="cod_empresa cod_recur",
    ),
    table("componente", "cod_compon CHAR(15); des_compon CHAR(30); des_compon_reduz CHAR(18)", key="cod_compon"),
    table(
        "equipamento",
        "cod_empresa CHAR(2); cod_equip CHAR(15); den_modelo CHAR(30); cod_recur CHAR(5); cod_compon CHAR(15); "
        "cod_cent_trab CHAR(5); cod_uni_funcio CHAR(10)",
        key="cod_empresa cod_equip",
    ),
    table("cfp_equi", "cod_empresa CHAR(2); cod_equip CHAR(15); den_equip CHAR(30)", key="cod_empresa cod_equip"),
    table(
        "ct_rec_equip",
        "cod_empresa CHAR(2); cod_cent_trab CHAR(5); cod_recur CHAR(5); cod_turno DECIMAL(3,0); "
        "dat_validade_ini DATE; dat_validade_fim DATE",
        key="cod_empresa cod_cent_trab cod_recur cod_turno",
    ),
    table(
        "grupo_ctr_estoq",
        "cod_empresa CHAR(2); gru_ctr_estoq DECIMAL(2,0); den_gru_ctr_estoq CHAR(30)",
        key="cod_empresa gru_ctr_estoq",
    ),
    table(
        "log_calend_empresa",
        "empresa CHAR(2); sistema CHAR(5); dat_valid_inicial DATE; dia_semana DECIMAL(1,0); tip_exped CHAR(1)",
        key="empresa sistema dat_valid_inicial dia_semana",
    ),
    table(
        "log_cal_emp_exc",
        "empresa CHAR(2); sistema CHAR(5); dat_excecao DATE; tip_exped CHAR(1)",
        key="empresa sistema dat_excecao",
    ),
    table("feriado", "dat_ref DATE; ies_situa CHAR(1)", key="dat_ref"),
    table("clientes", "cod_cliente CHAR(15); nom_cliente CHAR(36)", key="cod_cliente"),
    table(
        "item_sup",
        "cod_empresa CHAR(2); cod_item CHAR(15); cod_comprador DECIMAL(3,0); cod_progr DECIMAL(3,0); "
        "tmp_necessar_p_ped DECIMAL(3,0); tmp_necessar_fabr DECIMAL(3,0); tmp_transpor DECIMAL(3,0); "
        "tmp_inspecao DECIMAL(3,0); tmp_necessar_cont DECIMAL(3,0); tmp_reposic_emerg DECIMAL(3,0)",
        key="cod_empresa cod_item",
    ),
    table(
        "item_custo",
        "cod_empresa CHAR(2); cod_item CHAR(15); cus_unit_medio DECIMAL(17,6)",
        key="cod_empresa cod_item",
    ),
    table(
        "item_custo_grade",
        "cod_empresa CHAR(2); cod_item CHAR(15); " + five("cod_grade", "CHAR(15)") + "; cus_unit_medio DECIMAL(17,6)",
        key="cod_empresa cod_item cod_grade_1 cod_grade_2",
    ),
    table(
        "operacao",
        "cod_empresa CHAR(2); cod_operac CHAR(5); den_operac CHAR(35)",
        key="cod_empresa cod_operac",
    ),
    table(
        "man_processo_item",
        "empresa CHAR(2); item CHAR(15); roteiro CHAR(15); roteiro_alternativo DECIMAL(2,0); "
        "seq_operacao DECIMAL(3,0); operacao CHAR(5); centro_trabalho CHAR(5); qtd_tempo DECIMAL(11,7); "
        "qtd_tempo_setup DECIMAL(11,7); seq_processo INTEGER; apontar_operacao CHAR(1); operacao_final CHAR(1); "
        "validade_inicial DATE; validade_final DATE",
        key="seq_processo",
    ),
    table(
        "man_recurso_processo",
        "empresa CHAR(2); seq_processo INTEGER; recurso CHAR(5); qtd_tempo DECIMAL(11,7); recurso_critico CHAR(1)",
        key="empresa seq_processo recurso",
    ),
    table(
        "man_ferramenta_processo",
        "empresa CHAR(2); seq_processo INTEGER; ferramenta CHAR(15)",
        key="empresa seq_processo ferramenta",
    ),
    table(
        "ordens",
        "cod_empresa CHAR(2); num_ordem INTEGER; cod_item CHAR(15); num_docum CHAR(10); dat_ini DATE; "
        "dat_entrega DATE; dat_abert DATE; dat_liberac DATE; qtd_planej DECIMAL(10,3); qtd_boas DECIMAL(10,3); "
        "qtd_refug DECIMAL(10,3); qtd_sucata DECIMAL(10,3); cod_local_prod CHAR(10); ies_situa CHAR(1)",
        key="cod_empresa num_ordem",
    ),
    table(
        "ord_oper",
        "cod_empresa CHAR(2); num_ordem INTEGER; cod_item CHAR(15); cod_operac CHAR(5); "
        "num_seq_operac DECIMAL(3,0); cod_cent_trab CHAR(5); qtd_planejada DECIMAL(10,3); qtd_boas DECIMAL(10,3); "
        "qtd_refugo DECIMAL(10,3); qtd_sucata DECIMAL(10,3); qtd_horas DECIMAL(11,7); "
        "qtd_horas_setup DECIMAL(11,7); num_processo INTEGER; seq_processo INTEGER",
        key="seq_processo",
    ),
    table(
        "man_recurso_operacao_ordem",
        "empresa CHAR(2); seq_processo INTEGER; cod_recurso CHAR(5); qtd_tempo DECIMAL(11,7); recurso_critico CHAR(1)",
        key="empresa seq_processo cod_recurso",
    ),
    table(
        "man_prog_prod_eqpto_item",
        "empresa CHAR(2); seq_programa INTEGER; ordem_producao INTEGER; seq_processo INTEGER",
        key="seq_programa",
    ),
    table(
        "man_prog_prod_eqpto_detalhe",
        "empresa CHAR(2); seq_programa INTEGER; equipamento CHAR(15); dat_programada DATE",
        key="seq_programa",
    ),
    table(
        "man_tempo_producao",
        "empresa CHAR(2); seq_reg_mestre INTEGER; seq_registro_tempo INTEGER; data_ini_producao DATE; "
        "tmp_ativo_producao DECIMAL(11,7)",
        key="empresa seq_reg_mestre seq_registro_tempo",
    ),
    table(
        "necessidades",
        "cod_empresa CHAR(2); num_neces INTEGER; num_ordem INTEGER; cod_item CHAR(15); cod_item_pai CHAR(15); "
        "qtd_necessaria DECIMAL(14,7); qtd_saida DECIMAL(14,7); dat_neces DATE",
        key="cod_empresa num_neces",
    ),
    table(
        "ord_compon",
        "cod_empresa CHAR(2); num_ordem INTEGER; cod_item_pai INTEGER; cod_item_compon CHAR(15); "
        "dat_entrega DATE; qtd_necessaria DECIMAL(14,7); cod_local_baixa CHAR(10); cod_cent_trab CHAR(5)",
        key="cod_empresa num_ordem cod_item_pai",
    ),
    table(
        "ordem_sup",
        "cod_empresa CHAR(2); num_oc DECIMAL(9,0); num_versao DECIMAL(3,0); ies_versao_atual CHAR(1); "
        "ies_situa_oc CHAR(1); cod_item CHAR(15); qtd_solic DECIMAL(12,3); dat_emis DATE; num_docum CHAR(10); "
        "cod_fornecedor CHAR(15); cod_comprador DECIMAL(3,0); num_cotacao DECIMAL(9,0)",
        key="cod_empresa num_oc num_versao",
    ),
    table(
        "prog_ordem_sup",
        "cod_empresa CHAR(2); num_oc DECIMAL(9,0); num_versao DECIMAL(3,0); num_prog_entrega DECIMAL(3,0); "
        "ies_situa_prog CHAR(1); dat_entrega_prev DATE; qtd_solic DECIMAL(12,3)",
        key="cod_empresa num_oc num_versao num_prog_entrega",
    ),
    table(
        "ordem_sup_cot",
        "cod_empresa CHAR(2); num_oc DECIMAL(9,0); num_cotacao DECIMAL(9,0); cod_fornecedor CHAR(15); dat_entrega DATE",
        key="cod_empresa num_oc num_cotacao cod_fornecedor",
    ),
    table(
        "estoque_lote_ender",
        "cod_empresa CHAR(2); cod_item CHAR(15); cod_local CHAR(10); num_lote CHAR(15); "
        + five("cod_grade", "CHAR(15)")
        + "; ies_situa_qtd CHAR(1); qtd_saldo DECIMAL(15,3); num_transac INTEGER; dat_hor_validade DATETIME",
        key="num_transac",
    ),
)

_CENTRES: Final = (
    ("CORTE", "Sala de corte"), ("COST1", "Costura reta"), ("COST2", "Costura em máquina overloque"),
    ("ACABA", "Acabamento e passadoria"), ("EMBAL", "Embalagem e expedição"),
)  # fmt: skip

_RESOURCES: Final = (
    ("MCORT", "Mesa de corte automático", "2", "CORTE", 2), ("RETA", "Máquina reta", "2", "COST1", 12),
    ("OVERL", "Máquina overloque", "2", "COST2", 8), ("PASSA", "Prensa de passadoria", "2", "ACABA", 3),
    ("EMBAL", "Linha de embalagem", "2", "EMBAL", 1),
)  # fmt: skip
"""Code, name, kind, work centre and number of machines."""

_LABOUR: Final = "COSTU"

_OPERATIONS: Final = (
    ("CORT", "Cortar o tecido", 0, 0.02), ("COST", "Costurar as partes", 1, 0.15),
    ("OVER", "Arrematar em overloque", 2, 0.06), ("PASS", "Passar e dobrar", 3, 0.03),
)  # fmt: skip
"""Code, name, place among the resources, hours for a piece."""

_CUSTOMERS: Final = (
    "Lojas Três Corações Ltda", "Magazine São Luís S.A.", "Boutique Açucena", "Atacado Paraná de Confecções",
    "Moda Verão Comércio de Roupas",
)  # fmt: skip

_NO_VALIDITY: Final = "1900-01-01 00:00:00"


class PlantItem(Protocol):
    """What the plant has to know of an item."""

    @property
    def code(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def slots(self) -> tuple[int, ...]: ...

    @property
    def contents(self) -> tuple[tuple[str, ...], ...]: ...


def content(seed: int, company: str, today: date, items: Sequence[PlantItem]) -> Iterator[tuple[str, Iterable[Row]]]:
    """Every table's name with its rows, the same at each call; all of one company."""
    rng = Random(seed)  # noqa: S311 - demo data, no secret
    made = [item for item in items if item.kind in "PF" and item.slots][:ROUTED]
    bought = [item for item in items if item.kind == "C"]
    yield "cent_trabalho", ((company, code, name, "SERRA") for code, name in _CENTRES)
    yield (
        "recurso",
        (
            *((company, code, name, kind) for code, name, kind, _centre, _machines in _RESOURCES),
            (company, _LABOUR, "Mão de obra de costura", "1"),
        ),
    )
    machines = [
        (f"{code}-{n:02}", name, code, centre)
        for code, name, _kind, centre, count in _RESOURCES
        for n in range(1, count + 1)
    ]
    yield "componente", ((code, name, name[:18]) for code, name, _kind, _centre, _count in _RESOURCES)
    yield (
        "equipamento",
        (
            *((company, code, name, resource, resource, centre, "") for code, name, resource, centre in machines),
            *((company, f"MOLDE-{n:03}", f"Molde de corte {n}", "", "", "", "") for n in range(1, 21)),
        ),
    )
    yield "cfp_equi", ((company, code, name) for code, name, _resource, _centre in machines[:4])
    yield "ct_rec_equip", _shifts(company, today)
    groups = ((1, "Matéria-prima e aviamentos"), (2, "Semiacabados"), (3, "Produtos acabados"))
    yield "grupo_ctr_estoq", ((company, code, name) for code, name in groups)
    # Sunday to Saturday: no work, a full day, half a day.
    yield (
        "log_calend_empresa",
        ((company, "MAN", "2010-01-01", day, "S" if day == 1 else "R" if day == 7 else "N") for day in range(1, 8)),
    )
    yield "log_cal_emp_exc", ((company, "MAN", f"{today.year}-12-{day}", "S") for day in (24, 26, 27, 30, 31))
    yield "feriado", ((f"{today.year}-{day}", "3") for day in ("01-01", "04-21", "05-01", "09-07", "11-15", "12-25"))
    yield "clientes", ((f"{n:06}", name) for n, name in enumerate(_CUSTOMERS, start=1))
    yield (
        "item_sup",
        ((company, item.code, 10 + n % 4, 1, 2, 5 + n % 9, 1 + n % 3, 1, 1, 0) for n, item in enumerate(bought)),
    )
    yield "item_custo", ((company, item.code, 1 + _below(rng, 9000) / 100) for item in items)
    yield (
        "item_custo_grade",
        ((company, item.code, *_grades(item, 0), 12.5 + n % 30) for n, item in enumerate(made) if n % 3 == 0),
    )
    yield "operacao", ((company, code, name) for code, name, _resource, _hours in _OPERATIONS)
    yield from _routes(company, today, made)
    yield from _orders(rng, company, today, made, bought)
    yield from _purchases(company, today, bought)
    yield "estoque_lote_ender", _stock(rng, company, today, [*made, *bought])


def _below(rng: Random, limit: int) -> int:
    return int(rng.random() * limit)


def _grades(item: PlantItem, number: int) -> tuple[str, ...]:
    """The first contents of an item in its slots, the `number`-th of each; blanks in the slots not used."""
    used = tuple(contents[number % len(contents)] for contents in item.contents)
    return (*used, *("" for _slot in range(5 - len(used))))


def _shifts(company: str, today: date) -> Iterator[Row]:
    """Two shifts of each resource in its work centre; one of them has no first day, as happens in Logix."""
    start = (today - timedelta(days=800)).isoformat()
    for code, _name, _kind, centre, _machines in _RESOURCES:
        for shift in (1, 2):
            open_ended = (code, shift) == ("EMBAL", 2)
            yield company, centre, code, shift, None if open_ended else start, None


def _routes(company: str, today: date, made: Sequence[PlantItem]) -> Iterator[tuple[str, Iterable[Row]]]:
    start = (today - timedelta(days=900)).isoformat()
    routes: list[Row] = []
    resources: list[Row] = []
    tools: list[Row] = []
    for n, item in enumerate(made):
        for step, (operation, _name, resource, hours) in enumerate(_OPERATIONS):
            number = _process(n, step)
            code, _title, _kind, centre, _count = _RESOURCES[resource]
            last = "S" if step == len(_OPERATIONS) - 1 else "N"
            routes.append(
                (company, item.code, "COSTURA", 1, 10 * (step + 1), operation, centre, hours, 0.25, number, "S", last,
                 start, None)
            )  # fmt: skip
            resources.append((company, number, code, hours if step % 2 else 0, "S"))
            if step == 1:
                resources.append((company, number, _LABOUR, hours, "N"))
            if step == 0:
                tools.append((company, number, f"MOLDE-{1 + n % 20:03}"))
    yield "man_processo_item", routes
    yield "man_recurso_processo", resources
    yield "man_ferramenta_processo", tools


def _process(item: int, step: int) -> int:
    """The number of an operation of a route."""
    return 1 + item * len(_OPERATIONS) + step


def _orders(
    rng: Random, company: str, today: date, made: Sequence[PlantItem], bought: Sequence[PlantItem]
) -> Iterator[tuple[str, Iterable[Row]]]:
    """Production orders with operations, components and what was reported."""
    orders: list[Row] = []
    steps: list[Row] = []
    resources: list[Row] = []
    programmed: list[Row] = []
    details: list[Row] = []
    times: list[Row] = []
    needs: list[Row] = []
    components: list[Row] = []
    for n in range(ORDERS):
        number, item = 70001 + n, made[n % len(made)]
        planned, done = 50 * (1 + _below(rng, 12)), 0
        state = "3443125"[n % 7]
        if n % 4 == 0:
            done = 10 * (1 + _below(rng, 3))
        due = today + timedelta(days=3 + _below(rng, 45))
        start = (due - timedelta(days=10)).isoformat() if n % 9 else None
        orders.append(
            (company, number, item.code, f"{4500 + n // 4}/{n % 4 + 1}", start, due.isoformat(),
             (today - timedelta(days=20)).isoformat(), (today - timedelta(days=5)).isoformat(), planned, done,
             n % 3, 0, "COSTURA", state)
        )  # fmt: skip
        for step, (operation, _name, resource, hours) in enumerate(_OPERATIONS):
            serial = 900001 + n * len(_OPERATIONS) + step
            code, _title, _kind, centre, _count = _RESOURCES[resource]
            steps.append(
                (company, number, item.code, operation, 10 * (step + 1), centre, planned, done if step == 0 else 0,
                 0, 0, hours, 0.25, _process(n % len(made), step), serial)
            )  # fmt: skip
            resources.append((company, serial, code, hours, "S"))
            programmed.append((company, len(programmed) + 1, number, serial))
            details.append((company, len(details) + 1, f"{code}-01", due.isoformat()))
        if done:
            times.append((company, number, 1, today.isoformat(), 1.5))
        for part in range(3):
            component = bought[(n * 7 + part * 31) % len(bought)]
            need, quantity = 500001 + n * 3 + part, planned * (part + 1) * 0.25
            needs.append(
                (
                    company,
                    need,
                    number,
                    component.code,
                    item.code,
                    quantity,
                    0 if part else quantity / 2,
                    due.isoformat(),
                )
            )
            components.append(
                (company, number, need, component.code, due.isoformat(), (part + 1) * 0.25, "ALMOX", "CORTE")
            )
    yield "ordens", orders
    yield "ord_oper", steps
    yield "man_recurso_operacao_ordem", resources
    yield "man_prog_prod_eqpto_item", programmed
    yield "man_prog_prod_eqpto_detalhe", details
    yield "man_tempo_producao", times
    yield "necessidades", needs
    yield "ord_compon", components


def _purchases(company: str, today: date, bought: Sequence[PlantItem]) -> Iterator[tuple[str, Iterable[Row]]]:
    """Purchase orders: open, realised, planned, with a quotation now and then."""
    orders: list[Row] = []
    deliveries: list[Row] = []
    quotations: list[Row] = []
    for n in range(PURCHASES):
        number, item, quantity = 30001 + n, bought[(n * 11) % len(bought)], 100 * (1 + n % 8)
        due = (today + timedelta(days=5 + n % 40)).isoformat()
        supplier = f"{1 + n % 8:06}" if n % 3 == 0 else ""
        orders.append(
            (company, number, 1, "S", "AARP"[n % 4], item.code, quantity, (today - timedelta(days=n % 15)).isoformat(),
             "", supplier, 10 + n % 4, 800 + n if supplier else 0)
        )  # fmt: skip
        deliveries.append((company, number, 1, 1, "F", due, quantity))
        if n % 6 == 1:
            quotations.append((company, number, 800 + n, f"{1 + n % 8:06}", due))
    yield "ordem_sup", orders
    yield "prog_ordem_sup", deliveries
    yield "ordem_sup_cot", quotations


def _stock(rng: Random, company: str, today: date, items: Sequence[PlantItem]) -> Iterator[Row]:
    for n in range(STOCKS):
        item = items[(n * 3) % len(items)]
        lot = f"L{2400 + n}" if n % 5 == 0 else ""
        valid = f"{(today + timedelta(days=200 + n)).isoformat()} 00:00:00" if n % 10 == 0 else _NO_VALIDITY
        # Some places have gone below zero, as Logix may be told to allow.
        quantity = -5 if n % 83 == 82 else 1 + _below(rng, 900) / 2
        state = "I" if n % 13 == 12 else "L"
        place = "EXPEDICAO" if item.slots else "ALMOX"
        yield company, item.code, place, lot, *_grades(item, n), state, quantity, n + 1, valid
