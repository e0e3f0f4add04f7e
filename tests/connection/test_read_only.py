"""May the user write: by the rights that the server tells, and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from wizard.checklist.check import Outcome
from wizard.profile.database import KINDS

Check = Callable[..., Outcome]

ID = "database.read_only"


def test_the_file_of_the_demo_is_opened_for_reading(check: Check) -> None:
    outcome = check(ID)
    assert (outcome.status, outcome.code) == ("ok", "database.read_only")


def test_a_server_that_does_not_tell_is_said_to_be_silent(check_alone: Check, odbc: None) -> None:
    outcome = check_alone(ID, database={"kind": "odbc", "dsn": "LOGIX"})
    assert (outcome.status, outcome.code) == ("warn", "database.rights_unknown")
    assert outcome.hint


@pytest.mark.parametrize("kind", KINDS)
def test_no_question_about_rights_writes(kind: str) -> None:
    for query in KINDS[kind].WRITE_QUERIES:
        said = re.sub(r"'[^']*'", "", query)
        assert said.startswith("SELECT ")
        assert ";" not in said
        assert not re.search(r"\b(INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|GRANT|INTO)\b", said), said


def test_every_server_of_logix_is_asked_for_rights() -> None:
    assert all(KINDS[kind].WRITE_QUERIES for kind in ("informix", "oracle", "sqlserver", "odbc"))
