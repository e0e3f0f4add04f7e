"""The entities of the update and their switches are one and the same list."""

from __future__ import annotations

import pytest

from wizard.profile.entities import ENTITIES, EntitySwitches

NAMES = """
Estabelecimento|Calendário|Datas Calendário|Turno|Turno Dia|Grupo de Estoque|Unidade de Medida|Ferramenta|Fornecedores
Depósitos|Item|Item / Estabelecimento|Estrutura|Centro de Trabalho|Grupo de Máquina|Grupo de Máquina x Modelos Turno
Família de Material|Família de Material / Estabelecimento|Ferramentas da Operação|Operações do item / do roteiro
Processo de fabricação do item|Ordem de Produção / Ordem de Compra|Operação da OP|Reserva da OP|Saldos em Estoque
Saldo em poder de Terceiros|Pedidos de Venda
"""


@pytest.mark.seed("R-GEN-08")
def test_the_inbound_list_has_27_entities_and_no_grade_types() -> None:
    assert len(ENTITIES) == 27
    assert {entity.name for entity in ENTITIES} == set(NAMES.strip().replace("\n", "|").split("|"))
    assert not [entity for entity in ENTITIES if "grade" in entity.name.lower()]


@pytest.mark.seed("R-GEN-10")
def test_the_standard_operation_is_not_among_the_entities() -> None:
    assert not [entity for entity in ENTITIES if "padr" in (entity.key + entity.name).lower()]


@pytest.mark.seed("R-GEN-11", "R-GEN-12")
def test_what_logix_does_not_know_cannot_be_switched_on() -> None:
    words = ("exce", "redutor", "referencia", "secundario", "alternativo", "valido", "roteiro")
    assert not [key for key in EntitySwitches.model_fields if any(word in key for word in words)]


def test_each_entity_has_its_switch_in_the_same_order_and_is_on() -> None:
    assert [entity.key for entity in ENTITIES] == list(EntitySwitches.model_fields)
    assert set(EntitySwitches().model_dump().values()) == {True}


def test_keys_are_unique_and_every_entity_names_its_section() -> None:
    assert len({entity.key for entity in ENTITIES}) == len(ENTITIES)
    assert all(entity.section.startswith("1.") for entity in ENTITIES)
