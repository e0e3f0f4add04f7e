"""What a file must hold to be taken for a proof: it was written by another account."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from wizard.checklist.registry import engine_checks
from wizard.engine import proof
from wizard.profile import store

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "matriz.yaml"
    path.write_text("version: 1\n", "utf-8")
    return path


def answer(file: Path, change: Change = lambda data: None) -> bytes:
    """What the command says when everything passed, but for a change."""
    passed = {"status": "ok", "code": "a.b", "title": "", "message": "Fine.", "hint": "", "elapsed_ms": 5}
    data = {
        "format": proof.FORMAT,
        "account": proof.own_name(),
        "at": datetime.now(UTC).isoformat(),
        "digest": store.digest_of(file),
        "status": "ok",
        "checks": [{"id": id_, **passed} for id_ in engine_checks()],
    }
    change(data)
    return json.dumps(data).encode()


def test_an_answer_in_order_is_a_proof(file: Path) -> None:
    found = proof.accepted(answer(file), file, None)
    assert (found.account, found.passed) == (proof.own_name(), True)
    assert set(found.results) == set(engine_checks())


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["checks"][0].update(status="great"),
        lambda data: data["checks"][0].update(status=["ok"]),
        lambda data: data["checks"][0].update(message=5),
        lambda data: data["checks"][0].update(hint=None),
        lambda data: data["checks"][0].update(elapsed_ms="soon"),
        lambda data: data["checks"][0].update(id="engine.other"),
        lambda data: data.update(checks=5),
        lambda data: data.update(at="2026-01-01T00:00:00"),
    ],
)
def test_what_no_check_says_is_no_answer(file: Path, change: Change) -> None:
    with pytest.raises(proof.CannotProve) as caught:
        proof.accepted(answer(file, change), file, None)
    assert caught.value.problem.code == "engine.no_answer"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["checks"][0].update(status="fail"),
        lambda data: data["checks"].pop(),
        lambda data: data.update(digest=""),
    ],
)
def test_that_all_passed_is_counted_and_not_believed(file: Path, change: Change) -> None:
    assert not proof.accepted(answer(file, change), file, None).passed
