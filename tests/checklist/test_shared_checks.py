"""Checks that share a child: one that hangs or crashes there does not take the others along."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.patience import ENDLESS, PATIENCE
from wizard.checklist import registry
from wizard.checklist.check import Outcome, Subject
from wizard.checklist.registry import chosen
from wizard.checklist.run import Result, Run

Make = Callable[..., Subject]

CHECK = """
import ctypes, os, time
from pathlib import Path
from wizard.checklist.check import Check, ok

FOLDER = Path({folder!r})

def there(file):
    while not (FOLDER / file).exists():
        time.sleep(0.02)

def told(name):
    # What another check found, to who runs them.
    there(f"told x.{{name}}")

def _run(subject):
    with (FOLDER / "{name}").open("a") as file:
        file.write(str(os.getpid()) + "\\n")
    {work}
    return ok("x.{name}", "Well.")

CHECK = Check("x.{name}", "{name}", _run, ("company",), timeout={timeout}, shares={shares!r})
"""

Add = Callable[..., None]


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Add]:
    """Adds a check, here and in every child. Each run of it leaves a line with its process in a file of its name."""
    package = importlib.import_module("wizard.webservice.checks")
    folder, site = tmp_path / "more", tmp_path / "site"
    folder.mkdir()
    site.mkdir()
    lines = f"import wizard.webservice.checks as found\nfound.__path__.append({str(folder)!r})\n"
    (site / "sitecustomize.py").write_text(lines, encoding="utf-8")
    before = [path] if (path := os.environ.get("PYTHONPATH")) else []
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), *before]))
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])

    def added(name: str, work: str = "pass", shares: str = "x", timeout: float = PATIENCE) -> None:
        text = CHECK.format(folder=str(tmp_path), name=name, work=work, shares=shares, timeout=timeout)
        (folder / f"x_{name}.py").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        registry.checks.cache_clear()

    yield added
    registry.checks.cache_clear()
    for file in folder.glob("*.py"):
        sys.modules.pop(f"wizard.webservice.checks.{file.stem}", None)


def noted(subject: Subject) -> Callable[[Result], None]:
    """Lets the checks see what was told already."""
    return lambda result: subject.file.with_name(f"told {result.check.id}").touch()


def outcomes(subject: Subject, *names: str) -> dict[str, Outcome]:
    report = Run(subject, chosen([f"x.{name}" for name in names]), on_result=noted(subject)).run()
    return {result.check.id.removeprefix("x."): result.outcome for result in report.results}


def runs(tmp_path: Path, name: str) -> list[str]:
    """The processes that a check ran in, in order."""
    return (tmp_path / name).read_text().split()


def test_checks_of_one_word_run_in_one_child_and_others_in_their_own(make: Make, add: Add, tmp_path: Path) -> None:
    for name, shares in (("a", "x"), ("b", "x"), ("c", "y"), ("d", "")):
        add(name, shares=shares)
    assert {outcome.code for outcome in outcomes(make(), *"abcd").values()} == {"x.a", "x.b", "x.c", "x.d"}
    processes = [runs(tmp_path, name) for name in "abcd"]
    assert processes[0] == processes[1]
    assert len({one for (one,) in processes}) == 3
    assert str(os.getpid()) not in {one for (one,) in processes}


def test_the_check_that_ended_the_child_is_found_out(make: Make, add: Add, tmp_path: Path) -> None:
    # The first time it is at work until the child ends.
    add("fine", f"len((FOLDER / 'fine').read_text().split()) > 1 or time.sleep({ENDLESS})")
    add("early")
    add("deadly", "there('fine'); told('early'); ctypes.string_at(0)")
    found = outcomes(make(), "fine", "early", "deadly")
    assert {name: outcome.status for name, outcome in found.items()} == {
        "fine": "ok",
        "early": "ok",
        "deadly": "crashed",
    }
    assert found["deadly"].details["ending"] == "SIGSEGV"
    assert [len(runs(tmp_path, name)) for name in ("fine", "early", "deadly")] == [2, 1, 2]


def test_a_check_that_hangs_takes_nobody_along_and_is_told_meanwhile(make: Make, add: Add, tmp_path: Path) -> None:
    add("fine", "told('hung')")
    add("hung", f"time.sleep({ENDLESS})", timeout=2)
    found = outcomes(make(), "fine", "hung")
    assert found["fine"].status == "ok"
    assert (found["hung"].status, found["hung"].code) == ("fail", "timed_out")
    assert "2 seconds" in found["hung"].message
    assert len(runs(tmp_path, "fine")) == 1


def test_what_is_due_after_a_hung_check_runs_in_a_child_of_its_own(make: Make, add: Add, tmp_path: Path) -> None:
    add("hung", f"time.sleep({ENDLESS})", timeout=1)
    add("slow", "told('hung')", shares="")
    add("after")
    known = registry.checks()
    after = replace(known["x.after"], needs=("x.slow",))
    subject = make()
    report = Run(subject, [known["x.hung"], known["x.slow"], after], on_result=noted(subject)).run()
    assert [result.outcome.code for result in report.results] == ["timed_out", "x.slow", "x.after"]
    assert runs(tmp_path, "after") != runs(tmp_path, "hung")


def test_a_crash_of_python_in_a_check_is_its_own(make: Make, add: Add, tmp_path: Path) -> None:
    add("fine", "told('broken')")
    add("broken", "raise LookupError('secret')")
    found = outcomes(make(), "fine", "broken")
    assert (found["fine"].status, found["broken"].status) == ("ok", "crashed")
    assert found["broken"].details["ending"].startswith("LookupError at x_broken.py:")
    assert len(runs(tmp_path, "broken")) == 1
