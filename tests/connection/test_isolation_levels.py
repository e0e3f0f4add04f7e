"""What drivers say of their isolation levels, asked of real ones in a child."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.connection.servers import Source
from wizard.checklist.check import Subject
from wizard.connection.isolation_levels import Levels, from_child, levels_job

ALL = ("read_uncommitted", "read_committed", "repeatable_read", "serializable")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # MariaDB's driver says 0 for its default.
        ("mariadb", Levels(ALL, "", "")),
        ("postgresql", Levels(ALL, "read_committed", "")),
        ("sqlite_source", Levels(("serializable",), "serializable", "")),
    ],
)
def test_what_a_driver_reports_is_told(
    request: pytest.FixtureRequest,
    make: Callable[..., Subject],
    data_sources: Callable[..., object],
    name: str,
    expected: Levels,
) -> None:
    source: Source = request.getfixturevalue(name)
    data_sources(source)
    assert from_child(levels_job(make(source.typed, database=source.settings())).run()) == expected


@pytest.mark.parametrize(
    ("fields", "in_force"), [({}, "serializable"), ({"isolation": "read_uncommitted"}, "read_uncommitted")]
)
def test_the_level_in_force_is_read_back_where_the_server_tells(
    make: Callable[..., Subject], logix_file: object, fields: dict[str, str], in_force: str
) -> None:
    subject = make(database={"kind": "sqlite", "file": str(logix_file), **fields})
    assert from_child(levels_job(subject).run()) == Levels((), "", in_force)


def test_a_login_that_fails_tells_nothing(make: Callable[..., Subject], odbc: None) -> None:
    assert from_child(levels_job(make(database={"kind": "odbc", "dsn": "GHOST"})).run()) is None


def test_a_job_that_is_cancelled_tells_nothing(make: Callable[..., Subject]) -> None:
    job = levels_job(make())
    job.cancel()
    assert from_child(job.run()) is None
