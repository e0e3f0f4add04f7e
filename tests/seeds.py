"""Which rules of resources/rules.yaml have tests: `python3 run.py seeds` prints it part by part.

The marks are read out of the test files as they are written, without importing them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "resources" / "rules.yaml"
PARTS = ("wizard", "checklist", "grades", "update", "confirmation", "protheus")


@dataclass(frozen=True)
class Citation:
    """A rule id as one test cites it."""

    id: str
    place: str


def rules(path: Path = CATALOGUE) -> list[dict[str, str]]:
    """The catalogue as it is written, double ids included."""
    return list(yaml.safe_load(path.read_text("utf-8")))


def citations(folder: Path = ROOT / "tests") -> Iterator[Citation]:
    """Every id in a `pytest.mark.seed(...)` of the test files, whatever it decorates."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.seed"):
                place = f"{path.relative_to(folder).as_posix()}:{node.lineno}"
                # An id that cannot be read here is cited as what stands there, which no catalogue knows.
                for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                    text = argument.value if isinstance(argument, ast.Constant) else ast.unparse(argument)
                    yield Citation(str(text), place)


def unknown(catalogue: Iterable[Mapping[str, str]], cited: Iterable[Citation]) -> list[Citation]:
    """The citations of ids that the catalogue does not have."""
    ids = {rule["id"] for rule in catalogue}
    return [citation for citation in cited if citation.id not in ids]


def report(catalogue: Iterable[Mapping[str, str]], cited: Iterable[Citation]) -> list[str]:
    """Lines: each part with its count, and below it the rules that no test cites."""
    catalogue = list(catalogue)
    tested = {citation.id for citation in cited}
    lines = []
    for part in PARTS:
        mine = [rule for rule in catalogue if rule["part"] == part]
        without = [rule for rule in mine if rule["id"] not in tested]
        if mine:
            lines.append(f"{part}: {len(mine) - len(without)} of {len(mine)} rules have tests")
            lines += [f"  {rule['id']:<10}  {_first_words(rule['rule'])}" for rule in without]
    return lines


def _first_words(text: str, width: int = 90) -> str:
    if len(text) <= width:
        return text
    return text[: text.rindex(" ", 0, width)] + " ..."


def main() -> int:
    """Print the report; 1 when a test cites an id that does not exist."""
    catalogue, cited = rules(), list(citations())
    print("\n".join(report(catalogue, cited)))
    wrong = unknown(catalogue, cited)
    for citation in wrong:
        print(f"unknown id {citation.id} in tests/{citation.place}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
