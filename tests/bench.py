"""`python3 run.py bench`: what the program costs, each measure beside its anchor in the same run.

Only the ratio says something: it stays about the same on a slow machine and a fast one. Exit code 1: a ratio is higher
than what is promised.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.bench_grades import grade_measures
from tests.bench_import import import_measures
from tests.bench_references import reference_measures
from wizard.checklist.check import Subject
from wizard.checklist.registry import checks, chosen
from wizard.checklist.run import Run
from wizard.demo.site import open_site
from wizard.demo.walk import walk
from wizard.flow import steps
from wizard.profile import store
from wizard.profile.load import profile_from_data, profile_from_text, profile_to_text
from wizard.profile.models import Grades, Profile

ROOT = Path(__file__).resolve().parent.parent
PROFILES = 500
TYPES = 30
FOLDER_AT_MOST = 1.3
"""Half a second is promised for so many profiles. Seconds are the machine's: what holds everywhere is that the list
costs little more than reading the YAML alone."""


@dataclass(frozen=True)
class Measure:
    """One thing to measure and what it is held against; both run alternately, so that both see the same machine."""

    name: str
    anchor_name: str
    work: Callable[[], object]
    anchor: Callable[[], object]
    rounds: int
    at_most: float = math.inf
    """The ratio that is promised."""


def large_profile() -> Profile:
    """A profile of some 20 KB: thirty grade types and the combinations in use."""
    types = [
        {
            "code": code,
            "description": f"Tipo de grade nº {code:02}",
            "content_table": f"conteudo_da_grade_{code:02}",
            "code_column": "cod_conteudo_grade",
            "description_column": "den_conteudo_grade",
            "per_company": code % 2 == 0,
            "indicator": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[code],
            "size": 3,
            "contents": code * 11,
        }
        for code in range(1, TYPES + 1)
    ]
    combinations = [
        [first, second, third] for first in range(1, 4) for second in range(4, 9) for third in range(9, TYPES)
    ]
    return profile_from_data(
        {
            "name": "Confecções Serra Azul",
            "environment": "test",
            "company": {"logix": "01", "site": "01"},
            "database": {"kind": "informix", "dsn": "LOGIX"},
            "webservice": {"url": "http://servidor:8080/ws"},
            "grades": {"enabled": True, "types": types, "combinations": combinations},
        }
    )


def _python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def start() -> Measure:
    """Starting the program for the question that support asks first."""
    return Measure(
        "aps-wizard --version",
        'python -c "import typer"',
        lambda: _python("-m", "wizard", "--version"),
        lambda: _python("-c", "import typer"),
        9,
        at_most=1.5,
    )


def reading() -> Measure:
    """Strict reading, against what any program would do with the same text."""
    text = profile_to_text(large_profile())
    return Measure(
        f"read a profile of {len(text.encode()) // 1000} KB",
        "CSafeLoader and json.dumps of its text",
        lambda: profile_from_text(text),
        lambda: json.dumps(yaml.load(text, yaml.CSafeLoader)),
        15,
    )


def folder(where: Path) -> Measure:
    """Opening a folder of many profiles, as the Start page does."""
    profile = large_profile().model_copy(update={"grades": Grades()})
    for number in range(PROFILES):
        named = profile.model_copy(update={"name": f"Empresa {number:03}"})
        store.write(where / (store.file_stem(named.name) + store.SUFFIX), named, None)
    files = sorted(where.glob("*" + store.SUFFIX))
    return Measure(
        f"open a folder of {len(files)} profiles",
        "CSafeLoader of the same bytes",
        lambda: store.entries(where),
        lambda: [yaml.load(file.read_bytes(), yaml.CSafeLoader) for file in files],
        5,
        at_most=FOLDER_AT_MOST,
    )


def all_checks(profile: Profile, file: Path) -> Measure:
    """All checks side by side, against the slowest one with what it needs, run alone."""
    subject = Subject(profile, file)

    def run(*only: str) -> None:
        report = Run(subject, chosen(only)).run()
        if report.status != "ok":
            raise SystemExit("bench: a check of the demo site failed")

    alone = {}
    for id_ in checks():
        began = time.perf_counter()
        run(id_)
        alone[id_] = time.perf_counter() - began
    slowest = max(alone, key=lambda id_: alone[id_])
    return Measure("all checks of the demo site", f"only {slowest}", run, lambda: run(slowest), 5)


def page_checks(profile: Profile, file: Path) -> Measure:
    """The checks of the database page side by side, against the slowest one with what it needs, run alone."""
    subject = Subject(profile, file)

    def run(*only: str) -> None:
        if Run(subject, chosen(only)).run().status != "ok":
            raise SystemExit("bench: a check of the database page failed")

    page = steps.BY_ID["database"].checks
    # Each several times: which one is the slowest shall not be decided by what else the machine does.
    alone = {id_: min(timeit.repeat(lambda id_=id_: run(id_), number=1, repeat=3)) for id_ in page}
    slowest = max(alone, key=lambda id_: alone[id_])
    together, alone = lambda: run(*page), lambda: run(slowest)
    return Measure("checks of the page together", f"slowest: {slowest}", together, alone, 9, at_most=1.2)


def measures(stack: ExitStack) -> Iterator[Measure]:
    """The measures; the folders and the demo site live as long as the stack."""
    yield start()
    yield reading()
    yield folder(Path(stack.enter_context(tempfile.TemporaryDirectory())))
    where = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    final, report = walk(stack.enter_context(open_site(where)), where / "profiles")
    if report.status != "ok" or final.file is None:
        raise SystemExit("bench: the demo site is not sound")
    profile = store.read(final.file).profile
    yield all_checks(profile, final.file)
    yield page_checks(profile, final.file)
    yield from grade_measures()
    yield from reference_measures()
    yield from import_measures()


def timed(measure: Measure) -> tuple[float, float]:
    """Seconds of the work and of its anchor: the least of alternating rounds, since what else runs here only adds."""
    work, anchor = [], []
    for _round in range(measure.rounds):
        for action, seconds in ((measure.work, work), (measure.anchor, anchor)):
            began = time.perf_counter()
            action()
            seconds.append(time.perf_counter() - began)
    return min(work), min(anchor)


def limit_text(ratio: float, at_most: float) -> str:
    """What is promised of a ratio, and whether it is kept; nothing where nothing is promised."""
    if math.isinf(at_most):
        return ""
    return f"{at_most:.2f}" if ratio <= at_most else f"{at_most:.2f} NOT KEPT"


WINDOW = ("tests.bench_start", "tests.bench_stalls")
"""Measures of the window, each in a process of its own: Qt shall not weigh on the others."""


def _window_code(module: str) -> int:
    command = [sys.executable, "-m", module]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "APS_LANG": "en"}, check=False).returncode


def main() -> int:
    """Print the table. Gives 1 when a ratio is higher than what is promised."""
    missed = []
    print(f"{'measure':<34} {'ms':>8}   {'anchor':<40} {'ms':>8}   {'ratio':>6}   at most")
    with ExitStack() as stack:
        for measure in measures(stack):
            work, anchor = timed(measure)
            left = f"{measure.name:<34} {work * 1000:8.1f}"
            right = f"{measure.anchor_name:<40} {anchor * 1000:8.1f}   {work / anchor:6.2f}"
            print(f"{left}   {right}   {limit_text(work / anchor, measure.at_most)}".rstrip(), flush=True)
            if work / anchor > measure.at_most:
                missed.append(measure.name)
    missed.extend(module for module in WINDOW if _window_code(module))
    if missed:
        print(f"not kept: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
