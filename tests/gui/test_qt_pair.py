"""The pair of Python and PySide6 that is pinned keeps the reference counts of True and None."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal

EMITS = 3000


class Talker(QObject):
    said = Signal(bool)
    told = Signal(object)


@pytest.mark.parametrize("value", [True, False, None])
def test_emitting_does_not_lose_references(qapp: object, value: object) -> None:
    """PySide6 6.12 on CPython 3.11 drops one per emit until the interpreter aborts."""
    talker = Talker()
    heard = []
    talker.told.connect(heard.append)
    if value is not None:
        talker.said.connect(heard.append)
    before = sys.getrefcount(value)
    for _n in range(EMITS):
        talker.told.emit(value)
        if value is not None:
            talker.said.emit(value)
    heard.clear()
    assert abs(sys.getrefcount(value) - before) < EMITS // 10
