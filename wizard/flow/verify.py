"""Verifying the checklist of a profile: run, judge, confirm, report. Command and page do the same things by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wizard.checklist import confirmations, diagnostics, registry, report
from wizard.checklist.check import Check
from wizard.checklist.run import Result, Run
from wizard.checklist.standing import Overall, Standing, overall, stand
from wizard.flow.state import State, file_of, profile_of, subject
from wizard.profile.atomic import replace_bytes


@dataclass(frozen=True)
class Verified:
    """The checklist after a run: every item, and when the checks ran."""

    standings: tuple[Standing, ...]
    at: datetime
    results: Mapping[str, Result]

    @property
    def overall(self) -> Overall:
        """How it stands in all."""
        return overall(self.standings)


def verify(
    state: State,
    timeout: float | None = None,
    on_start: Callable[[Check], None] = lambda check: None,
    on_result: Callable[[Result], None] = lambda result: None,
) -> Verified:
    """Run every check of the registry and judge every item. Raises ProfileError.

    `on_start` and `on_result` are told of each check, from worker threads.
    """
    known = confirmations.read(file_of(state)).confirmations
    found = Run(subject(state), registry.chosen(), timeout=timeout, on_start=on_start, on_result=on_result).run()
    results = {result.check.id: result for result in found.results}
    return Verified(stand(profile_of(state), results, known), found.at, results)


def standings(state: State, known: confirmations.Confirmations) -> tuple[Standing, ...]:
    """Every item by the results of this session, and by what the profile keeps. Raises ProfileError."""
    return stand(profile_of(state), state.results, known)


def save_report(state: State, found: Sequence[Standing], at: datetime | None, path: Path) -> None:
    """Write the report as one HTML file. Raises OSError and ProfileError.

    `at` is when the checks ran; None when none did in this session: what the profile keeps is told then.
    """
    profile = profile_of(state)
    kept = profile.validation.at if profile.validation else None
    text = report.html(profile, str(file_of(state)), found, at or kept)
    replace_bytes(path, text.encode())


def save_diagnostics(state: State, found: Verified, path: Path) -> diagnostics.Saved:
    """Write what a support ticket needs as one zip. Raises DiagnosticsFailed and ProfileError."""
    return diagnostics.save(subject(state), found.standings, found.at, path)
