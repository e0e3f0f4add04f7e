"""A subject reaches its child whole and tells its secrets to nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from wizard.checklist.check import Outcome, Subject, fail, ok, warn

CANARY = "canary-77aa-senha"


def test_a_subject_survives_the_way_to_a_child(make: Callable[..., Subject]) -> None:
    subject = make({"webservice.password": CANARY}, notes="São João\n# não é comentário")
    assert Subject.from_json(json.loads(json.dumps(subject.to_json()))) == subject


def test_a_subject_shows_no_typed_secret(make: Callable[..., Subject]) -> None:
    subject = make({"webservice.password": CANARY})
    assert CANARY not in repr(subject)
    assert CANARY not in str(subject)


def test_a_relative_path_starts_at_the_folder_of_the_profile(make: Callable[..., Subject], tmp_path: Path) -> None:
    assert make().resolve("ca.pem") == tmp_path / "ca.pem"
    assert make().resolve("/etc/ca.pem") == Path("/etc/ca.pem")


def test_details_are_text_whatever_was_given() -> None:
    assert ok("a.b", "Well.", count=3).details == {"count": "3"}
    assert warn("a.b", "Well.", "Look.", path=Path("x")).to_json() == {
        "status": "warn",
        "code": "a.b",
        "message": "Well.",
        "hint": "Look.",
        "details": {"path": "x"},
    }


def test_an_outcome_survives_the_way_from_a_child() -> None:
    outcome = fail("a.b", "Não.", "Olhe.", original="[28000] …")
    assert Outcome(**json.loads(json.dumps(outcome.to_json()))) == outcome
