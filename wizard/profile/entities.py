"""The entities of the update: the inbound list of section "Transações/Entidades" of the manual.

The list has 28 rows; "Operação Padrão" is also among those that do not exist in Logix and is left
out, which leaves 27 (R-GEN-08, R-GEN-10).
"""

from __future__ import annotations

from dataclasses import dataclass

from wizard.profile.fields import Section


@dataclass(frozen=True)
class Entity:
    """One entity: its key in the profile, its name in the manual, the section that maps it, the APS table."""

    key: str
    name: str
    section: str
    table: str | None


ENTITIES = (
    Entity("estabelecimento", "Estabelecimento", "1.1", "estab-dbr"),
    Entity("calendario", "Calendário", "1.2", "calend-dbr"),
    Entity("datas_calendario", "Datas Calendário", "1.2", "dat-calend"),
    Entity("turno", "Turno", "1.3", "model-turno-dbr"),
    Entity("turno_dia", "Turno Dia", "1.3", "turno-dia-dbr"),
    Entity("grupo_estoque", "Grupo de Estoque", "1.4", "grp-estoq-dbr"),
    Entity("unidade_medida", "Unidade de Medida", "1.5", "unid-medid-dbr"),
    Entity("ferramenta", "Ferramenta", "1.6", "ferram-dbr"),
    Entity("fornecedor", "Fornecedores", "1.7", "bmg-fornec"),
    Entity("deposito", "Depósitos", "1.8", "bmg-depos"),
    Entity("item", "Item", "1.10", "item-dbr"),
    Entity("item_estabelecimento", "Item / Estabelecimento", "1.11", None),
    Entity("estrutura", "Estrutura", "1.12", "estrut-item-dbr"),
    Entity("centro_trabalho", "Centro de Trabalho", "1.13", "ctrab-dbr"),
    Entity("grupo_maquina", "Grupo de Máquina", "1.14", "gm-dbr"),
    Entity("turno_gm", "Grupo de Máquina x Modelos Turno", "1.15", "turno-grp-dbr"),
    Entity("familia", "Família de Material", "1.16", "familia-dbr"),
    Entity("familia_estabelecimento", "Família de Material / Estabelecimento", "1.17", None),
    Entity("ferramenta_operacao", "Ferramentas da Operação", "1.18", "op-ferr-dbr"),
    Entity("operacao_item", "Operações do item / do roteiro", "1.19", "operac-engr"),
    Entity("processo_item", "Processo de fabricação do item", "1.19", "operac-engr"),
    Entity("ordem", "Ordem de Produção / Ordem de Compra", "1.21", "ord-dbr"),
    Entity("operacao_op", "Operação da OP", "1.22", "op-ord-dbr"),
    Entity("reserva_op", "Reserva da OP", "1.24", "res-ord-dbr"),
    Entity("saldo_estoque", "Saldos em Estoque", "1.25", "sdo-estoq-dbr"),
    Entity("saldo_terceiros", "Saldo em poder de Terceiros", "1.26", "sdo-terc-dbr"),
    Entity("pedido_venda", "Pedidos de Venda", "1.27", "pdven-dbr"),
)


class EntitySwitches(Section):
    """Which entities the update brings in, as the check boxes of DB0200; all of them unless switched off."""

    estabelecimento: bool = True
    calendario: bool = True
    datas_calendario: bool = True
    turno: bool = True
    turno_dia: bool = True
    grupo_estoque: bool = True
    unidade_medida: bool = True
    ferramenta: bool = True
    fornecedor: bool = True
    deposito: bool = True
    item: bool = True
    item_estabelecimento: bool = True
    estrutura: bool = True
    centro_trabalho: bool = True
    grupo_maquina: bool = True
    turno_gm: bool = True
    familia: bool = True
    familia_estabelecimento: bool = True
    ferramenta_operacao: bool = True
    operacao_item: bool = True
    processo_item: bool = True
    ordem: bool = True
    operacao_op: bool = True
    reserva_op: bool = True
    saldo_estoque: bool = True
    saldo_terceiros: bool = True
    pedido_venda: bool = True
